//! The generic tree that both notations are read into: scalars, lists and maps with their places, and nothing about masques.

use std::borrow::Cow;
use std::rc::Rc;

use masque_diagnostics::{Reported, Span, Spanned};

/// The deepest nesting of lists and maps that is read.
pub(crate) const MAX_DEPTH: usize = 100;

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Node<'t> {
    /// The whole value. A block scalar's begins at its `|` or `>` and ends with its last line of text, so that the first byte
    /// tells the notation of any scalar.
    pub(crate) span: Span,
    pub(crate) kind: Kind<'t>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind<'t> {
    Scalar {
        text: Cow<'t, str>,
        style: Style,
    },
    List(Vec<Node<'t>>),
    Map(Vec<Entry<'t>>),
    /// A value that several places share through a YAML anchor.
    Shared(Rc<Node<'t>>),
    /// Of no use, and already reported.
    Error(Reported),
}

/// How a scalar was written, as far as it decides its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes: may be a number, a truth value or nothing.
    Plain,
    /// Quoted, a block, or tagged as text: always text.
    Text,
}

/// One entry of a map.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'t> {
    /// The span covers the key's quotes where it has some.
    pub(crate) key: Spanned<Cow<'t, str>>,
    pub(crate) value: Node<'t>,
}

/// The type of a plain scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Null,
    Bool,
    Number,
    Text,
}

impl<'t> Node<'t> {
    /// The value itself, behind any sharing.
    pub(crate) fn resolved(&self) -> &Self {
        let mut node = self;
        while let Kind::Shared(inner) = &node.kind {
            node = inner;
        }
        node
    }

    /// What the value is called in a message.
    pub(crate) fn noun(&self) -> &'static str {
        match &self.resolved().kind {
            Kind::Scalar { text, style } => match type_of(text, *style) {
                Type::Null => "nothing",
                Type::Bool => "a truth value",
                Type::Number => "a number",
                Type::Text => "text",
            },
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Shared(_) | Kind::Error(_) => "an error",
        }
    }
}

/// The type of a scalar by YAML 1.2's core schema (section 10.3.2), of which JSON's literals are a part.
pub(crate) fn type_of(text: &str, style: Style) -> Type {
    if style == Style::Text {
        return Type::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Type::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Type::Bool,
        _ if is_number(text) => Type::Number,
        _ => Type::Text,
    }
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction, 10),
        Some((whole, fraction)) => digits(whole, 10) && (fraction.is_empty() || digits(fraction, 10)),
        None => digits(mantissa, 10),
    };
    mantissa_fits && exponent.is_none_or(|exponent| digits(exponent, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_have_the_types_of_the_core_schema() {
        for (text, expected) in [
            ("", Type::Null),
            ("~", Type::Null),
            ("null", Type::Null),
            ("true", Type::Bool),
            ("yes", Type::Text),
            ("no", Type::Text),
            ("2.10", Type::Number),
            ("-1", Type::Number),
            ("1.", Type::Number),
            (".5", Type::Number),
            (".", Type::Text),
            ("1e3", Type::Number),
            ("e", Type::Text),
            ("+", Type::Text),
            ("1.2.3", Type::Text),
            ("0x1F", Type::Number),
            ("0x", Type::Text),
            ("2026-01-15", Type::Text),
            ("mcp://a", Type::Text),
        ] {
            assert_eq!(type_of(text, Style::Plain), expected, "{text}");
            assert_eq!(type_of(text, Style::Text), Type::Text, "{text}");
        }
    }
}
