//! The AST as text, in any notation.
//!
//! What is printed reads as the tree that it was printed from, places apart. What a notation has no room for is never left out
//! silently: it is [`Lost`], and nothing is printed.
//!
//! What does not live here: layout of what somebody wrote (`format`), which this ends in.

mod comments;
mod data;
mod expressions;
mod json;
mod language;
mod sections;
mod strings;
mod yaml;

use masque_diagnostics::{Diagnostic, Span};

use crate::ast::{Document, Notation};
use crate::{format, problems};
use comments::Comments;

/// Something that a notation can't say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What would be lost, for a sentence: "the name `careful`".
    pub what: String,
    /// Where it stands.
    pub place: Span,
}

impl Lost {
    /// The finding about it, for a document that was to be printed in this notation.
    pub fn finding(&self, notation: Notation) -> Diagnostic {
        let (notation, help) = match notation {
            Notation::Language => ("the language", "say it in another way before converting"),
            Notation::Yaml => {
                ("YAML", "keep the masque in the language, or say it without conditions and names")
            }
            Notation::Json => ("JSON", "convert to YAML or the language instead"),
        };
        problems::not_convertible(&self.what, notation, help, self.place)
    }
}

/// Prints a document. `source` is the text that it was read from, from which comments are carried over; it may be empty for a tree that
/// was made.
///
/// # Errors
/// With everything that the notation can't say, in the order of the source.
pub fn print(document: &Document, source: &str, notation: Notation) -> Result<String, Vec<Lost>> {
    let comments = Comments::of(document, source);
    let mut lost = Vec::new();
    let text = match (document, notation) {
        (Document::Masque(masque), Notation::Language) => language::masque(masque, comments, &mut lost),
        (Document::Library(library), Notation::Language) => language::library(library, comments, &mut lost),
        (Document::Library(library), Notation::Yaml | Notation::Json) => {
            lost.push(Lost { what: "a library of intent sets".to_owned(), place: library.name.span });
            String::new()
        }
        (Document::Masque(masque), Notation::Yaml) => yaml::print(&sections::of(masque, &mut lost), comments),
        (Document::Masque(masque), Notation::Json) => {
            lost.extend(comments.all().map(|place| Lost { what: "a comment".to_owned(), place }));
            json::print(&sections::of(masque, &mut lost), masque.span.source, &mut lost)
        }
    };
    if lost.is_empty() {
        return Ok(format(notation, source_of(document), &text).unwrap_or(text));
    }
    lost.sort_by_key(|lost| lost.place);
    Err(lost)
}

fn source_of(document: &Document) -> masque_diagnostics::SourceId {
    match document {
        Document::Masque(masque) => masque.span.source,
        Document::Library(library) => library.span.source,
    }
}
