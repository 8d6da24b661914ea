//! Raw tokens to normalised ones.

use super::parser::{Raw, RawClass};
use super::{PatternError, PatternErrorKind as Kind};
use crate::text::fold;
use unicode_normalization::UnicodeNormalization;

/// A normalised token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// One scalar: never white space but a space, never an ASCII upper-case letter.
    Literal(char),
    /// Any one scalar.
    Any,
    /// Any number of any scalars. Never next to another star.
    Star,
    /// One scalar of a set.
    Class(Set),
    /// One of these.
    Alternates(Vec<Vec<Token>>),
}

/// A set of scalars.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Set {
    /// Everything but the ranges.
    pub negated: bool,
    /// Inclusive, sorted, neither overlapping nor adjacent, not empty.
    pub ranges: Vec<(char, char)>,
}

pub(super) fn normalise(raw: Vec<Raw>) -> Result<Vec<Token>, PatternError> {
    // globset: a pattern that is just `**` or `**/` takes everything.
    if raw == [Raw::RecursivePrefix] {
        return Ok(vec![Token::Star]);
    }
    let mut tokens = sequence(raw)?;
    let space = Token::Literal(' ');
    if tokens.last() == Some(&space) {
        tokens.pop();
    }
    if tokens.first() == Some(&space) {
        tokens.remove(0);
    }
    Ok(tokens)
}

fn sequence(raw: Vec<Raw>) -> Result<Vec<Token>, PatternError> {
    let mut tokens = Vec::with_capacity(raw.len());
    let mut run = String::new();
    for token in raw {
        if let Raw::Literal(c) = token {
            run.push(c);
            continue;
        }
        literals(&mut run, &mut tokens);
        match token {
            Raw::Literal(c) => run.push(c),
            Raw::Any => tokens.push(Token::Any),
            Raw::Star => star(&mut tokens),
            // The forms of `**`, as globset spells them in regular expressions: `(?:/?|.*/)`, `/.*`, `(?:/|/.*/)`.
            Raw::RecursivePrefix => {
                let slash = Token::Literal('/');
                tokens.push(Token::Alternates(vec![vec![], vec![slash.clone()], vec![Token::Star, slash]]));
            }
            Raw::RecursiveSuffix => tokens.extend([Token::Literal('/'), Token::Star]),
            Raw::RecursiveMiddle => {
                let slash = Token::Literal('/');
                tokens.push(Token::Alternates(vec![
                    vec![slash.clone()],
                    vec![slash.clone(), Token::Star, slash],
                ]));
            }
            Raw::Class(class) => tokens.push(Token::Class(set(class)?)),
            Raw::Alternates(branches) => {
                let branches = branches.into_iter().map(sequence).collect::<Result<_, _>>()?;
                tokens.push(Token::Alternates(branches));
            }
        }
    }
    literals(&mut run, &mut tokens);
    Ok(tokens)
}

fn star(tokens: &mut Vec<Token>) {
    if tokens.last() != Some(&Token::Star) {
        tokens.push(Token::Star);
    }
}

fn literals(run: &mut String, tokens: &mut Vec<Token>) {
    let mut push = |c: char| {
        if c != ' ' || tokens.last() != Some(&Token::Literal(' ')) {
            tokens.push(Token::Literal(c));
        }
    };
    if run.is_ascii() {
        run.chars().map(fold).for_each(&mut push);
    } else {
        run.nfkc().map(fold).for_each(&mut push);
    }
    run.clear();
}

fn set(class: RawClass) -> Result<Set, PatternError> {
    let mut ranges = Vec::new();
    for (low, high, range) in class.members {
        if low == high {
            match single(low) {
                Ok(c) => ranges.push((fold(c), fold(c))),
                Err(form) => return Err(PatternError { kind: Kind::UnstableMember(low, form), range }),
            }
        } else {
            for bound in [low, high] {
                let form: String = bound.nfkc().collect();
                if !form.chars().eq([bound]) {
                    return Err(PatternError { kind: Kind::UnstableBound(bound, form), range });
                }
            }
            fold_range(low, high, &mut ranges);
        }
    }
    let ranges = merge(ranges);
    if class.negated && ranges == [('\0', char::MAX)] {
        return Err(PatternError { kind: Kind::EmptyClass, range: class.range });
    }
    Ok(Set { negated: class.negated, ranges })
}

/// The NFKC form of a scalar if it is one scalar.
fn single(c: char) -> Result<char, String> {
    let mut form = c.nfkc();
    match (form.next(), form.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(c.nfkc().collect()),
    }
}

/// Adds a range and what its members fold to. What they fold from stays: it occurs in no normalised text.
fn fold_range(low: char, high: char, ranges: &mut Vec<(char, char)>) {
    ranges.push((low, high));
    let (first, last) = (low.max('A'), high.min('Z'));
    if first <= last {
        ranges.push((first.to_ascii_lowercase(), last.to_ascii_lowercase()));
    }
    let has_space = ('\t'..='\r').chain(crate::text::WIDE_SPACES).any(|space| (low..=high).contains(&space));
    if has_space {
        ranges.push((' ', ' '));
    }
}

fn merge(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.sort_unstable();
    let mut merged: Vec<(char, char)> = Vec::with_capacity(ranges.len());
    for (low, high) in ranges {
        match merged.last_mut() {
            Some((_, last)) if low <= *last || after(*last) == Some(low) => *last = (*last).max(high),
            _ => merged.push((low, high)),
        }
    }
    merged
}

/// The next scalar.
pub(crate) fn after(c: char) -> Option<char> {
    match c {
        '\u{d7ff}' => Some('\u{e000}'),
        _ => char::from_u32(u32::from(c) + 1),
    }
}
