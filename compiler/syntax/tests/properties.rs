//! What holds for every text.

mod common;

use common::read;
use masque_diagnostics::{Diagnostic, Span};
use masque_syntax::ast::Masque;
use proptest::prelude::*;

const PERSONA: &str = "# A persona.\nname: Homelab\nindex: 7\nversion: \"2.3.0\"\nring: player\nattributes:\n  a: &x {b: [1, ~]}\n  \
    c: *x\nskills:\n  - uri: skill://a/b\n    level: expert\nintent:\n  allowed:\n    - \"deploy *\"\n    - {pattern: 'it''s *', match: \
    exact}\n  denied: [\"délete \\u00e9 *\"]\ncontext: >-\n  Folded\n  text 🎭.\nlens: |2\n    Prefer\n  stability.\nperformance:\n  \
    score: \"*\"\ntests:\n  - {name: a, allowed: [deploy x]}\n  - input: b\n    assertions:\n      - contains: c\nchangelog:\n  - first\n";

const LANGUAGE: &str = include_str!("corpus/homelab.masque");

const MASK: &str = r#"{"id": "mask.a", "version": 2.10, "domain": ["a", "b"], "prompt": {"persona": "q\"\u00e9\ud83c\udfad\n",
  "examples": [{"input": "i", "output": "o"}]}, "tests": [{"name": "n", "input": "i", "assertions": [{"contains": "c"}]}], "index": 3}"#;

/// Texts that hit the parsers where it hurts.
const PIECES: &[&str] = &[
    "\n",
    "  ",
    "\t",
    "- ",
    ": ",
    ":",
    "*",
    "&a ",
    "*a",
    "|",
    ">-",
    "\"",
    "'",
    "\\",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " # c",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "!",
    "!!str ",
    "!x ",
    "<<: ",
    "? ",
    "~",
    "null",
    "1.0",
    "é",
    "🎭",
    "\r\n",
    "\u{feff}",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "\\u",
    "\\ud83c",
    "//",
    "/*",
    "lens",
    "intent:\n",
    "\"\"\"",
    "{if ",
    "{else}",
    "{end}",
    "{{",
    "when ",
    " and ",
    "not ",
    "(",
    "\\{",
    "\\u{e9}",
    "use ",
    "set x {",
    "param ",
    "test ",
    "because ",
    "15 minutes",
];

fn spans(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> {
    let labels = diagnostic.secondary.iter().map(|label| label.span);
    let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    std::iter::once(diagnostic.primary.span).chain(labels).chain(edits)
}

/// Every span of the tree, read off its debug form, so that none is forgotten.
fn spans_of_tree(masque: &Masque) -> Vec<(usize, usize)> {
    let shown = format!("{masque:?}");
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let starts = shown.match_indices(", start: ").filter_map(|(at, found)| {
        let rest = &shown[at + found.len()..];
        let end = rest.find(", end: ").filter(|end| *end < 12)?;
        Some((number(rest)?, number(&rest[end + 7..])?))
    });
    starts.collect()
}

fn check(name: &str, text: &str) {
    let parsed = read(name, text);
    for finding in parsed.diagnostics.iter() {
        for span in spans(finding) {
            assert!(text.get(span.range()).is_some(), "{text:?}: {finding:#?}");
        }
    }
    match parsed.masque() {
        None => assert!(parsed.diagnostics.has_errors(), "{text:?}: nothing read and nothing said"),
        Some(masque) => {
            for (start, end) in spans_of_tree(masque) {
                assert!(text.get(start..end).is_some(), "{text:?}: {start}..{end}");
            }
            for (span, decoded) in texts_of(masque) {
                for at in 0..decoded.len() {
                    let place = masque_syntax::place_in_scalar(text, span, at..at + 1);
                    assert!(
                        span.start <= place.start && place.end <= span.end,
                        "{text:?}: {at} of {decoded:?}"
                    );
                    if let Some(character) = decoded.get(at..at + 1) {
                        let written =
                            text.get(place.range()).unwrap_or_else(|| panic!("{text:?}: {place:?}"));
                        let escaped = written.starts_with('\\') || written == "''";
                        let space = character.trim().is_empty() || decoded[at..].trim().is_empty();
                        assert!(
                            escaped || space || written == character,
                            "{text:?}: {at} of {decoded:?} is {written:?}"
                        );
                    }
                }
            }
        }
    }
}

/// Texts that a person may be shown a part of.
fn texts_of(masque: &Masque) -> Vec<(Span, String)> {
    // In the language, pieces of templates keep their own places.
    let whole = masque.notation != masque_syntax::ast::Notation::Language;
    let templates =
        [&masque.lens, &masque.context].into_iter().filter(|_| whole).filter_map(|field| field.get());
    let mut texts: Vec<_> = templates
        .filter_map(|text| {
            Some(masque_diagnostics::Spanned::new(text.value.as_plain()?.to_owned(), text.span))
        })
        .collect();
    if let Some(intent) = masque.intent.get() {
        for rules in [&intent.value.allowed, &intent.value.denied].into_iter().filter_map(|rules| rules.get())
        {
            texts.extend(rules.value.iter().filter_map(|rule| rule.value.pattern.get()).cloned());
        }
    }
    texts.into_iter().map(|text| (text.span, text.value)).collect()
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, usize)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, 0..=PIECES.len()), 1..6)
}

/// The text with pieces put in and others taken out.
fn edited(text: &str, edits: &[(prop::sample::Index, usize, usize)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (place, removed, piece) in edits {
        let at = place.index(characters.len() + 1);
        let end = (at + removed).min(characters.len());
        characters.splice(at..end, PIECES.get(*piece).copied().unwrap_or("").chars());
    }
    characters.into_iter().collect()
}

/// White space of several bytes between the braces of a hole, found by chance once.
#[test]
fn an_empty_hole_is_shown_whole() {
    for hole in ["{}", "{  }", "{\u{85}}", "{if \u{2028}}"] {
        let text = format!("masque A {{ lens \"\"\"\n{hole}x\n\"\"\" }}");
        check("a.masque", &text);
        let parsed = read("a.masque", &text);
        let found = parsed.diagnostics.iter().find(|found| found.code.to_string() == "M0608");
        assert_eq!(found.map(|found| &text[found.primary.span.range()]), Some(hole));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn no_edit_of_a_persona_breaks_the_reader(edits in edits()) {
        check("a.yaml", &edited(PERSONA, &edits));
    }

    #[test]
    fn no_edit_of_a_file_of_the_language_breaks_the_reader(edits in edits()) {
        check("a.masque", &edited(LANGUAGE, &edits));
    }

    #[test]
    fn no_edit_of_a_mask_breaks_the_reader(edits in edits(), yaml in any::<bool>()) {
        check(if yaml { "a.yaml" } else { "a.json" }, &edited(MASK, &edits));
    }

    #[test]
    fn no_text_breaks_the_readers(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), any in any::<String>()) {
        for text in [pieces.concat(), any] {
            check("a.yaml", &text);
            check("a.json", &text);
            check("a.json", &format!("{{{text}"));
            check("a.masque", &format!("masque A {{ {text} }}"));
            check("a.masque", &format!("set a {{ {text} }} masque A {{ lens \"\"\"\n{text}\n\"\"\" }}"));
        }
    }

    /// Block scalars of any content.
    #[test]
    fn no_block_scalar_breaks_the_reader(
        header in prop::sample::select(&["|", ">", "|-", ">+", "|2", ">1-", "| # c", "&a |", "!!str >"][..]),
        lines in prop::collection::vec("[ \\t]{0,4}[a\u{85}\u{2028}é🎭#:*\\-]{0,3}[ \\t\r]{0,2}", 0..8),
        indent in 0..4_usize,
    ) {
        let lines: String = lines.iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect();
        check("a.yaml", &format!("lens: {header}\n{lines}"));
        check("a.yaml", &format!("intent:\n  allowed:\n  - {header}\n{lines}"));
        check("a.yaml", &format!("{header}\n{lines}"));
    }

    /// JSON is YAML: both readers give the same tree, places and all.
    #[test]
    fn json_read_as_yaml_gives_the_same_tree(document in document()) {
        let text = document.to_string();
        let json = read("a.json", &text);
        let yaml = read("a.yaml", &text);
        let yaml_tree = yaml.masque().map(|masque| Masque { notation: masque_syntax::ast::Notation::Json, ..masque.clone() });
        prop_assert_eq!(json.masque(), yaml_tree.as_ref(), "{}", text);
        prop_assert_eq!(json.diagnostics.into_sorted(), yaml.diagnostics.into_sorted(), "{}", text);
    }
}

/// Mask definitions with right and wrong values in them.
fn document() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        "[ -~é🎭\\n\\t]{0,12}".prop_map(Into::into),
        prop::sample::select(&["player", "verb", "each", "expert", "*", "stdio"][..]).prop_map(Into::into),
    ];
    let key = prop::sample::select(
        &[
            "name",
            "version",
            "ring",
            "ring_required",
            "intent",
            "allowed",
            "denied",
            "pattern",
            "match",
            "lens",
            "prompt",
            "persona",
            "tests",
            "input",
            "assertions",
            "contains",
            "skills",
            "uri",
            "level",
            "attributes",
            "domain",
            "access",
            "ttl",
            "env",
            "lense",
        ][..],
    );
    let value = leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    });
    let field = prop::sample::select(
        &[
            "name",
            "version",
            "ring",
            "intent",
            "lens",
            "prompt",
            "tests",
            "skills",
            "attributes",
            "domain",
            "access",
            "mcp",
            "x",
        ][..],
    );
    prop::collection::hash_map(field.prop_map(str::to_owned), value, 0..8)
        .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect()))
}

#[test]
fn the_starting_points_are_well_formed() {
    assert!(read("a.yaml", PERSONA).diagnostics.is_empty(), "{:#?}", read("a.yaml", PERSONA).diagnostics);
    assert!(read("a.json", MASK).diagnostics.is_empty(), "{:#?}", read("a.json", MASK).diagnostics);
}
