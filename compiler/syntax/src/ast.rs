//! The tree that every front end builds. Each value keeps its place; what could not be read is an error node that proves it was
//! reported. Names are as written: nothing is looked up, defaulted or judged here.

mod expression;
mod library;
mod test;

pub use expression::{Expression, Let, Operator, Param, ParamType, Piece, Template};
pub use library::{Library, Set, Use};
pub use test::{
    Assertion, ExpectedGrant, ExpectedIntent, IntentTest, PromptTest, SessionTest, Setting, Test,
};

use masque_diagnostics::{Reported, Span, Spanned};

/// A place where a value may stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Not written.
    #[default]
    Absent,
    /// Written and well-formed. The span is the value's.
    Given(Spanned<T>),
    /// Written, but of no use; already reported.
    Error(Reported),
}

impl<T> Field<T> {
    /// The value, if it was given.
    pub fn get(&self) -> Option<&Spanned<T>> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Error(_) => None,
        }
    }

    /// Whether nothing was written, so that a required field is missing.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// A list whose bad items were reported and left out.
pub type List<T> = Field<Vec<Spanned<T>>>;
/// A piece of text.
pub type Text = Field<String>;

/// What a source holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// One masque.
    Masque(Box<Masque>),
    /// Intent sets for others to use.
    Library(Box<Library>),
}

/// One masque: a persona or a mask definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masque {
    /// The whole document.
    pub span: Span,
    /// Where a missing top-level field would be inserted: just before the first key.
    pub insert_at: Span,
    /// Which notation it was written in.
    pub notation: Notation,
    /// Who it is.
    pub identity: Identity,
    /// What it may do.
    pub intent: Field<Intent>,
    /// Situational framing.
    pub context: Field<Template>,
    /// MCP URIs.
    pub knowledge: List<Pointer>,
    /// What to mint. The span of a lone block is the block's.
    pub access: List<Access>,
    /// Cognitive framing.
    pub lens: Field<Template>,
    /// The structured prompt of a mask definition.
    pub prompt: Field<Prompt>,
    /// Everything that describes and that no decision rests on.
    pub about: About,
    /// Intents and prompts with the results that the author expects.
    pub tests: List<Test>,
    /// The parent, with a range of versions or without.
    pub extends: Text,
    /// Where this masque may have more than its parent.
    pub widen: List<Widen>,
    /// The libraries whose sets it uses.
    pub uses: List<Use>,
    /// Its own sets.
    pub sets: Vec<Spanned<Set>>,
    /// What whoever dons it sets.
    pub params: List<Param>,
    /// Named values and conditions.
    pub lets: Vec<Spanned<Let>>,
    /// What has to be provable.
    pub ensures: List<Ensure>,
    /// Comments in the order of the text (none in JSON), for formatting and suppression.
    pub comments: Vec<Spanned<String>>,
}

/// The notation of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `*.masque.yaml`.
    Yaml,
    /// A mask definition in JSON.
    Json,
    /// The masque language: `*.masque`.
    Language,
}

/// Who a masque is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// A dotted identifier: `mask.professor`.
    pub id: Text,
    /// What people call it.
    pub name: Text,
    /// What a page shows instead of the name.
    pub display_name: Text,
    /// A number of at least 1, unique in a registry.
    pub index: Field<u64>,
    /// As written, quotes apart: `2.10` is not `2.1`.
    pub version: Text,
    /// Who may wear it.
    pub ring: Field<Ring>,
}

/// Trust, from the outside in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ring {
    /// No trust: public access only.
    Outsider,
    /// Supervised and temporary.
    Guest,
    /// Invested contributor.
    Player,
    /// Full trust.
    Admin,
}

/// The `intent` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// `allowed` or `allowed_patterns`: instead of the parent's.
    pub allowed: List<RulePattern>,
    /// `also_allowed`, `allow also`: beside the parent's.
    pub also_allowed: List<RulePattern>,
    /// `denied` or `denied_patterns`.
    pub denied: List<RulePattern>,
    /// The match mode of every rule that states none.
    pub mode: Field<MatchMode>,
    /// How compound intents are judged.
    pub clauses: Field<Clauses>,
}

/// One rule: a pattern, or `{pattern, match, when, because}`. In the language, one statement may hold several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulePattern {
    /// The glob; absent where a set stands in its place.
    pub pattern: Text,
    /// The path of an intent set: `std/destructive`.
    pub set: Text,
    /// The rule's own match mode.
    pub mode: Field<MatchMode>,
    /// When the rule is there.
    pub when: Field<Expression>,
    /// Why the rule is there; shown when it decides.
    pub because: Text,
}

/// How a pattern's first word is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchMode {
    /// As a verb that stands for its inflections.
    Verb,
    /// As it is written.
    Exact,
}

/// How compound intents are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clauses {
    /// As one text.
    Whole,
    /// Clause by clause.
    Each,
}

/// One MCP URI of `knowledge`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer {
    /// The URI.
    pub uri: Text,
    /// When it is offered.
    pub when: Field<Expression>,
}

/// One credential of `access`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The role to assume at the vault.
    pub vault_role: Text,
    /// `session`, or a duration as written.
    pub ttl: Text,
    /// When it is minted.
    pub when: Field<Expression>,
}

/// What a child may have more of than its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Widen {
    /// A ring further out.
    Ring,
    /// Other or longer credentials.
    Access,
}

/// Something that has to be provable of the compiled masque.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ensure {
    /// Whether the intents are never allowed, or always.
    pub claim: Field<Claim>,
    /// A pattern; absent where a set stands in its place.
    pub pattern: Text,
    /// The path of an intent set.
    pub set: Text,
    /// The pattern's own match mode.
    pub mode: Field<MatchMode>,
    /// The sessions that it speaks of; all where it is absent.
    pub when: Field<Expression>,
}

/// What an `ensure` claims of its intents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// No such intent is allowed.
    Never,
    /// Every such intent is allowed.
    Always,
}

/// The `prompt` block of a mask definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Who the model is told to be; stands for a lens.
    pub persona: Text,
    /// Rules of the prompt.
    pub constraints: List<String>,
    /// How to write.
    pub style_guidelines: List<String>,
    /// `format` or `formatting`.
    pub format: Text,
    /// Inputs with model answers.
    pub examples: List<Example>,
}

/// One example of a prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// What is asked.
    pub input: Text,
    /// What is answered.
    pub output: Text,
}

/// Describing fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// A free map.
    pub attributes: Field<Vec<(Spanned<String>, Spanned<Value>)>>,
    /// Claimed skills.
    pub skills: List<Skill>,
    /// Contribution scores.
    pub performance: Field<Performance>,
    /// Bundled MCP servers.
    pub mcp: Field<Mcp>,
    /// Activity indicators.
    pub spinner_verbs: Field<SpinnerVerbs>,
    /// Prose measure of a good session.
    pub rubric: Text,
    /// Areas of work of a mask definition.
    pub domain: List<String>,
    /// `tone` or `tone_descriptors`.
    pub tone: List<String>,
    /// Free-text skills of a mask definition.
    pub skillset: List<String>,
    /// `prompt_schema.version`, as written.
    pub prompt_schema_version: Text,
    /// Preferred model.
    pub default_llm: Text,
    /// Room for context, in tokens.
    pub max_context_tokens: Field<u64>,
    /// Safety labels.
    pub safety_tags: List<String>,
    /// What changed, newest first.
    pub changelog: List<ChangelogEntry>,
}

/// Free data.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Spanned<Value>>),
    /// A map in the order of the text.
    Map(Vec<(Spanned<String>, Spanned<Value>)>),
}

impl Eq for Value {}

/// A claimed skill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skill {
    /// `skill://domain/name`.
    pub uri: Text,
    /// Claimed proficiency.
    pub level: Field<SkillLevel>,
}

/// Proficiency, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SkillLevel {
    /// Learning.
    Novice,
    /// Standard tasks.
    Competent,
    /// Complex cases.
    Proficient,
    /// Deep mastery.
    Expert,
    /// Shapes the field.
    Master,
}

/// The `performance` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Performance {
    /// The present score.
    pub score: Field<Score>,
    /// Scored sessions.
    pub history: List<ScoreEntry>,
}

/// One scored session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreEntry {
    /// RFC 3339, as written.
    pub date: Text,
    /// The score.
    pub score: Field<Score>,
    /// Why.
    pub notes: Text,
}

/// A contribution symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Score {
    /// `+`.
    Additive,
    /// `-`.
    Negative,
    /// `/`.
    Dividing,
    /// `*`.
    Multiplicative,
    /// `e`.
    Exponential,
}

/// The `mcp` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mcp {
    /// The servers.
    pub servers: List<McpServer>,
}

/// One bundled MCP server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct McpServer {
    /// Its name.
    pub name: Text,
    /// Transport.
    pub transport: Field<Transport>,
    /// Program of a stdio server.
    pub command: Text,
    /// Its arguments.
    pub args: List<String>,
    /// Its environment.
    pub env: Field<Vec<(Spanned<String>, Spanned<String>)>>,
    /// Address of a network server.
    pub url: Text,
}

/// Transport of an MCP server (`type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// A child process.
    Stdio,
    /// Streamable HTTP.
    Http,
    /// HTTP with server-sent events.
    Sse,
}

/// The `spinnerVerbs` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpinnerVerbs {
    /// How the verbs meet the agent's own.
    pub mode: Field<SpinnerMode>,
    /// The verbs.
    pub verbs: List<String>,
}

/// How spinner verbs meet the agent's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpinnerMode {
    /// Instead of them.
    Replace,
    /// After them.
    Append,
    /// Before them.
    Prepend,
}

/// One line of a changelog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangelogEntry {
    /// The version, as written; absent where the entry is plain text.
    pub version: Text,
    /// When, as written.
    pub date: Text,
    /// What changed.
    pub text: Text,
}
