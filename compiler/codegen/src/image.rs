//! The data segment of a program, laid out as `masque_abi::program` says.

use std::collections::HashMap;

use masque_abi::program::{self as layout, Part};
use masque_automata::{Automaton, Decision};
use masque_ir as ir;

/// What decides: parts that are run in turn, and the decision when none of them decides.
pub(crate) struct Automata {
    pub(crate) default: Decision,
    pub(crate) parts: Vec<Automaton>,
}

impl Automata {
    /// Parts that decide without looking go into the default, so that every part left has a table.
    pub(crate) fn new<'a>(parts: impl IntoIterator<Item = &'a Automaton>) -> Self {
        let (decided, walked): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| part.start() < Automaton::SINKS);
        let decisions: Vec<Decision> = decided.iter().map(|part| part.decision(part.start())).collect();
        if decisions.contains(&Decision::Denied) {
            return Self { default: Decision::Denied, parts: Vec::new() };
        }
        let allowed = decisions.contains(&Decision::Allowed);
        let default = if allowed { Decision::Allowed } else { Decision::Unmatched };
        Self { default, parts: walked.into_iter().cloned().collect() }
    }
}

/// Bytes of a cell that holds any state of the automaton, scaled.
pub(crate) fn cell_width(automaton: &Automaton) -> u32 {
    if automaton.state_count() <= 256 { 1 } else { 2 }
}

/// The bytes from [`layout::DATA_START`] on.
pub(crate) fn build(masque: &ir::Masque, automata: &Automata) -> Vec<u8> {
    let mut image = Image { bytes: vec![0; layout::HEADER_END as usize], texts: HashMap::new() };

    let parts = image.reserve(Part::SIZE * count(automata.parts.len()), 4);
    for (index, automaton) in automata.parts.iter().enumerate() {
        let part = image.part(automaton);
        let at = parts + Part::SIZE * count(index);
        for (word, position) in part.to_words().into_iter().zip(0..) {
            image.put(at + position * 4, word);
        }
        image.put_bytes(at + Part::MAP, automaton.classes().ascii());
    }
    image.put(layout::DEFAULT_DECISION, decision_number(automata.default));
    image.put(layout::PARTS, parts);
    image.put(layout::PARTS_END, parts + Part::SIZE * count(automata.parts.len()));

    let access = image.reserve(layout::GRANT_SIZE * count(masque.access.len()), 8);
    let knowledge = image.reserve(layout::STRING_SIZE * count(masque.knowledge.len()), 4);
    for (ir::Guarded { value: grant, .. }, index) in masque.access.iter().zip(0..) {
        let at = access + layout::GRANT_SIZE * index;
        image.put_text(at, &grant.provider);
        image.put_text(at + layout::STRING_SIZE, &grant.role);
        if let ir::Ttl::Seconds(seconds) = grant.ttl {
            image.put(at + layout::GRANT_TTL_TAG, 1);
            image.put_bytes(at + layout::GRANT_TTL_SECONDS, &seconds.to_le_bytes());
        }
    }
    for (ir::Guarded { value: uri, .. }, index) in masque.knowledge.iter().zip(0..) {
        image.put_text(knowledge + layout::STRING_SIZE * index, uri);
    }
    image.put_pair(layout::ACCESS, access, count(masque.access.len()));
    image.put_pair(layout::KNOWLEDGE, knowledge, count(masque.knowledge.len()));
    image.put_text(layout::CONTEXT, masque.context.as_constant().unwrap_or_default());
    image.put_text(layout::LENS, masque.lens.as_constant().unwrap_or_default());

    let heap = layout::heap_base(image.bytes.len() - layout::DATA_START as usize);
    image.put(layout::HEAP_BASE, heap);
    image.bytes.split_off(layout::DATA_START as usize)
}

fn decision_number(decision: Decision) -> u32 {
    let decision = match decision {
        Decision::Allowed => masque_abi::Decision::Allowed,
        Decision::Denied => masque_abi::Decision::Denied,
        Decision::Unmatched => masque_abi::Decision::Unmatched,
    };
    decision as u32
}

fn count(length: usize) -> u32 {
    u32::try_from(length).expect("a bounded source has far fewer than 2^32 of anything")
}

/// Memory from address 0.
struct Image {
    bytes: Vec<u8>,
    texts: HashMap<String, u32>,
}

impl Image {
    fn reserve(&mut self, size: u32, align: usize) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(align), 0);
        let at = count(self.bytes.len());
        self.bytes.resize(self.bytes.len() + size as usize, 0);
        at
    }

    fn put_bytes(&mut self, at: u32, bytes: &[u8]) {
        self.bytes[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
    }

    fn put(&mut self, at: u32, word: u32) {
        self.put_bytes(at, &word.to_le_bytes());
    }

    fn put_pair(&mut self, at: u32, pointer: u32, length: u32) {
        self.put(at, pointer);
        self.put(at + 4, length);
    }

    /// Stores a text once, however often it is used.
    fn put_text(&mut self, at: u32, text: &str) {
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
