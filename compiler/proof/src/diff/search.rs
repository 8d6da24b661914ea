//! Searches for the shortest text of a change that patterns take or do not take.

use std::cell::Cell;
use std::collections::HashSet;

use masque_automata::{self as automata, Automaton, Decision, Rule};
use rustc_hash::FxBuildHasher;

use super::product::Product;
use crate::derivatives::Alphabet;

/// The most combinations of states that one search visits.
const MOST_VISITED: usize = 1 << 18;

/// What both programs decide: the old one, then the new one.
pub(super) type Kind = (Decision, Decision);

/// The texts that some patterns take.
pub(super) struct Taker {
    automata: Vec<Automaton>,
    /// For each automaton, the class of each letter.
    classes: Vec<Vec<u16>>,
}

impl Taker {
    /// The texts that any of these rules takes, whatever it does; nothing where that is too large.
    pub(super) fn new<'r>(rules: impl IntoIterator<Item = &'r Rule>, alphabet: &Alphabet) -> Option<Self> {
        let allow = |rule: &Rule| Rule { action: automata::Action::Allow, ..rule.clone() };
        let rules: Vec<Rule> = rules.into_iter().map(allow).collect();
        let decider = automata::compile(&rules, automata::Clauses::Whole).ok()?;
        let automata: Vec<Automaton> = decider.parts().iter().map(|part| part.automaton.clone()).collect();
        let classes = |automaton: &Automaton| {
            alphabet.letters.iter().map(|letter| automaton.classes().of(letter.example)).collect()
        };
        let classes = automata.iter().map(classes).collect();
        Some(Self { automata, classes })
    }

    pub(super) fn takes(&self, text: &str) -> bool {
        self.automata.iter().any(|automaton| automaton.decide(text) == Decision::Allowed)
    }
}

/// A search was given up.
#[derive(Debug)]
pub(super) struct TooLarge;

/// What is looked for: a text that all of `inside` take and none of `outside`.
pub(super) struct Search<'a> {
    pub(super) product: &'a Product,
    pub(super) alphabet: &'a Alphabet,
    /// From which states a text leads to the change.
    pub(super) leads: &'a [bool],
    pub(super) kind: Kind,
    /// How much all searches have visited so far: combinations of states, times the automata in each.
    pub(super) visited: Cell<usize>,
}

/// Whether a text is to be of the change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Change,
    Rest,
}

impl Search<'_> {
    /// The shortest text of the change, or of the rest, that all of `inside` take and none of `outside`; readable characters preferred.
    pub(super) fn shortest(
        &self,
        of: Of,
        inside: &[&Taker],
        outside: &[&Taker],
    ) -> Result<Option<String>, TooLarge> {
        let takers: Vec<&Taker> = inside.iter().chain(outside).copied().collect();
        let machines: Vec<(&Automaton, &Vec<u16>)> =
            takers.iter().flat_map(|taker| taker.automata.iter().zip(&taker.classes)).collect();
        let mut spans = Vec::new();
        let mut from = 0;
        for taker in &takers {
            spans.push(from..from + taker.automata.len());
            from += taker.automata.len();
        }
        let judge = |state: u32, states: &[u16]| {
            let standing = |span: &std::ops::Range<usize>| {
                let mut standing = Standing { takes: false, settled: true };
                for at in span.clone() {
                    let settled = states[at] < Automaton::SINKS;
                    if machines[at].0.decision(states[at]) == Decision::Allowed {
                        standing.takes = true;
                        if settled {
                            return Standing { takes: true, settled: true };
                        }
                    }
                    standing.settled &= settled;
                }
                standing
            };
            let (mut found, mut open) = (true, true);
            for (at, span) in spans.iter().enumerate() {
                let Standing { takes, settled } = standing(span);
                let wanted = at < inside.len();
                found &= takes == wanted;
                open &= !settled || takes == wanted;
            }
            let is_change = self.product.ends[state as usize] == self.kind;
            match of {
                Of::Change => (found && is_change, open && self.leads[state as usize]),
                Of::Rest => (found && !is_change, open),
            }
        };
        let states: Vec<u16> = machines.iter().map(|(automaton, _)| automaton.start()).collect();
        let (found, open) = judge(self.product.start, &states);
        if found {
            return Ok(Some(String::new()));
        }
        if !open {
            return Ok(None);
        }
        let mut seen: HashSet<Box<[u16]>, FxBuildHasher> = HashSet::default();
        let mut queue = vec![Visit { state: self.product.start, states, from: 0, letter: 0 }];
        // A combination as one key: both halves of the product's state, then the states of the patterns' automata.
        let mut key: Vec<u16> = Vec::new();
        let mut at = 0;
        while at < queue.len() {
            self.visited.set(self.visited.get() + 1 + machines.len());
            for letter in 0..self.alphabet.letters.len() {
                let state = self.product.next(queue[at].state, letter);
                key.clear();
                key.extend([(state >> 16) as u16, state as u16]);
                let steps = machines.iter().zip(&queue[at].states);
                key.extend(
                    steps.map(|((automaton, classes), &state)| automaton.next(state, classes[letter])),
                );
                if seen.contains(&*key) {
                    continue;
                }
                seen.insert((&*key).into());
                let (found, open) = judge(state, &key[2..]);
                if found {
                    let mut text = self.text_to(&queue, at);
                    text.push(self.alphabet.letters[letter].example);
                    return Ok(Some(text));
                }
                if open {
                    queue.push(Visit { state, states: key[2..].to_vec(), from: at, letter });
                }
            }
            if queue.len() > MOST_VISITED {
                return Err(TooLarge);
            }
            at += 1;
        }
        Ok(None)
    }

    /// The text that led to a visit.
    fn text_to(&self, visits: &[Visit], mut at: usize) -> String {
        let mut text = Vec::new();
        while at > 0 {
            text.push(self.alphabet.letters[visits[at].letter].example);
            at = visits[at].from;
        }
        text.into_iter().rev().collect()
    }
}

/// A combination of states, and how it was come to.
struct Visit {
    /// Of the product.
    state: u32,
    /// Of the patterns' automata.
    states: Vec<u16>,
    /// The visit before, and the letter between.
    from: usize,
    letter: usize,
}

/// How a taker stands after some text.
#[derive(Clone, Copy)]
struct Standing {
    takes: bool,
    settled: bool,
}
