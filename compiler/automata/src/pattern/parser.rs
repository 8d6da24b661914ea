//! globset's syntax to raw tokens. The special forms of `**` are rewritten to what they stand for.

use super::{MAX_NESTING, MAX_PATTERN_BYTES, PatternError, PatternErrorKind as Kind};
use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// A token as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// One scalar.
    Literal(char),
    /// `?`
    Any,
    /// `*`, and `**` where it has no special meaning
    Star,
    /// `**/` at the beginning, or a pattern (not a branch) that is just `**`
    RecursivePrefix,
    /// `/**` at the end
    RecursiveSuffix,
    /// `/**/`
    RecursiveMiddle,
    /// `[…]`
    Class(RawClass),
    /// `{…,…}`
    Alternates(Vec<Vec<Raw>>),
}

/// A class as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RawClass {
    pub(super) negated: bool,
    /// Bounds, and where they are written.
    pub(super) members: Vec<(char, char, Range<usize>)>,
    pub(super) range: Range<usize>,
}

pub(super) fn parse(text: &str) -> Result<Vec<Raw>, PatternError> {
    if text.len() > MAX_PATTERN_BYTES {
        return Err(PatternError { kind: Kind::TooLong(text.len()), range: 0..text.len() });
    }
    let parser = Parser {
        text,
        chars: text.char_indices().peekable(),
        previous: None,
        current: None,
        open: Vec::new(),
        branches: vec![Vec::new()],
    };
    parser.parse()
}

/// Follows globset's parser step by step, its corner cases included (`[a-b-c]` is `[a-c]`; after an escaped comma or brace inside
/// braces a `**` counts as one at a separator): a pattern means what globset says it means.
struct Parser<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    previous: Option<char>,
    current: Option<(usize, char)>,
    /// For each open brace, its position and how many branches there were before it.
    open: Vec<(usize, usize)>,
    /// The top level, then the branches of all open braces.
    branches: Vec<Vec<Raw>>,
}

impl Parser<'_> {
    fn parse(mut self) -> Result<Vec<Raw>, PatternError> {
        while let Some((at, c)) = self.bump() {
            match c {
                '?' => self.branch().push(Raw::Any),
                '*' => self.star(),
                '[' => self.class(at)?,
                '{' => {
                    if self.open.len() == MAX_NESTING {
                        return Err(PatternError { kind: Kind::TooDeeplyNested, range: at..at + 1 });
                    }
                    self.open.push((at, self.branches.len()));
                    self.branches.push(Vec::new());
                }
                '}' => {
                    let Some((_, start)) = self.open.pop() else {
                        return Err(PatternError { kind: Kind::UnopenedAlternates, range: at..at + 1 });
                    };
                    let alternates = self.branches.drain(start..).collect();
                    self.branch().push(Raw::Alternates(alternates));
                }
                ',' if !self.open.is_empty() => self.branches.push(Vec::new()),
                '\\' => {
                    let Some((_, escaped)) = self.bump() else {
                        return Err(PatternError { kind: Kind::DanglingEscape, range: at..at + 1 });
                    };
                    self.branch().push(Raw::Literal(escaped));
                }
                c => self.branch().push(Raw::Literal(c)),
            }
        }
        if let Some(&(at, _)) = self.open.last() {
            return Err(PatternError { kind: Kind::UnclosedAlternates, range: at..at + 1 });
        }
        Ok(self.branches.swap_remove(0))
    }

    fn star(&mut self) {
        let previous = self.previous;
        if self.peek() != Some('*') {
            return self.branch().push(Raw::Star);
        }
        self.bump();
        let next = self.peek();
        if self.branch().is_empty() {
            if next.is_none_or(|c| c == '/') {
                self.bump();
                self.branch().push(Raw::RecursivePrefix);
            } else {
                self.branch().push(Raw::Star);
            }
            return;
        }
        let in_braces = self.branches.len() >= 2;
        let at_separator = previous == Some('/') || (in_braces && matches!(previous, Some(',' | '{')));
        let form = match next {
            _ if !at_separator => None,
            None => Some(Raw::RecursiveSuffix),
            Some(',' | '}') if in_braces => Some(Raw::RecursiveSuffix),
            Some('/') => Some(Raw::RecursiveMiddle),
            Some(_) => None,
        };
        let Some(form) = form else { return self.branch().push(Raw::Star) };
        if matches!(next, None | Some('/')) {
            self.bump();
        }
        // The separator before belongs to the form, unless it belongs to another one already.
        let form = match self.branch().pop() {
            Some(kept @ (Raw::RecursivePrefix | Raw::RecursiveSuffix)) => kept,
            _ => form,
        };
        self.branch().push(form);
    }

    fn class(&mut self, start: usize) -> Result<(), PatternError> {
        let negated = matches!(self.peek(), Some('!' | '^'));
        if negated {
            self.bump();
        }
        let mut members: Vec<(char, char, Range<usize>)> = Vec::new();
        let mut in_range = false;
        loop {
            let Some((at, c)) = self.bump() else {
                return Err(PatternError { kind: Kind::UnclosedClass, range: start..self.text.len() });
            };
            let end = at + c.len_utf8();
            match (c, members.last_mut()) {
                (']', Some(_)) => break,
                ('-', Some(_)) if !in_range => in_range = true,
                (_, Some((low, high, range))) if in_range => {
                    *high = c;
                    range.end = end;
                    if high < low {
                        return Err(PatternError { kind: Kind::InvalidRange(*low, c), range: range.clone() });
                    }
                    in_range = false;
                }
                _ => members.push((c, c, at..end)),
            }
        }
        let end = self.position();
        if in_range {
            members.push(('-', '-', end - 1..end));
        }
        self.branch().push(Raw::Class(RawClass { negated, members, range: start..end + 1 }));
        Ok(())
    }

    fn branch(&mut self) -> &mut Vec<Raw> {
        self.branches.last_mut().expect("the top level is never popped: a `}` without `{` is an error before")
    }

    fn bump(&mut self) -> Option<(usize, char)> {
        self.previous = self.current.map(|(_, c)| c);
        self.current = self.chars.next();
        self.current
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|&(_, c)| c)
    }

    /// Where the current scalar is.
    fn position(&self) -> usize {
        self.current.map_or(self.text.len(), |(at, _)| at)
    }
}
