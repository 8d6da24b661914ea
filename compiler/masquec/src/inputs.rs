//! From what the user named to the sources that it means: files, directories, globs.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use miette::Diagnostic;

use crate::compile;

/// A source file, and where its compiled form goes relative to an output directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// As messages show it.
    pub(crate) path: PathBuf,
    /// Directories under the one that the user named, then the file's name.
    pub(crate) relative: PathBuf,
}

/// Why there are no sources to work on.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum InputError {
    #[error("`{}` does not exist", path.display())]
    #[diagnostic(help("name a file, a directory or a glob such as 'personas/*.masque.yaml'"))]
    Missing { path: PathBuf },
    #[error("`{}` can't be read", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("`{}` holds no masque", path.display())]
    #[diagnostic(help(
        "sources are named *.masque.yaml, *.masque.yml, *.masque, *.mask.json or *.masque.json"
    ))]
    NoSources { path: PathBuf },
    #[error("`{glob}` is no glob: {reason}")]
    #[diagnostic(help("quote it so that the shell leaves it alone, and escape brackets with `\\`"))]
    BadGlob { glob: String, reason: String },
}

/// Every source that `named` means, each once, in the order of the paths.
pub(crate) fn expand(named: &[PathBuf]) -> Result<Vec<Input>, InputError> {
    let mut found = BTreeMap::new();
    for path in named.iter().map(|path| plain(path)) {
        let mut sources = Vec::new();
        if path.is_dir() {
            walk(&path, &path, &mut |_| true, &mut sources)?;
        } else if path.exists() {
            let relative = path.file_name().map(PathBuf::from).unwrap_or_default();
            sources.push(Input { path: path.clone(), relative });
        } else if let Some((base, glob)) = as_glob(&path)? {
            walk(&base, &base, &mut |candidate| glob.is_match(candidate), &mut sources)?;
        } else {
            return Err(InputError::Missing { path });
        }
        if sources.is_empty() {
            return Err(InputError::NoSources { path });
        }
        for source in sources {
            // One file may be named in several ways, but only by several names.
            let identity = match named {
                [_] => source.path.clone(),
                _ => source.path.canonicalize().unwrap_or_else(|_| source.path.clone()),
            };
            found.entry(identity).or_insert(source);
        }
    }
    let mut found: Vec<Input> = found.into_values().collect();
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// A path without `.` in it, so that `./a` and `a` are one, and globs meet paths as they are shown.
fn plain(path: &Path) -> PathBuf {
    let plain: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain }
}

/// The directory where a glob begins, and the glob; `None` where the path holds no glob characters.
fn as_glob(path: &Path) -> Result<Option<(PathBuf, GlobMatcher)>, InputError> {
    let is_glob = |text: &str| text.contains(['*', '?', '[', '{']);
    let Some(text) = path.to_str().filter(|text| is_glob(text)) else {
        return Ok(None);
    };
    let base: PathBuf =
        path.components().take_while(|part| !part.as_os_str().to_str().is_some_and(is_glob)).collect();
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    let glob = glob
        .map_err(|error| InputError::BadGlob { glob: text.to_owned(), reason: error.kind().to_string() })?;
    let base = plain(&base);
    match base.is_dir() {
        true => Ok(Some((base, glob.compile_matcher()))),
        false => Err(InputError::Missing { path: base }),
    }
}

fn walk(
    root: &Path,
    directory: &Path,
    wanted: &mut dyn FnMut(&Path) -> bool,
    found: &mut Vec<Input>,
) -> Result<(), InputError> {
    let unreadable = |source| InputError::Unreadable { path: directory.to_owned(), source };
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let kind = entry.file_type().map_err(unreadable)?;
        // A path found from `.` is shown without it.
        let path = entry.path();
        let shown = path.strip_prefix(".").unwrap_or(&path).to_owned();
        if kind.is_dir() {
            walk(root, &path, wanted, found)?;
        } else if compile::is_source(&path) && wanted(&shown) {
            let relative = path.strip_prefix(root).unwrap_or(&path).to_owned();
            found.push(Input { path: shown, relative });
        }
    }
    Ok(())
}
