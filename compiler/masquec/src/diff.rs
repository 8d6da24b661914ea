//! The commands `diff` and `semver`: what a change of a masque changes in what it does, and whether its version says so.

mod human;
mod markdown;
mod wire;
mod wording;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use masque_decode::Component;
use masque_proof::{Bump, Declared, Diff, declared};
use semver::Version;

use crate::cli::Status;
use crate::library::Library;
use crate::load::{self, LoadError, Program, ReadBackError, ReadError};
use crate::output::{self, Format, WriteError};
use crate::revision::{Revision, RevisionError};
use crate::terminal::Terminal;

/// Show what a change of a masque changes in what it does.
///
/// Exit status: 0 compared, 2 not compared, 3 what `--fail-on` names has come about, 4 unknown.
#[derive(clap::Args)]
pub(crate) struct DiffArguments {
    /// The old masque and the new one: sources or .wasm. With `--rev`, one file.
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compare a file at two commits (A..B), or at a commit with what it is now (A).
    #[arg(long, value_name = "A..B")]
    rev: Option<String>,
    /// Exit with 3 if this has come about.
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
}

/// Check that the version of a masque says what changed since another.
///
/// Exit status: 0 it says enough, 1 it says too little, 2 not compared, 4 unknown.
#[derive(clap::Args)]
pub(crate) struct SemverArguments {
    /// The masque whose version is checked: a source or a .wasm.
    file: PathBuf,
    /// The masque that it is compared with.
    #[arg(long, value_name = "FILE", required_unless_present = "rev")]
    baseline: Option<PathBuf>,
    /// Compare with the file as it was at this commit.
    #[arg(long, value_name = "A", conflicts_with = "baseline")]
    rev: Option<String>,
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
}

/// What makes a comparison fail.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// Anything is granted that was not.
    Widened,
}

/// How an answer is written.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum DiffFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object.
    Json,
    /// For a pull request.
    Markdown,
}

/// Two masques compared.
struct Compared {
    /// What the old and the new one are called: the file, with the commit where it is one.
    labels: [String; 2],
    versions: [Version; 2],
    diff: Diff,
}

/// Why nothing was compared.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum DiffError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Revision(#[from] RevisionError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    ReadBack(#[from] ReadBackError),
    #[error("`{label}` has the version `{version}`, which is none")]
    #[diagnostic(help("build it from its source"))]
    NoVersion { label: String, version: String },
    #[error("`{}` was not there at `{revision}`", file.display())]
    #[diagnostic(help("give the file as it was and as it is, both by their paths"))]
    NotAtRevision { file: PathBuf, revision: String },
    #[error("there is one file and nothing to compare it with")]
    #[diagnostic(help("give the old masque and the new one, or a commit: `--rev HEAD`"))]
    OneFile,
    #[error("`--rev` compares one file with itself, and there are two")]
    #[diagnostic(help("leave one of them out, or `--rev`"))]
    TwoFiles,
    #[error("`{range}` has three dots")]
    #[diagnostic(help("write A..B for the file at A and at B"))]
    ThreeDots { range: String },
}

impl Compared {
    /// What the new version is worth; nothing where that is not known.
    fn declared(&self) -> Option<Declared> {
        let [old, new] = &self.versions;
        match self.diff.bump() {
            Some(bump) => Some(declared(old, new, bump)),
            // A version that is enough for the most is enough for anything.
            None => Some(declared(old, new, Bump::Major)).filter(|declared| *declared == Declared::Enough),
        }
    }
}

/// Compares two masques.
pub(crate) fn run(
    arguments: &DiffArguments,
    library: &Library,
    terminal: &Terminal,
) -> Result<Status, DiffError> {
    let compared = match (arguments.files.as_slice(), &arguments.rev) {
        ([file], Some(range)) => at_revisions(file, range, library, terminal)?,
        ([old, new], None) => compare(from_disk(old, library, terminal)?, from_disk(new, library, terminal)?),
        ([_, _], Some(_)) => return Err(DiffError::TwoFiles),
        _ => return Err(DiffError::OneFile),
    };
    print(&compared, arguments.format, terminal)?;
    let is_wider = compared.diff.widened();
    Ok(match arguments.fail_on {
        Some(FailOn::Widened) if is_wider == Some(true) => Status::FailedOn,
        _ if compared.diff.intents.is_err() => Status::Unknown,
        _ => Status::Well,
    })
}

/// Checks a version against a baseline.
pub(crate) fn semver(
    arguments: &SemverArguments,
    library: &Library,
    terminal: &Terminal,
) -> Result<Status, DiffError> {
    let new = from_disk(&arguments.file, library, terminal)?;
    let old = match (&arguments.baseline, &arguments.rev) {
        (Some(baseline), _) => from_disk(baseline, library, terminal)?,
        (None, Some(revision)) => from_revision(&arguments.file, revision, library, terminal)?,
        (None, None) => return Err(DiffError::OneFile),
    };
    let compared = compare(old, new);
    let text = match arguments.format {
        DiffFormat::Human => match terminal.format(false) {
            Format::Human(paint) => human::version(&compared, paint),
            Format::Json => output::json(&wire::Version::new(&compared)),
        },
        DiffFormat::Json => output::json(&wire::Version::new(&compared)),
        DiffFormat::Markdown => markdown::version(&compared),
    };
    output::print(&text)?;
    Ok(match compared.declared() {
        Some(Declared::Enough) => Status::Well,
        Some(Declared::TooLittle { .. } | Declared::Backwards { .. }) => Status::Failed,
        None => Status::Unknown,
    })
}

fn print(compared: &Compared, format: DiffFormat, terminal: &Terminal) -> Result<(), WriteError> {
    output::print(&match (format, terminal.format(format == DiffFormat::Json)) {
        (DiffFormat::Markdown, _) => markdown::render(compared),
        (_, Format::Human(paint)) => human::render(compared, paint),
        (_, Format::Json) => output::json(&wire::Report::new(compared)),
    })
}

/// A masque to compare.
struct Read {
    label: String,
    version: Version,
    component: Component,
}

fn compare(old: Read, new: Read) -> Compared {
    let diff = masque_proof::diff(&old.component, &new.component);
    Compared { labels: [old.label, new.label], versions: [old.version, new.version], diff }
}

fn from_disk(path: &Path, library: &Library, terminal: &Terminal) -> Result<Read, DiffError> {
    read(path.display().to_string(), &load::load(path, library, terminal)?)
}

fn from_revision(
    path: &Path,
    revision: &str,
    library: &Library,
    terminal: &Terminal,
) -> Result<Read, DiffError> {
    let found = Arc::new(Revision::find(revision, path)?);
    let bytes = match found.read(path, load::READ_LIMIT) {
        Err(ReadError::Missing { .. }) => {
            return Err(DiffError::NotAtRevision { file: path.to_owned(), revision: revision.to_owned() });
        }
        bytes => bytes?,
    };
    let program = load::of_bytes(path, bytes, &library.at(found), terminal)?;
    read(format!("{revision}:{}", path.display()), &program)
}

fn at_revisions(
    file: &Path,
    range: &str,
    library: &Library,
    terminal: &Terminal,
) -> Result<Compared, DiffError> {
    if range.contains("...") {
        return Err(DiffError::ThreeDots { range: range.to_owned() });
    }
    let at = |revision: &str| from_revision(file, revision, library, terminal);
    let or_head = |revision: &str| at(if revision.is_empty() { "HEAD" } else { revision });
    Ok(match range.split_once("..") {
        Some((old, new)) => compare(or_head(old)?, or_head(new)?),
        None => compare(at(range)?, from_disk(file, library, terminal)?),
    })
}

fn read(label: String, program: &Program) -> Result<Read, DiffError> {
    let component = program.read_back(&label)?;
    let version = &component.manifest.identity.version;
    match Version::parse(version) {
        Ok(version) => Ok(Read { label, version, component }),
        Err(_) => Err(DiffError::NoVersion { label, version: version.clone() }),
    }
}
