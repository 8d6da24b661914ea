//! `masquec check`: everything that a build would say, and nothing written.

use std::path::PathBuf;

use miette::Diagnostic;
use rayon::prelude::*;

use crate::clashes::{self, Known};
use crate::cli::Verbosity;
use crate::compile::Kind;
use crate::examine::{self, Examined, Findings};
use crate::files::ReadError;
use crate::inputs::{self, InputError};
use crate::library::Library;
use crate::output::{self, counted};
use crate::terminal::Terminal;

/// Why a check could not be carried out.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum CheckError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
}

/// Checks everything; `false` when a source has errors.
pub(crate) fn check(
    named: &[PathBuf],
    library: &Library,
    terminal: &Terminal,
    verbosity: Verbosity,
) -> Result<bool, CheckError> {
    let inputs = inputs::expand(named)?;
    let examined: Vec<Result<Examined, ReadError>> = (inputs.par_iter())
        .map(|input| Ok(examine::examine(&input.path, examine::read(&input.path)?, library, terminal)))
        .collect();

    let (mut total, mut known, mut libraries) = (Findings::default(), Vec::new(), Vec::new());
    for (input, examined) in inputs.iter().zip(examined) {
        let examined = examined?;
        examined.findings.show(&mut total);
        libraries.extend((examined.kind == Kind::Library).then_some(&input.path));
        known.extend(examined.program.map(|program| (input.path.as_path(), Known::from(&program.manifest))));
    }
    clashes::find(&known, terminal).0.show(&mut total);
    if verbosity == Verbosity::Normal {
        let libraries = libraries.len();
        let (masques, errors) = (counted(inputs.len() - libraries, "masque"), counted(total.errors, "error"));
        let warnings = counted(total.warnings, "warning");
        let libraries = match libraries {
            0 => String::new(),
            1 => " and 1 library".to_owned(),
            count => format!(" and {count} libraries"),
        };
        output::tell(&format!("checked {masques}{libraries}: {errors}, {warnings}\n"));
    }
    Ok(total.errors == 0)
}
