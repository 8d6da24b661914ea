//! The forms that programs read: each with a golden text, its schema where it has one, and the same facts as every other.

use masque_diagnostics::codes::syntax::{FIELD_TWICE, UNKNOWN_FIELD};
use masque_diagnostics::{Diagnostic, Fix, Sources, Span};
use masque_report::{TerminalOptions, github, json, json_document, sarif, sarif_document, short, terminal};
use serde_json::Value;

const FINDINGS: &str = include_str!("../../../grammar/findings.schema.json");
/// The standard's schema as Microsoft publishes it under the MIT licence.
const SARIF: &str = include_str!("sarif-2.1.0.schema.json");

/// A finding behind an emoji and a tab, and one over two lines with another party.
fn findings() -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let text = "name: \"🎭\"\r\n\t# é: 100%, really\r\nlense: x\nring: a\nring_required: |\n  b\n  c\n";
    let id = sources.add("my personas/a,b.masque.yaml", text);
    let at = |wanted: &str| {
        let start = text.find(wanted).expect("it is there");
        Span::new(id, start, start + wanted.len())
    };
    let first = Diagnostic::new(
        UNKNOWN_FIELD,
        "a masque has no field `lense`: 100% sure",
        at("lense"),
        "unknown field",
    )
    .with_note("é and 🎭 come before it")
    .with_fix(Fix::safe("replace `lense` with `lens`", at("lense"), "lens"));
    let second = Diagnostic::new(
        FIELD_TWICE,
        "`ring` and `ring_required` are one field",
        at("|\n  b\n  c"),
        "again here",
    )
    .with_label(at("ring: a"), "first given here")
    .with_label(at("🎭"), "")
    .with_help("keep one,\nremove the other");
    (sources, vec![first, second])
}

fn valid(schema: &str, document: &str) {
    // A pattern of the SARIF schema has a bracket too many, which not every engine takes as itself.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$");
    let schema: Value = serde_json::from_str(&schema).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let document: Value = serde_json::from_str(document).expect("JSON");
    let errors: Vec<String> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn as_json() -> String {
    let (sources, found) = findings();
    json_document(found.iter().map(|found| json(&sources, found)).collect())
}

fn as_sarif() -> String {
    let (sources, found) = findings();
    sarif_document(&found.iter().map(|found| sarif(&sources, found)).collect::<Vec<_>>(), "1.2.3")
}

#[test]
fn lines() {
    let (sources, found) = findings();
    insta::assert_snapshot!(short(&sources, &found));
    insta::assert_snapshot!(github(&sources, &found));
}

#[test]
fn json_is_what_its_schema_says() {
    insta::assert_snapshot!(as_json());
    valid(FINDINGS, &as_json());
    valid(FINDINGS, &json_document(Vec::new()));
    let broken: Value = serde_json::from_str(&as_json().replace("\"safe\"", "\"maybe\"")).expect("JSON");
    let schema = serde_json::from_str(FINDINGS).expect("a schema");
    assert!(!jsonschema::is_valid(&schema, &broken), "the schema looks at what fixes are");
}

#[test]
fn sarif_is_what_the_standard_says() {
    valid(SARIF, &as_sarif());
    valid(SARIF, &sarif_document(&[], "0.1.0"));
    let mut log: Value = serde_json::from_str(&as_sarif()).expect("JSON");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].take();
    let rules = rules.as_array().expect("rules");
    assert!(rules.iter().any(|rule| rule["id"] == "M0101" && rule["name"] == "unknown-field"), "{rules:?}");
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).expect("JSON"));
}

#[test]
fn every_form_says_the_same() {
    let (sources, found) = findings();
    let options = TerminalOptions { colour: false, width: 1000, links: None };
    // A line break of a text is another thing in each form.
    let plain =
        |text: String| text.replace("\\n", " ").replace("%0A", " ").replace("%25", "%").replace('\n', " ");
    let forms = [
        ("terminal", plain(terminal(&sources, &found, &options)).replace('␊', " ")),
        ("github", plain(github(&sources, &found))),
        ("json", plain(as_json())),
        ("sarif", plain(as_sarif())),
    ];
    for (form, text) in forms {
        for found in &found {
            let labels = std::iter::once(&found.primary).chain(&found.secondary).map(|label| &label.message);
            let fixes = found.fixes.iter().map(|fix| &fix.title);
            let code = found.code.to_string();
            let facts =
                labels.chain(&found.notes).chain(&found.help).chain(fixes).chain([&found.message, &code]);
            for fact in facts {
                assert!(text.contains(&fact.replace('\n', " ")), "{form} does not say `{fact}`:\n{text}");
            }
        }
    }
}
