//! The comments of a source, handed out as printing goes on.

use masque_diagnostics::{Span, Spanned};

use crate::ast::Document;

/// Comments that were not printed yet, in the order of the source.
pub(super) struct Comments<'a> {
    left: Vec<&'a Spanned<String>>,
    source: &'a str,
}

/// One comment, `#` included.
pub(super) struct Comment {
    pub(super) text: String,
    /// Whether something stands before it on its line.
    pub(super) trailing: bool,
}

impl<'a> Comments<'a> {
    pub(super) fn of(document: &'a Document, source: &'a str) -> Self {
        let comments = match document {
            Document::Masque(masque) => &masque.comments,
            Document::Library(library) => &library.comments,
        };
        // Without its source, nobody knows what a comment belongs to.
        let left = if source.is_empty() { Vec::new() } else { comments.iter().rev().collect() };
        Self { left, source }
    }

    /// The next one, if it stands before this place.
    pub(super) fn next_before(&mut self, place: u32) -> Option<Comment> {
        self.is_next_before(place).then_some(())?;
        let comment = self.left.pop()?;
        let range = comment.span.range();
        let before = self.source[..range.start].rsplit('\n').next().unwrap_or_default();
        let trailing = !before.trim_matches(['\u{feff}', ' ', '\t']).is_empty();
        Some(Comment { text: self.source[range].trim_end().to_owned(), trailing })
    }

    /// Whether one stands before this place.
    pub(super) fn is_next_before(&self, place: u32) -> bool {
        self.left.last().is_some_and(|comment| comment.span.start < place)
    }

    /// The places of all.
    pub(super) fn all(&self) -> impl Iterator<Item = Span> {
        self.left.iter().map(|comment| comment.span)
    }
}
