//! Composition with the normaliser: from an automaton over normalised text to one over raw text.
//!
//! White space at the beginning is skipped; elsewhere a run of it is pending until something else follows, since the end of the text
//! trims it. While a space is pending, all that matters is where it would lead and what the decision was before it.

use crate::Decision;
use crate::dense::{Dense, Overflow, SINKS, sink};
use crate::subset::{Budget, Subsets};

/// Where a run over raw text is.
#[derive(Clone, Copy)]
enum At {
    /// Nothing but white space so far.
    Beginning,
    /// After something else, in a state of the given automaton.
    Inside(u32),
    /// After white space: the state that a space leads to, and the decision before it.
    Pending(u32, Decision),
}

/// The automaton over raw text.
pub(crate) fn compose(mut normal: Subsets, space: u16, budget: Budget) -> Result<Dense, Overflow> {
    let mut raw = Dense::new(normal.width());
    let mut places = Places::default();
    raw.start = places.number(At::Beginning, &normal, &mut raw.decisions);
    let mut row = Vec::with_capacity(normal.width());
    let mut done = 0;
    while let Some(&at) = places.met.get(done) {
        done += 1;
        let (from, decision) = match at {
            At::Beginning => (normal.start(), normal.decision(normal.start())),
            At::Inside(state) => (state, normal.decision(state)),
            At::Pending(state, before) => (state, before),
        };
        normal.copy_row(from, &mut row)?;
        for (class, &next) in (0..).zip(&row) {
            let next = match at {
                At::Inside(_) if class == space => At::Pending(next, decision),
                At::Beginning | At::Pending(..) if class == space => at,
                _ => At::Inside(next),
            };
            raw.rows.push(places.number(next, &normal, &mut raw.decisions));
        }
        if raw.len() > budget.states {
            return Err(Overflow { states: raw.len() });
        }
    }
    Ok(raw)
}

/// The places met so far and their numbers.
#[derive(Default)]
struct Places {
    met: Vec<At>,
    beginning: Option<u32>,
    /// By state: the numbers of `Inside`, and of `Pending` after each decision.
    numbers: Vec<[Option<u32>; 4]>,
}

impl Places {
    /// The number of a place, which is met now if it was not before.
    fn number(&mut self, at: At, normal: &Subsets, decisions: &mut Vec<Decision>) -> u32 {
        let (state, decision, slot) = match at {
            At::Beginning => (normal.start(), normal.decision(normal.start()), None),
            At::Inside(state) => (state, normal.decision(state), Some(3)),
            At::Pending(state, before) => (state, before, Some(sink(before) as usize)),
        };
        if state < SINKS && state == sink(decision) {
            return state;
        }
        let number = match slot {
            None => &mut self.beginning,
            Some(slot) => {
                if self.numbers.len() <= state as usize {
                    self.numbers.resize(state as usize + 64, [None; 4]);
                }
                &mut self.numbers[state as usize][slot]
            }
        };
        *number.get_or_insert_with(|| {
            self.met.push(at);
            decisions.push(decision);
            u32::try_from(decisions.len() - 1).expect("the budget is below that")
        })
    }
}
