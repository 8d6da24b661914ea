//! One file from disk through the compiler: its program, and what there is to say about it.

use std::path::Path;

use masque_codegen::Program;
use masque_diagnostics::{Diagnostic, Severity, Sources};

use crate::compile::{self, Compiled, Kind};
use crate::files::{self, ReadError};
use crate::library::Library;
use crate::output::WriteError;
use crate::settings::Settings;
use crate::terminal::{Report, Terminal};

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
    report: Report,
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

    /// Shows these findings, or keeps them for the document that holds all, and adds them up.
    pub(crate) fn show(self, total: &mut Self) {
        self.report.show(&mut total.report);
        total.errors += self.errors;
        total.warnings += self.warnings;
    }

    /// Shows what was kept, when everything has been added up.
    pub(crate) fn conclude(&mut self, terminal: &Terminal) -> Result<(), WriteError> {
        terminal.conclude(std::mem::take(&mut self.report))
    }
}

/// Reads a source. One that is too large becomes a text that the front end refuses.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    files::read(path, compile::SOURCE_LIMIT)
}

/// Compiles a source, and weighs what is found.
pub(crate) fn examine(
    path: &Path,
    bytes: Vec<u8>,
    library: &Library,
    settings: &Settings,
    terminal: &Terminal,
) -> Examined {
    let mut compiled = compile::compile(path.display().to_string(), bytes, library);
    settings.apply(path, &mut compiled.found);
    compiled.settle();
    let Compiled { sources, kind, program, found, .. } = compiled;
    Examined { findings: Findings::new(terminal, &sources, &found), kind, program }
}
