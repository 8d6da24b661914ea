//! The command `test`: the tests that masques carry, held against the bytes that ship.
//!
//! A source is compiled as `build` does it, and the component is asked in the sandbox that a host would wear it in. What does not live
//! here: what a test may say (`masque-check`), and what an intent means (`masque-host`).

mod answers;
mod endpoint;
mod human;
mod junit;
mod outcome;
mod prompt;
mod session;
mod transcript;
mod wire;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use masque_host::{Host, HostError, Limits, Masque};
use masque_ir::{self as ir, Expectation};
use miette::Diagnostic;
use rayon::prelude::*;

use crate::cli::{self, Verbosity};
use crate::compile;
use crate::examine::{self, Findings};
use crate::files::ReadError;
use crate::inputs::{self, Input, InputError};
use crate::library::Library;
use crate::output::{self, Format, Paint, WriteError};
use crate::terminal::Terminal;
use answers::{AnswerArguments, Answers, AnswersError};
use outcome::{Case, Identity, Kind, Outcome, Report, Suite};

/// Run the tests that masques carry, against their compiled form in the sandbox.
#[derive(clap::Args)]
pub(crate) struct TestArguments {
    /// Files, directories and globs.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Only tests whose name, or whose masque's name or id, holds this text; letters' case does not matter.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// How many to run at once; all cores if left out.
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = FormatChoice::Human)]
    format: FormatChoice,
    /// Write the report to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Say nothing of what went well.
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    answers: AnswerArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatChoice {
    /// For people.
    Human,
    /// One JSON object: format, passed, failed, skipped, errors, files.
    Json,
    /// JUnit's XML, as CI servers read it.
    Junit,
}

/// Why the tests can't be run.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum TestError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Answers(#[from] AnswersError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error("the sandbox can't be set up")]
    Host(#[from] HostError),
    #[error("{jobs} workers can't be started: {reason}")]
    #[diagnostic(help("choose `--jobs` between 1 and the number of cores"))]
    Jobs { jobs: NonZeroUsize, reason: String },
    #[error("no test matches `{filter}`")]
    #[diagnostic(help("a filter is a part of a test's name, or of its masque's name or id"))]
    NothingMatches { filter: String },
}

/// Runs the tests and reports; `false` when one fails or a source has errors.
pub(crate) fn run(
    arguments: &TestArguments,
    library: &Library,
    terminal: &Terminal,
) -> Result<bool, TestError> {
    let answers = Answers::new(&arguments.answers)?;
    let inputs = inputs::expand(&arguments.inputs)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.jobs.map_or(0, NonZeroUsize::get));
    let pool = pool.build().map_err(|error| TestError::Jobs {
        jobs: arguments.jobs.unwrap_or(NonZeroUsize::MIN),
        reason: error.to_string(),
    })?;
    let host = host(pool.current_num_threads())?;
    let filter = arguments.filter.as_ref().map(|text| text.to_lowercase());
    let one = |input: &Input| test_file(&input.path, &host, &answers, library, filter.as_deref(), terminal);
    let done = pool.install(|| inputs.par_iter().map(one).collect::<Vec<_>>());

    let (mut suites, mut total) = (Vec::new(), Findings::default());
    for outcome in done {
        let (suite, findings) = outcome?;
        findings.show(&mut total);
        suites.push(suite);
    }
    let report = Report { suites };
    if let Some(filter) = &arguments.filter
        && report.cases().next().is_none()
        && total.errors == 0
    {
        return Err(TestError::NothingMatches { filter: filter.clone() });
    }
    tell(&report, arguments, terminal)?;
    Ok(report.failed() == 0 && total.errors == 0)
}

/// A host with room for one session in every worker.
fn host(workers: usize) -> Result<Host, HostError> {
    let instances = u32::try_from(workers).unwrap_or(u32::MAX).saturating_add(1);
    Host::new(Limits { instances, ..Limits::default() })
}

fn tell(report: &Report, arguments: &TestArguments, terminal: &Terminal) -> Result<(), WriteError> {
    let verbosity = cli::verbosity(arguments.quiet);
    let paint = match terminal.format(false) {
        Format::Human(paint) if arguments.output.is_none() => paint,
        Format::Human(_) | Format::Json => Paint::Plain,
    };
    let text = match arguments.format {
        FormatChoice::Human => human::render(report, paint, verbosity),
        FormatChoice::Json => output::json(&wire::Document::new(report)),
        FormatChoice::Junit => junit::render(report),
    };
    match &arguments.output {
        Some(path) => output::write(path, &text)?,
        None => output::print(&text)?,
    }
    // Whoever sent the report elsewhere still wants to know how it went.
    if verbosity == Verbosity::Normal
        && (arguments.output.is_some() || arguments.format != FormatChoice::Human)
    {
        output::tell(&human::summary(report, Paint::Plain));
    }
    Ok(())
}

fn test_file(
    path: &Path,
    host: &Host,
    answers: &Answers,
    library: &Library,
    filter: Option<&str>,
    terminal: &Terminal,
) -> Result<(Suite, Findings), TestError> {
    let compiled = compile::compile(path.display().to_string(), examine::read(path)?, library);
    let findings = Findings::new(terminal, &compiled.sources, &compiled.found);
    let text = compiled.sources.get(compiled.id).text().to_owned();
    let mut suite =
        Suite { file: path.display().to_string(), text, errors: findings.errors, ..Suite::default() };
    if let (Some(masque), Some(program)) = (&compiled.masque, &compiled.program) {
        let component = program.component();
        suite.carries_tests = !masque.tests.is_empty();
        suite.masque = Some(Identity::of(masque));
        suite.cases = test_masque(masque, &component, host, answers, filter);
    }
    Ok((suite, findings))
}

/// Runs the tests of one masque that the filter lets through, in the order of the source.
fn test_masque(
    masque: &ir::Masque,
    component: &[u8],
    host: &Host,
    answers: &Answers,
    filter: Option<&str>,
) -> Vec<Case> {
    let identity = [masque.identity.id.as_str(), masque.identity.name.as_str()];
    let wanted = |name: &str| {
        filter.is_none_or(|filter| {
            identity.iter().chain([&name]).any(|text| text.to_lowercase().contains(filter))
        })
    };
    let chosen: Vec<(String, &Expectation)> = (masque.tests.iter().zip(1..))
        .map(|(test, number)| (name_of(test, number), test))
        .filter(|(name, _)| wanted(name))
        .collect();
    if chosen.is_empty() {
        return Vec::new();
    }
    let loaded = host.load(component).map_err(|error| format!("the host does not load it: {error}"));
    chosen.into_par_iter().map(|(name, test)| one(masque, &loaded, answers, name, test)).collect()
}

/// The ring that a masque is worn in, for the host.
pub(crate) fn ring_of(ring: ir::Ring) -> masque_host::Ring {
    session::ring(ring)
}

/// Runs the first test of this name, as its report would show it; `None` where there is none.
pub(crate) fn run_one(
    masque: &ir::Masque,
    component: &[u8],
    host: &Host,
    name: &str,
) -> Option<serde_json::Value> {
    let mut tests = masque.tests.iter().zip(1..).map(|(test, number)| (name_of(test, number), test));
    let (name, test) = tests.find(|(known, _)| known == name)?;
    let loaded = host.load(component).map_err(|error| format!("the host does not load it: {error}"));
    let case = one(masque, &loaded, &Answers::Nowhere, name, test);
    Some(wire::alone(&case))
}

/// What reports call a test: its name, or its number where it has none.
fn name_of(test: &Expectation, number: usize) -> String {
    let (Expectation::Session(ir::SessionTest { name, .. })
    | Expectation::Prompt(ir::PromptTest { name, .. })) = test;
    name.clone().unwrap_or_else(|| format!("test {number}"))
}

fn one(
    masque: &ir::Masque,
    loaded: &Result<Masque, String>,
    answers: &Answers,
    name: String,
    test: &Expectation,
) -> Case {
    let (kind, place) = match test {
        Expectation::Session(test) => (Kind::Session, test.place),
        Expectation::Prompt(test) => (Kind::Prompt, test.place),
    };
    let outcome = match (loaded, test) {
        (Err(reason), _) => Outcome::of(vec![outcome::Failure::without_answer(place, reason.clone())]),
        (Ok(loaded), Expectation::Session(test)) => Outcome::of(session::failures(masque, loaded, test)),
        (Ok(loaded), Expectation::Prompt(test)) => prompt::outcome(masque, loaded, test, answers),
    };
    Case { name, kind, place, outcome }
}

#[cfg(test)]
mod tests;
