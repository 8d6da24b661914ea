//! Texts that were decoded from a source, with the way back: escapes and indentation go, and every place is still one of the source.

use std::ops::Range;

use masque_diagnostics::{SourceId, Span};

/// A decoded text. Between two marks its bytes are those of the source.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    source: SourceId,
    pub(crate) text: String,
    /// From this byte of the text on, the bytes come from this byte of the source on; ascending, the first at 0.
    marks: Vec<(usize, usize)>,
    end: usize,
}

impl Text {
    /// A text of which nothing was decoded yet, for a scalar that ends at `end` of the source.
    pub(crate) fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, text: String::new(), marks: vec![(0, start)], end }
    }

    /// A stretch of the source as it is.
    pub(crate) fn verbatim(source: SourceId, text: &str, start: usize) -> Self {
        Self { source, text: text.to_owned(), marks: vec![(0, start)], end: start + text.len() }
    }

    /// A decoded text whose places are found by `place`, which takes a byte of the text.
    pub(crate) fn mapped(source: SourceId, text: &str, end: usize, place: impl Fn(usize) -> usize) -> Self {
        let marks = text.char_indices().map(|(at, _)| (at, place(at)));
        let marks: Vec<(usize, usize)> = std::iter::once((0, place(0))).chain(marks.skip(1)).collect();
        Self { source, text: text.to_owned(), marks, end }
    }

    /// Goes on with `text`, which stands at `at` of the source.
    pub(crate) fn push(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            let here = self.text.len();
            if here == 0 {
                self.marks.clear();
            }
            self.marks.push((here, at));
            self.text.push_str(text);
        }
    }

    /// The byte of the source that a byte of the text comes from.
    pub(crate) fn source_of(&self, at: usize) -> usize {
        if at >= self.text.len() && !self.text.is_empty() {
            let last = self.source_of_inside(self.text.len() - 1);
            return (last + 1).min(self.end).max(last);
        }
        self.source_of_inside(at)
    }

    fn source_of_inside(&self, at: usize) -> usize {
        let after = self.marks.partition_point(|&(text, _)| text <= at);
        let (text, source) = self.marks[after.saturating_sub(1)];
        (source + at.saturating_sub(text)).min(self.end)
    }

    /// The place of a range of the text.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let start = self.source_of(range.start);
        let end = match range.end.checked_sub(1) {
            Some(last) if range.end > range.start => self.end_of(last),
            _ => start,
        };
        Span::new(self.source, start, end.max(start))
    }

    /// Just past the place of the character that holds byte `last`.
    fn end_of(&self, last: usize) -> usize {
        let mut first = last;
        while !self.text.is_char_boundary(first) {
            first -= 1;
        }
        let width = self.text[first..].chars().next().map_or(1, char::len_utf8);
        let next = first + width;
        let here = self.source_of_inside(first);
        // An escape is longer than what it stands for: its end is where the next character begins.
        let follows = self.marks.iter().find(|&&(text, _)| text == next).map(|&(_, source)| source);
        match follows {
            Some(follows) if follows > here => follows,
            _ => (here + width).min(self.end),
        }
    }

    /// A part of the text, with its places.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let start = self.source_of_inside(range.start);
        let mut marks = vec![(0, start)];
        let inside = self.marks.iter().filter(|(text, _)| *text > range.start && *text < range.end);
        marks.extend(inside.map(|&(text, source)| (text - range.start, source)));
        let end = self.span(range.clone()).end as usize;
        Self { source: self.source, text: self.text[range].to_owned(), marks, end }
    }

    /// A text that was decoded from this one: `inner` counts its places in this text.
    pub(crate) fn outer(&self, inner: &Self) -> Self {
        let mut marks = Vec::new();
        for (index, &(text, here)) in inner.marks.iter().enumerate() {
            marks.push((text, self.source_of_inside(here)));
            let until = inner.marks.get(index + 1).map_or(inner.text.len(), |&(next, _)| next);
            let between = self.marks.iter().filter(|(mark, _)| *mark > here && *mark < here + (until - text));
            marks.extend(between.map(|&(mark, source)| (text + (mark - here), source)));
        }
        let end = self.source_of(inner.end);
        Self { source: self.source, text: inner.text.clone(), marks, end }
    }
}
