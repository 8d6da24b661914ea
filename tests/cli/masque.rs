//! The host command as people and scripts use it: the real binary on real files.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

mod console;
#[path = "masque/inside.rs"]
mod inside;
#[path = "masque/support.rs"]
mod support;

use std::process::Stdio;

use serde_json::Value;
use support::{Files, HOMELAB, command, compiled, expect, homelab, json, masque, place_of, said, text};

#[test]
fn the_promise_of_the_readme_holds() {
    let out = expect(&masque(&["try", HOMELAB, "--intent", "deploying monitoring"]), 0);
    let (line, column) = place_of(&homelab(), "\"deploy *\"");
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some("allowed  \"deploying monitoring\"  by Homelab 2.3.0"));
    assert_eq!(lines.next(), Some(format!("  {HOMELAB}:{line}:{column}  allow \"deploy *\"").as_str()));
    let source = homelab().lines().nth(line as usize - 1).unwrap().to_owned();
    assert_eq!(lines.next(), Some(format!("{line:5} | {source}").as_str()));
    assert_eq!(lines.next().unwrap().trim_start_matches([' ', '|']), "^".repeat("\"deploy *\"".len()));
    for section in ["knowledge", "access", "context", "lens"] {
        assert!(out.lines().any(|line| line.starts_with(section)), "{section} is missing in\n{out}");
    }

    let out = expect(&masque(&["try", HOMELAB, "--intent", "delete production"]), 1);
    let (line, column) = place_of(&homelab(), "\"delete *\"");
    assert!(out.starts_with("denied  "), "{out}");
    assert!(out.contains(&format!("{HOMELAB}:{line}:{column}  deny \"delete *\"")), "{out}");
    assert!(out.contains("\n  nothing is handed out for it; an allowed intent gets what follows\n"), "{out}");
}

#[test]
fn the_examples_of_the_documents_hold() {
    let prefixes = ["cargo run -q --bin masque --", "masque"];
    assert!(console::run_examples(env!("CARGO_BIN_EXE_masque"), &prefixes) >= 2);
}

#[test]
fn whatever_the_decision_an_author_sees_what_a_wearer_would_get() {
    let trial = |intent, status| {
        let out = expect(&masque(&["try", HOMELAB, "--intent", intent]), status);
        let report = json(&["try", HOMELAB, "--intent", intent, "--json"], status);
        let (decision, offer) = out.split_once("\n\n").unwrap();
        (decision.to_owned(), offer.to_owned(), report)
    };
    let (allowed, offer, report) = trial("deploying monitoring", 0);
    assert!(!allowed.contains("nothing is handed out"), "{allowed}");
    for expected in
        ["knowledge  mcp://homelab-inventory\n", "access     vault  homelab-operator  for the session\n"]
    {
        assert!(offer.contains(expected), "no {expected:?} in\n{offer}");
    }
    for intent in ["delete production", "compose a sonnet"] {
        let (decision, same, judged) = trial(intent, 1);
        assert!(decision.contains("nothing is handed out"), "{decision}");
        assert_eq!(same, offer, "{intent}");
        for field in ["knowledge", "access", "context", "lens"] {
            assert!(!report[field].is_null() && judged[field] == report[field], "{intent}: {field}");
        }
    }
    let out = expect(&masque(&["try", HOMELAB, "--intent", "deploy\u{7}"]), 1);
    assert!(!out.contains("vault"), "the masque was not asked:\n{out}");
}

#[test]
fn what_no_rule_takes_is_unmatched() {
    let out = expect(&masque(&["try", HOMELAB, "--intent", "compose a sonnet"]), 1);
    assert!(out.starts_with("unmatched  ") && out.contains("no rule matches it"), "{out}");
}

#[test]
fn what_the_host_refuses_never_reaches_the_masque() {
    for (intent, message) in [
        ("deploy\u{7}", "control character U+0007 at byte 6"),
        ("deploy \u{202e}", "bidirectional control U+202E"),
        (&*"deploy ".repeat(600), "too long: 4200 bytes where 4096 are allowed"),
    ] {
        let out = expect(&masque(&["try", HOMELAB, "--intent", intent]), 1);
        assert!(out.starts_with("refused  ") && out.contains(message), "{out}");
        assert!(!out.contains(['\u{7}', '\u{202e}']), "the terminal is safe from it: {out:?}");
        assert!(out.len() < 500, "of a long intent the start is shown: {out}");
    }
    let report = json(&["try", HOMELAB, "--intent", "deploy\u{7}", "--json"], 1);
    assert_eq!(report["decision"], Value::Null);
    assert_eq!(report["refused"]["kind"], "malformed");
    for field in ["knowledge", "access", "context", "lens"] {
        assert_eq!(report.get(field), Some(&Value::Null), "the masque was not asked for its {field}");
    }
}

#[cfg(unix)]
#[test]
fn an_intent_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let mut command = command(&["try", HOMELAB, "--intent"]);
    let output = command.arg(std::ffi::OsStr::from_bytes(b"deploy \xff")).output().unwrap();
    assert!(expect(&output, 1).contains("invalid UTF-8 at byte 7"));
}

#[test]
fn json_has_the_documented_fields() {
    let report = json(
        &["try", HOMELAB, "--intent", "Debugging  the DNS", "--ring", "guest", "--agent", "a7", "--json"],
        0,
    );
    let (line, column) = place_of(&homelab(), "\"debug *\"");
    assert_eq!(report["decision"], "allowed");
    assert!(report.get("refused").is_none());
    assert_eq!(
        report["rules"],
        serde_json::json!([{
            "action": "allow", "match": "verb", "pattern": "debug *", "because": null,
            "file": HOMELAB, "line": line, "column": column,
        }])
    );
    assert_eq!(
        report["masque"],
        serde_json::json!({
            "id": "homelab", "name": "Homelab", "version": "2.3.0", "ring": "player",
        })
    );
    assert_eq!(report["ring"], "guest");
    assert!(
        report["knowledge"].as_array().unwrap().iter().all(|uri| uri.as_str().unwrap().starts_with("mcp://"))
    );
    assert_eq!(report["access"][0]["provider"], "vault");
    assert_eq!(report["access"][0]["ttl"], "session");
    assert!(report["context"].as_str().is_some_and(|context| !context.is_empty()));
    assert!(report["lens"].as_str().is_some_and(|lens| !lens.is_empty()));

    let report = json(&["try", HOMELAB, "--intent", "destroying it", "--json"], 1);
    assert_eq!((&report["decision"], &report["rules"][0]["action"]), (&"denied".into(), &"deny".into()));
}

#[test]
fn a_component_answers_as_its_source_does() {
    let files = Files::new();
    let wasm = files.add("homelab.wasm", compiled(&homelab(), HOMELAB));
    for (intent, status) in
        [("deploying monitoring", 0), ("delete production", 1), ("sing", 1), ("", 1), ("de\0ploy", 1)]
    {
        if intent.contains('\0') {
            continue; // no argument of a process holds it
        }
        let [mut source, mut component] =
            [HOMELAB, &wasm].map(|file| json(&["try", file, "--intent", intent, "--json"], status));
        for report in [&mut source, &mut component] {
            for rule in report["rules"].as_array_mut().unwrap() {
                let file = rule["file"].take();
                assert!(file.as_str().unwrap().ends_with("homelab.masque.yaml"), "{file}");
            }
        }
        assert_eq!(source, component, "{intent:?}");
    }
}

#[test]
fn clauses_reasons_lifetimes_and_modes_are_shown() {
    let files = Files::new();
    let source = "\
name: Careful
version: 1.0.0
ring: admin
intent:
  clauses: each
  allowed:
    - pattern: \"deploy *\"
      because: it is what it is for
    - pattern: \"status\"
      match: exact
  denied: [\"delete *\"]
access: { vault_role: ops, ttl: PT1H30M }
lens: Think twice.
";
    let path = files.add("careful.masque.yaml", source);
    let out = expect(&masque(&["try", &path, "--intent", "status and deploy grafana", "--ring", "guest"]), 0);
    for expected in [
        "allowed    clause \"status\"",
        "allowed    clause \"deploy grafana\"",
        "allow \"status\" (exact)",
        "because it is what it is for",
        "vault  ops  for 1 h 30 min",
        "note: admin is needed to wear it; the agent is guest",
    ] {
        assert!(out.contains(expected), "no {expected:?} in\n{out}");
    }
    let report = json(&["try", &path, "--intent", "deploy it, then paint it", "--json"], 1);
    assert_eq!(report["decision"], "unmatched");
    assert_eq!(report["clauses"][1]["text"], "paint it");
    assert_eq!(report["clauses"][0]["rules"][0]["because"], "it is what it is for");
    let report = json(&["try", &path, "--intent", "deploy it", "--json"], 0);
    assert_eq!(report["access"], serde_json::json!([{ "provider": "vault", "role": "ops", "ttl": 5400 }]));
}

#[test]
fn a_mask_definition_is_compiled_too() {
    let files = Files::new();
    let mask = files.add("poet.json", r#"{ "id": "mask.poet", "name": "Poet", "version": "1.0.0", "prompt": { "persona": "You are a poet." } }"#);
    let report = json(&["try", &mask, "--intent", "write a sonnet", "--json"], 0);
    assert_eq!(report["rules"], serde_json::json!([]), "a pure lens allows everything without a rule");
    assert!(report["lens"].as_str().unwrap().contains("You are a poet."));
}

#[test]
fn errors_say_what_to_do_and_exit_with_2() {
    let files = Files::new();
    let broken = files.add(
        "broken.masque.yaml",
        "name: Broken\nversion: 1.0.0\nring: player\nintent:\n  alowed: [\"x\"]\nlens: y\n",
    );
    let whole = compiled(&homelab(), HOMELAB);
    let cut = files.add("cut.wasm", &whole[..whole.len() - 100]);
    let beginning = files.add("beginning.wasm", &whole[..3]);
    let core = files.add("core.wasm", b"\0asm\x01\0\0\0");
    let image = files.add("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let sealed = files.add("homelab.cwasm", b"\x7Fmasque\n\x01\0\0\0");
    let latin = files.add("latin.masque.yaml", b"name: Caf\xe9\n");
    for (file, expected) in [
        ("personas/nobody.masque.yaml", "does not exist"),
        ("personas", "is a directory"),
        (&broken, "`allowed`"),
        (&cut, "damaged"),
        (&beginning, "is no masque"),
        (&core, "core module"),
        (&image, "neither text nor WebAssembly"),
        (&sealed, "cut short"),
        (&latin, "UTF-8"),
    ] {
        let output = masque(&["try", file, "--intent", "deploy"]);
        assert_eq!(expect(&output, 2), "", "{file}: errors are no answer");
        let error = said(&output);
        assert!(error.contains(expected), "{file}: {error}");
    }
    for arguments in [
        &["try", HOMELAB, "--intent", "x", "--ring", "king"][..],
        &["try", HOMELAB, "--intent", "x", "--param", "novalue"],
        &["try", HOMELAB, "--intent", "x", "--param", "a=1", "--param", "a=2"],
        &["try", HOMELAB],
        &["graph", HOMELAB, "--part", "7"],
        &["inspect", &cut],
    ] {
        let output = masque(arguments);
        assert_eq!(expect(&output, 2), "", "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_component_that_was_cut_short_anywhere_is_refused() {
    let files = Files::new();
    let whole = compiled(&homelab(), HOMELAB);
    for length in (0..whole.len()).step_by(whole.len() / 40) {
        let cut = files.add("cut.wasm", &whole[..length]);
        let output = masque(&["try", &cut, "--intent", "deploy"]);
        assert_eq!(expect(&output, 2), "", "{length} bytes");
        assert!(said(&output).len() > cut.len(), "{length} bytes: {}", said(&output));
    }
}

#[test]
fn a_foreign_component_runs_where_it_is_wanted() {
    let files = Files::new();
    let mut bytes = compiled(&homelab(), HOMELAB);
    let layout = masque_decode::layout(&bytes).unwrap();
    let manifest = layout.custom_sections(masque_abi::sections::MANIFEST).next().unwrap().whole.clone();
    bytes.drain(manifest);
    let foreign = files.add("foreign.wasm", &bytes);
    let output = masque(&["try", &foreign, "--intent", "deploying monitoring"]);
    assert_eq!(expect(&output, 2), "");
    assert!(said(&output).contains("--foreign"), "{}", said(&output));

    for (intent, decision, status) in
        [("deploying monitoring", "allowed", 0), ("delete production", "denied", 1)]
    {
        let report = json(&["try", &foreign, "--intent", intent, "--foreign", "--json"], status);
        assert_eq!(report["decision"], decision);
        assert_eq!((&report["rules"], &report["masque"]), (&serde_json::json!([]), &Value::Null));
    }
    assert_eq!(json(&["inspect", &foreign, "--foreign", "--json"], 0)["foreign"]["loads"], true);
}

#[test]
fn reasons_that_are_not_what_the_program_does_are_an_error() {
    let files = Files::new();
    let mut bytes = compiled(&homelab(), HOMELAB);
    let at = bytes.windows(8).rposition(|window| window == b"deploy *").unwrap();
    bytes[at..at + 6].copy_from_slice(b"paints");
    let forged = files.add("forged.wasm", &bytes);
    for (intent, program, rules) in
        [("deploy it", "allowed", "unmatched"), ("paints it", "unmatched", "allowed")]
    {
        let output = masque(&["try", &forged, "--intent", intent]);
        assert_eq!(expect(&output, 2), "", "{intent}");
        let expected = format!("the program says {program}, but the rules in its manifest say {rules}");
        assert!(said(&output).contains(&expected), "{}", said(&output));
    }
    expect(&masque(&["try", &forged, "--intent", "delete it"]), 1);
}

#[test]
fn precompiled_code_runs_under_its_key_alone() {
    use masque_host::{Host, Key, Limits, Options};
    let files = Files::new();
    let options = Options { key: Some(Key::from_bytes([0xA7; 32])), ..Options::default() };
    let host = Host::with_options(Limits::default(), options).unwrap();
    let sealed = files.add("homelab.cwasm", host.precompile(&compiled(&homelab(), HOMELAB), None).unwrap());
    let [right, wrong, bad] = [("right", 0xA7, 32), ("wrong", 0xA8, 32), ("bad", 0xA7, 31)]
        .map(|(name, byte, length)| files.add(name, vec![byte; length]));

    let report = json(&["try", &sealed, "--intent", "deploying monitoring", "--key", &right, "--json"], 0);
    assert_eq!(report["rules"][0]["pattern"], "deploy *");
    for (key, expected) in [(&wrong, "a key that this host does not trust"), (&bad, "can't be used as a key")]
    {
        let output = masque(&["try", &sealed, "--intent", "deploying monitoring", "--key", key]);
        assert_eq!(expect(&output, 2), "");
        assert!(said(&output).contains(expected), "{}", said(&output));
    }
    // Without a key named, it is this user's own.
    let at_home = |home: &str| {
        command(&["try", &sealed, "--intent", "deploy"]).env("MASQUE_HOME", home).output().unwrap()
    };
    let home = tempfile::tempdir().unwrap();
    let output = at_home(home.path().to_str().unwrap());
    assert!(said(&output).contains("`--key FILE` names the key"), "{}", said(&output));
    std::fs::write(home.path().join("cache/host.key"), [0xA7; 32]).unwrap();
    expect(&at_home(home.path().to_str().unwrap()), 0);
    assert!(said(&masque(&["inspect", &sealed])).contains("precompiled"));
}

#[test]
fn warnings_of_a_source_go_to_standard_error_and_change_nothing() {
    let files = Files::new();
    let source =
        files.add("plain.masque.yaml", "version: 1.0.0\nintent: { allowed: [\"deploy *\"] }\nlens: x\n");
    let output = masque(&["try", &source, "--intent", "deploy", "--json"]);
    serde_json::from_str::<Value>(&expect(&output, 0)).unwrap();
    assert!(text(&output.stderr).contains("warning"), "{}", text(&output.stderr));
}

#[test]
fn colour_comes_only_where_it_is_wanted() {
    let arguments = ["try", HOMELAB, "--intent", "deploy"];
    assert!(!text(&masque(&arguments).stdout).contains('\x1b'), "no terminal, no colour");
    let forced = command(&arguments).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(text(&forced.stdout).starts_with("\x1b[1;32mallowed\x1b[0m"));
    let forbidden = command(&arguments).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert_eq!(forbidden.stdout, masque(&arguments).stdout);
    assert!(text(&masque(&[&arguments[..], &["--color", "always"]].concat()).stdout).contains('\x1b'));

    let error = |color, variable| {
        let mut command = command(&["--color", color, "inspect", "nothing.wasm"]);
        let output = command.env(variable, "1").output().unwrap();
        expect(&output, 2);
        text(&output.stderr)
    };
    assert!(error("always", "NO_COLOR").contains('\x1b'), "errors without a source are coloured like others");
    assert!(error("auto", "CLICOLOR_FORCE").contains('\x1b'));
    assert!(!error("never", "CLICOLOR_FORCE").contains('\x1b'));
    assert!(!error("auto", "NO_COLOR").contains('\x1b'));
}

#[test]
fn a_masque_can_not_drive_the_terminal() {
    let files = Files::new();
    let source = files
        .add("loud.masque.yaml", "name: Loud\nversion: 1.0.0\nring: player\nlens: \"a\\e[2Jb\\u202ec\"\n");
    let out = text(&masque(&["try", &source, "--intent", "x"]).stdout);
    assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out:?}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let mut child = command(&["graph", "personas/release-manager.masque.yaml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[test]
fn help_and_version_are_there() {
    assert!(expect(&masque(&["--version"]), 0).starts_with("masque 0."));
    let help = expect(&masque(&["try", "--help"]), 0);
    assert!(help.contains("Examples:") && help.contains("Exit status:"), "{help}");
}
