//! Memory from address 0, as it is filled.

use std::collections::HashMap;

use masque_abi::program::{self as layout, Part};
use masque_automata::Automaton;

/// Bytes of a cell that holds any state of the automaton, scaled.
pub(crate) fn cell_width(automaton: &Automaton) -> u32 {
    if automaton.state_count() <= 256 { 1 } else { 2 }
}

pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a bounded source has far fewer than 2^32 of anything")
}

pub(crate) struct Writer {
    bytes: Vec<u8>,
    texts: HashMap<String, u32>,
    pairs: HashMap<String, u32>,
}

impl Writer {
    pub(crate) fn new(header: u32) -> Self {
        Self { bytes: vec![0; header as usize], texts: HashMap::new(), pairs: HashMap::new() }
    }

    /// The bytes from [`layout::DATA_START`] on.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let heap = layout::heap_base(self.bytes.len() - layout::DATA_START as usize);
        self.put(layout::HEAP_BASE, heap);
        self.bytes.split_off(layout::DATA_START as usize)
    }

    pub(crate) fn reserve(&mut self, size: u32, align: usize) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(align), 0);
        let at = count(self.bytes.len());
        self.bytes.resize(self.bytes.len() + size as usize, 0);
        at
    }

    pub(crate) fn put_bytes(&mut self, at: u32, bytes: &[u8]) {
        self.bytes[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
    }

    pub(crate) fn put(&mut self, at: u32, word: u32) {
        self.put_bytes(at, &word.to_le_bytes());
    }

    pub(crate) fn put_pair(&mut self, at: u32, pointer: u32, length: u32) {
        self.put(at, pointer);
        self.put(at + 4, length);
    }

    /// Words one behind the other, in a place of their own.
    pub(crate) fn words(&mut self, words: &[u32]) -> u32 {
        let at = self.reserve(4 * count(words.len()), 4);
        for (&word, index) in words.iter().zip(0..) {
            self.put(at + 4 * index, word);
        }
        at
    }

    /// Stores a text once, however often it is used.
    pub(crate) fn put_text(&mut self, at: u32, text: &str) {
        let pointer = match self.texts.get(text) {
            Some(&pointer) => pointer,
            None => {
                let pointer = count(self.bytes.len());
                self.bytes.extend_from_slice(text.as_bytes());
                self.texts.insert(text.to_owned(), pointer);
                pointer
            }
        };
        self.put_pair(at, pointer, count(text.len()));
    }

    /// The address of a constant text's pair, which is stored once.
    pub(crate) fn pair(&mut self, text: &str) -> u32 {
        if let Some(&at) = self.pairs.get(text) {
            return at;
        }
        let at = self.reserve(layout::PAIR_SIZE, 4);
        self.put_text(at, text);
        self.pairs.insert(text.to_owned(), at);
        at
    }

    /// Fills a part for which there is room.
    pub(crate) fn put_part(&mut self, at: u32, automaton: &Automaton) {
        let part = self.part(automaton);
        self.put_part_words(at, part);
        self.put_bytes(at + Part::MAP, automaton.classes().ascii());
    }

    pub(crate) fn put_part_words(&mut self, at: u32, part: Part) {
        for (word, position) in part.to_words().into_iter().zip(0..) {
            self.put(at + position * 4, word);
        }
    }

    fn part(&mut self, automaton: &Automaton) -> Part {
        let width = cell_width(automaton);
        let classes = automaton.classes();
        let ranges = self.reserve(4 * count(classes.ranges().len()), 4);
        for (&(first, class), index) in classes.ranges().iter().zip(0..) {
            self.put(ranges + 4 * index, (first << layout::CLASS_BITS) | u32::from(class));
        }

        let states = automaton.state_count();
        let column = width * u32::from(states);
        let table = self.reserve(column * u32::from(classes.count()), width as usize);
        for class in 0..classes.count() {
            for state in 0..states {
                let next = if state < Automaton::SINKS { state } else { automaton.next(state, class) };
                let cell = table + column * u32::from(class) + width * u32::from(state);
                self.put_bytes(cell, &(u32::from(next) * width).to_le_bytes()[..width as usize]);
            }
        }

        let scaled = |state: u16| u32::from(state) * width;
        Part {
            ranges,
            range_count: count(classes.ranges().len()),
            table,
            column,
            start: scaled(automaton.start()),
            allowed_end: scaled(automaton.allowed_end()),
            denied_end: scaled(automaton.denied_end()),
            width,
        }
    }
}
