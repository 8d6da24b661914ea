//! The finished product: a canonical table over classes of scalars.

use crate::Decision;

/// The most states of an automaton, its sinks included.
pub const MAX_STATES: usize = 32_767;

/// The most classes of an automaton.
pub const MAX_CLASSES: usize = 2047;

/// A minimal deterministic automaton by decision: rule sets that decide every text alike have equal automata.
///
/// States 0, 1 and 2 are the sinks allowed, denied and unmatched: they have no rows, and a run that reaches one is over. The other
/// states are grouped by the decision they give at the end of the text (allowed, denied, unmatched), and numbered inside a group in
/// breadth-first order from the start, classes in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automaton {
    classes: Classes,
    start: u16,
    allowed_end: u16,
    denied_end: u16,
    rows: Vec<u16>,
}

impl Automaton {
    /// How many states are sinks, and so the number of the first state that has a row.
    pub const SINKS: u16 = 3;

    /// Takes a table from anywhere and checks it.
    ///
    /// `rows` holds the next states of state 3 for every class, then of state 4, and so on. States `3..allowed_end` are allowed at the
    /// end of the text, `allowed_end..denied_end` denied, the rest unmatched.
    ///
    /// # Errors
    /// If a number is out of range, or the table breaks a promise of the canonical form that one pass can check. That no two states are
    /// equivalent is not checked: it would cost a minimisation.
    pub fn new(
        classes: Classes,
        start: u16,
        allowed_end: u16,
        denied_end: u16,
        rows: Vec<u16>,
    ) -> Result<Automaton, Malformed> {
        let width = usize::from(classes.count());
        if !rows.len().is_multiple_of(width) {
            return Err(Malformed::RowLength { cells: rows.len(), classes: classes.count() });
        }
        let states = rows.len() / width + usize::from(Self::SINKS);
        if states > MAX_STATES {
            return Err(Malformed::TooManyStates(states));
        }
        if allowed_end < Self::SINKS || denied_end < allowed_end || states < usize::from(denied_end) {
            return Err(Malformed::Groups { allowed_end, denied_end, states });
        }
        if let Some(&state) = rows.iter().chain([&start]).find(|&&state| usize::from(state) >= states) {
            return Err(Malformed::NoSuchState { state, states });
        }
        let automaton = Automaton { classes, start, allowed_end, denied_end, rows };
        automaton.check_order(states)?;
        automaton.check_sinks()?;
        automaton.check_columns()?;
        Ok(automaton)
    }

    /// For tables that were made canonical by this crate.
    pub(crate) fn trusted(classes: Classes, start: u16, ends: (u16, u16), rows: Vec<u16>) -> Automaton {
        let automaton = Automaton { classes, start, allowed_end: ends.0, denied_end: ends.1, rows };
        debug_assert_eq!(automaton.check_order(usize::from(automaton.state_count())), Ok(()));
        debug_assert_eq!(automaton.check_sinks(), Ok(()));
        debug_assert_eq!(automaton.check_columns(), Ok(()));
        automaton
    }

    /// The classes that the rows are made of.
    #[must_use]
    pub fn classes(&self) -> &Classes {
        &self.classes
    }

    /// Where a run begins; may be a sink.
    #[must_use]
    pub fn start(&self) -> u16 {
        self.start
    }

    /// How many states there are, the three sinks included.
    #[must_use]
    pub fn state_count(&self) -> u16 {
        let rows = self.rows.len() / usize::from(self.classes.count());
        Self::SINKS + u16::try_from(rows).expect("the number of states was checked")
    }

    /// The state after a scalar of this class. Sinks stay.
    ///
    /// # Panics
    /// If there is no such state or class.
    #[must_use]
    pub fn next(&self, state: u16, class: u16) -> u16 {
        assert!(class < self.classes.count(), "no such class");
        let Some(row) = state.checked_sub(Self::SINKS) else { return state };
        self.rows[usize::from(row) * usize::from(self.classes.count()) + usize::from(class)]
    }

    /// The decision if the text ends in this state.
    #[must_use]
    pub fn decision(&self, state: u16) -> Decision {
        match state {
            0 => Decision::Allowed,
            1 => Decision::Denied,
            2 => Decision::Unmatched,
            state if state < self.allowed_end => Decision::Allowed,
            state if state < self.denied_end => Decision::Denied,
            _ => Decision::Unmatched,
        }
    }

    /// The end of the states (from 3) that are allowed at the end of the text.
    #[must_use]
    pub fn allowed_end(&self) -> u16 {
        self.allowed_end
    }

    /// The end of the states (from [`Self::allowed_end`]) that are denied at the end of the text.
    #[must_use]
    pub fn denied_end(&self) -> u16 {
        self.denied_end
    }

    /// The decision on a text, which need not be normalised (NFKC apart).
    #[must_use]
    pub fn decide(&self, text: &str) -> Decision {
        let width = usize::from(self.classes.count());
        let mut state = self.start;
        for c in text.chars() {
            let Some(row) = state.checked_sub(Self::SINKS) else { break };
            state = self.rows[usize::from(row) * width + usize::from(self.classes.of(c))];
        }
        self.decision(state)
    }

    fn states_with_rows(&self) -> impl Iterator<Item = (u16, &[u16])> {
        (Self::SINKS..).zip(self.rows.chunks_exact(usize::from(self.classes.count())))
    }

    /// Every state is reachable, and inside its group they are numbered in the order in which a breadth-first walk meets them.
    fn check_order(&self, states: usize) -> Result<(), Malformed> {
        let mut expected = [Self::SINKS, self.allowed_end, self.denied_end];
        let mut queue = Vec::with_capacity(states);
        let mut meet = |state: u16, queue: &mut Vec<u16>| {
            if state < Self::SINKS {
                return Ok(());
            }
            let group = usize::from(state >= self.allowed_end) + usize::from(state >= self.denied_end);
            if state == expected[group] {
                expected[group] += 1;
                queue.push(state);
            } else if state > expected[group] {
                return Err(Malformed::Order { state });
            }
            Ok(())
        };
        meet(self.start, &mut queue)?;
        let width = usize::from(self.classes.count());
        let mut at = 0;
        while let Some(&state) = queue.get(at) {
            let row = usize::from(state - Self::SINKS) * width;
            for &next in &self.rows[row..row + width] {
                meet(next, &mut queue)?;
            }
            at += 1;
        }
        if queue.len() + usize::from(Self::SINKS) != states {
            return Err(Malformed::Unreachable { states: states - usize::from(Self::SINKS) - queue.len() });
        }
        Ok(())
    }

    /// A state that leads only to itself, or only to the sink of its own decision, is that sink.
    fn check_sinks(&self) -> Result<(), Malformed> {
        for (state, row) in self.states_with_rows() {
            let own = match self.decision(state) {
                Decision::Allowed => 0,
                Decision::Denied => 1,
                Decision::Unmatched => 2,
            };
            if row.iter().all(|&next| next == state || next == own) {
                return Err(Malformed::HiddenSink { state });
            }
        }
        Ok(())
    }

    /// No two classes are alike.
    fn check_columns(&self) -> Result<(), Malformed> {
        let mut columns = Columns::new(self.classes.count());
        for (_, row) in self.states_with_rows() {
            if columns.separated() {
                break;
            }
            columns.refine(row);
        }
        if columns.separated() { Ok(()) } else { Err(Malformed::EqualClasses) }
    }
}

/// Columns of a table, grouped by what was seen of them so far. Groups are refined, not hashed: the table may come from somebody who
/// would like hashes to collide.
struct Columns {
    group: Vec<u16>,
    /// The first column of each group.
    first: Vec<u16>,
}

impl Columns {
    fn new(count: u16) -> Columns {
        Columns { group: vec![0; usize::from(count)], first: vec![0] }
    }

    fn separated(&self) -> bool {
        self.first.len() == self.group.len()
    }

    fn refine(&mut self, row: &[u16]) {
        let mut parted: Vec<(u16, u16, u16)> = (0..)
            .zip(self.group.iter().zip(row))
            .filter(|&(_, (&group, &next))| next != row[usize::from(self.first[usize::from(group)])])
            .map(|(column, (&group, &next))| (group, next, column))
            .collect();
        parted.sort_unstable();
        for alike in parted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let group = u16::try_from(self.first.len()).expect("there are at most as many groups as columns");
            self.first.push(alike[0].2);
            for &(_, _, column) in alike {
                self.group[usize::from(column)] = group;
            }
        }
    }
}

/// A partition of the Unicode scalar values into classes, numbered by first appearance in scalar order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    ascii: [u8; 128],
    ranges: Vec<(u32, u16)>,
    count: u16,
}

impl Classes {
    /// Takes a map from anywhere and checks it: the classes of ASCII, then for the rest (first scalar, class), the first entry at
    /// U+0080, each up to the next, the last up to U+10FFFF.
    ///
    /// # Errors
    /// If the ranges are not sorted, begin elsewhere, name a surrogate or no scalar, have equal neighbours, or if the classes are not
    /// numbered by first appearance or too many.
    pub fn new(ascii: [u8; 128], ranges: Vec<(u32, u16)>) -> Result<Classes, Malformed> {
        if ranges.first().is_none_or(|&(first, _)| first != 0x80) {
            return Err(Malformed::Ranges);
        }
        if ranges.iter().any(|&(first, _)| char::from_u32(first).is_none()) {
            return Err(Malformed::Ranges);
        }
        if ranges.windows(2).any(|pair| pair[0].0 >= pair[1].0 || pair[0].1 == pair[1].1) {
            return Err(Malformed::Ranges);
        }
        let mut count: u16 = 0;
        for class in ascii.iter().map(|&class| u16::from(class)).chain(ranges.iter().map(|&(_, class)| class))
        {
            if class > count {
                return Err(Malformed::ClassOrder { class });
            }
            if class == count {
                count += 1;
            }
            if usize::from(count) > MAX_CLASSES {
                return Err(Malformed::TooManyClasses);
            }
        }
        Ok(Classes { ascii, ranges, count })
    }

    /// The classes of ASCII.
    #[must_use]
    pub fn ascii(&self) -> &[u8; 128] {
        &self.ascii
    }

    /// The classes of the rest, as (first scalar, class); the first entry is at U+0080.
    #[must_use]
    pub fn ranges(&self) -> &[(u32, u16)] {
        &self.ranges
    }

    /// How many classes there are; at least one.
    #[must_use]
    pub fn count(&self) -> u16 {
        self.count
    }

    /// The class of a scalar.
    #[must_use]
    pub fn of(&self, c: char) -> u16 {
        let scalar = u32::from(c);
        match self.ascii.get(scalar as usize) {
            Some(&class) => u16::from(class),
            None => self.ranges[self.ranges.partition_point(|&(first, _)| first <= scalar) - 1].1,
        }
    }
}

/// Why a table is no automaton of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The ranges of scalars are unsorted, incomplete, or not merged.
    #[error("the ranges of scalars are unsorted, incomplete or not merged")]
    Ranges,
    /// Classes are not numbered by first appearance.
    #[error("class {class} is not numbered by first appearance")]
    ClassOrder {
        /// The class that came too early.
        class: u16,
    },
    /// More classes than [`MAX_CLASSES`].
    #[error("more than {MAX_CLASSES} classes")]
    TooManyClasses,
    /// The rows do not fill up.
    #[error("{cells} cells do not make rows of {classes}")]
    RowLength {
        /// How many cells there are.
        cells: usize,
        /// How long a row is.
        classes: u16,
    },
    /// More states than [`MAX_STATES`].
    #[error("{0} states, {MAX_STATES} are the most")]
    TooManyStates(usize),
    /// The ends of the groups are out of order.
    #[error("the groups end at {allowed_end} and {denied_end} among {states} states")]
    Groups {
        /// End of the states that are allowed.
        allowed_end: u16,
        /// End of the states that are denied.
        denied_end: u16,
        /// How many states there are.
        states: usize,
    },
    /// A cell, or the start, names no state.
    #[error("there is no state {state} among {states}")]
    NoSuchState {
        /// The state that is named.
        state: u16,
        /// How many states there are.
        states: usize,
    },
    /// States are not numbered breadth-first inside their group.
    #[error("state {state} is not numbered breadth-first")]
    Order {
        /// The state that came too early.
        state: u16,
    },
    /// Some states can't be reached.
    #[error("{states} states can't be reached")]
    Unreachable {
        /// How many.
        states: usize,
    },
    /// A state behaves like a sink, so it should be one.
    #[error("state {state} is a sink that is not numbered as one")]
    HiddenSink {
        /// The state.
        state: u16,
    },
    /// Two classes lead to the same states everywhere, so they should be one.
    #[error("two classes are alike")]
    EqualClasses,
}
