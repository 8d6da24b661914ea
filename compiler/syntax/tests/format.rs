//! The layout of sources: always the same, never another meaning.

mod common;

use common::{laid_out, read, without_places};
use masque_syntax::NotFormatted;
use masque_syntax::ast::Notation;
use proptest::prelude::*;

const LANGUAGE: &str = include_str!("corpus/homelab.masque");

/// Formats, and holds the result to what is promised of every one.
fn formatted(notation: Notation, text: &str) -> Result<String, NotFormatted> {
    let name = match notation {
        Notation::Language => "a.masque",
        Notation::Yaml => "a.yaml",
        Notation::Json => "a.json",
    };
    let once = laid_out(notation, text)?;
    assert_eq!(laid_out(notation, &once).as_deref(), Ok(once.as_str()), "laid out again, it changes: {text}");
    let (before, after) = (read(name, text), read(name, &once));
    assert_eq!(without_places(&before), without_places(&after), "{text}\nbecame\n{once}");
    let codes = |parsed: &masque_syntax::Parsed| {
        let mut codes: Vec<_> = parsed.diagnostics.iter().map(|found| found.code).collect();
        codes.sort();
        codes
    };
    assert_eq!(codes(&before), codes(&after), "{text}\nbecame\n{once}");
    Ok(once)
}

#[track_caller]
fn check(notation: Notation, text: &str, expected: &str) {
    assert_eq!(formatted(notation, text).as_deref(), Ok(expected));
}

#[test]
fn comments_between_the_words_of_a_statement_stay() {
    let rest = "\n\nmasque H {\n  version 1.0.0\n  lens \"x\"\n}\n";
    check(Notation::Language, &format!("use# c\n std/git{rest}"), &format!("use # c\nstd/git{rest}"));
    check(Notation::Language, &format!("use/git{rest}"), &format!("use /git{rest}"));
    for written in ["param e: \"a\"# c\n | \"b\"", "knowledge {\n    mcp://a#b # c\n  }"] {
        let text = format!("masque H {{\n  version 1.0.0\n  lens \"x\"\n  {written}\n}}\n");
        let laid_out =
            formatted(Notation::Language, &text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(laid_out.matches("# c").count(), 1, "{laid_out}");
    }
}

#[test]
fn statements_stand_on_lines_of_their_own() {
    check(
        Notation::Language,
        "# head\nuse std/git   as g\nuse std/secrets\nmasque   A extends std/operator@1{ # here\n\n\n  index 7   version 2.3.0 ring player\n\
         skills {skill://a/b: expert skill://c/d }\n attributes{a:\"b\",c:[1,2 , 3]}\n  param e : \"a\"|\"b\"=\"a\"\n\n\n\n let c=e==\"a\"and(session.ring<admin)\n\
         intent{allow \"a *\" ,\"b *\" deny g/write when c because \"no\" match exact}\n # last\n}",
        "# head\nuse std/git as g\nuse std/secrets\n\nmasque A extends std/operator@1 { # here\n  index 7\n  version 2.3.0\n  ring player\n  \
         skills { skill://a/b: expert, skill://c/d }\n  attributes { a: \"b\", c: [1, 2, 3] }\n  param e: \"a\" | \"b\" = \"a\"\n\n  \
         let c = e == \"a\" and (session.ring < admin)\n  intent {\n    allow \"a *\", \"b *\"\n    deny g/write when c because \"no\"\n    match exact\n  }\n  # last\n}\n",
    );
}

#[test]
fn lines_end_where_their_author_ended_them_or_where_they_are_full() {
    let long = "\"investigate the first thing\", \"investigate the second thing\", \"investigate the third thing\", \"a\"";
    check(
        Notation::Language,
        &format!(
            "masque A {{ intent {{ allow {long}\n allow \"a\",\n\"b\" when true\n }} tone [\n\"x\", # why\n\"y\"] }}"
        ),
        "masque A {\n  intent {\n    allow \"investigate the first thing\", \"investigate the second thing\",\n      \"investigate the third thing\", \"a\"\n    \
         allow \"a\",\n      \"b\" when true\n  }\n  tone [\n    \"x\", # why\n    \"y\",\n  ]\n}\n",
    );
}

#[test]
fn blocks_of_text_move_as_a_whole() {
    check(
        Notation::Language,
        "masque A {\nlens \"\"\"\n      one\n        two\n\n      {if true}x{end}\n\"\"\"\n context \"\"\"above\n   below\"\"\" }",
        "masque A {\n  lens \"\"\"\n    one\n      two\n\n    {if true}x{end}\n  \"\"\"\n  context \"\"\"above\n    below\"\"\"\n}\n",
    );
}

#[test]
fn yaml_is_indented_by_two_and_keeps_its_quotes_and_comments() {
    check(
        Notation::Yaml,
        "\u{feff}# head\r\nname:   A   # name\r\nversion: '1.0.0'\n\n\n\nintent:\n    allowed: [ \"a *\",'b *'  ,{pattern: c,match: exact} ]\n    denied:\n    - x\n    \
         -   pattern: y\n        because: z   \n    # end\nlens:   |-\n        one\n          two\n\n        three\ncontext: over\n      lines\n",
        "# head\nname: A # name\nversion: '1.0.0'\n\nintent:\n  allowed: [\"a *\", 'b *', { pattern: c, match: exact }]\n  denied:\n    - x\n    \
         - pattern: y\n      because: z\n  # end\nlens: |-\n  one\n    two\n\n  three\ncontext: over\n  lines\n",
    );
}

#[test]
fn json_breaks_what_is_long_or_nested() {
    check(
        Notation::Json,
        "{\"name\":\"A\",\"version\":1.10,\"domain\":[\"a\",\n\"b\"],\"prompt\":{\n\"persona\":\"é\\n\",\n\"constraints\":[],\"examples\":[{\"input\":\"i\",\"output\":\"o\"},{\"input\":\"j\",\"output\":\"something longer, so that the line is full\"}]}}",
        "{\n  \"name\": \"A\",\n  \"version\": 1.10,\n  \"domain\": [\"a\", \"b\"],\n  \"prompt\": {\n    \"persona\": \"é\\n\",\n    \"constraints\": [],\n    \
         \"examples\": [\n      { \"input\": \"i\", \"output\": \"o\" },\n      { \"input\": \"j\", \"output\": \"something longer, so that the line is full\" }\n    ]\n  }\n}\n",
    );
}

#[test]
fn what_can_not_be_read_is_left_alone() {
    for (notation, text) in [
        (Notation::Language, "masque A { intent { allow } }"),
        (Notation::Language, "masque A {"),
        (Notation::Language, "masque A { lens \"\"\"x }"),
        (Notation::Yaml, "a: [b"),
        (Notation::Yaml, ""),
        (Notation::Json, "{\"a\": 1,}"),
        (Notation::Json, "{ // a\n}"),
    ] {
        assert_eq!(laid_out(notation, text), Err(NotFormatted::Unreadable), "{text}");
    }
}

#[test]
fn yaml_of_all_kinds_keeps_its_meaning() {
    for text in [
        "a: &x {b: [1, ~]}\nc: *x\n",
        "a: !!str 12\nb: !!map\n  c: d\n",
        "a:\n- - 1\n  - 2\n- - 3\n",
        "- a\n-\n  b: c\n",
        "a: \"x\\\n   y\"\nb: 'it''s\n\n  two'\n",
        "a: |2\n   spaced\n  text\nb: >+\n  kept\n\n\nc: d\n",
        "a:\n  - |\n    text\n  - >-  # note\n    folded\n",
        "---\n# c\na: b\n...\n",
        "a: # note\n  b: c # d\n  # e\nf:\n  # g\n  - h\n",
        "a: {b, c: d, \"e\": f}\n",
        "a: [b: c]\n",
        "? a\n: b\n",
        "a:\n\n  b: c\n\n\n\nd: e\n",
        "\"a b\": 'c'\nd: e#f\n",
        "a: [\n  b, # one\n  c\n]\n",
    ] {
        if let Err(NotFormatted::Unreadable) = formatted(Notation::Yaml, text) {
            panic!("can't be read: {text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every edit of a file of the language is laid out or refused, and keeps its meaning.
    #[test]
    fn edits_of_a_file_keep_their_meaning(at in 0..LANGUAGE.len(), length in 0..12_usize, piece in prop::sample::select(PIECES)) {
        let mut text = LANGUAGE.to_owned();
        let start = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let end = (start + length..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        text.replace_range(start..end, piece);
        let _ = formatted(Notation::Language, &text);
    }

    /// So is YAML that is put together at random.
    #[test]
    fn pieces_of_yaml_keep_their_meaning(pieces in prop::collection::vec(prop::sample::select(YAML_PIECES), 1..14)) {
        let _ = formatted(Notation::Yaml, &pieces.concat());
    }
}

const PIECES: &[&str] = &[
    "",
    "\n",
    "\n\n\n",
    " ",
    "\t",
    "\r\n",
    "# c\n",
    " # c\n",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\"\"\"",
    ",",
    "when true ",
    "\"a *\" ",
    "\\",
    "é",
    "🎭",
    "allow ",
    "tone [\"a\"]\n",
    "test { allow \"x\" }\n",
];

const YAML_PIECES: &[&str] = &[
    "\n", "\n\n", "  ", "    ", "- ", "a: ", "b: ", "c:\n", "x", "'y'", "\"z\"", "|\n", ">-\n", "|2\n",
    "\\\n", "[", "]", "{", "}", ", ", " # c\n", "# d\n", "&a ", "*a", "!!str ", "---\n", "\r\n", "é", "1.0",
    "~",
];
