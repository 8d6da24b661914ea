//! `masquec build`: many sources at once, each whole or not at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use masque_abi::Manifest;
use masque_diagnostics::{Severity, Sources};
use miette::Diagnostic;
use rayon::prelude::*;

use crate::checking::{self, Known};
use crate::cli::Verbosity;
use crate::compile;
use crate::emit::{self, Emit, EmitError, Emitter};
use crate::inputs::{self, Input, InputError};
use crate::terminal::{Progress, Terminal};
use crate::up_to_date;

/// What to build.
pub(crate) struct Request {
    pub(crate) inputs: Vec<PathBuf>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) emit: Emit,
    pub(crate) jobs: Option<usize>,
    pub(crate) verbosity: Verbosity,
}

/// Why a build could not be carried out.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum BuildError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Emit(#[from] EmitError),
    #[error("`{}` and `{}` would both be written to `{}`", first.display(), second.display(), output.display())]
    #[diagnostic(help("rename one of them, or build them into different directories"))]
    SameOutput { first: PathBuf, second: PathBuf, output: PathBuf },
    #[error("`{}` names one file, but there are {count} sources", output.display())]
    #[diagnostic(help("name a directory with `-o`"))]
    ManyIntoOne { output: PathBuf, count: usize },
    #[error("`{}` can't be read", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("`{}` can't be written", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("no {jobs} workers can be started: {reason}")]
    #[diagnostic(help("choose `--jobs` between 1 and the number of cores"))]
    Jobs { jobs: usize, reason: String },
}

/// A source and the file that it becomes.
struct Job {
    input: Input,
    output: PathBuf,
}

/// What became of one source.
struct Outcome {
    /// Rendered findings; empty where there are none.
    report: String,
    errors: usize,
    warnings: usize,
    state: State,
}

enum State {
    Written(Known),
    Unchanged(Known),
    Failed,
}

/// Builds everything; `false` when a source has errors.
pub(crate) fn build(request: &Request, terminal: &Terminal) -> Result<bool, BuildError> {
    let started = Instant::now();
    let jobs = plan(inputs::expand(&request.inputs)?, request)?;
    for directory in jobs.iter().filter_map(|job| job.output.parent()).collect::<std::collections::BTreeSet<_>>() {
        std::fs::create_dir_all(directory)
            .map_err(|source| BuildError::Write { path: directory.to_owned(), source })?;
    }
    let emitter = Emitter::new(&request.emit)?;
    let progress = Progress::new(if request.verbosity == Verbosity::Quiet { 0 } else { jobs.len() });
    let work = || {
        jobs.par_iter()
            .map(|job| {
                let outcome = one(job, &emitter, terminal);
                progress.step();
                outcome
            })
            .collect::<Vec<_>>()
    };
    let outcomes = match request.jobs {
        // One file needs no workers, and starting them takes longer than compiling it.
        _ if jobs.len() == 1 => vec![one(&jobs[0], &emitter, terminal)],
        None => work(),
        Some(count) => rayon::ThreadPoolBuilder::new()
            .num_threads(count)
            .build()
            .map_err(|error| BuildError::Jobs { jobs: count, reason: error.to_string() })?
            .install(work),
    };
    progress.finish();

    let (mut written, mut unchanged, mut errors, mut warnings) = (0, 0, 0, 0);
    let mut known = Vec::new();
    for (job, outcome) in jobs.iter().zip(outcomes) {
        let outcome = outcome?;
        eprint!("{}", outcome.report);
        errors += outcome.errors;
        warnings += outcome.warnings;
        match outcome.state {
            State::Written(identity) => {
                written += 1;
                known.push((job.input.path.as_path(), identity));
            }
            State::Unchanged(identity) => {
                unchanged += 1;
                known.push((job.input.path.as_path(), identity));
            }
            State::Failed => {}
        }
    }
    let clashes = checking::clashes(&known, terminal);
    eprint!("{}", clashes.report);
    for path in &clashes.paths {
        // What clashes is not built: a registry could not tell the two apart.
        let job = jobs.iter().find(|job| &job.input.path == path).expect("only built sources clash");
        std::fs::remove_file(&job.output)
            .map_err(|source| BuildError::Write { path: job.output.clone(), source })?;
    }
    errors += clashes.errors;

    if request.verbosity == Verbosity::Normal {
        eprintln!("{}", summary(written, unchanged, errors, warnings, started));
    }
    Ok(errors == 0)
}

fn summary(written: usize, unchanged: usize, errors: usize, warnings: usize, started: Instant) -> String {
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let mut parts = vec![format!("built {}", count(written, "masque"))];
    if unchanged > 0 {
        parts.push(format!("{unchanged} unchanged"));
    }
    if errors > 0 {
        parts.push(count(errors, "error"));
    }
    if warnings > 0 {
        parts.push(count(warnings, "warning"));
    }
    format!("{} in {:.2} s", parts.join(", "), started.elapsed().as_secs_f64())
}

/// Gives every source its output, and refuses two sources for one.
fn plan(inputs: Vec<Input>, request: &Request) -> Result<Vec<Job>, BuildError> {
    let suffix = request.emit.suffix();
    let count = inputs.len();
    let mut taken: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut jobs = Vec::with_capacity(count);
    for input in inputs {
        let name = format!("{}{suffix}", compile::stem(&input.path));
        let output = match &request.output {
            None => input.path.with_file_name(&name),
            Some(file) if names_a_file(file, suffix) && count == 1 => file.clone(),
            Some(file) if names_a_file(file, suffix) => {
                return Err(BuildError::ManyIntoOne { output: file.clone(), count });
            }
            Some(directory) => directory.join(input.relative.with_file_name(&name)),
        };
        if let Some(first) = taken.insert(output.clone(), input.path.clone()) {
            return Err(BuildError::SameOutput { first, second: input.path, output });
        }
        jobs.push(Job { input, output });
    }
    Ok(jobs)
}

fn names_a_file(path: &Path, suffix: &str) -> bool {
    !path.is_dir() && path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(suffix))
}

fn one(job: &Job, emitter: &Emitter, terminal: &Terminal) -> Result<Outcome, BuildError> {
    let text = match checking::read(&job.input.path)? {
        Ok(text) => text,
        Err(report) => return Ok(Outcome { report, errors: 1, warnings: 0, state: State::Failed }),
    };
    if let Some(manifest) = current(job, emitter, &text) {
        let state = State::Unchanged(Known::from(&manifest));
        return Ok(Outcome { report: String::new(), errors: 0, warnings: 0, state });
    }
    let mut sources = Sources::new();
    let id = sources.add(job.input.path.display().to_string(), text);
    let mut analysed = compile::analyse(&sources, id);
    let program = compile::generate(id, &mut analysed);
    let state = match &program {
        None => State::Failed,
        Some(program) => {
            write_if_changed(&job.output, &emitter.bytes(program)?)?;
            State::Written(Known::from(&program.manifest))
        }
    };
    let found = analysed.diagnostics.into_sorted();
    let count = |severity| found.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    Ok(Outcome { report: terminal.render(&sources, &found), errors, warnings, state })
}

/// The manifest of the output, where it need not be made again.
fn current(job: &Job, emitter: &Emitter, text: &str) -> Option<Manifest> {
    if !matches!(emitter, Emitter::Component) {
        return None;
    }
    let component = std::fs::read(&job.output).ok()?;
    let file = job.input.path.file_name()?.to_str()?;
    up_to_date::manifest_if_current(&component, file, text)
}

/// Keeps the time stamp of an output that would not change.
fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    if std::fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    emit::write(path, bytes).map_err(|source| BuildError::Write { path: path.to_owned(), source })
}
