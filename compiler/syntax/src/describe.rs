//! What a field is, for whoever shows it: the table of fields from outside.

use crate::fields::{self, Block, Field, Need, Shape};

/// A field of a block.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    field: &'static Field,
}

/// The fields of the block that a path of field names leads to; lists on the way need no step. `None` where the path leads to no block.
pub fn fields_at<'a>(path: impl IntoIterator<Item = &'a str>) -> Option<Vec<Described>> {
    let block = path
        .into_iter()
        .try_fold(&fields::masque::BLOCK, |block: &'static Block, name| block_of(find(block, name)?.shape))?;
    Some(block.fields.iter().map(|field| Described { field }).collect())
}

/// The field that a path of field names leads to.
pub fn field_at(path: &[&str]) -> Option<Described> {
    let (name, above) = path.split_last()?;
    fields_at(above.iter().copied())?.into_iter().find(|field| field.names().any(|known| known == *name))
}

fn find(block: &'static Block, name: &str) -> Option<&'static Field> {
    block.fields.iter().find(|field| field.names().any(|known| known == name))
}

fn block_of(shape: Shape) -> Option<&'static Block> {
    match shape {
        Shape::Block(block) | Shape::TextOr(block) => Some(block),
        Shape::List(item) | Shape::OneOrMore(item) => block_of(*item),
        _ => None,
    }
}

impl Described {
    /// The preferred spelling.
    pub fn name(self) -> &'static str {
        self.field.name
    }

    /// Every spelling, the preferred one first.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.field.names()
    }

    /// What it is for; Markdown.
    pub fn doc(self) -> &'static str {
        self.field.doc
    }

    /// Whether a masque, or the block that it is a part of, needs it.
    pub fn is_required(self) -> bool {
        self.field.need == Need::Required
    }

    /// The words that it chooses from; empty where it takes other values.
    pub fn words(self) -> &'static [&'static str] {
        fn words(shape: Shape) -> &'static [&'static str] {
            match shape {
                Shape::Word(words) => words,
                Shape::List(item) | Shape::OneOrMore(item) => words(*item),
                _ => &[],
            }
        }
        words(self.field.shape)
    }

    /// Whether it holds further fields.
    pub fn is_block(self) -> bool {
        block_of(self.field.shape).is_some() && !self.is_list()
    }

    /// Whether it holds a list.
    pub fn is_list(self) -> bool {
        matches!(self.field.shape, Shape::List(_) | Shape::OneOrMore(_))
    }

    /// What it takes, in a few words.
    pub fn takes(self) -> &'static str {
        match self.field.shape {
            Shape::Text | Shape::Label | Shape::Setting => "text",
            Shape::Lines => "text, or a list of lines",
            Shape::Count { .. } => "a whole number",
            Shape::Word(_) => "one of its words",
            Shape::List(_) | Shape::OneOrMore(_) => "a list",
            Shape::Block(_) => "fields",
            Shape::TextOr(_) => "text or fields",
            Shape::Settings => "keys and texts",
            Shape::Free => "any keys and values",
        }
    }
}
