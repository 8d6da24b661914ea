//! The masque language: `grammar/masque.pest` to the AST.
//!
//! Describing fields become the generic tree of every notation and are lowered with it, so that names, shapes and messages are
//! those of YAML. Everything else has its own shape here: rules, conditions, templates, sets, tests.

mod blocks;
mod data;
mod expressions;
mod grammar;
mod items;
mod reader;
mod recovery;
pub(crate) mod scan;
pub(crate) mod strings;
pub(crate) mod templates;
mod tests;
pub(crate) mod text;

use std::borrow::Cow;

use masque_diagnostics::{Reported, Span, Spanned};
use pest::Parser;
use pest::iterators::Pair;

use crate::ast::{self, Field, Notation};
use crate::findings::Findings;
use crate::tree::{Entry, Kind, Node, Style};
use crate::yaml::Document;
use crate::{lower, problems};
use expressions::range;
pub(crate) use grammar::{Grammar, Rule};
use items::Items;
use reader::Reader;
use recovery::Block;
use text::Text;

/// Whether a text begins as a file of the language does: with one of its words, comments apart, that no colon makes a key of YAML.
pub(crate) fn begins(text: &str) -> bool {
    let rest = behind_comments(text);
    ["use", "set", "library", "masque"].iter().any(|word| {
        let after = rest.strip_prefix(word);
        // As `name_char` of the grammar: what goes on with one of these is another word.
        let after = after.filter(|after| {
            !after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        });
        after.map(behind_comments).is_some_and(|after| !after.is_empty() && !after.starts_with(':'))
    })
}

/// Whether the first line looks like a masque's with a slip in its first word: words, then a brace, and no colon.
pub(crate) fn may_begin(text: &str) -> bool {
    let line = behind_comments(text).lines().next().unwrap_or_default();
    let words = line.split_once('{').map(|(words, _)| words);
    words.is_some_and(|words| words.split_whitespace().count() >= 2 && !words.contains([':', '[', ']']))
}

fn behind_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest.find('\n').map_or("", |end| &rest[end..]).trim_start();
    }
    rest
}

/// The place of `range`, which counts bytes of the decoded text, in a string that only the language writes so; `None` for other scalars.
pub(crate) fn place_in_string(written: &str, span: Span, range: std::ops::Range<usize>) -> Option<Span> {
    let (decoded, _) = strings::is_of_the_language(written)
        .then(|| strings::decode(span.source, written, span.start as usize))?;
    Some(decoded.span(range.start.min(decoded.text.len())..range.end.min(decoded.text.len())))
}

/// Whether a text is one token of this kind, from its first byte to its last.
pub(crate) fn is(rule: Rule, text: &str) -> bool {
    Grammar::parse(rule, text).is_ok_and(|pairs| pairs.as_str() == text)
}

/// The longest expression, in bytes, that another notation may hold as text.
const LONGEST_EXPRESSION: usize = 4096;

/// Reads an expression that another notation holds as text, a scalar of `source`.
pub(crate) fn expression(
    source: &str,
    scalar: &Spanned<String>,
    findings: &mut Findings,
) -> Result<Spanned<ast::Expression>, Reported> {
    let span = scalar.span;
    if scalar.value.len() > LONGEST_EXPRESSION {
        return Err(findings.error(problems::long_expression(span, LONGEST_EXPRESSION)));
    }
    let place = |at: usize| crate::place_in_scalar(source, span, at..at).start as usize;
    expressions::whole(&Text::mapped(span.source, &scalar.value, span.end as usize, place), findings)
}

/// Reads a file of the language.
pub(crate) fn read(text: &str, findings: &mut Findings) -> Option<ast::Document> {
    let scan = scan::scan(text, findings);
    if let Some(deep) = scan.too_deep {
        let place = findings.span(deep, deep + 1);
        findings.error(problems::nested_too_deeply(place, expressions::MAX_NESTING));
        return None;
    }
    let start = findings.span(0, 0);
    let mut reader = Reader { text: Text::verbatim(start.source, text, 0), findings, unclosed: false };
    let file = match Grammar::parse(Rule::file, text) {
        Ok(mut pairs) => pairs.next().expect("a file is one pair"),
        Err(error) => {
            let found = recovery::unexpected(&error, &reader.text, "a masque");
            reader.findings.error(found);
            return None;
        }
    };
    // What an unclosed text swallowed is not closed either.
    reader.unclosed = file.clone().into_inner().flatten().any(|pair| pair.as_rule() == Rule::unclosed_block);
    let mut parts = Parts::default();
    for pair in file.into_inner() {
        parts.read(pair, &mut reader);
    }
    parts.document(start, text, &scan.comments, reader.findings)
}

/// The top level of a file.
#[derive(Default)]
struct Parts {
    uses: ast::List<ast::Use>,
    sets: Vec<Spanned<ast::Set>>,
    masque: Option<MasquePart>,
    library: Option<ast::Library>,
    first: Option<Span>,
    broken: bool,
}

struct MasquePart {
    name: Entry<'static>,
    extends: ast::Text,
    items: Items,
    /// Where the first item would stand.
    body: Span,
    span: Span,
}

impl Parts {
    fn read(&mut self, pair: Pair<'_, Rule>, reader: &mut Reader<'_>) {
        let span = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::use_item => items::push(&mut self.uses, Spanned::new(use_item(pair, reader), span)),
            Rule::set_item => self.sets.push(blocks::set(pair, reader)),
            Rule::masque | Rule::library if self.first.is_some() => {
                let first = self.first.unwrap_or(span);
                let word = Span::new(span.source, span.start as usize, span.start as usize + 6);
                reader.findings.error(problems::several_masques(word, first));
            }
            Rule::masque => {
                let masque = masque(pair, span, reader);
                self.first = Some(masque.name.key.span);
                self.masque = Some(masque);
            }
            Rule::library => {
                let library = library(pair, span, reader);
                self.first = Some(library.name.span);
                self.library = Some(library);
            }
            Rule::stray => {
                self.broken = true;
                recovery::report(&pair, Block::File, &reader.text, reader.findings);
            }
            _ => {}
        }
    }

    fn document(
        self,
        start: Span,
        text: &str,
        comments: &[Spanned<String>],
        findings: &mut Findings,
    ) -> Option<ast::Document> {
        let whole = findings.span(0, text.len());
        if let Some(mut library) = self.library {
            library.span = whole;
            library.uses = self.uses;
            library.sets.splice(0..0, self.sets);
            library.comments = comments.to_vec();
            return Some(ast::Document::Library(Box::new(library)));
        }
        let Some(MasquePart { name, extends, items, body, span }) = self.masque else {
            if !self.broken {
                findings.error(problems::no_masque(start));
            }
            return None;
        };
        let insert_at = items.first.map_or(body, |first| Span::at(first.source, first.start as usize));
        let mut fields = items.fields;
        fields.insert(0, name);
        let root = Node { span, kind: Kind::Map(fields) };
        let document = Document { root, comments: comments.to_vec() };
        let masque = lower::masque(&document, Notation::Language, text, findings)?;
        Some(ast::Document::Masque(Box::new(ast::Masque {
            span: whole,
            insert_at,
            intent: items.intent,
            context: items.context,
            knowledge: items.knowledge,
            access: items.access,
            lens: items.lens,
            extends,
            widen: items.widen,
            uses: self.uses,
            sets: self.sets,
            params: items.params,
            lets: items.lets,
            ensures: items.ensures,
            tests: items.tests,
            ..masque
        })))
    }
}

fn masque(pair: Pair<'_, Rule>, span: Span, reader: &mut Reader<'_>) -> MasquePart {
    let (mut name, mut extends, mut items) = (None, Field::Absent, Items::default());
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::kw_masque | Rule::kw_extends => {}
            Rule::title => name = Some(title(&pair, reader)),
            Rule::reference => extends = Field::Given(reference(pair, reader)),
            Rule::close => reader.close(&pair, "the masque", span),
            _ => items.read(pair, reader),
        }
    }
    let name = name.expect("the grammar gives every masque a name");
    let brace = reader.text.text[name.span.end as usize..]
        .find('{')
        .map_or(name.span.end as usize, |at| name.span.end as usize + at + 1);
    let key = Spanned::new(Cow::Borrowed("name"), name.span);
    let value =
        Node { span: name.span, kind: Kind::Scalar { text: Cow::Owned(name.value), style: Style::Text } };
    MasquePart { name: Entry { key, value }, extends, items, body: Span::at(span.source, brace), span }
}

fn library(pair: Pair<'_, Rule>, span: Span, reader: &mut Reader<'_>) -> ast::Library {
    let mut library = ast::Library {
        span,
        name: Spanned::new(String::new(), span),
        version: Field::Absent,
        about: Field::Absent,
        uses: Field::Absent,
        sets: Vec::new(),
        comments: Vec::new(),
    };
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::title => library.name = title(&pair, reader),
            Rule::library_version => {
                library.version =
                    reader.given(&pair.into_inner().nth(1).expect("a version follows its word"));
            }
            Rule::library_about => {
                library.about = reader.given(&pair.into_inner().nth(1).expect("a text follows its word"));
            }
            Rule::set_item => library.sets.push(blocks::set(pair, reader)),
            Rule::close => reader.close(&pair, "the library", span),
            Rule::invalid_item => {
                recovery::report(&pair, Block::Library, &reader.text, reader.findings);
            }
            _ => {}
        }
    }
    library
}

fn title(pair: &Pair<'_, Rule>, reader: &mut Reader<'_>) -> Spanned<String> {
    reader.string(&pair.clone().into_inner().next().expect("a title is a name or a text"))
}

fn reference(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Spanned<String> {
    reader.string(&pair.into_inner().next().expect("a reference is a word or a text"))
}

fn use_item(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::Use {
    let mut item = ast::Use::default();
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::reference => item.library = Field::Given(reference(pair, reader)),
            Rule::name => item.alias = Field::Given(reader.name(&pair)),
            _ => {}
        }
    }
    item
}
