//! The core module: proof that its code is the canonical one, then the data.

use std::ops::Range;

use masque_abi::program::bodies::Walkers;
use masque_abi::program::{self as layout, Part};
use masque_abi::{Decision, Grant, Ttl};
use masque_automata::{Automaton, Classes};
use wasmparser::{DataKind, Operator, Parser, Payload};

use crate::DecodeError;

/// All that a masque does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The decision when no part decides.
    pub default: Decision,
    /// Automata that are run in turn: the first `denied` stands, else any `allowed`, else the default.
    pub parts: Vec<Automaton>,
    /// MCP URIs.
    pub knowledge: Vec<String>,
    /// Credentials to mint.
    pub access: Vec<Grant>,
    /// Situational framing.
    pub context: String,
    /// Cognitive framing.
    pub lens: String,
}

impl Program {
    /// What the program answers to a normalised intent, without running it.
    pub fn decide(&self, intent: &str) -> Decision {
        let mut decision = self.default;
        for part in &self.parts {
            match part.decide(intent) {
                masque_automata::Decision::Denied => return Decision::Denied,
                masque_automata::Decision::Allowed => decision = Decision::Allowed,
                masque_automata::Decision::Unmatched => {}
            }
        }
        decision
    }
}

/// Bytes of a core module by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// Class maps, range tables and transition tables.
    pub automata: usize,
    /// Knowledge, access, context and lens with their lists.
    pub texts: usize,
    /// Code and everything else.
    pub code: usize,
    /// Pages of 64 KiB that the memory has at first.
    pub memory_pages: u64,
    /// Pages that the memory may grow to.
    pub memory_pages_limit: u64,
}

/// Reads the core module of a component.
pub(crate) fn read(core: &[u8]) -> Result<(Program, Footprint), DecodeError> {
    let (data, pages) = find_data(core)?;
    let memory = Memory { data };
    let parts = memory.parts()?;
    let walkers = Walkers::for_widths(parts.iter().map(|(_, part)| part.width));
    // The one check on which everything rests: nothing but the canonical module carries this data.
    if layout::module(data, walkers) != core {
        return Err(DecodeError::Foreign("its code differs"));
    }
    let automata =
        parts.iter().map(|(map, part)| memory.automaton(map, part)).collect::<Result<Vec<_>, _>>()?;
    let program = Program {
        default: Decision::from_number(memory.word(layout::DEFAULT_DECISION)?)
            .ok_or_else(|| malformed("the default decision is unknown"))?,
        parts: automata,
        knowledge: memory.knowledge()?,
        access: memory.access()?,
        context: memory.text(layout::CONTEXT)?,
        lens: memory.text(layout::LENS)?,
    };
    let tables =
        parts.iter().zip(&program.parts).map(|((_, part), automaton)| table_bytes(part, automaton)).sum();
    let footprint = Footprint {
        automata: tables,
        texts: data.len().saturating_sub(tables),
        code: core.len() - data.len(),
        memory_pages: pages.start,
        memory_pages_limit: pages.end,
    };
    Ok((program, footprint))
}

fn table_bytes(part: &Part, automaton: &Automaton) -> usize {
    let fixed = Part::SIZE + 4 * part.range_count;
    fixed as usize + part.column as usize * usize::from(automaton.classes().count())
}

fn malformed(what: impl Into<String>) -> DecodeError {
    DecodeError::Data(what.into())
}

/// The only data segment and the bounds of the only memory.
fn find_data(core: &[u8]) -> Result<(&[u8], Range<u64>), DecodeError> {
    let foreign = |_| DecodeError::Foreign("its core module is malformed");
    let (mut found, mut pages) = (None, 0..0);
    for payload in Parser::new(0).parse_all(core) {
        match payload.map_err(foreign)? {
            Payload::MemorySection(memories) => {
                for memory in memories {
                    let memory = memory.map_err(foreign)?;
                    pages = memory.initial..memory.maximum.unwrap_or(u64::MAX);
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment.map_err(foreign)?;
                    let starts_right = match &segment.kind {
                        DataKind::Active { memory_index: 0, offset_expr } => {
                            let start = layout::DATA_START.cast_signed();
                            let mut operators = offset_expr.get_operators_reader();
                            matches!(operators.read(), Ok(Operator::I32Const { value }) if value == start)
                        }
                        DataKind::Active { .. } | DataKind::Passive => false,
                    };
                    if !starts_right || found.is_some() {
                        return Err(DecodeError::Foreign("its data lies elsewhere"));
                    }
                    found = Some(segment.data);
                }
            }
            _ => {}
        }
    }
    found.map(|data| (data, pages)).ok_or(DecodeError::Foreign("its core module has no data"))
}

/// The data segment, read by address.
struct Memory<'a> {
    data: &'a [u8],
}

impl<'a> Memory<'a> {
    fn bytes(&self, address: u32, length: u32) -> Result<&'a [u8], DecodeError> {
        let start = address.checked_sub(layout::DATA_START).map(|start| start as usize);
        let range = start.and_then(|start| Some(start..start.checked_add(length as usize)?));
        range
            .and_then(|range| self.data.get(range))
            .ok_or_else(|| malformed(format!("address {address} with {length} bytes lies outside the data")))
    }

    fn word(&self, address: u32) -> Result<u32, DecodeError> {
        let bytes = self.bytes(address, 4)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes were asked for")))
    }

    fn pair(&self, address: u32) -> Result<(u32, u32), DecodeError> {
        Ok((self.word(address)?, self.word(end(address, 4)?)?))
    }

    fn text(&self, address: u32) -> Result<String, DecodeError> {
        let (pointer, length) = self.pair(address)?;
        let bytes = self.bytes(pointer, length)?;
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("a text is no UTF-8"))?;
        Ok(text.to_owned())
    }

    /// The addresses of a list's elements.
    fn list(&self, address: u32, size: u32) -> Result<impl Iterator<Item = u32> + use<>, DecodeError> {
        let (pointer, count) = self.pair(address)?;
        let length = count.checked_mul(size).ok_or_else(|| malformed("a list is too long"))?;
        self.bytes(pointer, length)?;
        Ok((0..count).map(move |index| pointer + index * size))
    }

    fn knowledge(&self) -> Result<Vec<String>, DecodeError> {
        self.list(layout::KNOWLEDGE, layout::STRING_SIZE)?.map(|at| self.text(at)).collect()
    }

    fn access(&self) -> Result<Vec<Grant>, DecodeError> {
        let grant = |at: u32| {
            let ttl = match self.bytes(at + layout::GRANT_TTL_TAG, 1)?[0] {
                0 => Ttl::Session,
                1 => {
                    let bytes = self.bytes(at + layout::GRANT_TTL_SECONDS, 8)?;
                    Ttl::Seconds(u64::from_le_bytes(bytes.try_into().expect("eight bytes were asked for")))
                }
                _ => return Err(malformed("a grant's TTL is of no known kind")),
            };
            Ok(Grant { provider: self.text(at)?, role: self.text(at + layout::STRING_SIZE)?, ttl })
        };
        self.list(layout::ACCESS, layout::GRANT_SIZE)?.map(grant).collect()
    }

    /// The parts, each with its map from ASCII to classes.
    fn parts(&self) -> Result<Vec<(&'a [u8], Part)>, DecodeError> {
        let (start, end) = (self.word(layout::PARTS)?, self.word(layout::PARTS_END)?);
        let length = end.checked_sub(start).filter(|length| length.is_multiple_of(Part::SIZE));
        let length = length.ok_or_else(|| malformed("the parts' bounds make no sense"))?;
        let bytes = self.bytes(start, length)?;
        let word = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().expect("chunks of four bytes"));
        let part = |bytes: &'a [u8]| {
            let (header, map) = bytes.split_at(Part::MAP as usize);
            let mut words = [0; 8];
            words.iter_mut().zip(header.chunks_exact(4)).for_each(|(to, from)| *to = word(from));
            (map, Part::from_words(words))
        };
        Ok(bytes.chunks_exact(Part::SIZE as usize).map(part).collect())
    }

    fn automaton(&self, map: &[u8], part: &Part) -> Result<Automaton, DecodeError> {
        let width = part.width;
        if !matches!(width, 1 | 2) {
            return Err(malformed("a part's cells are neither one nor two bytes wide"));
        }
        let unscale = |scaled: u32| {
            let state = u16::try_from(scaled / width).ok().filter(|_| scaled.is_multiple_of(width));
            state.ok_or_else(|| malformed("a state's number makes no sense"))
        };
        let classes = self.classes(map, part)?;
        let states = unscale(part.column)?;
        let length = part.column.checked_mul(u32::from(classes.count()));
        let cells = self.bytes(part.table, length.ok_or_else(|| malformed("a table is too large"))?)?;
        let (columns, width) = (usize::from(states), width as usize);
        let mut rows = Vec::with_capacity(cells.len() / width);
        for state in 0..states {
            for class in 0..usize::from(classes.count()) {
                let at = (class * columns + usize::from(state)) * width;
                let scaled =
                    cells[at..at + width].iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte));
                match unscale(scaled)? {
                    next if state >= Automaton::SINKS => rows.push(next),
                    next if next == state => {}
                    _ => return Err(malformed("a sink leads away")),
                }
            }
        }
        let [start, allowed_end, denied_end] = [part.start, part.allowed_end, part.denied_end].map(unscale);
        Automaton::new(classes, start?, allowed_end?, denied_end?, rows)
            .map_err(|error| malformed(error.to_string()))
    }

    fn classes(&self, map: &[u8], part: &Part) -> Result<Classes, DecodeError> {
        let ascii = map.try_into().expect("the map is all that follows the words");
        let length = part.range_count.checked_mul(4).ok_or_else(|| malformed("a range table is too long"))?;
        let class_mask = (1 << layout::CLASS_BITS) - 1;
        let ranges = self.bytes(part.ranges, length)?.chunks_exact(4).map(|bytes| {
            let entry = u32::from_le_bytes(bytes.try_into().expect("chunks of four bytes"));
            (entry >> layout::CLASS_BITS, u16::try_from(entry & class_mask).expect("a class has 11 bits"))
        });
        Classes::new(ascii, ranges.collect()).map_err(|error| malformed(error.to_string()))
    }
}

fn end(address: u32, length: u32) -> Result<u32, DecodeError> {
    address.checked_add(length).ok_or_else(|| malformed("an address wraps around"))
}
