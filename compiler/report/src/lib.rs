//! Renderers of diagnostics, side by side and with the same facts in all: the terminal (through codespan-reporting), a line each, GitHub's
//! annotations, JSON, SARIF.
//!
//! What does not live here: what a diagnostic is and says (`diagnostics` and the crates that report), and where the output goes.

mod facts;
mod json;
mod lines;
mod sarif;
mod terminal;
mod view;

pub use json::{json, json_document};
pub use lines::{github, short};
pub use sarif::{sarif, sarif_document};
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
