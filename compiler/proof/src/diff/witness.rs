//! An intent that a person would type, as an example of a change: made of the words of the patterns that describe it.

use masque_automata::{Decision, MatchMode, Rule, Token, expansion, normalise};

use super::product::Pair;
use super::search::Kind;

/// What stands where a pattern leaves everything open.
const FILLERS: [&str; 6] = ["the service", "the report", "the old data", "it", "everything", "x"];

/// The most texts of words that are tried.
const MOST_TRIED: usize = 2_000;

/// Tries texts until one is of the change.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) pair: &'a Pair<'a>,
    pub(super) kind: Kind,
}

impl Words<'_> {
    fn is_of_change(&self, text: &str) -> bool {
        let kind: (Decision, Decision) = self.pair.decide(text);
        kind == self.kind
    }

    /// A text of the change that `fits` and that somebody would type; the shortest one where none is found.
    pub(super) fn natural(&self, rules: &[&Rule], shortest: &str, fits: impl Fn(&str) -> bool) -> String {
        let found = |text: &str| !text.is_empty() && self.is_of_change(text) && fits(text);
        let patterns: Vec<Vec<Token>> = rules.iter().map(|rule| plain(rule)).collect();
        let own: Vec<Vec<String>> = patterns.iter().map(|tokens| words(tokens)).collect();
        for (at, tokens) in patterns.iter().enumerate() {
            let others = own.iter().enumerate().filter(|&(other, _)| other != at);
            let others: Vec<String> = others.map(|(_, words)| words.join(" ")).collect();
            // What all others ask for, then that and something behind it.
            let others: Vec<String> = match others.join(" ").trim() {
                "" => Vec::new(),
                joined => vec![format!("the {joined}"), joined.to_owned(), format!("{joined} service")],
            };
            let fillers = others.iter().map(String::as_str).chain(FILLERS).chain([""]);
            for filler in fillers {
                for choice in 0..4 {
                    let mut text = String::new();
                    write(tokens, filler, choice, &mut text);
                    let text = normalise(&text).into_owned();
                    if found(&text) {
                        return text;
                    }
                }
            }
        }
        let mut vocabulary: Vec<String> = own.concat();
        vocabulary.extend(FILLERS.iter().map(|filler| (*filler).to_owned()));
        vocabulary.dedup();
        sentence(&vocabulary, found).unwrap_or_else(|| shortest.to_owned())
    }
}

/// A rule's pattern, its verb not inflected.
fn plain(rule: &Rule) -> Vec<Token> {
    expansion(&Rule { mode: MatchMode::Exact, ..rule.clone() })
}

/// The words that a pattern names.
fn words(tokens: &[Token]) -> Vec<String> {
    let mut text = String::new();
    write(tokens, "\u{0}", 0, &mut text);
    text.split(['\u{0}', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A text that the tokens take. What is open is filled; of alternates one is chosen.
fn write(tokens: &[Token], filler: &str, choice: usize, text: &mut String) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Literal(c) => text.push(*c),
            Token::Any => text.push('a'),
            Token::Star => {
                // Words stay words: what is attached to a letter is left out, unless that is wanted (`choice`).
                let apart = |neighbour: Option<&Token>| matches!(neighbour, None | Some(Token::Literal(' ')));
                let before = apart(at.checked_sub(1).and_then(|before| tokens.get(before)));
                let after = apart(tokens.get(at + 1));
                match (before, after) {
                    (true, true) => text.push_str(filler),
                    _ if choice.is_multiple_of(2) => {}
                    (true, false) => text.push_str(&format!("{filler} ")),
                    (false, true) => text.push_str(&format!(" {filler}")),
                    (false, false) => text.push_str(&format!(" {filler} ")),
                }
            }
            Token::Class(set) => {
                let takes =
                    |c: char| set.ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != set.negated;
                let readable = ('a'..='z').chain('0'..='9').chain('!'..='~').find(|&c| takes(c));
                let first = set.ranges.first().map(|&(low, _)| low);
                text.extend(readable.or(first));
            }
            Token::Alternates(branches) => {
                if let Some(branch) = branches.get(choice % branches.len().max(1)) {
                    write(branch, filler, choice, text);
                }
            }
        }
    }
}

/// The shortest sentence of these words that is `found`.
fn sentence(vocabulary: &[String], found: impl Fn(&str) -> bool) -> Option<String> {
    let mut sentences = vec![String::new()];
    let mut tried = 0;
    loop {
        let mut longer = Vec::new();
        for sentence in &sentences {
            for word in vocabulary {
                let next = if sentence.is_empty() { word.clone() } else { format!("{sentence} {word}") };
                tried += 1;
                if found(&next) {
                    return Some(next);
                }
                if tried == MOST_TRIED {
                    return None;
                }
                longer.push(next);
            }
        }
        sentences = longer;
        if sentences.is_empty() {
            return None;
        }
    }
}
