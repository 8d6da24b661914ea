//! Plain data into the types of the protocol.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, CodeDescription, CompletionItem, CompletionItemKind, CompletionTextEdit,
    DiagnosticRelatedInformation, DiagnosticSeverity, DocumentSymbol, Documentation, FoldingRange,
    FoldingRangeKind, Location, MarkupContent, MarkupKind, NumberOrString, SelectionRange, SemanticToken,
    TextEdit, Uri, WorkspaceEdit,
};
use masque_diagnostics::{Applicability, Diagnostic, Fix, Label, Severity};
use masque_ide::{Completion, CompletionKind, Fold, Symbol, SymbolKind, Token, TokenKind};

use super::documents::{Analysis, Buffer, uri_of};
use super::positions::{Encoding, Lines};

pub(super) fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

/// A finding about the text of a buffer.
pub(super) fn diagnostic(
    found: &Diagnostic,
    buffer: &Buffer,
    analysis: &Analysis,
    encoding: Encoding,
) -> lsp_types::Diagnostic {
    let mut message = found.message.clone();
    let more = (!found.primary.message.is_empty()).then(|| found.primary.message.clone());
    let notes = found.notes.iter().map(|note| format!("note: {note}"));
    let help = found.help.iter().map(|help| format!("help: {help}"));
    for line in more.into_iter().chain(notes).chain(help) {
        message.push('\n');
        message.push_str(&line);
    }
    let related = found.secondary.iter().filter_map(|label| related(label, analysis, encoding)).collect();
    let address = std::env::var(crate::terminal::DOCS_VARIABLE).ok().filter(|address| !address.is_empty());
    let page =
        address.and_then(|address| format!("{}/{}", address.trim_end_matches('/'), found.code).parse().ok());
    lsp_types::Diagnostic {
        range: buffer.lines.range(&buffer.text, found.primary.span.range(), encoding),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(found.code.to_string())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("masquec".to_owned()),
        message,
        related_information: Some(related),
        tags: None,
        data: None,
    }
}

fn related(label: &Label, analysis: &Analysis, encoding: Encoding) -> Option<DiagnosticRelatedInformation> {
    let source = analysis.sources.get(label.span.source);
    let uri = uri_of(std::path::Path::new(source.name()))?;
    let range = Lines::of(source.text()).range(source.text(), label.span.range(), encoding);
    Some(DiagnosticRelatedInformation { location: Location { uri, range }, message: label.message.clone() })
}

/// The change that a fix makes, as an action of its finding.
#[expect(clippy::mutable_key_type, reason = "the protocol's map is keyed by URIs, which do not change")]
pub(super) fn quick_fix(
    fix: &Fix,
    found: lsp_types::Diagnostic,
    uri: &Uri,
    buffer: &Buffer,
    encoding: Encoding,
) -> CodeAction {
    let edit = |edit: &masque_diagnostics::Edit| TextEdit {
        range: buffer.lines.range(&buffer.text, edit.span.range(), encoding),
        new_text: edit.text.clone(),
    };
    let changes = HashMap::from([(uri.clone(), fix.edits.iter().map(edit).collect())]);
    CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![found]),
        edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
        is_preferred: Some(fix.applicability == Applicability::Safe),
        ..CodeAction::default()
    }
}

/// The whole text replaced, as small as its equal beginning and end allow.
pub(super) fn replaced(buffer: &Buffer, text: &str, encoding: Encoding) -> Vec<TextEdit> {
    let before: &str = &buffer.text;
    if before == text {
        return Vec::new();
    }
    let mut start = before.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    while !before.is_char_boundary(start) || !text.is_char_boundary(start) {
        start -= 1;
    }
    let most = before.len().min(text.len()) - start;
    let mut end = before.bytes().rev().zip(text.bytes().rev()).take(most).take_while(|(a, b)| a == b).count();
    while !before.is_char_boundary(before.len() - end) || !text.is_char_boundary(text.len() - end) {
        end -= 1;
    }
    let range = buffer.lines.range(before, start..before.len() - end, encoding);
    vec![TextEdit { range, new_text: text[start..text.len() - end].to_owned() }]
}

pub(super) fn completion(
    completion: Completion,
    word: std::ops::Range<usize>,
    buffer: &Buffer,
    encoding: Encoding,
) -> CompletionItem {
    let range = buffer.lines.range(&buffer.text, word, encoding);
    let documentation =
        (!completion.doc.is_empty()).then(|| Documentation::MarkupContent(markdown(completion.doc)));
    CompletionItem {
        kind: Some(match completion.kind {
            CompletionKind::Field => CompletionItemKind::FIELD,
            CompletionKind::Word => CompletionItemKind::ENUM_MEMBER,
            CompletionKind::Reference => CompletionItemKind::MODULE,
            CompletionKind::Name => CompletionItemKind::VARIABLE,
            CompletionKind::Uri => CompletionItemKind::REFERENCE,
        }),
        documentation,
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: completion.label.clone() })),
        label: completion.label,
        ..CompletionItem::default()
    }
}

#[expect(deprecated, reason = "a field of the protocol that has to be filled")]
pub(super) fn symbol(symbol: &Symbol, text: &str, lines: &Lines, encoding: Encoding) -> DocumentSymbol {
    DocumentSymbol {
        name: if symbol.name.trim().is_empty() { "?".to_owned() } else { symbol.name.clone() },
        detail: None,
        kind: match symbol.kind {
            SymbolKind::Masque => lsp_types::SymbolKind::CLASS,
            SymbolKind::Library => lsp_types::SymbolKind::MODULE,
            SymbolKind::Block => lsp_types::SymbolKind::NAMESPACE,
            SymbolKind::Entry => lsp_types::SymbolKind::STRING,
            SymbolKind::Value => lsp_types::SymbolKind::VARIABLE,
            SymbolKind::Set => lsp_types::SymbolKind::ARRAY,
            SymbolKind::Test => lsp_types::SymbolKind::METHOD,
        },
        tags: None,
        deprecated: None,
        range: lines.range(text, symbol.range.clone(), encoding),
        selection_range: lines.range(text, inside(&symbol.focus, &symbol.range), encoding),
        children: Some(
            symbol.children.iter().map(|child| self::symbol(child, text, lines, encoding)).collect(),
        ),
    }
}

/// The protocol demands that what is selected lies in the symbol.
fn inside(focus: &std::ops::Range<usize>, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = focus.start.clamp(range.start, range.end);
    start..focus.end.clamp(start, range.end)
}

pub(super) fn fold(fold: &Fold, buffer: &Buffer, encoding: Encoding) -> FoldingRange {
    let text = buffer.text[fold.range.clone()].trim_end();
    let range = buffer.lines.range(&buffer.text, fold.range.start..fold.range.start + text.len(), encoding);
    FoldingRange {
        start_line: range.start.line,
        end_line: range.end.line,
        kind: Some(if fold.comment { FoldingRangeKind::Comment } else { FoldingRangeKind::Region }),
        ..FoldingRange::default()
    }
}

/// Ranges that hold each other, smallest first, as the protocol nests them.
pub(super) fn selection(ranges: Vec<lsp_types::Range>) -> Option<SelectionRange> {
    ranges
        .into_iter()
        .rev()
        .fold(None, |parent, range| Some(SelectionRange { range, parent: parent.map(Box::new) }))
}

/// The kinds of tokens, in the order in which the protocol counts them.
pub(super) const TOKEN_KINDS: [(TokenKind, &str); 5] = [
    (TokenKind::Comment, "comment"),
    (TokenKind::Value, "variable"),
    (TokenKind::Set, "namespace"),
    (TokenKind::Pattern, "regexp"),
    (TokenKind::Reference, "class"),
];

/// Tokens as the protocol counts them: each from the one before.
pub(super) fn tokens(tokens: &[Token], buffer: &Buffer, encoding: Encoding) -> Vec<SemanticToken> {
    let mut last = lsp_types::Position::default();
    let mut counted = Vec::with_capacity(tokens.len());
    for token in tokens {
        let range = buffer.lines.range(&buffer.text, token.range.clone(), encoding);
        let kind = TOKEN_KINDS.iter().position(|(kind, _)| *kind == token.kind).unwrap_or_default();
        let same_line = range.start.line == last.line;
        counted.push(SemanticToken {
            delta_line: range.start.line - last.line,
            delta_start: if same_line {
                range.start.character - last.character
            } else {
                range.start.character
            },
            length: range.end.character - range.start.character,
            token_type: u32::try_from(kind).unwrap_or_default(),
            token_modifiers_bitset: u32::from(token.declared),
        });
        last = range.start;
    }
    counted
}

/// The changes that lead from one text to another in these lines, line by line.
pub(super) fn changed_lines(
    before: &str,
    after: &str,
    lines: std::ops::RangeInclusive<u32>,
) -> Vec<TextEdit> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let diff = similar::TextDiff::from_lines(before, after);
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let edit = |op: &similar::DiffOp| {
        let (old, made) = (op.old_range(), op.new_range());
        let (start, end) = (count(old.start), count(old.end));
        let touched = op.tag() != similar::DiffTag::Equal
            && start <= *lines.end()
            && end.max(start + 1) > *lines.start();
        let at = |line| lsp_types::Position { line, character: 0 };
        touched.then(|| TextEdit {
            range: lsp_types::Range { start: at(start), end: at(end) },
            new_text: new[made].concat(),
        })
    };
    diff.ops().iter().filter_map(edit).collect()
}
