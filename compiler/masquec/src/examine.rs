//! One file from disk through the compiler: its program, and what there is to say about it.

use std::path::{Path, PathBuf};

use masque_codegen::Program;
use masque_diagnostics::{Diagnostic, Severity, Sources};

use crate::compile;
use crate::terminal::Terminal;

/// What became of one source.
pub(crate) struct Examined {
    pub(crate) findings: Findings,
    /// `None` where there are errors.
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
        eprint!("{}", self.report);
        total.errors += self.errors;
        total.warnings += self.warnings;
    }
}

/// A file that can't be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{}` can't be read", path.display())]
pub(crate) struct ReadError {
    path: PathBuf,
    source: std::io::Error,
}

/// Reads a source. What is no UTF-8 or too large becomes a text that the front end refuses, with its place.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    use std::io::Read as _;
    let read = || {
        let mut bytes = Vec::new();
        // One byte more than is accepted is enough to be refused.
        let limit = compile::SOURCE_LIMIT as u64 + 1;
        std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|source| ReadError { path: path.to_owned(), source })
}

/// Compiles a source.
pub(crate) fn examine(path: &Path, bytes: Vec<u8>, terminal: &Terminal) -> Examined {
    let mut sources = Sources::new();
    let name = path.display().to_string();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let found = compile::not_utf8(&mut sources, &name, &error);
            return Examined { findings: Findings::new(terminal, &sources, &[found]), program: None };
        }
    };
    let id = sources.add(name, text);
    let mut analysed = compile::analyse(&sources, id);
    let program = compile::generate(id, &mut analysed);
    let found = analysed.diagnostics.into_sorted();
    Examined { findings: Findings::new(terminal, &sources, &found), program }
}
