//! `masquec convert`: the same masque in another notation, where nothing is lost.

use std::path::{Path, PathBuf};

use clap::Args;
use masque_diagnostics::Spanned;
use masque_syntax::ast::{Document, Field, Notation};
use miette::Diagnostic;

use crate::compile::{self, Compiled};
use crate::emit;
use crate::examine::{self, Findings};
use crate::files::ReadError;
use crate::library::Library;
use crate::new::NotationChoice;
use crate::output::{self, WriteError};
use crate::terminal::Terminal;

/// Write a masque in another notation. Comments are carried over; what would be lost is named, and nothing written.
#[derive(Args)]
pub(crate) struct ConvertArguments {
    /// The source.
    file: PathBuf,
    /// The notation to write.
    #[arg(long, value_enum)]
    to: NotationChoice,
    /// The file to write, `-` for standard output; beside the source if left out.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
}

/// Why nothing was converted.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ConvertError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Output(#[from] WriteError),
    #[error("`{}` is there already", path.display())]
    #[diagnostic(help("choose another name with `-o`, or say `--force` to write over it"))]
    Exists { path: PathBuf },
    #[error("`{}` can't be written", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("`{}` would not be the same program in the other notation", path.display())]
    #[diagnostic(help(
        "nothing was written; this is a mistake of masquec, please report it with the source"
    ))]
    Differs { path: PathBuf },
}

/// Converts one source; `false` when it has errors or would lose something.
pub(crate) fn run(
    arguments: &ConvertArguments,
    library: &Library,
    terminal: &Terminal,
) -> Result<bool, ConvertError> {
    let path = &arguments.file;
    let (notation, ending) = arguments.to.notation_and_ending();
    let before = compile::compile(path.display().to_string(), examine::read(path)?, library);
    let errors = Findings::new(terminal, &before.sources, &before.found);
    if errors.errors > 0 {
        errors.show(&mut Findings::default());
        return Ok(false);
    }
    let text = match converted(&before, notation) {
        Ok(text) => text,
        Err(found) => {
            Findings::new(terminal, &before.sources, &found).show(&mut Findings::default());
            return Ok(false);
        }
    };
    let beside = path.with_file_name(format!("{}{ending}", compile::stem(path)));
    let after = compile::compile(beside.display().to_string(), text.clone().into_bytes(), library);
    let core = |compiled: &Compiled| compiled.program.as_ref().map(|program| program.core.clone());
    if after.kind != before.kind || core(&after) != core(&before) {
        return Err(ConvertError::Differs { path: path.clone() });
    }
    let target = arguments.output.as_deref().unwrap_or(&beside);
    if target == Path::new("-") {
        output::print(&text)?;
        return Ok(true);
    }
    if target.exists() && !arguments.force {
        return Err(ConvertError::Exists { path: target.to_owned() });
    }
    emit::write(target, text.as_bytes())
        .map_err(|source| ConvertError::Write { path: target.to_owned(), source })?;
    output::tell(&format!("wrote {}\n", target.display()));
    Ok(true)
}

/// The text of a source without errors in another notation, or what would be lost.
fn converted(compiled: &Compiled, notation: Notation) -> Result<String, Vec<masque_diagnostics::Diagnostic>> {
    let source = compiled.sources.get(compiled.id);
    let parsed = masque_syntax::parse(compiled.id, source.name(), source.text());
    let mut document = parsed.document.expect("a source without errors holds a document");
    // A name that the file's name stands for is written down: the other file may be called otherwise.
    if let (Document::Masque(masque), Some(checked)) = (&mut document, &compiled.masque)
        && masque.identity.name.is_absent()
    {
        let name = Spanned::new(checked.identity.name.clone(), masque.insert_at);
        masque.identity.name = Field::Given(name);
    }
    masque_syntax::print(&document, source.text(), notation)
        .map_err(|lost| lost.iter().map(|lost| lost.finding(notation)).collect())
}
