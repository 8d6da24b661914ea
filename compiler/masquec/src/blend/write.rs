//! A composite as a tree of the language, in the order in which a person reads it.

use std::collections::BTreeMap;

use masque_diagnostics::{SourceId, Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Field};

use super::logic::{self, Logic};
use super::maker::Maker;
use super::merge::Composite;

/// The tree of a composite. `source` is only named by its places.
pub(super) fn document(composite: &Composite, source: SourceId) -> ast::Document {
    let mut maker = Maker::new(source);
    let masque = &composite.masque;
    let mut logic = Logic::new(masque, "matched".to_owned());
    let start = maker.place();
    let identity = ast::Identity {
        name: maker.text(&masque.identity.name),
        version: maker.text(masque.identity.version.to_string()),
        ring: maker.given(ring(masque.identity.ring)),
        ..ast::Identity::default()
    };
    let about = about(&masque.about, &mut maker);
    // Their place is here, and what they are is known once everything else was written.
    let params_at = maker.place();
    let mut sets = Sets::default();
    let intent = masque.intent.as_ref().map(|rules| intent(rules, &mut sets, &mut logic, &mut maker));
    let intent = maker_field(intent);
    let knowledge = maker.list(&masque.knowledge, |maker, pointer| ast::Pointer {
        uri: maker.text(&pointer.value),
        when: logic.when(pointer.when, maker),
    });
    let access = maker.list(&masque.access, |maker, grant| ast::Access {
        vault_role: maker.text(&grant.value.role),
        ttl: maker.text(ttl(grant.value.ttl)),
        when: logic.when(grant.when, maker),
    });
    let context = prose(&masque.context, &mut logic, &mut maker);
    let lens = prose(&masque.lens, &mut logic, &mut maker);
    let prompt = prompt(composite, &mut maker);
    let ensures = ensures(&masque.ensures, &mut sets, &mut logic, &mut maker);
    let tests = maker.list(&masque.tests, |maker, test| self::test(test, maker));
    for (at, patterns) in logic.sets.iter().enumerate() {
        sets.add_named(logic.set_name(at), patterns);
    }
    let params = params(masque, &logic, params_at, &mut maker);
    ast::Document::Masque(Box::new(ast::Masque {
        span: start,
        insert_at: start,
        notation: ast::Notation::Language,
        identity,
        intent,
        context,
        knowledge,
        access,
        lens,
        prompt,
        about,
        tests,
        extends: Field::Absent,
        widen: Field::Absent,
        uses: Field::Absent,
        sets: sets.nodes(&mut maker),
        params,
        lets: Vec::new(),
        ensures,
        comments: Vec::new(),
    }))
}

fn maker_field<T>(node: Option<Spanned<T>>) -> Field<T> {
    node.map_or(Field::Absent, Field::Given)
}

/// Sets of the file: patterns that a part had from a library, under the library's own names.
#[derive(Default)]
struct Sets {
    known: Vec<(String, Vec<(ir::MatchMode, String)>)>,
}

impl Sets {
    /// The name of a set of these patterns, close to `path`.
    fn name(&mut self, path: &str, patterns: &[(ir::MatchMode, String)]) -> String {
        let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut stem = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
        if !stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
            stem.insert_str(0, "set-");
        }
        let names = std::iter::once(stem.clone()).chain((2..).map(|number| format!("{stem}-{number}")));
        for name in names {
            match self.known.iter().find(|(known, _)| *known == name) {
                Some((_, members)) if members == patterns => return name,
                Some(_) => {}
                None => {
                    self.add_named(name.clone(), patterns);
                    return name;
                }
            }
        }
        unreachable!("there is always another number")
    }

    fn add_named(&mut self, name: String, patterns: &[(ir::MatchMode, String)]) {
        self.known.push((name, patterns.to_vec()));
    }

    fn nodes(self, maker: &mut Maker) -> Vec<Spanned<ast::Set>> {
        let set = |(name, patterns): (String, Vec<(ir::MatchMode, String)>)| {
            let place = maker.place();
            let name = maker.node(name);
            let members = maker.list(&patterns, |maker, (mode, pattern)| bare_rule(*mode, pattern, maker));
            Spanned::new(ast::Set { name, because: Field::Absent, members }, place)
        };
        self.known.into_iter().map(set).collect()
    }
}

fn bare_rule(mode: ir::MatchMode, pattern: &str, maker: &mut Maker) -> ast::RulePattern {
    ast::RulePattern {
        mode: mode_field(mode, maker),
        pattern: maker.text(pattern),
        ..ast::RulePattern::default()
    }
}

/// A verb is what a pattern begins with where nothing else is said.
fn mode_field(mode: ir::MatchMode, maker: &mut Maker) -> Field<ast::MatchMode> {
    match mode {
        ir::MatchMode::Verb => Field::Absent,
        ir::MatchMode::Exact => maker.given(ast::MatchMode::Exact),
    }
}

fn intent(
    intent: &ir::Intent,
    sets: &mut Sets,
    logic: &mut Logic<'_>,
    maker: &mut Maker,
) -> Spanned<ast::Intent> {
    let place = maker.place();
    let clauses = match intent.clauses {
        ir::Clauses::Whole => Field::Absent,
        ir::Clauses::Each => maker.given(ast::Clauses::Each),
    };
    let mut list = |action: ir::Action, maker: &mut Maker| {
        let rules: Vec<&ir::Rule> = intent.rules.iter().filter(|rule| rule.action == action).collect();
        // What came from one set in one statement stays together.
        let groups: Vec<&[&ir::Rule]> = rules.chunk_by(|one, other| together(one, other)).collect();
        maker.list(groups, |maker, group| {
            let first = group[0];
            let mut rule = match &first.set {
                None => bare_rule(first.mode, &first.pattern, maker),
                Some(path) => {
                    let patterns: Vec<_> =
                        group.iter().map(|rule| (rule.mode, rule.pattern.clone())).collect();
                    let set = maker.text(sets.name(path, &patterns));
                    ast::RulePattern { set, ..ast::RulePattern::default() }
                }
            };
            rule.when = logic.when(first.when, maker);
            rule.because = maker.maybe(first.because.clone());
            rule
        })
    };
    let allowed = list(ir::Action::Allow, maker);
    let denied = list(ir::Action::Deny, maker);
    let intent = ast::Intent { allowed, also_allowed: Field::Absent, denied, mode: Field::Absent, clauses };
    Spanned::new(intent, place)
}

fn together(one: &ir::Rule, other: &ir::Rule) -> bool {
    one.set.is_some() && one.set == other.set && one.when == other.when && one.because == other.because
}

fn ensures(
    ensures: &[ir::Ensure],
    sets: &mut Sets,
    logic: &mut Logic<'_>,
    maker: &mut Maker,
) -> ast::List<ast::Ensure> {
    maker.list(ensures, |maker, ensure| {
        let claim = maker.given(match ensure.claim {
            ir::Claim::Never => ast::Claim::Never,
            ir::Claim::Always => ast::Claim::Always,
        });
        let (pattern, set, mode) = match ensure.patterns.as_slice() {
            [(mode, pattern)] => (maker.text(pattern), Field::Absent, mode_field(*mode, maker)),
            patterns => (Field::Absent, maker.text(sets.name("claimed", patterns)), Field::Absent),
        };
        ast::Ensure { claim, pattern, set, mode, when: logic.when(ensure.when, maker) }
    })
}

fn prose(template: &ir::Template, logic: &mut Logic<'_>, maker: &mut Maker) -> Field<ast::Template> {
    if template.pieces.is_empty() {
        return Field::Absent;
    }
    let place = maker.place();
    let mut template = template.clone();
    // A block ends with its last line's break.
    match template.pieces.last_mut() {
        Some(ir::Piece::Constant(text)) => text.push('\n'),
        _ => template.pieces.push(ir::Piece::Constant("\n".to_owned())),
    }
    Field::Given(Spanned::new(logic.template(&template, maker), place))
}

fn prompt(composite: &Composite, maker: &mut Maker) -> Field<ast::Prompt> {
    let about = &composite.masque.about;
    let place = maker.place();
    let prompt = ast::Prompt {
        persona: Field::Absent,
        constraints: maker.list(&composite.constraints, |_, item| item.clone()),
        style_guidelines: maker.list(&composite.guidelines, |_, item| item.clone()),
        format: maker.maybe(about.format.clone()),
        examples: maker.list(&about.examples, |maker, example| ast::Example {
            input: maker.text(&example.input),
            output: maker.text(&example.output),
        }),
    };
    if prompt == ast::Prompt::default() { Field::Absent } else { Field::Given(Spanned::new(prompt, place)) }
}

fn about(about: &ir::About, maker: &mut Maker) -> ast::About {
    let texts = |list: &[String], maker: &mut Maker| maker.list(list, |_, item| item.clone());
    ast::About {
        attributes: {
            let place = maker.place();
            let entries = map(&about.attributes, maker);
            if entries.is_empty() { Field::Absent } else { Field::Given(Spanned::new(entries, place)) }
        },
        domain: texts(&about.domain, maker),
        tone: texts(&about.tone, maker),
        skillset: texts(&about.skillset, maker),
        skills: maker.list(&about.skills, |maker, skill| ast::Skill {
            uri: maker.text(&skill.uri),
            level: maker.maybe(skill.level.map(level)),
        }),
        safety_tags: texts(&about.safety_tags, maker),
        default_llm: maker.maybe(about.default_llm.clone()),
        max_context_tokens: maker.maybe(about.max_context_tokens),
        prompt_schema_version: maker.maybe(about.prompt_schema_version.clone()),
        rubric: maker.maybe(about.rubric.clone()),
        spinner_verbs: match &about.spinner_verbs {
            Some(spinner) => {
                let place = maker.place();
                let mode = maker.given(match spinner.mode {
                    ir::SpinnerMode::Replace => ast::SpinnerMode::Replace,
                    ir::SpinnerMode::Append => ast::SpinnerMode::Append,
                    ir::SpinnerMode::Prepend => ast::SpinnerMode::Prepend,
                });
                let verbs = texts(&spinner.verbs, maker);
                Field::Given(Spanned::new(ast::SpinnerVerbs { mode, verbs }, place))
            }
            None => Field::Absent,
        },
        mcp: {
            let place = maker.place();
            let servers = maker.list(&about.mcp_servers, |maker, one| server(one, maker));
            match servers {
                Field::Absent => Field::Absent,
                servers => Field::Given(Spanned::new(ast::Mcp { servers }, place)),
            }
        },
        ..ast::About::default()
    }
}

fn map(entries: &[(String, ir::Value)], maker: &mut Maker) -> Vec<(Spanned<String>, Spanned<ast::Value>)> {
    let entry = |(key, of): &(String, ir::Value)| {
        let key = maker.node(key.clone());
        let place = maker.place();
        (key, Spanned::new(value(of, maker), place))
    };
    entries.iter().map(entry).collect()
}

fn value(of: &ir::Value, maker: &mut Maker) -> ast::Value {
    match of {
        ir::Value::Null => ast::Value::Null,
        ir::Value::Bool(value) => ast::Value::Bool(*value),
        ir::Value::Number(written) => ast::Value::Number(written.clone()),
        ir::Value::Text(text) => ast::Value::Text(text.clone()),
        ir::Value::List(items) => {
            let item = |item: &ir::Value| {
                let place = maker.place();
                Spanned::new(value(item, maker), place)
            };
            ast::Value::List(items.iter().map(item).collect())
        }
        ir::Value::Map(entries) => ast::Value::Map(map(entries, maker)),
    }
}

fn server(server: &ir::McpServer, maker: &mut Maker) -> ast::McpServer {
    let name = maker.text(&server.name);
    let (transport, url) = match &server.transport {
        ir::McpTransport::Stdio { command, args, env } => {
            let transport = maker.given(ast::Transport::Stdio);
            let command = maker.text(command);
            let args = maker.list(args, |_, item| item.clone());
            let place = maker.place();
            let env: Vec<_> =
                env.iter().map(|(key, value)| (maker.node(key.clone()), maker.node(value.clone()))).collect();
            let env = if env.is_empty() { Field::Absent } else { Field::Given(Spanned::new(env, place)) };
            return ast::McpServer { name, transport, command, args, env, url: Field::Absent };
        }
        ir::McpTransport::Http { url } => (ast::Transport::Http, url),
        ir::McpTransport::Sse { url } => (ast::Transport::Sse, url),
    };
    ast::McpServer {
        name,
        transport: maker.given(transport),
        url: maker.text(url),
        ..ast::McpServer::default()
    }
}

/// The parameters that something looks at; others would be declared in vain.
fn params(masque: &ir::Masque, logic: &Logic<'_>, at: Span, maker: &mut Maker) -> ast::List<ast::Param> {
    let looked_at: BTreeMap<usize, &ir::Param> =
        masque.params.iter().enumerate().filter(|(index, _)| logic.params.contains(index)).collect();
    let param = |param: &ir::Param, maker: &mut Maker| {
        let kind = match &param.kind {
            ir::ParamType::Bool => ast::ParamType::Bool,
            ir::ParamType::Int => ast::ParamType::Int,
            ir::ParamType::String => ast::ParamType::String,
            ir::ParamType::Duration => ast::ParamType::Duration,
            ir::ParamType::Ring => ast::ParamType::Ring,
            ir::ParamType::Version => ast::ParamType::Version,
            ir::ParamType::OneOf(words) => {
                ast::ParamType::OneOf(words.iter().map(|word| maker.node(word.clone())).collect())
            }
        };
        let default = param.default.as_ref().map(|text| logic::constant(text, Some(&param.kind), maker));
        ast::Param { name: maker.text(&param.name), kind: maker.given(kind), default: maker.maybe(default) }
    };
    let made: Vec<Spanned<ast::Param>> =
        looked_at.values().map(|one| Spanned::new(param(one, maker), at)).collect();
    if made.is_empty() { Field::Absent } else { Field::Given(Spanned::new(made, at)) }
}

fn test(test: &ir::Expectation, maker: &mut Maker) -> ast::Test {
    match test {
        ir::Expectation::Prompt(prompt) => ast::Test::Prompt(ast::PromptTest {
            name: maker.maybe(prompt.name.clone()),
            input: maker.text(&prompt.input),
            assertions: maker.list(&prompt.assertions, |_, one| assertion(one)),
        }),
        ir::Expectation::Session(session) => {
            let name = maker.maybe(session.name.clone());
            let mut intents = |decision: ir::ExpectedDecision| {
                let expected = session.intents.iter().filter(|expected| expected.decision == decision);
                maker.list(expected, |maker, expected| ast::ExpectedIntent {
                    intent: maker.text(&expected.intent),
                    ..ast::ExpectedIntent::default()
                })
            };
            let intents = ast::IntentTest {
                allowed: intents(ir::ExpectedDecision::Allowed),
                denied: intents(ir::ExpectedDecision::Denied),
                unmatched: intents(ir::ExpectedDecision::Unmatched),
            };
            ast::Test::Session(Box::new(ast::SessionTest {
                name,
                intents,
                lens: maker.list(&session.lens, |_, one| assertion(one)),
                ..ast::SessionTest::default()
            }))
        }
    }
}

fn assertion(assertion: &ir::Assertion) -> ast::Assertion {
    match assertion {
        ir::Assertion::Contains(text) => ast::Assertion::Contains(text.clone()),
        ir::Assertion::NotContains(text) => ast::Assertion::NotContains(text.clone()),
    }
}

fn ttl(ttl: ir::Ttl) -> String {
    match ttl {
        ir::Ttl::Session => "session".to_owned(),
        ir::Ttl::Seconds(seconds) => logic::duration(seconds),
    }
}

fn ring(ring: ir::Ring) -> ast::Ring {
    match ring {
        ir::Ring::Outsider => ast::Ring::Outsider,
        ir::Ring::Guest => ast::Ring::Guest,
        ir::Ring::Player => ast::Ring::Player,
        ir::Ring::Admin => ast::Ring::Admin,
    }
}

fn level(level: ir::SkillLevel) -> ast::SkillLevel {
    match level {
        ir::SkillLevel::Novice => ast::SkillLevel::Novice,
        ir::SkillLevel::Competent => ast::SkillLevel::Competent,
        ir::SkillLevel::Proficient => ast::SkillLevel::Proficient,
        ir::SkillLevel::Expert => ast::SkillLevel::Expert,
        ir::SkillLevel::Master => ast::SkillLevel::Master,
    }
}
