//! What depends on the session: parameters, conditions, templates, guarded lists.
//!
//! Everything here is straight-line and finite: a condition is a tree of tests, a template is a tree of pieces.

use crate::{MatchMode, Ring};

/// A parameter. Values are text in the canonical form of their type, which is how a session carries them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// What sessions call it.
    pub name: String,
    /// What it may be.
    pub kind: ParamType,
    /// Its value where the session sets none, in canonical form; `None` where it has to be set.
    pub default: Option<String>,
}

/// What a parameter may be, and the canonical form of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamType {
    /// `true` or `false`.
    Bool,
    /// Decimal digits, with a minus sign before them or not, no leading zeros; within ±(2⁵³ − 1).
    Int,
    /// Any text.
    String,
    /// Seconds in decimal digits and an `s`: `900s`.
    Duration,
    /// A ring's name.
    Ring,
    /// `major.minor.patch`, each below 2²⁰; no pre-release, no build metadata.
    Version,
    /// One of these texts; at least one.
    OneOf(Vec<String>),
}

/// Position of a condition in [`Masque::conditions`](crate::Masque::conditions).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConditionId(pub usize);

/// Position of a parameter in [`Masque::params`](crate::Masque::params).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParamId(pub usize);

/// Something that holds in a session or does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// What people read: the name it was given, or the expression in the language's notation.
    pub text: String,
    /// What it comes to; never constant, and no two conditions of a masque have equal tests.
    pub test: Test,
}

/// A test of the session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// Does not hold.
    Not(Box<Test>),
    /// All hold; at least two.
    All(Vec<Test>),
    /// One of them holds; at least two.
    Any(Vec<Test>),
    /// The agent's ring is one of these.
    Ring(Rings),
    /// Two texts are the same, byte by byte.
    Equal(Text, Text),
    /// Both texts are numbers and the first is less. A number is an optional minus sign, then one to three groups of decimal digits
    /// that dots part, each below 2²⁰ or, where there is only one, below 2⁵³, then an `s` or not; its value is `(first · 2²⁰ + second) · 2²⁰ + third`
    /// with as many terms as groups. Texts that are no such number are not less than anything.
    Less(Text, Text),
    /// One of these patterns takes the text, as rules take intents.
    Matches {
        /// What is looked at.
        text: Text,
        /// The patterns; at least one.
        patterns: Vec<(MatchMode, String)>,
    },
}

/// A set of rings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rings(u8);

impl Rings {
    /// The set of the rings that `holds` is true of.
    pub fn of(holds: impl Fn(Ring) -> bool) -> Self {
        let bits = Ring::ALL.into_iter().filter(|ring| holds(*ring)).map(|ring| 1 << ring as u8);
        Self(bits.fold(0, |all, bit| all | bit))
    }

    /// Bit `n` stands for the ring at position `n`, from the outside in.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether the ring is in the set.
    pub fn contains(self, ring: Ring) -> bool {
        self.0 & (1 << ring as u8) != 0
    }
}

/// A text that a test looks at or a template shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// Where it comes from.
    pub source: TextSource,
    /// What is done to it.
    pub form: TextForm,
}

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextSource {
    /// A text that the compiler knows. Its form is always [`TextForm::AsIs`].
    Constant(String),
    /// Why the masque was donned.
    SessionIntent,
    /// The agent's identifier.
    SessionAgent,
    /// The name of the agent's ring.
    SessionRing,
    /// A parameter's value.
    Param(ParamId),
}

/// What is done to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// Nothing.
    AsIs,
    /// ASCII letters in lower case.
    Lower,
    /// ASCII letters in upper case.
    Upper,
    /// Without ASCII white space at both ends.
    Trim,
}

/// Text with holes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The pieces, one behind the other; no two constants are neighbours, and none is empty.
    pub pieces: Vec<Piece>,
}

impl Template {
    /// A template without holes.
    pub fn constant(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { pieces: if text.is_empty() { Vec::new() } else { vec![Piece::Constant(text)] } }
    }

    /// The text, where there are no holes.
    pub fn as_constant(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Constant(text)] => Some(text),
            _ => None,
        }
    }
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands as it is.
    Constant(String),
    /// A text of the session; its source is no constant.
    Text(Text),
    /// One of two templates.
    If {
        /// Which of them.
        condition: ConditionId,
        /// Where it holds.
        then: Template,
        /// Where it does not.
        otherwise: Template,
    },
}

/// Something that is there when a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded<T> {
    /// What is there.
    pub value: T,
    /// When; always where there is none.
    pub when: Option<ConditionId>,
}

impl<T> Guarded<T> {
    /// What is always there.
    pub fn always(value: T) -> Self {
        Self { value, when: None }
    }
}

/// Something that has to be provable of the compiled masque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ensure {
    /// What is claimed of the intents.
    pub claim: Claim,
    /// The intents; at least one pattern.
    pub patterns: Vec<(MatchMode, String)>,
    /// The sessions that it speaks of.
    pub when: Option<ConditionId>,
    /// Where it stands.
    pub place: crate::Place,
}

/// What an `ensure` claims of its intents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// No such intent is allowed.
    Never,
    /// Every such intent is allowed.
    Always,
}
