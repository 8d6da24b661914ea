//! References to other files: `std/operator@1`, `./sets`, `base/professor@^1.2`.

use semver::{Version, VersionReq};

/// How the names of sources end, the longer ones first.
pub const ENDINGS: [&str; 5] = [".masque.yaml", ".masque.yml", ".masque.json", ".mask.json", ".masque"];

/// A reference to a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Where to look.
    pub place: Place,
    /// The path without the range of versions: `std/operator`, `../base/professor`.
    pub path: String,
    /// Which versions fit.
    pub versions: Versions,
}

/// Where the file of a reference lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the standard library: `std/NAME`.
    Standard,
    /// Beside the referring file: `./…`, `../…`.
    Relative,
    /// In the search path.
    SearchPath,
}

/// The versions that fit a reference.
#[derive(Clone, Debug, PartialEq)]
pub enum Versions {
    /// All of them.
    Any,
    /// One: `1.2.0`.
    Exactly(Version),
    /// Those that begin so: `1`, `1.2`.
    Begin(u64, Option<u64>),
    /// A range as Cargo has it: `^1.2`, `>=1,<3`.
    Range(VersionReq),
}

impl Reference {
    /// Reads a reference.
    ///
    /// # Errors
    /// Why it is none, in a few words.
    pub fn parse(written: &str) -> Result<Self, String> {
        let (path, versions) = match written.rsplit_once('@') {
            Some((path, range)) if !range.contains('/') && !is_file_name(range) => {
                (path, Versions::parse(range)?)
            }
            _ => (written, Versions::Any),
        };
        if path.is_empty() {
            return Err("it names no file".to_owned());
        }
        if let Some(odd) = path.chars().find(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?')) {
            return Err(format!("it holds `{}`", odd.escape_default()));
        }
        if path.starts_with('/') {
            return Err("it begins at the root of a file system".to_owned());
        }
        let place = if path.starts_with("./") || path.starts_with("../") {
            Place::Relative
        } else if path.starts_with("std/") {
            Place::Standard
        } else {
            Place::SearchPath
        };
        let mut words = path.split('/');
        let fits = match place {
            Place::Relative => words.all(|word| !word.is_empty()) && !path.ends_with(['/', '.']),
            Place::Standard | Place::SearchPath => words.all(|word| !matches!(word, "" | "." | "..")),
        };
        match fits {
            true => Ok(Self { place, path: path.to_owned(), versions }),
            false => Err("a word between its slashes is missing, `.` or `..`".to_owned()),
        }
    }

    /// The last word of the path, without the ending of a source: what a library's own set is named like.
    pub fn last(&self) -> &str {
        let last = self.path.rsplit('/').next().unwrap_or(&self.path);
        ENDINGS.iter().find_map(|ending| last.strip_suffix(ending)).unwrap_or(last)
    }
}

/// What stands behind the `@` of a file's name rather than of a reference: `1.2.0.masque`.
fn is_file_name(range: &str) -> bool {
    ENDINGS.iter().any(|ending| range.ends_with(ending))
}

impl Versions {
    fn parse(text: &str) -> Result<Self, String> {
        let number =
            |text: &str| text.parse::<u64>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
        if let Ok(version) = Version::parse(text) {
            return Ok(Self::Exactly(version));
        }
        let begin = match text.split_once('.') {
            Some((major, minor)) => {
                number(major).zip(number(minor)).map(|(major, minor)| (major, Some(minor)))
            }
            None => number(text).map(|major| (major, None)),
        };
        match (begin, VersionReq::parse(text)) {
            (Some((major, minor)), _) => Ok(Self::Begin(major, minor)),
            (None, Ok(range)) if !text.trim().is_empty() => Ok(Self::Range(range)),
            _ => Err(format!("`{text}` is no version and no range of versions")),
        }
    }

    /// Whether the version fits.
    pub fn take(&self, version: &Version) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(exactly) => {
                exactly.cmp_precedence(version).is_eq()
                    && (exactly.build.is_empty() || exactly.build == version.build)
            }
            Self::Begin(major, minor) => {
                version.major == *major
                    && minor.is_none_or(|minor| version.minor == minor)
                    && version.pre.is_empty()
            }
            Self::Range(range) => range.matches(version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_says_where_to_look_and_which_versions_fit() {
        for (written, place, path, last) in [
            ("std/operator", Place::Standard, "std/operator", "operator"),
            ("std/operator@1", Place::Standard, "std/operator", "operator"),
            ("./sets.masque", Place::Relative, "./sets.masque", "sets"),
            ("../a/b@1.2.0.masque", Place::Relative, "../a/b@1.2.0.masque", "b@1.2.0"),
            ("../a/b.mask.json@1.2", Place::Relative, "../a/b.mask.json", "b"),
            ("base/professor@>=1,<3", Place::SearchPath, "base/professor", "professor"),
            ("professor", Place::SearchPath, "professor", "professor"),
        ] {
            let reference = Reference::parse(written).unwrap();
            assert_eq!((reference.place, reference.path.as_str(), reference.last()), (place, path, last));
        }
        for (written, reason) in [
            ("", "it names no file"),
            ("@1", "it names no file"),
            ("/etc/a", "it begins at the root of a file system"),
            ("a//b", "a word between its slashes is missing, `.` or `..`"),
            ("a/../b", "a word between its slashes is missing, `.` or `..`"),
            ("../..", "a word between its slashes is missing, `.` or `..`"),
            ("..\\a", "it holds `\\\\`"),
            ("a@", "`` is no version and no range of versions"),
            ("a@latest", "`latest` is no version and no range of versions"),
        ] {
            assert_eq!(Reference::parse(written), Err(reason.to_owned()), "{written}");
        }
    }

    #[test]
    fn a_full_version_is_exact_and_a_short_one_a_beginning() {
        let all = ["1.0.0", "1.2.0", "1.2.7", "1.3.0", "2.0.0", "3.0.0-rc.1"];
        for (range, expected) in [
            ("a", &all[..]),
            ("a@1.2.0", &["1.2.0"]),
            ("a@1", &["1.0.0", "1.2.0", "1.2.7", "1.3.0"]),
            ("a@1.2", &["1.2.0", "1.2.7"]),
            ("a@^1.2", &["1.2.0", "1.2.7", "1.3.0"]),
            ("a@>=1.3,<3", &["1.3.0", "2.0.0"]),
            ("a@3", &[]),
            ("a@3.0.0-rc.1", &["3.0.0-rc.1"]),
            ("a@*", &["1.0.0", "1.2.0", "1.2.7", "1.3.0", "2.0.0"]),
        ] {
            let reference = Reference::parse(range).unwrap();
            let fits = |text: &&str| reference.versions.take(&Version::parse(text).unwrap());
            assert_eq!(all.into_iter().filter(fits).collect::<Vec<_>>(), expected, "{range}");
        }
    }
}
