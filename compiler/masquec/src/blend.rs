//! `masquec blend`: one masque of several, each with its share.
//!
//! Parts are checked masques: what they took from parents and libraries is in them, so that a composite stands by itself. `merge` makes one
//! masque of them, `write` a tree of the language of that, and the result is compiled before it is written: nothing is written that
//! has a finding.

mod logic;
mod maker;
mod merge;
mod names;
mod parts;
mod problems;
mod prose;
mod rights;
pub mod tones;
mod write;

use std::path::PathBuf;

use clap::Args;
use masque_diagnostics::{Diagnostic as Finding, Severity, Sources};
use masque_syntax::ast::Notation;
use miette::Diagnostic;

use crate::compile;
use crate::emit;
use crate::files::ReadError;
use crate::library::Library;
use crate::output::{self, WriteError};
use crate::terminal::Terminal;
use merge::Composite;
use parts::{Asked, Part};
use problems::Voice;
use tones::Tones;

/// What is blended, and where it goes.
#[derive(Args)]
pub(crate) struct BlendArguments {
    /// Each a file or a reference, with its share of the whole behind an `@`: `professor.mask.json@0.7 std/reviewer@1@0.3`.
    #[arg(required = true, num_args = 2.., value_name = "MASQUE@WEIGHT")]
    parts: Vec<String>,
    /// The file to write, `.masque`; standard output if left out.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What people will call it; the parts' names if left out.
    #[arg(long)]
    name: Option<String>,
    /// Blend parts whose tones conflict, with a warning.
    #[arg(long)]
    allow_tone_conflict: bool,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
}

/// Why nothing was blended.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum BlendError {
    #[error("`{written}` is no part of a blend: {reason}")]
    Part { written: String, reason: String },
    #[error("the weights add up to {total}, not to 1")]
    #[diagnostic(help("as they stand to each other, they are: {instead}"))]
    Weights { total: String, instead: String },
    #[error("there is no masque `{what}`: {reason}")]
    #[diagnostic(help(
        "name a file, a masque of the standard library (std/…), or one in the search path (`--path`)"
    ))]
    Missing { what: String, reason: String },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[error("`{what}` is a library: it has intent sets and no voice")]
    #[diagnostic(help("blend masques; they may use the library"))]
    Library { what: String },
    #[error("{name} is a part twice")]
    #[diagnostic(help("blend each masque once, with all of its weight"))]
    Twice { name: String },
    #[error("{} and {} both have a parameter `{param}`, and mean different things by it", parts[0], parts[1])]
    #[diagnostic(help("give it one type and one default in both, or another name in one of them"))]
    Param { param: String, parts: [String; 2] },
    #[error("nothing is left that the composite may do: each intent that a part allows, another denies")]
    #[diagnostic(help("blend masques whose rules leave each other room"))]
    NothingAllowed,
    #[error("`{}` does not end in `.masque`", path.display())]
    #[diagnostic(help("a composite is written in the language; `masquec convert` carries it over to YAML"))]
    Ending { path: PathBuf },
    #[error("`{}` is there already", path.display())]
    #[diagnostic(help("choose another name, or say `--force` to write over it"))]
    Exists { path: PathBuf },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error("`{}` can't be written", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("the composite can't be written in the language: {what}")]
    #[diagnostic(help("change that in the part that it comes from"))]
    Unwritable { what: String },
}

/// Blends; `false` when parts have errors or do not go together.
pub(crate) fn run(
    arguments: &BlendArguments,
    library: &Library,
    terminal: &Terminal,
) -> Result<bool, BlendError> {
    let asked = arguments.parts.iter().map(|written| {
        Asked::parse(written).map_err(|reason| BlendError::Part { written: written.clone(), reason })
    });
    let asked: Vec<Asked> = asked.collect::<Result<_, _>>()?;
    if let Some(path) = &arguments.output {
        if path.extension().is_none_or(|extension| extension != "masque") {
            return Err(BlendError::Ending { path: path.clone() });
        }
        if path.exists() && !arguments.force {
            return Err(BlendError::Exists { path: path.clone() });
        }
    }
    let mut sources = Sources::new();
    let parts = match parts::read(&asked, &mut sources, library)? {
        Ok(parts) => parts,
        Err(found) => {
            output::tell(&terminal.text(&sources, &found));
            return Ok(false);
        }
    };
    let severity = if arguments.allow_tone_conflict { Severity::Warning } else { Severity::Error };
    let conflicts = conflicts(&parts, &sources, severity);
    output::tell(&terminal.text(&sources, &conflicts));
    if !conflicts.is_empty() && severity == Severity::Error {
        return Ok(false);
    }
    let name = arguments.name.clone().unwrap_or_else(|| together(&parts));
    let composite = merge::merge(&parts, name)?;
    let text = text(&parts, &composite, &mut sources)?;

    let shown =
        arguments.output.as_ref().map_or("composite.masque".to_owned(), |path| path.display().to_string());
    let compiled = compile::compile(shown.clone(), text.clone().into_bytes(), library);
    if !compiled.found.is_empty() {
        output::tell(&terminal.text(&compiled.sources, &compiled.found));
        return Ok(false);
    }
    let Some(path) = &arguments.output else {
        output::print(&text)?;
        return Ok(true);
    };
    let failed = |source| BlendError::File { path: path.clone(), source };
    emit::write(path, text.as_bytes()).map_err(failed)?;
    output::tell(&report(&shown, &parts, &composite));
    Ok(true)
}

/// What the tones of each two parts have against each other.
fn conflicts(parts: &[Part], sources: &Sources, severity: Severity) -> Vec<Finding> {
    let table = Tones::standard();
    let voices: Vec<_> = parts.iter().map(|part| (part.name(), part.tones(sources))).collect();
    let mut found = Vec::new();
    for (at, (name, tones)) in voices.iter().enumerate() {
        for (other_name, others) in &voices[at + 1..] {
            let words =
                |tones: &[(String, _)]| tones.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>();
            for (conflict, [one, other]) in table.between(&words(tones), &words(others)) {
                let voice = |part, tones: &'_ [(String, _)], at: Vec<usize>| Voice {
                    part,
                    words: at.into_iter().map(|at| (tones[at].0.clone(), tones[at].1)).collect(),
                };
                let voices = [voice(*name, tones, one), voice(*other_name, others, other)];
                found.push(problems::tone_conflict(&voices, conflict.reason, severity));
            }
        }
    }
    found
}

/// The names of the parts as one.
fn together(parts: &[Part]) -> String {
    let names: Vec<&str> = parts.iter().map(Part::name).collect();
    match names.as_slice() {
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    }
}

/// The source of a composite.
fn text(parts: &[Part], composite: &Composite, sources: &mut Sources) -> Result<String, BlendError> {
    let id = sources.add("composite.masque", "");
    let document = write::document(composite, id);
    let printed = masque_syntax::print(&document, "", Notation::Language).map_err(|lost| {
        let what: Vec<String> = lost.into_iter().map(|lost| lost.what).collect();
        BlendError::Unwritable { what: what.join(", ") }
    })?;
    let shares = parts.iter().map(|part| {
        let identity = &part.masque.identity;
        format!("{} {} ({} %)", identity.name, identity.version, part.share)
    });
    let shares: Vec<String> = shares.collect();
    let shares: String = shares.join(", ").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Ok(format!("# A blend of {shares}, made by `masquec blend`.\n{printed}"))
}

fn report(path: &str, parts: &[Part], composite: &Composite) -> String {
    let mut report = format!("wrote {path}\n");
    for part in parts {
        report.push_str(&format!("  {:>3} %  {}\n", part.share, output::printable(part.name())));
    }
    for left_out in &composite.left_out {
        report.push_str(&format!("left out: {}\n", output::printable(left_out)));
    }
    report
}
