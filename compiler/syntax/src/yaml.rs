//! YAML to the generic tree, from granit-parser's events.
//!
//! One document, no merge keys, no tags beyond the core schema's, aliases shared and bounded.

mod blocks;
mod repair;
mod syntax_error;

pub(crate) use blocks::whole as block_range;

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use granit_parser::{
    ErrorKind, Event, Parser, ScalarStyle, ScanError, StrInput, StructureStyle, Tag, options,
};
use masque_diagnostics::{Reported, Span, Spanned};

use crate::findings::Findings;
use crate::problems;
use crate::tree::{Entry, Kind, MAX_DEPTH, Node, Style};

/// What all aliases of a document may expand to together: every node weighs [`NODE_WEIGHT`], every scalar its bytes besides.
const MAX_ALIAS_WEIGHT: usize = 4 << 20;
const NODE_WEIGHT: usize = 64;
/// The size of the source bounds the comments.
pub(crate) const MAX_COMMENTS: usize = usize::MAX;

/// A document and its comments.
pub(crate) struct Document<'t> {
    pub(crate) root: Node<'t>,
    pub(crate) comments: Vec<Spanned<String>>,
}

/// Reads the only document of a text. `None` where there is none that is well-formed, which is then reported.
pub(crate) fn read<'t>(text: &'t str, findings: &mut Findings) -> Option<Document<'t>> {
    let options = options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        max_buffered_comment_events: MAX_COMMENTS,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let parser = Parser::new_from_str_with_options(text, options);
    Reader {
        text,
        parser,
        findings,
        open: Vec::new(),
        anchors: HashMap::new(),
        anchor_spans: Vec::new(),
        alias_weight: 0,
        overweight: None,
        comments: Vec::new(),
        root: None,
        last_end: 0,
        text_end: 0,
    }
    .document()
}

struct Reader<'t, 'f> {
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
    findings: &'f mut Findings,
    /// Lists and maps that have begun and not ended, outermost first.
    open: Vec<Open<'t>>,
    anchors: HashMap<usize, Measured<'t>>,
    /// Names and places of all anchors so far, for messages.
    anchor_spans: Vec<(String, Span)>,
    alias_weight: usize,
    /// Where the aliases went past their limit: said once.
    overweight: Option<Reported>,
    comments: Vec<Spanned<String>>,
    root: Option<Node<'t>>,
    /// Where the last event that stands for text ended.
    last_end: usize,
    /// The same, without the white space that ends a block scalar.
    text_end: usize,
}

/// A list or map that has begun.
struct Open<'t> {
    start: Span,
    style: StructureStyle,
    anchor: usize,
    content: Content<'t>,
    weight: usize,
    height: usize,
}

enum Content<'t> {
    List(Vec<Node<'t>>),
    Map { entries: Vec<Entry<'t>>, key: Option<Key<'t>> },
}

/// A key that waits for its value.
enum Key<'t> {
    Text(Spanned<Cow<'t, str>>),
    /// Was reported; its value is left out.
    Error,
}

/// A value with what an alias to it costs.
#[derive(Clone)]
struct Measured<'t> {
    node: Node<'t>,
    weight: usize,
    height: usize,
}

/// Reading can't go on; reported.
struct Stop;

impl<'t> Reader<'t, '_> {
    fn document(mut self) -> Option<Document<'t>> {
        let mut documents = 0;
        while let Some(next) = self.parser.next_event() {
            let step = match next {
                Ok((Event::DocumentStart(..), place)) => {
                    documents += 1;
                    self.document_start(documents, &place)
                }
                Ok((event, place)) => self.event(event, &place),
                Err(error) => Err(self.syntax_error(&error)),
            };
            step.ok()?;
        }
        match self.root {
            Some(root) => Some(Document { root, comments: self.comments }),
            None => {
                self.findings
                    .error(problems::empty_document(self.findings.span(0, 0), !self.comments.is_empty()));
                None
            }
        }
    }

    fn document_start(&mut self, count: usize, place: &granit_parser::Span) -> Result<(), Stop> {
        let span = self.span(place);
        if count > 1 {
            self.findings.error(problems::several_documents(span));
            return Err(Stop);
        }
        // The span of an implicit start may already cover the first scalar.
        if self.text[span.range()].starts_with("---") {
            self.last_end = span.end as usize;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'t>, place: &granit_parser::Span) -> Result<(), Stop> {
        let span = self.span(place);
        match event {
            Event::Comment(text, _) => self.comments.push(Spanned::new(text.into_owned(), span)),
            Event::Anchor(_, name) => self.anchor_spans.push((name.into_owned(), span)),
            Event::Scalar(text, style, anchor, tag) => {
                let span = self.scalar_span(span, style);
                let kind = self.scalar_kind(text, style, tag.as_deref(), place);
                let weight = NODE_WEIGHT + span.len();
                self.text_end = self.text_end.max(span.end as usize);
                self.last_end = self.last_end.max(place.byte_range().map_or(0, |range| range.end));
                self.finish(Measured { node: Node { span, kind }, weight, height: 0 }, anchor);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "seq", place);
                self.begin(span, style, anchor, Content::List(Vec::new()))?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), "map", place);
                self.begin(span, style, anchor, Content::Map { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => self.unresolved_alias(&name, span)?,
            _ => {}
        }
        Ok(())
    }

    fn begin(
        &mut self,
        start: Span,
        style: StructureStyle,
        anchor: usize,
        content: Content<'t>,
    ) -> Result<(), Stop> {
        if self.open.len() >= MAX_DEPTH {
            self.findings.error(problems::too_deep(start, MAX_DEPTH));
            return Err(Stop);
        }
        self.last_end = self.last_end.max(start.end as usize);
        self.open.push(Open { start, style, anchor, content, weight: NODE_WEIGHT, height: 0 });
        Ok(())
    }

    fn end(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let kind = match open.content {
            Content::List(items) => Kind::List(items),
            Content::Map { entries, .. } => Kind::Map(entries),
        };
        let span = match open.style {
            StructureStyle::Flow => open.start.to(end),
            // The parser notices the end of a block only where the next token begins.
            StructureStyle::Block => {
                let start = open.start.start as usize;
                self.findings.span(start, self.text_end.max(start))
            }
        };
        if open.style == StructureStyle::Flow {
            self.text_end = end.end as usize;
        }
        self.last_end = self.last_end.max(end.end as usize);
        self.finish(
            Measured { node: Node { span, kind }, weight: open.weight, height: open.height + 1 },
            open.anchor,
        );
    }

    /// Puts a value where it belongs, and aside as well where it has an anchor.
    fn finish(&mut self, mut value: Measured<'t>, anchor: usize) {
        if anchor != 0 {
            let span = value.node.span;
            value.node = Node { span, kind: Kind::Shared(Rc::new(value.node)) };
            self.anchors.insert(anchor, value.clone());
        }
        self.attach(value);
    }

    fn attach(&mut self, value: Measured<'t>) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value.node);
            return;
        };
        open.weight = open.weight.saturating_add(value.weight);
        open.height = open.height.max(value.height);
        match &mut open.content {
            Content::List(items) => items.push(value.node),
            Content::Map { entries, key } => match key.take() {
                Some(Key::Text(key)) => entries.push(Entry { key, value: value.node }),
                Some(Key::Error) => {}
                None => *key = Some(key_of(&value.node, self.findings)),
            },
        }
    }

    fn alias(&mut self, id: usize, span: Span) {
        self.last_end = self.last_end.max(span.end as usize);
        self.text_end = self.last_end;
        let value = match self.anchors.get(&id) {
            None => Err(problems::alias_to_itself(span)),
            Some(value) if self.open.len() + value.height > MAX_DEPTH => {
                Err(problems::too_deep(span, MAX_DEPTH))
            }
            Some(value) => {
                self.alias_weight = self.alias_weight.saturating_add(value.weight);
                if self.alias_weight > MAX_ALIAS_WEIGHT {
                    let findings = &mut *self.findings;
                    let reported = *self.overweight.get_or_insert_with(|| {
                        findings.error(problems::alias_expansion(span, MAX_ALIAS_WEIGHT))
                    });
                    return self.attach(error_value(span, reported));
                } else {
                    Ok(value.clone())
                }
            }
        };
        let value = value.unwrap_or_else(|problem| error_value(span, self.findings.error(problem)));
        self.attach(value);
    }

    fn unresolved_alias(&mut self, name: &str, span: Span) -> Result<(), Stop> {
        if let Some(Err(error)) = self.parser.peek() {
            // `- *foo bar`: the rest of the line shows that no alias was meant.
            let at = error.marker().byte_offset().unwrap_or(0);
            if at >= span.end as usize && !self.text[span.end as usize..at].contains('\n') {
                return Err(self.unquoted_indicator(span.start as usize));
            }
        }
        self.last_end = self.last_end.max(span.end as usize);
        self.text_end = self.last_end;
        let reported = self.findings.error(problems::unknown_alias(name, span, &self.anchor_spans));
        self.attach(error_value(span, reported));
        Ok(())
    }

    fn scalar_kind(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        place: &granit_parser::Span,
    ) -> Kind<'t> {
        let style = if style == ScalarStyle::Plain { Style::Plain } else { Style::Text };
        match tag {
            None => Kind::Scalar { text, style },
            Some(tag) if tag.original() == "!" || tag.is_yaml_core_schema_tag("str") => {
                Kind::Scalar { text, style: Style::Text }
            }
            Some(tag) => match tag.core_suffix() {
                Some("null" | "bool" | "int" | "float") => Kind::Scalar { text, style: Style::Plain },
                _ => Kind::Error(self.unknown_tag(tag, place)),
            },
        }
    }

    /// Reports a collection's tag that is not its own.
    fn check_tag(&mut self, tag: Option<&Tag>, own: &str, place: &granit_parser::Span) {
        if let Some(tag) = tag
            && !tag.is_yaml_core_schema_tag(own)
        {
            self.unknown_tag(tag, place);
        }
    }

    fn unknown_tag(&mut self, tag: &Tag, place: &granit_parser::Span) -> Reported {
        let span = place.tag_span().map_or_else(|| self.span(place), |place| self.span(&place));
        self.findings.error(problems::unknown_tag(&tag.original(), span))
    }

    fn scalar_span(&self, span: Span, style: ScalarStyle) -> Span {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let range = blocks::whole(self.text, self.last_end, span.range());
                self.findings.span(range.start, range.end)
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => span,
        }
    }

    fn span(&self, place: &granit_parser::Span) -> Span {
        let range = place.byte_range().unwrap_or(0..0);
        self.findings.span(range.start, range.end.max(range.start))
    }

    fn syntax_error(&mut self, error: &ScanError) -> Stop {
        let at = error.marker().byte_offset().unwrap_or(0);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            self.findings.error(problems::too_deep(self.findings.span(at, at), MAX_DEPTH));
            return Stop;
        }
        if syntax_error::is_indicator(self.text, at, error.kind()) {
            return self.unquoted_indicator(at);
        }
        let open =
            self.open.iter().rev().find(|open| open.style == StructureStyle::Flow).map(|open| open.start);
        let mut problem =
            syntax_error::explain(self.text, error.kind(), at, self.last_end, open, self.findings);
        let closers = self.open.iter().rev().filter(|open| open.style == StructureStyle::Flow);
        let closers: String =
            closers.map(|open| if matches!(open.content, Content::List(_)) { ']' } else { '}' }).collect();
        problem.fixes.extend(repair::of(self.text, error.kind(), at, &closers, self.findings));
        self.findings.error(problem);
        Stop
    }

    fn unquoted_indicator(&mut self, at: usize) -> Stop {
        let flow = self.open.last().is_some_and(|open| open.style == StructureStyle::Flow);
        let end = syntax_error::plain_end(self.text, at, flow);
        let span = self.findings.span(at, end);
        self.findings.error(problems::unquoted_indicator(span, &self.text[at..end]));
        Stop
    }
}

fn error_value<'t>(span: Span, reported: Reported) -> Measured<'t> {
    Measured { node: Node { span, kind: Kind::Error(reported) }, weight: NODE_WEIGHT, height: 0 }
}

fn key_of<'t>(node: &Node<'t>, findings: &mut Findings) -> Key<'t> {
    let value = node.resolved();
    match &value.kind {
        Kind::Scalar { text, style: Style::Plain } if text == "<<" => {
            findings.error(problems::merge_key(value.span));
            Key::Error
        }
        Kind::Scalar { .. } if value.noun() == "nothing" => {
            findings.error(problems::key_not_text(value.span, value.noun()));
            Key::Error
        }
        Kind::Scalar { text, .. } => Key::Text(Spanned::new(text.clone(), value.span)),
        Kind::Error(_) => Key::Error,
        Kind::List(_) | Kind::Map(_) | Kind::Shared(_) => {
            findings.error(problems::key_not_text(value.span, value.noun()));
            Key::Error
        }
    }
}
