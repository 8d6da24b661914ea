//! The generic tree to the AST, by the table of fields.
//!
//! Here are the readers of each shape; `lower::masque` says which field of the AST takes which field of the table.

mod document;

use std::borrow::Cow;
use std::collections::HashMap;

use masque_diagnostics::{Reported, Severity, Span, Spanned, nearest};

pub(crate) use document::masque;

use crate::ast;
use crate::fields::{self, Block, Field, Need, Shape, Unknown};
use crate::findings::Findings;
use crate::language;
use crate::problems;
use crate::tree::{Entry, Kind, Node, Style, Type, type_of};
use crate::words::Word;

/// What every reader needs.
struct Lowering<'t, 'f> {
    text: &'t str,
    findings: &'f mut Findings,
}

/// A map whose keys were looked up.
struct Fields<'n, 't> {
    block: &'static Block,
    span: Span,
    /// The entry of each field of the block, in the block's order.
    entries: Vec<Option<&'n Entry<'t>>>,
    /// For each field that an unknown key was likely meant for: the error that said so. Nobody needs to hear that it is missing.
    misspelt: Vec<Option<Reported>>,
}

impl<'n, 't> Fields<'n, 't> {
    /// The entry of a field; where there is none, the error about a key that was likely meant for it.
    fn entry(&self, field: &Field) -> Result<&'n Entry<'t>, Option<Reported>> {
        let at = self.block.fields.iter().position(|known| known.name == field.name);
        debug_assert!(at.is_some(), "`{}` is no field of {}", field.name, self.block.noun);
        let at = at.ok_or(None)?;
        self.entries[at].ok_or(self.misspelt[at])
    }
}

impl<'t> Lowering<'t, '_> {
    /// The fields of a map. Unknown keys and keys that stand twice are reported.
    fn fields<'n>(
        &mut self,
        block: &'static Block,
        what: &str,
        node: &'n Node<'t>,
    ) -> Result<Fields<'n, 't>, Reported> {
        let entries = match &node.resolved().kind {
            Kind::Map(entries) => entries,
            Kind::Error(reported) => return Err(*reported),
            Kind::Scalar { .. } | Kind::List(_) | Kind::Shared(_) => {
                return Err(self.wrong_shape(what, "a map", node));
            }
        };
        let count = block.fields.len();
        let mut fields =
            Fields { block, span: node.span, entries: vec![None; count], misspelt: vec![None; count] };
        let mut unknown = Vec::new();
        for entry in entries {
            let key = entry.key.value.as_ref();
            match block.fields.iter().position(|field| field.names().any(|name| name == key)) {
                None => unknown.push(entry),
                Some(at) => match fields.entries[at] {
                    None => fields.entries[at] = Some(entry),
                    Some(first) => self.given_twice(&block.fields[at], entry, first),
                },
            }
        }
        self.unknown_keys(&mut fields, &unknown);
        Ok(fields)
    }

    fn given_twice(&mut self, field: &Field, again: &Entry<'t>, first: &Entry<'t>) {
        let (key, other) = (&again.key, &first.key);
        let problem = if key.value == other.value {
            problems::duplicate_key(&key.value, key.span, other.span)
        } else {
            problems::field_twice(field.name, (&key.value, key.span), (&other.value, other.span))
        };
        self.findings.error(problem);
    }

    fn unknown_keys(&mut self, fields: &mut Fields<'_, 't>, unknown: &[&Entry<'t>]) {
        self.duplicates(unknown.iter().map(|entry| &entry.key));
        let block = fields.block;
        let free = |at: &usize| fields.entries[*at].is_none();
        let fits: Vec<(&str, usize)> = (0..block.fields.len())
            .filter(free)
            .flat_map(|at| block.fields[at].names().map(move |name| (name, at)))
            .collect();
        for entry in unknown {
            if self.findings.is_full() {
                return;
            }
            let (key, span) = (entry.key.value.as_ref(), entry.key.span);
            let home = home_of(key, block);
            if let Some((home, true)) = home
                && block.noun == fields::masque::BLOCK.noun
            {
                self.findings.note(problems::misplaced_field(key, span, home));
                continue;
            }
            let Some(near) = nearest(key, fits.iter().map(|(name, _)| *name)) else {
                self.findings.note(problems::unknown_field(key, span, block, home.map(|(home, _)| home)));
                continue;
            };
            let mut problem = problems::misspelt_field(key, &self.text[span.range()], span, block, near);
            let meant = fits.iter().find(|(name, _)| *name == near).map(|(_, at)| *at);
            let meant = meant
                .filter(|at| block.unknown == Unknown::Error || block.fields[*at].need != Need::Optional);
            match meant {
                Some(at) => {
                    problem.severity = Severity::Error;
                    fields.misspelt[at] = Some(self.findings.error(problem));
                }
                None => self.findings.note(problem),
            }
        }
    }

    /// Reports keys that stand twice.
    fn duplicates<'k>(&mut self, keys: impl Iterator<Item = &'k Spanned<Cow<'t, str>>>)
    where
        't: 'k,
    {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for key in keys {
            if let Some(first) = seen.get(key.value.as_ref()) {
                self.findings.error(problems::duplicate_key(&key.value, key.span, *first));
            } else {
                seen.insert(&key.value, key.span);
            }
        }
    }

    /// The value of a field, read by `read`. Nothing after the colon is an error, whatever the field takes.
    fn field<'n, T>(
        &mut self,
        fields: &Fields<'n, 't>,
        field: &Field,
        read: impl FnOnce(&mut Self, &str, &'n Node<'t>) -> Result<T, Reported>,
    ) -> ast::Field<T> {
        let entry = match fields.entry(field) {
            Ok(entry) => entry,
            Err(None) => return ast::Field::Absent,
            Err(Some(reported)) => return ast::Field::Error(reported),
        };
        let what = format!("`{}`", entry.key.value);
        let value = entry.value.resolved();
        let read = match self.given(&what, value, entry.key.span) {
            Ok(()) => read(self, &what, value),
            Err(reported) => Err(reported),
        };
        match read {
            Ok(read) => ast::Field::Given(Spanned::new(read, value.span)),
            Err(reported) => ast::Field::Error(reported),
        }
    }

    /// Whether there is a value at all. An empty place is shown at `before`.
    fn given(&mut self, what: &str, node: &Node<'t>, before: Span) -> Result<(), Reported> {
        match &node.kind {
            Kind::Error(reported) => Err(*reported),
            Kind::Scalar { text, style } if type_of(text, *style) == Type::Null => {
                let at = if node.span.is_empty() { before } else { node.span };
                let written = &self.text[node.span.range()];
                Err(self.findings.error(problems::no_value(what, at, written)))
            }
            Kind::Scalar { .. } | Kind::List(_) | Kind::Map(_) | Kind::Shared(_) => Ok(()),
        }
    }

    /// Text by the field's shape: [`Shape::Text`], [`Shape::Label`], [`Shape::Setting`] or [`Shape::Lines`].
    fn text(&mut self, fields: &Fields<'_, 't>, field: &Field) -> ast::Text {
        self.field(fields, field, |this, what, node| this.text_value(field.shape, what, node))
    }

    fn text_value(&mut self, shape: Shape, what: &str, node: &Node<'t>) -> Result<String, Reported> {
        let node = node.resolved();
        match &node.kind {
            Kind::Error(reported) => Err(*reported),
            Kind::Scalar { text, style } => match (type_of(text, *style), shape) {
                (Type::Text, _)
                | (Type::Number, Shape::Label | Shape::Setting)
                | (Type::Bool, Shape::Setting) => Ok(text.clone().into_owned()),
                (Type::Null, _) => Err(self.findings.error(problems::no_value(
                    what,
                    node.span,
                    &self.text[node.span.range()],
                ))),
                (Type::Number | Type::Bool, _) => {
                    Err(self.findings.error(problems::not_text(what, node.span, text, node.noun())))
                }
            },
            Kind::List(items) if matches!(shape, Shape::Lines) => {
                let what = format!("an item of {what}");
                let lines: Result<Vec<String>, Reported> =
                    items.iter().map(|item| self.text_value(Shape::Text, &what, item)).collect();
                Ok(lines?.join("\n"))
            }
            Kind::List(_) | Kind::Map(_) | Kind::Shared(_) => Err(self.wrong_shape(what, "text", node)),
        }
    }

    /// One of a set of words.
    fn word<W: Word>(&mut self, fields: &Fields<'_, 't>, field: &Field) -> ast::Field<W> {
        debug_assert!(matches!(field.shape, Shape::Word(words) if words == W::WORDS), "{}", field.name);
        self.field(fields, field, |this, what, node| {
            let Kind::Scalar { text, .. } = &node.kind else {
                return Err(this.wrong_shape(what, "a word", node));
            };
            this.known_word(what, text, node.span)
        })
    }

    /// A list of words.
    fn words<W: Word>(&mut self, fields: &Fields<'_, 't>, field: &Field) -> ast::List<W> {
        self.list(fields, field, |this, what, node| {
            let Kind::Scalar { text, .. } = &node.kind else {
                return Err(this.wrong_shape(what, "a word", node));
            };
            this.known_word(what, text, node.span)
        })
    }

    fn known_word<W: Word>(&mut self, what: &str, text: &str, span: Span) -> Result<W, Reported> {
        match W::WORDS.iter().position(|word| *word == text) {
            Some(at) => Ok(W::ALL[at]),
            None => {
                let written = &self.text[span.range()];
                Err(self.findings.error(problems::unknown_word(what, text, span, written, W::WORDS)))
            }
        }
    }

    /// An expression of the language, written as text.
    fn expression(&mut self, fields: &Fields<'_, 't>, field: &Field) -> ast::Field<ast::Expression> {
        let text = self.text(fields, field);
        let ast::Field::Given(text) = text else {
            return match text {
                ast::Field::Error(reported) => ast::Field::Error(reported),
                _ => ast::Field::Absent,
            };
        };
        match language::expression(self.text, &text, self.findings) {
            Ok(expression) => ast::Field::Given(expression),
            Err(reported) => ast::Field::Error(reported),
        }
    }

    /// A whole number, by [`Shape::Count`].
    fn count(&mut self, fields: &Fields<'_, 't>, field: &Field) -> ast::Field<u64> {
        let Shape::Count { least } = field.shape else {
            unreachable!("`{}` is no count in the table", field.name)
        };
        self.field(fields, field, |this, what, node| {
            let Kind::Scalar { text, style } = &node.kind else {
                return Err(this.wrong_shape(what, "a whole number", node));
            };
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse().ok().filter(|&number: &u64| digits && number >= least);
            match number {
                Some(number) if *style == Style::Plain => Ok(number),
                quoted => Err(this.findings.error(problems::not_a_count(
                    what,
                    node.span,
                    text,
                    least,
                    quoted.is_some(),
                ))),
            }
        })
    }

    /// A list whose items `read` reads; by [`Shape::OneOrMore`] one item may stand alone.
    fn list<T>(
        &mut self,
        fields: &Fields<'_, 't>,
        field: &Field,
        mut read: impl FnMut(&mut Self, &str, &Node<'t>) -> Result<T, Reported>,
    ) -> ast::List<T> {
        self.field(fields, field, |this, what, node| {
            let item_name = format!("an item of {what}");
            let mut read_item = |this: &mut Self, item: &Node<'t>| {
                let item = item.resolved();
                this.given(&item_name, item, item.span)
                    .and_then(|()| read(this, &item_name, item))
                    .ok()
                    .map(|value| Spanned::new(value, item.span))
            };
            match &node.kind {
                Kind::List(items) => Ok(items.iter().filter_map(|item| read_item(this, item)).collect()),
                Kind::Scalar { .. } if matches!(field.shape, Shape::OneOrMore(_)) => {
                    Ok(read_item(this, node).into_iter().collect())
                }
                Kind::Map(_)
                    if matches!(field.shape, Shape::OneOrMore(Shape::Block(_) | Shape::TextOr(_))) =>
                {
                    Ok(vec![Spanned::new(read(this, what, node)?, node.span)])
                }
                Kind::Scalar { .. } => {
                    let written = &this.text[node.span.range()];
                    // What holds commas or brackets would not be one item any more between brackets.
                    let block = written.contains('\n') || written.starts_with(['|', '>']);
                    let quoted = written.starts_with(['"', '\'']);
                    let inline = !block && (quoted || !written.contains([',', '[', ']', '{', '}']));
                    Err(this.findings.error(problems::lone_item(what, node.span, written, inline)))
                }
                Kind::Map(_) | Kind::Shared(_) | Kind::Error(_) => {
                    Err(this.wrong_shape(what, "a list", node))
                }
            }
        })
    }

    /// A list of text, by the shape of its items.
    fn texts(&mut self, fields: &Fields<'_, 't>, field: &Field) -> ast::List<String> {
        let (Shape::List(item) | Shape::OneOrMore(item)) = field.shape else {
            unreachable!("`{}` is no list in the table", field.name)
        };
        self.list(fields, field, |this, what, node| this.text_value(*item, what, node))
    }

    /// A map with the fields of a block.
    fn block<T>(
        &mut self,
        fields: &Fields<'_, 't>,
        field: &Field,
        read: impl FnOnce(&mut Self, &Fields<'_, 't>) -> T,
    ) -> ast::Field<T> {
        let Shape::Block(block) = field.shape else {
            unreachable!("`{}` is no block in the table", field.name)
        };
        self.field(fields, field, |this, what, node| {
            let fields = this.fields(block, what, node)?;
            Ok(read(this, &fields))
        })
    }

    /// A list of maps with the fields of a block.
    fn blocks<T>(
        &mut self,
        fields: &Fields<'_, 't>,
        field: &Field,
        mut read: impl FnMut(&mut Self, &Fields<'_, 't>) -> Result<T, Reported>,
    ) -> ast::List<T> {
        let (Shape::List(Shape::Block(block)) | Shape::OneOrMore(Shape::Block(block))) = field.shape else {
            unreachable!("`{}` is no list of blocks in the table", field.name)
        };
        self.list(fields, field, |this, what, node| {
            let fields = this.fields(block, what, node)?;
            read(this, &fields)
        })
    }

    /// Which of its block's kinds an entry is.
    fn kind_of(&mut self, fields: &Fields<'_, 't>) -> Result<usize, Reported> {
        let mut firsts = Vec::new();
        for (kind, names) in fields.block.kinds.iter().enumerate() {
            let first = fields
                .block
                .fields
                .iter()
                .zip(&fields.entries)
                .filter(|(field, _)| names.contains(&field.name));
            if let Some(entry) = first.filter_map(|(_, entry)| *entry).min_by_key(|entry| entry.key.span) {
                firsts.push((kind, (entry.key.value.as_ref(), entry.key.span)));
            }
        }
        match firsts.as_slice() {
            [(kind, _)] => Ok(*kind),
            [] if let Some(reported) = fields.misspelt.iter().flatten().next() => Err(*reported),
            _ => {
                let mut given: Vec<(&str, Span)> = firsts.into_iter().map(|(_, given)| given).collect();
                given.sort_by_key(|(_, span)| *span);
                Err(self.findings.error(problems::mixed_kinds(
                    fields.block,
                    self.first_line(fields.span),
                    &given,
                )))
            }
        }
    }

    /// The part of a span that lies on its first line: a place to point at, where the whole would fill the screen.
    fn first_line(&self, span: Span) -> Span {
        first_line(self.text, span, self.findings)
    }

    fn wrong_shape(&mut self, what: &str, wanted: &str, node: &Node<'t>) -> Reported {
        let node = node.resolved();
        match &node.kind {
            Kind::Error(reported) => *reported,
            _ => self.findings.error(problems::wrong_shape(
                what,
                wanted,
                self.first_line(node.span),
                node.noun(),
            )),
        }
    }
}

/// The block in which `key` is a field, if it is one elsewhere than in `block`, and whether that block decides over rights.
fn home_of(key: &str, block: &Block) -> Option<(&'static str, bool)> {
    let has = |block: &Block| block.fields.iter().any(|field| field.names().any(|name| name == key));
    let top = &fields::masque::BLOCK;
    if block.noun != top.noun && has(top) {
        return Some((top.noun, false));
    }
    top.fields.iter().find_map(|field| {
        let inner = match field.shape {
            Shape::Block(inner) => inner,
            Shape::OneOrMore(Shape::Block(inner)) => *inner,
            _ => return None,
        };
        (inner.noun != block.noun && has(inner)).then_some((inner.noun, inner.unknown == Unknown::Error))
    })
}

fn first_line(text: &str, span: Span, findings: &Findings) -> Span {
    let line = text[span.range()].lines().next().unwrap_or("").trim_end();
    findings.span(span.start as usize, span.start as usize + line.len())
}
