//! The tree that every front end builds. Each value keeps its place; what could not be read is an error node that proves it was
//! reported. Names are as written: nothing is looked up, defaulted or judged here.

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
    pub context: Text,
    /// MCP URIs.
    pub knowledge: List<String>,
    /// What to mint.
    pub access: Field<Access>,
    /// Cognitive framing.
    pub lens: Text,
    /// The structured prompt of a mask definition.
    pub prompt: Field<Prompt>,
    /// Everything that describes and that no decision rests on.
    pub about: About,
    /// Intents and prompts with the results that the author expects.
    pub tests: List<Test>,
    /// The parent; its meaning comes with composition.
    pub extends: Text,
    /// Comments in the order of the text (YAML only), for formatting and suppression.
    pub comments: Vec<Spanned<String>>,
}

/// The notation of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `*.masque.yaml`.
    Yaml,
    /// A mask definition in JSON.
    Json,
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
    /// `allowed` or `allowed_patterns`.
    pub allowed: List<RulePattern>,
    /// `denied` or `denied_patterns`.
    pub denied: List<RulePattern>,
    /// The match mode of every rule that states none.
    pub mode: Field<MatchMode>,
    /// How compound intents are judged.
    pub clauses: Field<Clauses>,
}

/// One rule: a pattern, or `{pattern, match, because}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulePattern {
    /// The glob.
    pub pattern: Text,
    /// The rule's own match mode.
    pub mode: Field<MatchMode>,
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

/// The `access` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The role to assume at the vault.
    pub vault_role: Text,
    /// `session`, or an ISO 8601 duration as written.
    pub ttl: Text,
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

/// An intent test or a prompt test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Intents with the decision that they should meet.
    Intents(IntentTest),
    /// A prompt with assertions about the answer.
    Prompt(PromptTest),
}

/// Intents with the decision that they should meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntentTest {
    /// What it is about.
    pub name: Text,
    /// Intents that are allowed.
    pub allowed: List<String>,
    /// Intents that are denied.
    pub denied: List<String>,
    /// Intents that no rule covers.
    pub unmatched: List<String>,
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

/// What an answer must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// Holds this text.
    Contains(String),
    /// Does not hold this text.
    NotContains(String),
}
