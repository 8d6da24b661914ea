//! One file from disk through the compiler: its program, and what there is to say about it.

use std::path::Path;

use masque_codegen::Program;
use masque_diagnostics::{Diagnostic, Severity, Sources};

use crate::compile::{self, Compiled, Kind};
use crate::files::{self, ReadError};
use crate::library::Library;
use crate::output;
use crate::terminal::Terminal;

/// What became of one source.
pub(crate) struct Examined {
    pub(crate) findings: Findings,
    pub(crate) kind: Kind,
    /// `None` where there are errors, and for a library.
    pub(crate) program: Option<Program>,
}

/// Findings, rendered and counted.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) report: String,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Findings {
    pub(crate) fn new(terminal: &Terminal, sources: &Sources, found: &[Diagnostic]) -> Self {
        let count = |severity| found.iter().filter(|found| found.severity == severity).count();
        Self {
            report: terminal.render(sources, found),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }

    /// Shows these findings and adds them up.
    pub(crate) fn show(&self, total: &mut Self) {
        output::tell(&self.report);
        total.errors += self.errors;
        total.warnings += self.warnings;
    }
}

/// Reads a source. One that is too large becomes a text that the front end refuses.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    files::read(path, compile::SOURCE_LIMIT)
}

/// Compiles a source.
pub(crate) fn examine(path: &Path, bytes: Vec<u8>, library: &Library, terminal: &Terminal) -> Examined {
    let Compiled { sources, kind, program, found, .. } =
        compile::compile(path.display().to_string(), bytes, library);
    Examined { findings: Findings::new(terminal, &sources, &found), kind, program }
}
