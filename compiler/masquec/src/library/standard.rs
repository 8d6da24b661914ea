//! The standard library, as part of this program.

use masque_check::{Candidate, Candidates, Reference};

macro_rules! standard {
    ($($folder:literal / $name:literal),* $(,)?) => {
        &[$((
            $name,
            concat!("stdlib/", $folder, "/", $name, ".masque"),
            include_str!(concat!("../../../../stdlib/", $folder, "/", $name, ".masque")),
        )),*]
    };
}

/// Every file of the standard library, in the order of folders and names: the name that follows `std/`, its path in the project, its text.
pub const STANDARD: &[(&str, &str, &str)] = standard![
    "intents" / "databases",
    "intents" / "destructive",
    "intents" / "git",
    "intents" / "kubernetes",
    "intents" / "releases",
    "intents" / "secrets",
    "personas" / "analyst",
    "personas" / "guardian",
    "personas" / "operator",
    "personas" / "reviewer",
    "personas" / "teacher",
    "personas" / "writer",
];

/// The file that a reference to the standard library names.
pub(super) fn candidates(reference: &Reference) -> Candidates {
    let name = reference.path.strip_prefix("std/").unwrap_or(&reference.path);
    let files = STANDARD.iter().filter(|(known, ..)| *known == name).map(|(_, path, text)| Candidate {
        name: (*path).to_owned(),
        identity: format!("std:{name}"),
        version: None,
        text: Ok((*text).to_owned()),
    });
    Candidates {
        files: files.collect(),
        looked_at: vec!["the standard library".to_owned()],
        known: STANDARD.iter().map(|(name, ..)| format!("std/{name}")).collect(),
    }
}
