//! A compiled program: fixed code, variable data.
//!
//! Every masque runs the same few function bodies ([`bodies`]); all that differs between two masques is one data segment, whose
//! layout is given here. A reader can therefore check the code by comparison and read the behaviour from the data.
//!
//! Addresses are byte offsets into the module's only memory; integers are little-endian; a *pair* is a pointer and a length (or
//! count), four bytes each, as the canonical ABI stores a string or a list.
//!
//! | address | holds |
//! |---|---|
//! | 16 | `knowledge`: pair, a list of strings |
//! | 24 | `access`: pair, a list of grants |
//! | 32 | `context`: pair, a string |
//! | 40 | `lens`: pair, a string |
//! | 48 | the decision when no part decides |
//! | 52 | the first part |
//! | 56 | just past the last part |
//! | 60 | where the heap begins |
//! | 64 | parts, tables, lists and texts |
//!
//! A *part* is an automaton over classes of Unicode scalar values ([`Part`]). Parts are run in turn: the first `denied` ends the
//! run, else any `allowed` wins, else the word at 48 stands.

pub mod bodies;
mod module;

pub use module::{heap_base, module};

/// SHA-256, in lower-case hexadecimal, of a component without its core module and custom sections: the wiring of the world.
pub const SHELL_SHA256: &str = "8a428453c9d3bc6bfaa45f5db3cd226e066ccb9cd252769a4dd645fbceb65e5d";

/// Where the data segment begins; the bytes before it stay zero, so that a null pointer is no one's.
pub const DATA_START: u32 = 16;
/// Return area of `knowledge`.
pub const KNOWLEDGE: u32 = 16;
/// Return area of `access`.
pub const ACCESS: u32 = 24;
/// Return area of `context`.
pub const CONTEXT: u32 = 32;
/// Return area of `lens`.
pub const LENS: u32 = 40;
/// Decision when no part decides.
pub const DEFAULT_DECISION: u32 = 48;
/// Address of the first part.
pub const PARTS: u32 = 52;
/// Address just past the last part.
pub const PARTS_END: u32 = 56;
/// Where the heap begins.
pub const HEAP_BASE: u32 = 60;
/// Where the variable data begins.
pub const HEADER_END: u32 = 64;

/// Bytes of a list element of type `string`.
pub const STRING_SIZE: u32 = 8;
/// Bytes of a list element of type `grant` (alignment 8): provider pair, role pair, TTL tag at 16, seconds at 24.
pub const GRANT_SIZE: u32 = 32;
/// Offset of the TTL's tag in a grant: 0 session, 1 seconds.
pub const GRANT_TTL_TAG: u32 = 16;
/// Offset of the TTL's seconds in a grant.
pub const GRANT_TTL_SECONDS: u32 = 24;

/// Room that the heap has at first, in bytes; the memory may grow by [`HEAP_PAGES`] beyond it.
pub const HEAP_ROOM: u32 = 32 * 1024;
/// Pages of 64 KiB by which the memory may grow.
pub const HEAP_PAGES: u64 = 16;

/// The lowest states are the sinks allowed, denied and unmatched, numbered as the decisions are; they lead to themselves.
pub const SINKS: u32 = 3;
/// Entries of a part's map from ASCII to classes.
pub const ASCII_MAP: u32 = 128;
/// A range entry is `first scalar << CLASS_BITS | class`.
pub const CLASS_BITS: u32 = 11;

/// One automaton as it lies in memory.
///
/// The table is stored by columns: one column for each class, one cell for each state. The cell of state `s` and class `c` is
/// at `table + c * column + s`, so that one addition and one load make a step; all state numbers are scaled by the cell's width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Address of the range entries for scalars from U+0080, ascending.
    pub ranges: u32,
    /// The number of range entries, at least 1.
    pub range_count: u32,
    /// Address of the table.
    pub table: u32,
    /// Bytes of a column.
    pub column: u32,
    /// The scaled state that the run begins in.
    pub start: u32,
    /// Scaled states below this, and no sinks, end allowed.
    pub allowed_end: u32,
    /// Scaled states from `allowed_end` to here end denied; the rest ends unmatched.
    pub denied_end: u32,
    /// Bytes of a cell: 1 or 2.
    pub width: u32,
}

impl Part {
    /// Offset of the map from ASCII to classes, behind the words: 128 class numbers of one byte.
    pub const MAP: u32 = 32;
    /// Bytes of a part in memory: eight words and the map.
    pub const SIZE: u32 = Self::MAP + ASCII_MAP;

    /// The words in the order in which they are stored.
    pub fn to_words(self) -> [u32; 8] {
        [
            self.ranges,
            self.range_count,
            self.table,
            self.column,
            self.start,
            self.allowed_end,
            self.denied_end,
            self.width,
        ]
    }

    /// The part that these words store; whether they make sense is the reader's to check.
    pub fn from_words(words: [u32; 8]) -> Self {
        let [ranges, range_count, table, column, start, allowed_end, denied_end, width] = words;
        Self { ranges, range_count, table, column, start, allowed_end, denied_end, width }
    }
}
