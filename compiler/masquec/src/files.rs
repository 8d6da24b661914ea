//! Reading a file that may be anything.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A file that can't be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum ReadError {
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
}

/// Reads a file of at most `limit` bytes. Of a larger one there is one byte more, by which it shows.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, ReadError> {
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => ReadError::Missing { path: path.to_owned() },
        _ => ReadError::Unreadable { path: path.to_owned(), source },
    };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(ReadError::Directory { path: path.to_owned() });
    }
    let most = limit as u64 + 1;
    let mut bytes = Vec::with_capacity(usize::try_from(about.len().min(most)).unwrap_or(limit));
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
