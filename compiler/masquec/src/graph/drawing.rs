//! What there is to draw: an automaton's states, and for each pair of states one edge.

use std::collections::BTreeMap;

use masque_automata::{Automaton, Decision};

use super::labels::ClassSets;

/// An automaton as nodes and edges.
pub(crate) struct Drawing {
    /// By number.
    pub(crate) states: Vec<State>,
    pub(crate) start: u16,
    /// By source, then by target.
    pub(crate) edges: Vec<Edge>,
}

/// One state.
pub(crate) struct State {
    /// What is decided if the intent ends here.
    pub(crate) decision: Decision,
    pub(crate) kind: Kind,
}

/// Whether a run goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing that follows changes the decision.
    Sink,
    /// The next character counts.
    Inner,
}

/// A step from a state to another.
pub(crate) struct Edge {
    pub(crate) from: u16,
    pub(crate) to: u16,
    pub(crate) on: Label,
}

/// What a step is taken on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// These characters.
    On(String),
    /// All that the state's other edges leave.
    Other,
    /// Every character: it is the state's only edge.
    Any,
}

impl Label {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::On(characters) => characters,
            Self::Other => "other",
            Self::Any => "any",
        }
    }
}

impl Drawing {
    pub(crate) fn new(automaton: &Automaton) -> Self {
        let sets = ClassSets::new(automaton.classes());
        let sizes: Vec<u64> = (0..automaton.classes().count()).map(|class| sets.size(class)).collect();
        let numbers = 0..automaton.state_count();
        let state = |number| State {
            decision: automaton.decision(number),
            kind: if number < Automaton::SINKS { Kind::Sink } else { Kind::Inner },
        };
        Self {
            states: numbers.clone().map(state).collect(),
            start: automaton.start(),
            edges: numbers
                .skip(Automaton::SINKS.into())
                .flat_map(|from| edges(automaton, from, &sets, &sizes))
                .collect(),
        }
    }

    /// The edges that leave a state.
    pub(crate) fn edges_of(&self, state: u16) -> impl Iterator<Item = &Edge> {
        let begin = self.edges.partition_point(|edge| edge.from < state);
        self.edges[begin..].iter().take_while(move |edge| edge.from == state)
    }
}

fn edges(automaton: &Automaton, from: u16, sets: &ClassSets, sizes: &[u64]) -> Vec<Edge> {
    let mut targets: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
    for class in 0..automaton.classes().count() {
        targets.entry(automaton.next(from, class)).or_default().push(class);
    }
    let only = targets.len() == 1;
    let size = |classes: &[u16]| classes.iter().map(|&class| sizes[usize::from(class)]).sum::<u64>();
    // The target of most characters, which no one wants to see listed.
    let widest = targets.iter().max_by_key(|(_, classes)| size(classes)).map(|(&target, _)| target);
    targets
        .into_iter()
        .map(|(to, classes)| {
            let on = match Some(to) == widest {
                true if only => Label::Any,
                true => Label::Other,
                false => Label::On(sets.label(&classes)),
            };
            Edge { from, to, on }
        })
        .collect()
}
