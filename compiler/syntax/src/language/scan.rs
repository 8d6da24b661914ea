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
    // Whether a URI has begun, which is the only word that a `#` belongs to, as in `mcp://a#b`.
    let mut in_uri = false;
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                in_uri = false;
                at = end_of_string(text, at);
            }
            b'#' if !in_uri => {
                let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
                let comment = text[at..end].trim_end();
                found.comments.push(Spanned::new(comment.to_owned(), findings.span(at, at + comment.len())));
                at = end;
            }
            b'{' | b'[' | b'(' => {
                in_uri = false;
                depth += 1;
                if depth > MAX_NESTING && found.too_deep.is_none() {
                    found.too_deep = Some(at);
                }
                at += 1;
            }
            b'}' | b']' | b')' => {
                in_uri = false;
                depth = depth.saturating_sub(1);
                at += 1;
            }
            byte => {
                in_uri = !byte.is_ascii_whitespace()
                    && byte != b','
                    && (in_uri || bytes[at..].starts_with(b"://"));
                at += 1;
            }
        }
    }
    found
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
