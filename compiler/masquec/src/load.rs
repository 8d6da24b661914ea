//! From a path to a component: what a file is, told by its content, and compiling it where it is a source.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use masque_diagnostics::Sources;
use masquec::compile;
use masquec::terminal::Terminal;

use crate::output;

/// The largest file that is read at all, in bytes. What is read is then held to the limits of what it is.
pub(crate) const READ_LIMIT: usize = 128 << 20;

const WASM_MAGIC: &[u8] = b"\0asm";
const ENVELOPE_MAGIC: &[u8] = b"\x7Fmasque\n";

/// A masque in a form that a host loads.
pub(crate) struct Program {
    /// As the user named it.
    pub(crate) path: PathBuf,
    pub(crate) form: Form,
    pub(crate) bytes: Vec<u8>,
}

/// What the bytes of a program are.
pub(crate) enum Form {
    /// A component, compiled from this text just now.
    Compiled { source: String },
    /// A component, or what calls itself one.
    Wasm,
    /// Machine code in its envelope.
    Precompiled,
}

/// Why there is no program.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum LoadError {
    #[error("`{}` does not exist", path.display())]
    #[diagnostic(help(
        "name a source such as personas/homelab.masque.yaml, a mask definition (.json), a .wasm or a .cwasm"
    ))]
    Missing { path: PathBuf },
    #[error("`{}` is a directory", path.display())]
    #[diagnostic(help("name one masque in it; `masquec check` and `masquec build` take directories"))]
    Directory { path: PathBuf },
    #[error("`{}` can't be read", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
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

/// Reads a file and compiles it where it is a source. What is found about a source goes to standard error.
pub(crate) fn load(path: &Path, terminal: &Terminal) -> Result<Program, LoadError> {
    let bytes = read(path)?;
    let path = path.to_owned();
    if bytes.starts_with(WASM_MAGIC) {
        return Ok(Program { path, form: Form::Wasm, bytes });
    }
    if bytes.starts_with(ENVELOPE_MAGIC) {
        return Ok(Program { path, form: Form::Precompiled, bytes });
    }
    if let Some(reason) = why_no_source(&path, &bytes) {
        return Err(LoadError::NotAMasque { path, reason });
    }
    compile(path, bytes, terminal)
}

fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    let named = || path.to_owned();
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => LoadError::Missing { path: named() },
        _ => LoadError::Unreadable { path: named(), source },
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(LoadError::Directory { path: named() });
    }
    let mut bytes = Vec::new();
    file.take(READ_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > READ_LIMIT {
        return Err(LoadError::TooLarge { path: named() });
    }
    Ok(bytes)
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

fn compile(path: PathBuf, bytes: Vec<u8>, terminal: &Terminal) -> Result<Program, LoadError> {
    let mut sources = Sources::new();
    let name = path.display().to_string();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let found = compile::not_utf8(&mut sources, &name, &error);
            output::tell(&terminal.render(&sources, &[found]));
            return Err(LoadError::Source { path });
        }
    };
    let id = sources.add(name, text);
    let mut analysed = compile::analyse(&sources, id);
    let program = compile::generate(id, &mut analysed);
    let found = analysed.diagnostics.into_sorted();
    if !found.is_empty() {
        output::tell(&terminal.render(&sources, &found));
    }
    match program {
        Some(program) => {
            let form = Form::Compiled { source: sources.get(id).text().to_owned() };
            Ok(Program { path, form, bytes: program.component() })
        }
        None => Err(LoadError::Source { path }),
    }
}
