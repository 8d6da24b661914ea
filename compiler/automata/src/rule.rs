//! What a caller says (rules) and hears (decisions).

use crate::Pattern;

/// What a rule set says about one intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// No deny rule matches and an allow rule does.
    Allowed,
    /// A deny rule matches.
    Denied,
    /// No rule matches.
    Unmatched,
}

impl Decision {
    /// The decision of two rule sets that are run in turn: a denial wins, then an allowance.
    #[must_use]
    pub fn or(self, other: Decision) -> Decision {
        match (self, other) {
            (Decision::Denied, _) | (_, Decision::Denied) => Decision::Denied,
            (Decision::Allowed, _) | (_, Decision::Allowed) => Decision::Allowed,
            (Decision::Unmatched, Decision::Unmatched) => Decision::Unmatched,
        }
    }
}

/// What a rule does with the intents that its pattern takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Lets them through, unless a deny rule objects.
    Allow,
    /// Refuses them, whatever else matches.
    Deny,
}

/// How a pattern is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MatchMode {
    /// The first word is a verb and stands for its inflections; a final ` *` may match nothing.
    #[default]
    Verb,
    /// The glob on the normalised text, nothing more.
    Exact,
}

/// What is judged: the intent as one text, or every clause of it as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Clauses {
    /// The intent is one text.
    #[default]
    Whole,
    /// The intent is split at the words "and" and "then" and at `,`, `;` and `&&`; empty clauses are skipped. Denied if any clause or
    /// the whole is denied; else allowed if there is a clause and every clause is allowed.
    Each,
}

/// One rule of a set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// What the rule does.
    pub action: Action,
    /// How its pattern is read.
    pub mode: MatchMode,
    /// Which intents it takes.
    pub pattern: Pattern,
}
