//! Where a block scalar begins. The parser places its content; the header before it (`|`, `>-`, `|2 # note`) has to be found.

use std::ops::Range;

/// The range of a block scalar from its header to the end of its last line of text. `after` is where the token before it ended,
/// `content` what the parser calls its place.
pub(crate) fn whole(text: &str, after: usize, content: Range<usize>) -> Range<usize> {
    let start = header(text, after.min(content.start), content.end).unwrap_or(content.start);
    let trimmed = text[start..content.end].trim_end_matches(['\n', '\r', ' ', '\t']).len();
    let first = text[start..].chars().next().map_or(0, char::len_utf8);
    start..start + trimmed.max(first)
}

/// The first `|` or `>` that is not part of a comment, an anchor or a tag.
fn header(text: &str, from: usize, to: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < to {
        match bytes[at] {
            b'|' | b'>' => return Some(at),
            b'#' => at += text[at..to].find('\n')?,
            b'&' | b'!' => at += text[at..to].find(char::is_whitespace)?,
            _ => at += 1,
        }
    }
    None
}
