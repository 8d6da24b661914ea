//! Shared by the tests of this crate: reading a text, and showing what was found as text that a person can judge.

use std::fmt::Write;

use masque_diagnostics::{Applicability, Diagnostic, Fix, Severity, Sources, Span};
use masque_syntax::{Parsed, parse};

/// Reads a text under a name.
pub(crate) fn read(name: &str, text: &str) -> Parsed {
    let mut sources = Sources::new();
    let id = sources.add(name, text);
    parse(id, name, text)
}

/// The findings in the order of their places.
#[allow(dead_code, reason = "not every test file needs it")]
pub(crate) fn found(name: &str, text: &str) -> Vec<Diagnostic> {
    read(name, text).diagnostics.into_sorted()
}

/// The source, then each finding with its code, place, marked text, message, other places, help and fixes.
#[allow(dead_code, reason = "not every test file needs it")]
pub(crate) fn shown(name: &str, text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add(name, text);
    let picture = |c: char| match c {
        '\u{0}'..'\u{20}' if c != '\n' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(c),
        c => c,
    };
    let pictures = |text: &str| text.chars().map(picture).collect::<String>().replace('\u{feff}', "<BOM>");
    let mut out = pictures(text);
    if !out.ends_with('\n') {
        out.push_str("␃\n");
    }
    let place = |span: Span| {
        let at = sources.get(id).line_column(span.start as usize);
        let marked = pictures(sources.slice(span)).replace('\n', "⏎");
        format!("{}:{} {marked:?}", at.line, at.column)
    };
    let diagnostics = parse(id, name, text).diagnostics.into_sorted();
    if diagnostics.is_empty() {
        out.push_str("~~~ nothing\n");
    }
    for found in diagnostics {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(out, "~~~ {} {severity} {}: {}", found.code, place(found.primary.span), found.message)
            .unwrap();
        writeln!(out, "    here: {}", found.primary.message).unwrap();
        for label in &found.secondary {
            writeln!(out, "    also {}: {}", place(label.span), label.message).unwrap();
        }
        for note in &found.notes {
            writeln!(out, "    note: {note}").unwrap();
        }
        if let Some(help) = &found.help {
            writeln!(out, "    help: {help}").unwrap();
        }
        for fix in &found.fixes {
            let who = match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
                Applicability::DisplayOnly => "shown",
            };
            writeln!(out, "    fix ({who}): {} -> {:?}", fix.title, changed_line(text, fix)).unwrap();
        }
    }
    out
}

/// The text after a fix.
#[allow(dead_code, reason = "not every test file needs it")]
pub(crate) fn fixed(text: &str, fix: &Fix) -> String {
    let mut text = text.to_owned();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

/// The line that a fix changes, after the change.
fn changed_line(text: &str, fix: &Fix) -> String {
    let line = text[..fix.edits[0].span.start as usize].matches('\n').count();
    fixed(text, fix).lines().nth(line).unwrap_or("").trim().to_owned()
}
