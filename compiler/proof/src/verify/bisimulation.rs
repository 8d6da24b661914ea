//! Whether an automaton and rules decide every text alike.

use masque_automata::{Automaton, Clauses, Decision, Rule};
use masque_decode::Verdict;

use super::MOST_WEIGHT;
use crate::derivatives::Derivatives;

pub(super) enum Outcome {
    Equal {
        /// Pairs of states that were compared.
        pairs: usize,
    },
    Different,
    TooLarge {
        pairs: usize,
    },
}

/// Hopcroft and Karp: states that a text leads to are put into one class; a class whose members decide differently shows a difference,
/// and if there is none the machines are equal.
pub(super) fn compare(verdict: &Verdict, rules: &[Rule], clauses: Clauses) -> Outcome {
    let known = Known::new(verdict);
    let automata: Vec<&Automaton> = known.automaton.into_iter().collect();
    let mut rules = Derivatives::new(rules, clauses, &automata);
    let offset = usize::from(known.automaton.map_or(Automaton::SINKS, Automaton::state_count));
    let mut classes = Classes::default();
    let start = (known.start, rules.start());
    let mut left = vec![start];
    classes.unite(start.0.into(), offset + start.1 as usize);
    let mut pairs = 0;
    while let Some((state, residual)) = left.pop() {
        pairs += 1;
        if known.decision(state) != rules.decision(residual) {
            return Outcome::Different;
        }
        if rules.weight() > MOST_WEIGHT {
            return Outcome::TooLarge { pairs };
        }
        for letter in 0..rules.letters().len() {
            let next = known.next(state, rules.letters()[letter].classes.first().copied());
            let residual = rules.next(residual, letter);
            if classes.unite(next.into(), offset + residual as usize) {
                left.push((next, residual));
            }
        }
    }
    Outcome::Equal { pairs }
}

/// What a part decides, as a machine: a constant is a sink.
struct Known<'a> {
    automaton: Option<&'a Automaton>,
    start: u16,
}

impl<'a> Known<'a> {
    fn new(verdict: &'a Verdict) -> Self {
        match verdict {
            Verdict::Automaton(automaton) => Self { automaton: Some(automaton), start: automaton.start() },
            // Sinks are numbered as decisions are.
            Verdict::Constant(decision) => Self { automaton: None, start: *decision as u16 },
        }
    }

    fn next(&self, state: u16, class: Option<u16>) -> u16 {
        match (self.automaton, class) {
            (Some(automaton), Some(class)) => automaton.next(state, class),
            _ => state,
        }
    }

    fn decision(&self, state: u16) -> Decision {
        match (self.automaton, state) {
            (Some(automaton), _) => automaton.decision(state),
            (None, 0) => Decision::Allowed,
            (None, 1) => Decision::Denied,
            (None, _) => Decision::Unmatched,
        }
    }
}

/// Disjoint sets of states (union by size, paths halved).
#[derive(Default)]
struct Classes {
    parent: Vec<usize>,
    size: Vec<u32>,
}

impl Classes {
    /// Makes one class of two; `false` where they were one.
    fn unite(&mut self, first: usize, second: usize) -> bool {
        let (first, second) = (self.find(first), self.find(second));
        if first == second {
            return false;
        }
        let (small, large) =
            if self.size[first] < self.size[second] { (first, second) } else { (second, first) };
        self.parent[small] = large;
        self.size[large] += self.size[small];
        true
    }

    fn find(&mut self, mut state: usize) -> usize {
        while self.parent.len() <= state {
            self.parent.push(self.parent.len());
            self.size.push(1);
        }
        while self.parent[state] != state {
            self.parent[state] = self.parent[self.parent[state]];
            state = self.parent[state];
        }
        state
    }
}
