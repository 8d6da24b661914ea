//! The AST, the front ends that build it (YAML, mask JSON and the masque language), the one table of fields, and the JSON Schema drawn from it.
//!
//! Reading goes in two steps: a notation is read into one generic tree with places (`yaml`, `json` -> `tree`), and that tree is
//! lowered to the AST by the table (`fields`, `lower`). Reading never fails: what is wrong is reported, with its place, and leaves
//! an error node or nothing.
//!
//! What does not live here: judgement. Whether a version is semantic, a pattern is well-formed, a required top-level field is
//! missing or two masques share an index is for `check`. Nothing here reads a file.

pub mod ast;
mod describe;
mod fields;
mod findings;
mod format;
mod json;
mod language;
mod lower;
mod place;
mod print;
mod problems;
mod quote;
mod schema;
mod tree;
mod words;
mod yaml;

pub use describe::{Described, field_at, fields_at};
pub use format::{NotFormatted, WIDTH, format};
pub use place::place_in_scalar;
pub use print::{Lost, print};
pub use quote::quoted;
pub use schema::schema;
pub use words::Word;

use ast::Notation;
use findings::Findings;
use masque_diagnostics::{Diagnostic, Diagnostics, SourceId, Span};

/// The largest source that is read, in bytes.
pub const MAX_SOURCE_BYTES: usize = 16 << 20;

/// What a source holds.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; `None` only where there is no usable document, which an error then says.
    pub document: Option<ast::Document>,
    /// What was found on the way.
    pub diagnostics: Diagnostics,
}

impl Parsed {
    /// The masque, where the source holds one.
    pub fn masque(&self) -> Option<&ast::Masque> {
        match &self.document {
            Some(ast::Document::Masque(masque)) => Some(masque),
            Some(ast::Document::Library(_)) | None => None,
        }
    }
}

/// The finding about bytes that are no UTF-8, for those who read files: here every source is text.
pub fn not_utf8(span: Span) -> Diagnostic {
    problems::not_utf8(span)
}

/// Reads a source in the notation that [`detect`] finds.
pub fn parse(source: SourceId, name: &str, text: &str) -> Parsed {
    parse_as(detect(name, text), source, text)
}

/// Reads a source in a given notation.
pub fn parse_as(notation: Notation, source: SourceId, text: &str) -> Parsed {
    let mut findings = Findings::new(source);
    let document = if text.len() > MAX_SOURCE_BYTES {
        findings.error(problems::too_large(findings.span(0, 0), MAX_SOURCE_BYTES));
        None
    } else {
        match notation {
            Notation::Yaml => yaml::read(text, &mut findings)
                .and_then(|document| lower::masque(&document, notation, text, &mut findings))
                .map(|masque| ast::Document::Masque(Box::new(masque))),
            Notation::Json => json::read(text, &mut findings)
                .and_then(|document| lower::masque(&document, notation, text, &mut findings))
                .map(|masque| ast::Document::Masque(Box::new(masque))),
            Notation::Language => language::read(text, &mut findings),
        }
    };
    Parsed { document, diagnostics: findings.into_diagnostics() }
}

/// The notation of a source. Content decides: JSON begins with a brace, the language with `use`, `set`, `library` or `masque`. Only a name that ends in `.yaml` or `.yml` makes such a
/// text YAML in flow style, and a name that ends in `.json` makes JSON of a text that begins with a comment, a list or a string.
pub fn detect(name: &str, text: &str) -> Notation {
    let ends_in = |extension: &str| {
        name.len() >= extension.len()
            && name.as_bytes()[name.len() - extension.len()..].eq_ignore_ascii_case(extension.as_bytes())
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().bytes().next() {
        _ if ends_in(".yaml") || ends_in(".yml") => Notation::Yaml,
        _ if !ends_in(".json") && language::begins(text) => Notation::Language,
        _ if ends_in(".masque") && language::may_begin(text) => Notation::Language,
        Some(b'{') => Notation::Json,
        None | Some(b'[' | b'"' | b'/' | b'}') if ends_in(".json") => Notation::Json,
        _ => Notation::Yaml,
    }
}
