//! Renderers of diagnostics: so far the terminal, through codespan-reporting.
//!
//! What does not live here: what a diagnostic is and says (`diagnostics` and the crates that report), and where the output goes.

mod terminal;
mod view;

pub use terminal::{TerminalOptions, terminal};

use masque_diagnostics::{Diagnostic, Severity};

/// How many errors and warnings there are: "2 errors, 1 warning"; empty where there are none.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity, noun: &str| {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        match count {
            0 => None,
            1 => Some(format!("1 {noun}")),
            _ => Some(format!("{count} {noun}s")),
        }
    };
    let parts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
