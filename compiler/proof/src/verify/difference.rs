//! The shortest intent on which a whole program and its rules differ.

use std::collections::HashMap;

use masque_automata::{Automaton, Clauses, Decision, Rule};
use masque_decode::{Program, Verdict};
use rustc_hash::FxBuildHasher;

use super::{MOST_TOGETHER, decision};
use crate::derivatives::Derivatives;

/// All parts of a program that run together.
pub(super) struct Whole<'a> {
    automata: Vec<&'a Automaton>,
    /// What the parts that do not look at the intent decide.
    constant: Decision,
}

impl<'a> Whole<'a> {
    pub(super) fn new(program: &'a Program, guards: u32) -> Self {
        let mut whole = Self { automata: Vec::new(), constant: decision(program.default) };
        for part in program.parts.iter().filter(|part| part.runs(guards)) {
            match &part.verdict {
                Verdict::Automaton(automaton) => whole.automata.push(automaton),
                Verdict::Constant(constant) => whole.constant = whole.constant.or(decision(*constant)),
            }
        }
        whole
    }

    fn decision(&self, states: &[u16]) -> Decision {
        let parts = self.automata.iter().zip(states).map(|(automaton, &state)| automaton.decision(state));
        parts.fold(self.constant, Decision::or)
    }
}

/// An intent on which they differ.
pub(super) struct Difference {
    pub(super) intent: String,
    pub(super) program: Decision,
    pub(super) rules: Decision,
}

/// The shortest difference, or the number of pairs that were compared where there is none; an error with that number where the
/// search is given up.
pub(super) fn shortest(
    whole: &Whole<'_>,
    rules: &[Rule],
    clauses: Clauses,
) -> Result<Result<Difference, usize>, usize> {
    let mut rules = Derivatives::new(rules, clauses, &whole.automata);
    let start: (Vec<u16>, u32) =
        (whole.automata.iter().map(|automaton| automaton.start()).collect(), rules.start());
    let mut seen: HashMap<(Vec<u16>, u32), (), FxBuildHasher> = HashMap::default();
    seen.insert(start.clone(), ());
    // Each pair with the one that it was reached from, and by which letter.
    let mut queue = vec![(start, 0, 0)];
    let mut at = 0;
    while let Some(((states, residual), ..)) = queue.get(at) {
        let (states, residual) = (states.clone(), *residual);
        let (program, ruled) = (whole.decision(&states), rules.decision(residual));
        if program != ruled {
            let mut text = Vec::new();
            while at > 0 {
                let (_, from, letter) = queue[at];
                text.push(rules.letters()[letter].example);
                at = from;
            }
            let intent = text.into_iter().rev().collect();
            return Ok(Ok(Difference { intent, program, rules: ruled }));
        }
        if rules.weight() + seen.len() * (1 + states.len()) > MOST_TOGETHER {
            return Err(at);
        }
        for letter in 0..rules.letters().len() {
            let classes = &rules.letters()[letter].classes;
            let steps = whole.automata.iter().zip(&states).zip(classes);
            let next: Vec<u16> =
                steps.map(|((automaton, &state), &class)| automaton.next(state, class)).collect();
            let next = (next, rules.next(residual, letter));
            if seen.insert(next.clone(), ()).is_none() {
                queue.push((next, at, letter));
            }
        }
        at += 1;
    }
    Ok(Err(queue.len()))
}
