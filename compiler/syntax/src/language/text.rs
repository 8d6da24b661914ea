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
    /// Where in the source an escape ends, for the byte of the text where what it stands for begins; ascending.
    escapes: Vec<(usize, usize)>,
    end: usize,
}

impl Text {
    /// A text of which nothing was decoded yet, for a scalar that ends at `end` of the source.
    pub(crate) fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, text: String::new(), marks: vec![(0, start)], escapes: Vec::new(), end }
    }

    /// A stretch of the source as it is.
    pub(crate) fn verbatim(source: SourceId, text: &str, start: usize) -> Self {
        let end = start + text.len();
        Self { source, text: text.to_owned(), marks: vec![(0, start)], escapes: Vec::new(), end }
    }

    /// A decoded text whose places are found by `place`, which takes a byte of the text.
    pub(crate) fn mapped(source: SourceId, text: &str, end: usize, place: impl Fn(usize) -> usize) -> Self {
        let marks = text.char_indices().map(|(at, _)| (at, place(at)));
        let marks: Vec<(usize, usize)> = std::iter::once((0, place(0))).chain(marks.skip(1)).collect();
        let wider = text.char_indices().filter_map(|(at, c)| {
            let stop = if at + c.len_utf8() < text.len() { place(at + c.len_utf8()) } else { return None };
            (stop != place(at) + c.len_utf8()).then_some((at, stop))
        });
        let escapes = wider.collect();
        Self { source, text: text.to_owned(), marks, escapes, end }
    }

    /// Goes on with what the escape at `at` of the source stands for, which is `length` bytes long there.
    pub(crate) fn push_escape(&mut self, c: char, at: usize, length: usize) {
        self.escapes.push((self.text.len(), at + length));
        self.push(c.encode_utf8(&mut [0; 4]), at);
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
            return self.end_of(self.text.len() - 1);
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
        // An escape is longer than what it stands for.
        match self.escapes.binary_search_by_key(&first, |&(text, _)| text) {
            Ok(found) => self.escapes[found].1,
            Err(_) => (self.source_of_inside(first) + width).min(self.end),
        }
    }

    /// A part of the text, with its places.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let start = self.source_of_inside(range.start);
        let mut marks = vec![(0, start)];
        let inside = self.marks.iter().filter(|(text, _)| *text > range.start && *text < range.end);
        marks.extend(inside.map(|&(text, source)| (text - range.start, source)));
        let escapes = self.escapes.iter().filter(|(text, _)| range.contains(text));
        let escapes = escapes.map(|&(text, end)| (text - range.start, end)).collect();
        let end = self.span(range.clone()).end as usize;
        Self { source: self.source, text: self.text[range].to_owned(), marks, escapes, end }
    }

    /// A text that was decoded from this one: `inner` counts its places in this text.
    pub(crate) fn outer(&self, inner: &Self) -> Self {
        let mut marks = Vec::new();
        let mut escapes: Vec<(usize, usize)> =
            inner.escapes.iter().map(|&(text, end)| (text, self.end_of(end - 1))).collect();
        for (index, &(text, here)) in inner.marks.iter().enumerate() {
            marks.push((text, self.source_of_inside(here)));
            let until = inner.marks.get(index + 1).map_or(inner.text.len(), |&(next, _)| next);
            let between = self.marks.iter().filter(|(mark, _)| *mark > here && *mark < here + (until - text));
            marks.extend(between.map(|&(mark, source)| (text + (mark - here), source)));
            let between = self.escapes.iter().filter(|(at, _)| *at >= here && *at < here + (until - text));
            let further: Vec<_> = between.map(|&(at, end)| (text + (at - here), end)).collect();
            let known = |at: usize| inner.escapes.iter().any(|&(escape, _)| escape == at);
            escapes.extend(further.into_iter().filter(|&(at, _)| !known(at)));
        }
        escapes.sort_unstable();
        let end = self.source_of(inner.end);
        Self { source: self.source, text: inner.text.clone(), marks, escapes, end }
    }
}
