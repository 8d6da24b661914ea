//! The texts that the editor holds.

use std::path::PathBuf;
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};
use masque_diagnostics::{Diagnostic, SourceId, Sources};
use masque_syntax::ast::{Document, Notation};

use super::positions::{Encoding, Lines};

/// One text, and what was found out about it.
pub(crate) struct Buffer {
    pub(crate) text: Arc<str>,
    pub(crate) version: i32,
    pub(crate) path: PathBuf,
    pub(crate) lines: Lines,
    /// `None` where the text, or one that it builds on, has changed since.
    pub(crate) analysis: Option<Arc<Analysis>>,
}

/// What the compiler says of a text.
pub(crate) struct Analysis {
    pub(crate) sources: Sources,
    pub(crate) id: SourceId,
    pub(crate) found: Vec<Diagnostic>,
    pub(crate) notation: Notation,
    /// `None` where the text can't be read.
    pub(crate) document: Option<Document>,
    /// The size of the component in bytes; `None` where there is none.
    pub(crate) size: Option<usize>,
}

impl Buffer {
    pub(crate) fn new(uri: &Uri, text: &str, version: i32) -> Self {
        Self { text: text.into(), version, path: path_of(uri), lines: Lines::of(text), analysis: None }
    }

    /// Takes over changes, in their order.
    pub(crate) fn change(
        &mut self,
        changes: Vec<TextDocumentContentChangeEvent>,
        version: i32,
        encoding: Encoding,
    ) {
        let mut text = self.text.to_string();
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let start = self.lines.offset(&text, range.start, encoding);
                    let end = self.lines.offset(&text, range.end, encoding).max(start);
                    text.replace_range(start..end, &change.text);
                }
            }
            self.lines = Lines::of(&text);
        }
        self.text = text.into();
        self.version = version;
        self.analysis = None;
    }
}

/// The file that a URI names; of another scheme, the URI itself, which still tells the notation by its ending.
pub(crate) fn path_of(uri: &Uri) -> PathBuf {
    let text = uri.as_str();
    match text.strip_prefix("file://") {
        Some(path) => PathBuf::from(decoded(path.strip_prefix("localhost").unwrap_or(path))),
        None => PathBuf::from(decoded(text)),
    }
}

/// The URI of a file.
pub(crate) fn uri_of(path: &std::path::Path) -> Option<Uri> {
    let absolute = std::path::absolute(path).ok()?;
    let mut out = String::from("file://");
    for byte in absolute.to_str()?.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out.parse().ok()
}

fn decoded(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::with_capacity(text.len()), 0);
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsp_types::{Position, Range};
    use proptest::prelude::*;

    #[test]
    fn paths_are_uris_and_back() {
        let path = PathBuf::from("/home/me/my masques/é 100%.masque");
        let uri = uri_of(&path).expect("a URI");
        assert_eq!(uri.as_str(), "file:///home/me/my%20masques/%C3%A9%20100%25.masque");
        assert_eq!(path_of(&uri), path);
    }

    proptest! {
        /// Changes of the protocol do to a text what they do to its characters.
        #[test]
        fn changes_are_those_of_the_text(
            start in "[a🎭\n\r]{0,12}",
            edits in prop::collection::vec((0..14_usize, 0..6_usize, "[b🎭\n]{0,3}"), 0..6),
        ) {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let mut buffer = Buffer::new(&"file:///a".parse().expect("a URI"), &start, 0);
                let mut model: Vec<char> = start.chars().collect();
                for (at, length, text) in &edits {
                    let from = (*at).min(model.len());
                    let to = (from + length).min(model.len());
                    let current: String = model.iter().collect();
                    let byte = |count: usize| model[..count].iter().map(|c| c.len_utf8()).sum::<usize>();
                    let lines = Lines::of(&current);
                    let place = |count| lines.position(&current, byte(count), encoding);
                    let range = Range { start: place(from), end: place(to) };
                    // A place inside of CRLF is none that a client names.
                    let splits = |count: usize| count > 0 && count < model.len() && model[count - 1] == '\r' && model[count] == '\n';
                    if splits(from) || splits(to) { continue; }
                    let back = |position: Position| lines.offset(&current, position, encoding);
                    if back(range.start) != byte(from) || back(range.end) != byte(to) { continue; }
                    let change = TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: text.clone() };
                    buffer.change(vec![change], 1, encoding);
                    model.splice(from..to, text.chars());
                    prop_assert_eq!(buffer.text.to_string(), model.iter().collect::<String>());
                }
            }
        }
    }
}
