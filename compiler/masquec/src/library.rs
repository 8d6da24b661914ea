//! Where the files that sources refer to come from: the standard library inside of this program, files beside the source, the search path.

mod standard;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use masque_check::{Candidate, Candidates, ENDINGS, Place, Reference, Supply};

use crate::compile::SOURCE_LIMIT;
use crate::files;
use crate::revision::Revision;

pub use standard::STANDARD;

/// The environment variable with directories of the search path, parted as in `PATH`.
pub const PATH_VARIABLE: &str = "MASQUE_PATH";

/// Supplies the files that sources refer to.
#[derive(Clone, Debug, Default)]
pub struct Library {
    search_path: Vec<PathBuf>,
    /// Texts that stand in place of files: what an editor holds and has not saved.
    open: Arc<RwLock<HashMap<PathBuf, Arc<str>>>>,
    /// The commit whose files are read in place of those of its repository.
    revision: Option<Arc<Revision>>,
}

impl Library {
    /// The standard library and files beside the source, no search path.
    pub fn standard() -> Self {
        Self::default()
    }

    /// With these directories, then those of the environment.
    pub fn with_path(directories: Vec<PathBuf>) -> Self {
        let mut search_path = directories;
        if let Some(more) = std::env::var_os(PATH_VARIABLE) {
            search_path.extend(std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty()));
        }
        Self { search_path, ..Self::default() }
    }

    /// The same, with the files of a repository as they were at a commit.
    pub(crate) fn at(&self, revision: Arc<Revision>) -> Self {
        Self { revision: Some(revision), ..self.clone() }
    }

    /// Puts a text in place of a file, or the file in its own place again.
    pub(crate) fn hold(&self, path: &Path, text: Option<Arc<str>>) {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        match text {
            Some(text) => open.insert(path.to_owned(), text),
            None => open.remove(path),
        };
    }

    /// The references that lead to the standard library, with the sets of its libraries.
    pub(crate) fn standard_references() -> (Vec<String>, Vec<String>) {
        let of = |folder: &str| {
            let here = STANDARD.iter().filter(|(_, path, _)| path.starts_with(&format!("stdlib/{folder}/")));
            here.map(|(name, ..)| format!("std/{name}")).collect()
        };
        (of("personas"), of("intents"))
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, files::ReadError> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        match open.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => match &self.revision {
                Some(revision) => revision.read(path, SOURCE_LIMIT),
                None => files::read(path, SOURCE_LIMIT),
            },
        }
    }

    fn add(&self, found: &mut Candidates, path: &Path) {
        let name = path.display().to_string();
        match self.read(path) {
            Err(files::ReadError::Missing { .. }) => found.looked_at.push(format!("`{name}`")),
            Err(error) => found.files.push(Candidate {
                identity: name.clone(),
                name,
                version: None,
                text: Err(error.to_string()),
            }),
            Ok(bytes) => {
                let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned());
                found.files.push(Candidate { identity: identity(path), name, version: None, text });
            }
        }
    }

    /// The directories of the search path.
    pub fn directories(&self) -> &[PathBuf] {
        &self.search_path
    }
}

impl Supply for Library {
    fn candidates(&self, from: &str, reference: &Reference) -> Candidates {
        match reference.place {
            Place::Standard => standard::candidates(reference),
            Place::Relative => self.beside(from, reference),
            Place::SearchPath => self.in_search_path(reference),
        }
    }

    fn identity(&self, name: &str) -> String {
        identity(Path::new(name))
    }
}

/// What tells a file from others, whatever path leads to it.
pub(crate) fn identity(path: &Path) -> String {
    path.canonicalize().unwrap_or_else(|_| path.to_owned()).display().to_string()
}

impl Library {
    fn beside(&self, from: &str, reference: &Reference) -> Candidates {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let written = folder.join(&reference.path);
        let mut found = Candidates::default();
        if ENDINGS.iter().any(|ending| reference.path.ends_with(ending)) {
            self.add(&mut found, &written);
        } else {
            for ending in ENDINGS {
                self.add(&mut found, &with_ending(&written, ending));
            }
        }
        found.known = names(written.parent().unwrap_or(Path::new("")), |stem| {
            let folder = reference.path.rsplit_once('/').map_or(".", |(folder, _)| folder);
            format!("{folder}/{stem}")
        });
        found
    }

    fn in_search_path(&self, reference: &Reference) -> Candidates {
        let mut found = Candidates::default();
        if self.search_path.is_empty() {
            found.looked_at.push(format!("no directory: `--path` and `{PATH_VARIABLE}` name none"));
        }
        for directory in &self.search_path {
            let written = directory.join(&reference.path);
            for ending in ENDINGS {
                self.add(&mut found, &with_ending(&written, ending));
            }
            for versioned in versioned(&written) {
                self.add(&mut found, &versioned);
            }
            let folder = reference.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            found.known.extend(names(&directory.join(folder), |stem| match folder {
                "" => stem.to_owned(),
                folder => format!("{folder}/{stem}"),
            }));
        }
        found
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Files such as `professor@1.2.0.masque`, in the order of their names.
fn versioned(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    let marked = format!("{name}@");
    let mut found: Vec<PathBuf> = entries(folder)
        .into_iter()
        .filter(|entry| entry.starts_with(&marked) && ENDINGS.iter().any(|ending| entry.ends_with(ending)))
        .map(|entry| folder.join(entry))
        .collect();
    found.sort();
    found
}

/// The references that lead to the sources of a folder.
fn names(folder: &Path, reference: impl Fn(&str) -> String) -> Vec<String> {
    let mut names: Vec<String> = entries(folder)
        .iter()
        .filter_map(|entry| ENDINGS.iter().find_map(|ending| entry.strip_suffix(ending)))
        .map(|stem| reference(stem.split('@').next().unwrap_or(stem)))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn entries(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
