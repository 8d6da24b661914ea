//! A glob, parsed and normalised.
//!
//! The syntax is globset's with `literal_separator(false)`, `empty_alternates(true)`, `backslash_escape(true)`. Normalisation works on
//! tokens, so that an escaped or fullwidth `*` stays a literal:
//!
//! - runs of literals are brought to NFKC, white space among them becomes a space, adjacent spaces become one, ASCII case is folded;
//! - literal spaces at both ends of the whole pattern are dropped, since no normalised text begins or ends with one;
//! - a member of a class is replaced by its NFKC form if that is one scalar; a member with a longer form, and a range with a bound that
//!   NFKC changes, are errors. White space and ASCII case are folded in the listed set, and a negation applies to the folded set: like
//!   `(?i)` in regular expressions, `[!A]` takes neither `A` nor `a`.

mod display;
mod normal;
mod parser;

use std::ops::Range;

pub(crate) use normal::after;
pub use normal::{Set, Token};

/// The longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 4096;

/// How deep braces may be nested.
pub const MAX_NESTING: usize = 32;

/// A parsed, normalised glob. Its `Display` is the normalised form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: String,
    tokens: Vec<Token>,
}

impl Pattern {
    /// Reads a glob.
    ///
    /// # Errors
    /// If the text is no glob, too long, too deeply nested, or has a class that normalisation can't keep.
    pub fn parse(text: &str) -> Result<Pattern, PatternError> {
        let tokens = normal::normalise(parser::parse(text)?)?;
        Ok(Pattern { text: text.to_owned(), tokens })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }
}

/// Why a text is no pattern, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct PatternError {
    /// What is wrong.
    pub kind: PatternErrorKind,
    /// The bytes of the pattern's text that are wrong.
    pub range: Range<usize>,
}

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternErrorKind {
    /// A `[` without its `]`.
    #[error("unclosed class: `[` without `]`")]
    UnclosedClass,
    /// A `{` without its `}`.
    #[error("unclosed alternates: `{{` without `}}`")]
    UnclosedAlternates,
    /// A `}` without its `{`.
    #[error("unopened alternates: `}}` without `{{`")]
    UnopenedAlternates,
    /// A `\` at the end, with nothing to escape.
    #[error("dangling escape: nothing follows the final `\\`")]
    DanglingEscape,
    /// A range of a class that runs backwards.
    #[error("invalid range `{0}-{1}`: it runs backwards")]
    InvalidRange(char, char),
    /// A class that takes nothing, since it excludes everything.
    #[error("empty class: it excludes every character")]
    EmptyClass,
    /// A member of a class stands for several characters once it is normalised, so it can't be one of a class.
    #[error("class member `{0}` becomes `{1}` under NFKC: write `{{…}}` alternates instead")]
    UnstableMember(char, String),
    /// A bound of a range changes under NFKC, so the range would mean something else.
    #[error("range bound `{0}` becomes `{1}` under NFKC: a range needs normalised bounds")]
    UnstableBound(char, String),
    /// More than [`MAX_PATTERN_BYTES`].
    #[error("too long: {0} bytes, {MAX_PATTERN_BYTES} are the most")]
    TooLong(usize),
    /// Braces nested deeper than [`MAX_NESTING`].
    #[error("too deeply nested: {MAX_NESTING} levels of `{{` are the most")]
    TooDeeplyNested,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The normalised form, or the error and what it points at.
    fn parsed(text: &str) -> String {
        match Pattern::parse(text) {
            Ok(pattern) => pattern.to_string(),
            Err(PatternError { kind, range }) => format!("{kind} @ {}", &text[range]),
        }
    }

    #[test]
    fn patterns_normalise() {
        for (text, normal) in [
            ("", ""),
            ("  Deploy  the\t*  ", "deploy the *"),
            ("deploy\u{3000}*", "deploy *"),
            ("a\\ \\ b", "a b"),
            ("e\u{301}t\u{e9}", "\u{e9}t\u{e9}"),
            ("\u{ff21}\u{ff0a}", "a\\*"),
            ("\u{212a}", "k"),
            ("***", "*"),
            ("**", "*"),
            ("**/", "*"),
            ("**/a", "{,/,*/}a"),
            ("a/**", "a/*"),
            ("a/**/b", "a{/,/*/}b"),
            ("a**b", "a*b"),
            ("{a,B ,}", "{a,b ,}"),
            ("[A-C]", "[A-Ca-c]"),
            ("[!A]", "[!a]"),
            ("[\t]", "[ ]"),
            ("[\u{ff21}]", "[a]"),
            ("[^^]", "[!^]"),
            ("[!!]", "[!!]"),
            ("[]-]", "[]-]"),
            ("[a-b-c]", "[a-c]"),
            ("[a-]", "[-a]"),
            ("[,-0]", "[-,.-0]"),
            ("a,b", "a\\,b"),
            ("\\[a\\]", "\\[a\\]"),
            ("a]", "a\\]"),
        ] {
            assert_eq!(parsed(text), normal, "`{text}`");
        }
    }

    #[test]
    fn what_is_no_pattern_says_why_and_where() {
        for (text, error) in [
            ("ab[c", "unclosed class: `[` without `]` @ [c"),
            ("[]", "unclosed class: `[` without `]` @ []"),
            ("[!]", "unclosed class: `[` without `]` @ [!]"),
            ("a{b,{c}", "unclosed alternates: `{` without `}` @ {"),
            ("a}b", "unopened alternates: `}` without `{` @ }"),
            ("a\\", "dangling escape: nothing follows the final `\\` @ \\"),
            ("é[z-a]", "invalid range `z-a`: it runs backwards @ z-a"),
            ("[!\0-\u{10ffff}]", "empty class: it excludes every character @ [!\0-\u{10ffff}]"),
            (
                "[a\u{fb01}]",
                "class member `\u{fb01}` becomes `fi` under NFKC: write `{…}` alternates instead @ \u{fb01}",
            ),
            (
                "[a-\u{ff5a}]",
                "range bound `\u{ff5a}` becomes `z` under NFKC: a range needs normalised bounds @ a-\u{ff5a}",
            ),
        ] {
            assert_eq!(parsed(text), error, "`{text}`");
        }
        let nested = |depth: usize| format!("{}a{}", "{".repeat(depth), "}".repeat(depth));
        assert_eq!(Pattern::parse(&nested(MAX_NESTING)).map(|_| ()), Ok(()));
        assert_eq!(
            Pattern::parse(&nested(MAX_NESTING + 1)),
            Err(PatternError {
                kind: PatternErrorKind::TooDeeplyNested,
                range: MAX_NESTING..MAX_NESTING + 1
            })
        );
        assert_eq!(Pattern::parse(&"a".repeat(MAX_PATTERN_BYTES)).map(|_| ()), Ok(()));
        assert_eq!(
            Pattern::parse(&"a".repeat(MAX_PATTERN_BYTES + 1)).map_err(|error| error.kind),
            Err(PatternErrorKind::TooLong(MAX_PATTERN_BYTES + 1))
        );
    }
}
