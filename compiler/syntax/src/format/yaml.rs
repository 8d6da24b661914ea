//! The layout of YAML: two columns a level, lists further in than their key, brackets and quotes as they are.
//!
//! The result is read and laid out again, and compared with what was there. YAML has corners where white space means something that nobody
//! expects; a source with one of these is left alone.

mod placed;
mod scalars;

use masque_diagnostics::Spanned;

use super::NotFormatted;
use super::layout::{Comment, Layout};
use crate::findings::Findings;
use crate::tree::{Kind, Node};
use crate::yaml::{self, Document};
use placed::{Placed, Shape};

/// Lays a YAML text out.
pub(super) fn format(text: &str, findings: &mut Findings) -> Result<String, NotFormatted> {
    let before = LaidOut::of(text, findings).ok_or(NotFormatted::Unreadable)?;
    let unknown = |place| NotFormatted::Unknown { what: "something whose white space matters", place };
    let whole = before.document.root.span;
    let after = LaidOut::of(&before.text, findings).ok_or(unknown(whole))?;
    if let Some(node) = difference(&before.document.root, &after.document.root) {
        return Err(unknown(node.span));
    }
    let comments = |document: &Document<'_>, text: &str| -> Vec<String> {
        document.comments.iter().map(|comment| text[comment.span.range()].trim_end().to_owned()).collect()
    };
    let kept = comments(&before.document, text) == comments(&after.document, &before.text);
    if kept && after.text == before.text { Ok(after.text) } else { Err(unknown(whole)) }
}

/// A text that was read, and its layout.
struct LaidOut<'t> {
    document: Document<'t>,
    text: String,
}

impl<'t> LaidOut<'t> {
    fn of(text: &'t str, findings: &mut Findings) -> Option<Self> {
        let document = yaml::read(text, findings)?;
        let root = placed::read(text)?;
        let comment = |comment: &Spanned<String>| {
            let range = comment.span.range();
            Comment { start: range.start, text: text[range].trim_end() }
        };
        let comments: Vec<Comment<'_>> = document.comments.iter().map(comment).collect();
        let mut printer = Printer { layout: Layout::new(text, &comments), source: text };
        printer.document(&root);
        let text = printer.layout.finish();
        Some(Self { document, text })
    }
}

/// The first value of one tree that the other does not have in its place.
fn difference<'n, 't>(before: &'n Node<'t>, after: &Node<'_>) -> Option<&'n Node<'t>> {
    match (&before.resolved().kind, &after.resolved().kind) {
        (Kind::Scalar { text, style }, Kind::Scalar { text: other, style: others }) => {
            (text != other || style != others).then_some(before)
        }
        (Kind::List(items), Kind::List(others)) if items.len() == others.len() => {
            items.iter().zip(others).find_map(|(item, other)| difference(item, other))
        }
        (Kind::Map(entries), Kind::Map(others)) if entries.len() == others.len() => {
            entries.iter().zip(others).find_map(|(entry, other)| {
                if entry.key.value == other.key.value {
                    difference(&entry.value, &other.value)
                } else {
                    Some(&entry.value)
                }
            })
        }
        (Kind::Error(_), Kind::Error(_)) => None,
        _ => Some(before),
    }
}

struct Printer<'t> {
    layout: Layout<'t>,
    source: &'t str,
}

/// Where a block value stands.
#[derive(Clone, Copy, PartialEq)]
enum Behind {
    Nothing,
    Key,
    Dash,
}

impl Printer<'_> {
    fn document(&mut self, root: &Placed) {
        let before = &self.source[..root.range.start];
        let marker = before.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some((*at - line.len(), line))
        });
        if let Some((start, _)) = { marker }.find(|(_, line)| line.starts_with("---")) {
            self.layout.token(start, "---");
            self.layout.line();
        }
        self.value(root, Behind::Nothing);
    }

    /// A value of a block, behind its key or its dash.
    fn value(&mut self, value: &Placed, behind: Behind) {
        let block =
            matches!(value.shape, Shape::List { brackets: false, .. } | Shape::Map { braces: false, .. });
        let properties = self.properties(value.range.start);
        match &value.shape {
            _ if !block => self.scalar_or_brackets(value, behind),
            Shape::List { items, .. } => {
                if behind != Behind::Nothing {
                    self.layout.indent();
                }
                for (index, item) in items.iter().enumerate() {
                    if index > 0 || behind != Behind::Dash || properties {
                        self.layout.line();
                    }
                    match first_place(item) {
                        Some(place) => self.layout.mark(place, "-"),
                        None => self.layout.sign("-"),
                    }
                    self.value(item, Behind::Dash);
                }
                self.end_block(value, behind);
            }
            Shape::Map { entries, .. } => {
                if behind != Behind::Nothing {
                    self.layout.indent();
                }
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 || behind != Behind::Dash || properties {
                        self.layout.line();
                    }
                    self.flow(key);
                    self.layout.glue();
                    self.layout.sign(":");
                    self.value(value, Behind::Key);
                }
                self.end_block(value, behind);
            }
            Shape::Flow | Shape::Block | Shape::Alias => {}
        }
    }

    fn end_block(&mut self, value: &Placed, behind: Behind) {
        if behind != Behind::Nothing {
            self.layout.comments_of_block(value.range.start, value.range.end);
            self.layout.dedent();
        }
    }

    fn scalar_or_brackets(&mut self, value: &Placed, behind: Behind) {
        if let Shape::Block = value.shape {
            let margin = self.layout.margin() + if behind == Behind::Nothing { 0 } else { 2 };
            let written = &self.source[value.range.clone()];
            self.layout.lines(value.range.start, written.len(), |_| scalars::block(written, margin));
        } else {
            self.flow(value);
        }
    }

    /// Anchor and tag of a value that begins at `end`; whether there are any.
    fn properties(&mut self, end: usize) -> bool {
        let mut found = false;
        for (start, word) in properties(self.source, self.layout.reached(), end) {
            self.layout.token(start, word);
            found = true;
        }
        found
    }

    /// A value that does not depend on its lines' indentation.
    fn flow(&mut self, value: &Placed) {
        self.properties(value.range.start);
        let start = value.range.start;
        match &value.shape {
            Shape::Flow | Shape::Block | Shape::Alias => {
                let written = &self.source[value.range.clone()];
                if written.contains('\n') && !self.layout.is_flat() {
                    let margin = self.layout.margin() + 2;
                    self.layout.lines(start, written.len(), |_| scalars::folded(written, margin));
                } else if !written.is_empty() {
                    self.layout.token(start, written);
                }
            }
            Shape::List { items, .. } => {
                self.layout.token(start, "[");
                self.layout.indent();
                for (index, item) in items.iter().enumerate() {
                    self.layout.glue();
                    if index > 0 {
                        self.layout.sign(",");
                    }
                    self.break_before(item.range.start, |this| this.flow(item));
                    self.flow(item);
                }
                self.layout.dedent();
                self.layout.glue();
                self.layout.token(value.range.end - 1, "]");
            }
            Shape::Map { entries, .. } => {
                self.layout.token(start, "{");
                self.layout.indent();
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        self.layout.glue();
                        self.layout.sign(",");
                    }
                    self.break_before(key.range.start, |this| this.pair(key, value));
                    self.pair(key, value);
                }
                self.layout.dedent();
                if entries.is_empty() {
                    self.layout.glue();
                }
                self.layout.token(value.range.end - 1, "}");
            }
        }
    }

    fn pair(&mut self, key: &Placed, value: &Placed) {
        self.flow(key);
        self.layout.glue();
        self.layout.sign(":");
        self.flow(value);
    }

    /// A new line where the author began one, or where what comes next does not fit.
    fn break_before(&mut self, start: usize, write: impl Fn(&mut Self)) {
        if self.layout.is_flat() {
            return;
        }
        let mut scratch = Printer { layout: self.layout.scratch(), source: self.source };
        write(&mut scratch);
        let width = scratch.layout.written().chars().count();
        if self.layout.broken_before(start) || !self.layout.fits(width + 1) {
            self.layout.line();
        }
    }
}

/// Where the first text of a value stands, if it has any.
fn first_place(value: &Placed) -> Option<usize> {
    match &value.shape {
        Shape::List { brackets: false, items } => items.first().and_then(first_place),
        Shape::Map { braces: false, entries } => entries.first().map(|(key, _)| key.range.start),
        Shape::Flow if value.range.is_empty() => None,
        _ => Some(value.range.start),
    }
}

/// The words between two places that are an anchor or a tag.
fn properties(source: &str, from: usize, to: usize) -> Vec<(usize, &str)> {
    let (mut found, mut at) = (Vec::new(), from);
    while at < to {
        let rest = &source[at..to];
        let skipped =
            rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', ':', '-', ',', '[', '{']).len();
        at += skipped;
        let rest = &source[at..to];
        if rest.starts_with('#') {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with(['&', '!']) {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            found.push((at, &rest[..length]));
            at += length;
        } else {
            at = to;
        }
    }
    found
}
