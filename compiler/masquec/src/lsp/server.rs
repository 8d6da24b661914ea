//! The loop: messages in, answers and findings out.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, CompletionOptions,
    DiagnosticOptions, DiagnosticServerCapabilities, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DocumentLinkOptions, ExecuteCommandOptions, FoldingRangeProviderCapability,
    HoverProviderCapability, InitializeParams, OneOf, PublishDiagnosticsParams, RenameOptions,
    SelectionRangeProviderCapability, SemanticTokenModifier, SemanticTokenType, SemanticTokensFullOptions,
    SemanticTokensLegend, SemanticTokensOptions, SemanticTokensServerCapabilities, ServerCapabilities,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
};
use masque_host::Host;
use miette::Diagnostic;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::documents::{Analysis, Buffer, path_of};
use super::positions::Encoding;
use super::requests::Analysed;
use super::workspace::Workspace;
use super::{RUN_TEST, TRY_INTENT};
use crate::compile;
use crate::library::Library;
use crate::settings::{LintArguments, Settings};

/// Why the server ended otherwise than by the editor's wish.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum LspError {
    #[error("the editor broke off the conversation: {0}")]
    #[diagnostic(help(
        "`masquec lsp` speaks the Language Server Protocol over standard input and output; an editor starts it"
    ))]
    Protocol(String),
}

/// Why a request is not answered.
pub(super) struct Failure {
    code: ErrorCode,
    message: String,
}

impl Failure {
    pub(super) fn invalid(message: &str) -> Self {
        Self { code: ErrorCode::InvalidParams, message: message.to_owned() }
    }
}

/// What makes an editor ask for findings again.
const REFRESH: &str = "workspace/diagnostic/refresh";

/// Everything that the server knows.
pub(super) struct Server {
    pub(super) encoding: Encoding,
    pub(super) library: Library,
    settings: Settings,
    pub(super) workspace: Workspace,
    buffers: HashMap<String, Buffer>,
    /// Those whose findings the editor has not been told since they changed.
    stale: BTreeSet<String>,
    pub(super) host: Option<Host>,
    /// Whether the editor asks for findings by itself, so that those it is told would be there twice.
    pulls: bool,
}

/// Serves one editor until it says `exit`.
pub(crate) fn run(library: Library) -> Result<(), LspError> {
    let (connection, threads) = Connection::stdio();
    let protocol = |error: &dyn std::fmt::Display| LspError::Protocol(error.to_string());
    let (id, params) = connection.initialize_start().map_err(|error| protocol(&error))?;
    let pulls = pulls(&params);
    let params: InitializeParams = serde_json::from_value(params).map_err(|error| protocol(&error))?;
    let general = params.capabilities.general.as_ref();
    let encoding = Encoding::negotiated(general.and_then(|general| general.position_encodings.as_deref()));
    let answer = json!({
        "capabilities": capabilities(encoding),
        "serverInfo": { "name": "masquec", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer).map_err(|error| protocol(&error))?;
    let mut server = Server {
        encoding,
        library,
        settings: Settings::new(&LintArguments::default()),
        workspace: Workspace::new(roots(&params)),
        buffers: HashMap::new(),
        stale: BTreeSet::new(),
        host: None,
        pulls,
    };
    server.serve(&connection).map_err(|error| protocol(&error))?;
    // The thread that reads standard input ends with it, which the editor may keep open.
    drop(connection);
    drop(threads);
    Ok(())
}

/// Whether an editor asks for findings, and asks again when it is told to. Read from the message itself: `lsp-types` spells the second of these otherwise
/// than the protocol does.
fn pulls(params: &Value) -> bool {
    let asks = params.pointer("/capabilities/textDocument/diagnostic").is_some();
    let refresh = params.pointer("/capabilities/workspace/diagnostics/refreshSupport");
    asks && refresh == Some(&Value::Bool(true))
}

#[expect(deprecated, reason = "older editors name their folder by it alone")]
fn roots(params: &InitializeParams) -> Vec<PathBuf> {
    let folders = params.workspace_folders.iter().flatten().map(|folder| path_of(&folder.uri));
    let mut roots: Vec<PathBuf> = folders.collect();
    if roots.is_empty() {
        roots.extend(params.root_uri.as_ref().map(path_of));
    }
    roots
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let text_document_sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        ..TextDocumentSyncOptions::default()
    };
    let actions = vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL];
    let signs = [":", "\"", "/", " "].map(str::to_owned).to_vec();
    let kinds = super::wire::TOKEN_KINDS.map(|(_, name)| SemanticTokenType::new(name)).to_vec();
    let legend = SemanticTokensLegend {
        token_types: kinds,
        token_modifiers: vec![SemanticTokenModifier::DECLARATION],
    };
    let full = Some(SemanticTokensFullOptions::Bool(true));
    let tokens = SemanticTokensOptions { legend, full, ..SemanticTokensOptions::default() };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(text_document_sync)),
        diagnostic_provider: Some(DiagnosticServerCapabilities::Options(DiagnosticOptions {
            identifier: Some("masquec".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: false,
            ..DiagnosticOptions::default()
        })),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(actions),
            ..CodeActionOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(signs),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp_types::WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(tokens)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp_types::WorkDoneProgressOptions::default(),
        }),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: [TRY_INTENT, RUN_TEST].map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

impl Server {
    fn serve(&mut self, connection: &Connection) -> Result<(), String> {
        // The library hands over one message at a time; here all that have arrived can be looked through.
        let (sender, arrived) = channel();
        let receiver = connection.receiver.clone();
        std::thread::spawn(move || {
            let mut all = receiver.iter();
            while all.next().is_some_and(|message| sender.send(message).is_ok()) {}
        });
        let mut waiting: VecDeque<Message> = VecDeque::new();
        let mut ending = false;
        loop {
            waiting.extend(arrived.try_iter());
            let Some(message) = waiting.pop_front() else {
                if self.publish_one(connection)? {
                    continue;
                }
                match arrived.recv() {
                    Ok(message) => waiting.push_back(message),
                    Err(_) => return Ok(()),
                }
                continue;
            };
            match message {
                Message::Request(request) => {
                    let response = if ending {
                        failure(request.id, ErrorCode::InvalidRequest, "the server was shut down")
                    } else if request.method == "shutdown" {
                        ending = true;
                        Response::new_ok(request.id, Value::Null)
                    } else if is_cancelled(&request.id, &waiting) {
                        failure(request.id, ErrorCode::RequestCanceled, "cancelled")
                    } else {
                        self.answer(request)
                    };
                    connection.sender.send(Message::Response(response)).map_err(|error| error.to_string())?;
                }
                Message::Notification(notification) if notification.method == "exit" => return Ok(()),
                Message::Notification(notification) => self.note(notification, connection)?,
                Message::Response(_) => {}
            }
        }
    }

    /// Answers a request; whatever goes wrong is an answer too.
    fn answer(&mut self, request: Request) -> Response {
        let id = request.id.clone();
        match catch_unwind(AssertUnwindSafe(|| self.dispatch(request))) {
            Ok(Ok(result)) => Response::new_ok(id, result),
            Ok(Err(Failure { code, message })) => failure(id, code, &message),
            Err(_) => {
                failure(id, ErrorCode::InternalError, "masquec failed on this request; please report it")
            }
        }
    }

    fn dispatch(&mut self, request: Request) -> Result<Value, Failure> {
        let Request { method, params, .. } = request;
        match method.as_str() {
            "textDocument/diagnostic" => value(self.diagnostic(&read(params)?)?),
            "textDocument/codeAction" => value(self.code_action(&read(params)?)?),
            "textDocument/formatting" => value(self.formatting(&read(params)?)?),
            "textDocument/rangeFormatting" => value(self.range_formatting(&read(params)?)?),
            "textDocument/semanticTokens/full" => value(self.semantic_tokens(&read(params)?)?),
            "textDocument/hover" => value(self.hover(&read(params)?)?),
            "textDocument/completion" => value(self.completion(&read(params)?)?),
            "textDocument/definition" => value(self.definition(&read(params)?)?),
            "textDocument/references" => value(self.references(&read(params)?)?),
            "textDocument/prepareRename" => value(self.prepare_rename(&read(params)?)?),
            "textDocument/rename" => value(self.rename(&read(params)?)?),
            "textDocument/documentSymbol" => value(self.document_symbol(&read(params)?)?),
            "textDocument/foldingRange" => value(self.folding_range(&read(params)?)?),
            "textDocument/selectionRange" => value(self.selection_range(&read(params)?)?),
            "textDocument/documentLink" => value(self.document_link(&read(params)?)?),
            "textDocument/codeLens" => value(self.code_lens(&read(params)?)?),
            "workspace/symbol" => value(self.workspace_symbol(&read(params)?)),
            "workspace/executeCommand" => self.execute_command(&read(params)?),
            other => {
                Err(Failure { code: ErrorCode::MethodNotFound, message: format!("`{other}` is not offered") })
            }
        }
    }

    fn note(&mut self, notification: Notification, connection: &Connection) -> Result<(), String> {
        let Notification { method, params } = notification;
        match method.as_str() {
            "textDocument/didOpen" => {
                if let Ok(DidOpenTextDocumentParams { text_document }) = serde_json::from_value(params) {
                    let buffer = Buffer::new(&text_document.uri, &text_document.text, text_document.version);
                    self.library.hold(&buffer.path, Some(Arc::clone(&buffer.text)));
                    self.changed(text_document.uri.as_str(), Some(buffer));
                }
            }
            "textDocument/didChange" => {
                if let Ok(change) = serde_json::from_value::<DidChangeTextDocumentParams>(params) {
                    let (key, version) = (change.text_document.uri.as_str(), change.text_document.version);
                    if let Some(mut buffer) = self.buffers.remove(key) {
                        buffer.change(change.content_changes, version, self.encoding);
                        self.library.hold(&buffer.path, Some(Arc::clone(&buffer.text)));
                        self.changed(key, Some(buffer));
                    }
                }
            }
            "textDocument/didClose" => {
                if let Ok(DidCloseTextDocumentParams { text_document }) = serde_json::from_value(params) {
                    if let Some(buffer) = self.buffers.remove(text_document.uri.as_str()) {
                        self.library.hold(&buffer.path, None);
                    }
                    self.changed(text_document.uri.as_str(), None);
                    // What is not open has no findings to show.
                    publish(connection, text_document.uri, Vec::new(), None)?;
                }
            }
            "textDocument/didSave"
            | "workspace/didChangeWatchedFiles"
            | "workspace/didChangeConfiguration" => {
                self.workspace.forget();
                self.settings = Settings::new(&LintArguments::default());
                let open: Vec<String> = self.buffers.keys().cloned().collect();
                for key in open {
                    self.outdated(&key);
                }
                if self.pulls {
                    let id = RequestId::from(REFRESH.to_owned());
                    let refresh = Request::new(id, REFRESH.to_owned(), Value::Null);
                    connection.sender.send(Message::Request(refresh)).map_err(|error| error.to_string())?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes over a text that has changed, or is open no more. Texts that build on others may say something else now.
    fn changed(&mut self, key: &str, buffer: Option<Buffer>) {
        match buffer {
            Some(buffer) => {
                self.buffers.insert(key.to_owned(), buffer);
                self.stale.insert(key.to_owned());
            }
            None => {
                self.stale.remove(key);
            }
        }
        let builds_on_others = |buffer: &Buffer| {
            buffer.analysis.as_ref().is_none_or(|analysis| analysis.sources.iter().count() > 1)
        };
        let others = self.buffers.iter().filter(|(_, buffer)| builds_on_others(buffer));
        let others: Vec<String> = others.map(|(other, _)| other.clone()).collect();
        for other in others {
            self.outdated(&other);
        }
    }

    fn outdated(&mut self, key: &str) {
        if let Some(buffer) = self.buffers.get_mut(key) {
            buffer.analysis = None;
            self.stale.insert(key.to_owned());
        }
    }

    /// Tells the editor what is found in one text; `false` where there is nothing to tell.
    fn publish_one(&mut self, connection: &Connection) -> Result<bool, String> {
        if self.pulls {
            self.stale.clear();
        }
        let Some(key) = self.stale.pop_first() else { return Ok(false) };
        let (Ok(uri), Some(version)) =
            (key.parse::<Uri>(), self.buffers.get(&key).map(|buffer| buffer.version))
        else {
            return Ok(true);
        };
        let found = catch_unwind(AssertUnwindSafe(|| self.findings(&uri)));
        if let Ok(Ok(found)) = found {
            publish(connection, uri, found, Some(version))?;
        }
        Ok(true)
    }

    /// The text of a URI.
    pub(super) fn buffer(&mut self, uri: &Uri) -> Result<&Buffer, Failure> {
        self.buffers.get(uri.as_str()).ok_or_else(|| Failure::invalid("the text is not open"))
    }

    /// The text of a URI, and what the compiler says of it.
    pub(super) fn analysed(&mut self, uri: &Uri) -> Result<Analysed<'_>, Failure> {
        let buffer =
            self.buffers.get_mut(uri.as_str()).ok_or_else(|| Failure::invalid("the text is not open"))?;
        let analysis = match &buffer.analysis {
            Some(analysis) => Arc::clone(analysis),
            None => {
                let analysis = Arc::new(analyse(&buffer.path, &buffer.text, &self.library, &self.settings));
                buffer.analysis = Some(Arc::clone(&analysis));
                analysis
            }
        };
        Ok((buffer, analysis))
    }

    /// The texts that the editor holds.
    pub(super) fn texts(&self) -> Vec<Arc<str>> {
        self.buffers.values().map(|buffer| Arc::clone(&buffer.text)).collect()
    }
}

fn analyse(path: &Path, text: &str, library: &Library, settings: &Settings) -> Analysis {
    let name = path.display().to_string();
    let mut compiled = compile::compile(name.clone(), text.as_bytes().to_vec(), library);
    settings.apply(path, &mut compiled.found);
    let notation = masque_syntax::detect(&name, text);
    let document = masque_syntax::parse_as(notation, compiled.id, text).document;
    let size = compiled.program.map(|program| program.component().len());
    let compile::Compiled { sources, id, found, .. } = compiled;
    Analysis { sources, id, found, notation, document, size }
}

fn publish(
    connection: &Connection,
    uri: Uri,
    diagnostics: Vec<lsp_types::Diagnostic>,
    version: Option<i32>,
) -> Result<(), String> {
    let params = PublishDiagnosticsParams { uri, diagnostics, version };
    let notification = Notification::new("textDocument/publishDiagnostics".to_owned(), params);
    connection.sender.send(Message::Notification(notification)).map_err(|error| error.to_string())
}

/// Whether the editor has taken a request back before it was looked at.
fn is_cancelled(id: &RequestId, waiting: &VecDeque<Message>) -> bool {
    waiting.iter().any(|message| match message {
        Message::Notification(notification) if notification.method == "$/cancelRequest" => {
            serde_json::from_value::<RequestId>(notification.params["id"].clone())
                .is_ok_and(|wanted| wanted == *id)
        }
        _ => false,
    })
}

fn failure(id: RequestId, code: ErrorCode, message: &str) -> Response {
    Response::new_err(id, code as i32, message.to_owned())
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Failure> {
    serde_json::from_value(params).map_err(|error| Failure::invalid(&error.to_string()))
}

fn value(answer: impl serde::Serialize) -> Result<Value, Failure> {
    serde_json::to_value(answer)
        .map_err(|error| Failure { code: ErrorCode::InternalError, message: error.to_string() })
}
