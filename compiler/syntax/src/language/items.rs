//! The items of a masque.

use std::borrow::Cow;

use masque_diagnostics::{Span, Spanned};
use pest::iterators::Pair;

use super::data::data;
use super::expressions::{expression, range, string};
use super::grammar::Rule;
use super::recovery::{self, Block};
use super::templates::{self, Lines};
use super::{blocks, reader::Reader, tests};
use crate::ast::{self, Field};
use crate::problems;
use crate::tree::{Entry, Kind, Node, Style};

/// What the items of one masque come to: the describing fields as a tree, everything else as it is.
#[derive(Default)]
pub(super) struct Items {
    pub(super) fields: Vec<Entry<'static>>,
    pub(super) first: Option<Span>,
    pub(super) intent: Field<ast::Intent>,
    pub(super) context: Field<ast::Template>,
    pub(super) lens: Field<ast::Template>,
    pub(super) knowledge: ast::List<ast::Pointer>,
    pub(super) access: ast::List<ast::Access>,
    pub(super) widen: ast::List<ast::Widen>,
    pub(super) params: ast::List<ast::Param>,
    pub(super) lets: Vec<Spanned<ast::Let>>,
    pub(super) ensures: ast::List<ast::Ensure>,
    pub(super) tests: ast::List<ast::Test>,
}

impl Items {
    /// Reads one item.
    pub(super) fn read(&mut self, pair: Pair<'_, Rule>, reader: &mut Reader<'_>) {
        let span = reader.text.span(range(&pair));
        self.first.get_or_insert(span);
        match pair.as_rule() {
            Rule::field | Rule::bare_field => self.field(pair, reader),
            Rule::skills => {
                let entry = skills(pair, reader);
                self.fields.push(entry);
            }
            Rule::param => push(&mut self.params, Spanned::new(param(pair, reader), span)),
            Rule::let_item => {
                let mut pairs = pair.into_inner().skip(1);
                let name = reader.name(&pairs.next().expect("a let has a name"));
                let value = pairs.nth(1).expect("a let has a value");
                let value = expression(value, &reader.text, reader.findings);
                self.lets.push(Spanned::new(ast::Let { name, value }, span));
            }
            Rule::intent => {
                let intent = blocks::intent(pair, reader);
                once(&mut self.intent, "intent", Spanned::new(intent, span), reader);
            }
            Rule::knowledge => {
                let pointers = blocks::knowledge(pair, reader);
                once(&mut self.knowledge, "knowledge", Spanned::new(pointers, span), reader);
            }
            Rule::access => {
                let grants = blocks::access(pair, reader);
                once(&mut self.access, "access", Spanned::new(grants, span), reader);
            }
            Rule::prose => self.prose(pair, reader),
            Rule::ensure => push(&mut self.ensures, Spanned::new(ensure(pair, reader), span)),
            Rule::widen => self.widen(pair, reader),
            Rule::test => push(&mut self.tests, Spanned::new(tests::test(pair, reader), span)),
            _ => {
                recovery::report(&pair, Block::Masque, &reader.text, reader.findings);
            }
        }
    }

    fn field(&mut self, pair: Pair<'_, Rule>, reader: &mut Reader<'_>) {
        let mut pairs = pair.into_inner();
        let name = pairs.next().expect("a field has a name");
        let key = Spanned::new(Cow::Owned(name.as_str().to_owned()), reader.text.span(range(&name)));
        if let Some((_, how)) = OTHERWISE.iter().find(|(field, _)| *field == name.as_str()) {
            reader.findings.error(problems::otherwise_written(name.as_str(), key.span, how));
            return;
        }
        let value = match pairs.find(|pair| pair.as_rule() == Rule::data_value) {
            Some(value) => data(value, &reader.text, reader.findings),
            None => {
                let nothing = Kind::Scalar { text: Cow::Borrowed(""), style: Style::Plain };
                Node {
                    span: Span::new(key.span.source, key.span.end as usize, key.span.end as usize),
                    kind: nothing,
                }
            }
        };
        self.fields.push(Entry { key, value });
    }

    fn prose(&mut self, pair: Pair<'_, Rule>, reader: &mut Reader<'_>) {
        let mut pairs = pair.into_inner();
        let word = pairs.next().expect("prose begins with its word");
        let written = pairs.next().expect("prose has a text");
        let span = reader.text.span(range(&written));
        let lines = if written.as_str().starts_with("\"\"\"") { Lines::Trimmed } else { Lines::Inline };
        let decoded = string(&written, &reader.text, reader.findings);
        let template = Spanned::new(templates::read(&decoded, lines, reader.findings), span);
        match word.as_rule() {
            Rule::kw_context => once(&mut self.context, "context", template, reader),
            _ => once(&mut self.lens, "lens", template, reader),
        }
    }

    fn widen(&mut self, pair: Pair<'_, Rule>, reader: &mut Reader<'_>) {
        let word = reader.name(&pair.into_inner().nth(1).expect("widen names what it widens"));
        if let Field::Given(widen) = reader.word::<ast::Widen>("widen", &word) {
            push(&mut self.widen, widen);
        }
    }
}

/// Fields of other notations that the language has another way to write.
const OTHERWISE: &[(&str, &str)] = &[
    ("name", "the name stands in the head: `masque Name { … }`"),
    ("extends", "the parent stands in the head: `masque Name extends std/operator@1 { … }`"),
    ("use", "`use std/git` stands at the top of the file, before `masque`"),
    ("set", "sets stand at the top of the file, before `masque`"),
    ("params", "declare each by itself: `param limit: int = 3`"),
    ("tests", "write each by itself: `test \"name\" { allow \"deploy grafana\" }`"),
];

/// Adds an item to a list that any number of items make up; its span covers them all.
pub(super) fn push<T>(list: &mut ast::List<T>, item: Spanned<T>) {
    match list {
        Field::Given(items) => {
            items.span = items.span.to(item.span);
            items.value.push(item);
        }
        Field::Absent | Field::Error(_) => {
            let span = item.span;
            *list = Field::Given(Spanned::new(vec![item], span));
        }
    }
}

/// Sets what a masque has once.
fn once<T>(field: &mut Field<T>, what: &str, value: Spanned<T>, reader: &mut Reader<'_>) {
    match field {
        Field::Given(first) => {
            let first = first.span;
            reader.findings.error(problems::item_twice(what, value.span, first));
        }
        Field::Absent | Field::Error(_) => *field = Field::Given(value),
    }
}

/// `skills { uri: level … }` as the list of maps that other notations have.
fn skills(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Entry<'static> {
    let span = reader.text.span(range(&pair));
    let mut pairs = pair.into_inner();
    let word = pairs.next().expect("skills begin with their word");
    let key = Spanned::new(Cow::Owned(word.as_str().to_owned()), reader.text.span(range(&word)));
    let mut items = Vec::new();
    for pair in pairs {
        match pair.as_rule() {
            Rule::list => {
                let value = data(pair, &reader.text, reader.findings);
                return Entry { key, value };
            }
            Rule::skill => items.push(skill(pair, reader)),
            Rule::close => reader.close(&pair, "`skills`", span),
            _ => reader.invalid(&pair, Block::Skills, span),
        }
    }
    Entry { key, value: Node { span, kind: Kind::List(items) } }
}

fn skill(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Node<'static> {
    let span = reader.text.span(range(&pair));
    let names = ["uri", "level"].into_iter();
    let entry = |(name, value): (&'static str, Pair<'_, Rule>)| {
        let value = data(value, &reader.text, reader.findings);
        Entry { key: Spanned::new(Cow::Borrowed(name), value.span), value }
    };
    let parts = pair.into_inner().filter(|pair| pair.as_rule() != Rule::colon);
    Node { span, kind: Kind::Map(names.zip(parts).map(entry).collect()) }
}

fn param(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::Param {
    let mut param = ast::Param::default();
    for pair in pair.into_inner() {
        let span = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::name => param.name = Field::Given(reader.name(&pair)),
            Rule::param_type => param.kind = param_type(pair, span, reader),
            Rule::expression => {
                param.default = Field::Given(expression(pair, &reader.text, reader.findings));
            }
            _ => {}
        }
    }
    param
}

fn param_type(pair: Pair<'_, Rule>, span: Span, reader: &mut Reader<'_>) -> Field<ast::ParamType> {
    let mut values = Vec::new();
    for pair in pair.into_inner() {
        let place = reader.text.span(range(&pair));
        if pair.as_rule() == Rule::name {
            let written = pair.as_str();
            return match ast::ParamType::named(written) {
                Some(kind) => Field::Given(Spanned::new(kind, place)),
                None => {
                    let near = masque_diagnostics::nearest(written, ast::ParamType::NAMES.iter().copied());
                    Field::Error(reader.findings.error(problems::unknown_type(written, place, near)))
                }
            };
        }
        values.push(Spanned::new(string(&pair, &reader.text, reader.findings).text, place));
    }
    Field::Given(Spanned::new(ast::ParamType::OneOf(values), span))
}

fn ensure(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::Ensure {
    let mut ensure = ast::Ensure::default();
    for pair in pair.into_inner() {
        let span = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::kw_never => ensure.claim = Field::Given(Spanned::new(ast::Claim::Never, span)),
            Rule::kw_always => ensure.claim = Field::Given(Spanned::new(ast::Claim::Always, span)),
            Rule::rule_pattern => {
                let rule = blocks::rule_pattern(pair, reader);
                (ensure.pattern, ensure.set, ensure.mode) = (rule.pattern, rule.set, rule.mode);
            }
            Rule::when => ensure.when = blocks::when(pair, reader),
            _ => {}
        }
    }
    ensure
}
