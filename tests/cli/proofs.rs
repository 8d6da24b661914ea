//! `masquec verify`.

use std::fs;

use super::{Folder, PERSONAS, SMALL};

#[test]
fn a_component_is_proved_against_its_rules_and_its_source() {
    let folder = Folder::new()
        .with("small.masque.yaml", SMALL)
        .with("other.masque.yaml", SMALL.replace("read", "write"));
    folder.run(&["build", "small.masque.yaml"]).exits(0);
    let proved = folder.run(&["verify", "small.wasm", "--source", "small.masque.yaml"]).exits(0).stdout();
    assert_eq!(
        proved.lines().filter(|line| line.contains("proved: ")).count(),
        3,
        "program, rules and source: {proved}"
    );
    let refuted =
        folder.run(&["verify", "small.wasm", "--source", "other.masque.yaml", "--format", "json"]).exits(1);
    let report: serde_json::Value = serde_json::from_str(&refuted.stdout()).expect("JSON");
    assert_eq!(report["source"]["compiles_to"], "other rules");
    assert_eq!(report["rules"]["verdict"], "proved");
    assert_eq!(report["proved"], false);
}

#[test]
fn a_rule_that_the_program_does_not_follow_is_refuted_by_an_intent() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    folder.run(&["build", "small.masque.yaml"]).exits(0);
    let path = folder.path("small.wasm");
    let mut bytes = fs::read(&path).expect("it was built");
    let rule = bytes.windows(6).rposition(|part| part == b"read *").expect("the rule is in the manifest");
    bytes[rule..rule + 4].copy_from_slice(b"make");
    fs::write(&path, bytes).expect("a file");
    let refuted = folder.run(&["verify", "small.wasm"]).exits(1);
    let text = refuted.stdout();
    for line in [
        "refuted: the shortest intent on which they differ is",
        "`made`",
        "the program says unmatched, the rules say allowed",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn every_persona_is_proved() {
    let folder = Folder::new();
    for entry in fs::read_dir(PERSONAS).expect("the personas are part of the project") {
        let path = entry.expect("a file").path();
        folder.run(&["verify", &path.to_string_lossy()]).exits(0);
    }
}
