//! What a YAML syntax error means to an author. The parser says what it expected and where it noticed; most often the cause is one
//! of a few slips that can be named.

use std::ops::Range;

use granit_parser::ErrorKind;
use masque_diagnostics::{Diagnostic, Span};

use crate::findings::Findings;
use crate::problems::{self, Slip};

/// Whether the error is that a value begins with a character that needs quotes.
pub(super) fn is_indicator(text: &str, at: usize, kind: &ErrorKind) -> bool {
    let first = text[at..].chars().next();
    match kind {
        ErrorKind::MissingAnchorOrAliasName => matches!(first, Some('*' | '&')),
        ErrorKind::UnexpectedCharacter { character } => {
            matches!(character, '@' | '`' | '%') && first == Some(*character)
        }
        // A list may well begin with a dash; a dash alone before the end of the line is a score.
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            text[at..].starts_with('-') && {
                let rest = text[at + 1..].trim_start_matches([' ', '\t']);
                rest.is_empty() || rest.starts_with(['\n', '\r', ',', ']', '}', '#'])
            }
        }
        _ => false,
    }
}

/// Where a plain value that begins at `from` ends, had it been read as one: before a comment, the line's end, and in flow style
/// before the next comma or bracket.
pub(super) fn plain_end(text: &str, from: usize, flow: bool) -> usize {
    let line = text[from..].lines().next().unwrap_or("");
    let mut end = line.len();
    for (at, c) in line.char_indices().skip(1) {
        let spaced = line[..at].ends_with([' ', '\t']);
        if (c == '#' && spaced) || (flow && matches!(c, ',' | ']' | '}')) {
            end = at;
            break;
        }
    }
    from + line[..end].trim_end().len()
}

/// The diagnostic for any other syntax error, noticed at `at` after a token that ended at `last_end`; `open` is the innermost
/// bracket that is still open.
pub(super) fn explain(
    text: &str,
    kind: &ErrorKind,
    at: usize,
    last_end: usize,
    open: Option<Span>,
    findings: &Findings,
) -> Diagnostic {
    let here = findings.span(
        at,
        text[at..].chars().next().map_or(at, |c| if c == '\n' || c == '\r' { at } else { at + c.len_utf8() }),
    );
    let slip = match kind {
        ErrorKind::MappingValueNotAllowed => return colon(text, at, here, findings),
        ErrorKind::TabInPlainScalar
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInIndentation => {
            let tab = tab_near(text, at).map_or(here, |tab| findings.span(tab, tab + 1));
            return problems::syntax_slip(tab, &Slip::Tab);
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => {
            let quote = text[last_end.min(at)..].find(['"', '\'']).map(|quote| last_end.min(at) + quote);
            let place = quote.map_or(here, |quote| findings.span(quote, quote + 1));
            return problems::syntax_slip(place, &Slip::UnclosedQuote);
        }
        ErrorKind::UnclosedFlowCollection { open } => Slip::UnclosedBracket(*open),
        ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement => match open {
            Some(open) => {
                return problems::in_open_bracket(
                    here,
                    open,
                    text[open.range()].chars().next().unwrap_or('['),
                );
            }
            None => Slip::Other(kind.to_string()),
        },
        ErrorKind::MisplacedFlowCollectionEnd => Slip::StrayBracket,
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => Slip::MismatchedBracket(*open, *close),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation => Slip::Indentation,
        ErrorKind::SimpleKeyExpected => {
            let line = findings.span(at, plain_end(text, at, false));
            return problems::syntax_slip(line, &Slip::NoColon);
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate => {
            let escape = bad_escape(text, at).map_or(here, |escape| findings.span(escape.start, escape.end));
            return problems::syntax_slip(escape, &Slip::Escape);
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            Slip::ControlCharacter(*character)
        }
        other => Slip::Other(other.to_string()),
    };
    problems::syntax_slip(here, &slip)
}

/// `lens: You are: careful` - the second colon begins a map where none can stand.
fn colon(text: &str, at: usize, here: Span, findings: &Findings) -> Diagnostic {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line_start..at];
    let value = before.find(": ").map(|colon| {
        let value = &before[colon + 1..];
        line_start + colon + 1 + (value.len() - value.trim_start().len())
    });
    match value {
        Some(start)
            if start < at && !text[start..].starts_with(['"', '\'', '|', '>', '[', '{', '&', '!']) =>
        {
            let end = plain_end(text, start, false);
            problems::colon_in_value(here, findings.span(start, end), &text[start..end])
        }
        _ => problems::syntax_slip(here, &Slip::Colon),
    }
}

/// The tab that is in the way: the first of the line's indentation, else the next one.
fn tab_near(text: &str, at: usize) -> Option<usize> {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let before = &text[line_start..at];
    let indentation = &before[..before.len() - before.trim_start().len()];
    indentation.find('\t').map(|tab| line_start + tab).or_else(|| text[at..].find('\t').map(|tab| at + tab))
}

/// The first escape from `at` on that YAML does not know, or that is not complete.
fn bad_escape(text: &str, at: usize) -> Option<Range<usize>> {
    let mut from = at;
    loop {
        let backslash = from + text[from..].find('\\')?;
        let letter = text[backslash + 1..].chars().next()?;
        let end = backslash + 1 + letter.len_utf8();
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '0' | 'a' | 'b' | 't' | '\t' | 'n' | 'v' | 'f' | 'r' | 'e' | ' ' | '"' | '/' | '\\' | 'N'
            | '_' | 'L' | 'P' | '\n' | '\r' => 0,
            _ => return Some(backslash..end),
        };
        let hexadecimal = text[end..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
        let code = u32::from_str_radix(&text[end..end + hexadecimal], 16).unwrap_or(0);
        if hexadecimal < digits || (char::from_u32(code).is_none() && !is_pair(&text[end..])) {
            return Some(backslash..end + hexadecimal);
        }
        // Both halves of a pair are stepped over together.
        from = end + hexadecimal + if digits == 4 && is_pair(&text[end..]) { 6 } else { 0 };
    }
}

/// Whether a text begins with the digits of a high surrogate and the whole escape of a low one.
fn is_pair(text: &str) -> bool {
    let code = |range| text.get(range).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    code(0..4).is_some_and(|code| (0xD800..0xDC00).contains(&code))
        && text.get(4..6) == Some("\\u")
        && code(6..10).is_some_and(|code| (0xDC00..0xE000).contains(&code))
}
