//! `masquec check`, and what only several sources together can show.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use masque_abi::Manifest;
use masque_diagnostics::{Diagnostics, Severity, Sources};
use rayon::prelude::*;

use crate::build::BuildError;
use crate::cli::Verbosity;
use crate::compile;
use crate::inputs::{self, Input};
use crate::terminal::Terminal;

/// What tells one masque from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    index: Option<u64>,
    reference: (String, String),
}

impl From<&Manifest> for Known {
    fn from(manifest: &Manifest) -> Self {
        let identity = &manifest.identity;
        Self { index: identity.index, reference: (identity.id.clone(), identity.version.clone()) }
    }
}

/// Checks everything, generating programs but writing none; `false` when a source has errors.
pub(crate) fn check(named: &[PathBuf], terminal: &Terminal, verbosity: Verbosity) -> Result<bool, BuildError> {
    let inputs = inputs::expand(named)?;
    let checked: Vec<_> = inputs.par_iter().map(|input| one(input, terminal)).collect();
    let (mut errors, mut warnings, mut known) = (0, 0, Vec::new());
    for (input, outcome) in inputs.iter().zip(checked) {
        let outcome = outcome?;
        eprint!("{}", outcome.report);
        errors += outcome.errors;
        warnings += outcome.warnings;
        if let Some(identity) = outcome.known {
            known.push((input.path.as_path(), identity));
        }
    }
    let clashes = clashes(&known, terminal);
    eprint!("{}", clashes.report);
    errors += clashes.errors;
    if verbosity == Verbosity::Normal {
        let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let (masques, errors) = (count(inputs.len(), "masque"), count(errors, "error"));
        eprintln!("checked {masques}: {errors}, {}", count(warnings, "warning"));
    }
    Ok(errors == 0)
}

struct Outcome {
    report: String,
    errors: usize,
    warnings: usize,
    known: Option<Known>,
}

fn one(input: &Input, terminal: &Terminal) -> Result<Outcome, BuildError> {
    let text = match read(&input.path)? {
        Ok(text) => text,
        Err(report) => return Ok(Outcome { report, errors: 1, warnings: 0, known: None }),
    };
    let mut sources = Sources::new();
    let id = sources.add(input.path.display().to_string(), text);
    let mut analysed = compile::analyse(&sources, id);
    let program = compile::generate(id, &mut analysed);
    let found = analysed.diagnostics.into_sorted();
    let count = |severity| found.iter().filter(|found| found.severity == severity).count();
    Ok(Outcome {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        report: terminal.render(&sources, &found),
        known: program.map(|program| Known::from(&program.manifest)),
    })
}

/// A source's text; `Ok(Err(…))` holds the message about a file that is no text or too large.
pub(crate) fn read(path: &Path) -> Result<Result<String, String>, BuildError> {
    let unreadable = |source| BuildError::Read { path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > compile::SOURCE_LIMIT as u64 {
        let limit = compile::SOURCE_LIMIT >> 20;
        return Ok(Err(format!("error: `{}` has {} MiB, more than {limit} MiB\n", path.display(), size >> 20)));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    Ok(String::from_utf8(bytes).map_err(|error| {
        let (at, path) = (error.utf8_error().valid_up_to(), path.display());
        format!("error: `{path}` is no UTF-8 text: byte {at} begins no character\n  = help: save it as UTF-8\n")
    }))
}

/// Masques that can't stand side by side.
pub(crate) struct Clashes {
    pub(crate) report: String,
    pub(crate) errors: usize,
    /// The sources that clash.
    pub(crate) paths: Vec<PathBuf>,
}

/// Finds masques with one index or one reference. Only those are read again, so that the message can show both places.
pub(crate) fn clashes(known: &[(&Path, Known)], terminal: &Terminal) -> Clashes {
    let (mut by_index, mut by_reference) = (BTreeMap::new(), BTreeMap::new());
    let mut clashing = BTreeSet::new();
    for (path, identity) in known {
        let same_index = identity.index.and_then(|index| by_index.insert(index, *path));
        let same_reference = by_reference.insert(&identity.reference, *path);
        for other in [same_index, same_reference].into_iter().flatten() {
            clashing.extend([other, *path]);
        }
    }
    let mut sources = Sources::new();
    let mut trees = Vec::new();
    for path in &clashing {
        if let Ok(Ok(text)) = read(path) {
            let id = sources.add(path.display().to_string(), text);
            trees.extend(compile::analyse(&sources, id).tree.map(|tree| (id, tree)));
        }
    }
    let found: Diagnostics = masque_check::check_together(trees.iter().map(|(id, tree)| (sources.get(*id), tree)));
    let found = found.into_sorted();
    let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
    Clashes {
        report: terminal.render(&sources, &found),
        errors,
        paths: clashing.into_iter().map(Path::to_owned).collect(),
    }
}
