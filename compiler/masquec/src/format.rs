//! `masquec fmt`: one layout for every source.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use masque_diagnostics::Sources;
use miette::Diagnostic;

use crate::compile::{self, SOURCE_LIMIT};
use crate::emit;
use crate::examine::{self, Findings};
use crate::files::ReadError;
use crate::inputs::{self, InputError};
use crate::output::{self, WriteError, counted};
use crate::terminal::Terminal;

/// Lay sources out: comments, order and meaning stay.
#[derive(Args)]
pub(crate) struct FormatArguments {
    /// Files, directories and globs; `-` for standard input, which is laid out on standard output.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Write nothing; name the files that would change, and exit with 1 if there are any.
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change.
    #[arg(long)]
    diff: bool,
    /// With `-`: the name that tells the notation of standard input.
    #[arg(long, value_name = "NAME", default_value = "stdin.masque")]
    stdin_name: String,
}

/// Why nothing was laid out.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum FormatError {
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
    #[error("standard input can't be read")]
    StandardInput(#[source] std::io::Error),
}

/// A source before and after.
struct LaidOut {
    before: String,
    after: String,
}

/// Lays everything out; `false` when a source can't be, or when one would change and nothing is to be written.
pub(crate) fn run(arguments: &FormatArguments, terminal: &Terminal) -> Result<bool, FormatError> {
    if arguments.inputs == [Path::new("-")] {
        return standard_input(&arguments.stdin_name, terminal);
    }
    let only_looks = arguments.check || arguments.diff;
    let inputs = inputs::expand(&arguments.inputs)?;
    let (mut changed, mut failed) = (0_usize, Findings::default());
    for input in &inputs {
        let name = input.path.display().to_string();
        match lay_out(&name, examine::read(&input.path)?, terminal) {
            Err(findings) => findings.show(&mut failed),
            Ok(LaidOut { before, after }) if before != after => {
                changed += 1;
                if arguments.diff {
                    output::print(&output::difference(&name, &before, &after))?;
                } else if arguments.check {
                    output::print(&format!("{name}\n"))?;
                } else {
                    let failed = |source| FormatError::Write { path: input.path.clone(), source };
                    emit::write(&input.path, after.as_bytes()).map_err(failed)?;
                }
            }
            Ok(_) => {}
        }
    }
    let would = if only_looks { "would change" } else { "laid out" };
    let sources = counted(inputs.len(), "source");
    let left = match failed.errors {
        0 => String::new(),
        errors => format!(", {} in what was left as it is", counted(errors, "error")),
    };
    output::tell(&format!("{sources}: {changed} {would}{left}\n"));
    Ok(failed.errors == 0 && !(only_looks && changed > 0))
}

fn standard_input(name: &str, terminal: &Terminal) -> Result<bool, FormatError> {
    let mut bytes = Vec::new();
    let limit = SOURCE_LIMIT as u64 + 1;
    std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(FormatError::StandardInput)?;
    match lay_out(name, bytes, terminal) {
        Ok(LaidOut { after, .. }) => {
            output::print(&after)?;
            Ok(true)
        }
        Err(findings) => {
            findings.show(&mut Findings::default());
            Ok(false)
        }
    }
}

/// Lays one source out, or says why not.
fn lay_out(name: &str, bytes: Vec<u8>, terminal: &Terminal) -> Result<LaidOut, Findings> {
    let mut sources = Sources::new();
    let before = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let found = compile::not_utf8(&mut sources, name.to_owned(), &error);
            return Err(Findings::new(terminal, &sources, &[found]));
        }
    };
    let id = sources.add(name, before.clone());
    let notation = masque_syntax::detect(name, &before);
    match masque_syntax::format(notation, id, &before) {
        Ok(after) => Ok(LaidOut { before, after }),
        Err(reason) => {
            let found = match reason.finding() {
                Some(finding) => vec![finding],
                None => masque_syntax::parse_as(notation, id, &before).diagnostics.into_sorted(),
            };
            Err(Findings::new(terminal, &sources, &found))
        }
    }
}
