//! What every machine-readable form says of a place: bytes, lines and columns.

use masque_diagnostics::{LineColumn, Severity, Sources, Span};

/// Where a span begins and ends. Lines and columns count from 1, columns in Unicode scalar values.
pub(crate) struct Place<'s> {
    pub(crate) file: &'s str,
    pub(crate) start: LineColumn,
    pub(crate) end: LineColumn,
}

impl<'s> Place<'s> {
    pub(crate) fn of(sources: &'s Sources, span: Span) -> Self {
        let source = sources.get(span.source);
        Self {
            file: source.name(),
            start: source.line_column(span.start as usize),
            end: source.line_column(span.end as usize),
        }
    }
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Everything that stands below the message, in the order in which a terminal shows it.
pub(crate) fn advice(
    diagnostic: &masque_diagnostics::Diagnostic,
) -> impl Iterator<Item = (&'static str, &str)> {
    let notes = diagnostic.notes.iter().map(|note| ("note", note.as_str()));
    let help = diagnostic.help.iter().map(|help| ("help", help.as_str()));
    let fixes = diagnostic.fixes.iter().map(|fix| ("help", fix.title.as_str()));
    notes.chain(help).chain(fixes)
}
