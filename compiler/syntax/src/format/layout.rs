//! Writes tokens line by line, and the comments that stand between them.
//!
//! Breaks are greedy: a line ends where its author ended it, and where what comes next would not fit. So laying out the result again
//! finds every break already made.

use super::WIDTH;

/// A comment of the source.
#[derive(Clone, Copy)]
pub(super) struct Comment<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
}

/// What stands between the last token and the next one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Nothing,
    Space,
    Line,
}

/// A text in the making.
pub(super) struct Layout<'t> {
    source: &'t str,
    /// Those that were not written yet, in the order of the text.
    comments: &'t [Comment<'t>],
    out: String,
    column: usize,
    /// Steps of two columns.
    indent: usize,
    /// The indentation of the present line, in columns.
    line_indent: usize,
    gap: Gap,
    /// How the source goes on from here decides about empty lines; inside of a block that just began there are none.
    may_be_empty: bool,
    wants_empty: bool,
    /// Just past the last token or comment in the source.
    at: usize,
    /// All on one line, without comments: to see how long it is.
    flat: bool,
}

impl<'t> Layout<'t> {
    pub(super) fn new(source: &'t str, comments: &'t [Comment<'t>]) -> Self {
        Self {
            source,
            comments,
            out: String::with_capacity(source.len() + source.len() / 8),
            column: 0,
            indent: 0,
            line_indent: 0,
            gap: Gap::Nothing,
            may_be_empty: false,
            wants_empty: false,
            at: 0,
            flat: false,
        }
    }

    /// A layout on which something can be tried out on one line.
    pub(super) fn scratch(&self) -> Self {
        Self { flat: true, at: self.at, ..Self::new(self.source, &[]) }
    }

    /// What was written so far; meant for a scratch layout.
    pub(super) fn written(self) -> String {
        self.out
    }

    pub(super) fn is_flat(&self) -> bool {
        self.flat
    }

    /// Whether a text of this width fits behind the gap on the present line.
    pub(super) fn fits(&self, width: usize) -> bool {
        self.flat || self.here() + width <= WIDTH
    }

    fn here(&self) -> usize {
        match self.gap {
            Gap::Nothing => self.column,
            Gap::Space => self.column + 1,
            Gap::Line => self.indent * 2,
        }
    }

    /// Whether the author broke the line between the last token and `next`.
    pub(super) fn broken_before(&self, next: usize) -> bool {
        // By bytes: a place inside of a character is a break like any other.
        !self.flat && self.source.as_bytes()[self.at..next.max(self.at)].contains(&b'\n')
    }

    /// Whether a comment stands before `end`.
    pub(super) fn has_comment_before(&self, end: usize) -> bool {
        self.comments.first().is_some_and(|comment| comment.start < end)
    }

    pub(super) fn indent(&mut self) {
        self.indent += 1;
    }

    pub(super) fn dedent(&mut self) {
        self.indent -= 1;
    }

    /// No space before the next token.
    pub(super) fn glue(&mut self) {
        if self.gap == Gap::Space {
            self.gap = Gap::Nothing;
        }
    }

    /// The next token begins a line.
    pub(super) fn line(&mut self) {
        self.gap = if self.flat { Gap::Space } else { Gap::Line };
    }

    /// The next token begins a line behind an empty one.
    pub(super) fn empty_line(&mut self) {
        self.line();
        self.wants_empty = !self.flat && !self.out.is_empty();
    }

    /// A block begins: no empty line comes first in it.
    pub(super) fn begin_block(&mut self) {
        self.may_be_empty = false;
    }

    /// A token of the source.
    pub(super) fn token(&mut self, start: usize, text: &str) {
        self.comments_before(start);
        self.write(text, start);
        self.at = self.at.max(start + text.len());
    }

    /// A token that ends a block: no empty line comes before it.
    pub(super) fn end_block(&mut self, start: usize, text: &str) {
        self.comments_before(start);
        self.may_be_empty = false;
        self.token(start, text);
    }

    /// A token whose place does not matter, or that the source may not have.
    pub(super) fn sign(&mut self, text: &str) {
        self.write(text, self.at);
    }

    /// A token over several lines of which `render` makes lines by the indentation that it has come to.
    pub(super) fn lines(&mut self, start: usize, length: usize, render: impl FnOnce(usize) -> String) {
        self.comments_before(start);
        self.write("", start);
        let text = render(self.line_indent);
        self.out.push_str(&text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count(),
            None => self.column + text.chars().count(),
        };
        self.gap = Gap::Space;
        self.at = self.at.max(start + length);
        // They are part of what was rendered.
        let inside = self.comments.iter().take_while(|comment| comment.start < self.at).count();
        self.comments = &self.comments[inside..];
    }

    /// A sign that belongs to the token at `start`, and stands before it.
    pub(super) fn mark(&mut self, start: usize, text: &str) {
        self.comments_before(start);
        self.write(text, start);
    }

    /// Just past the last token or comment in the source.
    pub(super) fn reached(&self) -> usize {
        self.at
    }

    /// The columns that lines of the present block begin behind.
    pub(super) fn margin(&self) -> usize {
        self.indent * 2
    }

    /// All comments that stand before this place.
    pub(super) fn comments_before(&mut self, end: usize) {
        self.comments_while(|comment, _| comment.start < end);
    }

    /// The comments before this place that stand as far in as a block whose lines begin at `first` of the source.
    pub(super) fn comments_of_block(&mut self, first: usize, end: usize) {
        let column = |source: &str, at: usize| at - source[..at].rfind('\n').map_or(0, |found| found + 1);
        self.comments_while(|comment, source| {
            comment.start < end && column(source, comment.start) >= column(source, first)
        });
    }

    fn comments_while(&mut self, is_next: impl Fn(&Comment<'t>, &str) -> bool) {
        while let Some((comment, rest)) = self.comments.split_first() {
            if !is_next(comment, self.source) {
                return;
            }
            self.comments = rest;
            let own_line = self.out.is_empty() || self.source[self.at..comment.start].contains('\n');
            self.gap = if own_line { Gap::Line } else { Gap::Space };
            let at_beginning = !self.may_be_empty && !own_line;
            self.write(comment.text, comment.start);
            self.may_be_empty = !at_beginning;
            self.at = comment.start + comment.text.len();
            self.gap = Gap::Line;
        }
    }

    /// The finished text.
    pub(super) fn finish(mut self) -> String {
        self.comments_before(usize::MAX);
        self.out.push('\n');
        self.out
    }

    fn write(&mut self, text: &str, start: usize) {
        match self.gap {
            Gap::Space if !self.out.is_empty() => {
                self.out.push(' ');
                self.column += 1;
            }
            Gap::Line if !self.out.is_empty() => {
                let between = &self.source[self.at.min(start)..start.max(self.at)];
                let empty = self.may_be_empty && between.bytes().filter(|byte| *byte == b'\n').count() > 1;
                self.out.push('\n');
                if empty || self.wants_empty {
                    self.out.push('\n');
                }
                self.line_indent = self.indent * 2;
                self.out.extend(std::iter::repeat_n(' ', self.line_indent));
                self.column = self.line_indent;
                self.wants_empty = false;
            }
            _ => {}
        }
        self.may_be_empty = true;
        self.out.push_str(text);
        self.column += text.chars().count();
        self.gap = Gap::Space;
    }
}
