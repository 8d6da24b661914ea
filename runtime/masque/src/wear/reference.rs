//! References to masques: `masque:homelab@v2.3`, `homelab@2.3`, `engineer:backend@v1`, a path, the digest of a kept component.

use std::path::{Path, PathBuf};

use masque_session::Digest;
use masquec::library::Library;
use miette::Diagnostic;

use super::home::Home;

/// A masque that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: semver::Version,
    pub(crate) ring: String,
}

/// Why a reference leads nowhere.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ReferenceError {
    #[error("`{text}` refers to nothing: {reason}")]
    #[diagnostic(help(
        "a reference is `homelab`, `masque:homelab@v2.3`, a path, or the digest of a component"
    ))]
    Malformed { text: String, reason: &'static str },
    #[error("there is no masque `{text}`")]
    #[diagnostic(help("{}", looked_at(looked, known)))]
    Missing { text: String, looked: Vec<String>, known: Vec<String> },
    #[error("`{text}` may be any of {}", found.join(", "))]
    #[diagnostic(help("name one by its path, or give them different versions"))]
    Ambiguous { text: String, found: Vec<String> },
}

fn looked_at(looked: &[String], known: &[String]) -> String {
    let mut help = match looked.is_empty() {
        true => "there is no directory to look in: make `personas/`, or name one by `--path`".to_owned(),
        false => format!("looked in {}", looked.join(", ")),
    };
    if !known.is_empty() {
        help.push_str(&format!("; there are {}", known.join(", ")));
    }
    help
}

/// What a reference says.
#[derive(Debug, PartialEq, Eq)]
enum Parsed<'a> {
    Path(&'a Path),
    Kept(Digest),
    Named { name: String, version: Vec<u64> },
}

fn parse(text: &str) -> Result<Parsed<'_>, ReferenceError> {
    let malformed = |reason| ReferenceError::Malformed { text: text.to_owned(), reason };
    if let Ok(digest) = text.strip_prefix("sha256:").unwrap_or(text).parse() {
        return Ok(Parsed::Kept(digest));
    }
    let path = Path::new(text);
    if text.contains(['/', '\\']) || path.extension().is_some() && path.is_file() {
        return Ok(Parsed::Path(path));
    }
    let named = text.strip_prefix("masque:").unwrap_or(text);
    let (name, version) =
        named.split_once('@').map_or((named, None), |(name, version)| (name, Some(version)));
    if name.is_empty() {
        return Err(malformed("it has no name"));
    }
    let version = match version {
        None => Vec::new(),
        Some(version) => {
            let numbers = version.strip_prefix('v').unwrap_or(version);
            let numbers: Option<Vec<u64>> = numbers.split('.').map(|number| number.parse().ok()).collect();
            numbers
                .filter(|numbers| numbers.len() <= 3)
                .ok_or_else(|| malformed("a version is up to three numbers, as in `@v2.3`"))?
        }
    };
    Ok(Parsed::Named { name: slug(name), version })
}

/// How ids and names are compared: letters and digits, in lower case, and a hyphen for whatever stands between.
fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Where a reference leads.
pub(crate) enum Target {
    File(PathBuf),
    Kept(Digest),
}

/// Finds what a reference means.
pub(crate) fn find(text: &str, home: &Home, library: &Library) -> Result<Target, ReferenceError> {
    let (name, version) = match parse(text)? {
        Parsed::Path(path) => return Ok(Target::File(path.to_owned())),
        Parsed::Kept(digest) => return Ok(Target::Kept(digest)),
        Parsed::Named { name, version } => (name, version),
    };
    let mut known = Vec::new();
    let directories = directories(home, library);
    for directory in &directories {
        let all = in_directory(directory, library);
        let matching = |found: &&Found| {
            let numbers = [found.version.major, found.version.minor, found.version.patch];
            (slug(&found.id) == name || slug(&found.name) == name) && numbers.starts_with(&version)
        };
        let mut found: Vec<&Found> = all.iter().filter(matching).collect();
        found.sort_by(|a, b| b.version.cmp(&a.version));
        match found.as_slice() {
            [] => known.extend(all.iter().map(|found| format!("`{}@{}`", found.id, found.version))),
            // Of one masque the latest that the reference admits; but of two masques neither.
            [first, rest @ ..]
                if rest.iter().all(|other| other.id == first.id && other.version < first.version) =>
            {
                return Ok(Target::File(first.path.clone()));
            }
            several => {
                let found = several.iter().map(|found| format!("`{}`", found.path.display())).collect();
                return Err(ReferenceError::Ambiguous { text: text.to_owned(), found });
            }
        }
    }
    known.sort();
    known.dedup();
    let looked = directories.iter().map(|directory| format!("`{}`", directory.display())).collect();
    Err(ReferenceError::Missing { text: text.to_owned(), looked, known })
}

/// Every masque that a name may lead to.
pub(crate) fn all(home: &Home, library: &Library) -> Vec<Found> {
    directories(home, library).iter().flat_map(|directory| in_directory(directory, library)).collect()
}

/// The project's `personas`, the search path, this user's own, as far as they exist. The first that knows a name decides.
fn directories(home: &Home, library: &Library) -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let project = here.ancestors().map(|folder| folder.join("personas")).find(|folder| folder.is_dir());
    let project = project.map(|folder| folder.strip_prefix(&here).map(Path::to_owned).unwrap_or(folder));
    let own = [home.directory().join("personas"), home.directory().to_owned()];
    let mut directories: Vec<PathBuf> =
        project.into_iter().chain(library.directories().iter().cloned()).chain(own).collect();
    directories.retain(|folder| folder.is_dir());
    directories
}

/// The masques of a directory, in the order of their files. What does not compile has no identity to be found by.
fn in_directory(directory: &Path, library: &Library) -> Vec<Found> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| identify(path, library)).collect()
}

fn identify(path: PathBuf, library: &Library) -> Option<Found> {
    if path.extension().is_some_and(|extension| extension == "wasm") {
        let identity = masque_decode::read(&std::fs::read(&path).ok()?).ok()?.manifest.identity;
        let version = identity.version.parse().ok()?;
        let ring = identity.ring.name().to_owned();
        return Some(Found { path, id: identity.id, name: identity.name, version, ring });
    }
    if !masquec::compile::is_source(&path) {
        return None;
    }
    let mut sources = masque_diagnostics::Sources::new();
    let id = sources.add(path.display().to_string(), std::fs::read_to_string(&path).ok()?);
    let identity = masquec::compile::analyse(&mut sources, id, library).masque?.identity;
    let ring = identity.ring.name().to_owned();
    Some(Found { path, id: identity.id, name: identity.name, version: identity.version, ring })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let named = |name: &str, version: &[u64]| {
            Some(Parsed::Named { name: name.to_owned(), version: version.to_owned() })
        };
        let digest = "ab".repeat(32);
        for (text, expected) in [
            ("homelab", named("homelab", &[])),
            ("masque:homelab@v2.3", named("homelab", &[2, 3])),
            ("homelab@2.3.0", named("homelab", &[2, 3, 0])),
            ("engineer:backend@v1", named("engineer-backend", &[1])),
            ("mask.chaos-agent", named("mask-chaos-agent", &[])),
            ("Release Manager", named("release-manager", &[])),
            ("./homelab.masque.yaml", Some(Parsed::Path(Path::new("./homelab.masque.yaml")))),
            (&digest, Some(Parsed::Kept(Digest([0xab; 32])))),
            ("@v2", None),
            ("homelab@", None),
            ("homelab@latest", None),
            ("homelab@1.2.3.4", None),
        ] {
            assert_eq!(parse(text).ok(), expected, "{text}");
        }
    }
}
