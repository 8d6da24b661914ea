//! The forms that a program can be written in, and writing without ever leaving half a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use masque_codegen::Program;
use masque_host::{Host, HostError, Key, Limits, Options, PrecompileError};

use crate::home;

/// What to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Emit {
    /// The component.
    Component,
    /// The core module inside.
    Core,
    /// The component as text.
    Wat,
    /// The manifest.
    Manifest,
    /// Machine code in an authenticated envelope.
    Cwasm {
        /// Target triple; this machine if left out.
        target: Option<String>,
        /// File with the key that authenticates it.
        key: Option<PathBuf>,
    },
}

impl Emit {
    /// What follows the stem in a file's name.
    pub(crate) fn suffix(&self) -> &'static str {
        match self {
            Self::Component => ".wasm",
            Self::Core => ".core.wasm",
            Self::Wat => ".wat",
            Self::Manifest => ".manifest.json",
            Self::Cwasm { .. } => ".cwasm",
        }
    }
}

/// Turns a program into the bytes of a file.
pub(crate) enum Emitter {
    Component,
    Core,
    Wat,
    Manifest,
    Cwasm { host: Host, target: Option<String> },
}

/// Why a form can't be made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum EmitError {
    #[error("the program can't be printed as text: {0}")]
    Print(String),
    #[error(transparent)]
    #[diagnostic(help("name a target triple such as x86_64-unknown-linux-gnu or aarch64-unknown-linux-gnu"))]
    Precompile(#[from] PrecompileError),
    #[error("`{}` holds no key", path.display())]
    #[diagnostic(help("a key is a file of 32 bytes, such as `cache/host.key` in the host's home"))]
    Key { path: PathBuf, source: Option<std::io::Error> },
    #[error(transparent)]
    #[diagnostic(help("set MASQUE_HOME to a directory that can be written, or name a key with `--key`"))]
    Host(#[from] HostError),
}

impl Emitter {
    /// Prepares what the form needs once, however many programs follow.
    pub(crate) fn new(emit: &Emit) -> Result<Self, EmitError> {
        Ok(match emit {
            Emit::Component => Self::Component,
            Emit::Core => Self::Core,
            Emit::Wat => Self::Wat,
            Emit::Manifest => Self::Manifest,
            Emit::Cwasm { target, key } => {
                Self::Cwasm { host: host(key.as_deref())?, target: target.clone() }
            }
        })
    }

    /// The bytes of the form.
    pub(crate) fn bytes(&self, program: &Program) -> Result<Vec<u8>, EmitError> {
        match self {
            Self::Component => Ok(program.component()),
            Self::Core => Ok(program.core.clone()),
            Self::Wat => wasmprinter::print_bytes(program.component())
                .map(String::into_bytes)
                .map_err(|error| EmitError::Print(error.to_string())),
            Self::Manifest => {
                let mut json =
                    serde_json::to_vec_pretty(&program.manifest).expect("a manifest is plain data");
                json.push(b'\n');
                Ok(json)
            }
            Self::Cwasm { host, target } => Ok(host.precompile(&program.component(), target.as_deref())?),
        }
    }
}

/// A host that seals with the given key, or with the one of this user's host, so that `masque` runs what was made here.
fn host(key: Option<&Path>) -> Result<Host, EmitError> {
    let options = match key {
        None => Options { cache: home::cache(), ..Options::default() },
        Some(path) => {
            let unusable = |source| EmitError::Key { path: path.to_owned(), source };
            let bytes = std::fs::read(path).map_err(|error| unusable(Some(error)))?;
            let key = Key::from_bytes(bytes.try_into().map_err(|_| unusable(None))?);
            Options { key: Some(key), ..Options::default() }
        }
    };
    Ok(Host::with_options(Limits::default(), options)?)
}

/// Writes a whole file or nothing: into a neighbour first, which then takes the name. A file that is there keeps its permissions, and a
/// link to it stays one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let target = path.canonicalize().ok();
    let path = target.as_deref().unwrap_or(path);
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".masquec-").tempfile_in(directory)?;
    file.write_all(bytes)?;
    match path.metadata() {
        Ok(there) => file.as_file().set_permissions(there.permissions())?,
        Err(_) => readable_by_all(file.as_file())?,
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; a compiled masque is an ordinary file.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
