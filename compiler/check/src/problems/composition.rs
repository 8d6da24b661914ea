//! Findings about what spans several files.

use super::{or_by_hand, shown};
use masque_diagnostics::codes::composition as codes;
use masque_diagnostics::{Applicability, Diagnostic, Fix, Span};

pub(crate) fn invalid_reference(written: &str, reason: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::INVALID_REFERENCE, format!("{} names no file: {reason}", shown(written)), place, "")
        .with_help("write `std/operator@1`, `\"./base.masque\"`, or a path in the search path such as `base/professor@1.2`")
}

pub(crate) fn unknown_reference(
    written: &str,
    looked_at: &[String],
    near: Option<(&str, String)>,
    place: Span,
) -> Diagnostic {
    let message = format!("there is no {}", shown(written));
    let found = Diagnostic::new(codes::UNKNOWN_REFERENCE, message, place, "not found");
    let found = match looked_at {
        [] => found,
        _ => found.with_note(format!("looked at {}", looked_at.join(", "))),
    };
    if let Some((near, text)) = near {
        return found.with_fix(Fix::safe(format!("replace it with `{near}`"), place, text).for_review());
    }
    found.with_help("name a part of the standard library (`std/…`), a file beside this one (`./…`), or one in a directory given by `--path`")
}

pub(crate) fn unreadable_reference(written: &str, file: &str, reason: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNKNOWN_REFERENCE,
        format!("{} is `{file}`, which can't be read: {reason}", shown(written)),
        place,
        "can't be read",
    )
    .with_help("make the file readable, or name another one")
}

pub(crate) fn version_out_of_range(written: &str, versions: &[(String, Span)], place: Span) -> Diagnostic {
    let there = versions.iter().map(|(version, _)| version.as_str()).collect::<Vec<_>>().join(", ");
    let found = Diagnostic::new(
        codes::VERSION_OUT_OF_RANGE,
        format!("no version fits {}: there is {there}", shown(written)),
        place,
        "asks for another version",
    );
    versions
        .iter()
        .take(3)
        .fold(found, |found, (version, place)| found.with_label(*place, format!("this is {version}")))
        .with_help("widen the range, or take a version that there is")
}

pub(crate) fn ambiguous_reference(
    written: &str,
    names: &[String; 2],
    places: [Span; 2],
    place: Span,
) -> Diagnostic {
    let [first, second] = names;
    Diagnostic::new(
        codes::AMBIGUOUS_REFERENCE,
        format!("{} may be `{first}` or `{second}`, which have one version", shown(written)),
        place,
        "which of them is meant?",
    )
    .with_label(places[0], "one of them")
    .with_label(places[1], "the other")
    .with_help("give one of them another version, or take it out of the search path")
}

pub(crate) fn reference_cycle(written: &str, names: &[String], circle: &[Span], place: Span) -> Diagnostic {
    let way = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" -> ");
    let found = Diagnostic::new(
        codes::REFERENCE_CYCLE,
        format!("{} leads back to where it came from", shown(written)),
        place,
        "closes the circle",
    );
    circle
        .iter()
        .fold(found, |found, place| found.with_label(*place, "on the way"))
        .with_note(format!("the way is {way} -> `{}`", names.first().map_or("", String::as_str)))
        .with_help("take what both need into a third file")
}

pub(crate) fn parent_is_library(written: &str, place: Span, library: Span) -> Diagnostic {
    Diagnostic::new(
        codes::NOT_A_MASQUE,
        format!("{} is a library, not a masque", shown(written)),
        place,
        "can't be extended",
    )
    .with_label(library, "the library")
    .with_help("make its sets known by `use` instead")
}

pub(crate) fn library_is_masque(written: &str, place: Span, masque: Span) -> Diagnostic {
    Diagnostic::new(
        codes::NOT_A_LIBRARY,
        format!("{} is a masque, not a library", shown(written)),
        place,
        "holds no sets for others",
    )
    .with_label(masque, "the masque")
    .with_help("extend it, or take its sets into a library")
}

pub(crate) fn chain_too_long(place: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::CHAIN_TOO_LONG,
        format!("files lead to each other more than {most} deep"),
        place,
        "one too many",
    )
    .with_help("let a parent in the middle go")
}

pub(crate) fn broken_reference(written: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::BROKEN_REFERENCE,
        format!("{} does not compile", shown(written)),
        place,
        "its errors are shown with it",
    )
    .with_help("correct them there first")
}

pub(crate) fn unknown_set(path: &str, place: Span, near: Option<&str>, unused: Option<&str>) -> Diagnostic {
    let message = format!("there is no intent set {}", shown(path));
    let found = Diagnostic::new(codes::UNKNOWN_SET, message, place, "no set of this name is known here");
    let found = match near {
        Some(near) => {
            found.with_fix(Fix::safe(format!("replace `{path}` with `{near}`"), place, near).for_review())
        }
        None => found,
    };
    match unused {
        Some(library) => found.with_help(format!("put `use {library}` at the top of the file")),
        None if near.is_some() => found,
        None => found
            .with_note("sets are those of this file, and those of the libraries that it uses")
            .with_help("declare the set, or `use` the library that holds it"),
    }
}

pub(crate) fn duplicate_set(name: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(codes::DUPLICATE_SET, format!("{} is named twice", shown(name)), place, "named again")
        .with_label(first, "named first here")
        .with_help("rename one of them; a library gets another name by `use … as name`")
}

pub(crate) fn set_cycle(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::SET_CYCLE,
        format!("the set {} holds itself", shown(name)),
        place,
        "leads back to the set",
    )
    .with_help("take one of the sets out of the other")
}

pub(crate) fn empty_set(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::EMPTY_SET, format!("the set {} is empty", shown(name)), place, "holds no pattern")
        .with_help("add patterns, or remove the set")
}

pub(crate) fn unused_library(written: &str, place: Span, gone: Option<Span>) -> Diagnostic {
    let found = Diagnostic::new(
        codes::UNUSED_LIBRARY,
        format!("no set of {} is used", shown(written)),
        place,
        "used by nothing",
    );
    or_by_hand(found, "remove it", gone, Applicability::Safe)
}

pub(crate) fn wider_ring(own: &str, parents: &str, place: Span, parent: Span) -> Diagnostic {
    Diagnostic::new(
        codes::WIDER_RING,
        format!("`ring {own}` is open to more than its parent's `{parents}`"),
        place,
        "wider than the parent",
    )
    .with_label(parent, "the parent's ring")
    .with_help("take the parent's ring or one further in, or say `widen ring`")
}

pub(crate) fn wider_access(role: &str, why: &str, place: Span, parent: Option<Span>) -> Diagnostic {
    let found = Diagnostic::new(
        codes::WIDER_ACCESS,
        format!("the credential {} is more than the parent has", shown(role)),
        place,
        why,
    );
    let found = match parent {
        Some(parent) => found.with_label(parent, "what the parent has"),
        None => found,
    };
    found.with_help("ask for what the parent has or less, or say `widen access`")
}

pub(crate) fn widens_nothing(what: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::WIDENS_NOTHING,
        format!("nothing about {what} is wider than the parent's"),
        place,
        "widens nothing",
    )
    .with_help("remove it, so that it does not let something through later")
}

pub(crate) fn also_without_parent(place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::ALSO_WITHOUT_PARENT,
        "`allow also` adds to a parent's rules, and there is no parent",
        place,
        "adds to nothing",
    )
    .with_help("write `allow`, or extend a masque")
}
