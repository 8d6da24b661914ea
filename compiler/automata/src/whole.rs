//! Composition with the normaliser: from an automaton over normalised text to one over raw text.
//!
//! White space at the beginning is skipped; elsewhere a run of it is pending until something else follows, since the end of the text
//! trims it. While a space is pending, all that matters is where it would lead and what the decision was before it.

use crate::Decision;
use crate::dense::{Dense, Overflow, SINKS, sink};
use crate::subset::{Budget, Subsets};
use rustc_hash::FxHashMap;

/// Where a run over raw text is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
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
    let mut places: FxHashMap<At, u32> = FxHashMap::default();
    let mut queue: Vec<At> = Vec::new();
    let mut number = |at: At, normal: &Subsets| {
        let decision = match at {
            At::Beginning => normal.decision(normal.start()),
            At::Inside(state) => normal.decision(state),
            At::Pending(_, before) => before,
        };
        match at {
            At::Beginning if normal.start() < SINKS => return (normal.start(), None),
            At::Inside(state) if state < SINKS => return (state, None),
            At::Pending(state, before) if state == sink(before) => return (state, None),
            _ => {}
        }
        let fresh = SINKS + u32::try_from(places.len()).expect("the budget is below that");
        let state = *places.entry(at).or_insert(fresh);
        (state, (state == fresh).then_some(decision))
    };
    let (start, decision) = number(At::Beginning, &normal);
    raw.start = start;
    if let Some(decision) = decision {
        queue.push(At::Beginning);
        raw.decisions.push(decision);
    }
    let mut done = 0;
    while let Some(&at) = queue.get(done) {
        done += 1;
        for class in (0..).take(normal.width()) {
            let next = match at {
                At::Beginning if class == space => at,
                At::Beginning => At::Inside(normal.next(normal.start(), class)?),
                At::Inside(state) if class == space => {
                    At::Pending(normal.next(state, class)?, normal.decision(state))
                }
                At::Pending(..) if class == space => at,
                At::Inside(state) | At::Pending(state, _) => At::Inside(normal.next(state, class)?),
            };
            let (state, decision) = number(next, &normal);
            if let Some(decision) = decision {
                queue.push(next);
                raw.decisions.push(decision);
            }
            raw.rows.push(state);
        }
        if raw.len() > budget.states {
            return Err(Overflow { states: raw.len() });
        }
    }
    Ok(raw)
}
