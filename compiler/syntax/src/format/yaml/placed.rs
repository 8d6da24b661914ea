//! YAML as it is written: aliases are aliases, and every value knows where it stands.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};

use crate::yaml::{MAX_COMMENTS, block_range};

/// A value and the place of its text, without anchor and tag.
pub(super) struct Placed {
    pub(super) range: Range<usize>,
    pub(super) shape: Shape,
}

/// What a value is.
pub(super) enum Shape {
    /// Plain or quoted.
    Flow,
    /// `|` or `>`.
    Block,
    Alias,
    List {
        brackets: bool,
        items: Vec<Placed>,
    },
    Map {
        braces: bool,
        entries: Vec<(Placed, Placed)>,
    },
}

/// A list or map that is being read.
struct Open {
    start: usize,
    list: bool,
    flow: bool,
    values: Vec<Placed>,
}

/// Reads a text that is known to be one well-formed document.
pub(super) fn read(text: &str) -> Option<Placed> {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        max_buffered_comment_events: MAX_COMMENTS,
    };
    let mut open: Vec<Open> = Vec::new();
    let (mut root, mut last_end) = (None, 0);
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, place) = event.ok()?;
        let range = place.byte_range().unwrap_or(0..0);
        let done = match event {
            Event::Scalar(_, style, ..) => {
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let whole = if block { block_range(text, last_end, range.clone()) } else { range.clone() };
                last_end = range.end.max(last_end);
                Placed { range: whole, shape: if block { Shape::Block } else { Shape::Flow } }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                last_end = range.end;
                Placed { range, shape: Shape::Alias }
            }
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                let list = matches!(event, Event::SequenceStart(..));
                let flow = style == StructureStyle::Flow;
                open.push(Open { start: range.start, list, flow, values: Vec::new() });
                last_end = last_end.max(range.start);
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = open.pop()?;
                let end = range.end.max(open.start);
                last_end = if open.flow { end } else { last_end };
                Placed { range: open.start..end, shape: open.shape()? }
            }
            _ => continue,
        };
        match open.last_mut() {
            Some(open) => open.values.push(done),
            None => root = Some(done),
        }
    }
    root
}

impl Open {
    fn shape(self) -> Option<Shape> {
        if self.list {
            return Some(Shape::List { brackets: self.flow, items: self.values });
        }
        let mut values = self.values.into_iter();
        let mut entries = Vec::new();
        while let Some(key) = values.next() {
            entries.push((key, values.next()?));
        }
        Some(Shape::Map { braces: self.flow, entries })
    }
}
