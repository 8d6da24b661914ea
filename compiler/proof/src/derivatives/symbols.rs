//! Scalars that neither rules nor automata tell apart.

use std::collections::{BTreeSet, HashMap};

use masque_automata::{Automaton, Set, Token};

/// White space beyond ASCII, first and last of each run: the property `White_Space` of Unicode.
const WHITE: [(char, char); 8] = [
    ('\u{85}', '\u{85}'),
    ('\u{a0}', '\u{a0}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{2000}', '\u{200a}'),
    ('\u{2028}', '\u{2029}'),
    ('\u{202f}', '\u{202f}'),
    ('\u{205f}', '\u{205f}'),
    ('\u{3000}', '\u{3000}'),
];

/// Characters that cutting clauses asks for.
const OF_CLAUSES: &str = " andthe,;&";

/// Scalars of a kind.
pub(crate) struct Letter {
    /// The most readable of them.
    pub(crate) example: char,
    /// What patterns see of them; nothing of white space, which is looked at apart.
    pub(super) input: Input,
    /// The scalar in normal form, where that is one of the characters that clauses are cut at.
    pub(super) read_as: char,
    /// Their class in each automaton.
    pub(crate) classes: Vec<u16>,
}

/// What the normaliser sees of a scalar.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Input {
    White,
    Symbol(u16),
}

/// What patterns tell apart of normalised scalars: each symbol by one of its scalars.
pub(super) struct Symbols {
    pub(super) examples: Vec<char>,
}

impl Symbols {
    /// The symbol of one of the characters of clauses, all of which are symbols of their own.
    pub(super) fn of(&self, c: char) -> u16 {
        let at = self.examples.iter().position(|&example| example == c);
        u16::try_from(at.expect("these characters are told apart")).expect("symbols are counted in 16 bits")
    }
}

pub(crate) struct Alphabet {
    pub(crate) letters: Vec<Letter>,
    pub(super) symbols: Symbols,
    /// The letter of each scalar of ASCII.
    pub(crate) ascii: Vec<usize>,
}

impl Alphabet {
    pub(crate) fn new(patterns: &[Vec<Token>], automata: &[&Automaton]) -> Self {
        let mut seen = Seen { literals: OF_CLAUSES.chars().collect(), sets: Vec::new() };
        for tokens in patterns {
            seen.learn(tokens);
        }
        let mut symbols = Symbols { examples: Vec::new() };
        let mut numbers: HashMap<(Option<char>, Vec<bool>), u16> = HashMap::new();
        let mut symbol = |c: char| {
            let literal = seen.literals.contains(&c).then_some(c);
            let sets = seen.sets.iter().map(|set| takes(set, c)).collect();
            let fresh = u16::try_from(symbols.examples.len()).expect("automata have fewer classes");
            let number = *numbers.entry((literal, sets)).or_insert(fresh);
            if number == fresh {
                symbols.examples.push(c);
            }
            number
        };
        for c in OF_CLAUSES.chars() {
            symbol(c);
        }
        let mut candidates: Vec<char> = seen.boundaries(automata).into_iter().collect();
        candidates.sort_by_key(|&c| (unreadable(c), c));
        let mut known = HashMap::new();
        let mut letters = Vec::new();
        let mut ascii = vec![0; 128];
        for c in candidates {
            let read_as = c.to_ascii_lowercase();
            let input = if is_white(c) { Input::White } else { Input::Symbol(symbol(read_as)) };
            let classes: Vec<u16> = automata.iter().map(|automaton| automaton.classes().of(c)).collect();
            let letter = *known.entry((input, classes.clone())).or_insert(letters.len());
            if letter == letters.len() {
                letters.push(Letter { example: c, input, read_as, classes });
            }
            if let Some(place) = ascii.get_mut(c as usize) {
                *place = letter;
            }
        }
        Self { letters, symbols, ascii }
    }
}

/// What patterns ask of a scalar.
struct Seen<'a> {
    literals: BTreeSet<char>,
    sets: Vec<&'a Set>,
}

impl<'a> Seen<'a> {
    fn learn(&mut self, tokens: &'a [Token]) {
        for token in tokens {
            match token {
                Token::Literal(c) => _ = self.literals.insert(*c),
                Token::Class(set) if !self.sets.contains(&set) => self.sets.push(set),
                Token::Alternates(branches) => branches.iter().for_each(|branch| self.learn(branch)),
                Token::Class(_) | Token::Any | Token::Star => {}
            }
        }
    }

    /// All of ASCII, and beyond it every scalar at which anything may change: between two of them, all are alike.
    fn boundaries(&self, automata: &[&Automaton]) -> BTreeSet<char> {
        let ranges = self.sets.iter().flat_map(|set| set.ranges.iter().copied());
        let literals = self.literals.iter().map(|&c| (c, c));
        let changes = ranges.chain(literals).chain(WHITE).flat_map(|(low, high)| [Some(low), after(high)]);
        let tables = automata.iter().flat_map(|automaton| automaton.classes().ranges());
        let tables = tables.map(|&(first, _)| char::from_u32(first));
        let ascii = ('\0'..='\u{80}').map(Some);
        ascii.chain(changes).chain(tables).flatten().collect()
    }
}

pub(super) fn takes(set: &Set, c: char) -> bool {
    set.ranges.iter().any(|&(low, high)| (low..=high).contains(&c)) != set.negated
}

fn is_white(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ') || WHITE.iter().any(|&(low, high)| (low..=high).contains(&c))
}

/// The next scalar.
fn after(c: char) -> Option<char> {
    if c == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(c) + 1) }
}

/// How little a person likes to read a character.
fn unreadable(c: char) -> u8 {
    match c {
        'a'..='z' | ' ' => 0,
        '0'..='9' => 1,
        'A'..='Z' => 2,
        '!'..='~' => 3,
        _ if c.is_alphanumeric() => 4,
        _ if c.is_control() => 6,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_that_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_white(c), c.is_whitespace(), "{c:?}");
        }
    }
}
