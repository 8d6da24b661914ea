//! Findings about single values: missing, blank, too large, not of their notation.

use super::{addition, by_number, counted, shown};
use crate::uri::{UriKind, UriProblem};
use masque_diagnostics::codes::check as codes;
use masque_diagnostics::{Applicability, Diagnostic, Edit, Fix, Span};

/// `field` is a path as authors would write it, `example` a line that gives it.
pub(crate) fn missing_field(field: &str, place: Span, example: &str) -> Diagnostic {
    Diagnostic::new(codes::MISSING_FIELD, format!("`{field}` is missing"), place, "")
        .with_help(format!("add `{example}`"))
}

pub(crate) fn missing_version(place: Span, insertion: Edit) -> Diagnostic {
    Diagnostic::new(codes::MISSING_FIELD, "`version` is missing", place, "")
        .with_note("masques are pinned to a version, so that a change is adopted on purpose")
        // Which version it is only its author knows.
        .with_fix(addition(insertion, Applicability::Unsafe))
}

pub(crate) fn missing_lens(place: Span, insertion: Edit) -> Diagnostic {
    Diagnostic::new(codes::MISSING_FIELD, "`lens` is missing", place, "")
        .with_note("a lens says how to think; `prompt.persona` may take its place")
        // What it says only the author knows.
        .with_fix(addition(insertion, Applicability::Unsafe))
}

pub(crate) fn blank_value(field: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::BLANK_VALUE, format!("`{field}` is empty"), place, "")
        .with_help("write a text here")
}

pub(crate) fn not_one_line(field: &str, place: Span, control: char) -> Diagnostic {
    let what = match control {
        '\n' | '\r' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        other => format!("the control character {}", by_number(other)),
    };
    Diagnostic::new(codes::NOT_ONE_LINE, format!("`{field}` holds {what}"), place, "")
        .with_help("write it as one line of text")
}

pub(crate) fn over_limit(field: &str, place: Span, bytes: usize, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::OVER_LIMIT,
        format!("`{field}` is too long: {}, at most {most}", counted(bytes, "byte")),
        place,
        "",
    )
    .with_help("keep what is looked up behind a `knowledge` pointer, not in the masque")
}

pub(crate) fn too_many_items(field: &str, place: Span, items: usize, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::OVER_LIMIT,
        format!("`{field}` has too many items: {items}, at most {most}"),
        place,
        "the first that is too many",
    )
}

pub(crate) fn attributes_too_deep(place: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::OVER_LIMIT,
        format!("`attributes` is nested too deeply: at most {most} levels"),
        place,
        "one level too deep",
    )
}

pub(crate) fn two_lenses(persona: Span, lens: Span) -> Diagnostic {
    Diagnostic::new(codes::TWO_LENSES, "both `lens` and `prompt.persona` are given", persona, "the persona")
        .with_label(lens, "the lens")
        .with_note("they are two names of one thing: the text that says how to think")
        .with_help("keep one of them; the other parts of `prompt` go with either")
}

/// `place` is what is wrong of the URI at `whole`; `repaired` is the URI under the right scheme, as text and in the quoting of the source.
pub(crate) fn invalid_uri(
    kind: UriKind,
    uri: &str,
    problem: &UriProblem,
    place: Span,
    whole: Span,
    repaired: Option<(String, String)>,
) -> Diagnostic {
    let (code, what, by_hand) = match kind {
        UriKind::Knowledge => (
            codes::INVALID_KNOWLEDGE_URI,
            "a knowledge pointer",
            "name an MCP server and a resource of it, as in `mcp://homelab/inventory`",
        ),
        UriKind::Skill => {
            (codes::INVALID_SKILL_URI, "a skill URI", "name the skill as in `skill://programming/rust`")
        }
    };
    let reason = problem.reason(&format!("`{}://`", kind.scheme()));
    let found = Diagnostic::new(code, format!("{} is not {what}: {reason}", shown(uri)), place, "");
    match repaired {
        Some((better, text)) => {
            found.with_fix(Fix::safe(format!("replace it with `{better}`"), whole, text).for_review())
        }
        None => found.with_help(by_hand),
    }
}

pub(crate) fn duplicate_skill(uri: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        codes::DUPLICATE_SKILL,
        format!("the skill {} is claimed twice", shown(uri)),
        place,
        "claimed again",
    )
    .with_label(first, "first claimed")
    .with_help("remove one of the two")
}

pub(crate) fn invalid_date(date: &str, reason: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::INVALID_DATE, format!("{} is not a date: {reason}", shown(date)), place, "")
        .with_help("write it as RFC 3339 does: `2026-01-15` or `2026-01-15T10:30:00Z`")
}

pub(crate) fn no_spinner_verbs(place: Span) -> Diagnostic {
    Diagnostic::new(codes::NO_SPINNER_VERBS, "`spinnerVerbs` lists no verb", place, "")
        .with_help("add verbs, or leave `spinnerVerbs` out")
}

pub(crate) fn empty_test(name: Option<&str>, expects: &str, place: Span) -> Diagnostic {
    let which = name.map_or_else(|| "a test".to_owned(), |name| format!("the test {}", shown(name)));
    Diagnostic::new(codes::EMPTY_TEST, format!("{which} expects nothing, so it can't fail"), place, "")
        .with_help(format!("add {expects}"))
}
