//! `masquec check`: everything that a build would say, and nothing written.

use std::path::PathBuf;

use miette::Diagnostic;
use rayon::prelude::*;

use crate::clashes::{self, Known};
use crate::cli::Verbosity;
use crate::compile::Kind;
use crate::emit;
use crate::examine::{self, Examined, Findings};
use crate::files::ReadError;
use crate::fixing::{self, Repaired};
use crate::inputs::{self, InputError};
use crate::library::Library;
use crate::output::{self, WriteError, counted};
use crate::settings::Settings;
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
    #[error(transparent)]
    #[diagnostic(transparent)]
    Output(#[from] WriteError),
    #[error("`{}` can't be written", path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

/// What becomes of fixes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fixing {
    /// They are shown beside their findings.
    Nothing,
    /// They are written; those that a person should look at only where `with_unsafe` is set.
    Write { with_unsafe: bool },
    /// What they would change is shown, and nothing is written.
    Show { with_unsafe: bool },
}

/// Checks everything; `false` when a source has errors, or when fixes are shown and there are any.
pub(crate) fn check(
    named: &[PathBuf],
    fixing: Fixing,
    library: &Library,
    settings: &Settings,
    terminal: &Terminal,
    verbosity: Verbosity,
) -> Result<bool, CheckError> {
    let inputs = inputs::expand(named)?;
    let (mut changed, mut applied) = (0_usize, 0_usize);
    if let Fixing::Write { with_unsafe } | Fixing::Show { with_unsafe } = fixing {
        for input in &inputs {
            let before = examine::read(&input.path)?;
            let Some(Repaired { text, applied: titles }) =
                fixing::repair(&input.path, &before, library, with_unsafe)
            else {
                continue;
            };
            changed += 1;
            applied += titles.len();
            let name = input.path.display().to_string();
            if let Fixing::Show { .. } = fixing {
                output::print(&output::difference(&name, &String::from_utf8_lossy(&before), &text))?;
            } else {
                emit::write(&input.path, text.as_bytes())
                    .map_err(|source| CheckError::Write { path: input.path.clone(), source })?;
                if verbosity == Verbosity::Normal {
                    let lines = titles.iter().map(|title| format!("fixed {name}: {title}\n"));
                    output::tell(&output::printable(&lines.collect::<String>()));
                }
            }
        }
    }
    if let Fixing::Show { .. } = fixing {
        if verbosity == Verbosity::Normal {
            let (fixes, sources) = (counted(applied, "fix"), counted(changed, "source"));
            output::tell(&format!("{fixes} would change {sources}\n"));
        }
        return Ok(changed == 0);
    }
    let examined: Vec<Result<Examined, ReadError>> = (inputs.par_iter())
        .map(|input| {
            let bytes = examine::read(&input.path)?;
            Ok(examine::examine(&input.path, bytes, library, settings, terminal))
        })
        .collect();

    let (mut total, mut known, mut libraries) = (Findings::default(), Vec::new(), Vec::new());
    for (sources, found) in settings.problems() {
        Findings::new(terminal, &sources, &found).show(&mut total);
    }
    for (input, examined) in inputs.iter().zip(examined) {
        let examined = examined?;
        examined.findings.show(&mut total);
        libraries.extend((examined.kind == Kind::Library).then_some(&input.path));
        known.extend(examined.program.map(|program| (input.path.as_path(), Known::from(&program.manifest))));
    }
    clashes::find(&known, terminal).0.show(&mut total);
    total.conclude(terminal)?;
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
