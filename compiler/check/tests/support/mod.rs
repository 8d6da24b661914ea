//! Parsing and checking a text in one call, and showing what was found.
#![allow(dead_code, reason = "every test file uses another part")]

use masque_check::{Family, Nothing};
use masque_diagnostics::{Applicability, Diagnostic, Diagnostics, Fix, Severity, Sources};
use std::fmt::Write as _;

/// The lens of a case that is not about its lens.
pub(crate) const LENS: &str = "lens: Think.\n";

/// A source with what it reports: code names and the texts that primary labels cover, in the order of the source.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) title: &'static str,
    pub(crate) file: &'static str,
    pub(crate) source: String,
    pub(crate) expected: Vec<(&'static str, String)>,
}

/// Everything that parsing and checking find, with the text that each primary label covers.
pub(crate) fn check_case(case: &Case) -> Vec<(Diagnostic, String)> {
    let analysed = parse_and_check(case.file, &case.source);
    let found = analysed.found();
    let errors = found.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(analysed.masque.is_none(), errors, "{}: {found:?}", case.title);
    let with_text = |found: Diagnostic| {
        let text = case.source[found.primary.span.range()].to_owned();
        (found, text)
    };
    found.into_iter().map(with_text).collect()
}

/// A source that was parsed and checked.
pub(crate) struct Analysed {
    pub(crate) masque: Option<masque_ir::Masque>,
    pub(crate) parsing: Diagnostics,
    pub(crate) checking: Diagnostics,
}

impl Analysed {
    /// All that was found, in the order of the source.
    pub(crate) fn found(&self) -> Vec<Diagnostic> {
        let mut found = self.parsing.clone();
        found.extend(self.checking.clone());
        found.into_sorted()
    }
}

/// Parses and checks one file.
pub(crate) fn parse_and_check(file: &str, text: &str) -> Analysed {
    let mut sources = Sources::new();
    let id = sources.add(file, text);
    let parsed = masque_syntax::parse(id, file, text);
    let parsing = parsed.diagnostics;
    let (mut masque, mut checking) = (None, Diagnostics::new());
    if let Some(document) = parsed.document {
        let (family, found) = Family::load(id, document, &mut sources, &Nothing);
        let checked = masque_check::check(&sources, &family);
        masque = checked.masque;
        checking = found;
        checking.extend(checked.diagnostics);
    }
    // Some errors of the front end leave nothing in the tree that checking could see.
    Analysed { masque: masque.filter(|_| !parsing.has_errors()), parsing, checking }
}

/// A fix's edits, applied.
pub(crate) fn apply(source: &str, fix: &Fix) -> String {
    let mut text = source.to_owned();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

/// A diagnostic with all its parts as plain text.
pub(crate) fn render(out: &mut String, found: &Diagnostic, source: &str) {
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let _ = writeln!(out, "{severity}[{} {}]: {}", found.code, found.code.name(), found.message);
    for (mark, label) in
        std::iter::once(("^", &found.primary)).chain(found.secondary.iter().map(|label| ("-", label)))
    {
        let _ = writeln!(out, "  {mark} {:?} {}", &source[label.span.range()], label.message);
    }
    for note in &found.notes {
        let _ = writeln!(out, "  note: {note}");
    }
    if let Some(help) = &found.help {
        let _ = writeln!(out, "  help: {help}");
    }
    for fix in &found.fixes {
        let applicability = match fix.applicability {
            Applicability::Safe => "fix",
            Applicability::Unsafe => "fix for review",
            Applicability::DisplayOnly => "template",
        };
        let _ = writeln!(out, "  {applicability}: {}", fix.title);
        for edit in &fix.edits {
            let _ = writeln!(out, "    {:?} -> {:?}", &source[edit.span.range()], edit.text);
        }
    }
}
