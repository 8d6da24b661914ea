//! Findings of one source, capped: a generated file with a million mistakes must not cost a million messages.

use masque_diagnostics::{Diagnostic, Diagnostics, Reported, Severity, SourceId, Span};

use crate::problems;

/// The most findings that one source reports.
const MOST: usize = 1000;

/// Collects findings up to a cap.
pub(crate) struct Findings {
    source: SourceId,
    found: Diagnostics,
    last_error: Option<Reported>,
}

impl Findings {
    pub(crate) fn new(source: SourceId) -> Self {
        Self { source, found: Diagnostics::new(), last_error: None }
    }

    /// A place in the source.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// Records an error; past the cap it only counts as reported.
    pub(crate) fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        match self.last_error {
            Some(reported) if self.is_full() => reported,
            _ => {
                self.mark_cap(diagnostic.primary.span);
                let reported = self.found.push(diagnostic);
                self.last_error = Some(reported);
                reported
            }
        }
    }

    /// Records a finding that spoils no value.
    pub(crate) fn note(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.error(diagnostic);
        } else if !self.is_full() {
            self.mark_cap(diagnostic.primary.span);
            self.found.push(diagnostic);
        }
    }

    /// Whether further findings will be dropped, so that no work is worth doing for their wording.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() > MOST
    }

    /// Whether anything was found.
    pub(crate) fn any(&self) -> bool {
        !self.found.is_empty()
    }

    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        self.found
    }

    fn mark_cap(&mut self, at: Span) {
        if self.found.len() == MOST {
            self.found.push(problems::too_many_findings(at, MOST));
        }
    }
}
