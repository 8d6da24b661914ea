//! Libraries and intent sets: what masques share.

use super::{List, RulePattern, Text};
use masque_diagnostics::{Span, Spanned};

/// A file of intent sets for others to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// The whole file.
    pub span: Span,
    /// What it is called.
    pub name: Spanned<String>,
    /// As written.
    pub version: Text,
    /// What it is for.
    pub about: Text,
    /// The libraries whose sets it builds on.
    pub uses: List<Use>,
    /// Its sets.
    pub sets: Vec<Spanned<Set>>,
    /// Comments in the order of the text.
    pub comments: Vec<Spanned<String>>,
}

/// `use std/destructive@1 as risky`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The library, with a range of versions or without.
    pub library: Text,
    /// What this file calls it instead.
    pub alias: Text,
}

/// A named list of patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// What it is called; `NAME` behind the library's path.
    pub name: Spanned<String>,
    /// Why its intents belong together; shown where a rule of it decides and states no reason of its own.
    pub because: Text,
    /// Patterns and other sets. None of them has a condition.
    pub members: List<RulePattern>,
}
