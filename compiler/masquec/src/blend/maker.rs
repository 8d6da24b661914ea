//! Nodes of a tree that nobody wrote: places only say in which order things stand.

use masque_diagnostics::{SourceId, Span, Spanned};
use masque_syntax::ast::{Field, List};

/// Makes nodes one behind the other.
pub(super) struct Maker {
    source: SourceId,
    at: usize,
}

impl Maker {
    pub(super) fn new(source: SourceId) -> Self {
        Self { source, at: 0 }
    }

    /// The next place.
    pub(super) fn place(&mut self) -> Span {
        self.at += 1;
        Span::at(self.source, self.at)
    }

    pub(super) fn node<T>(&mut self, value: T) -> Spanned<T> {
        Spanned::new(value, self.place())
    }

    pub(super) fn given<T>(&mut self, value: T) -> Field<T> {
        Field::Given(self.node(value))
    }

    pub(super) fn text(&mut self, text: impl Into<String>) -> Field<String> {
        self.given(text.into())
    }

    /// A field that is left out where there is nothing to say.
    pub(super) fn maybe<T>(&mut self, value: Option<T>) -> Field<T> {
        value.map_or(Field::Absent, |value| self.given(value))
    }

    /// A list that is left out where it is empty. Its place is before those of its items.
    pub(super) fn list<T, U>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut make: impl FnMut(&mut Self, T) -> U,
    ) -> List<U> {
        let place = self.place();
        let mut made = Vec::new();
        for item in items {
            let place = self.place();
            let item = make(self, item);
            made.push(Spanned::new(item, place));
        }
        if made.is_empty() { Field::Absent } else { Field::Given(Spanned::new(made, place)) }
    }
}
