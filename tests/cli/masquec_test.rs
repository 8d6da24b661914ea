//! `masquec test` as people run it. The guide's examples are run by `masquec`'s own tests.

#[path = "masquec_test/stand_in.rs"]
mod stand_in;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use stand_in::StandIn;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Its last line holds the intent that fails in [`failing`].
const KEEPER: &str = r#"name: Keeper
id: mask.keeper
index: 1
version: "1.0.0"
ring: player
intent:
  allowed: ["read *", "deploy *"]
  denied: [{ pattern: "* production", because: nobody touches production }]
lens: Look twice.
context: You help the night shift.
tests:
  - { name: reads, allowed: [read the notes, "reading <b> & \"c\""] }
  - { name: leaves production alone, denied: [deploy production], unmatched: [buy a switch] }
"#;

const POET: &str = r#"{
  "id": "mask.poet", "name": "Poet", "index": 2, "version": "1.0.0",
  "prompt": { "persona": "You look at one thing for long." },
  "tests": [
    { "name": "form", "input": "A haiku about rain.", "assertions": [{ "contains": "rain" }, { "notContains": "grief" }] }
  ]
}
"#;

/// A masque whose second test is wrong.
fn failing() -> String {
    KEEPER.replace("denied: [deploy production]", "allowed: [deploy production]")
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), text).expect("a file");
        self
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_masquec"))
            .arg("test")
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("CLICOLOR_FORCE")
            .env("NO_COLOR", "1")
            .envs(environment.iter().copied())
            .output()
            .expect("the binary runs");
        Run(output)
    }
}

struct Run(Output);

impl Run {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        let (stdout, stderr) = (self.stdout(), self.stderr());
        assert_eq!(self.0.status.code(), Some(code), "stdout:\n{stdout}\nstderr:\n{stderr}");
        self
    }

    /// On standard output.
    #[track_caller]
    fn reports(self, text: &str) -> Self {
        assert!(self.stdout().contains(text), "no {text:?} in:\n{}", self.stdout());
        self
    }

    /// On standard error.
    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "no {text:?} in:\n{}", self.stderr());
        self
    }

    fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout).expect("one JSON document")
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn tests_that_hold_are_counted() {
    let folder = Folder::new().with("keeper.masque.yaml", KEEPER);
    let run = folder.run(&["."]).exits(0);
    assert_eq!(run.stdout(), "keeper.masque.yaml  2 passed\n\n2 passed, 0 failed, 0 skipped\n");
    assert_eq!(folder.run(&["--quiet", "."]).exits(0).stdout(), "");
}

#[test]
fn a_failure_is_shown_with_its_place_and_the_rules_behind_it() {
    let folder = Folder::new().with("keeper.masque.yaml", failing());
    let run = folder.run(&["keeper.masque.yaml"]).exits(1);
    assert_eq!(
        run.stdout(),
        r#"keeper.masque.yaml  1 passed, 1 failed

FAILED  leaves production alone  keeper.masque.yaml:13:48
  13 |   - { name: leaves production alone, allowed: [deploy production], unmatched: [buy a switch] }
  expected  allowed
  got       denied
  rules     deny `* production` at keeper.masque.yaml:8:23 because nobody touches production

1 passed, 1 failed, 0 skipped
"#
    );
    // What went wrong is said however quiet it shall be.
    folder.run(&["--quiet", "keeper.masque.yaml"]).exits(1).reports("got       denied");
}

#[test]
fn an_intent_that_the_host_refuses_fails_with_its_reason() {
    let source = KEEPER.replace("buy a switch", "\"buy \\u202Ea switch\"");
    let folder = Folder::new().with("keeper.masque.yaml", source);
    folder.run(&["."]).exits(1).reports("expected  unmatched\n  got       the host refuses it: ");
}

#[test]
fn files_without_tests_are_named_and_sources_with_errors_fail() {
    let untested = KEEPER.split("tests:").next().expect("a beginning").replace("Keeper", "Bare");
    let folder = Folder::new().with("keeper.masque.yaml", KEEPER).with("bare.masque.yaml", untested);
    folder
        .run(&["."])
        .exits(0)
        .reports("1 file without tests: bare.masque.yaml\n2 passed, 0 failed, 0 skipped\n");
    let folder = folder.with("broken.masque.yaml", "name: Broken\n");
    let run =
        folder.run(&["."]).exits(1).says("broken.masque.yaml").reports("2 passed, 0 failed, 0 skipped, ");
    assert!(run.stdout().contains("broken.masque.yaml  "), "{}", run.stdout());
}

#[test]
fn a_filter_chooses_by_the_names_of_tests_and_masques() {
    let folder = Folder::new().with("keeper.masque.yaml", KEEPER).with("poet.mask.json", POET);
    for (filter, summary) in [
        ("READS", "1 passed, 0 failed, 0 skipped"),
        ("keeper", "2 passed, 0 failed, 0 skipped"),
        ("mask.", "2 passed, 0 failed, 1 skipped"),
        ("form", "0 passed, 0 failed, 1 skipped"),
    ] {
        let run = folder.run(&["--filter", filter, "."]).exits(0).reports(summary);
        assert!(!run.stdout().contains("without tests"), "{}", run.stdout());
    }
    folder.run(&["--filter", "nowhere", "."]).exits(2).says("no test matches `nowhere`");
}

#[test]
fn what_can_not_be_carried_out_is_neither_passed_nor_failed() {
    let folder = Folder::new().with("keeper.masque.yaml", KEEPER).with("bad.jsonl", "{}\n");
    for (arguments, message) in [
        (&["nowhere.masque.yaml"][..], "`nowhere.masque.yaml` does not exist"),
        (&["--transcript", "none.jsonl", "."], "`none.jsonl` does not exist"),
        (&["--transcript", "bad.jsonl", "."], "line 1 of the transcript"),
        (&["--endpoint", "http://127.0.0.1:1", "."], "--api"),
        (&["--output", "none/report", "."], "`none/report` can't be written"),
        (
            &[
                "--endpoint",
                "http://example.org",
                "--api",
                "openai",
                "--model",
                "m",
                "--api-key-env",
                "KEY",
                ".",
            ],
            "unencrypted",
        ),
        (
            &[
                "--endpoint",
                "http://127.0.0.1:1",
                "--api",
                "openai",
                "--model",
                "m",
                "--api-key-env",
                "NONE",
                ".",
            ],
            "the environment variable `NONE` holds no key",
        ),
    ] {
        let run = folder.run_with(arguments, &[("KEY", "secret-word")]).exits(2).says(message);
        assert!(!run.stderr().contains("secret-word"), "{}", run.stderr());
    }
}

#[test]
fn json_has_the_keys_that_the_guide_describes() {
    let folder = Folder::new().with("keeper.masque.yaml", failing()).with("poet.mask.json", POET);
    let run = folder.run(&["--format", "json", "."]).exits(1).says("1 passed, 1 failed, 1 skipped\n");
    let report = run.json();
    assert_eq!(keys(&report), ["format", "passed", "failed", "skipped", "errors", "files"]);
    let [keeper, poet] = report["files"].as_array().expect("a list").as_slice() else {
        panic!("two files: {report:#}")
    };
    assert_eq!(keys(keeper), ["file", "masque", "passed", "failed", "skipped", "errors", "tests"]);
    assert_eq!(
        keeper["masque"],
        serde_json::json!({ "id": "mask.keeper", "name": "Keeper", "version": "1.0.0" })
    );
    let failed = &keeper["tests"][1];
    assert_eq!(keys(failed), ["name", "kind", "line", "column", "status", "failures"]);
    let failure = &failed["failures"][0];
    assert_eq!(keys(failure), ["about", "line", "column", "intent", "expected", "got", "rules"]);
    assert_eq!(
        (&failure["about"], &failure["intent"], &failure["line"], &failure["column"]),
        (&"intent".into(), &"deploy production".into(), &13.into(), &48.into())
    );
    assert_eq!(keys(&failure["rules"][0]), ["action", "pattern", "because", "line", "column"]);
    let skipped = &poet["tests"][0];
    assert_eq!(keys(skipped), ["name", "kind", "line", "column", "status", "reason"]);
    assert_eq!((&skipped["status"], &skipped["kind"]), (&"skipped".into(), &"prompt".into()));
}

#[test]
fn junit_is_well_formed_and_counts_the_same() {
    let nasty = failing().replace("name: reads", "name: \"<reads> & \\\"more\\\"\"");
    let folder = Folder::new().with("keeper.masque.yaml", nasty).with("poet.mask.json", POET);
    let folder = folder.with("broken.masque.yaml", "name: Broken\n");
    let run = folder.run(&["--format", "junit", "--output", "report.xml", "."]).exits(1);
    assert_eq!(run.stdout(), "");
    let text = fs::read_to_string(folder.path("report.xml")).expect("it was written");
    let document = roxmltree::Document::parse(&text).expect("well-formed XML");
    let count = |tag: &str| document.descendants().filter(|node| node.has_tag_name(tag)).count();
    assert_eq!(["testcase", "failure", "skipped", "error"].map(count), [4, 1, 1, 1]);
    let root = document.root_element();
    assert_eq!(
        ["tests", "failures", "skipped", "errors"].map(|name| root.attribute(name)),
        [Some("4"), Some("1"), Some("1"), Some("1")]
    );
    assert!(
        document.descendants().any(|node| node.attribute("name") == Some("<reads> & \"more\"")),
        "{text}"
    );
    let failure = document.descendants().find(|node| node.has_tag_name("failure")).expect("one");
    assert!(failure.text().unwrap_or_default().contains("keeper.masque.yaml:13:48"), "{text}");
}

#[test]
fn the_order_of_a_report_is_the_order_of_the_paths() {
    let mut folder = Folder::new();
    for number in 1..=20 {
        let source = KEEPER
            .replace("Keeper", &format!("Keeper {number}"))
            .replace("mask.keeper", &format!("mask.k{number}"))
            .replace("index: 1", &format!("index: {number}"));
        folder = folder.with(&format!("k{number:02}.masque.yaml"), source);
    }
    let one = folder.run(&["--format", "json", "--jobs", "1", "."]).exits(0).stdout();
    let many = folder.run(&["--format", "json", "--jobs", "8", "."]).exits(0).stdout();
    assert_eq!(one, many);
    assert!(one.contains("\"passed\": 40,"), "{one}");
}

#[test]
fn prompt_tests_are_held_against_a_transcript() {
    let folder = Folder::new().with("poet.mask.json", POET);
    folder.run(&["."]).exits(0).reports("1 skipped: a prompt test needs `--transcript` or `--endpoint`\n");
    for (transcript, status, report) in [
        (r#"{"masque":"Poet","test":"form","output":"Grey rain."}"#, 0, "1 passed, 0 failed, 0 skipped"),
        (r#"[{"input":"A haiku about rain.","output":"Grey rain."}]"#, 0, "1 passed"),
        (
            r#"{"masque":"Poet","test":"form","output":"Snow."}"#,
            1,
            "expected  answer contains `rain`\n  got       Snow.",
        ),
        (r#"{"masque":"Critic","test":"form","output":"Grey rain."}"#, 0, "0 passed, 0 failed, 1 skipped"),
    ] {
        let folder = Folder::new().with("poet.mask.json", POET).with("said.jsonl", transcript);
        folder.run(&["--transcript", "said.jsonl", "."]).exits(status).reports(report);
    }
}

const OPENAI: &str = r#"{"choices":[{"message":{"role":"assistant","content":"Grey rain."}}]}"#;
const ANTHROPIC: &str = r#"{"content":[{"type":"text","text":"Grey "},{"type":"text","text":"rain."}]}"#;

#[test]
fn prompt_tests_are_put_to_an_endpoint_in_its_own_form() {
    let folder = Folder::new().with("poet.mask.json", POET);
    for (api, body, path, header) in [
        ("openai", OPENAI, "/v1/chat/completions", "authorization: Bearer secret-word"),
        ("anthropic", ANTHROPIC, "/v1/messages", "x-api-key: secret-word"),
    ] {
        // Busy once: what comes next counts.
        let server = StandIn::start(vec![(429, "{}"), (200, body)]);
        let arguments =
            ["--endpoint", &server.url, "--api", api, "--model", "m-1", "--api-key-env", "SECRET", "."];
        let run = folder.run_with(&arguments, &[("SECRET", "secret-word")]).exits(0);
        assert_eq!(run.stdout(), "poet.mask.json  1 passed\n\n1 passed, 0 failed, 0 skipped\n");
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "{api}");
        let request = &requests[1];
        assert_eq!(request.line, format!("POST {path} HTTP/1.1"));
        assert!(request.headers.iter().any(|sent| sent == header), "{:?}", request.headers);
        let versioned = request.headers.iter().any(|sent| sent == "anthropic-version: 2023-06-01");
        assert_eq!(versioned, api == "anthropic");
        let body: Value = serde_json::from_str(&request.body).expect("JSON is sent");
        assert_eq!(body["model"], "m-1");
        let (system, user) = match api {
            "openai" => (&body["messages"][0]["content"], &body["messages"][1]["content"]),
            _ => (&body["system"], &body["messages"][0]["content"]),
        };
        assert!(system.as_str().unwrap_or_default().contains("You look at one thing for long."), "{body:#}");
        assert_eq!(user, "A haiku about rain.");
    }
}

#[test]
fn an_endpoint_that_gives_no_answer_fails_the_test_and_keeps_the_key() {
    let folder = Folder::new().with("poet.mask.json", POET);
    let refusal = r#"{"error":{"message":"bad key secret-word"}}"#;
    for (replies, asked, reason) in [
        (vec![(401, refusal)], 1, "the endpoint answers 401: bad key ***"),
        (vec![(500, ""); 9], 4, "the endpoint answers 500, also when asked 3 more times"),
        (vec![(200, "no JSON")], 1, "the endpoint's answer is no JSON"),
        (vec![(200, "{}")], 1, "the endpoint's answer holds no text"),
        (vec![(302, "")], 1, "the endpoint answers 302"),
    ] {
        let server = StandIn::start(replies);
        let arguments =
            ["--endpoint", &server.url, "--api", "openai", "--model", "m", "--api-key-env", "SECRET", "."];
        let run = folder.run_with(&arguments, &[("SECRET", "secret-word")]).exits(1).reports(reason);
        assert!(![run.stdout(), run.stderr()].concat().contains("secret-word"), "{}", run.stdout());
        assert_eq!(server.requests().len(), asked, "{reason}");
    }
}

#[test]
fn an_endpoint_that_keeps_silent_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", silent.local_addr().expect("it is bound"));
    let folder = Folder::new().with("poet.mask.json", POET);
    let run = folder.run(&["--endpoint", &url, "--api", "openai", "--model", "m", "--timeout", "1", "."]);
    run.exits(1).reports("the endpoint can't be asked: timeout");
}

#[test]
fn the_personas_keep_their_own_tests() {
    let personas = PathBuf::from(ROOT).join("personas");
    let run = Folder::new().run(&["--format", "json", &personas.display().to_string()]).exits(0);
    let report = run.json();
    assert_eq!((&report["failed"], &report["errors"]), (&0.into(), &0.into()));
    assert!(report["passed"].as_u64().is_some_and(|passed| passed >= 20), "{report:#}");
    for test in
        report["files"].as_array().into_iter().flatten().flat_map(|file| file["tests"].as_array()).flatten()
    {
        let expected = if test["kind"] == "prompt" { "skipped" } else { "passed" };
        assert_eq!(test["status"], expected, "{test:#}");
    }
}
