//! What other sources of the workspace say, as far as completion and symbols need it. Files are looked at when something is asked for the first
//! time, and again after the editor has said that files changed.

use std::path::{Path, PathBuf};

use lsp_types::{Location, SymbolInformation, WorkspaceSymbolParams};
use masque_diagnostics::Sources;
use masque_syntax::ast::Document;

use super::documents::uri_of;
use super::positions::Lines;
use super::server::Server;
use super::wire;
use crate::compile;
use crate::files;
use crate::library::STANDARD;

/// The most sources of a workspace that are looked at.
const MOST_FILES: usize = 20_000;

/// The most symbols that are answered.
const MOST_SYMBOLS: usize = 256;

/// What was found in the workspace.
#[derive(Default)]
pub(super) struct Workspace {
    roots: Vec<PathBuf>,
    /// `None` until something is asked.
    files: Option<Vec<PathBuf>>,
    uris: Option<Vec<String>>,
    sets: Option<Vec<String>>,
}

impl Workspace {
    pub(super) fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots, ..Self::default() }
    }

    /// Forgets what files were read for.
    pub(super) fn forget(&mut self) {
        (self.files, self.uris) = (None, None);
    }

    fn files(&mut self) -> &[PathBuf] {
        let roots = &self.roots;
        self.files.get_or_insert_with(|| {
            let mut found = Vec::new();
            for root in roots {
                walk(root, &mut found);
            }
            found
        })
    }
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let hidden = name.as_encoded_bytes().starts_with(b".") || name == "node_modules" || name == "target";
        let Ok(kind) = entry.file_type() else { continue };
        if found.len() >= MOST_FILES || hidden {
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), found);
        } else if compile::is_source(&entry.path()) {
            found.push(entry.path());
        }
    }
}

impl Server {
    /// The URIs of knowledge and skills that sources of the workspace name.
    pub(super) fn workspace_uris(&mut self) -> Vec<String> {
        if self.workspace.uris.is_none() {
            let mut uris = Vec::new();
            for path in self.workspace.files().to_vec() {
                let Ok(bytes) = files::read(&path, compile::SOURCE_LIMIT) else { continue };
                uris_of(&String::from_utf8_lossy(&bytes), &mut uris);
            }
            uris.sort();
            uris.dedup();
            self.workspace.uris = Some(uris);
        }
        let mut uris = self.workspace.uris.clone().unwrap_or_default();
        for text in self.texts() {
            uris_of(&text, &mut uris);
        }
        uris.sort();
        uris.dedup();
        uris
    }

    /// The paths of the standard library's sets.
    pub(super) fn standard_sets(&mut self) -> &[String] {
        self.workspace.sets.get_or_insert_with(|| {
            let mut sets = Vec::new();
            for (name, _, text) in STANDARD {
                let id = Sources::new().add(*name, *text);
                if let Some(Document::Library(library)) = masque_syntax::parse(id, "a.masque", text).document
                {
                    let path = |set: &str| match name.rsplit('/').next() == Some(set) {
                        true => format!("std/{name}"),
                        false => format!("std/{name}/{set}"),
                    };
                    sets.extend(library.sets.iter().map(|set| path(&set.value.name.value)));
                }
            }
            sets
        })
    }

    /// Masques, libraries and what they hold, by a part of their name.
    #[expect(deprecated, reason = "a field of the protocol that has to be filled")]
    pub(super) fn workspace_symbol(&mut self, params: &WorkspaceSymbolParams) -> Vec<SymbolInformation> {
        let (wanted, encoding) = (params.query.to_lowercase(), self.encoding);
        let mut found = Vec::new();
        for path in self.workspace.files().to_vec() {
            let Ok(bytes) = files::read(&path, compile::SOURCE_LIMIT) else { continue };
            let (Ok(text), Some(uri)) = (String::from_utf8(bytes), uri_of(&path)) else { continue };
            let id = Sources::new().add("", "");
            let Some(document) = masque_syntax::parse(id, &path.display().to_string(), &text).document else {
                continue;
            };
            let lines = Lines::of(&text);
            for symbol in masque_ide::symbols(&document) {
                let inner = symbol.children.iter().map(|child| (child, Some(symbol.name.clone())));
                for (part, container_name) in std::iter::once((&symbol, None)).chain(inner) {
                    if found.len() >= MOST_SYMBOLS {
                        return found;
                    }
                    if part.name.to_lowercase().contains(&wanted) {
                        let shown = wire::symbol(part, &text, &lines, encoding);
                        let location = Location { uri: uri.clone(), range: shown.selection_range };
                        found.push(SymbolInformation {
                            name: shown.name,
                            kind: shown.kind,
                            tags: None,
                            deprecated: None,
                            location,
                            container_name,
                        });
                    }
                }
            }
        }
        found
    }
}

fn uris_of(text: &str, found: &mut Vec<String>) {
    for scheme in ["mcp://", "skill://"] {
        for (at, _) in text.match_indices(scheme) {
            let rest = &text[at..];
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '/' | '-' | '_' | '.')));
            let uri = rest[..end.unwrap_or(rest.len())].trim_end_matches([':', '.']);
            if uri.len() > scheme.len() {
                found.push(uri.to_owned());
            }
        }
    }
}
