//! The language of rules by derivatives of their patterns: a second way from rules to decisions, which shares nothing with the
//! determiniser of `masque-automata` but the reading of globs and verbs.
//!
//! What is left of a pattern after some text is a set of *continuations*: what may still follow (V. Antimirov, "Partial derivatives of
//! regular expressions and finite automaton constructions", TCS 155, 1996, after J. Brzozowski, JACM 11(4), 1964). Sets are kept small
//! by what is certainly the same language: repetitions are one, and a continuation is left out where another takes all that it takes
//! ([`expressions`]). Raw text is brought to normal form on the way ([`running`]), or cut into clauses ([`clauses`]).

mod clauses;
mod expressions;
mod running;
mod symbols;

use std::collections::HashMap;

use masque_automata::{Action, Automaton, Clauses, Decision, Rule, expansion};
use rustc_hash::FxBuildHasher;

use self::clauses::{Each, Position};
use self::expressions::Expressions;
use self::running::Run;
pub(crate) use self::symbols::{Alphabet, Letter};

/// A machine over raw text that decides as rules say.
pub(crate) struct Derivatives {
    expressions: Expressions,
    start: State,
    each: Option<Each>,
    /// Every state that was met.
    states: Vec<State>,
    numbers: HashMap<State, u32, FxBuildHasher>,
    letters: Vec<Letter>,
}

/// What is left of the rules after some text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    /// Whatever follows.
    Settled(Decision),
    /// The text is judged as one.
    Whole(Run),
    /// The text is judged clause by clause.
    Each(Position),
}

impl Derivatives {
    /// The rules' machine, over letters that neither it nor the automata tell apart.
    pub(crate) fn new(rules: &[Rule], clauses: Clauses, automata: &[&Automaton]) -> Self {
        let tokens: Vec<_> = rules.iter().map(expansion).collect();
        let Alphabet { letters, symbols, .. } = Alphabet::new(&tokens, automata);
        let mut expressions = Expressions::new(symbols);
        let mut of = |action| {
            let mut set = Vec::new();
            for (rule, tokens) in rules.iter().zip(&tokens) {
                if rule.action == action {
                    let expression = expressions.pattern(tokens);
                    expressions.open(expression, &mut set);
                }
            }
            expressions.set(set)
        };
        let run = Run::new(of(Action::Deny), of(Action::Allow));
        let each = (clauses == Clauses::Each).then(|| Each::new(run, &expressions));
        let start = match &each {
            None => State::Whole(run),
            Some(each) => State::Each(each.beginning()),
        };
        Self { expressions, start, each, states: Vec::new(), numbers: HashMap::default(), letters }
    }

    /// What the machine reads: readable characters first.
    pub(crate) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// The number of the state before any text.
    pub(crate) fn start(&mut self) -> u32 {
        let settled = self.settle(self.start);
        self.number(settled)
    }

    /// The number of the state after a letter.
    pub(crate) fn next(&mut self, state: u32, letter: usize) -> u32 {
        let letter = &self.letters[letter];
        let next = match self.states[state as usize] {
            State::Settled(_) => return state,
            State::Whole(run) => State::Whole(run.after(letter.input, &mut self.expressions)),
            State::Each(position) => {
                let each = self.each.as_ref().expect("only rules over clauses have positions");
                State::Each(each.after(position, letter.input, letter.read_as, &mut self.expressions))
            }
        };
        let next = self.settle(next);
        self.number(next)
    }

    /// The decision on a text that ends in this state.
    pub(crate) fn decision(&mut self, state: u32) -> Decision {
        match self.states[state as usize] {
            State::Settled(decision) => decision,
            State::Whole(run) => run.decision(&self.expressions),
            State::Each(position) => {
                let each = self.each.as_ref().expect("only rules over clauses have positions");
                each.decision(position, &mut self.expressions)
            }
        }
    }

    /// How much is kept of all states: a measure of memory.
    pub(crate) fn weight(&self) -> usize {
        self.states.len() + self.expressions.weight()
    }

    fn settle(&self, state: State) -> State {
        match state {
            State::Whole(run) => run.settled().map_or(state, State::Settled),
            State::Each(position) => {
                let each = self.each.as_ref().expect("only rules over clauses have positions");
                each.settled(position).map_or(state, State::Settled)
            }
            State::Settled(_) => state,
        }
    }

    fn number(&mut self, state: State) -> u32 {
        let fresh = u32::try_from(self.states.len()).expect("searches are given up long before");
        let number = *self.numbers.entry(state).or_insert(fresh);
        if number == fresh {
            self.states.push(state);
        }
        number
    }
}
