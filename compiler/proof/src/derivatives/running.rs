//! Rules over raw text: white space trimmed and squeezed on the way.

use masque_automata::Decision;

use super::expressions::{EMPTY, EVERYTHING, Expressions};
use super::symbols::Input;

/// What is left of deny and allow rules, and what the normaliser has yet to say.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Run {
    deny: u32,
    allow: u32,
    place: Place,
}

/// Where in the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// Before the first word: white space is dropped.
    Start,
    Word,
    /// Behind a word: white space becomes one space if another word follows, and nothing otherwise.
    Gap,
}

impl Run {
    pub(super) fn new(deny: u32, allow: u32) -> Self {
        Self { deny, allow, place: Place::Start }
    }

    /// Without the allow rules.
    pub(super) fn denies(self) -> Self {
        Self { allow: EMPTY, ..self }
    }

    pub(super) fn has_denies(self) -> bool {
        self.deny != EMPTY
    }

    /// Whether no word has begun.
    pub(super) fn is_blank(self) -> bool {
        self.place == Place::Start
    }

    pub(super) fn after(self, input: Input, expressions: &mut Expressions) -> Self {
        let symbol = match input {
            Input::White if self.place == Place::Start => return self,
            Input::White => return Self { place: Place::Gap, ..self },
            Input::Symbol(symbol) => symbol,
        };
        let mut run = self;
        if self.place == Place::Gap {
            run = run.stepped(expressions.symbols().of(' '), expressions);
        }
        Self { place: Place::Word, ..run.stepped(symbol, expressions) }
    }

    fn stepped(self, symbol: u16, expressions: &mut Expressions) -> Self {
        let deny = expressions.derive_set(self.deny, symbol);
        // Where everything is denied, what is allowed no longer matters.
        let allow = if deny == EVERYTHING { EMPTY } else { expressions.derive_set(self.allow, symbol) };
        Self { deny, allow, ..self }
    }

    /// The decision on a text that ends here.
    pub(super) fn decision(self, expressions: &Expressions) -> Decision {
        if expressions.takes_nothing(self.deny) {
            Decision::Denied
        } else if expressions.takes_nothing(self.allow) {
            Decision::Allowed
        } else {
            Decision::Unmatched
        }
    }

    /// The decision that no text changes any more.
    pub(super) fn settled(self) -> Option<Decision> {
        match (self.deny, self.allow) {
            (EVERYTHING, _) => Some(Decision::Denied),
            (EMPTY, EVERYTHING) => Some(Decision::Allowed),
            (EMPTY, EMPTY) => Some(Decision::Unmatched),
            _ => None,
        }
    }
}
