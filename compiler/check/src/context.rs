//! What every check works with: the source, what was found so far, and the ways to read a field.

use crate::{edit, limits, problems, removal};
use masque_diagnostics::{Diagnostic, Diagnostics, Edit, Source, Span, Spanned};
use masque_syntax::ast::{self, Field, Notation};
use std::ops::Range;

/// One file while it is checked.
pub(crate) struct Context<'a> {
    pub(crate) source: &'a Source,
    pub(crate) notation: Notation,
    /// Which file of the family it is: [`ir::Place::file`](masque_ir::Place::file).
    pub(crate) file: u32,
    insert_at: Span,
    comments: &'a [Spanned<String>],
    found: Diagnostics,
    error_nodes: bool,
}

impl<'a> Context<'a> {
    pub(crate) fn new(source: &'a Source, masque: &'a ast::Masque) -> Self {
        Self {
            source,
            notation: masque.notation,
            file: 0,
            insert_at: masque.insert_at,
            comments: &masque.comments,
            found: Diagnostics::new(),
            error_nodes: false,
        }
    }

    /// Whether the masque can't be built, and all that was found.
    pub(crate) fn finish(self) -> (bool, Diagnostics) {
        (self.error_nodes || self.found.has_errors(), self.found)
    }

    /// The same for a file that is not the masque's own.
    #[allow(dead_code, reason = "for files of a family, which are not built yet")]
    pub(crate) fn at(mut self, file: u32) -> Self {
        self.file = file;
        self
    }

    /// Remembers that something is missing from the tree which was reported elsewhere.
    pub(crate) fn broken(&mut self) {
        self.error_nodes = true;
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// The text of `span` as the author wrote it, quotes included.
    pub(crate) fn raw(&self, span: Span) -> &'a str {
        self.source.text().get(span.range()).unwrap_or_default()
    }

    /// The place of `range`, counted in the decoded text of a scalar at `span`.
    pub(crate) fn inside(&self, span: Span, range: Range<usize>) -> Span {
        masque_syntax::place_in_scalar(self.source.text(), span, range)
    }

    /// A place of this file as the IR keeps it.
    pub(crate) fn place(&self, span: Span) -> masque_ir::Place {
        let start = self.source.line_column(span.range().start);
        masque_ir::Place {
            file: self.file,
            line: start.line,
            column: start.column,
            start: span.start,
            end: span.end,
        }
    }

    /// An edit that adds a field whose value is `value` to `block`, or at the top.
    pub(crate) fn insertion(&self, block: Option<Span>, key: &str, value: &str) -> Edit {
        let text = self.source.text();
        let at = block.map_or(self.insert_at.range().start, |block| edit::first_key(text, block));
        let added = edit::field(text, self.notation, at, self.comments, key, value);
        Edit { span: Span::at(self.insert_at.source, at), text: added }
    }

    /// What goes with an item of a list: [`removal::item`].
    pub(crate) fn removal_of(&self, item: Span) -> Option<Span> {
        removal::item(self.source.text(), self.notation, item)
    }

    /// Where a missing field is shown: at the first key of the file, or at the start of the block it is missing from.
    pub(crate) fn missing_from(&self, block: Option<Span>) -> Span {
        let Some(block) = block else {
            return Span::at(self.insert_at.source, self.insert_at.start as usize);
        };
        let first_line = self.raw(block).lines().next().unwrap_or_default().trim_end();
        Span::new(block.source, block.start as usize, block.start as usize + first_line.len())
    }

    /// The given value. An error node was reported by the front end: it is remembered, never reported again.
    pub(crate) fn given<'f, T>(&mut self, field: &'f Field<T>) -> Option<&'f Spanned<T>> {
        match field {
            Field::Given(value) => Some(value),
            Field::Absent => None,
            Field::Error(_) => {
                self.error_nodes = true;
                None
            }
        }
    }

    /// The given value of a field that `block` has to have. `path` is the field as messages name it: `access.vault_role`.
    pub(crate) fn required<'f, T>(
        &mut self,
        field: &'f Field<T>,
        block: Option<Span>,
        path: &str,
        example: &str,
    ) -> Option<&'f Spanned<T>> {
        if field.is_absent() {
            let place = self.missing_from(block);
            self.report(problems::missing_field(path, place, example));
        }
        self.given(field)
    }

    /// The items of a list, none if it is absent.
    pub(crate) fn items<'f, T>(
        &mut self,
        list: &'f Field<Vec<Spanned<T>>>,
        path: &str,
        most: usize,
    ) -> &'f [Spanned<T>] {
        let Some(items) = self.given(list) else { return &[] };
        if items.value.len() > most {
            let place = items.value[most].span;
            self.report(problems::too_many_items(path, place, items.value.len(), most));
            return &[];
        }
        &items.value
    }

    /// Prose that may be left out; blank prose counts as left out.
    pub(crate) fn prose(&mut self, field: &ast::Text, path: &str, most: usize) -> Option<String> {
        let text = self.given(field)?;
        (self.fits(text, path, most) && !text.value.trim().is_empty()).then(|| text.value.clone())
    }

    /// A text that is shown on one line, without the white space around it.
    pub(crate) fn line(&mut self, text: &Spanned<String>, path: &str) -> Option<String> {
        let line = text.value.trim();
        if line.is_empty() {
            self.report(problems::blank_value(path, text.span));
            return None;
        }
        if let Some((at, control)) = text.value.trim_end().char_indices().find(|(_, c)| c.is_control()) {
            let place = self.inside(text.span, at..at + control.len_utf8());
            self.report(problems::not_one_line(path, place, control));
            return None;
        }
        self.fits(text, path, limits::LINE).then(|| line.to_owned())
    }

    /// The lines of a list, which may be absent.
    pub(crate) fn lines(&mut self, list: &ast::List<String>, path: &str) -> Vec<String> {
        self.items(list, path, limits::ITEMS).iter().filter_map(|item| self.line(item, path)).collect()
    }

    /// A one-line text that may be left out.
    pub(crate) fn optional_line(&mut self, field: &ast::Text, path: &str) -> Option<String> {
        let text = self.given(field)?;
        self.line(text, path)
    }

    /// A one-line text that `block` has to have.
    pub(crate) fn required_line(
        &mut self,
        field: &ast::Text,
        block: Span,
        path: &str,
        example: &str,
    ) -> Option<String> {
        let text = self.required(field, Some(block), path, example)?;
        self.line(text, path)
    }

    /// Whether a text is within its limit; says so if it is not.
    pub(crate) fn fits(&mut self, text: &Spanned<String>, path: &str, most: usize) -> bool {
        let fits = text.value.len() <= most;
        if !fits {
            let place = self.missing_from(Some(text.span));
            self.report(problems::over_limit(path, place, text.value.len(), most));
        }
        fits
    }

    /// Whether the author wrote any item into a list. Items that were left out for a mistake count: what is wrong with them was said.
    pub(crate) fn has_items<T>(&self, list: &Field<Vec<Spanned<T>>>) -> bool {
        match list {
            Field::Absent => false,
            Field::Error(_) => true,
            Field::Given(items) => {
                let mut rest = self.raw(items.span).chars().filter(|c| !c.is_whitespace());
                !items.value.is_empty() || rest.any(|c| !matches!(c, '[' | ']'))
            }
        }
    }
}
