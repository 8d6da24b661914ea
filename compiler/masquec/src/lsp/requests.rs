//! What the server answers.

use std::collections::HashMap;
use std::path::Path;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeLens, CodeLensParams, Command,
    CompletionParams, CompletionResponse, DocumentDiagnosticParams, DocumentDiagnosticReport,
    DocumentDiagnosticReportResult, DocumentFormattingParams, DocumentLink, DocumentLinkParams,
    DocumentRangeFormattingParams, DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams,
    FoldingRange, FoldingRangeParams, FullDocumentDiagnosticReport, GotoDefinitionParams,
    GotoDefinitionResponse, HoverContents, HoverParams, Location, PrepareRenameResponse, ReferenceParams,
    RelatedFullDocumentDiagnosticReport, RenameParams, SelectionRange, SelectionRangeParams, SemanticTokens,
    SemanticTokensParams, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};
use masque_check::{Reference, Supply as _};
use masque_diagnostics::{Sources, apply_fixes};
use masque_ide::{Name, Role, Surroundings};
use masque_syntax::ast::{Document, Field};
use serde_json::{Value, json};

use super::documents::{Analysis, Buffer, uri_of};
use super::server::{Failure, Server};
use super::wire;
use crate::library::Library;

type Answer<T> = Result<T, Failure>;

impl Server {
    pub(super) fn diagnostic(
        &mut self,
        params: &DocumentDiagnosticParams,
    ) -> Answer<DocumentDiagnosticReportResult> {
        let items = self.findings(&params.text_document.uri)?;
        let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: None, items };
        let report =
            RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report };
        Ok(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(report)))
    }

    /// What is found in a text, as the protocol says it.
    pub(super) fn findings(&mut self, uri: &Uri) -> Answer<Vec<lsp_types::Diagnostic>> {
        let encoding = self.encoding;
        let (buffer, analysis) = self.analysed(uri)?;
        let own = analysis.found.iter().filter(|found| found.primary.span.source == analysis.id);
        Ok(own.map(|found| wire::diagnostic(found, buffer, &analysis, encoding)).collect())
    }

    #[expect(clippy::mutable_key_type, reason = "the protocol's map is keyed by URIs, which do not change")]
    pub(super) fn code_action(&mut self, params: &CodeActionParams) -> Answer<Vec<CodeActionOrCommand>> {
        let (uri, encoding) = (&params.text_document.uri, self.encoding);
        let (buffer, analysis) = self.analysed(uri)?;
        let start = buffer.lines.offset(&buffer.text, params.range.start, encoding);
        let end = buffer.lines.offset(&buffer.text, params.range.end, encoding);
        let wanted = |kind: &CodeActionKind| {
            let asked = params.context.only.as_deref();
            asked.is_none_or(|asked| asked.iter().any(|asked| kind.as_str().starts_with(asked.as_str())))
        };
        let mut actions = Vec::new();
        if wanted(&CodeActionKind::QUICKFIX) {
            for found in analysis.found.iter().filter(|found| found.primary.span.source == analysis.id) {
                let range = found.primary.span.range();
                let touches = range.start <= end && start <= range.end;
                let own = |fix: &&masque_diagnostics::Fix| {
                    fix.edits.iter().all(|edit| edit.span.source == analysis.id)
                };
                for fix in found.fixes.iter().filter(own).filter(|_| touches) {
                    let found = wire::diagnostic(found, buffer, &analysis, encoding);
                    actions.push(wire::quick_fix(fix, found, uri, buffer, encoding));
                }
            }
        }
        let all = CodeActionKind::SOURCE_FIX_ALL;
        let fixed = apply_fixes(analysis.id, &buffer.text, &analysis.found, false).filter(|_| wanted(&all));
        if let Some(fixed) = fixed {
            let changes = HashMap::from([(uri.clone(), wire::replaced(buffer, &fixed.text, encoding))]);
            actions.push(CodeAction {
                title: "apply all safe fixes".to_owned(),
                kind: Some(all),
                edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
                ..CodeAction::default()
            });
        }
        Ok(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
    }

    pub(super) fn formatting(&mut self, params: &DocumentFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
        let encoding = self.encoding;
        let buffer = self.buffer(&params.text_document.uri)?;
        let name = buffer.path.display().to_string();
        let id = Sources::new().add("", "");
        let laid_out = masque_syntax::format(masque_syntax::detect(&name, &buffer.text), id, &buffer.text);
        // What can't be laid out is left as it is: what is wrong with it is shown anyway.
        Ok(laid_out.ok().map(|text| wire::replaced(buffer, &text, encoding)))
    }

    pub(super) fn range_formatting(
        &mut self,
        params: &DocumentRangeFormattingParams,
    ) -> Answer<Option<Vec<TextEdit>>> {
        let buffer = self.buffer(&params.text_document.uri)?;
        let name = buffer.path.display().to_string();
        let id = Sources::new().add("", "");
        let laid_out = masque_syntax::format(masque_syntax::detect(&name, &buffer.text), id, &buffer.text);
        let lines = params.range.start.line..=params.range.end.line;
        Ok(laid_out.ok().map(|text| wire::changed_lines(&buffer.text, &text, lines)))
    }

    pub(super) fn semantic_tokens(&mut self, params: &SemanticTokensParams) -> Answer<SemanticTokens> {
        let encoding = self.encoding;
        let (buffer, analysis) = self.analysed(&params.text_document.uri)?;
        let tokens = analysis.document.as_ref().map(|document| masque_ide::tokens(document, &buffer.text));
        Ok(SemanticTokens {
            result_id: None,
            data: wire::tokens(&tokens.unwrap_or_default(), buffer, encoding),
        })
    }

    pub(super) fn hover(&mut self, params: &HoverParams) -> Answer<Option<lsp_types::Hover>> {
        let encoding = self.encoding;
        let at = &params.text_document_position_params;
        let (buffer, analysis) = self.analysed(&at.text_document.uri)?;
        let offset = buffer.lines.offset(&buffer.text, at.position, encoding);
        let masque = match &analysis.document {
            Some(Document::Masque(masque)) => Some(&**masque),
            Some(Document::Library(_)) | None => None,
        };
        let hover = masque_ide::hover(analysis.notation, &buffer.text, masque, offset);
        Ok(hover.map(|hover| lsp_types::Hover {
            contents: HoverContents::Markup(wire::markdown(hover.text)),
            range: Some(buffer.lines.range(&buffer.text, hover.range, encoding)),
        }))
    }

    pub(super) fn completion(&mut self, params: &CompletionParams) -> Answer<CompletionResponse> {
        let encoding = self.encoding;
        let at = &params.text_document_position;
        let mut around = self.surroundings();
        let (buffer, analysis) = self.analysed(&at.text_document.uri)?;
        let given = analysis.document.as_ref().map(masque_ide::names).unwrap_or_default();
        around.names =
            given.into_iter().filter(|name| name.role == Role::Value).map(|name| name.text).collect();
        let offset = buffer.lines.offset(&buffer.text, at.position, encoding);
        let (caret, found) = masque_ide::complete(analysis.notation, &buffer.text, offset, &around);
        let item = |found| wire::completion(found, caret.word.clone(), buffer, encoding);
        Ok(CompletionResponse::Array(found.into_iter().map(item).collect()))
    }

    fn surroundings(&mut self) -> Surroundings {
        let (masques, libraries) = Library::standard_references();
        let sets = self.standard_sets().to_vec();
        Surroundings { masques, libraries, sets, uris: self.workspace_uris(), names: Vec::new() }
    }

    pub(super) fn definition(
        &mut self,
        params: &GotoDefinitionParams,
    ) -> Answer<Option<GotoDefinitionResponse>> {
        let at = &params.text_document_position_params;
        if let Some(location) = self.referred(at)? {
            return Ok(Some(GotoDefinitionResponse::Scalar(location)));
        }
        let same = self.same_names(at)?;
        let given = same.into_iter().find(|(name, _)| matches!(name.role, Role::Value | Role::Set));
        Ok(given.map(|(_, location)| GotoDefinitionResponse::Scalar(location)))
    }

    /// The file that `extends` or `use` names at a position.
    fn referred(&mut self, at: &TextDocumentPositionParams) -> Answer<Option<Location>> {
        let encoding = self.encoding;
        let library = self.library.clone();
        let (buffer, analysis) = self.analysed(&at.text_document.uri)?;
        let offset = buffer.lines.offset(&buffer.text, at.position, encoding);
        let Some(Document::Masque(masque)) = &analysis.document else { return Ok(None) };
        let uses = masque.uses.get().into_iter().flat_map(|uses| &uses.value).map(|used| &used.value.library);
        let written = std::iter::once(&masque.extends).chain(uses).filter_map(Field::get);
        let Some(written) = written.into_iter().find(|written| {
            let range = written.span.range();
            range.start <= offset && offset <= range.end
        }) else {
            return Ok(None);
        };
        Ok(target(&library, &buffer.path, &written.value)
            .map(|uri| Location { uri, range: lsp_types::Range::default() }))
    }

    pub(super) fn references(&mut self, params: &ReferenceParams) -> Answer<Vec<Location>> {
        let same = self.same_names(&params.text_document_position)?;
        let wanted =
            |name: &Name| params.context.include_declaration || !matches!(name.role, Role::Value | Role::Set);
        Ok(same.into_iter().filter(|(name, _)| wanted(name)).map(|(_, location)| location).collect())
    }

    /// Every place of the name at a position.
    fn same_names(&mut self, at: &TextDocumentPositionParams) -> Answer<Vec<(Name, Location)>> {
        let encoding = self.encoding;
        let uri = at.text_document.uri.clone();
        let (buffer, analysis) = self.analysed(&uri)?;
        let offset = buffer.lines.offset(&buffer.text, at.position, encoding);
        let Some(document) = &analysis.document else { return Ok(Vec::new()) };
        let Some(wanted) = masque_ide::name_at(document, offset) else { return Ok(Vec::new()) };
        let same = masque_ide::names(document).into_iter().filter(|name| name.is_same(&wanted));
        let place = |name: Name| {
            let range = buffer.lines.range(&buffer.text, name.range.clone(), encoding);
            (name, Location { uri: uri.clone(), range })
        };
        Ok(same.map(place).collect())
    }

    pub(super) fn prepare_rename(
        &mut self,
        at: &TextDocumentPositionParams,
    ) -> Answer<Option<PrepareRenameResponse>> {
        let same = self.same_names(at)?;
        let given = same.iter().any(|(name, _)| matches!(name.role, Role::Value | Role::Set));
        let here = same
            .iter()
            .find(|(_, location)| location.range.start <= at.position && at.position <= location.range.end);
        Ok(here.filter(|_| given).map(|(_, location)| PrepareRenameResponse::Range(location.range)))
    }

    #[expect(clippy::mutable_key_type, reason = "the protocol's map is keyed by URIs, which do not change")]
    pub(super) fn rename(&mut self, params: &RenameParams) -> Answer<WorkspaceEdit> {
        let name = &params.new_name;
        let sound = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if !sound {
            return Err(Failure::invalid(
                "a name is made of letters, digits, `_` and `-`, and begins with a letter",
            ));
        }
        let at = &params.text_document_position;
        let same = self.same_names(at)?;
        if !same.iter().any(|(name, _)| matches!(name.role, Role::Value | Role::Set)) {
            return Err(Failure::invalid(
                "only a parameter, a `let` or a set of this file can be renamed here",
            ));
        }
        let edits =
            same.into_iter().map(|(_, at)| TextEdit { range: at.range, new_text: name.clone() }).collect();
        let changes = HashMap::from([(at.text_document.uri.clone(), edits)]);
        Ok(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
    }

    pub(super) fn document_symbol(
        &mut self,
        params: &DocumentSymbolParams,
    ) -> Answer<DocumentSymbolResponse> {
        let encoding = self.encoding;
        let (buffer, analysis) = self.analysed(&params.text_document.uri)?;
        let symbols = analysis.document.as_ref().map(masque_ide::symbols).unwrap_or_default();
        let shown = |symbol| wire::symbol(symbol, &buffer.text, &buffer.lines, encoding);
        Ok(DocumentSymbolResponse::Nested(symbols.iter().map(shown).collect()))
    }

    pub(super) fn folding_range(&mut self, params: &FoldingRangeParams) -> Answer<Vec<FoldingRange>> {
        let encoding = self.encoding;
        let (buffer, analysis) = self.analysed(&params.text_document.uri)?;
        let Some(document) = &analysis.document else { return Ok(Vec::new()) };
        let folds = masque_ide::folds(document, &buffer.text);
        Ok(folds.iter().map(|fold| wire::fold(fold, buffer, encoding)).collect())
    }

    pub(super) fn selection_range(&mut self, params: &SelectionRangeParams) -> Answer<Vec<SelectionRange>> {
        let encoding = self.encoding;
        let (buffer, analysis) = self.analysed(&params.text_document.uri)?;
        let select = |position: &lsp_types::Position| {
            let offset = buffer.lines.offset(&buffer.text, *position, encoding);
            let ranges = masque_ide::selections(analysis.document.as_ref(), &buffer.text, offset);
            let ranges = ranges.into_iter().map(|range| buffer.lines.range(&buffer.text, range, encoding));
            wire::selection(ranges.collect())
        };
        Ok(params.positions.iter().filter_map(select).collect())
    }

    pub(super) fn document_link(&mut self, params: &DocumentLinkParams) -> Answer<Vec<DocumentLink>> {
        let encoding = self.encoding;
        let library = self.library.clone();
        let (buffer, analysis) = self.analysed(&params.text_document.uri)?;
        let Some(Document::Masque(masque)) = &analysis.document else { return Ok(Vec::new()) };
        let uses = masque.uses.get().into_iter().flat_map(|uses| &uses.value).map(|used| &used.value.library);
        let written = std::iter::once(&masque.extends).chain(uses).filter_map(Field::get);
        let link = |written: &masque_diagnostics::Spanned<String>| {
            Some(DocumentLink {
                range: buffer.lines.range(&buffer.text, written.span.range(), encoding),
                target: Some(target(&library, &buffer.path, &written.value)?),
                tooltip: None,
                data: None,
            })
        };
        Ok(written.filter_map(link).collect())
    }

    pub(super) fn code_lens(&mut self, params: &CodeLensParams) -> Answer<Vec<CodeLens>> {
        let encoding = self.encoding;
        let uri = params.text_document.uri.clone();
        let (buffer, analysis) = self.analysed(&uri)?;
        let Some(document) = &analysis.document else { return Ok(Vec::new()) };
        let symbols = masque_ide::symbols(document);
        let lens =
            |range: std::ops::Range<usize>, title: String, command: &str, arguments: Vec<Value>| CodeLens {
                range: buffer.lines.range(&buffer.text, range, encoding),
                command: Some(Command { title, command: command.to_owned(), arguments: Some(arguments) }),
                data: None,
            };
        let mut lenses = Vec::new();
        for symbol in &symbols {
            if let Some(size) = analysis.size {
                lenses.push(lens(symbol.focus.clone(), format!("{size} bytes"), "", Vec::new()));
            }
            let tests = symbol.children.iter().filter(|child| child.kind == masque_ide::SymbolKind::Test);
            for test in tests {
                let arguments = vec![json!(uri.as_str()), json!(test.name)];
                lenses.push(lens(test.focus.clone(), "run test".to_owned(), super::RUN_TEST, arguments));
            }
        }
        Ok(lenses)
    }

    pub(super) fn execute_command(&mut self, params: &ExecuteCommandParams) -> Answer<Value> {
        let text = |at: usize| params.arguments.get(at).and_then(Value::as_str);
        let uri = text(0).and_then(|uri| uri.parse::<Uri>().ok());
        let (Some(uri), Some(asked)) = (uri, text(1)) else {
            return Err(Failure::invalid(
                "the command takes the URI of an open text, and an intent or the name of a test",
            ));
        };
        let asked = asked.to_owned();
        match params.command.as_str() {
            super::TRY_INTENT => self.try_intent(&uri, &asked),
            super::RUN_TEST => self.run_test(&uri, &asked),
            other => Err(Failure::invalid(&format!("there is no command `{other}`"))),
        }
    }
}

/// The file that a reference leads to, as far as there is one on disk.
fn target(library: &Library, from: &Path, written: &str) -> Option<Uri> {
    let reference = Reference::parse(written).ok()?;
    let candidates = library.candidates(&from.display().to_string(), &reference);
    let file = candidates.files.into_iter().find(|file| Path::new(&file.name).is_file())?;
    uri_of(Path::new(&file.name))
}

/// Keeps the two halves of an answer together.
pub(super) type Analysed<'b> = (&'b Buffer, std::sync::Arc<Analysis>);
