//! Tests that a masque carries.

use super::{Field, List, Text};
use masque_diagnostics::Spanned;

/// A test of the masque, or of a model that wears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// What the masque answers in a session.
    Session(Box<SessionTest>),
    /// A prompt with assertions about the answer.
    Prompt(PromptTest),
}

/// What the masque answers in a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionTest {
    /// What it is about.
    pub name: Text,
    /// The session, in the order of the text: `ring`, `agent`, `intent`, or a parameter's name.
    pub given: Field<Vec<Setting>>,
    /// Intents with the decision that they should meet.
    pub intents: IntentTest,
    /// All the URIs that are offered, in any order.
    pub knowledge: List<String>,
    /// All the credentials that are asked for, in any order.
    pub access: List<ExpectedGrant>,
    /// What the context shows.
    pub context: List<Assertion>,
    /// What the lens shows.
    pub lens: List<Assertion>,
}

/// One value of a session: `environment = "production"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What is set.
    pub name: Spanned<String>,
    /// To what, as text.
    pub value: Spanned<String>,
}

/// Intents with the decision that they should meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntentTest {
    /// Intents that are allowed.
    pub allowed: List<ExpectedIntent>,
    /// Intents that are denied.
    pub denied: List<ExpectedIntent>,
    /// Intents that no rule covers.
    pub unmatched: List<ExpectedIntent>,
}

/// An intent, and which rule should decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedIntent {
    /// The intent.
    pub intent: Text,
    /// The reason or the pattern of a rule that decides.
    pub because: Text,
    /// The path of a set, one of whose rules decides.
    pub because_set: Text,
}

/// A credential that should be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedGrant {
    /// The role.
    pub vault_role: Text,
    /// Its life, as written; any where it is absent.
    pub ttl: Text,
}

/// A prompt with assertions about the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptTest {
    /// What it is about.
    pub name: Text,
    /// What is asked.
    pub input: Text,
    /// What the answer must show.
    pub assertions: List<Assertion>,
}

/// What a text must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// Holds this text.
    Contains(String),
    /// Does not hold this text.
    NotContains(String),
}
