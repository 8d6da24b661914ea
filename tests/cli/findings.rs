//! What findings weigh, how they are written, and what becomes of their fixes.

use super::{Folder, SMALL};

/// One warning (`missing-ring`), with a fix that is safe, and one that is an error with a fix.
const SLIPS: &str = "name: Slips\nversion: \"1.0\"\nring: playr\nlens: x\n";

#[test]
fn warnings_weigh_what_the_command_line_says() {
    let folder = Folder::new().with("a.masque.yaml", SMALL.replace("ring: guest\n", ""));
    assert!(folder.run(&["check", "a.masque.yaml"]).exits(0).stderr().contains("warning[M0209]"));
    let denied = folder.run(&["check", "--deny", "missing-ring", "a.masque.yaml"]).exits(1).stderr();
    assert!(denied.contains("error[M0209]") && denied.contains("`missing-ring` is denied here"), "{denied}");
    folder.run(&["check", "--deny", "all", "a.masque.yaml"]).exits(1);
    folder.run(&["check", "--deny", "all", "--warn", "M0209", "a.masque.yaml"]).exits(0);
    let allowed = folder.run(&["check", "--allow", "M0209", "a.masque.yaml"]).exits(0).stderr();
    assert_eq!(allowed, "checked 1 masque: 0 errors, 0 warnings\n");
    folder.run(&["build", "--deny", "all", "a.masque.yaml"]).exits(1);
    assert_eq!(folder.files(), ["a.masque.yaml"], "a denied warning keeps a masque from being built");
    folder.run(&["build", "--allow", "all", "a.masque.yaml"]).exits(0);
    let again = folder.run(&["build", "a.masque.yaml"]).exits(0).stderr();
    assert!(again.contains("warning[M0209]"), "what was not shown once is shown the next time: {again}");
    assert!(
        folder
            .run(&["check", "--deny", "M9999", "a.masque.yaml"])
            .exits(2)
            .stderr()
            .contains("no finding has this code")
    );
}

#[test]
fn a_project_file_speaks_for_everything_below_it() {
    let folder = Folder::new()
        .with("masque.toml", "[lints]\nmissing-ring = \"deny\"\n")
        .with("deep/er/a.masque.yaml", SMALL.replace("ring: guest\n", ""))
        .with("own/masque.toml", "[lints]\nall = \"allow\"\n")
        .with(
            "own/b.masque.yaml",
            SMALL.replace("ring: guest\n", "").replace("index: 1", "index: 2").replace("Small", "Other"),
        );
    let checked = folder.run(&["check", "."]).exits(1).stderr();
    assert_eq!(checked.matches("M0209").count(), 1, "{checked}");
    assert!(checked.contains("deep/er/a.masque.yaml"), "{checked}");
    folder.run(&["check", "--warn", "M0209", "."]).exits(0);
    let folder = folder
        .with("masque.toml", "[lint]\n")
        .with("own/masque.toml", "[lints]\nmising-ring = \"deny\"\nM0209 = \"dny\"\n");
    let broken = folder.run(&["check", "."]).exits(1).stderr();
    for wanted in [
        "M0036",
        "unknown field `lint`",
        "M0033",
        "no finding has the code `mising-ring`",
        "`dny` is no level",
        "did you mean `deny`?",
        "own/masque.toml:2:1",
    ] {
        assert!(broken.contains(wanted), "{wanted}: {broken}");
    }
}

#[test]
fn comments_allow_findings_with_a_reason() {
    let folder = Folder::new().with(
        "a.masque.yaml",
        SMALL
            .replace(
                "name: Small",
                "# masquec: allow(missing-ring) whoever publishes it sets it\nname: Small",
            )
            .replace("ring: guest\n", ""),
    );
    let checked = folder.run(&["check", "a.masque.yaml"]).exits(0).stderr();
    assert_eq!(checked, "checked 1 masque: 0 errors, 0 warnings\n", "{checked}");
    let folder = folder.with("b.masque", "masque B {\n  version 1.0.0\n  ring guest\n  lens \"x\"\n  param p: int = 1 # masquec: allow(unused-name) for children\n}\n");
    assert_eq!(
        folder.run(&["check", "b.masque"]).exits(0).stderr(),
        "checked 1 masque: 0 errors, 0 warnings\n"
    );
}

#[test]
fn every_format_says_what_was_found() {
    let folder = Folder::new().with("a.masque.yaml", SLIPS).with("b.masque.yaml", SMALL);
    let short = folder.run(&["check", "--format", "short", "."]).exits(1);
    assert_eq!(
        short.stdout(),
        "a.masque.yaml:2:10: warning[M0207]: the version `1.0` is taken as 1.0.0\na.masque.yaml:3:7: error[M0107]: `ring` can't be `playr`\n"
    );
    let github = folder.run(&["check", "--format", "github", "--quiet", "."]).exits(1);
    assert!(
        github.stdout().contains("::error file=a.masque.yaml,line=3,endLine=3,col=7,"),
        "{}",
        github.stdout()
    );
    assert_eq!(github.stderr(), "");
    let json = folder.run(&["check", "--format", "json", "."]).exits(1);
    let json: serde_json::Value = serde_json::from_str(&json.stdout()).expect("JSON");
    assert_eq!((&json["errors"], &json["warnings"]), (&1.into(), &1.into()));
    assert_eq!(json["findings"][1]["fixes"][0]["edits"][0]["text"], "player");
    let sarif = folder.run(&["build", "--format", "sarif", "."]).exits(1);
    let sarif: serde_json::Value = serde_json::from_str(&sarif.stdout()).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"][1]["ruleId"], "M0107");
    let nothing = folder.run(&["check", "--format", "json", "b.masque.yaml"]).exits(0);
    assert!(nothing.stdout().contains("\"findings\": []"), "{}", nothing.stdout());
}

#[test]
fn fixes_are_applied_until_nothing_is_left_to_fix() {
    let folder = Folder::new().with("a.masque.yaml", SLIPS);
    let diff = folder.run(&["check", "--diff", "a.masque.yaml"]).exits(1);
    assert!(
        diff.stdout().contains("-version: \"1.0\"\n") && diff.stdout().contains("+version: \"1.0.0\"\n"),
        "{}",
        diff.stdout()
    );
    assert_eq!(folder.read("a.masque.yaml"), SLIPS);
    let fixed = folder.run(&["check", "--fix", "a.masque.yaml"]);
    assert!(fixed.stderr().contains("fixed a.masque.yaml: "), "{}", fixed.stderr());
    assert!(folder.read("a.masque.yaml").contains("version: \"1.0.0\""), "{}", folder.read("a.masque.yaml"));
    folder.run(&["check", "--fix", "--unsafe-fixes", "a.masque.yaml"]).exits(0);
    assert!(folder.read("a.masque.yaml").contains("ring: player"), "{}", folder.read("a.masque.yaml"));
    folder.run(&["check", "--diff", "--unsafe-fixes", "a.masque.yaml"]).exits(0);
    folder.run(&["check", "--unsafe-fixes", "a.masque.yaml"]).exits(2);
}
