//! One numbering for one language: equal columns merged, classes and states renumbered.

use crate::Decision;
use crate::alphabet::Alphabet;
use crate::automaton::{Automaton, Classes, MAX_CLASSES, MAX_STATES};
use crate::dense::{Dense, Overflow, SINKS};
use rustc_hash::FxHashMap;

/// A minimal table over an alphabet as an [`Automaton`].
pub(crate) fn number(minimal: &Dense, alphabet: &Alphabet) -> Result<Automaton, Overflow> {
    let columns = merge_columns(minimal);
    let (classes, representatives) = number_classes(&columns, alphabet)?;
    if minimal.len() > MAX_STATES {
        return Err(Overflow { states: minimal.len() });
    }
    let order = breadth_first(minimal, &representatives);
    let numbers = number_states(minimal, &order);
    let mut sorted = order;
    sorted.sort_unstable_by_key(|&state| numbers[state as usize]);
    let mut rows = Vec::with_capacity(sorted.len() * representatives.len());
    for &state in &sorted {
        let row = minimal.row(state);
        rows.extend(representatives.iter().map(|&column| numbers[row[usize::from(column)] as usize]));
    }
    let count = |decision| sorted.iter().filter(|&&state| minimal.decision(state) == decision).count();
    let end = |states: usize| Automaton::SINKS + narrow(states);
    let allowed = count(Decision::Allowed);
    let ends = (end(allowed), end(allowed + count(Decision::Denied)));
    Ok(Automaton::trusted(classes, numbers[minimal.start as usize], ends, rows))
}

/// For each column the first column that equals it.
fn merge_columns(minimal: &Dense) -> Vec<u16> {
    let width = minimal.width;
    let mut hashes = vec![0_u64; width];
    for row in minimal.rows.chunks_exact(width) {
        for (hash, &next) in hashes.iter_mut().zip(row) {
            *hash = (hash.rotate_left(5) ^ u64::from(next)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }
    let equal = |a: u16, b: u16| {
        minimal.rows.chunks_exact(width).all(|row| row[usize::from(a)] == row[usize::from(b)])
    };
    let mut seen: FxHashMap<u64, Vec<u16>> = FxHashMap::default();
    (0..)
        .zip(hashes)
        .map(|(column, hash)| {
            let firsts = seen.entry(hash).or_default();
            let first = firsts.iter().copied().find(|&first| equal(first, column));
            first.unwrap_or_else(|| {
                firsts.push(column);
                column
            })
        })
        .collect()
}

/// The class map of raw text, and for each class its column.
fn number_classes(columns: &[u16], alphabet: &Alphabet) -> Result<(Classes, Vec<u16>), Overflow> {
    let mut numbers: Vec<Option<u16>> = vec![None; columns.len()];
    let mut representatives = Vec::new();
    let mut class_of = |raw: u16| {
        let column = columns[usize::from(raw)];
        *numbers[usize::from(column)].get_or_insert_with(|| {
            representatives.push(column);
            narrow(representatives.len() - 1)
        })
    };
    let (ascii, ranges) = alphabet.raw();
    let ascii = ascii.map(|raw| u8::try_from(class_of(raw)).expect("ASCII has at most 128 classes"));
    let mut ranges: Vec<(u32, u16)> = ranges.into_iter().map(|(first, raw)| (first, class_of(raw))).collect();
    ranges.dedup_by_key(|&mut (_, class)| class);
    if representatives.len() > MAX_CLASSES {
        return Err(Overflow { states: usize::from(u16::MAX) });
    }
    let classes = Classes::new(ascii, ranges).expect("classes were numbered by first appearance");
    Ok((classes, representatives))
}

/// The states that are reached, sinks apart, in breadth-first order.
fn breadth_first(minimal: &Dense, columns: &[u16]) -> Vec<u32> {
    let mut met = vec![false; minimal.len()];
    met[..SINKS as usize].fill(true);
    let mut order = Vec::with_capacity(minimal.len());
    let mut meet = |state: u32, order: &mut Vec<u32>| {
        if !std::mem::replace(&mut met[state as usize], true) {
            order.push(state);
        }
    };
    meet(minimal.start, &mut order);
    let mut at = 0;
    while let Some(&state) = order.get(at) {
        at += 1;
        for &column in columns {
            meet(minimal.next(state, column), &mut order);
        }
    }
    order
}

/// New numbers by old ones: grouped by decision, in the given order inside a group.
fn number_states(minimal: &Dense, order: &[u32]) -> Vec<u16> {
    let mut numbers = vec![0; minimal.len()];
    let sinks = (0..Automaton::SINKS).map(u32::from);
    let groups = [Decision::Allowed, Decision::Denied, Decision::Unmatched];
    let grouped = groups
        .iter()
        .flat_map(|&group| order.iter().copied().filter(move |&state| minimal.decision(state) == group));
    for (number, state) in (0..).zip(sinks.chain(grouped)) {
        numbers[state as usize] = number;
    }
    numbers
}

fn narrow(count: usize) -> u16 {
    u16::try_from(count).expect("states and classes were counted before")
}
