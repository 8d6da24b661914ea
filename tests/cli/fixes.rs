//! Fixes, applied: for each case of the gallery and each page, what a fix is offered for is gone afterwards, and the text can be read at least
//! as well as before.

use std::collections::BTreeSet;

use super::Folder;
use super::gallery::cases;
use super::pages::Page;

/// Names and texts, the one that is looked at first.
type Files = Vec<(String, Vec<u8>)>;

/// Each finding about a file: its code, its message, and whether its first fix is safe, if it has one.
fn findings(folder: &Folder, file: &str) -> Vec<(String, String, Option<bool>)> {
    let out = folder.run(&["check", "--format", "json", file]).stdout();
    let out: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let found = out["findings"].as_array().expect("a list");
    let safe = |found: &serde_json::Value| Some(found["fixes"].get(0)?["applicability"] == "safe");
    // What is found in other files of a family is corrected there.
    let own = found.iter().filter(|found| found["primary"]["file"] == file);
    own.map(|found| (text(&found["code"]), text(&found["message"]), safe(found))).collect()
}

fn is_syntax(code: &str) -> bool {
    code < "M0031" || code.starts_with("M06")
}

/// What goes wrong where the fixes of a case are applied.
fn complaints(what: &str, files: &Files, flags: &[&str]) -> Vec<String> {
    let main = files[0].0.as_str();
    let mut folder = Folder::new();
    for (name, text) in files {
        folder = folder.with(name, text);
    }
    let before = findings(&folder, main);
    let with_unsafe = flags.len() > 1;
    let offered: BTreeSet<(&str, &str)> = before
        .iter()
        .filter(|(_, _, safe)| safe.is_some_and(|safe| safe || with_unsafe))
        .map(|(code, message, _)| (code.as_str(), message.as_str()))
        .collect();
    if offered.is_empty() {
        return Vec::new();
    }
    folder.run(&[&["check"], flags, &[main]].concat());
    let after = findings(&folder, main);
    let mut wrong = Vec::new();
    for (code, message, _) in &after {
        let known = before.iter().any(|(old, text, _)| (old, text) == (code, message));
        if offered.contains(&(code.as_str(), message.as_str())) {
            wrong.push(format!("{what} {flags:?}: still there: {code} {message}"));
        } else if is_syntax(code) && !known {
            wrong.push(format!("{what} {flags:?}: new: {code} {message}"));
        }
    }
    wrong
}

#[test]
fn fixes_do_away_with_what_they_are_offered_for() {
    let mut all: Vec<(String, Files)> = cases()
        .into_iter()
        .map(|case| (case.path.display().to_string(), vec![(case.file, case.text)]))
        .collect();
    // A thousand findings take turns of their own.
    let pages = Page::all().into_iter().filter(|page| page.is_of_check() && page.code != "M0016");
    all.extend(pages.map(|page| (page.code.clone(), page.files("wrong"))));
    let modes: [&[&str]; 2] = [&["--fix"], &["--fix", "--unsafe-fixes"]];
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|(what, files)| modes.iter().flat_map(move |flags| complaints(what, files, flags)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_notation_has_its_fixes() {
    let yaml = "name: A\nversion: \"1.0.0\"\nring: guest\nlens: Look twice.\n";
    let json = "\"name\": \"A\", \"version\": \"1.0.0\", \"ring\": \"guest\", \"lens\": \"x\"";
    let language = "masque A {\n  version 1.0.0\n  ring guest\n  lens \"x\"\n";
    let cases: Vec<(&str, String, &str, &str)> = vec![
        // Duplicate and unreachable rules.
        (
            "a.masque.yaml",
            format!("{yaml}intent:\n  allowed:\n    - a\n    - a\n    - b\n"),
            "M0307",
            "    - a\n    - b\n",
        ),
        (
            "a.mask.json",
            format!("{{{json}, \"intent\": {{\"allowed\": [\"a\", \"b\", \"a\"]}}}}"),
            "M0307",
            "[\"a\", \"b\"]",
        ),
        (
            "a.masque",
            format!("{language}  intent {{ allow \"a\", \"b\", \"a\" }}\n}}\n"),
            "M0307",
            "allow \"a\", \"b\" }",
        ),
        (
            "a.masque",
            format!("{language}  intent {{\n    allow \"a\"\n    allow \"a\"\n  }}\n}}\n"),
            "M0307",
            "{\n    allow \"a\"\n  }",
        ),
        (
            "a.masque.yaml",
            format!("{yaml}intent:\n  allowed: [a, b]\n  denied: [b]\n"),
            "M0308",
            "allowed: [a]",
        ),
        (
            "a.mask.json",
            format!("{{{json}, \"intent\": {{\"allowed\": [\"b\", \"a\"], \"denied\": [\"b\"]}}}}"),
            "M0308",
            "[\"a\"]",
        ),
        (
            "a.masque.yaml",
            format!(
                "{yaml}intent:\n  allowed:\n    - a\n    - pattern: b\n      when: session.ring > admin\n"
            ),
            "M0716",
            "allowed:\n    - a\n",
        ),
        // Versions and required fields.
        (
            "a.mask.json",
            "{\"name\": \"A\", \"version\": \"2.3\", \"ring\": \"guest\", \"lens\": \"x\"}".to_owned(),
            "M0207",
            "\"2.3.0\"",
        ),
        (
            "a.masque",
            "masque A {\n  version 2.3\n  ring guest\n  lens \"x\"\n}\n".to_owned(),
            "M0207",
            "version 2.3.0",
        ),
        (
            "a.masque.yaml",
            "name: A\nversion: \"1.0.0\"\nring: guest\n".to_owned(),
            "M0201",
            "lens: Say here how to think.",
        ),
        (
            "a.mask.json",
            "{\"version\": \"1.0.0\", \"ring\": \"guest\", \"lens\": \"x\"}".to_owned(),
            "M0204",
            "\"name\": \"A\"",
        ),
        (
            "a.masque",
            "masque A {\n  version 1.0.0\n  ring guest\n}\n".to_owned(),
            "M0201",
            "lens \"Say here how to think.\"",
        ),
        // Slips of other notations.
        ("a.masque.yaml", format!("{yaml}intent:\n\tallowed:\n\t\t- a\n"), "M0001", "  allowed:\n    - a\n"),
        ("a.masque.yaml", format!("{yaml}tone: [dry, warm\ncontext: x\n"), "M0001", "tone: [dry, warm]\n"),
        (
            "a.mask.json",
            "{'name': \"A\", \"version\": \"1.0.0\", \"ring\": \"guest\", \"lens\": \"x\"}".to_owned(),
            "M0001",
            "{\"name\": ",
        ),
        (
            "a.mask.json",
            "{\"name\": \"A\" \"version\": \"1.0.0\", \"ring\": \"guest\", \"lens\": \"x\"}".to_owned(),
            "M0001",
            "\"A\", \"version\"",
        ),
        (
            "a.masque",
            format!("{language}  context \"{{if session.ring = admin && true}} x {{end}}\"\n}}\n"),
            "M0601",
            "== admin and true",
        ),
    ];
    for (file, text, code, expected) in cases {
        let folder = Folder::new().with(file, &text);
        let before = findings(&folder, file);
        assert!(before.iter().any(|(found, ..)| found == code), "{text}: {before:?}");
        folder.run(&["check", "--fix", "--unsafe-fixes", file]);
        let fixed = folder.read(file);
        assert!(fixed.contains(expected), "{text}\nis now\n{fixed}");
        let after = findings(&folder, file);
        assert!(!after.iter().any(|(found, ..)| found == code), "{fixed}: {after:?}");
    }
}

#[test]
fn the_schema_of_a_json_mask_is_passed_over() {
    let fields = "\"name\": \"A\", \"version\": \"1.0.0\", \"ring\": \"guest\", \"lens\": \"x\"";
    let text = format!("{{\"$schema\": \"masque.schema.json\", {fields}}}");
    let folder = Folder::new().with("a.mask.json", text);
    assert_eq!(findings(&folder, "a.mask.json"), []);
}
