//! Findings as SARIF 2.1.0 (OASIS standard, 27 March 2020), which code hosts and scanners' dashboards read.

use masque_diagnostics::{Diagnostic, Label, Sources, Span, codes};
use serde_json::{Value, json};

use crate::facts::{Place, advice, severity};

/// The schema that documents name, as the standard's authors publish it.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One finding as a `result` object (section 3.27).
pub fn sarif(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let mut text = diagnostic.message.clone();
    for (kind, more) in advice(diagnostic) {
        text.push_str(&format!("\n{kind}: {more}"));
    }
    let fixes: Vec<Value> = diagnostic
        .fixes
        .iter()
        .map(|fix| {
            let replacement = |edit: &masque_diagnostics::Edit| {
                let change = json!({
                    "deletedRegion": region(sources, edit.span),
                    "insertedContent": { "text": edit.text },
                });
                json!({ "artifactLocation": artifact(sources, edit.span), "replacements": [change] })
            };
            json!({
                "description": { "text": fix.title },
                "artifactChanges": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "ruleId": diagnostic.code.to_string(),
        "level": severity(diagnostic.severity),
        "message": { "text": text },
        "locations": [location(sources, &diagnostic.primary)],
        "relatedLocations": diagnostic.secondary.iter().map(|label| location(sources, label)).collect::<Vec<_>>(),
        "fixes": fixes,
    })
}

/// The log that holds results of one run of `masquec`.
pub fn sarif_document(results: &[Value], version: &str) -> String {
    let rule = |code: codes::Code| {
        json!({
            "id": code.to_string(),
            "name": code.name(),
            "shortDescription": { "text": code.summary() },
            "defaultConfiguration": { "level": severity(code.severity()) },
        })
    };
    let rules: Vec<Value> = codes::catalogue().map(rule).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "masquec", "semanticVersion": version, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).expect("keys are strings") + "\n"
}

fn location(sources: &Sources, label: &Label) -> Value {
    let physical =
        json!({ "artifactLocation": artifact(sources, label.span), "region": region(sources, label.span) });
    if label.message.is_empty() {
        json!({ "physicalLocation": physical })
    } else {
        json!({ "physicalLocation": physical, "message": { "text": label.message } })
    }
}

fn artifact(sources: &Sources, span: Span) -> Value {
    json!({ "uri": uri(sources.get(span.source).name()) })
}

fn region(sources: &Sources, span: Span) -> Value {
    let Place { start, end, .. } = Place::of(sources, span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.start,
        "byteLength": span.len(),
    })
}

/// A path as a URI reference (RFC 3986): what no path segment may hold is escaped.
fn uri(path: &str) -> String {
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'\\' => out.push('/'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("personas/a b.masque.yaml"), "personas/a%20b.masque.yaml");
        assert_eq!(uri("/é#?.masque"), "file:///%C3%A9%23%3F.masque");
    }
}
