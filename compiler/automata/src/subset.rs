//! Sets of nodes to states, *by decision*.
//!
//! A set remembers only what can still change the decision: once a deny pattern has matched whatever follows, the set is the denied
//! sink; once an allow pattern has, all other allow nodes go; what is left without nodes is a sink. Rows are computed on demand.

use crate::alphabet::Alphabet;
use crate::dense::{Dense, Overflow, SINKS, sink};
use crate::nfa::{Label, Nfa, Node};
use crate::{Action, Decision};
use rustc_hash::FxHasher;
use std::hash::Hasher as _;

/// How far a construction may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// The most states.
    pub(crate) states: usize,
    /// The most nodes in all sets together, and a bound on the steps taken.
    pub(crate) work: usize,
}

/// The construction: states so far, and the means to go on.
pub(crate) struct Subsets {
    width: usize,
    start: u32,
    nodes: Vec<Node>,
    /// By node: steps on one class, as (class, to).
    narrow: Lists<(u16, u32)>,
    /// By node: steps on many classes, as (index into `members`, to).
    broad: Lists<(u32, u32)>,
    /// By node: what is entered along with it.
    epsilons: Lists<u32>,
    members: Vec<Vec<u16>>,
    sets: Interner,
    decisions: Vec<Decision>,
    rows: Vec<Option<u32>>,
    cells: Vec<u32>,
    budget: Budget,
    work: usize,
    scratch: Scratch,
}

/// In a set, stands for any allow pattern that has matched whatever follows.
const ALLOW_ALL: u32 = u32::MAX;
/// In a set, stands for any allow pattern that matches if the text ends here and never again.
const ALLOW_HERE: u32 = u32::MAX - 1;
/// The same for deny patterns.
const DENY_HERE: u32 = u32::MAX - 2;

/// The index in `members` of all classes.
const ANY: u32 = 0;

/// Lists that are reused from row to row.
struct Scratch {
    /// By node: the last generation that entered it.
    stamps: Vec<u32>,
    generation: u32,
    stack: Vec<u32>,
    base: Vec<u32>,
    set: Vec<u32>,
    touched: Vec<u16>,
    /// By class.
    targets: Vec<Vec<u32>>,
}

impl Subsets {
    pub(crate) fn new(nfa: &Nfa<'_>, alphabet: &Alphabet, budget: Budget) -> Result<Subsets, Overflow> {
        let width = alphabet.len();
        let count = nfa.nodes.len();
        let mut members = vec![(0..).take(width).collect()];
        members.extend(nfa.sets.iter().map(|set| alphabet.members(set)));
        let narrow = nfa.edges.iter().filter_map(|edge| match edge.label {
            Label::Scalar(c) => Some((edge.from, (alphabet.of(c), edge.to))),
            Label::Any | Label::Set(_) => None,
        });
        let broad = nfa.edges.iter().filter_map(|edge| match edge.label {
            Label::Scalar(_) => None,
            Label::Any => Some((edge.from, (ANY, edge.to))),
            Label::Set(set) => Some((edge.from, (set + 1, edge.to))),
        });
        let mut subsets = Subsets {
            width,
            start: 0,
            nodes: nfa.nodes.clone(),
            narrow: Lists::new(count, narrow),
            broad: Lists::new(count, broad),
            epsilons: Lists::new(count, nfa.epsilons.iter().copied()),
            members,
            sets: Interner::new(),
            decisions: vec![Decision::Allowed, Decision::Denied, Decision::Unmatched],
            rows: vec![None; SINKS as usize],
            cells: Vec::with_capacity(512 * width),
            budget,
            work: 0,
            scratch: Scratch {
                stamps: vec![0; count],
                generation: 0,
                stack: Vec::new(),
                base: Vec::new(),
                set: Vec::new(),
                touched: Vec::new(),
                targets: vec![Vec::new(); width],
            },
        };
        let entered = subsets.enter(&[], &nfa.roots);
        subsets.start = subsets.intern(entered)?;
        Ok(subsets)
    }

    pub(crate) fn start(&self) -> u32 {
        self.start
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn decision(&self, state: u32) -> Decision {
        self.decisions[state as usize]
    }

    /// Copies a row, which is computed if it was not before. A sink leads to itself.
    pub(crate) fn copy_row(&mut self, state: u32, out: &mut Vec<u32>) -> Result<(), Overflow> {
        out.clear();
        if state < SINKS {
            out.resize(self.width, state);
            return Ok(());
        }
        let row = match self.rows[state as usize] {
            Some(row) => row,
            None => self.expand(state)?,
        };
        let start = row as usize * self.width;
        out.extend_from_slice(&self.cells[start..start + self.width]);
        Ok(())
    }

    /// All states and rows.
    pub(crate) fn complete(mut self) -> Result<Dense, Overflow> {
        let mut dense = Dense::new(self.width);
        dense.start = self.start;
        let mut row = Vec::new();
        let mut state = SINKS;
        while (state as usize) < self.decisions.len() {
            self.copy_row(state, &mut row)?;
            dense.rows.extend_from_slice(&row);
            dense.decisions.push(self.decision(state));
            state += 1;
        }
        Ok(dense)
    }

    /// Computes a row: one target for all classes that no node names, and one for each class that some node does.
    fn expand(&mut self, state: u32) -> Result<u32, Overflow> {
        let mut common = Vec::new();
        for &node in self.sets.get(state - SINKS) {
            if node >= DENY_HERE {
                if node == ALLOW_ALL {
                    common.push(node);
                }
                continue;
            }
            if self.nodes[node as usize].star {
                common.push(node);
            }
            let mut target = |class: u16, to| {
                let targets = &mut self.scratch.targets[usize::from(class)];
                if targets.is_empty() {
                    self.scratch.touched.push(class);
                }
                targets.push(to);
            };
            for &(class, to) in self.narrow.of(node) {
                target(class, to);
            }
            self.work += self.narrow.of(node).len();
            for &(set, to) in self.broad.of(node) {
                if set == ANY {
                    common.push(to);
                } else {
                    self.members[set as usize].iter().for_each(|&class| target(class, to));
                    self.work += self.members[set as usize].len();
                }
            }
        }
        let entered = self.enter(&[], &common);
        self.scratch.base.clear();
        self.scratch.base.extend_from_slice(&self.scratch.set);
        let rest = self.intern(entered)?;
        let row = self.cells.len();
        self.cells.resize(row + self.width, rest);
        let base = std::mem::take(&mut self.scratch.base);
        let mut touched = std::mem::take(&mut self.scratch.touched);
        for class in touched.drain(..) {
            let mut targets = std::mem::take(&mut self.scratch.targets[usize::from(class)]);
            if entered != Entered::Denied {
                self.cells[row + usize::from(class)] = match self.enter(&base, &targets) {
                    Entered::Nothing => rest,
                    entered => self.intern(entered)?,
                };
            }
            targets.clear();
            self.scratch.targets[usize::from(class)] = targets;
        }
        (self.scratch.base, self.scratch.touched) = (base, touched);
        let row = u32::try_from(row / self.width).expect("the budget is below that");
        self.rows[state as usize] = Some(row);
        Ok(row)
    }

    /// Collects into `scratch.set` a set that is closed already, and some nodes with all that is entered along with them.
    fn enter(&mut self, closed: &[u32], nodes: &[u32]) -> Entered {
        let Scratch { stamps, generation, stack, set, .. } = &mut self.scratch;
        *generation += 1;
        set.clear();
        set.extend_from_slice(closed);
        let mut allow_all = closed.last() == Some(&ALLOW_ALL);
        let (mut allow_here, mut deny_here) = (false, false);
        for &node in closed {
            match node {
                ALLOW_ALL => {}
                ALLOW_HERE => allow_here = true,
                DENY_HERE => deny_here = true,
                node => stamps[node as usize] = *generation,
            }
        }
        let before = (allow_all, allow_here, deny_here);
        let old = set.len();
        stack.extend_from_slice(nodes);
        while let Some(node) = stack.pop() {
            if node == ALLOW_ALL {
                allow_all = true;
                continue;
            }
            let stamp = &mut stamps[node as usize];
            if *stamp == *generation {
                continue;
            }
            *stamp = *generation;
            let Node { side, star, accepts } = self.nodes[node as usize];
            if star && accepts {
                match side {
                    Action::Deny => {
                        stack.clear();
                        set.clear();
                        return Entered::Denied;
                    }
                    Action::Allow => allow_all = true,
                }
                continue;
            }
            if star || !self.narrow.of(node).is_empty() || !self.broad.of(node).is_empty() {
                set.push(node);
            } else if accepts {
                match side {
                    Action::Allow => allow_here = true,
                    Action::Deny => deny_here = true,
                }
            }
            stack.extend_from_slice(self.epsilons.of(node));
        }
        if set.len() == old && before == (allow_all, allow_here, deny_here) && !closed.is_empty() {
            return Entered::Nothing;
        }
        set.retain(|&node| {
            node < DENY_HERE && (!allow_all || self.nodes[node as usize].side == Action::Deny)
        });
        set.sort_unstable();
        set.extend(deny_here.then_some(DENY_HERE));
        set.extend((allow_here && !allow_all).then_some(ALLOW_HERE));
        set.extend(allow_all.then_some(ALLOW_ALL));
        Entered::Set
    }

    /// The state of what was entered last.
    fn intern(&mut self, entered: Entered) -> Result<u32, Overflow> {
        if entered == Entered::Denied {
            return Ok(sink(Decision::Denied));
        }
        let set = &self.scratch.set;
        match set[..] {
            [] => return Ok(sink(Decision::Unmatched)),
            [ALLOW_ALL] => return Ok(sink(Decision::Allowed)),
            _ => {}
        }
        self.work += set.len();
        let (index, fresh) = self.sets.intern(set);
        let state = index + SINKS;
        if fresh {
            if self.decisions.len() >= self.budget.states || self.work > self.budget.work {
                return Err(Overflow { states: self.decisions.len() });
            }
            let of = |action| match action {
                Action::Allow => Decision::Allowed,
                Action::Deny => Decision::Denied,
            };
            let decisions = set.iter().map(|&node| match node {
                ALLOW_ALL | ALLOW_HERE => Decision::Allowed,
                DENY_HERE => Decision::Denied,
                node if self.nodes[node as usize].accepts => of(self.nodes[node as usize].side),
                _ => Decision::Unmatched,
            });
            self.decisions.push(decisions.fold(Decision::Unmatched, Decision::or));
            self.rows.push(None);
        }
        Ok(state)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Entered {
    /// A deny pattern has matched whatever follows.
    Denied,
    /// Nothing that the closed set did not have.
    Nothing,
    /// The set in `scratch.set`.
    Set,
}

/// Lists by node in one piece.
struct Lists<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Lists<T> {
    fn new(count: usize, items: impl Iterator<Item = (u32, T)> + Clone) -> Lists<T> {
        let mut ends = vec![0; count + 1];
        for (node, _) in items.clone() {
            ends[node as usize + 1] += 1;
        }
        for node in 0..count {
            ends[node + 1] += ends[node];
        }
        let mut lists = Lists { items: vec![T::default(); ends[count] as usize], ends };
        let mut at = lists.ends.clone();
        for (node, item) in items {
            let at = &mut at[node as usize];
            lists.items[*at as usize] = item;
            *at += 1;
        }
        lists
    }

    fn of(&self, node: u32) -> &[T] {
        let node = node as usize;
        &self.items[self.ends[node] as usize..self.ends[node + 1] as usize]
    }
}

/// Numbers for sets, in order of their first appearance; open addressing, the sets in one piece.
struct Interner {
    table: Vec<u32>,
    ends: Vec<usize>,
    items: Vec<u32>,
}

const VACANT: u32 = u32::MAX;

impl Interner {
    fn new() -> Interner {
        Interner { table: vec![VACANT; 256], ends: vec![0], items: Vec::new() }
    }

    fn get(&self, index: u32) -> &[u32] {
        &self.items[self.ends[index as usize]..self.ends[index as usize + 1]]
    }

    /// The number of a set, and whether it is new.
    fn intern(&mut self, set: &[u32]) -> (u32, bool) {
        let mut slot = self.slot(set);
        while self.table[slot] != VACANT {
            if self.get(self.table[slot]) == set {
                return (self.table[slot], false);
            }
            slot = (slot + 1) & (self.table.len() - 1);
        }
        let index = u32::try_from(self.ends.len() - 1).expect("the budget is below that");
        self.table[slot] = index;
        self.items.extend_from_slice(set);
        self.ends.push(self.items.len());
        if self.ends.len() * 2 > self.table.len() {
            self.grow();
        }
        (index, true)
    }

    fn grow(&mut self) {
        self.table = vec![VACANT; self.table.len() * 4];
        for index in (0..).take(self.ends.len() - 1) {
            let mut slot = self.slot(self.get(index));
            while self.table[slot] != VACANT {
                slot = (slot + 1) & (self.table.len() - 1);
            }
            self.table[slot] = index;
        }
    }

    fn slot(&self, set: &[u32]) -> usize {
        let mut hasher = FxHasher::default();
        set.iter().for_each(|&node| hasher.write_u32(node));
        (hasher.finish() as usize) & (self.table.len() - 1)
    }
}
