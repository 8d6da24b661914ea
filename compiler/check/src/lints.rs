//! What is well-formed and still not as meant: rules that no text can show to be wrong, but that can't do what they seem to.
//!
//! These look at the text of patterns only. Whether one pattern covers another is a question for the automaton.

use crate::context::Context;
use crate::intent::Placed;
use crate::problems;
use masque_automata::verbs;
use masque_diagnostics::Span;
use masque_ir::{Action, ConditionId, MatchMode};
use std::collections::HashMap;
use std::ops::Range;

/// Reports inflected verbs, duplicates, and allow rules that are denied.
pub(crate) fn check(cx: &mut Context<'_>, allowed: &[&Placed], denied: &[&Placed]) {
    let own = allowed.iter().chain(denied).filter(|placed| placed.rule.set.is_none());
    for placed in own.filter(|placed| placed.rule.mode == MatchMode::Verb) {
        inflected_verbs(cx, placed);
    }
    duplicates(cx, allowed);
    duplicates(cx, denied);
    overruled(cx, allowed, denied);
}

fn inflected_verbs(cx: &mut Context<'_>, placed: &Placed) {
    let pattern = &placed.rule.pattern;
    for range in first_words(pattern) {
        let word = &pattern[range.clone()];
        if let Some(base) = verbs::base_of(&word.to_ascii_lowercase()) {
            let place = cx.inside(placed.span, range);
            cx.report(problems::inflected_verb(word, &base, place, cx.raw(place)));
        }
    }
}

/// The words that verb mode reads as verbs: the first word, or each word of the brace set in its place. None where the first word is
/// not all letters, since it is taken literally then.
fn first_words(pattern: &str) -> Vec<Range<usize>> {
    let start = pattern.len() - pattern.trim_start().len();
    let rest = &pattern[start..];
    let first = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
    let mut words = Vec::new();
    let is_word = |text: &str| !text.is_empty() && text.chars().all(char::is_alphabetic);
    if is_word(first) {
        words.push(start..start + first.len());
        return words;
    }
    let Some(set) = rest.strip_prefix('{').and_then(|after| after.split_once('}')) else { return words };
    if !(set.1.is_empty() || set.1.starts_with(char::is_whitespace)) {
        return words;
    }
    let mut at = start + 1;
    for part in set.0.split(',') {
        let word = part.trim();
        if !is_word(word) {
            return Vec::new();
        }
        let from = at + (part.len() - part.trim_start().len());
        words.push(from..from + word.len());
        at += part.len() + 1;
    }
    words
}

/// Rules under two conditions are two rules; what is always there makes the same under a condition idle.
fn duplicates(cx: &mut Context<'_>, rules: &[&Placed]) {
    let mut first: HashMap<(String, MatchMode, Option<ConditionId>), Span> = HashMap::new();
    for placed in rules {
        // What a set brings along was not written twice by the author of this file.
        if placed.rule.set.is_some() {
            continue;
        }
        let (text, mode) = (folded(&placed.rule.pattern), placed.rule.mode);
        let key = (text.clone(), mode, placed.rule.when);
        if let Some(&first) = first.get(&key).or_else(|| first.get(&(text, mode, None))) {
            let list = match placed.rule.action {
                Action::Allow => "allowed",
                Action::Deny => "denied",
            };
            cx.report(problems::duplicate_rule(
                &placed.rule.pattern,
                list,
                placed.span,
                first,
                cx.removal_of(placed.span),
            ));
        } else {
            first.insert(key, placed.span);
        }
    }
}

/// A verb rule takes all that the same text takes exactly, so it overrules an allow of either mode.
/// A deny that is not always there leaves the allow its sessions, unless both have one condition.
fn overruled(cx: &mut Context<'_>, allowed: &[&Placed], denied: &[&Placed]) {
    let key = |placed: &&Placed| (folded(&placed.rule.pattern), placed.rule.mode, placed.rule.when);
    let denies: HashMap<(String, MatchMode, Option<ConditionId>), Span> =
        denied.iter().map(|placed| (key(placed), placed.span)).collect();
    for placed in allowed {
        let text = folded(&placed.rule.pattern);
        let modes = [placed.rule.mode, MatchMode::Verb];
        let mut keys = modes.into_iter().flat_map(|mode| [None, placed.rule.when].map(|when| (mode, when)));
        if let Some(&deny) = keys.find_map(|(mode, when)| denies.get(&(text.clone(), mode, when))) {
            cx.report(problems::overruled_allow(
                &placed.rule.pattern,
                placed.span,
                deny,
                cx.removal_of(placed.span),
            ));
        }
    }
}

/// A pattern as matching sees it: white space squeezed, ASCII case folded.
fn folded(pattern: &str) -> String {
    masque_automata::normalise(pattern).into_owned()
}

/// The first character of a pattern that no accepted intent can hold, or that hides what the pattern says: control characters other
/// than white space, overrides of the writing direction, and invisible characters other than those that shape emoji.
pub(crate) fn hidden_character(pattern: &str) -> Option<(Range<usize>, char)> {
    pattern
        .char_indices()
        .find(|&(_, c)| (c.is_control() && !c.is_whitespace()) || is_invisible(c))
        .map(|(at, c)| (at..at + c.len_utf8(), c))
}

/// Unicode's default-ignorable characters (DerivedCoreProperties) and those that set the writing direction (UAX #9), without
/// variation selectors and the joiners, which emoji need.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_or_its_brace_set_is_read_as_verbs() {
        let cases: [(&str, &[&str]); 8] = [
            ("deploy *", &["deploy"]),
            ("  Deploy the stack", &["Deploy"]),
            ("{deploy, debug} *", &["deploy", "debug"]),
            ("{deploy,debug}", &["deploy", "debug"]),
            ("{deploy,d*} *", &[]),
            ("{deploy}ing *", &[]),
            ("*delete*", &[]),
            ("re-deploy *", &[]),
        ];
        for (pattern, expected) in cases {
            let words: Vec<&str> = first_words(pattern).into_iter().map(|range| &pattern[range]).collect();
            assert_eq!(words, expected, "{pattern}");
        }
    }

    #[test]
    fn hidden_characters_are_found_and_emoji_left_alone() {
        for (pattern, expected) in [
            ("deploy *", None),
            ("deploy\t*\n", None),
            ("wave 👩\u{200D}💻\u{FE0F}", None),
            ("de\u{200B}ploy", Some((2..5, '\u{200B}'))),
            ("a\u{202E}b", Some((1..4, '\u{202E}'))),
            ("a\u{0}", Some((1..2, '\u{0}'))),
            ("a\u{E0041}", Some((1..5, '\u{E0041}'))),
        ] {
            assert_eq!(hidden_character(pattern), expected, "{pattern:?}");
        }
    }
}
