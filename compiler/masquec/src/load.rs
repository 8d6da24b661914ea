//! From a path to a component: what a file is, told by its content, and compiling it where it is a source.

use std::path::{Path, PathBuf};
use std::time::Duration;

use masque_abi::WASM_MAGIC;
use masque_decode::{Component, DecodeError};
use masque_host::{ENVELOPE_MAGIC, Foreign, Limits};

use crate::compile::{self, Compiled, Kind};
use crate::files;
use crate::library::Library;
use crate::output;
use crate::terminal::Terminal;

pub use crate::files::ReadError;

/// The largest file that is read at all, in bytes. What is read is then held to the limits of what it is.
pub(crate) const READ_LIMIT: usize = 128 << 20;

/// A masque in a form that a host loads.
pub struct Program {
    /// As the user named it.
    pub path: PathBuf,
    /// What it is.
    pub form: Form,
    /// The component or the envelope.
    pub bytes: Vec<u8>,
}

/// What the bytes of a program are.
pub enum Form {
    /// A component, compiled from this text just now.
    Compiled {
        /// The text.
        source: String,
    },
    /// A component, or what calls itself one.
    Wasm,
    /// Machine code in its envelope.
    Precompiled,
}

/// Which makers' components are run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// `masquec` alone.
    Known,
    /// Any.
    Any,
}

impl Origin {
    /// As `--foreign` has it.
    pub fn from_flag(foreign: bool) -> Self {
        if foreign { Self::Any } else { Self::Known }
    }

    /// What a host takes that runs one masque of this origin.
    pub fn foreign(self) -> Foreign {
        match self {
            Self::Known => Foreign::Refuse,
            Self::Any => Foreign::WithWasi,
        }
    }

    /// The limits of a host that runs one masque of this origin.
    pub fn limits(self) -> Limits {
        // One session is all that is needed; room for a thousand takes time to set up.
        let limits = Limits { instances: 2, ..Limits::default() };
        match self {
            Self::Known => limits,
            // A language runtime in the component takes megabytes and starts slowly.
            Self::Any => Limits {
                wasm_bytes: READ_LIMIT,
                memory_bytes: 512 << 20,
                fuel: 20_000_000_000,
                deadline: Duration::from_secs(30),
                stack_bytes: 2 << 20,
                ..limits
            },
        }
    }
}

/// Why there is no program.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum LoadError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[error("`{}` has more than {} MiB", path.display(), READ_LIMIT >> 20)]
    #[diagnostic(help("no masque is that large"))]
    TooLarge { path: PathBuf },
    #[error("`{}` is no masque: {reason}", path.display())]
    #[diagnostic(help(
        "a masque is a source (YAML or JSON, as UTF-8), a WebAssembly component (.wasm) or a precompiled one (.cwasm)"
    ))]
    NotAMasque { path: PathBuf, reason: &'static str },
    /// The findings have been shown.
    #[error("`{}` does not compile", path.display())]
    #[diagnostic(help("the errors are above; `masquec check` shows them alone"))]
    Source { path: PathBuf },
}

/// Why a program can't be read back.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum ReadBackError {
    #[error("`{label}` can't be read back: {reason}")]
    #[diagnostic(help("only what this version of masquec has made can be; build it from its source"))]
    Unreadable { label: String, reason: DecodeError },
    #[error("`{label}` is precompiled, and nothing can be read back from machine code")]
    #[diagnostic(help("give the .wasm or the source that it was made from"))]
    Precompiled { label: String },
}

impl Program {
    /// Reads the component back; `label` is what errors call it.
    pub(crate) fn read_back(&self, label: &str) -> Result<Component, ReadBackError> {
        let label = label.to_owned();
        match self.form {
            Form::Precompiled => Err(ReadBackError::Precompiled { label }),
            Form::Compiled { .. } | Form::Wasm => {
                masque_decode::read(&self.bytes).map_err(|reason| ReadBackError::Unreadable { label, reason })
            }
        }
    }
}

/// Reads a file and compiles it where it is a source. What is found about a source goes to standard error.
///
/// # Errors
/// When the file can't be read, is neither text nor a program, or is a source with errors.
pub fn load(path: &Path, library: &Library, terminal: &Terminal) -> Result<Program, LoadError> {
    of_bytes(path, files::read(path, READ_LIMIT)?, library, terminal)
}

/// As [`load`], of the bytes that a file has or had.
pub(crate) fn of_bytes(
    path: &Path,
    bytes: Vec<u8>,
    library: &Library,
    terminal: &Terminal,
) -> Result<Program, LoadError> {
    let path = path.to_owned();
    if bytes.len() > READ_LIMIT {
        return Err(LoadError::TooLarge { path });
    }
    if bytes.starts_with(WASM_MAGIC) {
        return Ok(Program { path, form: Form::Wasm, bytes });
    }
    if bytes.starts_with(ENVELOPE_MAGIC) {
        return Ok(Program { path, form: Form::Precompiled, bytes });
    }
    if let Some(reason) = why_no_source(&path, &bytes) {
        return Err(LoadError::NotAMasque { path, reason });
    }
    compile(path, bytes, library, terminal)
}

/// What speaks against bytes without a known magic being a source.
fn why_no_source(path: &Path, bytes: &[u8]) -> Option<&'static str> {
    const LOOKED_AT: usize = 1024;
    let extension = path.extension().and_then(|extension| extension.to_str());
    if matches!(extension, Some("wasm" | "cwasm")) {
        return Some(match bytes.is_empty() {
            true => "it is empty",
            false => "it does not begin as a component or a precompiled masque does",
        });
    }
    bytes[..bytes.len().min(LOOKED_AT)].contains(&0).then_some("it is neither text nor WebAssembly")
}

fn compile(
    path: PathBuf,
    bytes: Vec<u8>,
    library: &Library,
    terminal: &Terminal,
) -> Result<Program, LoadError> {
    let Compiled { sources, id, kind, program, found, .. } =
        compile::compile(path.display().to_string(), bytes, library);
    output::tell(&terminal.text(&sources, &found));
    match program {
        Some(program) => {
            let form = Form::Compiled { source: sources.get(id).text().to_owned() };
            Ok(Program { path, form, bytes: program.component() })
        }
        None if kind == Kind::Library => {
            Err(LoadError::NotAMasque { path, reason: "it is a library of intent sets" })
        }
        None => Err(LoadError::Source { path }),
    }
}
