//! Findings about who a masque is.

use super::{addition, shown};
use masque_diagnostics::codes::check as codes;
use masque_diagnostics::{Applicability, Diagnostic, Edit, Fix, Span};

pub(crate) fn name_from_file(name: &str, place: Span, insertion: Edit) -> Diagnostic {
    Diagnostic::new(
        codes::NAME_FROM_FILE,
        format!("`name` is missing; {} is taken from the file's name", shown(name)),
        place,
        "",
    )
    .with_note("a masque that is named by its file changes its name when the file is renamed")
    .with_fix(addition(insertion, Applicability::Safe))
}

pub(crate) fn invalid_id(id: &str, place: Span, suggestion: Option<(&str, String)>) -> Diagnostic {
    let found = Diagnostic::new(codes::INVALID_ID, format!("{} is not an id", shown(id)), place, "")
        .with_note("an id is made of words joined by dots; a word is lower-case letters a to z, digits, and `-` or `_` inside");
    match suggestion {
        // Whoever refers to the masque by its id has a say in what it is.
        Some((better, text)) => {
            found.with_fix(Fix::safe(format!("replace it with `{better}`"), place, text).for_review())
        }
        None => found.with_help("write an id such as `mask.professor`"),
    }
}

/// `insertion` adds the id that the file's name gives.
pub(crate) fn no_id_in_name(name: &str, place: Span, insertion: Option<Edit>) -> Diagnostic {
    let found = Diagnostic::new(codes::NO_ID_IN_NAME, format!("no id can be made from the name {}", shown(name)), place, "")
        .with_note("references name a masque by its id; made from the name it may hold the letters a to z and digits only");
    match insertion {
        Some(insertion) => found.with_fix(addition(insertion, Applicability::Unsafe)),
        None => found.with_help("add an `id`, such as `id: homelab`"),
    }
}

/// `text` is the full version in the quoting of the source.
pub(crate) fn version_shorthand(written: &str, full: &str, place: Span, text: String) -> Diagnostic {
    Diagnostic::new(
        codes::VERSION_SHORTHAND,
        format!("the version {} is taken as {full}", shown(written)),
        place,
        "",
    )
    .with_note("a semantic version has three numbers")
    .with_fix(Fix::safe(format!("replace it with `{full}`"), place, text))
}

pub(crate) fn invalid_version(written: &str, reason: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::INVALID_VERSION,
        format!("{} is not a version: {reason}", shown(written)),
        place,
        "",
    )
    .with_help("write a semantic version, three numbers such as `1.0.0`")
}

pub(crate) fn missing_ring(place: Span, insertion: Edit) -> Diagnostic {
    Diagnostic::new(codes::MISSING_RING, "`ring` is missing and taken as `player`", place, "")
        .with_note("the ring says who may wear the masque: `admin`, `player`, `guest` or `outsider`")
        .with_fix(addition(insertion, Applicability::Safe))
}

pub(crate) fn duplicate_index(index: u64, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        codes::DUPLICATE_INDEX,
        format!("two masques have the index {index}"),
        place,
        "the same index",
    )
    .with_label(first, "first used here")
    .with_help("give each masque an index of its own")
}

pub(crate) fn duplicate_masque(id: &str, version: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        codes::DUPLICATE_MASQUE,
        format!("two masques are {} at version {version}", shown(id)),
        place,
        "the same id and version",
    )
    .with_label(first, "first used here")
    .with_note(format!("a reference such as `{id}@{version}` has to name one masque"))
    .with_help("change the id or the version of one of them")
}
