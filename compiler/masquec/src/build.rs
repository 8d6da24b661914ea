//! `masquec build`: many sources at once, each written whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use masque_abi::Manifest;
use miette::Diagnostic;
use rayon::prelude::*;

use crate::clashes::{self, Known};
use crate::cli::Verbosity;
use crate::compile::{self, Kind};
use crate::emit::{self, Emit, EmitError, Emitter};
use crate::examine::{self, Findings};
use crate::files::ReadError;
use crate::inputs::{self, Input, InputError};
use crate::library::Library;
use crate::output::{self, WriteError, counted};
use crate::settings::Settings;
use crate::terminal::{Progress, Terminal};
use crate::up_to_date;

/// What to build.
pub(crate) struct Request {
    pub(crate) inputs: Vec<PathBuf>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) emit: Emit,
    pub(crate) jobs: Option<NonZeroUsize>,
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
    Read(#[from] ReadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Output(#[from] WriteError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Emit(#[from] EmitError),
    #[error("`{}` and `{}` would both be written to `{}`", first.display(), second.display(), output.display())]
    #[diagnostic(help("rename one of them, or build them into different directories"))]
    SameOutput { first: PathBuf, second: PathBuf, output: PathBuf },
    #[error("`{}` names one file, but there are {count} sources", output.display())]
    #[diagnostic(help("name a directory with `-o`"))]
    ManyIntoOne { output: PathBuf, count: usize },
    #[error("`{}` can't be written", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{jobs} workers can't be started: {reason}")]
    #[diagnostic(help("choose `--jobs` between 1 and the number of cores"))]
    Jobs { jobs: NonZeroUsize, reason: String },
}

/// A source and the file that it becomes.
struct Job {
    input: Input,
    output: PathBuf,
}

/// What became of one source.
struct Outcome {
    findings: Findings,
    kind: Kind,
    /// `None` where there are errors.
    made: Option<Made>,
}

struct Made {
    known: Known,
    bytes: Bytes,
}

/// What is to be written.
enum Bytes {
    New(Vec<u8>),
    /// The file on disk is what it would become.
    OnDisk,
}

/// Builds everything; `false` when a source has errors. Sources that clash are not written, the others are.
pub(crate) fn build(
    request: &Request,
    library: &Library,
    settings: &Settings,
    terminal: &Terminal,
) -> Result<bool, BuildError> {
    let started = Instant::now();
    let jobs = plan(inputs::expand(&request.inputs)?, request)?;
    let emitter = Emitter::new(&request.emit)?;
    let progress = Progress::new(if request.verbosity == Verbosity::Quiet { 0 } else { jobs.len() });
    let outcomes = in_parallel(&jobs, request.jobs, |job| {
        let outcome = one(job, &emitter, library, settings, terminal);
        progress.step();
        outcome
    })?;
    progress.finish();
    let mut outcomes = outcomes.into_iter().collect::<Result<Vec<_>, _>>()?;

    let (mut total, mut known) = (Findings::default(), Vec::new());
    for (sources, found) in settings.problems() {
        Findings::new(terminal, &sources, &found).show(&mut total);
    }
    for outcome in &mut outcomes {
        std::mem::take(&mut outcome.findings).show(&mut total);
    }
    for (job, outcome) in jobs.iter().zip(&outcomes) {
        known.extend(outcome.made.iter().map(|made| (job.input.path.as_path(), made.known.clone())));
    }
    let (clashes, clashing) = clashes::find(&known, terminal);
    clashes.show(&mut total);
    total.conclude(terminal)?;

    let made: Vec<(&Path, &Made)> = (jobs.iter().zip(&outcomes))
        .filter(|(job, _)| !clashing.contains(&job.input.path))
        .filter_map(|(job, outcome)| Some((job.output.as_path(), outcome.made.as_ref()?)))
        .collect();
    let new: Vec<(&Path, &[u8])> = (made.iter())
        .filter_map(|(output, made)| match &made.bytes {
            Bytes::New(bytes) => Some((*output, bytes.as_slice())),
            Bytes::OnDisk => None,
        })
        .collect();
    write_all(&new)?;

    if request.verbosity == Verbosity::Normal {
        let libraries = outcomes.iter().filter(|outcome| outcome.kind == Kind::Library).count();
        output::tell(&summary(new.len(), made.len() - new.len(), libraries, &total, started));
    }
    Ok(total.errors == 0)
}

fn summary(written: usize, unchanged: usize, libraries: usize, total: &Findings, started: Instant) -> String {
    let mut parts = vec![format!("built {}", counted(written, "masque"))];
    if unchanged > 0 {
        parts.push(format!("{unchanged} unchanged"));
    }
    match libraries {
        0 => {}
        1 => parts.push("1 library only checked".to_owned()),
        count => parts.push(format!("{count} libraries only checked")),
    }
    if total.errors > 0 {
        parts.push(counted(total.errors, "error"));
    }
    if total.warnings > 0 {
        parts.push(counted(total.warnings, "warning"));
    }
    format!("{} in {:.2} s\n", parts.join(", "), started.elapsed().as_secs_f64())
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

/// Runs `work` on every job, in the order of the jobs as far as results go.
fn in_parallel<T: Send>(
    jobs: &[Job],
    workers: Option<NonZeroUsize>,
    work: impl Fn(&Job) -> T + Sync + Send,
) -> Result<Vec<T>, BuildError> {
    let all = || jobs.par_iter().map(&work).collect();
    match workers {
        // One file needs no workers, and starting them takes longer than compiling it.
        _ if jobs.len() == 1 => Ok(vec![work(&jobs[0])]),
        None => Ok(all()),
        Some(count) => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(count.get()).build();
            let pool = pool.map_err(|error| BuildError::Jobs { jobs: count, reason: error.to_string() })?;
            Ok(pool.install(all))
        }
    }
}

fn one(
    job: &Job,
    emitter: &Emitter,
    library: &Library,
    settings: &Settings,
    terminal: &Terminal,
) -> Result<Outcome, BuildError> {
    let source = examine::read(&job.input.path)?;
    let on_disk = std::fs::read(&job.output).ok();
    if let Some(manifest) = on_disk.as_deref().and_then(|present| current(job, emitter, present, &source)) {
        let made = Made { known: Known::from(&manifest), bytes: Bytes::OnDisk };
        return Ok(Outcome { findings: Findings::default(), kind: Kind::Masque, made: Some(made) });
    }
    let examined = examine::examine(&job.input.path, source, library, settings, terminal);
    let made = match &examined.program {
        None => None,
        Some(program) => {
            let bytes = emitter.bytes(program)?;
            // An output that would not change keeps its time stamp.
            let bytes = if on_disk.is_some_and(|present| present == bytes) {
                Bytes::OnDisk
            } else {
                Bytes::New(bytes)
            };
            Some(Made { known: Known::from(&program.manifest), bytes })
        }
    };
    Ok(Outcome { findings: examined.findings, kind: examined.kind, made })
}

/// The manifest of the output, where it need not be made again.
fn current(job: &Job, emitter: &Emitter, present: &[u8], source: &[u8]) -> Option<Manifest> {
    let file = job.input.path.file_name()?.to_str()?;
    matches!(emitter, Emitter::Component).then(|| up_to_date::manifest_if_current(present, file, source))?
}

fn write_all(files: &[(&Path, &[u8])]) -> Result<(), BuildError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BuildError::Write { path, source }
    };
    let directories: BTreeSet<&Path> = files.iter().filter_map(|(path, _)| path.parent()).collect();
    for directory in directories {
        std::fs::create_dir_all(directory).map_err(failed(directory))?;
    }
    match files {
        [(path, bytes)] => emit::write(path, bytes).map_err(failed(path)),
        _ => files.par_iter().try_for_each(|(path, bytes)| emit::write(path, bytes).map_err(failed(path))),
    }
}
