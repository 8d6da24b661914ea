//! A checked masque as data: nothing left to look up, default or doubt.
//!
//! What does not live here: parse trees, spans of sources, diagnostics, automata. The places kept are those that the shipped
//! manifest shows to people.

mod logic;
mod test;

pub use logic::{
    Claim, Condition, ConditionId, Ensure, Guarded, Param, ParamId, ParamType, Piece, Rings, Template, Test,
    Text, TextForm, TextSource,
};
pub use semver::Version;
pub use test::{Assertion, Because, Expectation, ExpectedDecision, ExpectedIntent, PromptTest, SessionTest};

/// One checked masque.
#[derive(Clone, Debug, PartialEq)]
pub struct Masque {
    /// Who it is.
    pub identity: Identity,
    /// Where it was written.
    pub source: SourceFile,
    /// The other files that went into it: its ancestors, nearest first, then the libraries in the order of their use.
    pub inherited: Vec<Inherited>,
    /// What it has more of than its parent, because it says so.
    pub widened: Vec<Widened>,
    /// What whoever dons it sets.
    pub params: Vec<Param>,
    /// What the session decides, each once. Guards and templates refer to them by position.
    pub conditions: Vec<Condition>,
    /// What it may do; `None` is a pure lens, which allows every intent.
    pub intent: Option<Intent>,
    /// Situational framing; may be empty.
    pub context: Template,
    /// MCP URIs in the order of the source, inherited ones first.
    pub knowledge: Vec<Guarded<String>>,
    /// What the host is asked to mint, in the order of the source.
    pub access: Vec<Guarded<Grant>>,
    /// Cognitive framing; never empty.
    pub lens: Template,
    /// Everything that describes and that no decision rests on.
    pub about: About,
    /// What has to be provable, inherited claims first.
    pub ensures: Vec<Ensure>,
    /// What the author expects of it.
    pub tests: Vec<Expectation>,
}

impl Masque {
    /// A masque with nothing but a lens: it allows every intent and asks for nothing.
    pub fn pure_lens(identity: Identity, source: SourceFile, lens: Template) -> Self {
        Self {
            identity,
            source,
            inherited: Vec::new(),
            widened: Vec::new(),
            params: Vec::new(),
            conditions: Vec::new(),
            intent: None,
            context: Template::default(),
            knowledge: Vec::new(),
            access: Vec::new(),
            lens,
            about: About::default(),
            ensures: Vec::new(),
            tests: Vec::new(),
        }
    }
}

impl Rule {
    /// A rule that is always there, with no reason and no place.
    pub fn plain(action: Action, mode: MatchMode, pattern: impl Into<String>) -> Self {
        Self {
            action,
            mode,
            pattern: pattern.into(),
            when: None,
            because: None,
            set: None,
            place: Place::default(),
        }
    }
}

/// Another file that went into a masque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inherited {
    /// What it is to the masque.
    pub role: InheritedRole,
    /// The reference that led to it: `std/operator@1`.
    pub reference: String,
    /// Its version.
    pub version: Version,
    /// The file.
    pub source: SourceFile,
}

/// What another file is to a masque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InheritedRole {
    /// The parent, its parent, and so on.
    Ancestor,
    /// A library whose sets are used.
    Library,
}

/// What a child has more of than its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Widened {
    /// A ring further out.
    Ring,
    /// Other or longer credentials.
    Access,
}

/// Who a masque is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What references name: the `id`, else the slug of the name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What a page shows instead of the name.
    pub display_name: Option<String>,
    /// At least 1.
    pub index: Option<u64>,
    /// Semantic version.
    pub version: Version,
    /// The least ring that may wear it.
    pub ring: Ring,
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

impl Ring {
    /// Every ring, from the outside in.
    pub const ALL: [Self; 4] = [Self::Outsider, Self::Guest, Self::Player, Self::Admin];

    /// The name in sources.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outsider => "outsider",
            Self::Guest => "guest",
            Self::Player => "player",
            Self::Admin => "admin",
        }
    }
}

/// Where a masque was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The file's name without its directories, so that the same source gives the same bytes everywhere.
    pub name: String,
    /// The whole text, of which the manifest keeps a digest.
    pub text: String,
}

/// The rules of a masque.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// How compound intents are judged.
    pub clauses: Clauses,
    /// Allow and deny rules in the order of the source.
    pub rules: Vec<Rule>,
}

/// How compound intents are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clauses {
    /// As one text.
    Whole,
    /// Clause by clause.
    Each,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it does to an intent that it matches.
    pub action: Action,
    /// How its first word is read.
    pub mode: MatchMode,
    /// The glob, as the author wrote it; known to be well-formed.
    pub pattern: String,
    /// When the rule is there; always where there is none. The rules of a masque have at most eight distinct conditions.
    pub when: Option<ConditionId>,
    /// Why the rule is there.
    pub because: Option<String>,
    /// The path of the intent set that it comes from: `std/destructive`.
    pub set: Option<String>,
    /// Where the pattern stands.
    pub place: Place,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Lets through unless another rule denies.
    Allow,
    /// Refuses, whatever allows.
    Deny,
}

/// How a pattern's first word is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchMode {
    /// As a verb that stands for its inflections.
    Verb,
    /// As it is written.
    Exact,
}

/// A place in a source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file: 0 is the masque's own, `n` the one at position `n - 1` of [`Masque::inherited`].
    pub file: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Byte offset of the start.
    pub start: u32,
    /// Byte offset just past the end.
    pub end: u32,
}

/// What the host is asked to mint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The kind of minter: `vault`.
    pub provider: String,
    /// The role to assume there.
    pub role: String,
    /// How long it lives.
    pub ttl: Ttl,
}

/// How long a credential lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ttl {
    /// Until the masque is doffed.
    Session,
    /// Seconds, at least 1.
    Seconds(u64),
}

/// Describing fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// A free map in the order of the source.
    pub attributes: Vec<(String, Value)>,
    /// Claimed skills.
    pub skills: Vec<Skill>,
    /// Contribution scores.
    pub performance: Option<Performance>,
    /// Bundled MCP servers.
    pub mcp_servers: Vec<McpServer>,
    /// Activity indicators.
    pub spinner_verbs: Option<SpinnerVerbs>,
    /// Prose measure of a good session.
    pub rubric: Option<String>,
    /// Areas of work.
    pub domain: Vec<String>,
    /// Tone descriptors.
    pub tone: Vec<String>,
    /// Free-text skills.
    pub skillset: Vec<String>,
    /// Output format that the prompt demands.
    pub format: Option<String>,
    /// Inputs with model answers.
    pub examples: Vec<Example>,
    /// Version of the prompt schema.
    pub prompt_schema_version: Option<String>,
    /// Preferred model.
    pub default_llm: Option<String>,
    /// Room for context, in tokens.
    pub max_context_tokens: Option<u64>,
    /// Safety labels.
    pub safety_tags: Vec<String>,
    /// What changed.
    pub changelog: Vec<ChangelogEntry>,
}

/// Free data.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number in JSON's notation.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map in the order of the source.
    Map(Vec<(String, Value)>),
}

/// A claimed skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// `skill://domain/name`.
    pub uri: String,
    /// Claimed proficiency.
    pub level: Option<SkillLevel>,
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

/// Contribution scores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Performance {
    /// The present score.
    pub score: Option<Score>,
    /// Scored sessions.
    pub history: Vec<ScoreEntry>,
}

/// One scored session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreEntry {
    /// RFC 3339 date or date-time.
    pub date: String,
    /// The score.
    pub score: Score,
    /// Why.
    pub notes: Option<String>,
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

/// One bundled MCP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct McpServer {
    /// Its name.
    pub name: String,
    /// How to reach it.
    pub transport: McpTransport,
}

/// How to reach an MCP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum McpTransport {
    /// A child process.
    Stdio {
        /// The program.
        command: String,
        /// Its arguments.
        args: Vec<String>,
        /// Its environment, in the order of the source.
        env: Vec<(String, String)>,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpinnerVerbs {
    /// How the verbs meet the agent's own.
    pub mode: SpinnerMode,
    /// The verbs.
    pub verbs: Vec<String>,
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

/// An input with a model answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What is asked.
    pub input: String,
    /// What is answered.
    pub output: String,
}

/// One line of a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangelogEntry {
    /// The version it speaks of.
    pub version: Option<String>,
    /// RFC 3339 date or date-time.
    pub date: Option<String>,
    /// What changed.
    pub text: String,
}
