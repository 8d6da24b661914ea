//! What a manifest says of sessions, claims, and of the other files that went into a masque.

use serde::{Deserialize, Serialize};

use super::{MatchMode, Place};

/// A parameter. Values are text in the canonical form of their type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// What sessions call it.
    pub name: String,
    /// What it may be.
    #[serde(rename = "type")]
    pub kind: ParamType,
    /// The values that it may have, where it is a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
    /// Its value where the session sets none; absent where it has to be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParamType {
    /// `true` or `false`.
    Bool,
    /// Decimal digits, with a minus sign before them or not.
    Int,
    /// Any text.
    String,
    /// Seconds in decimal digits and an `s`.
    Duration,
    /// A ring's name.
    Ring,
    /// `major.minor.patch`.
    Version,
    /// One of [`Param::one_of`].
    Choice,
}

/// Something that was proved of a masque.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ensure {
    /// What is claimed.
    pub claim: Claim,
    /// The intents that it is claimed of.
    pub patterns: Vec<EnsuredPattern>,
    /// The sessions that it speaks of, by the position of the condition; all where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<usize>,
    /// The file that it stands in, as [`Rule::file`](super::Rule::file).
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub file: u32,
    /// Where it stands there.
    pub at: Place,
}

/// What is claimed of some intents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// No such intent is allowed.
    Never,
    /// Every such intent is allowed.
    Always,
}

/// Intents that something is claimed of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnsuredPattern {
    /// How its first word is read.
    #[serde(rename = "match")]
    pub mode: MatchMode,
    /// The glob, as the author wrote it.
    pub pattern: String,
}

/// Another file that went into a masque.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inherited {
    /// What it is to the masque.
    pub role: InheritedRole,
    /// The reference that led to it.
    pub reference: String,
    /// Its name without directories.
    pub file: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text, in lower-case hexadecimal.
    pub sha256: String,
}

/// What another file is to a masque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InheritedRole {
    /// The parent, its parent, and so on.
    Ancestor,
    /// A library whose sets are used.
    Library,
}

/// What a child has more of than its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Widened {
    /// A ring further out.
    Ring,
    /// Other or longer credentials.
    Access,
}
