//! The one table of fields. Reading, "did you mean", and the JSON Schema all rest on it: a field is added here, and given a place
//! in the AST by `lower`.
//!
//! A field's first name is the preferred spelling; the others are names that older masques and mask definitions use, and all are
//! taken without a word.

use crate::ast::{Clauses, MatchMode, ParamType, Ring, Score, SkillLevel, SpinnerMode, Transport, Widen};
use crate::words::Word;

/// One field of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// The preferred spelling.
    pub(crate) name: &'static str,
    /// Other spellings of the same field.
    pub(crate) aliases: &'static [&'static str],
    pub(crate) shape: Shape,
    pub(crate) need: Need,
    /// What an editor shows; Markdown.
    pub(crate) doc: &'static str,
}

impl Field {
    /// Every spelling, the preferred one first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// Whether a block may do without a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Optional,
    /// A slip in its name is an error: to pass over it would change rights, or leave out what has no harmless default.
    Weighty,
    /// The JSON Schema asks for it. Reading does not: that it is missing is the checker's finding.
    Required,
}

/// What a field takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Text. A number or a truth value has to be quoted.
    Text,
    /// Text; a plain number is taken as it is written: versions and names.
    Label,
    /// Text; plain numbers and truth values are taken as they are written: what is text wherever it ends up.
    Setting,
    /// Text, or a list of text that is joined line by line.
    Lines,
    /// A whole number in decimal digits, no smaller than `least`.
    Count { least: u64 },
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list; a lone item is an error, since `allowed: a, b` would hide that it is one text.
    List(&'static Shape),
    /// A list, or one item that stands for a list of one: descriptions, where nothing hangs on it.
    OneOrMore(&'static Shape),
    /// A map with the fields of a block.
    Block(&'static Block),
    /// Text, or a map with the fields of a block.
    TextOr(&'static Block),
    /// A map with free keys and text values.
    Settings,
    /// A map with free keys and values.
    Free,
}

/// What a key that a block doesn't know amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Warning,
    /// What decides over rights must be understood to the letter.
    Error,
}

/// A map with known keys.
#[derive(Debug)]
pub(crate) struct Block {
    /// With an article, for messages: "a rule".
    pub(crate) noun: &'static str,
    pub(crate) unknown: Unknown,
    pub(crate) fields: &'static [Field],
    /// Where not empty, an entry has fields of exactly one of these groups.
    pub(crate) kinds: &'static [&'static [&'static str]],
}

macro_rules! block {
    ($(#[$doc:meta])* $module:ident $noun:literal unknown $unknown:ident $(kinds $kinds:expr,)? {
        $($constant:ident $name:literal $([$($alias:literal),*])? $($need:ident)? : $shape:expr, $text:literal;)*
    }) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use super::*;

            $(pub(crate) const $constant: Field = Field {
                name: $name,
                aliases: &[$($($alias),*)?],
                shape: $shape,
                need: block!(@need $($need)?),
                doc: $text,
            };)*

            pub(crate) const BLOCK: Block = Block {
                noun: $noun,
                unknown: Unknown::$unknown,
                fields: &[$($constant),*],
                kinds: block!(@kinds $($kinds)?),
            };
        }
    };
    (@need) => { Need::Optional };
    (@need weighty) => { Need::Weighty };
    (@need required) => { Need::Required };
    (@kinds) => { &[] };
    (@kinds $kinds:expr) => { $kinds };
}

use Shape::{Count, Free, Label, Lines, List, OneOrMore, Settings, Text, TextOr};

block! {
    /// The document.
    masque "a masque" unknown Warning {
        ID "id": Text, "A dotted identifier, as mask definitions have it: `mask.professor`.";
        NAME "name": Label, "What people call it. Taken from the file name where it is left out.";
        DISPLAY_NAME "display_name": Label, "What a page shows instead of the name.";
        INDEX "index": Count { least: 1 }, "A number of at least 1, unique in a registry.";
        VERSION "version" required: Label, "Semantic version. Masques are pinned to it; quote it, so that no tool reads a number.";
        RING "ring" ["ring_required"] weighty: Shape::Word(Ring::WORDS), "Who may wear it, by trust. `player` where it is left out.";
        ATTRIBUTES "attributes": Free, "Free metadata: any keys, any values.";
        SKILLS "skills": List(&Shape::Block(&skill::BLOCK)), "Claimed skills.";
        INTENT "intent" weighty: Shape::Block(&intent::BLOCK), "What the wearer may set out to do. A deny rule beats an allow rule.";
        CONTEXT "context": Text, "Situational framing: whom the wearer helps, and what they value.";
        KNOWLEDGE "knowledge": List(&TextOr(&pointer::BLOCK)), "MCP URIs to look things up at: pointers, not contents.";
        ACCESS "access" weighty: OneOrMore(&Shape::Block(&access::BLOCK)), "The credentials that a session is lent; one may stand alone.";
        LENS "lens" weighty: Text, "Cognitive framing: how to think, what to put first, what to reject.";
        PERFORMANCE "performance": Shape::Block(&performance::BLOCK), "How sessions with this masque were scored.";
        MCP "mcp": Shape::Block(&mcp::BLOCK), "Bundled MCP servers.";
        SPINNER_VERBS "spinnerVerbs": Shape::Block(&spinner_verbs::BLOCK), "Custom activity indicators.";
        RUBRIC "rubric": Text, "In prose: what makes a session with this masque a good one.";
        DOMAIN "domain": OneOrMore(&Text), "Areas of work; one may stand alone.";
        TONE "tone" ["tone_descriptors"]: OneOrMore(&Text), "How it sounds; one may stand alone.";
        SKILLSET "skillset": OneOrMore(&Text), "Skills in free words; one may stand alone.";
        PROMPT "prompt" weighty: Shape::Block(&prompt::BLOCK), "The structured prompt of a mask definition. `persona` in it may take the place of `lens`.";
        PROMPT_SCHEMA "prompt_schema": Shape::Block(&prompt_schema::BLOCK), "The format of `prompt`.";
        TESTS "tests": List(&Shape::Block(&test::BLOCK)), "Intents with the decision they should meet, or prompts with assertions about the answer.";
        DEFAULT_LLM "default_llm": Text, "Preferred model.";
        MAX_CONTEXT_TOKENS "max_context_tokens": Count { least: 1 }, "Room for context, in tokens.";
        SAFETY_TAGS "safety_tags": OneOrMore(&Text), "Safety labels; one may stand alone.";
        CHANGELOG "changelog": List(&TextOr(&change::BLOCK)), "What changed, newest first.";
        EXTENDS "extends" weighty: Text, "The masque to inherit from: `base/professor@1.0.0`.";
        WIDEN "widen" weighty: OneOrMore(&Shape::Word(Widen::WORDS)), "Where this masque may have more than its parent.";
        USE "use" weighty: OneOrMore(&TextOr(&library::BLOCK)), "The libraries whose intent sets it uses: `std/destructive`.";
        PARAMS "params" weighty: List(&Shape::Block(&param::BLOCK)), "What whoever dons it sets.";
        ENSURE "ensure" weighty: List(&Shape::Block(&ensure::BLOCK)), "What the compiler has to prove.";
    }
}

block! {
    /// `skills[]`
    skill "a skill" unknown Warning {
        URI "uri" required: Text, "`skill://domain/name`";
        LEVEL "level": Shape::Word(SkillLevel::WORDS), "Claimed proficiency.";
    }
}

block! {
    /// `intent`
    intent "`intent`" unknown Error {
        ALLOWED "allowed" ["allowed_patterns"]: List(&TextOr(&rule::BLOCK)), "Patterns of intents that are allowed.";
        ALSO_ALLOWED "also_allowed": List(&TextOr(&rule::BLOCK)), "Patterns that are allowed beside the parent's.";
        DENIED "denied" ["denied_patterns"]: List(&TextOr(&rule::BLOCK)), "Patterns of intents that are denied, whatever allows them.";
        MATCH "match": Shape::Word(MatchMode::WORDS), "How the first word of a pattern is read: as a `verb` with its inflections (default) or `exact`.";
        CLAUSES "clauses": Shape::Word(Clauses::WORDS), "How compound intents are judged: `whole` (default), or `each` clause by itself.";
    }
}

block! {
    /// `intent.allowed[]`, `intent.also_allowed[]`, `intent.denied[]`
    rule "a rule" unknown Error kinds &[&["pattern"], &["set"]], {
        PATTERN "pattern": Text, "A glob: `deploy *`.";
        SET "set": Text, "An intent set in a pattern's place: `std/destructive`.";
        MATCH "match": Shape::Word(MatchMode::WORDS), "This rule's own match mode.";
        WHEN "when": Text, "When the rule is there: an expression of the masque language.";
        BECAUSE "because": Text, "Why the rule is there; shown when it decides.";
    }
}

block! {
    /// `access`
    access "`access`" unknown Error {
        VAULT_ROLE "vault_role": Text, "The role to assume at the vault.";
        TTL "ttl": Text, "`session`, or a duration: `15m`, `PT1H`.";
        WHEN "when": Text, "When it is minted: an expression of the masque language.";
    }
}

block! {
    /// `knowledge[]`
    pointer "a pointer" unknown Error {
        URI "uri" required: Text, "`mcp://server/resource`";
        WHEN "when": Text, "When it is offered: an expression of the masque language.";
    }
}

block! {
    /// `use[]`
    library "a used library" unknown Error {
        LIBRARY "library" required: Text, "`std/git@1`";
        AS "as": Text, "What this file calls it instead.";
    }
}

block! {
    /// `params[]`
    param "a parameter" unknown Error kinds &[&["type"], &["one_of"]], {
        NAME "name" required: Label, "What expressions call it.";
        TYPE "type": Shape::Word(ParamType::NAMES), "What it may be.";
        ONE_OF "one_of": List(&Shape::Setting), "The texts that it may be.";
        DEFAULT "default": Shape::Setting, "What it is where it is not set; it has to be set where there is none.";
    }
}

block! {
    /// `ensure[]`
    ensure "a claim" unknown Error kinds &[&["never"], &["always"]], {
        NEVER "never": TextOr(&claimed::BLOCK), "A pattern: no such intent is ever allowed.";
        ALWAYS "always": TextOr(&claimed::BLOCK), "A pattern: every such intent is allowed.";
        MATCH "match": Shape::Word(MatchMode::WORDS), "The pattern's match mode.";
        WHEN "when": Text, "The sessions that it speaks of: an expression of the masque language.";
    }
}

block! {
    /// `ensure[].never`, `ensure[].always`
    claimed "claimed intents" unknown Error {
        SET "set" required: Text, "An intent set: `std/destructive`.";
    }
}

block! {
    /// `performance`
    performance "`performance`" unknown Warning {
        SCORE "score": Shape::Word(Score::WORDS), "The present score. Quote it: `\"*\"`.";
        HISTORY "history": List(&Shape::Block(&score::BLOCK)), "Scored sessions.";
    }
}

block! {
    /// `performance.history[]`
    score "a scored session" unknown Warning {
        DATE "date" weighty: Text, "When, by RFC 3339.";
        SCORE "score" weighty: Shape::Word(Score::WORDS), "The session's score. Quote it: `\"*\"`.";
        NOTES "notes": Text, "Why.";
    }
}

block! {
    /// `mcp`
    mcp "`mcp`" unknown Warning {
        SERVERS "servers": List(&Shape::Block(&server::BLOCK)), "The servers.";
    }
}

block! {
    /// `mcp.servers[]`
    server "an MCP server" unknown Warning {
        NAME "name" required: Label, "What the client calls it.";
        TYPE "type": Shape::Word(Transport::WORDS), "Transport: a child process, streamable HTTP, or server-sent events.";
        COMMAND "command" weighty: Text, "The program of a `stdio` server.";
        ARGS "args": List(&Shape::Setting), "Its arguments.";
        ENV "env": Settings, "Its environment.";
        URL "url" weighty: Text, "The address of a network server.";
    }
}

block! {
    /// `spinnerVerbs`
    spinner_verbs "`spinnerVerbs`" unknown Warning {
        MODE "mode": Shape::Word(SpinnerMode::WORDS), "Whether the verbs replace the agent's own, or are put after or before them.";
        VERBS "verbs" weighty: List(&Text), "The verbs.";
    }
}

block! {
    /// `prompt`
    prompt "`prompt`" unknown Warning {
        PERSONA "persona" weighty: Text, "Who the model is told to be; may take the place of `lens`.";
        CONSTRAINTS "constraints": OneOrMore(&Text), "Rules of the prompt; one may stand alone.";
        STYLE_GUIDELINES "style_guidelines": OneOrMore(&Text), "How to write; one may stand alone.";
        FORMAT "format" ["formatting"]: Text, "The format of answers: `markdown`.";
        EXAMPLES "examples": List(&Shape::Block(&example::BLOCK)), "Inputs with model answers.";
    }
}

block! {
    /// `prompt.examples[]`
    example "an example" unknown Warning {
        INPUT "input" weighty: Text, "What is asked.";
        OUTPUT "output" weighty: Text, "What is answered.";
    }
}

block! {
    /// `prompt_schema`
    prompt_schema "`prompt_schema`" unknown Warning {
        VERSION "version": Label, "The version of the prompt's format.";
    }
}

block! {
    /// `tests[]`
    test "a test" unknown Warning kinds &[
        &["input", "assertions"],
        &["given", "allowed", "denied", "unmatched", "knowledge", "access", "context", "lens"],
    ], {
        NAME "name": Label, "What the test is about.";
        INPUT "input" weighty: Text, "A prompt.";
        ASSERTIONS "assertions" weighty: List(&Shape::Block(&assertion::BLOCK)), "What the answer must show.";
        GIVEN "given" weighty: Settings, "The session: parameters, and `ring`, `agent` and `intent`.";
        ALLOWED "allowed" weighty: List(&TextOr(&expected::BLOCK)), "Intents that are allowed.";
        DENIED "denied" weighty: List(&TextOr(&expected::BLOCK)), "Intents that are denied.";
        UNMATCHED "unmatched" weighty: List(&TextOr(&expected::BLOCK)), "Intents that no rule covers.";
        KNOWLEDGE "knowledge" weighty: List(&Text), "All the URIs that are offered, in any order.";
        ACCESS "access" weighty: List(&Shape::Block(&expected_grant::BLOCK)), "All the credentials that are asked for, in any order.";
        CONTEXT "context" weighty: List(&Shape::Block(&assertion::BLOCK)), "What the context shows.";
        LENS "lens" weighty: List(&Shape::Block(&assertion::BLOCK)), "What the lens shows.";
    }
}

block! {
    /// `tests[].allowed[]`, `tests[].denied[]`, `tests[].unmatched[]`
    expected "an expected decision" unknown Warning {
        INTENT "intent" required: Text, "The intent.";
        BECAUSE "because": Text, "The reason or the pattern of a rule that decides.";
        BECAUSE_SET "because_set": Text, "An intent set, one of whose rules decides.";
    }
}

block! {
    /// `tests[].access[]`
    expected_grant "an expected credential" unknown Warning {
        VAULT_ROLE "vault_role" required: Text, "The role.";
        TTL "ttl": Text, "Its life; any where it is left out.";
    }
}

block! {
    /// `tests[].assertions[]`
    assertion "an assertion" unknown Warning kinds &[&["contains"], &["notContains"]], {
        CONTAINS "contains" weighty: Text, "Text that the answer holds.";
        NOT_CONTAINS "notContains" ["not_contains"] weighty: Text, "Text that the answer does not hold.";
    }
}

block! {
    /// `changelog[]`
    change "a change" unknown Warning {
        VERSION "version": Label, "The version that brought it.";
        DATE "date": Text, "When.";
        TEXT "text" ["notes", "changes"] weighty: Lines, "What changed.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_names_one_field_of_its_block_and_every_kind_names_fields() {
        fn visit(block: &Block) {
            let names: Vec<&str> = block.fields.iter().flat_map(Field::names).collect();
            for (at, name) in names.iter().enumerate() {
                assert!(!names[..at].contains(name), "`{name}` twice in {}", block.noun);
            }
            for name in block.kinds.iter().copied().flatten() {
                assert!(names.contains(name), "{}: {name}", block.noun);
            }
            for field in block.fields {
                descend(field.shape);
            }
        }
        fn descend(shape: Shape) {
            match shape {
                Shape::Block(block) | TextOr(block) => visit(block),
                List(item) | OneOrMore(item) => descend(*item),
                _ => {}
            }
        }
        visit(&masque::BLOCK);
    }
}
