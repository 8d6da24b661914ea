//! The data segment, read by address.

use std::ops::Range;

use masque_abi::program::{self as layout, Part};
use masque_abi::{Grant, Ttl};
use masque_automata::{Automaton, Classes};

use crate::DecodeError;

pub(crate) fn malformed(what: impl Into<String>) -> DecodeError {
    DecodeError::Data(what.into())
}

/// The data segment. What the program overwrites can't be read: it is zero here and something else when the program runs.
pub(crate) struct Memory<'a> {
    data: &'a [u8],
    volatile: Range<u32>,
}

impl<'a> Memory<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, volatile: 0..0 }
    }

    /// Bytes of the data.
    pub(crate) fn size(&self) -> usize {
        self.data.len()
    }

    /// Says which bytes are overwritten; they have to be zero.
    pub(crate) fn set_volatile(&mut self, volatile: Range<u32>) -> Result<(), DecodeError> {
        let zero = self.bytes(volatile.start, volatile.end - volatile.start)?.iter().all(|&byte| byte == 0);
        self.volatile = volatile;
        if zero { Ok(()) } else { Err(malformed("a volatile word is not zero")) }
    }

    pub(crate) fn bytes(&self, address: u32, length: u32) -> Result<&'a [u8], DecodeError> {
        let outside = || malformed(format!("address {address} with {length} bytes lies outside the data"));
        let end = end(address, length)?;
        if length > 0 && address < self.volatile.end && self.volatile.start < end {
            return Err(malformed(format!("address {address} with {length} bytes is volatile")));
        }
        let start = address.checked_sub(layout::DATA_START).ok_or_else(outside)? as usize;
        self.data.get(start..start + length as usize).ok_or_else(outside)
    }

    pub(crate) fn word(&self, address: u32) -> Result<u32, DecodeError> {
        let bytes = self.bytes(address, 4)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes were asked for")))
    }

    pub(crate) fn words<const N: usize>(&self, address: u32) -> Result<[u32; N], DecodeError> {
        let mut words = [0; N];
        for (word, index) in words.iter_mut().zip(0..) {
            *word = self.word(end(address, 4 * index)?)?;
        }
        Ok(words)
    }

    pub(crate) fn pair(&self, address: u32) -> Result<(u32, u32), DecodeError> {
        let [pointer, length] = self.words(address)?;
        Ok((pointer, length))
    }

    pub(crate) fn text(&self, address: u32) -> Result<&'a str, DecodeError> {
        let (pointer, length) = self.pair(address)?;
        std::str::from_utf8(self.bytes(pointer, length)?).map_err(|_| malformed("a text is no UTF-8"))
    }

    /// The addresses of a list's elements.
    pub(crate) fn list(
        &self,
        address: u32,
        size: u32,
    ) -> Result<impl Iterator<Item = u32> + use<>, DecodeError> {
        let (pointer, count) = self.pair(address)?;
        let length = count.checked_mul(size).ok_or_else(|| malformed("a list is too long"))?;
        self.bytes(pointer, length)?;
        Ok((0..count).map(move |index| pointer + index * size))
    }

    pub(crate) fn grant(&self, at: u32) -> Result<Grant, DecodeError> {
        let ttl = match self.bytes(at + layout::GRANT_TTL_TAG, 1)?[0] {
            0 => Ttl::Session,
            1 => {
                let bytes = self.bytes(at + layout::GRANT_TTL_SECONDS, 8)?;
                Ttl::Seconds(u64::from_le_bytes(bytes.try_into().expect("eight bytes were asked for")))
            }
            _ => return Err(malformed("a grant's TTL is of no known kind")),
        };
        let text = |at| self.text(at).map(str::to_owned);
        Ok(Grant { provider: text(at)?, role: text(at + layout::STRING_SIZE)?, ttl })
    }

    /// A part's words.
    pub(crate) fn part(&self, address: u32) -> Result<Part, DecodeError> {
        self.words(address).map(Part::from_words)
    }

    /// The automaton of the part at an address.
    pub(crate) fn automaton(&self, address: u32) -> Result<Automaton, DecodeError> {
        let part = self.part(address)?;
        let map = self.bytes(end(address, Part::MAP)?, layout::ASCII_MAP)?;
        let width = part.width;
        if !matches!(width, 1 | 2) {
            return Err(malformed("a part's cells are neither one nor two bytes wide"));
        }
        let unscale = |scaled: u32| {
            let state = u16::try_from(scaled / width).ok().filter(|_| scaled.is_multiple_of(width));
            state.ok_or_else(|| malformed("a state's number makes no sense"))
        };
        let classes = self.classes(map, &part)?;
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
        let automaton = Automaton::new(classes, start?, allowed_end?, denied_end?, rows);
        let automaton = automaton.map_err(|error| malformed(error.to_string()))?;
        if automaton.start() < Automaton::SINKS {
            return Err(malformed("an automaton decides before it looks"));
        }
        Ok(automaton)
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

pub(crate) fn end(address: u32, length: u32) -> Result<u32, DecodeError> {
    address.checked_add(length).ok_or_else(|| malformed("an address wraps around"))
}
