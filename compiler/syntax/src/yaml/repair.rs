//! Fixes of YAML syntax errors. A fix is offered only where the text that it gives is well-formed.

use granit_parser::{ErrorKind, Parser};
use masque_diagnostics::{Applicability, Edit, Fix};

use crate::findings::Findings;

/// The fix of an error that was noticed at `at`, if there is a likely one. `closers` are the brackets that would close what is open.
pub(super) fn of(text: &str, kind: &ErrorKind, at: usize, closers: &str, findings: &Findings) -> Option<Fix> {
    match kind {
        ErrorKind::TabInPlainScalar
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInIndentation => spaces(text, findings),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement
            if !closers.is_empty() =>
        {
            close(text, at, closers, findings)
        }
        _ => None,
    }
}

/// Two spaces for each tab of the text's indentation.
fn spaces(text: &str, findings: &Findings) -> Option<Fix> {
    let mut edits = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tabs = line[..indentation].match_indices('\t');
        edits.extend(
            tabs.map(|(tab, _)| Edit { span: findings.span(at + tab, at + tab + 1), text: "  ".to_owned() }),
        );
        at += line.len();
    }
    offered("replace tabs with spaces", edits, text, Applicability::Safe)
}

/// The missing brackets, before the place where they were missed.
fn close(text: &str, at: usize, closers: &str, findings: &Findings) -> Option<Fix> {
    let line_start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    // Noticed on the next line, or at the end of the text.
    [at, line_start].into_iter().find_map(|before| {
        let end = text[..before].trim_end().len();
        let edit = Edit { span: findings.span(end, end), text: closers.to_owned() };
        // Where it should have ended only the author knows.
        offered(&format!("add `{closers}`"), vec![edit], text, Applicability::Unsafe)
    })
}

fn offered(title: &str, edits: Vec<Edit>, text: &str, applicability: Applicability) -> Option<Fix> {
    let mut fixed = text.to_owned();
    for edit in edits.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    let well_formed = Parser::new_from_str(&fixed).all(|event| event.is_ok());
    (!edits.is_empty() && well_formed).then(|| Fix { title: title.to_owned(), edits, applicability })
}
