//! A document in another notation, and back: what is printed says what was read.

mod common;

use common::{laid_out, read, without_places};
use masque_syntax::ast::Notation::{self, Json, Language, Yaml};
use masque_syntax::{Parsed, print};
use proptest::prelude::*;

fn name(notation: Notation) -> &'static str {
    match notation {
        Language => "a.masque",
        Yaml => "a.yaml",
        Json => "a.json",
    }
}

/// What a source says; neither where, nor in which notation, nor what its author notes beside.
fn meaning(parsed: &Parsed) -> String {
    let shown = without_places(parsed);
    let lines =
        shown.lines().filter(|line| !line.trim_start().starts_with("notation:") && !line.trim().is_empty());
    let lines: Vec<&str> = lines.collect();
    let comments =
        lines.iter().position(|line| line.starts_with("            comments:")).unwrap_or(lines.len());
    lines[..comments].join("\n")
}

/// Prints a source in another notation, and holds the result to its meaning.
#[track_caller]
fn printed(text: &str, from: Notation, to: Notation) -> Result<String, Vec<String>> {
    let parsed = read(name(from), text);
    assert!(!parsed.diagnostics.has_errors(), "{text}\n{:#?}", parsed.diagnostics);
    let document = parsed.document.as_ref().expect("it was read");
    let printed = print(document, text, to).map_err(|lost| {
        lost.into_iter().map(|lost| format!("{} at {}", lost.what, lost.place.start)).collect::<Vec<_>>()
    })?;
    let again = read(name(to), &printed);
    assert!(!again.diagnostics.has_errors(), "{text}\nbecame\n{printed}\n{:#?}", again.diagnostics);
    let (before, after) = (meaning(&parsed), meaning(&again));
    if let Some((before, after)) = before.lines().zip(after.lines()).find(|(before, after)| before != after) {
        panic!("{text}\nbecame\n{printed}\n{before}\nbecame\n{after}");
    }
    assert_eq!(before.lines().count(), after.lines().count(), "{text}\nbecame\n{printed}");
    let document = again.document.as_ref().expect("it was read");
    assert_eq!(print(document, &printed, to).as_deref(), Ok(printed.as_str()), "printed again, it changes");
    Ok(printed)
}

const YAML: &str = "# Keeps the lab.\nname: Home lab\nindex: 7\nversion: \"2.3.0\"\nring: player # for now\nextends: std/operator@1\nuse: [std/git, {library: std/secrets, as: s}]\n\
    attributes:\n  a: {b: [1, ~, true], 'c d': \"x y\"}\nskills:\n  - uri: skill://a/b\n    level: expert\n  - uri: skill://c/d\n\
    params:\n  - name: environment\n    one_of: [staging, \"pro{d}\"]\n    default: \"pro{d}\"\n  - {name: n, type: int, default: -3}\n  - {name: t, type: duration, default: 15 minutes}\n\
    intent:\n  match: exact\n  allowed:\n    - \"deploy *\"\n    # with care\n    - {pattern: 'it''s *', match: verb, when: 'environment == \"staging\" and (n < 3 or not (t > 5m))'}\n  also_allowed: [x]\n  \
    denied:\n    - {set: s/print, because: never}\n    - \"{delete,destroy} *\"\n\
    context: Braces {are} text.\nlens: |\n  Prefer\n    stability.\n\n  \"\"\"\nknowledge:\n  - mcp://a\n  - {uri: mcp://b, when: 'session.intent matches \"a {b,c}*\"'}\n\
    access:\n  - {vault_role: r, ttl: session}\n  - {vault_role: q, ttl: PT15M, when: session.ring >= admin}\nwiden: [ring]\nensure:\n  - never: \"delete *\"\n  - always: {set: git/read}\n    when: n == 1\n\
    performance:\n  score: \"*\"\n  history: [{date: 2026-01-15, score: e, notes: fine}]\nmcp:\n  servers:\n    - {name: s, type: stdio, command: npx, args: [\"-y\", 1], env: {A: b}}\n\
    spinnerVerbs: {mode: append, verbs: [Looking]}\nrubric: Good.\ndomain: [ops]\ntone: [calm]\nskillset: [x]\nprompt_schema: {version: 1.0}\ndefault_llm: m\nmax_context_tokens: 8000\nsafety_tags: [a]\n\
    tests:\n  - name: first\n    given: {environment: \"a b\", ring: admin}\n    allowed: [deploy x, {intent: y, because: z}]\n    denied: [{intent: d, because_set: s/print}]\n    unmatched: [u]\n    \
    knowledge: [mcp://a]\n    access: [{vault_role: r, ttl: session}, {vault_role: q}]\n    lens: [{contains: Prefer}]\n    context: [{notContains: \"no\\nwhere\"}]\n  \
    - input: b\n    assertions:\n      - contains: c\n      - notContains: d\nchangelog:\n  - first\n  - {version: 2.0, date: 2026-01-01, text: [a, b]}\n# The end.\n";

const LANGUAGE: &str = include_str!("corpus/homelab.masque");

#[test]
fn yaml_goes_into_the_language_and_back() {
    let language = printed(YAML, Yaml, Language).expect("nothing is lost");
    insta::assert_snapshot!(language);
    let yaml = printed(&language, Language, Yaml).expect("nothing is lost");
    insta::assert_snapshot!(yaml);
    assert_eq!(printed(&yaml, Yaml, Language).as_deref(), Ok(language.as_str()));
}

#[test]
fn json_takes_everything_but_comments() {
    assert_eq!(
        printed(YAML, Yaml, Json),
        Err(["at 0", "at 71", "at 496", "at 1894"].map(|at| format!("a comment {at}")).to_vec())
    );
    let bare: String = YAML
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect();
    let json = printed(&bare.replace(" # for now", ""), Yaml, Json).expect("nothing is lost");
    let back = printed(&json, Json, Yaml).expect("nothing is lost");
    assert_eq!(printed(&back, Yaml, Json).as_deref(), Ok(json.as_str()));
}

#[test]
fn what_another_notation_has_no_room_for_is_named() {
    let text = "use std/git\nset mine { \"a *\" }\nmasque A { version 1.0.0 param p: string = \"x\" let c = p == \"y\" lens \"{p}\" context \"plain\" }";
    let lost =
        ["the set `mine` at 12", "the name `c` at 78", "what `lens` says by conditions and values at 100"];
    assert_eq!(printed(text, Language, Yaml), Err(lost.map(str::to_owned).to_vec()));
    let library = "library a { version 1.0.0 set a { \"x *\" } }";
    assert_eq!(printed(library, Language, Yaml), Err(vec!["a library of intent sets at 8".to_owned()]));
    let nameless = "version: 1.0.0\nlens: x\n";
    assert_eq!(
        printed(nameless, Yaml, Language),
        Err(vec!["a masque without a `name`, which is taken from the file's at 0".to_owned()])
    );
}

#[test]
fn the_language_is_printed_as_it_is_laid_out() {
    for text in [
        LANGUAGE,
        "library gardening {\n  version 1.0.0\n  about \"What is done.\"\n  # a\n  set watering because \"dry\" { \"water *\", \"mist *\" because \"fog\" }\n  set gardening { watering\n exact \"feed\" }\n}\n",
        "masque \"The Poet's Ear\" {\n version 1.0.0\n lens \"\"\"\n  {if a == 1 or b and not (c or d)} x {else if e in [\"f\", \"g\"]} {lower(h)} {else}{{y}}{end}\n\n  {if true}\n  z\n  {end}\n \"\"\"\n let x = (1 < 2) == (3 < 4)\n}",
    ] {
        let printed = printed(text, Language, Language).expect("nothing is lost");
        assert_eq!(laid_out(Language, &printed).as_deref(), Ok(printed.as_str()));
    }
}

/// A JSON mask that says these texts in every place that takes one, through every notation.
#[track_caller]
fn survives(pattern: &str, prose: &str, data: &str) {
    let text = serde_json::json!({
        "name": "A", "version": "1.0.0", "lens": prose, "rubric": data, "context": data,
        "attributes": { data: [data, { "x": prose }] },
        "intent": { "allowed": [pattern, { "pattern": pattern, "because": data }] },
        "tests": [{ "name": prose, "given": { "ring": data }, "allowed": [data] }],
    })
    .to_string();
    let language = printed(&text, Json, Language).expect("nothing is lost");
    let yaml = printed(&language, Language, Yaml).expect("nothing is lost");
    printed(&yaml, Yaml, Json).expect("nothing is lost");
}

#[test]
fn a_text_of_several_lines_may_hold_a_return() {
    survives(" ", "c", "#\t\n$?\u{85}\rp%[\r\\\"");
    survives("a *", "b", "x\ny\"");
    survives("a *", "b", "x\ny\rz");
}

fn edited() -> impl Strategy<Value = String> {
    let pieces = [
        "",
        " ",
        "\n",
        "\"a *\"",
        "# c\n",
        "when true",
        "{{",
        "{if true}",
        "{end}",
        "not ",
        "(",
        ")",
        "\\n",
        "é",
        "\"\"\"",
        ", ",
    ];
    (0..LANGUAGE.len(), 0..9_usize, prop::sample::select(pieces.to_vec())).prop_map(|(at, length, piece)| {
        let start = (0..=at).rev().find(|at| LANGUAGE.is_char_boundary(*at)).unwrap_or(0);
        let end = (start + length..=LANGUAGE.len())
            .find(|at| LANGUAGE.is_char_boundary(*at))
            .unwrap_or(LANGUAGE.len());
        [&LANGUAGE[..start], piece, &LANGUAGE[end..]].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever an edit leaves readable is printed as it was read.
    #[test]
    fn edits_are_printed_as_they_are_read(text in edited()) {
        let parsed = read("a.masque", &text);
        if !parsed.diagnostics.has_errors() && parsed.document.is_some() {
            let _ = printed(&text, Language, Language);
        }
    }

    /// Any text comes back from every notation, whether it is a rule, prose or data.
    #[test]
    fn texts_survive_every_notation(pattern in "[ -~é🎭]{1,20}", prose in "[ -~é\n\t\"{}]{1,30}", data in "[ -~é\n\t\r\u{85}\"'#:*&-]{0,30}") {
        survives(&pattern, &prose, &data);
    }
}
