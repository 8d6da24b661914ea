//! Shared by the tests of this crate: reading a text, and showing what was found as text that a person can judge.

use masque_diagnostics::{Applicability, Diagnostic, Fix, Severity, Sources, Span};
use masque_syntax::ast::Notation;
use masque_syntax::{NotFormatted, Parsed, format, parse};

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
    let mut lines = Vec::new();
    if diagnostics.is_empty() {
        lines.push("~~~ nothing".to_owned());
    }
    for found in diagnostics {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let at = place(found.primary.span);
        lines.push(format!("~~~ {} {severity} {at}: {}", found.code, found.message));
        lines.push(format!("    here: {}", found.primary.message));
        let labels =
            found.secondary.iter().map(|label| format!("    also {}: {}", place(label.span), label.message));
        lines.extend(labels);
        lines.extend(found.notes.iter().map(|note| format!("    note: {note}")));
        lines.extend(found.help.iter().map(|help| format!("    help: {help}")));
        lines.extend(found.fixes.iter().map(|fix| {
            let who = match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
                Applicability::DisplayOnly => "shown",
            };
            format!("    fix ({who}): {} -> {:?}", fix.title, changed_line(text, fix))
        }));
    }
    out + &lines.join("\n") + "\n"
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

/// What a source says, without where it says it.
#[allow(dead_code, reason = "not every test file needs it")]
pub(crate) fn without_places(parsed: &Parsed) -> String {
    let shown = format!("{:#?}", parsed.document);
    let mut out = String::with_capacity(shown.len());
    let mut rest = shown.as_str();
    while let Some(found) = rest.find("Span {") {
        out.push_str(&rest[..found]);
        let end = rest[found..].find('}').expect("a place ends");
        rest = &rest[found + end + 1..];
    }
    out + rest
}

/// A text in its layout.
#[allow(dead_code, reason = "not every test file needs it")]
pub(crate) fn laid_out(notation: Notation, text: &str) -> Result<String, NotFormatted> {
    format(notation, Sources::new().add("", ""), text)
}
