//! What a YAML syntax error means to an author. The parser says what it expected and where it noticed; most often the cause is one
//! of a few slips that can be named.

use granit_parser::ErrorKind;
use masque_diagnostics::{Diagnostic, Span};

use crate::findings::Findings;
use crate::problems::{self, Slip};

/// Whether the error is that a value begins with a character that needs quotes.
pub(super) fn is_indicator(text: &str, at: usize, kind: &ErrorKind) -> bool {
    let first = text[at..].chars().next();
    match kind {
        ErrorKind::MissingAnchorOrAliasName => matches!(first, Some('*' | '&')),
        ErrorKind::UnexpectedCharacter { character } => matches!(character, '@' | '`' | '%') && first == Some(*character),
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
    let here = findings.span(at, text[at..].chars().next().map_or(at, |c| if c == '\n' || c == '\r' { at } else { at + c.len_utf8() }));
    let slip = match kind {
        ErrorKind::MappingValueNotAllowed => return colon(text, at, here, findings),
        ErrorKind::TabInPlainScalar | ErrorKind::TabInBlockIndentation | ErrorKind::TabNotAllowed | ErrorKind::TabInIndentation => {
            let tab = text[at..].find('\t').map_or(here, |tab| findings.span(at + tab, at + tab + 1));
            return problems::syntax_slip(tab, &Slip::Tab);
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
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
            Some(open) => return problems::in_open_bracket(here, open, text[open.range()].chars().next().unwrap_or('[')),
            None => Slip::Other(kind.to_string()),
        },
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => Slip::MismatchedBracket(*open, *close),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::InvalidIndentation => Slip::Indentation,
        ErrorKind::SimpleKeyExpected => {
            let line = findings.span(at, plain_end(text, at, false));
            return problems::syntax_slip(line, &Slip::NoColon);
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => Slip::Escape,
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => Slip::ControlCharacter(*character),
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
        Some(start) if start < at && !text[start..].starts_with(['"', '\'', '|', '>', '[', '{', '&', '!']) => {
            let end = plain_end(text, start, false);
            problems::colon_in_value(here, findings.span(start, end), &text[start..end])
        }
        _ => problems::syntax_slip(here, &Slip::Colon),
    }
}
