//! Findings about credentials and knowledge.

use super::{addition, or_by_hand, shown};
use masque_diagnostics::codes::check as codes;
use masque_diagnostics::{Applicability, Diagnostic, Edit, Fix, Span};

pub(crate) fn access_without_intent(place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::ACCESS_WITHOUT_INTENT,
        "`access` is given without `intent`",
        place,
        "asks for credentials",
    )
    .with_note("without a stated intent a masque only collects access")
    .with_help("add an `intent` block that says what the credentials are for")
}

pub(crate) fn missing_ttl(place: Span, insertion: Edit) -> Diagnostic {
    Diagnostic::new(codes::MISSING_TTL, "`access.ttl` is missing and taken as `session`", place, "")
        .with_note("a credential lives as long as the session, or for a duration such as `15m`")
        .with_fix(addition(insertion, Applicability::Safe))
}

/// A reading that the author may have meant, as text for an edit in the quoting of the source.
pub(crate) struct Suggestion {
    pub(crate) better: String,
    pub(crate) text: String,
    /// Whether only the case of letters differs.
    pub(crate) sure: Sureness,
}

/// How sure it is that a suggestion is what the author meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sureness {
    /// Only the case of letters or the white space around them differs.
    Certain,
    /// A likely reading.
    Likely,
}

pub(crate) fn invalid_ttl(ttl: &str, place: Span, suggestion: Option<Suggestion>) -> Diagnostic {
    let found = Diagnostic::new(
        codes::INVALID_TTL,
        format!("{} is neither `session` nor a duration", shown(ttl)),
        place,
        "",
    );
    match suggestion {
        Some(suggestion) => {
            let fix = Fix::safe(format!("replace it with `{}`", suggestion.better), place, suggestion.text);
            let fix = if suggestion.sure == Sureness::Certain { fix } else { fix.for_review() };
            found.with_fix(fix)
        }
        None => found.with_help("write `session`, or a duration such as `15m`, `1h30m` or `7 days`"),
    }
}

pub(crate) fn ttl_in_months(ttl: &str, place: Span, minutes: Option<&str>) -> Diagnostic {
    let found = Diagnostic::new(
        codes::INEXACT_TTL,
        format!("{} counts years or months, which have no fixed length", shown(ttl)),
        place,
        "",
    );
    match minutes {
        Some(minutes) => {
            found.with_help(format!("for minutes write `{minutes}`, else count in days, as in `P30D`"))
        }
        None => found.with_help("count in weeks, days or hours, as in `P30D`"),
    }
}

pub(crate) fn ttl_with_fraction(ttl: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::INEXACT_TTL, format!("{} has a fraction", shown(ttl)), place, "")
        .with_note("a credential's life is counted in whole seconds")
        .with_help("use a smaller unit: `30m`, not half an hour")
}

pub(crate) fn ttl_of_zero(ttl: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::TTL_OUT_OF_RANGE, format!("{} lasts no time at all", shown(ttl)), place, "")
        .with_help("write `session` for the life of the session, or leave `access` out")
}

pub(crate) fn ttl_too_long(ttl: &str, most_days: u64, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::TTL_OUT_OF_RANGE,
        format!("{} is longer than {most_days} days", shown(ttl)),
        place,
        "",
    )
    .with_note("a credential is lent for a session; what never ends can't be given back")
    .with_help("write a shorter duration, or `session`")
}

pub(crate) fn duplicate_knowledge(uri: &str, place: Span, first: Span, gone: Option<Span>) -> Diagnostic {
    let found = Diagnostic::new(
        codes::DUPLICATE_KNOWLEDGE,
        format!("{} is listed twice", shown(uri)),
        place,
        "listed again",
    )
    .with_label(first, "first listed");
    or_by_hand(found, "remove the second one", gone, Applicability::Safe)
}
