//! Sources that refer to other files: beside them, in the search path, in the standard library.

use super::Folder;

const CHILD: &str =
    "masque Child extends REFERENCE {\n  version 1.0.0\n  intent { allow also \"water *\" }\n}\n";
const PARENT: &str = "masque Parent {\n  version 1.2.0\n  ring guest\n  intent { allow \"walk *\" deny \"run *\" }\n  lens \"Slowly.\"\n}\n";

fn child(reference: &str) -> String {
    CHILD.replace("REFERENCE", reference)
}

#[test]
fn a_parent_is_found_beside_in_the_search_path_and_in_the_standard_library() {
    let folder = Folder::new()
        .with("a/beside.masque", child("\"../base/parent\""))
        .with("a/exact.masque", child("\"../base/parent.masque\""))
        .with("a/path.masque", child("parent@1.2"))
        .with("a/standard.masque", child("std/operator@1"))
        .with("base/parent.masque", PARENT)
        .with("base/parent@1.1.0.masque", PARENT.replace("1.2.0", "1.1.0"));
    for file in ["a/beside.masque", "a/exact.masque", "a/standard.masque"] {
        folder.run(&["check", file]).exits(0);
    }
    folder.run(&["check", "a/path.masque", "--path", "base"]).exits(0);
    let missing = folder.run(&["check", "a/path.masque"]).exits(1);
    assert!(missing.stderr().contains("M0802"), "{}", missing.stderr());
    let old = folder.run(&["inspect", "--json", "a/path.masque", "--path", "base"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&old.stdout()).expect("JSON");
    assert_eq!(report["manifest"]["inherited"][0]["version"], "1.2.0", "{report:#}");
}

#[test]
fn an_edited_parent_makes_its_child_anew() {
    let folder = Folder::new().with("child.masque", child("\"./parent\"")).with("parent.masque", PARENT);
    folder.run(&["build", "child.masque"]).exits(0);
    let before = std::fs::read(folder.path("child.wasm")).expect("a component");
    folder.run(&["build", "child.masque"]).exits(0);
    assert_eq!(std::fs::read(folder.path("child.wasm")).expect("a component"), before);
    let folder = folder.with("parent.masque", PARENT.replace("run *", "sprint *"));
    folder.run(&["build", "child.masque"]).exits(0);
    assert_ne!(std::fs::read(folder.path("child.wasm")).expect("a component"), before);
}

#[test]
fn libraries_are_checked_and_nothing_is_built_of_them() {
    let folder = Folder::new()
        .with("sets.masque", "library sets { version 1.0.0 set sets { \"water *\" } }\n")
        .with("a.masque", "use \"./sets\" as mine\nmasque A { version 1.0.0 ring guest lens \"x\" intent { allow mine } }\n");
    let built = folder.run(&["build", "."]).exits(0);
    assert!(built.stderr().contains("1 library only checked"), "{}", built.stderr());
    assert_eq!(folder.files(), ["a.masque", "a.wasm", "sets.masque"]);
    let folder = folder.with("sets.masque", "library sets { version 1.0.0 set sets { \"[\" } }\n");
    folder.run(&["check", "sets.masque"]).exits(1);
}

#[test]
fn a_claim_that_is_wrong_is_refused_with_the_shortest_intent() {
    let folder = Folder::new().with(
        "a.masque",
        "masque A {\n  version 1.0.0\n  ring guest\n  param open: bool = false\n  intent {\n    allow \"delete *\" when open\n    allow \"read *\"\n  }\n  lens \"x\"\n  ensure never \"delete *\"\n}\n",
    );
    let refused = folder.run(&["build", "a.masque"]).exits(1);
    assert!(refused.stderr().contains("M0901"), "{}", refused.stderr());
    assert!(refused.stderr().contains("`delete` is allowed"), "{}", refused.stderr());
    assert!(refused.stderr().contains("where `open` is \"true\""), "{}", refused.stderr());
    assert_eq!(folder.files(), ["a.masque"], "nothing is written");
}

#[test]
fn a_new_source_compiles_without_a_finding_and_its_tests_hold() {
    for (format, file) in [
        ("masque", "night-gardener.masque"),
        ("yaml", "night-gardener.masque.yaml"),
        ("json", "night-gardener.mask.json"),
    ] {
        for extends in [None, Some("std/writer@1")] {
            let folder = Folder::new();
            let mut arguments = vec!["new", "Night  Gardener", "--format", format, "-o", "made/here"];
            arguments.extend(extends.iter().flat_map(|extends| ["--extends", *extends]));
            folder.run(&arguments).exits(0);
            let path = format!("made/here/{file}");
            assert_eq!(folder.files(), [path.as_str()]);
            let checked = folder.run(&["check", &path]).exits(0);
            assert_eq!(checked.stderr(), "checked 1 masque: 0 errors, 0 warnings\n", "{format} {extends:?}");
            folder.run(&["test", &path]).exits(0);
            let again = folder.run(&arguments).exits(2);
            assert!(again.stderr().contains("is there already"), "{}", again.stderr());
        }
    }
    let folder = Folder::new();
    folder.run(&["new", "X", "--extends", "std/nobody"]).exits(2);
    folder.run(&["new", "маска"]).exits(2);
    assert!(folder.files().is_empty(), "nothing is left behind");
}
