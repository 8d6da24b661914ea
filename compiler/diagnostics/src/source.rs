//! Source texts and places in them. Every place is a half-open range of byte offsets.

/// Names one text in a [`Sources`] collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u32);

impl SourceId {
    /// The position of the source in its collection.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of bytes, `start..end`, of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text that the offsets count in.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `source`; offsets past 4 GiB are clamped, which no accepted source reaches.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        debug_assert!(start <= end, "a span ends before it starts: {start}..{end}");
        Self { source, start: clamp(start), end: clamp(end) }
    }

    /// An empty span: a place between two bytes.
    pub fn at(source: SourceId, offset: usize) -> Self {
        Self::new(source, offset, offset)
    }

    /// The offsets as a range that indexes the source's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that holds both; both lie in one source.
    pub fn to(self, other: Self) -> Self {
        debug_assert_eq!(self.source, other.source, "spans of two sources can't be joined");
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The number of bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A value and the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }

    /// The same place with the value borrowed.
    pub fn as_ref(&self) -> Spanned<&T> {
        Spanned { value: &self.value, span: self.span }
    }
}

/// A line and a column, both counted from 1; the column counts characters (Unicode scalar values), not bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
}

/// One named text.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

impl Source {
    fn new(name: String, text: String) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at + 1);
        let line_starts =
            std::iter::once(0).chain(after_breaks).map(|at| u32::try_from(at).unwrap_or(u32::MAX)).collect();
        Self { name, text, line_starts }
    }

    /// The name that messages show, usually a path as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, exactly as read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of lines; a text that ends in a line break has an empty last line.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The bytes of line `line` (from 0), its line break included; `None` past the last line.
    pub fn line_range(&self, line: usize) -> Option<std::ops::Range<usize>> {
        let start = *self.line_starts.get(line)? as usize;
        let end = self.line_starts.get(line + 1).map_or(self.text.len(), |&next| next as usize);
        Some(start..end)
    }

    /// The line (from 0) that holds the byte at `offset`; offsets past the end belong to the last line.
    pub fn line_index(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start as usize <= offset) - 1
    }

    /// Line and column of the byte at `offset`; an offset inside a character counts as that character's.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let line = self.line_index(offset);
        let start = self.line_starts[line] as usize;
        let offset = offset.min(self.text.len());
        let before = self.text.as_bytes()[start..offset].iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        let inside = !self.text.is_char_boundary(offset);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        LineColumn { line: count(line + 1), column: count(before + 1 - usize::from(inside)) }
    }
}

/// All the texts of one compilation, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// No sources.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under the name that messages will show.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).expect("fewer than 2^32 sources fit in memory"));
        self.0.push(Source::new(name.into(), text.into()));
        id
    }

    /// The source that `id` names.
    ///
    /// # Panics
    /// When `id` comes from another collection.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.index()]
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        &self.get(span.source).text()[span.range()]
    }

    /// All sources with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.0.iter().zip(0..).map(|(source, index)| (SourceId(index), source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_through_emoji_tabs_and_crlf() {
        let mut sources = Sources::new();
        let id = sources.add("a", "a\r\n\t🎭x\n");
        let source = sources.get(id);
        let place = |offset| {
            let at = source.line_column(offset);
            (at.line, at.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(3), (2, 1), "the tab");
        assert_eq!(place(4), (2, 2), "the emoji");
        assert_eq!(place(6), (2, 2), "inside the emoji");
        assert_eq!(place(8), (2, 3), "the x after four bytes of emoji");
        assert_eq!(place(10), (3, 1), "the end of the text");
        assert_eq!(source.line_count(), 3);
        assert_eq!(source.line_range(0), Some(0..3));
    }
}
