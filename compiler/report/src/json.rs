//! Findings as JSON. The shape is described by `grammar/findings.schema.json`; keys may be added, and `format` changes when one changes its
//! meaning.

use masque_diagnostics::{Applicability, Diagnostic, Label, Severity, Sources, Span};
use serde::Serialize;

use crate::facts::{Place, severity};

/// One finding as JSON.
pub fn json(sources: &Sources, diagnostic: &Diagnostic) -> serde_json::Value {
    let wire = Finding {
        code: diagnostic.code.to_string(),
        name: diagnostic.code.name(),
        severity: severity(diagnostic.severity),
        message: &diagnostic.message,
        primary: Marked::of(sources, &diagnostic.primary),
        secondary: diagnostic.secondary.iter().map(|label| Marked::of(sources, label)).collect(),
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| Fix {
                title: &fix.title,
                applicability: match fix.applicability {
                    Applicability::Safe => "safe",
                    Applicability::Unsafe => "unsafe",
                    Applicability::DisplayOnly => "display-only",
                },
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit { place: Range::of(sources, edit.span), text: &edit.text })
                    .collect(),
            })
            .collect(),
    };
    serde_json::to_value(wire).expect("wire structs have string keys")
}

/// The document that holds findings.
pub fn json_document(findings: Vec<serde_json::Value>) -> String {
    let count =
        |level: Severity| findings.iter().filter(|found| found["severity"] == severity(level)).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let document = Document { format: 1, errors, warnings, findings };
    serde_json::to_string_pretty(&document).expect("wire structs have string keys") + "\n"
}

#[derive(Serialize)]
struct Document {
    format: u32,
    errors: usize,
    warnings: usize,
    findings: Vec<serde_json::Value>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: String,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    primary: Marked<'a>,
    secondary: Vec<Marked<'a>>,
    notes: &'a [String],
    help: Option<&'a str>,
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Marked<'a> {
    #[serde(flatten)]
    place: Range<'a>,
    message: &'a str,
}

/// Bytes count from 0, lines and columns from 1, columns in Unicode scalar values; the end is just past the last character.
#[derive(Serialize)]
struct Range<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    byte: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Range<'a>,
    text: &'a str,
}

impl<'a> Marked<'a> {
    fn of(sources: &'a Sources, label: &'a Label) -> Self {
        Self { place: Range::of(sources, label.span), message: &label.message }
    }
}

impl<'a> Range<'a> {
    fn of(sources: &'a Sources, span: Span) -> Self {
        let place = Place::of(sources, span);
        let point =
            |byte, at: masque_diagnostics::LineColumn| Point { byte, line: at.line, column: at.column };
        Self { file: place.file, start: point(span.start, place.start), end: point(span.end, place.end) }
    }
}
