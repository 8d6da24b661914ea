//! Tests that a masque carries.

use crate::{Ring, Ttl};

/// A test of the masque, or of a model that wears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// What the masque answers in a session.
    Session(SessionTest),
    /// A prompt with assertions about the answer.
    Prompt(PromptTest),
}

/// What the masque answers in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTest {
    /// What it is about.
    pub name: Option<String>,
    /// The agent's ring; the masque's own where it is not given.
    pub ring: Option<Ring>,
    /// The agent's identifier; empty where it is not given.
    pub agent: String,
    /// Why the masque was donned; empty where it is not given.
    pub intent: String,
    /// Parameters that are set, in canonical form.
    pub params: Vec<(String, String)>,
    /// Intents with the decision that they should meet, in the order of the source.
    pub intents: Vec<ExpectedIntent>,
    /// All the URIs that are offered, in any order.
    pub knowledge: Option<Vec<String>>,
    /// All the credentials that are asked for, in any order: role, and life where it matters.
    pub access: Option<Vec<(String, Option<Ttl>)>>,
    /// What the context shows.
    pub context: Vec<Assertion>,
    /// What the lens shows.
    pub lens: Vec<Assertion>,
    /// Where it stands.
    pub place: crate::Place,
}

/// An intent with the decision that it should meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedIntent {
    /// The intent.
    pub intent: String,
    /// What should become of it.
    pub decision: ExpectedDecision,
    /// Which rule should decide.
    pub because: Option<Because>,
    /// Where it stands.
    pub place: crate::Place,
}

/// What should become of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpectedDecision {
    /// A rule allows it and none denies.
    Allowed,
    /// A rule denies it.
    Denied,
    /// No rule covers it.
    Unmatched,
}

/// How a test names the rule that should decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// By its reason, or by its pattern.
    Text(String),
    /// By the path of the intent set that it comes from.
    Set(String),
}

/// A prompt with assertions about the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptTest {
    /// What it is about.
    pub name: Option<String>,
    /// What is asked.
    pub input: String,
    /// What the answer must show; at least one.
    pub assertions: Vec<Assertion>,
    /// Where it stands.
    pub place: crate::Place,
}

/// What a text must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// Holds this text.
    Contains(String),
    /// Does not hold this text.
    NotContains(String),
}
