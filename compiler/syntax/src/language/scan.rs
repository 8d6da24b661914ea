//! One look over a file before it is parsed: its comments, and whether its brackets are nested deeper than a recursive parser should go.

use masque_diagnostics::Spanned;

use super::expressions::MAX_NESTING;
use crate::findings::Findings;

/// What one look shows.
pub(crate) struct Scan {
    /// In the order of the text, `#` included.
    pub(crate) comments: Vec<Spanned<String>>,
    /// The first bracket that opens one level too many.
    pub(crate) too_deep: Option<usize>,
}

/// Looks over a file of the language.
pub(crate) fn scan(text: &str, findings: &Findings) -> Scan {
    let bytes = text.as_bytes();
    let mut found = Scan { comments: Vec::new(), too_deep: None };
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(text, at),
            // In `mcp://a#b` it is a part of the word.
            b'#' if !is_in_uri(bytes, at) => {
                let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
                let comment = text[at..end].trim_end();
                found.comments.push(Spanned::new(comment.to_owned(), findings.span(at, at + comment.len())));
                at = end;
            }
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > MAX_NESTING && found.too_deep.is_none() {
                    found.too_deep = Some(at);
                }
                at += 1;
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

/// Whether what stands before `at` is the beginning of a URI, which is the only word that a `#` belongs to.
fn is_in_uri(bytes: &[u8], at: usize) -> bool {
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b'[' | b']' | b'(' | b')' | b',' | b'"')
    };
    let start = bytes[..at].iter().rposition(ends).map_or(0, |found| found + 1);
    bytes[start..at].windows(3).any(|window| window == b"://")
}

/// Just past the string that begins at `start`: its closing quotes, the end of its line, or of the text.
fn end_of_string(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let block = text[start..].starts_with("\"\"\"");
    let mut at = start + if block { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if block && text[at + 1..].starts_with("\"\"\"") => at += 4,
            b'"' if block && text[at..].starts_with("\"\"\"") => return at + 3,
            b'\\' if !block && bytes.get(at + 1).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) => {
                at += 2;
            }
            b'"' if !block => return at + 1,
            b'\n' | b'\r' if !block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}
