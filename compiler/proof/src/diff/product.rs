//! Two programs run side by side on one text: all pairs of states that a text leads to, as a table.
//!
//! Automata that both programs run are run once. Where nothing that follows can tell the programs apart any more, all such pairs are
//! one, so that the table is as large as what differs.

use std::collections::HashMap;

use masque_automata::{Automaton, Decision};
use masque_decode::{Program, Verdict};
use rustc_hash::FxBuildHasher;

use crate::derivatives::Alphabet;
use crate::verify::decision;

/// The most cells of a table: pairs of states times letters.
pub const MOST_CELLS: usize = 1 << 24;

/// A pair of programs in sessions of one kind.
pub(super) struct Pair<'a> {
    /// All automata that run in either, each once.
    pub(super) automata: Vec<&'a Automaton>,
    sides: [Side; 2],
}

struct Side {
    /// What is decided without looking at the intent.
    constant: Decision,
    /// Positions in [`Pair::automata`].
    automata: Vec<usize>,
}

impl<'a> Pair<'a> {
    /// The parts of the programs that run where guards have these bits.
    pub(super) fn new(programs: [&'a Program; 2], bits: [u32; 2]) -> Self {
        let mut all: Vec<&'a Automaton> = Vec::new();
        let mut side = |program: &'a Program, bits: u32| {
            let mut side = Side { constant: decision(program.default), automata: Vec::new() };
            for part in program.parts.iter().filter(|part| part.runs(bits)) {
                match &part.verdict {
                    Verdict::Constant(constant) => side.constant = side.constant.or(decision(*constant)),
                    Verdict::Automaton(automaton) => {
                        let known = all.iter().position(|known| *known == automaton);
                        let at = known.unwrap_or_else(|| {
                            all.push(automaton);
                            all.len() - 1
                        });
                        if !side.automata.contains(&at) {
                            side.automata.push(at);
                        }
                    }
                }
            }
            side
        };
        let [old, new] = programs;
        let sides = [side(old, bits[0]), side(new, bits[1])];
        Self { automata: all, sides }
    }

    /// What both decide on a text.
    pub(super) fn decide(&self, text: &str) -> (Decision, Decision) {
        let of = |side: &Side| {
            let decisions = side.automata.iter().map(|&at| self.automata[at].decide(text));
            decisions.fold(side.constant, Decision::or)
        };
        let [old, new] = &self.sides;
        (of(old), of(new))
    }

    /// Brings a pair of states to one form for all that decide alike, whatever follows. The first two numbers are what is decided
    /// already, by the numbers of sinks; then come the states. `false` where the programs decide alike from here on.
    fn settle(&self, states: &mut [u16]) -> bool {
        const DENIED: u16 = 1;
        const NOTHING: u16 = 2;
        let (decided, states) = states.split_at_mut(2);
        for (decided, side) in decided.iter_mut().zip(&self.sides) {
            for &at in &side.automata {
                if states[at] < Automaton::SINKS {
                    *decided = either(*decided, states[at]);
                }
            }
        }
        let mut shared = true;
        for (at, state) in states.iter_mut().enumerate() {
            let runs = [0, 1].map(|side| decided[side] != DENIED && self.sides[side].automata.contains(&at));
            if *state < Automaton::SINKS || runs == [false; 2] {
                *state = NOTHING;
                continue;
            }
            shared &= runs == [true; 2];
        }
        decided[0] != decided[1] || !shared
    }
}

/// Of two sinks' numbers, the one that stands.
fn either(first: u16, second: u16) -> u16 {
    match (first, second) {
        (1, _) | (_, 1) => 1,
        (0, _) | (_, 0) => 0,
        _ => 2,
    }
}

/// The table of a pair.
pub(super) struct Product {
    /// The state before any text.
    pub(super) start: u32,
    /// What both decide on a text that ends in each state.
    pub(super) ends: Vec<(Decision, Decision)>,
    rows: Vec<u32>,
    width: usize,
}

impl Product {
    /// The state from which on both decide alike.
    pub(super) const ALIKE: u32 = 0;

    /// The table, over an alphabet that was made for the pair's automata; an error with the number of states where it is too large,
    /// together with those that were found, each with the one that it was reached from and by which letter.
    pub(super) fn new(pair: &Pair<'_>, alphabet: &Alphabet) -> Result<Self, Partial> {
        let width = alphabet.letters.len();
        let alike = (Decision::Unmatched, Decision::Unmatched);
        let mut product = Self { start: 0, ends: vec![alike], rows: vec![Self::ALIKE; width], width };
        let mut numbers: HashMap<Box<[u16]>, u32, FxBuildHasher> = HashMap::default();
        let mut queue: Vec<(Box<[u16]>, u32, usize)> = Vec::new();
        let mut scratch: Vec<u16> = pair.sides.iter().map(|side| sink(side.constant)).collect();
        scratch.extend(pair.automata.iter().map(|automaton| automaton.start()));
        let mut number = |states: &mut [u16], from: (u32, usize), queue: &mut Vec<_>, ends: &mut Vec<_>| {
            if !pair.settle(states) {
                return Self::ALIKE;
            }
            if let Some(&known) = numbers.get(&*states) {
                return known;
            }
            let fresh = u32::try_from(ends.len()).expect("tables are given up long before");
            let states: Box<[u16]> = (&*states).into();
            ends.push(pair.ends(&states));
            numbers.insert(states.clone(), fresh);
            queue.push((states, from.0, from.1));
            fresh
        };
        product.start = number(&mut scratch, (0, 0), &mut queue, &mut product.ends);
        let mut at = 0;
        while at < queue.len() {
            if product.ends.len() * width > MOST_CELLS {
                let steps = queue.iter().map(|(_, from, letter)| (*from, *letter)).collect();
                return Err(Partial { ends: product.ends, steps });
            }
            let this = u32::try_from(at + 1).expect("tables are given up long before");
            for (letter, kind) in alphabet.letters.iter().enumerate() {
                scratch.copy_from_slice(&queue[at].0);
                for (state, (automaton, &class)) in
                    scratch[2..].iter_mut().zip(pair.automata.iter().zip(&kind.classes))
                {
                    *state = automaton.next(*state, class);
                }
                let next = number(&mut scratch, (this, letter), &mut queue, &mut product.ends);
                product.rows.push(next);
            }
            at += 1;
        }
        Ok(product)
    }

    /// The state after a letter.
    pub(super) fn next(&self, state: u32, letter: usize) -> u32 {
        self.rows[state as usize * self.width + letter]
    }

    /// From which states a text leads to one that `is`.
    pub(super) fn leading_to(&self, is: impl Fn((Decision, Decision)) -> bool) -> Vec<bool> {
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); self.ends.len()];
        for (state, row) in (0..).zip(self.rows.chunks_exact(self.width)) {
            let mut last = state;
            for &next in row {
                if next != state && next != last {
                    before[next as usize].push(state);
                    last = next;
                }
            }
        }
        let mut leads: Vec<bool> = self.ends.iter().map(|&(old, new)| old != new && is((old, new))).collect();
        let mut left: Vec<usize> = (0..leads.len()).filter(|&state| leads[state]).collect();
        while let Some(state) = left.pop() {
            for &before in &before[state] {
                if !leads[before as usize] {
                    leads[before as usize] = true;
                    left.push(before as usize);
                }
            }
        }
        leads
    }
}

impl Pair<'_> {
    fn ends(&self, states: &[u16]) -> (Decision, Decision) {
        let of = |side: usize| {
            let automata = self.sides[side].automata.iter();
            // Automata that have been decided are in the sink that adds nothing.
            let decisions = automata.map(|&at| self.automata[at].decision(states[2 + at]));
            decisions.fold(of_sink(states[side]), Decision::or)
        };
        (of(0), of(1))
    }
}

/// What was found of a table before it was given up.
pub(super) struct Partial {
    pub(super) ends: Vec<(Decision, Decision)>,
    /// For each state but the first, the one before and the letter between.
    steps: Vec<(u32, usize)>,
}

impl Partial {
    /// The shortest text on which the programs decide so, where one was found.
    pub(super) fn shortest(&self, kind: (Decision, Decision), alphabet: &Alphabet) -> Option<String> {
        let mut at = self.ends.iter().skip(1).position(|&end| end == kind)? + 1;
        let mut text = Vec::new();
        while at > 1 {
            let (before, letter) = self.steps[at - 1];
            text.push(alphabet.letters[letter].example);
            at = before as usize;
        }
        Some(text.into_iter().rev().collect())
    }
}

fn sink(decision: Decision) -> u16 {
    match decision {
        Decision::Allowed => 0,
        Decision::Denied => 1,
        Decision::Unmatched => 2,
    }
}

fn of_sink(sink: u16) -> Decision {
    match sink {
        0 => Decision::Allowed,
        1 => Decision::Denied,
        _ => Decision::Unmatched,
    }
}
