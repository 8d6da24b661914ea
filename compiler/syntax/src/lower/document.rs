//! Which field of the AST takes which field of the table.

use masque_diagnostics::{Reported, Spanned};

use super::{Fields, Lowering};
use crate::ast::{
    About, Access, Assertion, ChangelogEntry, Example, ExpectedIntent, Field, Identity, Intent, IntentTest,
    List, Masque, Mcp, McpServer, Notation, Performance, Pointer, Prompt, PromptTest, RulePattern,
    ScoreEntry, SessionTest, Skill, SpinnerVerbs, Template, Test, Text, Value,
};
use crate::fields::{
    self, Shape, access, assertion, change, example, intent, mcp, performance, prompt, prompt_schema, rule,
    score, server, skill, spinner_verbs, test,
};
use crate::findings::Findings;
use crate::problems;
use crate::tree::{Kind, Node, Type, type_of};
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

impl<'t> Lowering<'t, '_> {
    fn masque(
        &mut self,
        top: &Fields<'_, 't>,
        insert_at: masque_diagnostics::Span,
        notation: Notation,
        comments: &[Spanned<String>],
    ) -> Masque {
        use fields::masque::{ACCESS, CONTEXT, EXTENDS, INTENT, KNOWLEDGE, LENS, PROMPT, TESTS};
        Masque {
            span: top.span,
            insert_at,
            notation,
            identity: self.identity(top),
            intent: self.block(top, &INTENT, Self::intent),
            context: plain(self.text(top, &CONTEXT)),
            knowledge: each(self.texts(top, &KNOWLEDGE), |uri| Pointer { uri, when: Field::Absent }),
            access: one(self.block(top, &ACCESS, |this, fields| Access {
                vault_role: this.text(fields, &access::VAULT_ROLE),
                ttl: this.text(fields, &access::TTL),
                when: Field::Absent,
            })),
            lens: plain(self.text(top, &LENS)),
            prompt: self.block(top, &PROMPT, Self::prompt),
            about: self.about(top),
            tests: self.blocks(top, &TESTS, Self::test),
            extends: self.text(top, &EXTENDS),
            widen: Field::Absent,
            uses: Field::Absent,
            sets: Vec::new(),
            params: Field::Absent,
            lets: Vec::new(),
            ensures: Field::Absent,
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
            also_allowed: Field::Absent,
            denied: self.list(fields, &intent::DENIED, Self::rule),
            mode: self.word(fields, &intent::MATCH),
            clauses: self.word(fields, &intent::CLAUSES),
        }
    }

    fn rule(&mut self, what: &str, node: &Node<'t>) -> Result<RulePattern, Reported> {
        match &node.kind {
            Kind::Map(_) => {
                let fields = self.fields(&rule::BLOCK, what, node)?;
                Ok(RulePattern {
                    pattern: self.text(&fields, &rule::PATTERN),
                    mode: self.word(&fields, &rule::MATCH),
                    because: self.text(&fields, &rule::BECAUSE),
                    ..RulePattern::default()
                })
            }
            Kind::List(_) => Err(self.wrong_shape(what, "a pattern or a map", node)),
            _ => {
                let pattern = self.text_value(Shape::Text, what, node)?;
                Ok(RulePattern { pattern: given(pattern, node), ..RulePattern::default() })
            }
        }
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
            env: self.field(fields, &server::ENV, |this, what, node| {
                let Kind::Map(entries) = &node.kind else {
                    return Err(this.wrong_shape(what, "a map", node));
                };
                this.duplicates(entries.iter().map(|entry| &entry.key));
                let variable = |entry: &crate::tree::Entry<'t>| {
                    let what = format!("`{}`", entry.key.value);
                    let node = entry.value.resolved();
                    this.given(&what, node, entry.key.span).ok()?;
                    let value = this.text_value(Shape::Setting, &what, node).ok()?;
                    Some((owned(&entry.key), Spanned::new(value, node.span)))
                };
                Ok(entries.iter().filter_map(variable).collect())
            }),
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
                    allowed: each(self.texts(fields, &test::ALLOWED), expected),
                    denied: each(self.texts(fields, &test::DENIED), expected),
                    unmatched: each(self.texts(fields, &test::UNMATCHED), expected),
                },
                ..SessionTest::default()
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
                let entry = |entry: &crate::tree::Entry<'t>| {
                    let value = self.value(&entry.value).ok()?;
                    Some((owned(&entry.key), Spanned::new(value, entry.value.span)))
                };
                Ok(Value::Map(entries.iter().filter_map(entry).collect()))
            }
            Kind::Shared(_) => unreachable!("resolved nodes are not shared"),
        }
    }
}

fn expected(intent: Text) -> ExpectedIntent {
    ExpectedIntent { intent, ..ExpectedIntent::default() }
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

/// Each text of a list in a block of its own.
fn each<T>(texts: List<String>, wrap: impl Fn(Text) -> T) -> List<T> {
    match texts {
        Field::Given(texts) => {
            let wrapped = |text: Spanned<String>| Spanned::new(wrap(Field::Given(text.clone())), text.span);
            Field::Given(texts.map(|texts| texts.into_iter().map(wrapped).collect()))
        }
        Field::Absent => Field::Absent,
        Field::Error(reported) => Field::Error(reported),
    }
}

/// A list of one block.
fn one<T>(block: Field<T>) -> List<T> {
    match block {
        Field::Given(block) => {
            let span = block.span;
            Field::Given(Spanned::new(vec![block], span))
        }
        Field::Absent => Field::Absent,
        Field::Error(reported) => Field::Error(reported),
    }
}

fn given<T>(value: T, node: &Node<'_>) -> Field<T> {
    Field::Given(Spanned::new(value, node.span))
}

fn owned(key: &Spanned<std::borrow::Cow<'_, str>>) -> Spanned<String> {
    Spanned::new(key.value.clone().into_owned(), key.span)
}
