//! Input that is made to cost: each is taken or refused with a placed error, in bounded time and memory.

#![allow(clippy::disallowed_types, reason = "these tests measure")]

mod common;

use std::time::{Duration, Instant};

use common::{found, read};
use masque_diagnostics::codes::syntax as codes;
use masque_diagnostics::{Code, Diagnostic};
use masque_syntax::MAX_SOURCE_BYTES;

/// Far more than any of these takes, far less than what grows faster than the input would take.
const PATIENCE: Duration = Duration::from_secs(20);

fn refused(name: &str, text: &str, code: Code) -> Diagnostic {
    let begun = Instant::now();
    let found = found(name, text);
    assert!(begun.elapsed() < PATIENCE, "{} took {:?}", code.name(), begun.elapsed());
    let finding = found.into_iter().find(|finding| finding.code == code);
    let finding = finding.unwrap_or_else(|| panic!("no {} in what was found", code.name()));
    assert!(finding.primary.span.end as usize <= text.len());
    finding
}

#[test]
fn deep_nesting_is_refused_in_every_style() {
    for depth in [150, 1_000, 100_000] {
        let flow = format!("attributes: {}{}\n", "[".repeat(depth), "]".repeat(depth));
        let maps = format!("attributes: {}x{}\n", "{a: ".repeat(depth), "}".repeat(depth));
        let dashes = format!("attributes:\n  {}x\n", "- ".repeat(depth));
        let json = format!("{{\"attributes\": {}{}}}", "[".repeat(depth), "]".repeat(depth));
        let objects = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        for (name, text) in [
            ("a.yaml", &flow),
            ("a.yaml", &maps),
            ("a.yaml", &dashes),
            ("a.json", &json),
            ("a.json", &objects),
        ] {
            refused(name, text, codes::TOO_DEEP);
        }
    }
    let lines: String = (0..1_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    refused("a.yaml", &format!("attributes:\n{}", lines.replace("\n", "\n ")), codes::TOO_DEEP);
    let open = "[".repeat(1_000_000);
    refused("a.yaml", &open, codes::TOO_DEEP);
    refused("a.json", &format!("{{\"a\":{open}"), codes::TOO_DEEP);
}

#[test]
fn nesting_within_the_limit_is_read() {
    let depth = 98;
    for name in ["a.yaml", "a.json"] {
        let text = format!("{{\"attributes\": {{\"a\": {}1{}}}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(found(name, &text).is_empty(), "{name}");
    }
}

/// Nine levels of nine aliases each: 9^9 nodes from half a kilobyte.
#[test]
fn an_alias_bomb_is_refused() {
    let mut text =
        "attributes:\n  a0: &a0 [boom, boom, boom, boom, boom, boom, boom, boom, boom]\n".to_owned();
    for level in 1..=12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("  a{level}: &a{level} [{aliases}]\n"));
    }
    refused("a.yaml", &text, codes::ALIAS_EXPANSION);
}

/// A single large text that is used many times costs as much.
#[test]
fn many_aliases_of_a_large_text_are_refused() {
    let text = format!(
        "attributes:\n  a: &a \"{}\"\n  b: [{}]\n",
        "x".repeat(1 << 20),
        vec!["*a"; 100_000].join(", ")
    );
    refused("a.yaml", &text, codes::ALIAS_EXPANSION);
}

#[test]
fn aliases_do_not_deepen_nesting_past_the_limit() {
    let mut text = "attributes:\n  a0: &a0 [x]\n".to_owned();
    for level in 1..=200 {
        text.push_str(&format!("  a{level}: &a{level} [*a{}]\n", level - 1));
    }
    refused("a.yaml", &text, codes::TOO_DEEP);
}

#[test]
fn a_source_above_the_cap_is_refused_and_one_below_is_read() {
    let text =
        format!("version: 1.0.0\nlens: |\n{}", "  A line of a very long lens.\n".repeat(10 << 20 >> 5));
    assert!(text.len() > 9 << 20);
    let begun = Instant::now();
    assert!(found("a.yaml", &text).is_empty());
    assert!(begun.elapsed() < PATIENCE);
    refused("a.yaml", &"x".repeat(MAX_SOURCE_BYTES + 1), codes::TOO_LARGE);
    refused("a.json", &"{".repeat(MAX_SOURCE_BYTES + 1), codes::TOO_LARGE);
    refused("a.yaml", &format!("lens: {}", "🎭".repeat(MAX_SOURCE_BYTES / 4)), codes::TOO_LARGE);
}

#[test]
fn large_lists_maps_and_lines_are_read_in_linear_time() {
    let patterns: String = (0..100_000).map(|n| format!("    - \"deploy thing {n} *\"\n")).collect();
    let keys: String = (0..150_000).map(|n| format!("  key{n}: {n}\n")).collect();
    let comments = "# a comment\n".repeat(200_000);
    for text in [
        format!("version: 1.0.0\nlens: x\nintent:\n  allowed:\n{patterns}"),
        format!("version: 1.0.0\nlens: x\nattributes:\n{keys}"),
        format!("version: 1.0.0\nlens: x\n{comments}ring: player\n"),
        format!("version: 1.0.0\nlens: \"{}\"\n", "x".repeat(8 << 20)),
        format!("version: 1.0.0\nlens: {}\n", "x y\n  ".repeat(1 << 18)),
        format!("version: 1.0.0\nlens: x\nknowledge: [{}]\n", vec!["mcp://a"; 200_000].join(", ")),
    ] {
        let begun = Instant::now();
        let found = found("a.yaml", &text);
        assert!(found.is_empty(), "{:#?}", &found[..1]);
        assert!(begun.elapsed() < PATIENCE, "{:?} for {:?}…", begun.elapsed(), &text[..60]);
    }
}

/// A million mistakes are not a million messages.
#[test]
fn findings_are_capped() {
    let unknown: String = (0..50_000).map(|n| format!("lense{n}: x\n")).collect();
    let aliases: String = (0..50_000).map(|n| format!("  - *a{n}\n")).collect();
    let words: String = (0..100_000).map(|_| "  - {uri: a, level: guru}\n".to_owned()).collect();
    let duplicates = "a: 1\n".repeat(50_000);
    let commas = format!("{{\"domain\": [{}]}}", vec!["[1,]"; 50_000].join(","));
    for (name, text) in [
        ("a.yaml", unknown),
        ("a.yaml", format!("knowledge:\n{aliases}")),
        ("a.yaml", format!("skills:\n{words}")),
        ("a.yaml", duplicates),
        ("a.json", commas),
    ] {
        refused(name, &text, codes::TOO_MANY_FINDINGS);
        assert!(found(name, &text).len() < 1_100);
    }
}

/// An error that the cap swallowed is still an error.
#[test]
fn an_error_after_a_thousand_warnings_still_counts() {
    let warnings: String = (0..5_000).map(|n| format!("field{n}: x\n")).collect();
    let parsed = read("a.yaml", &format!("{warnings}ring: rnig\n"));
    assert!(parsed.diagnostics.has_errors());
}

/// A megabyte of what makes parsers slow, in the language: read, and laid out where it can be, in time that grows with the text.
#[test]
fn a_megabyte_of_the_language_is_no_burden() {
    let masque = |body: String| format!("masque A {{\n  version 1.0.0\n  lens \"x\"\n{body}}}\n");
    let many = |piece: &str| piece.repeat((1 << 20) / piece.len());
    let cases = [
        ("brackets", many("[")),
        ("closing brackets", many("]")),
        ("braces", many("{")),
        ("closing braces", many("}")),
        ("pairs of braces", many("{}")),
        ("quotes", many("\"")),
        ("blocks of text", many("\"\"\"")),
        ("nested braces", masque(many(&format!("attributes {}x{}\n", "{ a: ".repeat(20), " }".repeat(20))))),
        ("short lists", masque(many("tone [\"a\", \"b\"]\n"))),
        ("one long list", masque(format!("tone [{}]\n", many("\"a\", ")))),
        ("rules", masque(format!("intent {{\n{}}}\n", many("  allow \"a *\" when true\n")))),
        ("words", many("allow ")),
        ("comments", many("# x\n")),
        ("signs in a URI", masque(format!("knowledge {{\n  mcp://a{}\n}}\n", many("#")))),
    ];
    for (what, text) in cases {
        let begun = Instant::now();
        let parsed = read("a.masque", &text);
        let reading = begun.elapsed();
        let laid_out = common::laid_out(masque_syntax::ast::Notation::Language, &text);
        let whole = begun.elapsed();
        println!("{what}: read in {reading:?}, laid out ({}) in {:?}", laid_out.is_ok(), whole - reading);
        assert!(parsed.document.is_some() || parsed.diagnostics.has_errors(), "{what}");
        assert!(whole < PATIENCE, "{what} took {whole:?}");
    }
}
