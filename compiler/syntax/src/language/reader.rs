//! What every part of the front end works with: the text, and what was found in it.

use masque_diagnostics::{Span, Spanned};
use pest::iterators::Pair;

use super::expressions::{range, sound_string, string};
use super::grammar::Rule;
use super::recovery::{self, Block};
use super::text::Text;
use crate::ast::{self, Field};
use crate::findings::Findings;
use crate::problems;
use crate::words::Word;

/// One file while it is read.
pub(super) struct Reader<'f> {
    pub(super) text: Text,
    pub(super) findings: &'f mut Findings,
    /// Whether something was opened and not closed, which was said: what else is not closed is its consequence.
    pub(super) unclosed: bool,
}

impl Reader<'_> {
    /// A word and its place.
    pub(super) fn name(&self, pair: &Pair<'_, Rule>) -> Spanned<String> {
        Spanned::new(pair.as_str().to_owned(), self.text.span(range(pair)))
    }

    /// A text and its place, quotes included. Words and URIs without quotes are taken as they are.
    pub(super) fn string(&mut self, pair: &Pair<'_, Rule>) -> Spanned<String> {
        let span = self.text.span(range(pair));
        match pair.as_rule() {
            Rule::string => Spanned::new(string(pair, &self.text, self.findings).text, span),
            _ => Spanned::new(pair.as_str()[..range(pair).len()].to_owned(), span),
        }
    }

    /// A text as a field.
    pub(super) fn given(&mut self, pair: &Pair<'_, Rule>) -> ast::Text {
        if pair.as_rule() != Rule::string {
            return Field::Given(self.string(pair));
        }
        let span = self.text.span(range(pair));
        match sound_string(pair, &self.text, self.findings) {
            (text, None) => Field::Given(Spanned::new(text.text, span)),
            (_, Some(reported)) => Field::Error(reported),
        }
    }

    /// One of a closed set of words.
    pub(super) fn word<T: Word>(&mut self, what: &str, word: &Spanned<String>) -> Field<T> {
        match T::WORDS.iter().position(|known| *known == word.value) {
            Some(at) => Field::Given(Spanned::new(T::ALL[at], word.span)),
            None => {
                let what = format!("`{what}`");
                let found = problems::unknown_word(&what, &word.value, word.span, &word.value, T::WORDS);
                Field::Error(self.findings.error(found))
            }
        }
    }

    /// A stretch of a block that is none of its statements: a mistake, or, where it begins an item, the sign that the block is not closed.
    pub(super) fn invalid(&mut self, pair: &Pair<'_, Rule>, block: Block, opening: Span) {
        if recovery::begins_item(pair.as_str(), block) {
            self.not_closed(block.noun(), opening);
        } else if !self.unclosed {
            recovery::report(pair, block, &self.text, self.findings);
        }
    }

    fn not_closed(&mut self, what: &str, opening: Span) {
        if !self.unclosed {
            self.unclosed = true;
            let written = &self.text.text[opening.range()];
            let brace = written.find('{').unwrap_or(0);
            let start = opening.start as usize + brace;
            self.findings.error(problems::unclosed_brace(what, Span::new(opening.source, start, start + 1)));
        }
    }

    /// The end of a block that `what` began at `opening`.
    pub(super) fn close(&mut self, pair: &Pair<'_, Rule>, what: &str, opening: Span) {
        let missing = pair.clone().into_inner().any(|pair| pair.as_rule() == Rule::unclosed);
        if missing {
            self.not_closed(what, opening);
        }
    }
}
