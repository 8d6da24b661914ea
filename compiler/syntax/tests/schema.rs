//! The JSON Schema in `grammar/` is the one that the table of fields gives, and it says what the parser says.

mod common;

use common::found;
use masque_diagnostics::Severity;

const WRITTEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../grammar/masque.schema.json");

/// Run with `UPDATE_SCHEMA=1` to write it anew.
#[test]
#[allow(clippy::disallowed_methods, reason = "the test is about a file; the crate itself touches none")]
fn the_schema_file_is_up_to_date() {
    let schema = masque_syntax::schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(WRITTEN, &schema).expect("the schema can be written");
    }
    let written = std::fs::read_to_string(WRITTEN).unwrap_or_default();
    assert!(
        written == schema,
        "grammar/masque.schema.json is not up to date: run this test with UPDATE_SCHEMA=1"
    );
}

/// Documents that both take.
const GOOD: &[&str] = &[
    r#"{"version": "1.0.0", "lens": "x"}"#,
    r#"{"version": 2.3, "lens": "x", "name": 42}"#,
    r#"{"version": "1", "prompt": {"persona": "x"}}"#,
    r#"{"version": "1", "lens": "x", "unknown": {"is": "a warning"}}"#,
    r#"{"version": "1", "lens": "x", "ring": "admin"}"#,
    r#"{"version": "1", "lens": "x", "ring_required": "outsider"}"#,
    r#"{"version": "1", "lens": "x", "attributes": {"a": [1, null, {"b": true}]}}"#,
    r#"{"version": "1", "lens": "x", "index": 7, "max_context_tokens": 8000}"#,
    r#"{"version": "1", "lens": "x", "skills": [{"uri": "skill://a/b", "level": "novice"}, {"uri": "c"}]}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed": ["a *", {"pattern": "b", "match": "exact", "because": "c"}], "denied": [], "match": "verb", "clauses": "each"}}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed_patterns": ["a"], "denied_patterns": ["b"]}}"#,
    r#"{"version": "1", "lens": "x", "knowledge": ["mcp://a"], "access": {"vault_role": "a", "ttl": "session"}}"#,
    r#"{"version": "1", "lens": "x", "performance": {"score": "*", "history": [{"date": "d", "score": "e", "notes": "n"}]}}"#,
    r#"{"version": "1", "lens": "x", "mcp": {"servers": [{"name": "a", "type": "stdio", "command": "npx", "args": ["-y", 1, true], "env": {"A": "b", "P": 80, "D": false}}, {"name": "b", "type": "sse", "url": "u"}]}}"#,
    r#"{"version": "1", "lens": "x", "spinnerVerbs": {"mode": "prepend", "verbs": ["a"]}, "rubric": "r"}"#,
    r#"{"version": "1", "lens": "x", "domain": "story", "tone": ["dry"], "skillset": [], "safety_tags": "a"}"#,
    r#"{"version": "1", "lens": "x", "tone_descriptors": "dry"}"#,
    r#"{"version": "1", "prompt": {"persona": "x", "constraints": ["a"], "style_guidelines": "b", "formatting": "c", "examples": [{"input": "i", "output": "o"}]}}"#,
    r#"{"version": "1", "lens": "x", "prompt_schema": {"version": 1}, "default_llm": "m", "extends": "base/a@1"}"#,
    r#"{"version": "1", "lens": "x", "tests": [{"name": "a", "input": "i", "assertions": [{"contains": "a"}, {"notContains": "b"}, {"not_contains": "c"}]}, {"allowed": ["a"]}, {"denied": [], "unmatched": []}]}"#,
    r#"{"version": "1", "lens": "x", "changelog": ["a", {"version": "1", "text": "t"}, {"notes": "n"}, {"changes": ["a", "b"], "date": "d"}]}"#,
];

/// Documents that both refuse.
const BAD: &[&str] = &[
    r#"[]"#,
    r#""text""#,
    r#"{"version": true, "lens": "x"}"#,
    r#"{"version": null, "lens": "x"}"#,
    r#"{"version": "1", "lens": 1}"#,
    r#"{"version": "1", "lens": ["x"]}"#,
    r#"{"version": "1", "lens": "x", "ring": "Player"}"#,
    r#"{"version": "1", "lens": "x", "ring": "player", "ring_required": "player"}"#,
    r#"{"version": "1", "lens": "x", "index": 0}"#,
    r#"{"version": "1", "lens": "x", "index": "1"}"#,
    r#"{"version": "1", "lens": "x", "index": 1.5}"#,
    r#"{"version": "1", "lens": "x", "attributes": []}"#,
    r#"{"version": "1", "lens": "x", "skills": {"uri": "a"}}"#,
    r#"{"version": "1", "lens": "x", "skills": [{"uri": "a", "level": "guru"}]}"#,
    r#"{"version": "1", "lens": "x", "intent": "deploy *"}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed": "deploy *"}}"#,
    r#"{"version": "1", "lens": "x", "intent": {"alowed": []}}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed": [1]}}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed": [null]}}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed": [{"pattern": "p", "unless": "b"}]}}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed": [], "allowed_patterns": []}}"#,
    r#"{"version": "1", "lens": "x", "intent": {"clauses": "all"}}"#,
    r#"{"version": "1", "lens": "x", "access": {"role": "a"}}"#,
    r#"{"version": "1", "lens": "x", "knowledge": "mcp://a"}"#,
    r#"{"version": "1", "lens": "x", "performance": {"score": "x"}}"#,
    r#"{"version": "1", "lens": "x", "mcp": {"servers": [{"name": "a", "env": {"A": []}}]}}"#,
    r#"{"version": "1", "lens": "x", "spinnerVerbs": {"mode": "add"}}"#,
    r#"{"version": "1", "lens": "x", "domain": [1]}"#,
    r#"{"version": "1", "lens": "x", "prompt": "x"}"#,
    r#"{"version": "1", "lens": "x", "tests": [{"name": "a"}]}"#,
    r#"{"version": "1", "lens": "x", "tests": [{"input": "a", "denied": []}]}"#,
    r#"{"version": "1", "lens": "x", "tests": [{"input": "a", "assertions": [{}]}]}"#,
    r#"{"version": "1", "lens": "x", "tests": [{"input": "a", "assertions": [{"contains": "a", "not_contains": "b"}]}]}"#,
    r#"{"version": "1", "lens": "x", "changelog": [1]}"#,
    r#"{"version": "1", "lens": "x", "changelog": [{"text": "t", "notes": "n"}]}"#,
];

/// Documents that the schema refuses, and of which the parser leaves the judgement to the checker.
const FOR_THE_CHECKER: &[&str] = &[
    r#"{}"#,
    r#"{"lens": "x"}"#,
    r#"{"version": "1"}"#,
    r#"{"version": "1", "prompt": {"format": "markdown"}}"#,
    r#"{"version": "1", "lens": "x", "skills": [{"level": "novice"}]}"#,
    r#"{"version": "1", "lens": "x", "intent": {"allowed": [{"because": "b"}]}}"#,
    r#"{"version": "1", "lens": "x", "mcp": {"servers": [{"type": "stdio"}]}}"#,
];

#[test]
fn the_schema_and_the_parser_agree() {
    let schema = serde_json::from_str(&masque_syntax::schema()).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema is a schema");
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    let accepts = |text: &str| validator.is_valid(&serde_json::from_str(text).expect(text));
    // JSON is YAML: both front ends are asked.
    let parses = |text: &str| {
        let [json, yaml] = ["a.json", "a.yaml"]
            .map(|name| found(name, text).iter().all(|finding| finding.severity != Severity::Error));
        assert_eq!(json, yaml, "{text}");
        json
    };
    for text in GOOD {
        assert!(accepts(text), "the schema refuses {text}");
        assert!(parses(text), "the parser refuses {text}");
    }
    for text in BAD {
        assert!(!accepts(text), "the schema takes {text}");
        assert!(!parses(text), "the parser takes {text}");
    }
    for text in FOR_THE_CHECKER {
        assert!(!accepts(text), "the schema takes {text}");
        assert!(parses(text), "the parser refuses {text}");
    }
}
