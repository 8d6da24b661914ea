//! A document in the language: one statement a line, in the order of the source it came from. The layout is `format`'s.

mod statements;

use masque_diagnostics::{Span, Spanned};

use super::comments::Comments;
use super::data::{self, Data, Entries, Node};
use super::{Lost, expressions, strings};
use crate::ast::{Field, Library, List, Masque, Param, ParamType, Set, Template, Text, Use};
use crate::fields::masque::PROMPT;
use crate::language::{Rule, is};
use statements::Statement;

/// Prints a masque.
pub(super) fn masque(masque: &Masque, comments: Comments<'_>, lost: &mut Vec<Lost>) -> String {
    let mut writer = Writer { out: String::new(), comments, lost };
    let first = first_item(masque);
    writer.head(&masque.uses, &masque.sets, first);
    writer.begin(first, true);
    let name = match &masque.identity.name {
        Field::Given(name) => title(&name.value),
        Field::Absent | Field::Error(_) => {
            writer.lose("a masque without a `name`, which is taken from the file's", masque.insert_at);
            String::new()
        }
    };
    writer.out.push_str(&format!("masque {name} "));
    if let Field::Given(parent) = &masque.extends {
        writer.out.push_str(&format!("extends {} ", reference(&parent.value)));
    }
    writer.out.push('{');
    for item in items(masque) {
        item.write(&mut writer);
    }
    writer.end()
}

/// Prints a library.
pub(super) fn library(library: &Library, comments: Comments<'_>, lost: &mut Vec<Lost>) -> String {
    let mut writer = Writer { out: String::new(), comments, lost };
    let at = library.name.span.start;
    writer.head(&library.uses, &[], at);
    writer.begin(at, true);
    writer.out.push_str(&format!("library {} {{", title(&library.name.value)));
    if let Field::Given(version) = &library.version {
        writer.begin(version.span.start, false);
        writer.out.push_str(&format!("version {}", version.value));
    }
    if let Field::Given(about) = &library.about {
        writer.begin(about.span.start, false);
        writer.out.push_str(&format!("about {}", strings::string(&about.value)));
    }
    for set in &library.sets {
        writer.set(set);
    }
    writer.end()
}

/// A part of a masque's body.
enum Item<'a> {
    Field { key: &'static str, value: Node },
    Param(&'a Spanned<Param>),
    Let(&'a Spanned<crate::ast::Let>),
    Prose { word: &'static str, template: &'a Spanned<Template> },
    Statement(Statement<'a>),
}

/// All items, in the order of the source.
fn items(masque: &Masque) -> Vec<Item<'_>> {
    let mut fields = Entries::default();
    data::identity(&masque.identity, &mut fields);
    data::about(&masque.about, &mut fields);
    fields.push(&PROMPT, &masque.prompt, data::prompt);
    let mut items: Vec<(u32, Item<'_>)> =
        fields.0.into_iter().map(|e| (e.value.at, Item::Field { key: e.key, value: e.value })).collect();
    items.extend(each(&masque.params).map(|param| (param.span.start, Item::Param(param))));
    items.extend(masque.lets.iter().map(|item| (item.span.start, Item::Let(item))));
    for (word, field) in [("context", &masque.context), ("lens", &masque.lens)] {
        if let Field::Given(template) = field {
            items.push((template.span.start, Item::Prose { word, template }));
        }
    }
    items.extend(statements::of(masque).into_iter().map(|(at, item)| (at, Item::Statement(item))));
    items.sort_by_key(|(at, _)| *at);
    items.into_iter().map(|(_, item)| item).collect()
}

fn first_item(masque: &Masque) -> u32 {
    let name = masque.identity.name.get().map(|name| name.span.start);
    name.unwrap_or(masque.insert_at.start).min(masque.insert_at.start)
}

pub(super) fn each<T>(list: &List<T>) -> impl Iterator<Item = &Spanned<T>> {
    list.get().into_iter().flat_map(|list| &list.value)
}

impl Item<'_> {
    fn write(&self, writer: &mut Writer<'_, '_>) {
        match self {
            Self::Field { key, value } => {
                writer.begin(value.at, false);
                writer.out.push_str(key);
                writer.out.push(' ');
                match (&value.data, *key) {
                    (Data::List(skills), "skills") => writer.skills(skills),
                    (Data::Text(version), "version") if is(Rule::version, version) => {
                        writer.out.push_str(version);
                    }
                    (data, _) => writer.data(data),
                }
            }
            Self::Param(param) => writer.param(param),
            Self::Let(item) => {
                writer.begin(item.span.start, false);
                let value = expressions::text(&item.value.value.value);
                writer.out.push_str(&format!("let {} = {value}", item.value.name.value));
            }
            Self::Prose { word, template } => {
                writer.begin(template.span.start, true);
                match strings::template(&template.value) {
                    Some(written) => writer.out.push_str(&format!("{word} {written}")),
                    None => writer.lose("a template that can't be written in the language", template.span),
                }
            }
            Self::Statement(statement) => statement.write(writer),
        }
    }
}

/// A text in the making.
pub(super) struct Writer<'a, 'l> {
    out: String,
    comments: Comments<'a>,
    lost: &'l mut Vec<Lost>,
}

impl Writer<'_, '_> {
    /// Begins a line, behind the comments that stood before this place of the source.
    fn begin(&mut self, at: u32, parted: bool) {
        let mut own_line = false;
        while let Some(comment) = self.comments.next_before(at) {
            if !comment.trailing {
                if parted && !own_line {
                    self.out.push('\n');
                }
                own_line = true;
                self.out.push('\n');
            }
            self.out.push_str(&format!(" {}", comment.text));
        }
        if !self.out.is_empty() {
            self.out.push_str(if parted && !own_line { "\n\n" } else { "\n" });
        }
    }

    fn end(mut self) -> String {
        while let Some(comment) = self.comments.next_before(u32::MAX) {
            self.out.push_str(if comment.trailing { " " } else { "\n" });
            self.out.push_str(&comment.text);
        }
        self.out.push_str("\n}\n");
        self.out
    }

    fn lose(&mut self, what: impl Into<String>, place: Span) {
        self.lost.push(Lost { what: what.into(), place });
    }

    fn head(&mut self, uses: &List<Use>, sets: &[Spanned<Set>], first: u32) {
        for used in each(uses) {
            let Field::Given(library) = &used.value.library else { continue };
            self.begin(used.span.start.min(first), false);
            self.out.push_str(&format!("use {}", reference(&library.value)));
            if let Field::Given(alias) = &used.value.alias {
                self.out.push_str(&format!(" as {}", alias.value));
            }
        }
        for set in sets {
            self.set(set);
        }
    }

    fn set(&mut self, set: &Spanned<Set>) {
        self.begin(set.span.start, true);
        self.out.push_str(&format!("set {}", set.value.name.value));
        self.because(&set.value.because);
        self.out.push_str(" {");
        for member in each(&set.value.members) {
            self.begin(member.span.start, false);
            let Some(pattern) = statements::pattern(&member.value) else { continue };
            self.out.push_str(&pattern);
            self.because(&member.value.because);
        }
        self.out.push_str("\n}");
    }

    fn because(&mut self, reason: &Text) {
        if let Field::Given(reason) = reason {
            self.out.push_str(&format!(" because {}", strings::string(&reason.value)));
        }
    }

    fn param(&mut self, param: &Spanned<Param>) {
        let (Field::Given(name), Field::Given(kind)) = (&param.value.name, &param.value.kind) else { return };
        self.begin(param.span.start, false);
        let kind = match &kind.value {
            ParamType::Bool => "bool".to_owned(),
            ParamType::Int => "int".to_owned(),
            ParamType::String => "string".to_owned(),
            ParamType::Duration => "duration".to_owned(),
            ParamType::Ring => "ring".to_owned(),
            ParamType::Version => "version".to_owned(),
            ParamType::OneOf(values) => {
                values.iter().map(|value| strings::line(&value.value)).collect::<Vec<_>>().join(" | ")
            }
        };
        self.out.push_str(&format!("param {}: {kind}", name.value));
        if let Field::Given(default) = &param.value.default {
            self.out.push_str(&format!(" = {}", expressions::text(&default.value)));
        }
    }

    fn skills(&mut self, skills: &[Node]) {
        self.out.push('{');
        for skill in skills {
            let Data::Map(entries) = &skill.data else { continue };
            let mut uri = String::new();
            let mut level = String::new();
            for (key, value) in entries {
                match (key.as_str(), &value.data) {
                    (_, Data::Word(word)) => level = format!(": {word}"),
                    (_, Data::Text(text)) => uri = self::uri(text),
                    _ => {}
                }
            }
            self.begin(skill.at, false);
            self.out.push_str(&format!("{uri}{level}"));
        }
        self.out.push_str("\n}");
    }

    /// Plain data.
    fn data(&mut self, data: &Data) {
        match data {
            Data::Null => self.out.push_str("null"),
            Data::Bool(value) => self.out.push_str(&value.to_string()),
            Data::Number(written) => self.out.push_str(written),
            Data::Word(word) if is(Rule::bare, word) => self.out.push_str(word),
            Data::Word(text) => self.out.push_str(&strings::line(text)),
            Data::Text(text) => self.out.push_str(&strings::string(text)),
            Data::List(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { "" });
                    self.inner(item);
                }
                self.out.push(']');
            }
            Data::Map(entries) => {
                self.out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.out.push_str(if index > 0 { ", " } else { " " });
                    let key = if is(Rule::name, key) { key.clone() } else { strings::line(key) };
                    self.out.push_str(&format!("{key}: "));
                    self.inner(value);
                }
                self.out.push_str(" }");
            }
        }
    }

    fn inner(&mut self, node: &Node) {
        if self.comments.is_next_before(node.at) {
            self.begin(node.at, false);
        }
        self.data(&node.data);
    }
}

fn title(name: &str) -> String {
    if is(Rule::name, name) { name.to_owned() } else { strings::line(name) }
}

fn reference(reference: &str) -> String {
    if is(Rule::bare_reference, reference) { reference.to_owned() } else { strings::line(reference) }
}

/// A URI as it is, or in quotes where it is not one of the language's.
fn uri(uri: &str) -> String {
    if is(Rule::uri, uri) { uri.to_owned() } else { strings::line(uri) }
}

fn ttl(ttl: &str) -> String {
    if ttl == "session" || is(Rule::duration, ttl) { ttl.to_owned() } else { strings::line(ttl) }
}
