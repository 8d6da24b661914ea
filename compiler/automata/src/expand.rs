//! A rule to the tokens that it stands for.

use crate::pattern::Token;
use crate::{MatchMode, Rule, verbs};
use std::borrow::Cow;

/// What a rule matches: its tokens, verbs replaced by their inflections.
pub(crate) struct Expanded<'a> {
    pub(crate) tokens: Cow<'a, [Token]>,
    /// The last two tokens, ` *`, may match nothing.
    pub(crate) optional_tail: bool,
}

impl Expanded<'_> {
    /// Whether it takes every text that contains one it takes.
    pub(crate) fn takes_around(&self) -> bool {
        matches!(*self.tokens, [Token::Star] | [Token::Star, .., Token::Star]) && !self.optional_tail
    }
}

/// The normalised tokens that a rule stands for, verbs replaced by their inflections: what a pattern means before anything is made
/// of it. Somebody who builds on these shares the reading of globs and the verbs with this crate, and nothing else.
#[must_use]
pub fn expansion(rule: &Rule) -> Vec<Token> {
    let Expanded { tokens, optional_tail } = expand(rule);
    let mut tokens = tokens.into_owned();
    if optional_tail {
        let tail = tokens.split_off(tokens.len() - 2);
        tokens.push(Token::Alternates(vec![Vec::new(), tail]));
    }
    tokens
}

pub(crate) fn expand(rule: &Rule) -> Expanded<'_> {
    let tokens = rule.pattern.tokens();
    if rule.mode == MatchMode::Exact {
        return Expanded { tokens: Cow::Borrowed(tokens), optional_tail: false };
    }
    let optional_tail = matches!(tokens, [.., Token::Literal(' '), Token::Star]);
    let end = tokens.iter().position(|token| *token == Token::Literal(' ')).unwrap_or(tokens.len());
    let (first, rest) = tokens.split_at(end);
    let tokens = match verb_forms(first) {
        Some(forms) => {
            let mut expanded = Vec::with_capacity(1 + rest.len());
            expanded.push(Token::Alternates(forms));
            expanded.extend_from_slice(rest);
            Cow::Owned(expanded)
        }
        None => Cow::Borrowed(tokens),
    };
    Expanded { tokens, optional_tail }
}

/// All forms of a first word that is a word or a brace set of words; nothing if it is neither.
fn verb_forms(first: &[Token]) -> Option<Vec<Vec<Token>>> {
    let words = match first {
        [Token::Alternates(branches)] => {
            branches.iter().map(|branch| word(branch)).collect::<Option<Vec<_>>>()?
        }
        _ => vec![word(first)?],
    };
    let mut forms = Vec::new();
    for word in words {
        if verbs::base_of(&word).is_some() {
            forms.push(literals(&word));
        } else {
            forms.extend(verbs::inflections(&word).iter().map(|form| literals(form)));
        }
    }
    forms.sort_unstable_by(|a, b| spelling(a).cmp(spelling(b)));
    forms.dedup();
    Some(forms)
}

fn word(tokens: &[Token]) -> Option<String> {
    let letter = |token: &Token| match token {
        Token::Literal(c) if c.is_ascii_lowercase() => Some(*c),
        _ => None,
    };
    (!tokens.is_empty()).then(|| tokens.iter().map(letter).collect()).flatten()
}

fn literals(word: &str) -> Vec<Token> {
    word.chars().map(Token::Literal).collect()
}

fn spelling(tokens: &[Token]) -> impl Iterator<Item = Option<char>> {
    tokens.iter().map(|token| match token {
        Token::Literal(c) => Some(*c),
        _ => None,
    })
}
