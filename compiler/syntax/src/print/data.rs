//! Fields as plain data, which every notation can write: what describes a masque.

use masque_diagnostics::Spanned;

use crate::ast::{About, Field, Identity, List, Mcp, Performance, Prompt, SpinnerVerbs, Text, Value};
use crate::fields::{
    Field as Named, change, example, masque, mcp, performance, prompt, prompt_schema, score, server, skill,
    spinner_verbs,
};
use crate::words::Word;

/// A value, and where it was read.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) at: u32,
    pub(super) data: Data,
}

/// Plain data.
#[derive(Clone)]
pub(super) enum Data {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    /// A word that the language knows.
    Word(&'static str),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// A named field.
pub(super) struct Entry {
    pub(super) key: &'static str,
    pub(super) value: Node,
}

/// Entries in the making: what is absent leaves none.
#[derive(Default)]
pub(super) struct Entries(pub(super) Vec<Entry>);

impl Entries {
    pub(super) fn push<T>(&mut self, field: &Named, value: &Field<T>, data: impl FnOnce(&T) -> Data) {
        if let Field::Given(value) = value {
            self.0.push(Entry { key: field.name, value: node(value, data) });
        }
    }

    pub(super) fn text(&mut self, field: &Named, value: &Text) {
        self.push(field, value, |text| Data::Text(text.clone()));
    }

    pub(super) fn texts(&mut self, field: &Named, value: &List<String>) {
        self.list(field, value, |text| Data::Text(text.clone()));
    }

    pub(super) fn word<W: Word + PartialEq>(&mut self, field: &Named, value: &Field<W>) {
        self.push(field, value, |value| Data::Word(word(*value)));
    }

    pub(super) fn list<T>(&mut self, field: &Named, value: &List<T>, item: impl Fn(&T) -> Data) {
        self.push(field, value, |items| Data::List(items.iter().map(|value| node(value, &item)).collect()));
    }

    pub(super) fn map(self) -> Data {
        Data::Map(self.0.into_iter().map(|entry| (entry.key.to_owned(), entry.value)).collect())
    }
}

/// The word of a value.
pub(super) fn word<W: Word + PartialEq>(value: W) -> &'static str {
    let at = W::ALL.iter().position(|known| *known == value).expect("every value has a word");
    W::WORDS[at]
}

pub(super) fn node<T>(value: &Spanned<T>, data: impl FnOnce(&T) -> Data) -> Node {
    Node { at: value.span.start, data: data(&value.value) }
}

fn pairs(pairs: &[(Spanned<String>, Spanned<String>)]) -> Data {
    let pair = |(key, value): &(Spanned<String>, Spanned<String>)| {
        (key.value.clone(), node(value, |text| Data::Text(text.clone())))
    };
    Data::Map(pairs.iter().map(pair).collect())
}

/// Who a masque is, its name apart.
pub(super) fn identity(identity: &Identity, entries: &mut Entries) {
    entries.text(&masque::ID, &identity.id);
    entries.text(&masque::DISPLAY_NAME, &identity.display_name);
    entries.push(&masque::INDEX, &identity.index, |index| Data::Number(index.to_string()));
    entries.text(&masque::VERSION, &identity.version);
    entries.word(&masque::RING, &identity.ring);
}

/// Everything that describes and that no decision rests on.
pub(super) fn about(about: &About, entries: &mut Entries) {
    entries.push(&masque::ATTRIBUTES, &about.attributes, |entries| free_map(entries));
    entries.list(&masque::SKILLS, &about.skills, |claimed| {
        let mut entries = Entries::default();
        entries.text(&skill::URI, &claimed.uri);
        entries.word(&skill::LEVEL, &claimed.level);
        entries.map()
    });
    entries.texts(&masque::DOMAIN, &about.domain);
    entries.texts(&masque::TONE, &about.tone);
    entries.texts(&masque::SKILLSET, &about.skillset);
    entries.push(&masque::MCP, &about.mcp, servers);
    entries.push(&masque::SPINNER_VERBS, &about.spinner_verbs, verbs);
    entries.text(&masque::RUBRIC, &about.rubric);
    if let Field::Given(version) = &about.prompt_schema_version {
        let mut inner = Entries::default();
        inner.text(&prompt_schema::VERSION, &about.prompt_schema_version);
        let value = Node { at: version.span.start, data: inner.map() };
        entries.0.push(Entry { key: masque::PROMPT_SCHEMA.name, value });
    }
    entries.text(&masque::DEFAULT_LLM, &about.default_llm);
    entries.push(&masque::MAX_CONTEXT_TOKENS, &about.max_context_tokens, |n| Data::Number(n.to_string()));
    entries.texts(&masque::SAFETY_TAGS, &about.safety_tags);
    entries.push(&masque::PERFORMANCE, &about.performance, performance);
    entries.list(&masque::CHANGELOG, &about.changelog, |entry| {
        let mut entries = Entries::default();
        entries.text(&change::VERSION, &entry.version);
        entries.text(&change::DATE, &entry.date);
        entries.text(&change::TEXT, &entry.text);
        match (&entry.version, &entry.date, &entry.text) {
            (Field::Absent, Field::Absent, Field::Given(text)) => Data::Text(text.value.clone()),
            _ => entries.map(),
        }
    });
}

/// The structured prompt of a mask definition.
pub(super) fn prompt(prompted: &Prompt) -> Data {
    let mut entries = Entries::default();
    entries.text(&prompt::PERSONA, &prompted.persona);
    entries.texts(&prompt::CONSTRAINTS, &prompted.constraints);
    entries.texts(&prompt::STYLE_GUIDELINES, &prompted.style_guidelines);
    entries.text(&prompt::FORMAT, &prompted.format);
    entries.list(&prompt::EXAMPLES, &prompted.examples, |shown| {
        let mut entries = Entries::default();
        entries.text(&example::INPUT, &shown.input);
        entries.text(&example::OUTPUT, &shown.output);
        entries.map()
    });
    entries.map()
}

fn performance(scored: &Performance) -> Data {
    let mut entries = Entries::default();
    entries.word(&performance::SCORE, &scored.score);
    entries.list(&performance::HISTORY, &scored.history, |entry| {
        let mut entries = Entries::default();
        entries.text(&score::DATE, &entry.date);
        entries.word(&score::SCORE, &entry.score);
        entries.text(&score::NOTES, &entry.notes);
        entries.map()
    });
    entries.map()
}

fn servers(bundled: &Mcp) -> Data {
    let mut entries = Entries::default();
    entries.list(&mcp::SERVERS, &bundled.servers, |bundled| {
        let mut entries = Entries::default();
        entries.text(&server::NAME, &bundled.name);
        entries.word(&server::TYPE, &bundled.transport);
        entries.text(&server::COMMAND, &bundled.command);
        entries.texts(&server::ARGS, &bundled.args);
        entries.push(&server::ENV, &bundled.env, |env| pairs(env));
        entries.text(&server::URL, &bundled.url);
        entries.map()
    });
    entries.map()
}

fn verbs(spinner: &SpinnerVerbs) -> Data {
    let mut entries = Entries::default();
    entries.word(&spinner_verbs::MODE, &spinner.mode);
    entries.texts(&spinner_verbs::VERBS, &spinner.verbs);
    entries.map()
}

fn free_map(entries: &[(Spanned<String>, Spanned<Value>)]) -> Data {
    Data::Map(entries.iter().map(|(key, value)| (key.value.clone(), node(value, free))).collect())
}

fn free(value: &Value) -> Data {
    match value {
        Value::Null => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Number(written) => Data::Number(written.clone()),
        Value::Text(text) => Data::Text(text.clone()),
        Value::List(items) => Data::List(items.iter().map(|item| node(item, free)).collect()),
        Value::Map(entries) => free_map(entries),
    }
}
