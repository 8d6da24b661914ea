//! Files as they were at a commit, read by `git`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::files::{self, ReadError};

/// A commit of a repository.
#[derive(Debug)]
pub(crate) struct Revision {
    /// The top folder of the work tree.
    root: PathBuf,
    /// The commit's full name.
    commit: String,
}

/// Why there is no such revision.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum RevisionError {
    #[error("`git` can't be run")]
    #[diagnostic(help("install git, or give two files"))]
    Git(#[source] std::io::Error),
    #[error("`{}` is in no git repository: {reason}", file.display())]
    #[diagnostic(help("`--rev` needs a file of a repository's work tree"))]
    Outside { file: PathBuf, reason: String },
    #[error("`{revision}` names no commit")]
    #[diagnostic(help("name a commit as git does: a branch, a tag, HEAD~1, a hash; two of them as A..B"))]
    Unknown { revision: String },
}

impl Revision {
    /// The commit that `revision` names in the repository of a file.
    pub(crate) fn find(revision: &str, file: &Path) -> Result<Self, RevisionError> {
        let folder = existing(file.parent().unwrap_or(Path::new("")));
        let top = git(&folder, ["rev-parse", "--show-toplevel"])?;
        if !top.status.success() {
            let reason = String::from_utf8_lossy(&top.stderr).trim().to_owned();
            return Err(RevisionError::Outside { file: file.to_owned(), reason });
        }
        let root = PathBuf::from(String::from_utf8_lossy(&top.stdout).trim_end_matches(['\r', '\n']));
        let commit = format!("{revision}^{{commit}}");
        let named = git(&folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        let commit = String::from_utf8_lossy(&named.stdout).trim().to_owned();
        if !named.status.success() || commit.is_empty() {
            return Err(RevisionError::Unknown { revision: revision.to_owned() });
        }
        Ok(Self { root, commit })
    }

    /// Reads a file as it was; one outside of the repository as it is. Of one with more than `limit` bytes there is one byte more.
    pub(crate) fn read(&self, path: &Path, limit: usize) -> Result<Vec<u8>, ReadError> {
        let Some(inside) = self.inside(path) else { return files::read(path, limit) };
        let object = format!("{}:{inside}", self.commit);
        let shown = git(&self.root, ["show", "--no-textconv", &object]);
        let shown = shown.map_err(|error| ReadError::Unreadable {
            path: path.to_owned(),
            source: std::io::Error::other(error),
        })?;
        if !shown.status.success() {
            return Err(ReadError::Missing { path: path.to_owned() });
        }
        let mut bytes = shown.stdout;
        bytes.truncate(limit + 1);
        Ok(bytes)
    }

    /// The path from the top of the repository, parted by slashes; nothing for a file outside.
    fn inside(&self, path: &Path) -> Option<String> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let near = existing(folder);
        let root = self.root.canonicalize().ok()?;
        let near_inside = near.canonicalize().ok()?;
        let rest = if near == Path::new(".") { folder } else { folder.strip_prefix(&near).ok()? };
        let whole = near_inside.join(rest).join(path.file_name()?);
        let parts = whole.strip_prefix(root).ok()?.iter().map(OsStr::to_str);
        Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
    }
}

/// The nearest folder that is there: at the commit there may have been others.
fn existing(folder: &Path) -> PathBuf {
    let found = folder.ancestors().find(|folder| !folder.as_os_str().is_empty() && folder.is_dir());
    found.map_or_else(|| PathBuf::from("."), Path::to_owned)
}

fn git<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Result<Output, RevisionError> {
    Command::new("git").arg("-C").arg(folder).args(arguments).output().map_err(RevisionError::Git)
}
