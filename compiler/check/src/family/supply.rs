//! Where the files of a family come from. Nothing here reads a file: whoever calls the checker supplies them.

use super::Reference;
use semver::Version;

/// Supplies the files that references name.
pub trait Supply {
    /// Every file that may stand for a reference, of whatever version, in any order. `from` is the name of the referring source.
    fn candidates(&self, from: &str, reference: &Reference) -> Candidates;

    /// What tells the file of this name from others, whatever path leads to it.
    fn identity(&self, name: &str) -> String {
        name.to_owned()
    }
}

/// What a supply has for a reference.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// The files.
    pub files: Vec<Candidate>,
    /// Where they were looked for, for whoever misses one.
    pub looked_at: Vec<String>,
    /// Paths that could have been written, for "did you mean".
    pub known: Vec<String>,
}

/// A file that may stand for a reference.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// As messages show it.
    pub name: String,
    /// What tells it from other files.
    pub identity: String,
    /// The version that its name states.
    pub version: Option<Version>,
    /// Its text, or why it can't be read.
    pub text: Result<String, String>,
}

/// Supplies nothing: for a source that stands alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Supply for Nothing {
    fn candidates(&self, _: &str, _: &Reference) -> Candidates {
        Candidates::default()
    }
}
