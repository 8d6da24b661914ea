//! What expressions come to, as far as it is known before there is a session.

use super::truth::Truth;
use masque_ir::{ParamType, Piece, Text, TextForm, TextSource};

/// The value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// True or false.
    Bool(Truth),
    /// One text in the canonical form of its kind.
    Text { kind: Kind, text: Text },
    /// A String that is put together from several.
    Composed(Vec<Piece>),
    /// Values of one kind.
    List(Vec<Value>),
}

/// What a text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    String,
    Duration,
    Ring,
    Version,
    OneOf(Vec<String>),
}

impl Value {
    /// A constant in canonical form.
    pub(crate) fn constant(kind: Kind, text: impl Into<String>) -> Self {
        Self::Text { kind, text: constant(text) }
    }

    /// A text of the session.
    pub(crate) fn session(kind: Kind, source: TextSource) -> Self {
        Self::Text { kind, text: Text { source, form: TextForm::AsIs } }
    }

    /// The String that these pieces show together.
    pub(crate) fn string(mut pieces: Vec<Piece>) -> Self {
        match (pieces.pop(), pieces.is_empty()) {
            (None, _) => Self::constant(Kind::String, ""),
            (Some(Piece::Constant(text)), true) => Self::constant(Kind::String, text),
            (Some(Piece::Text(text)), true) => Self::Text { kind: Kind::String, text },
            (Some(last), _) => {
                pieces.push(last);
                Self::Composed(pieces)
            }
        }
    }

    /// The text, where it is known.
    pub(crate) fn as_constant(&self) -> Option<&str> {
        match self {
            Self::Text { text, .. } => known(text),
            _ => None,
        }
    }

    /// The type as messages name it.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Bool(_) => "Bool".to_owned(),
            Self::Text { kind, .. } => kind.describe(),
            Self::Composed(_) => "String".to_owned(),
            Self::List(_) => "a list".to_owned(),
        }
    }
}

impl Kind {
    /// The kind of a parameter's texts; `None` for truth values, which are no texts.
    pub(crate) fn of(kind: &ParamType) -> Option<Self> {
        Some(match kind {
            ParamType::Bool => return None,
            ParamType::Int => Self::Int,
            ParamType::String => Self::String,
            ParamType::Duration => Self::Duration,
            ParamType::Ring => Self::Ring,
            ParamType::Version => Self::Version,
            ParamType::OneOf(values) => Self::OneOf(values.clone()),
        })
    }

    /// Whether its values are texts to people.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::String | Self::OneOf(_))
    }

    pub(crate) fn is_ordered(&self) -> bool {
        !self.is_text()
    }

    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Int => "Int".to_owned(),
            Self::String => "String".to_owned(),
            Self::Duration => "Duration".to_owned(),
            Self::Ring => "Ring".to_owned(),
            Self::Version => "Version".to_owned(),
            Self::OneOf(values) => {
                let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
                format!("one of {}", values.join(", "))
            }
        }
    }
}

/// A text that the compiler knows.
pub(crate) fn constant(text: impl Into<String>) -> Text {
    Text { source: TextSource::Constant(text.into()), form: TextForm::AsIs }
}

/// The text, where the compiler knows it.
pub(crate) fn known(text: &Text) -> Option<&str> {
    match &text.source {
        TextSource::Constant(text) => Some(text),
        _ => None,
    }
}
