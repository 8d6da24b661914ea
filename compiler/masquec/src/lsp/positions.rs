//! Positions of the protocol and byte offsets. Lines end in LF, CRLF or CR; a position past the end of its line is the end of its line.

use lsp_types::{Position, PositionEncodingKind, Range};

/// What columns count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// UTF-8 where the client knows it; every client knows UTF-16.
    pub(crate) fn negotiated(offered: Option<&[PositionEncodingKind]>) -> Self {
        match offered {
            Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => Self::Utf8,
            _ => Self::Utf16,
        }
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes
            .iter()
            .enumerate()
            .filter(|&(at, byte)| *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        Self(std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect())
    }

    pub(crate) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let Some(&start) = self.0.get(position.line as usize) else { return text.len() };
        let end = self.0.get(position.line as usize + 1).copied().unwrap_or(text.len());
        let line = text[start..end].trim_end_matches(['\n', '\r']);
        let (mut column, wanted) = (0, position.character as usize);
        for (at, c) in line.char_indices() {
            if column >= wanted {
                return start + at;
            }
            column += encoding.width(c);
        }
        start + line.len()
    }

    pub(crate) fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.0.partition_point(|&start| start <= offset) - 1;
        let column: usize = text[self.0[line]..offset].chars().map(|c| encoding.width(c)).sum();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: count(line), character: count(column) }
    }

    pub(crate) fn range(&self, text: &str, range: std::ops::Range<usize>, encoding: Encoding) -> Range {
        Range {
            start: self.position(text, range.start, encoding),
            end: self.position(text, range.end, encoding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_go_there_and_back() {
        let text = "a🎭é\tb\r\n\r🎭\nend";
        let lines = Lines::of(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (offset, c) in text.char_indices() {
                if !matches!(c, '\n' | '\r') {
                    let position = lines.position(text, offset, encoding);
                    assert_eq!(lines.offset(text, position, encoding), offset, "{encoding:?} {offset}");
                }
            }
        }
        let at = |encoding, offset| {
            let position = lines.position(text, offset, encoding);
            (position.line, position.character)
        };
        assert_eq!((at(Encoding::Utf8, 5), at(Encoding::Utf16, 5)), ((0, 5), (0, 3)));
        assert_eq!(at(Encoding::Utf16, text.find('e').expect("it is there")), (3, 0));
        let far = Position { line: 0, character: 99 };
        assert_eq!(lines.offset(text, far, Encoding::Utf16), text.find('\r').expect("it is there"));
        assert_eq!(lines.offset(text, Position { line: 99, character: 0 }, Encoding::Utf8), text.len());
    }
}
