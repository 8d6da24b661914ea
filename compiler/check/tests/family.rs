//! Files that refer to each other: what is found about references, and what a child takes from its parent.

use masque_check::{Candidate, Candidates, Checked, Family, Reference, Supply, check};
use masque_diagnostics::{Diagnostic, Sources, Span};
use masque_ir as ir;

/// Files by name; a reference finds those whose name is its path, with a version behind it or not, and an ending.
struct Files<'a>(&'a [(&'a str, &'a str)]);

impl Supply for Files<'_> {
    fn candidates(&self, _: &str, reference: &Reference) -> Candidates {
        let stem = |name: &str| name.split(['@', '.']).next().unwrap_or(name).to_owned();
        let path = reference.path.trim_start_matches("./");
        let files = self.0.iter().filter(|(name, _)| stem(name) == path).map(|(name, text)| Candidate {
            name: (*name).to_owned(),
            identity: (*name).to_owned(),
            version: None,
            text: Ok((*text).to_owned()),
        });
        Candidates {
            files: files.collect(),
            looked_at: vec!["the files of the test".to_owned()],
            known: self.0.iter().map(|(name, _)| stem(name)).collect(),
        }
    }
}

/// Checks the first of the files.
fn family(files: &[(&str, &str)]) -> (Checked, Vec<String>) {
    let mut sources = Sources::new();
    let (name, text) = files[0];
    let id = sources.add(name, text);
    let parsed = masque_syntax::parse(id, name, text);
    let mut diagnostics = parsed.diagnostics;
    let document = parsed.document.unwrap_or_else(|| panic!("{text}: {diagnostics:#?}"));
    let (family, found) = Family::load(id, document, &mut sources, &Files(files));
    let checked = check(&sources, &family);
    diagnostics.extend(found);
    diagnostics.extend(checked.diagnostics.clone());
    let place = |span: Span| format!("{}:{:?}", sources.get(span.source).name(), sources.slice(span));
    let shown = |found: &Diagnostic| {
        let mut out = format!(
            "{} {}\n  ^ {} {}",
            found.code,
            found.message,
            place(found.primary.span),
            found.primary.message
        );
        for label in &found.secondary {
            out.push_str(&format!("\n  - {} {}", place(label.span), label.message));
        }
        for note in &found.notes {
            out.push_str(&format!("\n  note: {note}"));
        }
        out
    };
    (checked, diagnostics.into_sorted().iter().map(shown).collect())
}

fn whole(files: &[(&str, &str)]) -> ir::Masque {
    let (checked, found) = family(files);
    assert!(found.is_empty(), "{found:#?}");
    checked.masque.expect("nothing was found")
}

const PARENT: &str = r#"masque Parent {
  version 1.2.0
  ring player
  attributes { domain: "ops", colour: "red" }
  safety_tags ["careful"]
  param environment: "staging" | "production" = "staging"
  intent {
    allow "deploy *"
    allow "scale *" when environment == "staging"
    deny "delete *" because "parent says so"
  }
  knowledge { mcp://a }
  access {
    vault "operator" for 1h
    vault "admin" for 15m when session.ring >= admin
  }
  context "Parent's context."
  lens "Parent's lens in {environment}."
  ensure never "delete *"
  test "parent's" { allow "deploy x" }
}"#;

#[test]
fn a_child_begins_with_what_its_parent_has() {
    let child = r#"masque Child extends parent@1 {
  version 0.1.0
  attributes { colour: "blue" }
  safety_tags ["slow"]
  intent { allow also "water *" when environment == "production" deny "drown *" }
  knowledge { mcp://b mcp://a }
  access { vault "operator" for 30m }
  lens "Child's lens."
}"#;
    let masque = whole(&[("child.masque", child), ("parent.masque", PARENT)]);
    let rules: Vec<(String, bool, u32)> = (masque.intent.as_ref().unwrap().rules.iter())
        .map(|rule| (format!("{:?} {}", rule.action, rule.pattern), rule.when.is_some(), rule.place.file))
        .collect();
    let expected = [
        ("Allow deploy *", false, 1),
        ("Allow scale *", true, 1),
        ("Deny delete *", false, 1),
        ("Allow water *", true, 0),
        ("Deny drown *", false, 0),
    ];
    assert_eq!(rules, expected.map(|(rule, when, file)| (rule.to_owned(), when, file)));
    assert_eq!(masque.identity.ring, ir::Ring::Player);
    assert_eq!(masque.identity.version.to_string(), "0.1.0");
    let knowledge: Vec<&str> = masque.knowledge.iter().map(|pointer| pointer.value.as_str()).collect();
    assert_eq!(knowledge, ["mcp://a", "mcp://b"]);
    assert_eq!(masque.access.len(), 1);
    assert_eq!(masque.access[0].value.ttl, ir::Ttl::Seconds(1800));
    assert_eq!(masque.context.as_constant(), Some("Parent's context."));
    let ir::Piece::Constant(end) = masque.lens.pieces.last().unwrap() else { panic!("{:?}", masque.lens) };
    assert_eq!(end, ".\n\nChild's lens.");
    assert_eq!(masque.about.safety_tags, ["careful", "slow"]);
    assert_eq!(masque.about.attributes[1].1, ir::Value::Text("blue".to_owned()));
    assert_eq!((masque.ensures.len(), masque.tests.len(), masque.params.len()), (1, 0, 1));
    assert_eq!(masque.inherited.len(), 1);
    assert_eq!(masque.inherited[0].reference, "parent@1");
}

#[test]
fn an_allow_of_the_child_replaces_and_yaml_inherits_alike() {
    for (name, child) in [
        ("child.masque", "masque Child extends parent { version 1.0.0 intent { allow \"water *\" } }"),
        (
            "child.masque.yaml",
            "name: Child\nversion: 1.0.0\nextends: parent\nintent:\n  allowed: [\"water *\"]\n",
        ),
    ] {
        let masque = whole(&[(name, child), ("parent.masque", PARENT)]);
        let patterns: Vec<&str> =
            masque.intent.as_ref().unwrap().rules.iter().map(|rule| rule.pattern.as_str()).collect();
        assert_eq!(patterns, ["delete *", "water *"], "{name}: denies stay");
        assert!(!masque.lens.pieces.is_empty());
    }
}

#[test]
fn sets_are_laid_flat_and_keep_their_reasons() {
    let library = "library tools { version 1.0.0\n set sharp because \"cuts\" { \"saw *\", \"cut *\" because \"bleeds\" }\n set tools { sharp, exact \"hammer\" } }";
    let child = "use lib/tools as t\nset own { \"hum *\" }\nset risky because \"no\" { t/sharp }\nmasque A { version 1.0.0 ring guest lens \"x\" intent { allow own deny risky deny t because \"put down\" } }";
    let masque = whole(&[("a.masque", child), ("lib/tools.masque", library)]);
    let rules: Vec<String> = (masque.intent.as_ref().unwrap().rules.iter())
        .map(|rule| {
            format!(
                "{:?} {} {:?} {:?}",
                rule.action,
                rule.pattern,
                rule.because.as_deref(),
                rule.set.as_deref()
            )
        })
        .collect();
    insta::assert_snapshot!(rules.join("\n"));
}

#[test]
fn what_goes_wrong_between_files_is_said_in_both() {
    let child = |body: &str| format!("masque Child extends parent {{ version 1.0.0 {body} }}");
    let a =
        |head: &str, body: &str| format!("{head}\nmasque A {{ version 1.0.0 ring guest lens \"x\" {body} }}");
    let library = "library lib { version 1.0.0 set lib { \"saw *\" } }";
    let cases: Vec<(&str, Vec<(&str, String)>)> = vec![
        ("a wider ring", vec![("c.masque", child("ring guest")), ("parent.masque", PARENT.into())]),
        (
            "a wider ring, meant",
            vec![("c.masque", child("ring guest widen ring")), ("parent.masque", PARENT.into())],
        ),
        (
            "nothing is wider",
            vec![("c.masque", child("widen ring widen access")), ("parent.masque", PARENT.into())],
        ),
        (
            "another role",
            vec![
                ("c.masque", child("access { vault \"root\" for session }")),
                ("parent.masque", PARENT.into()),
            ],
        ),
        (
            "for longer",
            vec![
                ("c.masque", child("access { vault \"operator\" for session }")),
                ("parent.masque", PARENT.into()),
            ],
        ),
        (
            "elsewhere",
            vec![("c.masque", child("access { vault \"admin\" for 5m }")), ("parent.masque", PARENT.into())],
        ),
        (
            "as there",
            vec![
                ("c.masque", child("access { vault \"admin\" for 5m when session.ring == admin }")),
                ("parent.masque", PARENT.into()),
            ],
        ),
        (
            "declared again",
            vec![("c.masque", child("param environment: bool")), ("parent.masque", PARENT.into())],
        ),
        (
            "missing",
            vec![("c.masque", child("").replace("parent", "parnt")), ("parent.masque", PARENT.into())],
        ),
        (
            "out of range",
            vec![("c.masque", child("").replace("parent", "parent@2")), ("parent.masque", PARENT.into())],
        ),
        (
            "ambiguous",
            vec![
                ("c.masque", child("")),
                ("parent.masque", PARENT.into()),
                ("parent.masque.yaml", "name: P\nversion: 1.2.0\nring: guest\nlens: x\n".into()),
            ],
        ),
        (
            "a cycle",
            vec![
                ("c.masque", child("")),
                ("parent.masque", PARENT.replace("masque Parent", "masque Parent extends c")),
            ],
        ),
        ("itself", vec![("parent.masque", PARENT.replace("masque Parent", "masque Parent extends parent"))]),
        (
            "broken",
            vec![
                ("c.masque", child("")),
                ("parent.masque", PARENT.replace("allow \"deploy *\"", "alow \"x\"")),
            ],
        ),
        (
            "a library as parent",
            vec![("c.masque", child("").replace("parent", "lib")), ("lib.masque", library.into())],
        ),
        ("a masque as library", vec![("c.masque", a("use parent", "")), ("parent.masque", PARENT.into())]),
        (
            "unknown set",
            vec![
                ("c.masque", a("use lib", "intent { allow lip allow std/git/read }")),
                ("lib.masque", library.into()),
            ],
        ),
        ("unused library", vec![("c.masque", a("use lib", "")), ("lib.masque", library.into())]),
        (
            "sets in a circle",
            vec![(
                "c.masque",
                a("set b { c }\nset c { b, \"x *\" }\nset b { \"y\" }\nset e { }", "intent { allow b, c }"),
            )],
        ),
        ("also without a parent", vec![("c.masque", a("", "intent { allow also \"x *\" }"))]),
        ("no reference", vec![("c.masque", a("use \"/etc/sets\"", ""))]),
        (
            "too many conditions",
            vec![(
                "c.masque",
                a(
                    "",
                    &format!(
                        "param n: int = 1 intent {{ {} }}",
                        (1..10).map(|n| format!("allow \"go {n}\" when n == {n} ")).collect::<String>()
                    ),
                ),
            )],
        ),
    ];
    let mut out = String::new();
    for (what, files) in cases {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let (checked, found) = family(&files);
        out.push_str(&format!(
            "## {what}: {}\n{}\n\n",
            if checked.masque.is_some() { "compiles" } else { "does not compile" },
            found.join("\n")
        ));
    }
    insta::assert_snapshot!(out);
}
