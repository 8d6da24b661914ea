//! `masquec diff` and `masquec semver`.

use std::process::Command;

use serde_json::Value;

use super::{Folder, PERSONAS, SMALL};

const OLD: &str = r#"masque Porter {
  version 1.4.0
  ring player
  param environment: "staging" | "production" = "staging"
  intent {
    allow "deploy *", "restart *"
    deny "* production database*" because "it has no second copy"
    deny "restart *" when environment == "production"
  }
  knowledge {
    mcp://inventory
    mcp://runbooks when session.ring >= player
  }
  access {
    vault "porter" for 15m
  }
  lens """
    You carry things from one place to another.
    Ask before you lift what you can't put down. {if environment == "production"} Twice. {end}
  """
}
"#;

/// Something of everything.
fn new() -> String {
    OLD.replace("\"restart *\"\n", "\"restart *\", \"roll back *\"\n")
        .replace(
            "    deny \"* production database*\" because \"it has no second copy\"\n",
            "    deny \"deploy the cellar\"\n",
        )
        .replace(
            "when environment == \"production\"\n",
            "when environment == \"production\" and session.ring < admin\n",
        )
        .replace("mcp://inventory", "mcp://inventory\n    mcp://maps")
        .replace("15m", "session")
        .replace("ring player", "ring guest")
        .replace("from one place to another", "from here to there")
}

fn porters() -> Folder {
    Folder::new().with("old.masque", OLD).with("new.masque", new())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn everything_that_changed_is_shown() {
    let folder = porters();
    let human = folder.run(&["diff", "old.masque", "new.masque"]).exits(0).stdout();
    insta::assert_snapshot!("everything_for_people", human);
    let markdown =
        folder.run(&["diff", "old.masque", "new.masque", "--format", "markdown"]).exits(0).stdout();
    insta::assert_snapshot!("everything_for_a_pull_request", markdown);
    let report = folder.run(&["diff", "old.masque", "new.masque", "--format", "json"]).exits(0).stdout();
    insta::assert_snapshot!("everything_for_scripts", without_lengths(&report));
}

/// Without the numbers for each length, of which there are hundreds.
fn without_lengths(report: &str) -> String {
    let mut report = json(report);
    for some in report["intents"].as_array_mut().expect("intents") {
        for side in ["gained", "lost"] {
            let lengths = some[side]["by_length"].take();
            assert_eq!(lengths.as_array().map(Vec::len), Some(64));
        }
    }
    serde_json::to_string_pretty(&report).expect("JSON")
}

#[test]
fn a_masque_is_the_same_as_itself_in_every_form() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    folder.run(&["build", "small.masque.yaml"]).exits(0);
    folder.run(&["convert", "small.masque.yaml", "--to", "masque", "-o", "small.masque"]).exits(0);
    for other in ["small.wasm", "small.masque"] {
        let said =
            folder.run(&["diff", "small.masque.yaml", other, "--fail-on", "widened"]).exits(0).stdout();
        assert!(said.contains("nothing changed"), "{said}");
        assert!(said.contains("1.0.0 after 1.0.0 says enough for no change"), "{said}");
    }
}

#[test]
fn text_alone_is_said_to_be_text() {
    let other = SMALL.replace("lens: Read.", "lens: Read slowly.").replace("\"read *\"", "\"READ  *\"");
    let folder = Folder::new().with("old.masque.yaml", SMALL).with("new.masque.yaml", other);
    let said =
        folder.run(&["diff", "old.masque.yaml", "new.masque.yaml", "--fail-on", "widened"]).exits(0).stdout();
    for line in
        ["nothing but text changed", "[-Read.-]{+Read slowly.+}", "also       rules", "at least 1.0.1"]
    {
        assert!(said.contains(line), "{line}: {said}");
    }
    let report =
        folder.run(&["diff", "old.masque.yaml", "new.masque.yaml", "--format", "json"]).exits(0).stdout();
    let report = json(&report);
    assert_eq!((&report["relation"], &report["widened"]), (&"text".into(), &false.into()));
    assert_eq!(report["version"]["bump"], "patch");
}

#[test]
fn every_end_has_a_status_of_its_own() {
    let narrow = SMALL.replace("[\"read *\"]", "[\"read the news\"]");
    let folder = Folder::new()
        .with("wide.masque.yaml", SMALL)
        .with("narrow.masque.yaml", narrow)
        .with("broken.masque.yaml", "name: [")
        .with("empty.wasm", "");
    folder.run(&["diff", "wide.masque.yaml", "narrow.masque.yaml", "--fail-on", "widened"]).exits(0);
    folder.run(&["diff", "narrow.masque.yaml", "wide.masque.yaml"]).exits(0);
    folder.run(&["diff", "narrow.masque.yaml", "wide.masque.yaml", "--fail-on", "widened"]).exits(3);
    let missing = folder.run(&["diff", "wide.masque.yaml", "missing.masque.yaml"]).exits(2);
    missing.says("`missing.masque.yaml` does not exist");
    folder.run(&["diff", "wide.masque.yaml", "broken.masque.yaml"]).exits(2).says("does not compile");
    folder.run(&["diff", "wide.masque.yaml", "empty.wasm"]).exits(2).says("it is empty");
    folder.run(&["diff", "wide.masque.yaml"]).exits(2).says("nothing to compare it with");
    let two = folder.run(&["diff", "--rev", "HEAD", "wide.masque.yaml", "narrow.masque.yaml"]);
    two.exits(2).says("compares one file with itself");
}

/// Rules whose automata side by side have more states than anybody counts.
fn many(first: usize) -> String {
    let letters = ["b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "x", "z"];
    let mut patterns = Vec::new();
    for (at, one) in letters.iter().enumerate() {
        let other = letters[(at + 7) % letters.len()];
        let third = letters[(at + first) % letters.len()];
        patterns.push(format!("\"*{one}{one}a*{other}{other}e*{third}{one}o*\""));
    }
    let (allow, deny) = patterns.split_at(1);
    format!(
        "name: Many\nversion: \"1.0.0\"\nring: guest\nintent:\n  match: exact\n  allowed: [\"?*\", {}]\n  denied: [{}]\nlens: Many.\n",
        allow.join(", "),
        deny.join(", ")
    )
}

/// The same without the last of them.
fn fewer(first: usize) -> String {
    let text = many(first);
    let (start, end) = text.rsplit_once(", \"").expect("several rules");
    format!("{start}]{}", end.split_once(']').expect("the end of the list").1)
}

#[test]
fn what_is_too_large_is_unknown_but_for_what_was_found() {
    let folder = Folder::new()
        .with("fewer.masque.yaml", fewer(3))
        .with("many.masque.yaml", many(3).replace("1.0.0", "1.1.0"))
        .with("major.masque.yaml", many(3).replace("1.0.0", "2.0.0"));
    let compare = |old: &str, new: &str| folder.run(&["diff", old, new, "--fail-on", "widened"]);
    let unknown = compare("fewer.masque.yaml", "many.masque.yaml").exits(4).stdout();
    for line in [
        "unknown: the comparison was given up",
        "more than 16777216 transitions",
        "- newly denied, allowed before",
    ] {
        assert!(unknown.contains(line), "{line}: {unknown}");
    }
    let report = folder.run(&["diff", "fewer.masque.yaml", "many.masque.yaml", "--format", "json"]).exits(4);
    let report = json(&report.stdout());
    assert_eq!((&report["relation"], &report["widened"]), (&"unknown".into(), &Value::Null));
    // What is certain is certain.
    let wider = compare("many.masque.yaml", "fewer.masque.yaml").exits(3).stdout();
    assert!(wider.contains("+ newly allowed, denied before"), "{wider}");
    let semver = |new: &str| folder.run(&["semver", new, "--baseline", "fewer.masque.yaml"]);
    semver("many.masque.yaml").exits(4);
    semver("major.masque.yaml").exits(0);
}

#[test]
fn a_version_has_to_say_what_changed() {
    let declared = |version: &str| new().replace("1.4.0", version);
    let folder = porters()
        .with("enough.masque", declared("2.0.0"))
        .with("little.masque", declared("1.5.0"))
        .with("older.masque", declared("1.3.9"));
    let semver = |file: &str| folder.run(&["semver", file, "--baseline", "old.masque"]);
    let said = semver("enough.masque").exits(0).stdout();
    assert!(said.contains("2.0.0 after 1.4.0 says enough for a major change"), "{said}");
    let said = semver("little.masque").exits(1).stdout();
    assert!(said.contains("1.5.0 after 1.4.0 says too little for a major change: at least 2.0.0"), "{said}");
    let said = semver("older.masque").exits(1).stdout();
    assert!(said.contains("1.3.9 is below 1.4.0: at least 2.0.0"), "{said}");
    let report = folder.run(&["semver", "little.masque", "--baseline", "old.masque", "--format", "json"]);
    let report = json(&report.exits(1).stdout());
    assert_eq!(
        report,
        serde_json::json!({"bump": "major", "old": "1.4.0", "new": "1.5.0", "enough": false, "least": "2.0.0"})
    );
    folder.run(&["semver", "little.masque", "--baseline", "missing.masque"]).exits(2);
}

fn homelab() -> String {
    std::fs::read_to_string(format!("{PERSONAS}/homelab.masque.yaml")).expect("a persona of the project")
}

/// A repository with a persona and its parent, each in two commits.
fn repository() -> Folder {
    let parent = |rules: &str| {
        format!(
            "masque Parent {{\n  version 1.0.0\n  ring guest\n  intent {{ allow {rules} }}\n  lens \"Help.\"\n}}\n"
        )
    };
    let child = "masque Child extends \"./parent.masque\" {\n  version 1.0.0\n}\n";
    let folder = Folder::new()
        .with("personas/parent.masque", parent("\"read *\""))
        .with("personas/child.masque", child)
        .with("personas/homelab.masque.yaml", homelab());
    let git = |arguments: &[&str]| {
        let identity =
            ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"];
        let mut command = Command::new("git");
        command.args(identity).args(arguments).current_dir(folder.path(""));
        let run = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().expect("git runs");
        assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "Read"]);
    let folder_now = &folder;
    std::fs::write(folder_now.path("personas/parent.masque"), parent("\"read *\", \"write *\""))
        .expect("a file");
    git(&["commit", "--quiet", "-a", "-m", "Write"]);
    std::fs::write(folder_now.path("personas/parent.masque"), parent("\"write *\"")).expect("a file");
    folder
}

#[test]
fn commits_are_compared_with_all_that_they_build_on() {
    let folder = repository();
    let child = "personas/child.masque";
    let said =
        folder.run(&["diff", "--rev", "HEAD~1..HEAD", child, "--fail-on", "widened"]).exits(3).stdout();
    for line in ["HEAD~1:personas/child.masque 1.0.0", "+ `write *`", "such as `write the service`"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let said = folder.run(&["diff", "--rev", "HEAD", child, "--fail-on", "widened"]).exits(0).stdout();
    assert!(said.contains("no longer covered, allowed before") && said.contains("- `read *`"), "{said}");
    folder.run(&["diff", "--rev", "HEAD..", child]).exits(0);
    folder.run(&["semver", child, "--rev", "HEAD"]).exits(1);
    folder.run(&["diff", "--rev", "nothing", child]).exits(2).says("`nothing` names no commit");
    folder.run(&["diff", "--rev=--output=x..HEAD", child]).exits(2).says("names no commit");
    folder.run(&["diff", "--rev", "A...B", child]).exits(2).says("three dots");
    let other = folder.with("personas/other.masque.yaml", SMALL);
    other
        .run(&["diff", "--rev", "HEAD", "personas/other.masque.yaml"])
        .exits(2)
        .says("was not there at `HEAD`");
    let outside = Folder::new().with("small.masque.yaml", SMALL);
    outside.run(&["diff", "--rev", "HEAD", "small.masque.yaml"]).exits(2).says("is in no git repository");
}

#[test]
fn the_commands_of_the_documents_are_carried_out() {
    let folder = repository()
        .with("old.masque.yaml", SMALL)
        .with("new.masque.yaml", SMALL.replace("read", "write"))
        .with("homelab.masque.yaml", homelab());
    let mut commands = 0;
    for document in ["diff.md", "proofs.md"] {
        let text = std::fs::read_to_string(format!("{PERSONAS}/../docs/{document}")).expect("the document");
        for block in text.split("```sh\n").skip(1) {
            for line in block.split("\n```").next().expect("a block ends").lines() {
                let command = line.split_once(" #").map_or(line, |(command, _)| command);
                let arguments: Vec<&str> = command.split_whitespace().collect();
                assert_eq!(arguments[0], "masquec", "{document}: {line}");
                folder.run(&arguments[1..]).exits(0);
                commands += 1;
            }
        }
    }
    assert!(commands >= 5, "the documents lost their examples");
}

#[test]
fn every_persona_is_compared_with_every_other() {
    let folder = Folder::new();
    let mut personas: Vec<String> = std::fs::read_dir(PERSONAS)
        .expect("the personas are part of the project")
        .map(|entry| entry.expect("a file").path().to_string_lossy().into_owned())
        .collect();
    personas.sort();
    for pair in personas.windows(2) {
        folder.run(&["diff", &pair[0], &pair[1]]).exits(0);
    }
}
