//! How large the parts of a masque may be. A masque is worn inside a prompt and shipped as a few kilobytes: whoever reaches one of
//! these has put something into it that belongs behind a knowledge pointer. Bytes are bytes of UTF-8.

/// Bytes of a lens, composed from its prompt or written as one text.
pub const LENS: usize = 64 * 1024;
/// Bytes of a context.
pub const CONTEXT: usize = 64 * 1024;
/// Bytes of any other prose: a rubric, a note, an example.
pub const PROSE: usize = 64 * 1024;
/// Bytes of a text that is shown on one line: a name, a role, a tag.
pub const LINE: usize = 256;
/// Bytes of an id.
pub const ID: usize = 128;
/// Bytes of a URI or URL.
pub const URI: usize = 2048;
/// Bytes of one pattern. An intent has at most as many.
pub const PATTERN: usize = 4096;
/// Allow and deny rules, together.
pub const RULES: usize = 10_000;
/// Items of any other list.
pub const ITEMS: usize = 1_000;
/// Values in `attributes`, nested ones counted.
pub const ATTRIBUTE_VALUES: usize = 1_000;
/// Levels of nesting in `attributes`.
pub const ATTRIBUTE_DEPTH: usize = 16;
/// Seconds that a credential may be asked for: 366 days.
pub const TTL_SECONDS: u64 = 366 * 24 * 60 * 60;
