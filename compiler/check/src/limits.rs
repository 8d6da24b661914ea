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
/// Parameters of a masque and its ancestors.
pub const PARAMS: usize = 64;
/// Values of an enumeration.
pub const VALUES: usize = 64;
/// Distinct conditions of a masque and its ancestors.
pub const CONDITIONS: usize = 256;
/// Values that a condition holds at once while it is worked out.
pub const CONDITION_DEPTH: usize = 32;
/// Distinct conditions that guard the rules of a masque.
pub const GUARDS: usize = 8;
/// Levels of nesting of an expression, or of the `{if}`s of a template.
pub const EXPRESSION_DEPTH: usize = 64;
/// Pieces of a lens or a context, those of every branch counted.
pub const PIECES: usize = 4_096;
/// Choices inside of one another in a lens or a context; each `else if` is inside of the one before.
pub const TEMPLATE_DEPTH: usize = 32;
/// The largest whole number, and the smallest without its sign: what every notation can carry exactly.
pub const INT: u64 = (1 << 53) - 1;
