//! Which field of the AST takes which field of the table.

use masque_diagnostics::{Reported, Spanned};

use super::{Fields, Lowering};
use crate::ast::{
    About, Access, Assertion, ChangelogEntry, Claim, Ensure, Example, ExpectedGrant, ExpectedIntent,
    Expression, Field, Identity, Intent, IntentTest, Masque, Mcp, McpServer, Notation, Param, ParamType,
    Performance, Pointer, Prompt, PromptTest, RulePattern, ScoreEntry, SessionTest, Setting, Skill,
    SpinnerVerbs, Template, Test, Text, Use, Value,
};
use crate::fields::{
    self, Shape, access, assertion, change, claimed, ensure, example, expected, expected_grant, intent,
    library, mcp, param, performance, pointer, prompt, prompt_schema, rule, score, server, skill,
    spinner_verbs, test,
};
use crate::findings::Findings;
use crate::language;
use crate::problems;
use crate::tree::{Entry, Kind, Node, Type, type_of};
use crate::yaml::Document;

/// The masque that a document describes; `None` where it is no map.
pub(crate) fn masque(
    document: &Document<'_>,
    notation: Notation,
    text: &str,
    findings: &mut Findings,
) -> Option<Masque> {
    let root = document.root.resolved();
    let Kind::Map(entries) = &root.kind else {
        if !matches!(root.kind, Kind::Error(_)) {
            findings.error(problems::not_a_map(super::first_line(text, root.span, findings), root.noun()));
        }
        return None;
    };
    // Editors of JSON are told their schema so; it says nothing of the masque.
    let without_schema;
    let (root, entries) = if notation == Notation::Json && entries.iter().any(is_schema) {
        let kept: Vec<_> = entries.iter().filter(|entry| !is_schema(entry)).cloned().collect();
        without_schema = Node { span: root.span, kind: Kind::Map(kept) };
        let Kind::Map(entries) = &without_schema.kind else { return None };
        (&without_schema, entries)
    } else {
        (root, entries)
    };
    let insert_at = match entries.first() {
        Some(first) => first.key.span.start as usize,
        // Just inside of the braces of an empty map.
        None => (root.span.start as usize + 1).min(root.span.end as usize),
    };
    let insert_at = findings.span(insert_at, insert_at);
    let mut lowering = Lowering { text, findings };
    let top = lowering.fields(&fields::masque::BLOCK, "a masque", root).ok()?;
    Some(lowering.masque(&top, insert_at, notation, &document.comments))
}

fn is_schema(entry: &Entry<'_>) -> bool {
    entry.key.value == "$schema"
}

impl<'t> Lowering<'t, '_> {
    fn masque(
        &mut self,
        top: &Fields<'_, 't>,
        insert_at: masque_diagnostics::Span,
        notation: Notation,
        comments: &[Spanned<String>],
    ) -> Masque {
        use fields::masque::{
            ACCESS, CONTEXT, ENSURE, EXTENDS, INTENT, KNOWLEDGE, LENS, PARAMS, PROMPT, TESTS, USE, WIDEN,
        };
        Masque {
            span: top.span,
            insert_at,
            notation,
            identity: self.identity(top),
            intent: self.block(top, &INTENT, Self::intent),
            context: plain(self.text(top, &CONTEXT)),
            knowledge: self.list(top, &KNOWLEDGE, Self::pointer),
            access: self.blocks(top, &ACCESS, |this, fields| {
                Ok(Access {
                    vault_role: this.text(fields, &access::VAULT_ROLE),
                    ttl: this.text(fields, &access::TTL),
                    when: this.expression(fields, &access::WHEN),
                })
            }),
            lens: plain(self.text(top, &LENS)),
            prompt: self.block(top, &PROMPT, Self::prompt),
            about: self.about(top),
            tests: self.blocks(top, &TESTS, Self::test),
            extends: self.text(top, &EXTENDS),
            widen: self.words(top, &WIDEN),
            uses: self.list(top, &USE, Self::library),
            sets: Vec::new(),
            params: self.blocks(top, &PARAMS, Self::param),
            lets: Vec::new(),
            ensures: self.blocks(top, &ENSURE, Self::ensure),
            comments: comments.to_vec(),
        }
    }

    fn identity(&mut self, top: &Fields<'_, 't>) -> Identity {
        use fields::masque::{DISPLAY_NAME, ID, INDEX, NAME, RING, VERSION};
        Identity {
            id: self.text(top, &ID),
            name: self.text(top, &NAME),
            display_name: self.text(top, &DISPLAY_NAME),
            index: self.count(top, &INDEX),
            version: self.text(top, &VERSION),
            ring: self.word(top, &RING),
        }
    }

    fn intent(&mut self, fields: &Fields<'_, 't>) -> Intent {
        Intent {
            allowed: self.list(fields, &intent::ALLOWED, Self::rule),
            also_allowed: self.list(fields, &intent::ALSO_ALLOWED, Self::rule),
            denied: self.list(fields, &intent::DENIED, Self::rule),
            mode: self.word(fields, &intent::MATCH),
            clauses: self.word(fields, &intent::CLAUSES),
        }
    }

    fn rule(&mut self, what: &str, node: &Node<'t>) -> Result<RulePattern, Reported> {
        match &node.kind {
            Kind::Map(_) => {
                let fields = self.fields(&rule::BLOCK, what, node)?;
                let rule = RulePattern {
                    pattern: self.text(&fields, &rule::PATTERN),
                    set: self.text(&fields, &rule::SET),
                    mode: self.word(&fields, &rule::MATCH),
                    when: self.expression(&fields, &rule::WHEN),
                    because: self.text(&fields, &rule::BECAUSE),
                };
                if !rule.pattern.is_absent() && !rule.set.is_absent() {
                    self.kind_of(&fields)?;
                }
                Ok(rule)
            }
            Kind::List(_) => Err(self.wrong_shape(what, "a pattern or a map", node)),
            _ => {
                let pattern = self.text_value(Shape::Text, what, node)?;
                Ok(RulePattern { pattern: given(pattern, node), ..RulePattern::default() })
            }
        }
    }

    fn pointer(&mut self, what: &str, node: &Node<'t>) -> Result<Pointer, Reported> {
        match &node.kind {
            Kind::Map(_) => {
                let fields = self.fields(&pointer::BLOCK, what, node)?;
                Ok(Pointer {
                    uri: self.text(&fields, &pointer::URI),
                    when: self.expression(&fields, &pointer::WHEN),
                })
            }
            Kind::List(_) => Err(self.wrong_shape(what, "a URI or a map", node)),
            _ => {
                let uri = self.text_value(Shape::Text, what, node)?;
                Ok(Pointer { uri: given(uri, node), when: Field::Absent })
            }
        }
    }

    fn library(&mut self, what: &str, node: &Node<'t>) -> Result<Use, Reported> {
        match &node.kind {
            Kind::Map(_) => {
                let fields = self.fields(&library::BLOCK, what, node)?;
                Ok(Use {
                    library: self.text(&fields, &library::LIBRARY),
                    alias: self.text(&fields, &library::AS),
                })
            }
            Kind::List(_) => Err(self.wrong_shape(what, "a library or a map", node)),
            _ => {
                let library = self.text_value(Shape::Text, what, node)?;
                Ok(Use { library: given(library, node), alias: Field::Absent })
            }
        }
    }

    fn param(&mut self, fields: &Fields<'_, 't>) -> Result<Param, Reported> {
        let name = self.text(fields, &param::NAME);
        let kind = match self.kind_of(fields)? {
            0 => self.field(fields, &param::TYPE, |this, what, node| {
                let written = this.text_value(Shape::Text, what, node)?;
                ParamType::named(&written).ok_or_else(|| {
                    let near = masque_diagnostics::nearest(&written, ParamType::NAMES.iter().copied());
                    this.findings.error(problems::unknown_type(&written, node.span, near))
                })
            }),
            _ => match self.texts(fields, &param::ONE_OF) {
                Field::Given(values) => Field::Given(values.map(ParamType::OneOf)),
                Field::Absent => Field::Absent,
                Field::Error(reported) => Field::Error(reported),
            },
        };
        let written = self.text(fields, &param::DEFAULT);
        let default = match (written, kind.get().map(|kind| &kind.value)) {
            (Field::Given(written), Some(ParamType::String | ParamType::OneOf(_))) => {
                let span = written.span;
                Field::Given(Spanned::new(Expression::Text(Template::plain(written)), span))
            }
            (Field::Given(written), Some(kind)) => match value_of(kind, &written.value) {
                Some(value) => Field::Given(Spanned::new(value, written.span)),
                None => match language::expression(self.text, &written, self.findings) {
                    Ok(expression) => Field::Given(expression),
                    Err(reported) => Field::Error(reported),
                },
            },
            (Field::Error(reported), _) => Field::Error(reported),
            _ => Field::Absent,
        };
        Ok(Param { name, kind, default })
    }

    fn ensure(&mut self, fields: &Fields<'_, 't>) -> Result<Ensure, Reported> {
        let (field, claim) = match self.kind_of(fields)? {
            0 => (&ensure::NEVER, Claim::Never),
            _ => (&ensure::ALWAYS, Claim::Always),
        };
        let read = self.field(fields, field, |this, what, node| match &node.kind {
            Kind::Map(_) => {
                let fields = this.fields(&claimed::BLOCK, what, node)?;
                Ok(Ensure { set: this.text(&fields, &claimed::SET), ..Ensure::default() })
            }
            Kind::List(_) => Err(this.wrong_shape(what, "a pattern or a map", node)),
            _ => {
                let pattern = this.text_value(Shape::Text, what, node)?;
                Ok(Ensure { pattern: given(pattern, node), ..Ensure::default() })
            }
        });
        let (mode, when) = (self.word(fields, &ensure::MATCH), self.expression(fields, &ensure::WHEN));
        match read {
            Field::Given(read) => {
                let claim = Field::Given(Spanned::new(claim, read.span));
                Ok(Ensure { claim, mode, when, ..read.value })
            }
            Field::Error(reported) => Err(reported),
            Field::Absent => unreachable!("a claim's kind is that of the field that it has"),
        }
    }

    fn expected(&mut self, what: &str, node: &Node<'t>) -> Result<ExpectedIntent, Reported> {
        match &node.kind {
            Kind::Map(_) => {
                let fields = self.fields(&expected::BLOCK, what, node)?;
                Ok(ExpectedIntent {
                    intent: self.text(&fields, &expected::INTENT),
                    because: self.text(&fields, &expected::BECAUSE),
                    because_set: self.text(&fields, &expected::BECAUSE_SET),
                })
            }
            Kind::List(_) => Err(self.wrong_shape(what, "an intent or a map", node)),
            _ => {
                let intent = self.text_value(Shape::Text, what, node)?;
                Ok(ExpectedIntent { intent: given(intent, node), ..ExpectedIntent::default() })
            }
        }
    }

    fn given_session(&mut self, fields: &Fields<'_, 't>) -> Field<Vec<Setting>> {
        self.field(fields, &test::GIVEN, |this, what, node| {
            let settings = this.settings(what, node)?;
            Ok(settings.into_iter().map(|(name, value)| Setting { name, value }).collect())
        })
    }

    /// A map with free keys and text values.
    fn settings(&mut self, what: &str, node: &Node<'t>) -> Result<Settings, Reported> {
        let Kind::Map(entries) = &node.kind else {
            return Err(self.wrong_shape(what, "a map", node));
        };
        self.duplicates(entries.iter().map(|entry| &entry.key));
        let setting = |entry: &Entry<'t>| {
            let what = format!("`{}`", entry.key.value);
            let node = entry.value.resolved();
            self.given(&what, node, entry.key.span).ok()?;
            let value = self.text_value(Shape::Setting, &what, node).ok()?;
            Some((owned(&entry.key), Spanned::new(value, node.span)))
        };
        Ok(entries.iter().filter_map(setting).collect())
    }

    fn prompt(&mut self, fields: &Fields<'_, 't>) -> Prompt {
        Prompt {
            persona: self.text(fields, &prompt::PERSONA),
            constraints: self.texts(fields, &prompt::CONSTRAINTS),
            style_guidelines: self.texts(fields, &prompt::STYLE_GUIDELINES),
            format: self.text(fields, &prompt::FORMAT),
            examples: self.blocks(fields, &prompt::EXAMPLES, |this, fields| {
                Ok(Example {
                    input: this.text(fields, &example::INPUT),
                    output: this.text(fields, &example::OUTPUT),
                })
            }),
        }
    }

    fn about(&mut self, top: &Fields<'_, 't>) -> About {
        use fields::masque::{
            ATTRIBUTES, CHANGELOG, DEFAULT_LLM, DOMAIN, MAX_CONTEXT_TOKENS, MCP, PERFORMANCE, PROMPT_SCHEMA,
            RUBRIC, SAFETY_TAGS, SKILLS, SKILLSET, SPINNER_VERBS, TONE,
        };
        About {
            attributes: self.field(top, &ATTRIBUTES, |this, what, node| match &node.kind {
                Kind::Map(_) => match this.value(node)? {
                    Value::Map(entries) => Ok(entries),
                    other => unreachable!("a map is read as {other:?}"),
                },
                _ => Err(this.wrong_shape(what, "a map", node)),
            }),
            skills: self.blocks(top, &SKILLS, |this, fields| {
                Ok(Skill { uri: this.text(fields, &skill::URI), level: this.word(fields, &skill::LEVEL) })
            }),
            performance: self.block(top, &PERFORMANCE, Self::performance),
            mcp: self.block(top, &MCP, |this, fields| Mcp {
                servers: this.blocks(fields, &mcp::SERVERS, Self::server),
            }),
            spinner_verbs: self.block(top, &SPINNER_VERBS, |this, fields| SpinnerVerbs {
                mode: this.word(fields, &spinner_verbs::MODE),
                verbs: this.texts(fields, &spinner_verbs::VERBS),
            }),
            rubric: self.text(top, &RUBRIC),
            domain: self.texts(top, &DOMAIN),
            tone: self.texts(top, &TONE),
            skillset: self.texts(top, &SKILLSET),
            prompt_schema_version: self.nested_text(top, &PROMPT_SCHEMA, &prompt_schema::VERSION),
            default_llm: self.text(top, &DEFAULT_LLM),
            max_context_tokens: self.count(top, &MAX_CONTEXT_TOKENS),
            safety_tags: self.texts(top, &SAFETY_TAGS),
            changelog: self.list(top, &CHANGELOG, Self::change),
        }
    }

    /// The text `inner` of a block that holds nothing else.
    fn nested_text(&mut self, top: &Fields<'_, 't>, outer: &fields::Field, inner: &fields::Field) -> Text {
        match self.block(top, outer, |this, fields| this.text(fields, inner)) {
            Field::Given(inner) => inner.value,
            Field::Absent => Field::Absent,
            Field::Error(reported) => Field::Error(reported),
        }
    }

    fn performance(&mut self, fields: &Fields<'_, 't>) -> Performance {
        Performance {
            score: self.word(fields, &performance::SCORE),
            history: self.blocks(fields, &performance::HISTORY, |this, fields| {
                Ok(ScoreEntry {
                    date: this.text(fields, &score::DATE),
                    score: this.word(fields, &score::SCORE),
                    notes: this.text(fields, &score::NOTES),
                })
            }),
        }
    }

    fn server(&mut self, fields: &Fields<'_, 't>) -> Result<McpServer, Reported> {
        Ok(McpServer {
            name: self.text(fields, &server::NAME),
            transport: self.word(fields, &server::TYPE),
            command: self.text(fields, &server::COMMAND),
            args: self.texts(fields, &server::ARGS),
            env: self.field(fields, &server::ENV, Self::settings),
            url: self.text(fields, &server::URL),
        })
    }

    fn test(&mut self, fields: &Fields<'_, 't>) -> Result<Test, Reported> {
        let name = self.text(fields, &test::NAME);
        Ok(match self.kind_of(fields)? {
            0 => Test::Prompt(PromptTest {
                name,
                input: self.text(fields, &test::INPUT),
                assertions: self.blocks(fields, &test::ASSERTIONS, Self::assertion),
            }),
            _ => Test::Session(Box::new(SessionTest {
                name,
                intents: IntentTest {
                    allowed: self.list(fields, &test::ALLOWED, Self::expected),
                    denied: self.list(fields, &test::DENIED, Self::expected),
                    unmatched: self.list(fields, &test::UNMATCHED, Self::expected),
                },
                given: self.given_session(fields),
                knowledge: self.texts(fields, &test::KNOWLEDGE),
                access: self.blocks(fields, &test::ACCESS, |this, fields| {
                    Ok(ExpectedGrant {
                        vault_role: this.text(fields, &expected_grant::VAULT_ROLE),
                        ttl: this.text(fields, &expected_grant::TTL),
                    })
                }),
                context: self.blocks(fields, &test::CONTEXT, Self::assertion),
                lens: self.blocks(fields, &test::LENS, Self::assertion),
            })),
        })
    }

    fn assertion(&mut self, fields: &Fields<'_, 't>) -> Result<Assertion, Reported> {
        let (field, wrap): (_, fn(String) -> Assertion) = match self.kind_of(fields)? {
            0 => (&assertion::CONTAINS, Assertion::Contains),
            _ => (&assertion::NOT_CONTAINS, Assertion::NotContains),
        };
        match self.text(fields, field) {
            Field::Given(text) => Ok(wrap(text.value)),
            Field::Error(reported) => Err(reported),
            Field::Absent => unreachable!("an assertion's kind is that of the field that it has"),
        }
    }

    fn change(&mut self, what: &str, node: &Node<'t>) -> Result<ChangelogEntry, Reported> {
        match &node.kind {
            Kind::Map(_) => {
                let fields = self.fields(&change::BLOCK, what, node)?;
                Ok(ChangelogEntry {
                    version: self.text(&fields, &change::VERSION),
                    date: self.text(&fields, &change::DATE),
                    text: self.text(&fields, &change::TEXT),
                })
            }
            Kind::List(_) => Err(self.wrong_shape(what, "text or a map", node)),
            _ => {
                let text = self.text_value(Shape::Text, what, node)?;
                Ok(ChangelogEntry { text: given(text, node), ..ChangelogEntry::default() })
            }
        }
    }

    /// Free data. The tree's depth is bounded, and so is this recursion.
    fn value(&mut self, node: &Node<'t>) -> Result<Value, Reported> {
        match &node.resolved().kind {
            Kind::Error(reported) => Err(*reported),
            Kind::Scalar { text, style } => Ok(match type_of(text, *style) {
                Type::Null => Value::Null,
                Type::Bool => Value::Bool(text.eq_ignore_ascii_case("true")),
                Type::Number => Value::Number(text.clone().into_owned()),
                Type::Text => Value::Text(text.clone().into_owned()),
            }),
            Kind::List(items) => {
                let item =
                    |item: &Node<'t>| self.value(item).ok().map(|value| Spanned::new(value, item.span));
                Ok(Value::List(items.iter().filter_map(item).collect()))
            }
            Kind::Map(entries) => {
                self.duplicates(entries.iter().map(|entry| &entry.key));
                let entry = |entry: &Entry<'t>| {
                    let value = self.value(&entry.value).ok()?;
                    Some((owned(&entry.key), Spanned::new(value, entry.value.span)))
                };
                Ok(Value::Map(entries.iter().filter_map(entry).collect()))
            }
            Kind::Shared(_) => unreachable!("resolved nodes are not shared"),
        }
    }
}

fn plain(text: Text) -> Field<Template> {
    match text {
        Field::Given(text) => {
            let span = text.span;
            Field::Given(Spanned::new(Template::plain(text), span))
        }
        Field::Absent => Field::Absent,
        Field::Error(reported) => Field::Error(reported),
    }
}

/// Keys and values of a map that holds text only.
type Settings = Vec<(Spanned<String>, Spanned<String>)>;

/// A default that other notations may write in more ways than expressions do; everything else is read as an expression.
fn value_of(kind: &ParamType, written: &str) -> Option<Expression> {
    match kind {
        ParamType::Duration => Some(Expression::Duration(written.to_owned())),
        ParamType::Version => Some(Expression::Version(written.to_owned())),
        ParamType::Bool | ParamType::Int | ParamType::Ring | ParamType::String | ParamType::OneOf(_) => None,
    }
}

fn given<T>(value: T, node: &Node<'_>) -> Field<T> {
    Field::Given(Spanned::new(value, node.span))
}

fn owned(key: &Spanned<std::borrow::Cow<'_, str>>) -> Spanned<String> {
    Spanned::new(key.value.clone().into_owned(), key.span)
}
