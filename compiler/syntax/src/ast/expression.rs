//! Expressions and templates: what a masque says about the session that it is worn in.

use masque_diagnostics::{Reported, Spanned};

/// Something with a value. Names are as written: nothing is looked up or typed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `true`, `false`.
    Bool(bool),
    /// A whole number: `-7`.
    Int(i64),
    /// Text, which may hold values: `"hello {session.agent}"`.
    Text(Template),
    /// A span of time, as written: `15m`, `1h30m`, `PT15M`, `15 minutes`.
    Duration(String),
    /// A version, as written: `2.3.0`.
    Version(String),
    /// A name, or a path of names: `environment`, `session.ring`, `attributes.domain`.
    Name(Vec<Spanned<String>>),
    /// The path of an intent set, where one may stand (behind `matches`): `std/destructive`.
    Set(String),
    /// `["staging", "production"]`.
    List(Vec<Spanned<Expression>>),
    /// `not …`.
    Not(Box<Spanned<Expression>>),
    /// Two operands and what stands between them.
    Binary {
        /// Left operand.
        left: Box<Spanned<Expression>>,
        /// The operator.
        operator: Spanned<Operator>,
        /// Right operand.
        right: Box<Spanned<Expression>>,
    },
    /// `lower(session.agent)`.
    Call {
        /// The name of the function.
        function: Spanned<String>,
        /// Its arguments.
        arguments: Vec<Spanned<Expression>>,
    },
    /// Could not be read; already reported.
    Error(Reported),
}

/// What stands between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `in`: the right side is a list.
    In,
    /// `matches`: the right side is a pattern or an intent set.
    Matches,
}

impl Operator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Matches => "matches",
        }
    }
}

/// Text with holes. YAML and JSON text is one piece of plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The pieces, one behind the other; no two plain texts are neighbours.
    pub pieces: Vec<Spanned<Piece>>,
}

impl Template {
    /// Text without holes.
    pub fn plain(text: Spanned<String>) -> Self {
        if text.value.is_empty() { Self::default() } else { Self { pieces: vec![text.map(Piece::Text)] } }
    }

    /// The text, where there are no holes.
    pub fn as_plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Spanned { value: Piece::Text(text), .. }] => Some(text),
            _ => None,
        }
    }
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands as it is.
    Text(String),
    /// `{expression}`.
    Value(Expression),
    /// `{if …} … {else if …} … {else} … {end}`.
    If {
        /// The conditions with what they guard; at least one.
        branches: Vec<(Spanned<Expression>, Template)>,
        /// What stands where none holds.
        otherwise: Option<Template>,
    },
    /// Could not be read; already reported.
    Error(Reported),
}

/// A parameter, which whoever dons the masque sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Param {
    /// What expressions call it.
    pub name: super::Text,
    /// What it may be.
    pub kind: super::Field<ParamType>,
    /// What it is where it is not set; it has to be set where there is none.
    pub default: super::Field<Expression>,
}

/// What a parameter may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamType {
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `string`.
    String,
    /// `duration`.
    Duration,
    /// `ring`.
    Ring,
    /// `version`.
    Version,
    /// `"staging" | "production"`.
    OneOf(Vec<Spanned<String>>),
}

impl ParamType {
    /// The types that go by a name.
    pub const NAMES: &'static [&'static str] = &["bool", "int", "string", "duration", "ring", "version"];

    /// The type that goes by this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "bool" => Self::Bool,
            "int" => Self::Int,
            "string" => Self::String,
            "duration" => Self::Duration,
            "ring" => Self::Ring,
            "version" => Self::Version,
            _ => return None,
        })
    }
}

/// A value with a name. One that is true or false is a named condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Let {
    /// What expressions call it.
    pub name: Spanned<String>,
    /// Its value.
    pub value: Spanned<Expression>,
}
