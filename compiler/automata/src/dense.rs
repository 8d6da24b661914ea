//! A deterministic automaton under construction: any number of states, none of the promises of [`crate::Automaton`].

use crate::Decision;

/// The sinks, always states 0, 1 and 2, in the order of [`Decision`].
pub(crate) const SINKS: u32 = 3;

/// The sink of a decision.
pub(crate) fn sink(decision: Decision) -> u32 {
    match decision {
        Decision::Allowed => 0,
        Decision::Denied => 1,
        Decision::Unmatched => 2,
    }
}

/// A complete table, the sinks' rows included.
pub(crate) struct Dense {
    /// How many classes, and so how long a row is.
    pub(crate) width: usize,
    pub(crate) start: u32,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) rows: Vec<u32>,
}

impl Dense {
    /// The three sinks alone; the start is to be set.
    pub(crate) fn new(width: usize) -> Dense {
        let decisions = vec![Decision::Allowed, Decision::Denied, Decision::Unmatched];
        // Room for a small rule set, so that most need no more.
        let mut rows = Vec::with_capacity(512 * width);
        (0..SINKS).for_each(|sink| rows.extend(std::iter::repeat_n(sink, width)));
        Dense { width, start: SINKS - 1, decisions, rows }
    }

    pub(crate) fn len(&self) -> usize {
        self.decisions.len()
    }

    pub(crate) fn row(&self, state: u32) -> &[u32] {
        let start = state as usize * self.width;
        &self.rows[start..start + self.width]
    }

    pub(crate) fn next(&self, state: u32, class: u16) -> u32 {
        self.rows[state as usize * self.width + usize::from(class)]
    }

    pub(crate) fn decision(&self, state: u32) -> Decision {
        self.decisions[state as usize]
    }
}

/// Given up: the automaton grew past its budget.
#[derive(Debug)]
pub(crate) struct Overflow {
    /// How many states there were by then.
    pub(crate) states: usize,
}
