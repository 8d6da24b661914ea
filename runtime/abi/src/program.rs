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
//! | 64 | what the code is made of ([`Features`]) |
//! | 68 | zero |
//! | 72 | parts, tables, lists and texts |
//!
//! A *part* is an automaton over classes of Unicode scalar values ([`Part`]). Parts are run in turn: the first `denied` ends the
//! run, else any `allowed` wins, else the word at 48 stands.
//!
//! # Programs that look at their session
//!
//! They have a longer header, and every function first *binds* the session: it fills the volatile words, which are zero in the data.
//!
//! | address | holds |
//! |---|---|
//! | 72 | the conditions: pair, a list of addresses of operations ([`mod@test`]) |
//! | 80 | the conditions that guard parts: pair, a list of addresses of operations |
//! | 88 | parameters that are looked at: pair, a list of (pair of the name, pair of the default) |
//! | 96 | texts in another form: pair, a list of (address of the text's pair, form) |
//! | 104 | the names of the rings: four pairs |
//! | 136 | volatile: the seven words of the session |
//! | 164 | volatile: where scratch memory begins, behind the heap |
//! | 168 | volatile: the name of the agent's ring, a pair |
//! | 176 | volatile: a pair for each parameter, then one for each text in another form |
//!
//! - *A text is the address of a pair*, constant or volatile. So tests and templates need not know where a text comes from.
//! - A *condition* is a list of operations in postfix order ([`mod@test`]), without jumps.
//! - A *template* is a list of operations ([`show`]) with jumps forward only; the word at 32 or 40 is its address, the next
//!   their number.
//! - An entry of a *guarded list* is the address of a condition (0: always), a zero, and the element ([`GUARD_SIZE`] bytes on).
//! - A *guarded part* has two more words behind its map: it is run if the bits of the guarding conditions, of which the first is bit 0,
//!   equal the second word where the first word has ones. Where its width is 0, its start is its decision.
//!
//! Results are built in scratch memory behind the heap. The heap's end does not move, so nothing is left behind.

pub mod bodies;
mod features;
mod module;

pub use features::Features;
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
/// What the code is made of.
pub const FEATURES: u32 = 64;
/// Where the variable data begins, in a program that does not look at its session.
pub const HEADER_END: u32 = 72;

/// The conditions.
pub const CONDITIONS: u32 = 72;
/// The conditions that guard parts.
pub const GUARDS: u32 = 80;
/// The parameters that are looked at.
pub const PARAMS: u32 = 88;
/// The texts in another form.
pub const FORMS: u32 = 96;
/// The names of the rings.
pub const RING_NAMES: u32 = 104;
/// The session's words, and the first of the volatile ones.
pub const SESSION: u32 = 136;
/// The text of the session's intent.
pub const SESSION_INTENT: u32 = SESSION;
/// The number of the agent's ring.
pub const SESSION_RING: u32 = SESSION + 8;
/// The text of the agent's identifier.
pub const SESSION_AGENT: u32 = SESSION + 12;
/// The session's parameters: a list of (name, value).
pub const SESSION_PARAMS: u32 = SESSION + 20;
/// Where scratch memory begins.
pub const SCRATCH: u32 = 164;
/// The text of the ring's name.
pub const RING_NAME: u32 = 168;
/// The texts of parameters, then those in another form.
pub const SLOTS: u32 = 176;

/// Bytes of a slot, and of any other pair.
pub const PAIR_SIZE: u32 = 8;
/// Bytes of a parameter: the pair of its name, the pair of its default.
pub const PARAM_SIZE: u32 = 16;
/// Bytes of a text in another form: address, form.
pub const FORM_SIZE: u32 = 8;
/// Bytes before the element in an entry of a guarded list.
pub const GUARD_SIZE: u32 = 8;
/// Conditions that may guard parts.
pub const MAX_GUARDS: u32 = 8;
/// Truth values that a condition may have to keep at once.
pub const MAX_DEPTH: u32 = 32;

/// Forms of a text: the first of the 26 letters whose case is changed, or none for trimming.
pub mod form {
    /// ASCII letters in lower case.
    pub const LOWER: u32 = b'A' as u32;
    /// ASCII letters in upper case.
    pub const UPPER: u32 = b'a' as u32;
    /// Without ASCII white space (space, tab, line feed, form feed, carriage return) at both ends.
    pub const TRIM: u32 = 0;
}

/// Operations of a condition: an opcode and two operands, a word each.
pub mod test {
    /// The end: the value on the stack is the condition's.
    pub const END: u32 = 0;
    /// Whether the ring's bit is in the first operand.
    pub const RING: u32 = 1;
    /// Whether two texts are the same.
    pub const EQUAL: u32 = 2;
    /// Whether the first text is a number less than the second one.
    pub const LESS: u32 = 3;
    /// Whether the first operand, a text, is allowed by the second, a part.
    pub const MATCH: u32 = 4;
    /// Not the value on the stack.
    pub const NOT: u32 = 5;
    /// Both of the two values on the stack.
    pub const AND: u32 = 6;
    /// One of the two values on the stack.
    pub const OR: u32 = 7;
}

/// Operations of a template: an opcode and two operands, a word each.
pub mod show {
    /// The end.
    pub const END: u32 = 0;
    /// Shows the text that the first operand is the address of.
    pub const TEXT: u32 = 1;
    /// Goes on at the second operand unless the condition at the first one holds.
    pub const UNLESS: u32 = 2;
    /// Goes on at the second operand.
    pub const JUMP: u32 = 3;
}

/// Bytes of an operation.
pub const OPERATION_SIZE: u32 = 12;

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
    /// Offset of the guard's two words in a guarded part: mask, value.
    pub const GUARD: u32 = Self::SIZE;
    /// Bytes of a guarded part.
    pub const GUARDED_SIZE: u32 = Self::SIZE + 8;

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
