//! Several checked masques as one, which may do nothing that none of them may.
//!
//! Everything goes by weight, the heaviest first. What is a right is bounded by the parts: `rights` says how; a bundled server is there only
//! if every part bundles it, and the innermost ring counts.

use masque_automata as automata;
use masque_ir as ir;

use super::BlendError;
use super::names::Names;
use super::parts::Part;
use super::prose::{Lens, merged, trimmed};
use super::rights;

/// What the parts come to.
pub(super) struct Composite {
    /// Its lens is the base alone; directives follow.
    pub(super) masque: ir::Masque,
    pub(super) constraints: Vec<String>,
    pub(super) guidelines: Vec<String>,
    /// What some part has and the composite has not, for people.
    pub(super) left_out: Vec<String>,
}

/// Merges parts, the heaviest first.
pub(super) fn merge(parts: &[Part], name: String) -> Result<Composite, BlendError> {
    let mut names = Names::of(parts)?;
    let mut left_out = Vec::new();
    let intent = rights::intent(parts, &mut names, &mut left_out)?;
    let lenses: Vec<Lens> =
        parts.iter().map(|part| Lens::read(&part.masque.lens, part.masque.about.format.as_deref())).collect();
    let identity = ir::Identity { name, ..identity(parts) };
    let source = ir::SourceFile { name: String::new(), text: String::new() };
    let mut masque = ir::Masque::pure_lens(identity, source, lens(parts, &lenses, &mut names));
    masque.context = context(parts, &mut names);
    masque.knowledge = knowledge(parts, &mut names);
    masque.access = rights::access(parts, &mut names, &mut left_out);
    masque.ensures = rights::promises(parts, &mut names, &mut left_out);
    masque.about = about(parts, &mut left_out);
    masque.tests = tests(parts, intent.as_ref());
    masque.intent = intent;
    (masque.params, masque.conditions) = (names.params, names.conditions);
    Ok(Composite {
        masque,
        constraints: merged(lenses.iter().map(|lens| &lens.constraints)),
        guidelines: merged(lenses.iter().map(|lens| &lens.guidelines)),
        left_out,
    })
}

fn identity(parts: &[Part]) -> ir::Identity {
    let ring = parts.iter().map(|part| part.masque.identity.ring).max();
    ir::Identity {
        id: String::new(),
        name: String::new(),
        display_name: None,
        index: None,
        version: ir::Version::new(1, 0, 0),
        ring: ring.expect("a blend has parts"),
    }
}

/// The heaviest part's lens, then each other one's under a sentence that says how much of it there is.
fn lens(parts: &[Part], lenses: &[Lens], names: &mut Names) -> ir::Template {
    let mut pieces: Vec<ir::Piece> = Vec::new();
    for (at, (part, lens)) in parts.iter().zip(lenses).enumerate() {
        if at > 0 {
            pieces.push(ir::Piece::Constant(format!("{}{}\n\n", empty_line(&pieces), overlay(part))));
        }
        pieces.extend(names.template(at, &lens.base).pieces);
    }
    trimmed(ir::Template { pieces: joined(pieces) })
}

/// What has to be added to end a line and leave one empty.
fn empty_line(pieces: &[ir::Piece]) -> &'static str {
    match pieces.last() {
        None => "",
        // A branch ends with its line's break.
        Some(ir::Piece::If { then, .. }) if ends_line(then) => "\n",
        Some(_) => "\n\n",
    }
}

fn ends_line(template: &ir::Template) -> bool {
    matches!(template.pieces.last(), Some(ir::Piece::Constant(text)) if text.ends_with('\n'))
}

/// What introduces a part that is not the heaviest.
fn overlay(part: &Part) -> String {
    format!(
        "You are also {}, to a share of {} %; where that differs from what stands above, what stands above decides.",
        part.name(),
        part.share
    )
}

fn context(parts: &[Part], names: &mut Names) -> ir::Template {
    let mut contexts: Vec<ir::Template> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let context = trimmed(names.template(at, &part.masque.context));
        if !context.pieces.is_empty() && !contexts.contains(&context) {
            contexts.push(context);
        }
    }
    let mut pieces: Vec<ir::Piece> = Vec::new();
    for context in contexts {
        pieces.push(ir::Piece::Constant(empty_line(&pieces).to_owned()));
        pieces.extend(context.pieces);
    }
    trimmed(ir::Template { pieces: joined(pieces) })
}

/// Neighbouring constants as one.
fn joined(pieces: Vec<ir::Piece>) -> Vec<ir::Piece> {
    let mut out: Vec<ir::Piece> = Vec::new();
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(ir::Piece::Constant(before)), ir::Piece::Constant(text)) => before.push_str(&text),
            (_, piece) => out.push(piece),
        }
    }
    out
}

/// Pointers of all parts. Under a condition only what is not there anyway.
fn knowledge(parts: &[Part], names: &mut Names) -> Vec<ir::Guarded<String>> {
    let mut all: Vec<ir::Guarded<String>> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for pointer in &part.masque.knowledge {
            let pointer = ir::Guarded { value: pointer.value.clone(), when: names.when(at, pointer.when) };
            if !all.contains(&pointer) {
                all.push(pointer);
            }
        }
    }
    let always: Vec<String> =
        all.iter().filter(|pointer| pointer.when.is_none()).map(|pointer| pointer.value.clone()).collect();
    all.retain(|pointer| pointer.when.is_none() || !always.contains(&pointer.value));
    all
}

fn about(parts: &[Part], left_out: &mut Vec<String>) -> ir::About {
    let abouts: Vec<&ir::About> = parts.iter().map(|part| &part.masque.about).collect();
    let lists = |of: fn(&ir::About) -> &Vec<String>| merged(abouts.iter().map(|about| of(about)));
    fn first<T: Clone>(abouts: &[&ir::About], of: fn(&ir::About) -> &Option<T>) -> Option<T> {
        abouts.iter().find_map(|about| of(about).clone())
    }
    let mut attributes: Vec<(String, ir::Value)> = Vec::new();
    let mut skills: Vec<ir::Skill> = Vec::new();
    let mut examples: Vec<ir::Example> = Vec::new();
    for about in &abouts {
        for (key, value) in &about.attributes {
            if !attributes.iter().any(|(known, _)| known == key) {
                attributes.push((key.clone(), value.clone()));
            }
        }
        for skill in &about.skills {
            if !skills.iter().any(|known| known.uri == skill.uri) {
                skills.push(skill.clone());
            }
        }
        examples.extend(
            about.examples.iter().filter(|example| !examples.contains(example)).cloned().collect::<Vec<_>>(),
        );
    }
    let share = |part: &Part| {
        let identity = &part.masque.identity;
        ir::Value::Text(format!("{} {}, {} %", identity.name, identity.version, part.share))
    };
    attributes.retain(|(key, _)| key != BLEND);
    attributes.push((BLEND.to_owned(), ir::Value::List(parts.iter().map(share).collect())));
    let everywhere = |server: &&ir::McpServer| abouts.iter().all(|about| about.mcp_servers.contains(server));
    let mcp_servers: Vec<ir::McpServer> = abouts[0].mcp_servers.iter().filter(everywhere).cloned().collect();
    for server in abouts.iter().flat_map(|about| &about.mcp_servers) {
        let lost = format!("the server `{}`, which not every part bundles", server.name);
        if !mcp_servers.contains(server) && !left_out.contains(&lost) {
            left_out.push(lost);
        }
    }
    ir::About {
        attributes,
        skills,
        performance: None,
        mcp_servers,
        spinner_verbs: first(&abouts, |about| &about.spinner_verbs),
        rubric: first(&abouts, |about| &about.rubric),
        domain: lists(|about| &about.domain),
        tone: lists(|about| &about.tone),
        skillset: lists(|about| &about.skillset),
        format: first(&abouts, |about| &about.format),
        examples,
        prompt_schema_version: first(&abouts, |about| &about.prompt_schema_version),
        default_llm: first(&abouts, |about| &about.default_llm),
        max_context_tokens: abouts.iter().filter_map(|about| about.max_context_tokens).min(),
        safety_tags: lists(|about| &about.safety_tags),
        changelog: Vec::new(),
    }
}

/// The attribute that says what went into a composite.
const BLEND: &str = "blend";

/// What the parts' own tests say of intents, as far as it holds for the composite in every session; and that each part is in the lens.
fn tests(parts: &[Part], intent: Option<&ir::Intent>) -> Vec<ir::Expectation> {
    let mut tests = Vec::new();
    for part in parts {
        let sessions = part.masque.tests.iter().filter_map(|test| match test {
            ir::Expectation::Session(test) => Some(test),
            ir::Expectation::Prompt(_) => None,
        });
        let mut intents: Vec<ir::ExpectedIntent> = Vec::new();
        for expected in sessions.flat_map(|test| &test.intents) {
            let holds = intent.is_some_and(|intent| decides(intent, &expected.intent, expected.decision));
            if holds && !intents.iter().any(|known| known.intent == expected.intent) {
                intents.push(ir::ExpectedIntent { because: None, ..expected.clone() });
            }
        }
        if !intents.is_empty() {
            tests.push(session_test(format!("keeps to {}", part.name()), intents, Vec::new()));
        }
    }
    let overlays = parts.iter().skip(1).map(|part| ir::Assertion::Contains(overlay(part))).collect();
    tests.push(session_test("is made of its parts".to_owned(), Vec::new(), overlays));
    tests
}

fn session_test(name: String, intents: Vec<ir::ExpectedIntent>, lens: Vec<ir::Assertion>) -> ir::Expectation {
    ir::Expectation::Session(ir::SessionTest {
        name: Some(name),
        ring: None,
        agent: String::new(),
        intent: String::new(),
        params: Vec::new(),
        intents,
        knowledge: None,
        access: None,
        context: Vec::new(),
        lens,
        place: ir::Place::default(),
    })
}

/// Whether rules that are always there decide so, and no other could decide otherwise.
fn decides(intent: &ir::Intent, text: &str, expected: ir::ExpectedDecision) -> bool {
    let rule = |rule: &ir::Rule| automata::Rule {
        action: match rule.action {
            ir::Action::Allow => automata::Action::Allow,
            ir::Action::Deny => automata::Action::Deny,
        },
        mode: match rule.mode {
            ir::MatchMode::Verb => automata::MatchMode::Verb,
            ir::MatchMode::Exact => automata::MatchMode::Exact,
        },
        pattern: automata::Pattern::parse(&rule.pattern).expect("a checked pattern is well-formed"),
    };
    let clauses = match intent.clauses {
        ir::Clauses::Whole => automata::Clauses::Whole,
        ir::Clauses::Each => automata::Clauses::Each,
    };
    let always: Vec<automata::Rule> =
        intent.rules.iter().filter(|rule| rule.when.is_none()).map(rule).collect();
    let is_conditional = always.len() < intent.rules.len();
    match (automata::explain(&always, clauses, text).decision, expected) {
        (automata::Decision::Denied, ir::ExpectedDecision::Denied) => true,
        (automata::Decision::Allowed, ir::ExpectedDecision::Allowed)
        | (automata::Decision::Unmatched, ir::ExpectedDecision::Unmatched) => !is_conditional,
        _ => false,
    }
}
