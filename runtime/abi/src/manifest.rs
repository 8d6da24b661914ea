//! The manifest: what a component says about itself, as JSON in the section `masque:manifest`.
//!
//! Nothing in it decides anything; decisions are the program's. The host answers *why* from the rules, and checks them against the
//! program's own decision.

mod session;

use serde::{Deserialize, Serialize};

use crate::Ring;

pub use session::{Claim, Ensure, EnsuredPattern, Inherited, InheritedRole, Param, ParamType, Widened};

/// The version of the manifest's own shape.
pub const FORMAT: u32 = 1;

/// What a component says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] of the writer.
    pub format: u32,
    /// Who it is.
    pub identity: Identity,
    /// Where it came from.
    pub source: Source,
    /// SHA-256 of the core module, in lower-case hexadecimal.
    pub core_sha256: String,
    /// The other files that went into it: its ancestors, nearest first, then the libraries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherited: Vec<Inherited>,
    /// What it has more of than its parent, because it says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub widened: Vec<Widened>,
    /// What whoever dons it sets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<Param>,
    /// What people read of the program's conditions; rules and claims refer to them by position.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The rules; absent in a pure lens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// What was proved of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ensures: Vec<Ensure>,
    /// Everything that describes and that no decision rests on.
    #[serde(default, skip_serializing_if = "About::is_empty")]
    pub about: About,
}

impl Manifest {
    /// The bytes of the section: compact JSON, keys in the order of the fields.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a manifest has string keys and finite numbers only")
    }

    /// Reads the section.
    ///
    /// # Errors
    /// When the bytes are no JSON of this shape, or of a later format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|error| ManifestError::Shape(error.to_string()))?;
        match manifest.format {
            FORMAT => Ok(manifest),
            other => Err(ManifestError::Format(other)),
        }
    }
}

/// A digest as manifests write it: lower-case hexadecimal.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why a manifest can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON, or not of this shape.
    #[error("the manifest can't be read: {0}")]
    Shape(String),
    /// Written by a later compiler.
    #[error("the manifest has format {0}, this build reads format {FORMAT}: update masque")]
    Format(u32),
}

/// Who a masque is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What references name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What a page shows instead of the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// At least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// Semantic version.
    pub version: String,
    /// The least ring that may wear it.
    pub ring: Ring,
}

/// Where a masque came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// File name without directories.
    pub file: String,
    /// SHA-256 of the text, in lower-case hexadecimal.
    pub sha256: String,
    /// The number of warnings that the compiler gave.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub warnings: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// The rules of a masque.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// How compound intents are judged.
    pub clauses: Clauses,
    /// SHA-256 of the verb table that the patterns were expanded with.
    pub verbs_sha256: String,
    /// In the order of the source.
    pub rules: Vec<Rule>,
    /// Which rules each part of the program stands for, by their positions; absent where the only part stands for all of them. Rules
    /// that decide nothing, or the same on every intent, may be in no part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Vec<usize>>,
}

/// How compound intents are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clauses {
    /// As one text.
    Whole,
    /// Clause by clause.
    Each,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What it does to an intent that it matches.
    pub action: Action,
    /// How its first word is read.
    #[serde(rename = "match")]
    pub mode: MatchMode,
    /// The glob, as the author wrote it.
    pub pattern: String,
    /// When the rule is there, by the position of the condition; always where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<usize>,
    /// Why the rule is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The path of the intent set that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// The file that it stands in: 0 is the masque's own, `n` the one at position `n - 1` of [`Manifest::inherited`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub file: u32,
    /// Where it stands there.
    pub at: Place,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Lets through unless another rule denies.
    Allow,
    /// Refuses, whatever allows.
    Deny,
}

/// How a pattern's first word is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchMode {
    /// As a verb that stands for its inflections.
    Verb,
    /// As it is written.
    Exact,
}

/// A place in the source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Byte offset of the start.
    pub start: u32,
    /// Byte offset just past the end.
    pub end: u32,
}

/// Describing fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// A free map in the order of the source.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub attributes: serde_json::Map<String, serde_json::Value>,
    /// Claimed skills.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// Contribution scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performance: Option<Performance>,
    /// Bundled MCP servers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mcp_servers: Vec<McpServer>,
    /// Activity indicators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spinner_verbs: Option<SpinnerVerbs>,
    /// Prose measure of a good session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rubric: Option<String>,
    /// Areas of work.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domain: Vec<String>,
    /// Tone descriptors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tone: Vec<String>,
    /// Free-text skills.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skillset: Vec<String>,
    /// Output format that the prompt demands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Inputs with model answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// Version of the prompt schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_schema_version: Option<String>,
    /// Preferred model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_llm: Option<String>,
    /// Room for context, in tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_context_tokens: Option<u64>,
    /// Safety labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub safety_tags: Vec<String>,
    /// What changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changelog: Vec<ChangelogEntry>,
}

impl About {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A claimed skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    /// `skill://domain/name`.
    pub uri: String,
    /// `novice`, `competent`, `proficient`, `expert` or `master`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// Contribution scores: `+`, `-`, `/`, `*` or `e`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performance {
    /// The present score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Scored sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<ScoreEntry>,
}

/// One scored session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreEntry {
    /// RFC 3339 date or date-time.
    pub date: String,
    /// The symbol.
    pub score: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// One bundled MCP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct McpServer {
    /// Its name.
    pub name: String,
    /// How to reach it.
    #[serde(flatten)]
    pub transport: McpTransport,
}

/// How to reach an MCP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum McpTransport {
    /// A child process.
    Stdio {
        /// The program.
        command: String,
        /// Its arguments.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        args: Vec<String>,
        /// Its environment, by name.
        #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
        env: std::collections::BTreeMap<String, String>,
    },
    /// Streamable HTTP.
    Http {
        /// Its address.
        url: String,
    },
    /// HTTP with server-sent events.
    Sse {
        /// Its address.
        url: String,
    },
}

/// Activity indicators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpinnerVerbs {
    /// `replace`, `append` or `prepend`.
    pub mode: String,
    /// The verbs.
    pub verbs: Vec<String>,
}

/// An input with a model answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// What is asked.
    pub input: String,
    /// What is answered.
    pub output: String,
}

/// One line of a changelog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangelogEntry {
    /// The version it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// RFC 3339 date or date-time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What changed.
    pub text: String,
}
