//! `masquec fmt` and `masquec convert`.

use super::{Folder, PERSONAS, SMALL};

const UNTIDY: &str =
    "masque   A{version 1.0.0 ring guest\n intent{allow \"read *\" # all of it\n} lens \"x\" }";
const TIDY: &str = "masque A {\n  version 1.0.0\n  ring guest\n  intent {\n    allow \"read *\" # all of it\n  }\n  lens \"x\"\n}\n";

#[test]
fn fmt_writes_what_it_checks_and_shows() {
    let folder = Folder::new().with("a.masque", UNTIDY).with("b/c.masque.yaml", SMALL);
    let checked = folder.run(&["fmt", "--check", "."]).exits(1);
    assert_eq!(checked.stdout(), "a.masque\n");
    assert_eq!(checked.stderr(), "2 sources: 1 would change\n");
    let shown = folder.run(&["fmt", "--diff", "a.masque"]).exits(1);
    assert!(shown.stdout().contains("+masque A {\n"), "{}", shown.stdout());
    assert_eq!(folder.read("a.masque"), UNTIDY, "looking changes nothing");
    folder.run(&["fmt", "."]).exits(0);
    assert_eq!(folder.read("a.masque"), TIDY);
    assert_eq!(folder.read("b/c.masque.yaml"), SMALL);
    let again = folder.run(&["fmt", "--check", "."]).exits(0);
    assert_eq!(again.stderr(), "2 sources: 0 would change\n");
}

#[test]
fn fmt_leaves_what_it_can_not_read() {
    let folder =
        Folder::new().with("a.masque", "masque A {").with("b.masque", UNTIDY).with("c.masque", [0xff]);
    let run = folder.run(&["fmt", "."]).exits(1);
    assert!(run.stderr().contains("M0605") && run.stderr().contains("M0017"), "{}", run.stderr());
    assert!(
        run.stderr().ends_with("3 sources: 1 laid out, 2 errors in what was left as it is\n"),
        "{}",
        run.stderr()
    );
    assert_eq!(folder.read("a.masque"), "masque A {");
    assert_eq!(folder.read("b.masque"), TIDY);
    folder.run(&["fmt", "nowhere.masque"]).exits(2);
}

#[test]
fn fmt_takes_standard_input() {
    let folder = Folder::new();
    let run = folder.run_with_input(&["fmt", "-"], UNTIDY).exits(0);
    assert_eq!(run.stdout(), TIDY);
    let yaml = folder.run_with_input(&["fmt", "-", "--stdin-name", "a.masque.yaml"], "name:   A\n").exits(0);
    assert_eq!(yaml.stdout(), "name: A\n");
    let broken = folder.run_with_input(&["fmt", "-"], "masque A {").exits(1);
    assert_eq!(broken.stdout(), "", "nothing half written");
}

#[cfg(unix)]
#[test]
fn fmt_keeps_links_and_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new().with("a.masque", UNTIDY);
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(folder.path("a.masque"), private).expect("permissions");
    std::os::unix::fs::symlink("a.masque", folder.path("link.masque")).expect("a link");
    folder.run(&["fmt", "link.masque"]).exits(0);
    assert_eq!(folder.read("a.masque"), TIDY);
    assert!(folder.path("link.masque").is_symlink());
    let mode = std::fs::metadata(folder.path("a.masque")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_projects_own_sources_are_laid_out() {
    let standard = format!("{PERSONAS}/../stdlib");
    Folder::new().run(&["fmt", "--check", PERSONAS, &standard]).exits(0);
}

#[test]
fn every_persona_goes_into_every_notation_and_back() {
    for entry in std::fs::read_dir(PERSONAS).expect("the personas") {
        let name = entry.expect("an entry").file_name().into_string().expect("ASCII");
        let text = std::fs::read_to_string(format!("{PERSONAS}/{name}")).expect("a persona");
        // JSON has no comments.
        let text: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        let folder = Folder::new().with(&name, text);
        folder.run(&["build", &name, "--emit", "core", "-o", "0.core.wasm"]).exits(0);
        for (from, to, into) in [
            (name.as_str(), "masque", "1.masque"),
            ("1.masque", "json", "2.mask.json"),
            ("2.mask.json", "yaml", "3.masque.yaml"),
        ] {
            folder.run(&["convert", from, "--to", to, "-o", into]).exits(0);
        }
        folder.run(&["build", "3.masque.yaml", "--emit", "core", "-o", "3.core.wasm"]).exits(0);
        let core = |name: &str| std::fs::read(folder.path(name)).expect("a module");
        assert_eq!(core("0.core.wasm"), core("3.core.wasm"), "{name}");
    }
}

#[test]
fn convert_writes_beside_and_over_nothing() {
    let folder = Folder::new().with("a.masque.yaml", format!("# About it.\n{SMALL}"));
    folder.run(&["convert", "a.masque.yaml", "--to", "masque"]).exits(0);
    assert!(
        folder.read("a.masque").starts_with("# About it.\nmasque Small {\n"),
        "{}",
        folder.read("a.masque")
    );
    let there = folder.run(&["convert", "a.masque.yaml", "--to", "masque"]).exits(2);
    assert!(there.stderr().contains("is there already"), "{}", there.stderr());
    folder.run(&["convert", "a.masque.yaml", "--to", "masque", "--force"]).exits(0);
    let shown = folder.run(&["convert", "a.masque", "--to", "yaml", "-o", "-"]).exits(0);
    assert_eq!(
        shown.stdout(),
        format!(
            "# About it.\n{}",
            "name: Small\nindex: 1\nversion: \"1.0.0\"\nring: guest\n\nintent:\n  allowed: [\"read *\"]\n\nlens: Read.\n"
        )
    );
}

#[test]
fn convert_names_what_would_be_lost() {
    let text = "masque A {\n  version 1.0.0\n  ring guest\n  let here = session.ring >= guest and session.agent == \"a\"\n  lens \"{if here} x {end}\"\n}\n";
    let folder = Folder::new().with("a.masque", text);
    let run = folder.run(&["convert", "a.masque", "--to", "yaml"]).exits(1);
    for wanted in [
        "M0618",
        "the name `here` would be lost",
        "what `lens` says by conditions and values would be lost",
        "a.masque:4:3",
    ] {
        assert!(run.stderr().contains(wanted), "{wanted}: {}", run.stderr());
    }
    assert_eq!(folder.files(), ["a.masque"]);
    let folder = folder.with("b.masque", "masque A {");
    folder.run(&["convert", "b.masque", "--to", "yaml"]).exits(1);
    folder.run(&["convert", "c.masque", "--to", "yaml"]).exits(2);
}
