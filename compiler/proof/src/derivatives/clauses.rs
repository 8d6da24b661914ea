//! Rules over the clauses of raw text.
//!
//! What may turn out to separate is held back: a word that may become "and" or "then", and an `&` that may be half of one. It is given
//! to the clause when it is known not to separate. So a clause has never read what is not of it.

use masque_automata::Decision;

use super::expressions::Expressions;
use super::running::Run;
use super::symbols::Input;

const WORDS: [&str; 2] = ["and", "then"];

/// What judging clause by clause begins with.
pub(super) struct Each {
    clause: Run,
    symbols: Vec<(char, u16)>,
}

/// How far the text is judged.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Position {
    /// The deny rules over all of the text.
    whole: Run,
    /// All rules over what is certainly of the current clause.
    clause: Run,
    earlier: Earlier,
    held: Held,
    /// Whether the current word has something before what is held back.
    inside_word: bool,
}

/// The clauses before the current one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Earlier {
    None,
    AllAllowed,
    NotAllAllowed,
    OneDenied,
}

/// What is held back: the first letters of a separating word, then perhaps an `&`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Held {
    word: usize,
    letters: usize,
    ampersand: bool,
}

impl Held {
    const NOTHING: Self = Self { word: 0, letters: 0, ampersand: false };

    fn is_separator(self) -> bool {
        self.letters > 0 && self.letters == WORDS[self.word].len()
    }

    fn chars(self) -> impl Iterator<Item = char> {
        WORDS[self.word][..self.letters].chars().chain(self.ampersand.then_some('&'))
    }

    /// With one more letter, where that may still become a separating word.
    fn longer(self, c: char) -> Option<Self> {
        let letters = self.letters + 1;
        let goes_on = |word: &usize| {
            let begun = &WORDS[self.word][..self.letters];
            WORDS[*word].strip_prefix(begun).is_some_and(|rest| rest.starts_with(c))
        };
        (0..WORDS.len()).find(goes_on).map(|word| Self { word, letters, ampersand: false })
    }
}

impl Each {
    pub(super) fn new(clause: Run, expressions: &Expressions) -> Self {
        let symbols = "andthe&".chars().map(|c| (c, expressions.symbols().of(c))).collect();
        Self { clause, symbols }
    }

    pub(super) fn beginning(&self) -> Position {
        Position {
            whole: self.clause.denies(),
            clause: self.clause,
            earlier: Earlier::None,
            held: Held::NOTHING,
            inside_word: false,
        }
    }

    pub(super) fn after(
        &self,
        mut at: Position,
        input: Input,
        read_as: char,
        expressions: &mut Expressions,
    ) -> Position {
        at.whole = at.whole.after(input, expressions);
        let at = match (input, read_as) {
            (Input::White, _) if at.held.is_separator() && !at.held.ampersand => self.cut(at, expressions),
            (Input::White, _) => {
                let at = self.give(at, expressions);
                Position { clause: at.clause.after(input, expressions), inside_word: false, ..at }
            }
            (Input::Symbol(_), ',' | ';') => {
                let kept =
                    if at.held.ampersand { self.give(at, expressions) } else { self.drop(at, expressions) };
                self.cut(kept, expressions)
            }
            (Input::Symbol(_), '&') if at.held.ampersand => {
                let held = Held { ampersand: false, ..at.held };
                let kept = self.drop(Position { held, ..at }, expressions);
                self.cut(kept, expressions)
            }
            (Input::Symbol(_), '&') if at.held.is_separator() => {
                Position { held: Held { ampersand: true, ..at.held }, ..at }
            }
            (Input::Symbol(_), '&') => {
                let at = self.give(at, expressions);
                Position { held: Held { ampersand: true, ..Held::NOTHING }, inside_word: true, ..at }
            }
            (Input::Symbol(_), c) => {
                let longer = at.held.longer(c).filter(|_| !at.inside_word && !at.held.ampersand);
                match longer {
                    Some(held) => Position { held, ..at },
                    None => {
                        let at = self.give(at, expressions);
                        Position { clause: at.clause.after(input, expressions), inside_word: true, ..at }
                    }
                }
            }
        };
        simpler(at)
    }

    /// What is held back is of the clause.
    fn give(&self, mut at: Position, expressions: &mut Expressions) -> Position {
        for c in at.held.chars() {
            let symbol = self.symbols.iter().find(|&&(known, _)| known == c).map(|&(_, symbol)| symbol);
            let symbol = symbol.expect("only these characters are held back");
            at.clause = at.clause.after(Input::Symbol(symbol), expressions);
        }
        Position { held: Held::NOTHING, ..at }
    }

    /// The word ends here: what is held back separates, or is of the clause.
    fn drop(&self, at: Position, expressions: &mut Expressions) -> Position {
        if at.held.is_separator() && !at.held.ampersand {
            Position { held: Held::NOTHING, ..at }
        } else {
            self.give(at, expressions)
        }
    }

    /// The clause ends here, without what is held back.
    fn cut(&self, at: Position, expressions: &Expressions) -> Position {
        let earlier = with_clause(at, expressions);
        Position { clause: self.clause, earlier, held: Held::NOTHING, inside_word: false, ..at }
    }

    /// The decision that no text changes any more.
    pub(super) fn settled(&self, at: Position) -> Option<Decision> {
        let denied = Some(Decision::Denied);
        if at.whole.settled() == denied || at.clause.settled() == denied || at.earlier == Earlier::OneDenied {
            return denied;
        }
        // Without deny rules, one clause that is not allowed decides.
        let decided = at.earlier == Earlier::NotAllAllowed && !self.clause.has_denies();
        decided.then_some(Decision::Unmatched)
    }

    pub(super) fn decision(&self, at: Position, expressions: &mut Expressions) -> Decision {
        let at = self.drop(at, expressions);
        if at.whole.decision(expressions) == Decision::Denied {
            return Decision::Denied;
        }
        match with_clause(at, expressions) {
            Earlier::OneDenied => Decision::Denied,
            Earlier::AllAllowed => Decision::Allowed,
            Earlier::None | Earlier::NotAllAllowed => Decision::Unmatched,
        }
    }
}

/// The earlier clauses and the current one.
fn with_clause(at: Position, expressions: &Expressions) -> Earlier {
    if at.clause.is_blank() {
        return at.earlier;
    }
    match (at.clause.decision(expressions), at.earlier) {
        (Decision::Denied, _) | (_, Earlier::OneDenied) => Earlier::OneDenied,
        (Decision::Allowed, Earlier::None | Earlier::AllAllowed) => Earlier::AllAllowed,
        _ => Earlier::NotAllAllowed,
    }
}

/// The same position with nothing in it that no longer matters.
fn simpler(mut at: Position) -> Position {
    if !at.clause.is_blank()
        && at.clause.settled() == Some(Decision::Unmatched)
        && at.earlier != Earlier::OneDenied
    {
        at.earlier = Earlier::NotAllAllowed;
    }
    if at.earlier == Earlier::NotAllAllowed {
        at.clause = at.clause.denies();
    }
    at
}
