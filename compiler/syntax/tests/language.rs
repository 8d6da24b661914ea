//! The masque language: what it is read as, and what is said of mistakes.

mod common;

use common::read;
use masque_syntax::ast::{Document, Expression, Masque, Operator, Piece, Template, Test};

const HOMELAB: &str = include_str!("corpus/homelab.masque");

fn masque(text: &str) -> Masque {
    let parsed = read("a.masque", text);
    let found: Vec<_> = parsed.diagnostics.iter().map(|found| found.message.clone()).collect();
    assert!(found.is_empty(), "{found:#?}");
    match parsed.document {
        Some(Document::Masque(masque)) => *masque,
        other => panic!("{other:?}"),
    }
}

/// The findings of a text, each with what it points at.
fn findings(text: &str) -> Vec<String> {
    let found = read("a.masque", text).diagnostics.into_sorted();
    found
        .iter()
        .map(|found| format!("{} {} @ {}", found.code, found.message, &text[found.primary.span.range()]))
        .collect()
}

/// A template in short: values as `<…>`.
fn shape(template: &Template) -> String {
    let pieces = template.pieces.iter().map(|piece| match &piece.value {
        Piece::Text(text) => text.clone(),
        Piece::Value(Expression::Name(path)) => {
            format!("<{}>", path.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join("."))
        }
        Piece::If { branches, otherwise } => {
            let branches: Vec<String> = branches.iter().map(|(_, template)| shape(template)).collect();
            format!("[{}|{}]", branches.join("|"), otherwise.as_ref().map(shape).unwrap_or_default())
        }
        other => format!("<{other:?}>"),
    });
    pieces.collect()
}

#[test]
fn a_whole_masque_is_read() {
    let homelab = masque(HOMELAB);
    assert_eq!(homelab.identity.name.get().unwrap().value, "Homelab");
    assert_eq!(homelab.identity.index.get().unwrap().value, 7);
    assert_eq!(homelab.identity.version.get().unwrap().value, "2.3.0");
    assert_eq!(homelab.extends.get().unwrap().value, "std/operator@1");
    assert_eq!(homelab.uses.get().unwrap().value[0].value.library.get().unwrap().value, "std/destructive");
    assert_eq!(homelab.params.get().unwrap().value[0].value.name.get().unwrap().value, "environment");
    let intent = &homelab.intent.get().unwrap().value;
    assert_eq!(intent.allowed.get().unwrap().value.len(), 3);
    let denied = &intent.denied.get().unwrap().value;
    assert_eq!(denied[0].value.set.get().unwrap().value, "std/destructive");
    assert_eq!(denied[0].value.because.get().unwrap().value, "destructive work goes through review");
    let Expression::Binary { operator, .. } = &denied[1].value.when.get().unwrap().value else { panic!() };
    assert_eq!(operator.value, Operator::And);
    assert_eq!(
        HOMELAB[denied[1].value.when.get().unwrap().span.range()].split('"').nth(1),
        Some("production")
    );
    assert_eq!(homelab.knowledge.get().unwrap().value.len(), 2);
    let access = &homelab.access.get().unwrap().value;
    assert_eq!(
        (
            access[0].value.ttl.get().unwrap().value.as_str(),
            access[1].value.ttl.get().unwrap().value.as_str()
        ),
        ("session", "15m")
    );
    assert_eq!(
        shape(&homelab.lens.get().unwrap().value),
        "You run <attributes.domain> for a small team.\n[Ask before every change.\n|]"
    );
    let Test::Session(test) = &homelab.tests.get().unwrap().value[0].value else { panic!() };
    assert_eq!(
        test.intents.denied.get().unwrap().value[0].value.because_set.get().unwrap().value,
        "std/destructive"
    );
}

#[test]
fn lines_of_tags_leave_nothing_behind() {
    for (text, expected) in [
        ("\"\"\"\na\n{if x}\nb\n{else}\nc\n{end}\nd\n\"\"\"", "a\n[b\n|c\n]d\n"),
        ("\"\"\"\na {if x}b{end} c\n\"\"\"", "a [b|] c\n"),
        ("\"\"\"\n  {if x} b {else} c {end}  \n  d\n\"\"\"", "[b\n|c\n]d\n"),
        ("\"\"\"\n{{x}} {y} }\n\"\"\"", "{x} <y> }\n"),
        ("\"{if x} a {end} b\"", "[ a |] b"),
        ("\"\"\"\n{if x}{if y}\nb\n{end}{end}\n\"\"\"", "[[b\n|]|]"),
        ("\"a \\{y} \\u{41}\"", "a <y> A"),
        ("\"\"\"one line\"\"\"", "one line"),
    ] {
        let masque = masque(&format!("masque A {{ version 1.0.0 lens {text} }}"));
        assert_eq!(shape(&masque.lens.get().unwrap().value), expected, "{text}");
    }
}

#[test]
fn independent_mistakes_are_reported_once_each() {
    let text = "masque A {\n  version 1.0.0\n  intnet { allow \"a\" }\n  param x ; int\n  intent {\n    allow \"a\" wen true\n    deny \"b\"\n  }\n  lens \"x\"\n}\n";
    insta::assert_snapshot!(findings(text).join("\n"));
}

#[test]
fn mistakes() {
    let mut out = String::new();
    for text in [
        "masque A { version 1.0.0 lens \"x }\n}",
        "masque A {\n  version 1.0.0\n  lens \"\"\"\n  x\n}\n",
        "masque A {\n  version 1.0.0\n  lens \"x\"\n",
        "masque A {\n  intent {\n    allow \"a\"\n  lens \"x\"\n}\n",
        "masque A { lens \"{if x} a\" }",
        "masque A { lens \"a {end} {else}\" }",
        "masque A { lens \"{}\" }",
        "masque A { lens \"{a b}\" }",
        "masque A { lens \"{a\" }",
        "masque A { lens \"\\q\" }",
        "masque A {\n  lens \"x\"\n  lens \"y\"\n}",
        "masque A { }\nmasque B { }",
        "",
        "use std/git\n",
        "masque A {\n  param x: text\n}",
        "masque A {\n  index\n  ring player\n}",
        "masque A {\n  ensure \"x\"\n  widen rng\n}",
        "masque A {\n  let x = 1 +\n  let y = (2\n  let z = [1, 2\n}",
        "masque A {\n  access { vault homelab for session }\n}",
        "masque A {\n  test \"t\" { allow \"x\" input \"y\" }\n}",
        "masque A {\n  knowledge { mcp://a wen x }\n}",
        "maske A { }",
        "set a { \"x\" 5 }\nmasque A { }",
        "masque A {\n  let x = 99999999999999999999\n}",
        "masque A {\n  name \"B\"\n  extends std/operator\n  params []\n  tests []\n  use std/git\n}",
    ] {
        out.push_str(text);
        out.push_str("\n---\n");
        out.push_str(&findings(text).join("\n"));
        out.push_str("\n=====\n");
    }
    insta::assert_snapshot!(out);
}

/// YAML says the same with maps and text.
#[test]
fn yaml_reaches_as_far() {
    let text = r#"
name: Homelab
version: "2.3.0"
ring: player
use: std/destructive
widen: [ring, access]
params:
  - { name: environment, one_of: [staging, production], default: staging }
  - { name: patience, type: duration, default: 15 minutes }
  - { name: limit, type: int, default: 3 }
intent:
  also_allowed: ["deploy *"]
  denied:
    - set: std/destructive
      because: destructive work goes through review
    - pattern: "deploy *"
      when: 'environment == "production" and session.ring < admin'
knowledge:
  - mcp://a
  - { uri: mcp://b, when: session.intent matches "debug *" }
access:
  - { vault_role: operator, ttl: session }
  - { vault_role: breakglass, ttl: 15m, when: session.ring >= admin }
ensure:
  - never: "delete *"
  - always: { set: std/destructive }
    when: limit > 4
lens: plain {text}
tests:
  - name: all
    given: { environment: production, limit: 4 }
    denied: ["deploy x", { intent: delete x, because_set: std/destructive }]
    knowledge: [mcp://a]
    access: [{ vault_role: operator, ttl: session }]
    lens: [{ contains: plain }, { notContains: fancy }]
"#;
    let parsed = read("a.masque.yaml", text);
    let found: Vec<_> = parsed.diagnostics.iter().map(|found| found.message.clone()).collect();
    assert!(found.is_empty(), "{found:#?}");
    let masque = parsed.masque().expect("a masque");
    let denied = &masque.intent.get().unwrap().value.denied.get().unwrap().value;
    let when = denied[1].value.when.get().unwrap();
    assert_eq!(&text[when.span.range()], "environment == \"production\" and session.ring < admin");
    assert_eq!(masque.params.get().unwrap().value.len(), 3);
    assert_eq!(masque.access.get().unwrap().value.len(), 2);
    assert_eq!(masque.lens.get().unwrap().value.as_plain(), Some("plain {text}"));
    let Test::Session(test) = &masque.tests.get().unwrap().value[0].value else { panic!() };
    assert_eq!(test.given.get().unwrap().value.len(), 2);

    let bad = "version: 1.0.0\nlens: x\nintent:\n  allowed:\n    - pattern: a\n      when: \"limit \\u003e\"\n    - {pattern: b, set: c}\nparams: [{name: x}]\n";
    let found = read("a.yaml", bad).diagnostics.into_sorted();
    let found: Vec<_> = found
        .iter()
        .map(|found| format!("{} {:?}", found.message, &bad[found.primary.span.range()]))
        .collect();
    insta::assert_snapshot!(found.join("\n"));
}

/// Everything that nests, in masses: an answer, no overflow, and no more than a few findings.
#[test]
#[expect(clippy::disallowed_types, reason = "how long it takes is shown, and decides nothing")]
fn hard_input_is_refused_at_once() {
    const MEGABYTE: usize = 1 << 20;
    for (start, unit) in [
        ("masque A { ", "{"),
        ("masque A { ", "["),
        ("masque A { let x = ", "("),
        ("masque A { let x = ", "not "),
        ("masque A { let x = ", "a or "),
        ("masque A { lens ", "\""),
        ("masque A { lens ", "\"\"\""),
        ("masque A { lens \"\"\"", "{if a}"),
        ("masque A { lens \"\"\"", "{"),
        ("masque A { ", "}"),
        ("masque A { ", "\n intent {"),
        ("masque A { ", "param "),
        ("masque A { attributes ", "{ a: "),
        ("masque A { intent { ", "allow "),
        ("masque A { intent { ", "allow \"a\" when "),
        ("", "masque "),
        ("use ", "#"),
        ("set a { ", "\"x\" because "),
        ("masque A { test ", "given "),
        ("masque A { lens \"", "\\"),
    ] {
        let text = start.to_owned() + &unit.repeat(MEGABYTE / unit.len());
        let begun = std::time::Instant::now();
        let parsed = read("a.masque", &text);
        println!("{:>8.1} ms  {start}{unit}…", begun.elapsed().as_secs_f64() * 1000.0);
        assert!(parsed.diagnostics.has_errors(), "{start}{unit}");
        assert!(parsed.diagnostics.len() <= 1002, "{start}{unit}: {}", parsed.diagnostics.len());
    }
}
