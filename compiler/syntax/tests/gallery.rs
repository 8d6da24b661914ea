//! A gallery of broken sources. Each snapshot shows sources with what is said about them, to be read as an author would.

mod common;

use common::{fixed, found, shown};
use masque_diagnostics::{Applicability, Severity};

const YAML_TEXT: &[(&str, &str)] = &[
    ("an empty file", ""),
    ("comments only", "# nothing\n\n# here\n"),
    ("a list", "- name: x\n"),
    ("plain text", "You are careful.\n"),
    ("two documents", "version: 1.0.0\nlens: a\n---\nversion: 1.0.0\n"),
    ("a document marker and an end marker are fine", "%YAML 1.2\n---\nversion: 1.0.0\nlens: a\n...\n"),
    ("a star as score", "performance:\n  score: *\n"),
    ("a star as score in flow style", "performance: {score: *, history: []}\n"),
    ("a dash as score", "performance:\n  score: -\n"),
    ("a dash as score in flow style", "performance: {score: -}\n"),
    ("a pattern that begins with a star", "intent:\n  allowed:\n    - *foo\n    - *bar\n"),
    (
        "a pattern that begins with a star and goes on",
        "intent:\n  allowed:\n    - *foo bar # all\n    - deploy *\n",
    ),
    ("a star and a space", "intent: {denied: [* production *, x]}\n"),
    ("an alias with a slip", "lens: &careful x\ncontext: *carefull\n"),
    ("other characters that need quotes", "lens: @you\n"),
    ("a percent sign", "lens: % of all\n"),
    ("an alias inside of its own anchor", "attributes: &a\n  b: [*a]\n"),
    ("a merge key", "base: &base {x: 1}\nattributes:\n  <<: *base\n"),
    ("keys that are not text", "attributes:\n  [a, b]: 1\n  {c: d}: 2\n  ~: 3\n  4: four\n  true: five\n"),
    (
        "tags",
        "name: !!str 12\nlens: !secret x\ncontext: ! 12\nattributes: !!map {a: !!int 1}\nknowledge: !list []\n",
    ),
    ("a tab", "intent:\n\tallowed: []\n"),
    ("a tab after a value", "name: x\n\tversion: y\n"),
    ("tabs inside of text are fine", "lens: |\n  a\tb\ncontext: a\tb\n"),
    ("a quote that stays open", "name: \"Homelab\nversion: 1.0.0\n"),
    ("a quote that stays open to the end", "name: 'Homelab"),
    ("a bracket that stays open", "intent:\n  allowed: [\"a\", \"b\"\nversion: 1.0.0\n"),
    ("a bracket that stays open to the end", "knowledge: [mcp://a,\n"),
    ("a bracket closed by another", "knowledge: [mcp://a}\n"),
    ("a bracket too many", "knowledge: [mcp://a]]\n"),
    ("a colon in a value", "lens: You are: careful\n"),
    ("a colon in a list item", "intent:\n  allowed:\n    - say: hi: there\n"),
    ("indentation that does not fit", "intent:\n    allowed: []\n  denied: []\n"),
    ("a list item that does not fit", "knowledge:\n  - mcp://a\n - mcp://b\n"),
    ("a key with no colon", "name: x\nversion\nlens: y\n"),
    ("an unknown escape", "lens: \"C:\\path\"\n"),
    ("a control character", "lens: a\u{0}b\n"),
    ("CRLF and a BOM", "\u{feff}name: x\r\nlense: |\r\n  text\r\n  é\r\nring: rnig\r\n"),
    ("duplicate keys", "name: a\nname: b\nattributes:\n  x: 1\n  'x': 2\nfoo: 1\nfoo: 2\n"),
];

const FIELDS: &[(&str, &str)] = &[
    ("unknown fields", "lense: x\ncolour: red\nVersion: 1.0.0\n'knowlege': []\n"),
    (
        "unknown fields where rights are decided",
        "intent:\n  alowed: []\n  denies: []\n  colour: red\naccess:\n  role: x\n",
    ),
    ("a suggestion is not one that is given already", "lens: x\nlense: y\n"),
    (
        "fields in the wrong place",
        "allowed: []\nvault_role: x\nservers: []\nintent:\n  vault_role: x\nprompt:\n  lens: x\n",
    ),
    (
        "both names of a field",
        "ring: player\nring_required: guest\nintent:\n  denied_patterns: [a]\n  denied: [b]\n",
    ),
    ("no value", "lens:\nname: ~\nversion: null\nintent:\nknowledge:\n  -\n  - ~\n  - mcp://a\n"),
    (
        "numbers and truth values for text",
        "name: 42\nversion: 2.10\nlens: 12\ncontext: true\naccess: {vault_role: 007}\n",
    ),
    (
        "numbers and truth values in settings are fine",
        "mcp:\n  servers:\n    - name: 1\n      args: [-p, 80, true]\n      env: {PORT: 80, DEBUG: true}\n",
    ),
    (
        "text and maps for each other",
        "name: [a]\nlens: {a: b}\nintent: deploy *\naccess: []\nattributes: 1\nskills: {uri: x}\n",
    ),
    (
        "one value for a list",
        "knowledge: mcp://a\nintent:\n  allowed: deploy *, test *\n  denied: \"delete *\"\ndomain: story\ntone: [dry]\n",
    ),
    (
        "rules",
        "intent:\n  match: Exact\n  clauses: every\n  allowed:\n    - {pattern: a, match: exakt, because: b}\n    - [a]\n    - 12\n    - {pattern: a, unless: b}\n",
    ),
    (
        "words",
        "ring: Player\nskills:\n  - {uri: a, level: guru}\n  - {level: expret}\nperformance: {score: E, history: [{score: x}]}\nspinnerVerbs: {mode: Replace}\nmcp: {servers: [{name: a, type: studio}]}\n",
    ),
    ("a quoted word keeps its quotes", "ring: \"palyer\"\nperformance: {score: '+'}\n"),
    ("counts", "index: 0\nmax_context_tokens: \"8000\"\n"),
    ("more counts", "index: 1.5\nmax_context_tokens: many\n"),
    (
        "tests",
        "tests:\n  - name: neither\n  - {name: both, input: a, denied: [b]}\n  - {input: a, assertions: [{contains: a}, {notContains: b}, {contains: a, notContains: b}, {}]}\n  - {allowed: [a], denied: [b], unmatched: [c]}\n",
    ),
    (
        "a changelog",
        "changelog:\n  - plain\n  - {version: 1.2, changes: [a, b]}\n  - {version: 1.2.0, date: 2026-01-02, notes: c, text: d}\n  - [a]\n",
    ),
    (
        "fine, with the older names",
        "version: 2.3\nring_required: player\nintent:\n  allowed_patterns: [\"deploy *\"]\n  denied_patterns: [\"delete *\"]\ntone_descriptors: [dry]\nprompt:\n  formatting: markdown\n  constraints: Cite\n",
    ),
];

const JSON: &[(&str, &str)] = &[
    ("an empty object is fine to read", "{}\n"),
    ("a comma too many", "{\"version\": \"1.0.0\", \"domain\": [\"a\", \"b\",],}\n"),
    ("comments", "{\n  // the name\n  \"name\": \"x\" /* here */\n}\n"),
    ("a comma too few", "{\"name\": \"x\" \"version\": \"1.0.0\"}\n"),
    ("a comma too few in a list", "{\"domain\": [\"a\" \"b\"]}\n"),
    ("a key with no quotes", "{name: \"x\"}\n"),
    ("a word with no quotes", "{\"ring\": player}\n"),
    ("single quotes", "{'name': 'x'}\n"),
    ("a number that is none", "{\"version\": 1.2.3}\n"),
    ("a leading zero", "{\"index\": 01}\n"),
    ("a quote that stays open", "{\"name\": \"x\n}\n"),
    ("a bracket that stays open", "{\"domain\": [\"a\""),
    ("a brace that stays open", "{\"name\": \"x\"\n"),
    ("text after the end", "{\"name\": \"x\"}\n{}\n"),
    ("an unknown escape", "{\"name\": \"a\\qb\"}\n"),
    ("half a surrogate pair", "{\"name\": \"\\ud83c\"}\n"),
    ("a control character", "{\"name\": \"a\u{1}b\"}\n"),
    ("duplicate keys and unknown ones", "{\"name\": \"a\", \"name\": \"b\", \"lense\": \"c\"}\n"),
    ("null, numbers and truth values", "{\"name\": null, \"version\": 2.10, \"lens\": true}\n"),
    ("no colon", "{\"name\" \"x\"}\n"),
    ("no value", "{\"name\": }\n"),
];

fn page(name: &str, cases: &[(&str, &str)]) -> String {
    cases.iter().map(|(title, text)| format!("## {title}\n{}\n", shown(name, text))).collect()
}

#[test]
fn yaml_text() {
    insta::assert_snapshot!(page("a.masque.yaml", YAML_TEXT));
}

#[test]
fn fields() {
    insta::assert_snapshot!(page("a.masque.yaml", FIELDS));
}

#[test]
fn json() {
    insta::assert_snapshot!(page("mask.json", JSON));
}

/// A safe fix removes its own finding and brings no new error with it.
#[test]
fn safe_fixes_fix() {
    let cases = [("a.masque.yaml", YAML_TEXT), ("a.masque.yaml", FIELDS), ("mask.json", JSON)];
    let mut fixes = 0;
    for (name, text) in
        cases.iter().flat_map(|(name, cases)| cases.iter().map(move |(_, text)| (*name, *text)))
    {
        let before = found(name, text);
        for finding in &before {
            for fix in finding.fixes.iter().filter(|fix| fix.applicability == Applicability::Safe) {
                fixes += 1;
                let after = fixed(text, fix);
                let left = found(name, &after);
                assert!(
                    left.len() < before.len() || finding.code.number() < 100,
                    "{text}\n{after}\n{left:#?}"
                );
                let same = left.iter().filter(|other| other.message == finding.message).count();
                let were = before.iter().filter(|other| other.message == finding.message).count();
                assert!(same < were, "{text}\n{after}\n{left:#?}");
            }
        }
    }
    assert!(fixes > 20, "only {fixes} fixes were tried");
}

/// Messages are lower case, say what they say without a final period, and an error or warning always says what to change.
#[test]
fn wording() {
    for (name, cases) in [("a.masque.yaml", YAML_TEXT), ("a.masque.yaml", FIELDS), ("mask.json", JSON)] {
        for finding in cases.iter().flat_map(|(_, text)| found(name, text)) {
            let texts = [&finding.message, &finding.primary.message]
                .into_iter()
                .chain(&finding.help)
                .chain(&finding.notes);
            for text in texts {
                let first = text.chars().next().expect("no text is empty");
                let proper = ["JSON", "YAML"].iter().any(|name| text.starts_with(name));
                assert!(proper || !first.is_uppercase(), "{text}");
                assert!(!text.ends_with('.'), "{text}");
            }
            assert!(finding.help.is_some() || !finding.fixes.is_empty(), "{}: no help", finding.message);
            assert!(matches!(finding.severity, Severity::Error | Severity::Warning));
        }
    }
}
