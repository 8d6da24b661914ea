//! In which sessions something is so, said by conditions.

use std::collections::BTreeSet;

use super::sessions::Sessions;

/// The sessions in which something is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// All.
    Always,
    /// Those in which all facts of one of these hold.
    Where(Vec<Vec<Fact>>),
}

/// A condition that holds or does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// What people call it.
    pub condition: String,
    /// Whether it holds.
    pub holds: bool,
}

/// Says which sessions are those of the valuations for which `inside` holds, in few words. Valuations that no session brings about
/// are said to be either.
pub(super) fn when(sessions: &Sessions, inside: &[bool]) -> When {
    let all: Vec<u64> = sessions.valuations.iter().map(|(bits, _)| *bits).collect();
    let some = |wanted: bool| -> Vec<u64> {
        all.iter().zip(inside).filter(|(_, inside)| **inside == wanted).map(|(bits, _)| *bits).collect()
    };
    let (inside, outside) = (some(true), some(false));
    if outside.is_empty() {
        return When::Always;
    }
    let needed = needed(&inside, &outside, sessions.names.len());
    let mut cubes: Vec<(u64, u64)> = Vec::new();
    for bits in inside {
        let is_covered = cubes.iter().any(|(mask, value)| bits & mask == *value);
        if !is_covered {
            cubes.push(widest(bits, &outside, needed));
        }
    }
    let facts = |(mask, value): &(u64, u64)| -> Vec<Fact> {
        let fact = |(at, name): (usize, &String)| {
            (mask & (1 << at) != 0).then(|| Fact { condition: name.clone(), holds: value & (1 << at) != 0 })
        };
        sessions.names.iter().enumerate().filter_map(fact).collect()
    };
    When::Where(cubes.iter().map(facts).collect())
}

/// The conditions, as bits, that are enough to tell the valuations inside from those outside.
fn needed(inside: &[u64], outside: &[u64], conditions: usize) -> u64 {
    let mut mask = if conditions == 64 { u64::MAX } else { (1 << conditions) - 1 };
    // The later ones go first: conditions that others are made of stand before them.
    for at in (0..conditions).rev() {
        let without = mask & !(1 << at);
        let outside: BTreeSet<u64> = outside.iter().map(|bits| bits & without).collect();
        if inside.iter().all(|bits| !outside.contains(&(bits & without))) {
            mask = without;
        }
    }
    mask
}

/// The facts of a valuation, as mask and value, without those that are not needed to keep all others out.
fn widest(bits: u64, outside: &[u64], needed: u64) -> (u64, u64) {
    let mut mask = needed;
    // What does not hold goes first: people say what is, rather than what is not.
    let (holding, missing): (Vec<usize>, Vec<usize>) = (0..64).partition(|at| bits & (1 << at) != 0);
    for at in missing.into_iter().chain(holding) {
        let without = mask & !(1 << at);
        if outside.iter().all(|other| other & without != bits & without) {
            mask = without;
        }
    }
    (mask, bits & mask)
}
