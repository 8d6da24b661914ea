//! Minimisation: J. Hopcroft, "An n log n algorithm for minimizing states in a finite automaton", 1971, with the marking partitions of
//! A. Valmari and P. Lehtinen, STACS 2008.

use crate::Decision;
use crate::dense::{Dense, SINKS};

/// The smallest automaton with the same decisions. Its sinks are again states 0, 1 and 2; the order of the others means nothing.
pub(crate) fn minimise(dense: &Dense) -> Dense {
    let partition = refine(dense);
    // Sinks keep their numbers; the others are numbered as they come.
    let mut numbers = vec![u32::MAX; partition.blocks.len()];
    for sink in 0..SINKS {
        numbers[partition.block[sink as usize] as usize] = sink;
    }
    let mut small = Dense::new(dense.width);
    let mut representatives = Vec::new();
    for state in (0..).take(dense.len()) {
        let number = &mut numbers[partition.block[state as usize] as usize];
        if *number == u32::MAX {
            *number =
                SINKS + u32::try_from(representatives.len()).expect("there are no more blocks than states");
            representatives.push(state);
        }
    }
    let number = |state: u32| numbers[partition.block[state as usize] as usize];
    small.rows.reserve(representatives.len() * dense.width);
    for state in representatives {
        small.decisions.push(dense.decision(state));
        small.rows.extend(dense.row(state).iter().map(|&next| number(next)));
    }
    small.start = number(dense.start);
    small
}

fn refine(dense: &Dense) -> Partition {
    let before = Inverse::new(dense);
    let mut partition = Partition::by_decision(dense);
    // Every block but the largest; a block in the list stands for itself with every class.
    let largest = (0..partition.blocks.len()).max_by_key(|&block| partition.blocks[block].len());
    let mut work: Vec<usize> = (0..partition.blocks.len()).filter(|&block| Some(block) != largest).collect();
    let mut splitter = Vec::new();
    let mut touched = Vec::new();
    while let Some(block) = work.pop() {
        splitter.clear();
        splitter.extend_from_slice(partition.states(block));
        for class in 0..dense.width {
            for &state in &splitter {
                for &from in before.of(class, state) {
                    partition.mark(from, &mut touched);
                }
            }
            for block in touched.drain(..) {
                // The new block is the smaller part, so it goes on the list whether or not the rest is there.
                work.extend(partition.split(block));
            }
        }
    }
    partition
}

/// States by the state and class that lead to them.
struct Inverse {
    count: usize,
    ends: Vec<u32>,
    states: Vec<u32>,
}

impl Inverse {
    fn new(dense: &Dense) -> Inverse {
        let count = dense.len();
        let mut ends = vec![0_u32; count * dense.width + 1];
        for row in dense.rows.chunks_exact(dense.width) {
            for (class, &next) in row.iter().enumerate() {
                ends[class * count + next as usize] += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut states = vec![0; dense.rows.len()];
        for (state, row) in (0..).zip(dense.rows.chunks_exact(dense.width)) {
            for (class, &next) in row.iter().enumerate() {
                let start = &mut ends[class * count + next as usize];
                *start -= 1;
                states[*start as usize] = state;
            }
        }
        Inverse { count, ends, states }
    }

    fn of(&self, class: usize, state: u32) -> &[u32] {
        let index = class * self.count + state as usize;
        &self.states[self.ends[index] as usize..self.ends[index + 1] as usize]
    }
}

/// States in blocks; the marked states of a block are kept at its front.
struct Partition {
    states: Vec<u32>,
    /// By state: where it is in `states`.
    place: Vec<u32>,
    /// By state: its block.
    block: Vec<u32>,
    blocks: Vec<Block>,
}

struct Block {
    start: u32,
    end: u32,
    marked: u32,
}

impl Block {
    fn len(&self) -> u32 {
        self.end - self.start
    }
}

impl Partition {
    fn by_decision(dense: &Dense) -> Partition {
        let mut states = Vec::with_capacity(dense.len());
        let mut blocks: Vec<Block> = Vec::new();
        let mut block = vec![0; dense.len()];
        let mut place = vec![0; dense.len()];
        let mut end = 0;
        for (index, decision) in (0..).zip([Decision::Allowed, Decision::Denied, Decision::Unmatched]) {
            let start = end;
            for state in (0..).take(dense.len()).filter(|&state| dense.decision(state) == decision) {
                block[state as usize] = index;
                place[state as usize] = end;
                states.push(state);
                end += 1;
            }
            blocks.push(Block { start, end, marked: 0 });
        }
        Partition { states, place, block, blocks }
    }

    fn states(&self, block: usize) -> &[u32] {
        let Block { start, end, .. } = self.blocks[block];
        &self.states[start as usize..end as usize]
    }

    fn mark(&mut self, state: u32, touched: &mut Vec<u32>) {
        let index = self.block[state as usize];
        let block = &mut self.blocks[index as usize];
        let (place, front) = (self.place[state as usize], block.start + block.marked);
        if place < front {
            return;
        }
        if block.marked == 0 {
            touched.push(index);
        }
        block.marked += 1;
        let other = self.states[front as usize];
        self.states.swap(place as usize, front as usize);
        self.place[state as usize] = front;
        self.place[other as usize] = place;
    }

    /// Parts the marked from the unmarked; the smaller part becomes a new block.
    fn split(&mut self, index: u32) -> Option<usize> {
        let fresh = self.blocks.len();
        let block = &mut self.blocks[index as usize];
        let marked = std::mem::take(&mut block.marked);
        if marked == block.len() {
            return None;
        }
        let middle = block.start + marked;
        let part = if marked <= block.len() - marked {
            let part = Block { start: block.start, end: middle, marked: 0 };
            block.start = middle;
            part
        } else {
            let part = Block { start: middle, end: block.end, marked: 0 };
            block.end = middle;
            part
        };
        let number = u32::try_from(fresh).expect("there are no more blocks than states");
        for &state in &self.states[part.start as usize..part.end as usize] {
            self.block[state as usize] = number;
        }
        self.blocks.push(part);
        Some(fresh)
    }
}
