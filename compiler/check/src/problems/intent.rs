//! Findings about rules.

use super::{by_number, or_by_hand, removal, shown, with_removal};
use masque_automata::PatternError;
use masque_diagnostics::codes::check as codes;
use masque_diagnostics::{Applicability, Diagnostic, Fix, Span};

pub(crate) fn no_rules(place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::NO_RULES,
        "`intent` has no rule, so every intent is unmatched",
        place,
        "allows nothing",
    )
    .with_help("add `allowed` patterns, or leave `intent` out for a masque that is only a lens")
}

pub(crate) fn only_denies(place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::ONLY_DENIES,
        "`intent` only denies, so no intent is allowed",
        place,
        "nothing is allowed",
    )
    .with_note("what no rule covers is unmatched, and only allowed intents are let through")
    .with_help("add `allowed` patterns; `allowed: [\"*\"]` lets through all that is not denied")
}

pub(crate) fn empty_pattern(place: Span, gone: Option<Span>) -> Diagnostic {
    let found = Diagnostic::new(codes::EMPTY_PATTERN, "a pattern is empty", place, "only white space")
        .with_help("write a pattern such as `\"deploy *\"`, or remove the item");
    // Something may have been meant.
    with_removal(found, "remove the item", gone, Applicability::Unsafe)
}

pub(crate) fn invalid_pattern(pattern: &str, error: &PatternError, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::INVALID_PATTERN,
        format!("{} is not a pattern: {error}", shown(pattern)),
        place,
        "",
    )
    .with_help("put `\\` before a character that stands for itself")
}

pub(crate) fn pattern_too_large(pattern: &str, states: usize, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::PATTERN_TOO_LARGE,
        format!("{} needs an automaton of more than {states} states", shown(pattern)),
        place,
        "this pattern alone is too large",
    )
    .with_note(
        "every `?` or class behind a `*` can double the number of texts that the automaton has to tell apart",
    )
    .with_help("use fewer `?` and classes behind a `*`, or say it with several simpler patterns")
}

pub(crate) fn allow_rules_too_large(pattern: &str, states: usize, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::PATTERN_TOO_LARGE,
        format!(
            "with `clauses: each` the allow rules need an automaton of more than {states} states together"
        ),
        place,
        format!("{} adds the most to it", shown(pattern)),
    )
    .with_note("every clause has to be allowed, so that allow rules can't be split into several automata")
    .with_help("leave out the inner `*` of some allow rules, or judge intents as a whole")
}

/// `place` is the character as it is written, escaped or not.
pub(crate) fn hidden_character(pattern: &str, character: char, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::HIDDEN_CHARACTER,
        format!("the pattern {} holds the hidden character {}", shown(pattern), by_number(character)),
        place,
        "can't be seen",
    )
    .with_note("an intent with such a character is refused before any rule is asked, so the pattern could never match as it stands")
    .with_fix(removal("remove the character", place).for_review())
}

/// `in_source` is the word as it stands at `place`; where that is not the word itself (an escape, a whole scalar) nothing is replaced.
pub(crate) fn inflected_verb(word: &str, base: &str, place: Span, in_source: &str) -> Diagnostic {
    let found = Diagnostic::new(
        codes::INFLECTED_VERB,
        format!("the pattern begins with the inflected verb {}, which is taken literally", shown(word)),
        place,
        "takes this form alone",
    )
    .with_note(format!("a base form stands for all its forms: `{base}` also takes {}", shown(word)))
    .with_note("where this form alone is meant, `match: exact` says so");
    if in_source == word {
        found.with_fix(Fix::safe(format!("replace it with `{base}`"), place, base).for_review())
    } else {
        found.with_help(format!("write `{base}`"))
    }
}

pub(crate) fn duplicate_rule(
    pattern: &str,
    list: &str,
    place: Span,
    first: Span,
    gone: Option<Span>,
) -> Diagnostic {
    let found = Diagnostic::new(
        codes::DUPLICATE_RULE,
        format!("the pattern {} stands twice in `{list}`", shown(pattern)),
        place,
        "the same pattern again",
    )
    .with_label(first, "first written here");
    or_by_hand(found, "remove the second one", gone, Applicability::Safe)
}

pub(crate) fn overruled_allow(pattern: &str, allow: Span, deny: Span, gone: Option<Span>) -> Diagnostic {
    let found = Diagnostic::new(
        codes::OVERRULED_ALLOW,
        format!("{} is both allowed and denied, so it is denied", shown(pattern)),
        allow,
        "never decides",
    )
    .with_label(deny, "denies all of it");
    // The deny may be what is too much.
    or_by_hand(found, "remove the allow", gone, Applicability::Unsafe)
}
