//! Normalisation of text, and where its clauses are.

use std::borrow::Cow;
use std::ops::Range;

/// The white space outside ASCII: Unicode's property `White_Space`. A test compares it with the standard library's table.
pub(crate) const WIDE_SPACES: [char; 19] = [
    '\u{85}', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}', '\u{2004}', '\u{2005}',
    '\u{2006}', '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}', '\u{2028}', '\u{2029}', '\u{202f}',
    '\u{205f}', '\u{3000}',
];

/// Trims the text, squeezes every run of Unicode white space (line ends included) to one space, and folds ASCII case.
///
/// A pattern takes a text exactly if its glob matches this. NFKC is not applied: for intents it is the caller's precondition.
#[must_use]
pub fn normalise(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return Cow::Borrowed(text);
    }
    let mut normal = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    normal.make_ascii_lowercase();
    Cow::Owned(normal)
}

fn is_normal(text: &str) -> bool {
    let mut after_space = true;
    for c in text.chars() {
        if c.is_ascii_uppercase() || (c.is_whitespace() && (c != ' ' || after_space)) {
            return false;
        }
        after_space = c == ' ';
    }
    !after_space || text.is_empty()
}

/// What a scalar becomes under normalisation, runs of spaces apart.
pub(crate) fn fold(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c.to_ascii_lowercase() }
}

/// The words that separate clauses.
pub(crate) const SEPARATOR_WORDS: [&str; 2] = ["and", "then"];

/// The clauses of a raw text as byte ranges, trimmed, without the empty ones.
///
/// Clauses are cut at `,`, `;` and `&&`, and at "and" and "then" as whole words: a word is a maximal run of scalars that are neither
/// white space nor part of such a separator.
pub(crate) fn clauses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cut = |range: Range<usize>| {
        let (clause, start) = (&text[range.clone()], range.start);
        let trimmed = clause.trim();
        if !trimmed.is_empty() {
            let start = start + (clause.len() - clause.trim_start().len());
            found.push(start..start + trimmed.len());
        }
    };
    let (mut clause, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        if let Some(width) = separator(&text[at..]) {
            cut(clause..at);
            at += width;
            clause = at;
        } else if c.is_whitespace() {
            at += c.len_utf8();
        } else {
            let end = word_end(text, at);
            if SEPARATOR_WORDS.iter().any(|word| text[at..end].eq_ignore_ascii_case(word)) {
                cut(clause..at);
                clause = end;
            }
            at = end;
        }
    }
    cut(clause..text.len());
    found
}

fn separator(rest: &str) -> Option<usize> {
    match rest.as_bytes() {
        [b',' | b';', ..] => Some(1),
        [b'&', b'&', ..] => Some(2),
        _ => None,
    }
}

fn word_end(text: &str, start: usize) -> usize {
    text[start..]
        .char_indices()
        .map(|(offset, c)| (start + offset, c))
        .find(|&(at, c)| c.is_whitespace() || separator(&text[at..]).is_some())
        .map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_normalise() {
        for (raw, normal) in [
            ("", ""),
            ("  \t\r\n", ""),
            ("deploy", "deploy"),
            ("  Deploy \u{3000}\u{a0} the\nSTACK ", "deploy the stack"),
            ("Ärger Ä", "Ärger Ä"),
            ("a\u{200b}b", "a\u{200b}b"),
        ] {
            assert_eq!(normalise(raw), normal, "{raw:?}");
            assert!(matches!(normalise(normal), Cow::Borrowed(_)), "{normal:?} is normal already");
        }
    }

    #[test]
    fn white_space_is_that_of_unicode() {
        let spaces: Vec<char> = ('\u{80}'..=char::MAX).filter(|c| c.is_whitespace()).collect();
        assert_eq!(spaces, WIDE_SPACES);
    }

    #[test]
    fn clauses_are_cut() {
        let cases: [(&str, &[&str]); 14] = [
            ("", &[]),
            (" and , ;then&&", &[]),
            ("deploy grafana", &["deploy grafana"]),
            ("deploy grafana and prometheus", &["deploy grafana", "prometheus"]),
            ("Read it AND\nThen  write it", &["Read it", "write it"]),
            ("band, andy; hand", &["band", "andy", "hand"]),
            ("a&b", &["a&b"]),
            ("a&&b", &["a", "b"]),
            ("a&&&b", &["a", "&b"]),
            ("a &&and b", &["a", "b"]),
            ("a &and b", &["a &and b"]),
            ("a and& b", &["a and& b"]),
            ("a and&& b", &["a", "b"]),
            ("then,then a", &["a"]),
        ];
        for (text, expected) in cases {
            let found: Vec<&str> = clauses(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
