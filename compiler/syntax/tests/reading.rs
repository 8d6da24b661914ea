//! What well-formed masques are read as.

mod common;

use common::{found, read};
use masque_diagnostics::{Span, Spanned};
use masque_syntax::ast::{
    Assertion, Clauses, ExpectedIntent, Field, List, Masque, MatchMode, Notation, Ring, Score, SkillLevel,
    SpinnerMode, Template, Test, Transport, Value,
};
use masque_syntax::{detect, place_in_scalar};

/// Every field, with the preferred names.
const FULL_YAML: &str = r#"# A full persona.
id: mask.homelab
name: Homelab
display_name: The Homelab
index: 7
version: 2.10
ring: player # who may wear it
attributes:
  domain: infrastructure
  since: 2024
  remote: true
  nothing: ~
  nested: {list: [a, 1]}
skills:
  - uri: skill://ops/kubernetes
    level: expert
intent:
  match: verb
  clauses: each
  allowed:
    - "deploy *"
    - {pattern: "debug *", match: exact, because: "someone has to"}
  denied: ["delete *"]
context: >-
  Folded over
  two lines.
knowledge:
  - mcp://homelab/inventory
access:
  vault_role: homelab-operator
  ttl: PT1H
lens: |
  Prefer stability.
    Always.
performance:
  score: "*"
  history:
    - {date: "2026-01-15T10:30:00Z", score: e, notes: Good}
mcp:
  servers:
    - {name: files, type: stdio, command: npx, args: [-y, 8080], env: {PORT: 80, DEBUG: true}}
    - {name: net, type: sse, url: "https://example.org"}
spinnerVerbs: {mode: append, verbs: [Deploying]}
rubric: It works.
domain: [story, analysis]
tone: dry
skillset: [critique]
prompt:
  persona: You are careful.
  constraints: Cite
  style_guidelines: [short]
  format: markdown
  examples:
    - {input: in, output: out}
prompt_schema: {version: 1.0}
tests:
  - {name: takes, allowed: [deploy x], denied: [delete x], unmatched: [sing]}
  - {name: asks, input: hi, assertions: [{contains: a}, {notContains: b}]}
default_llm: some-model
max_context_tokens: 8000
safety_tags: [safe]
changelog:
  - first
  - {version: 1.0, date: 2026-01-01, changes: [a, b]}
extends: base/operator@1.0.0
"#;

fn masque(name: &str, text: &str) -> Masque {
    let parsed = read(name, text);
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    parsed.masque().expect("the masque is well-formed").clone()
}

fn text(field: &Field<String>) -> &str {
    &field.get().expect("the field is given").value
}

fn texts(field: &Field<Vec<Spanned<String>>>) -> Vec<&str> {
    field.get().expect("the field is given").value.iter().map(|item| item.value.as_str()).collect()
}

fn plain(field: &Field<Template>) -> &str {
    field.get().expect("the field is given").value.as_plain().expect("YAML text has no holes")
}

fn pointers(masque: &Masque) -> Vec<&str> {
    let pointers = &masque.knowledge.get().expect("the field is given").value;
    pointers.iter().map(|pointer| text(&pointer.value.uri)).collect()
}

fn expected(field: &List<ExpectedIntent>) -> Vec<&str> {
    field.get().expect("the field is given").value.iter().map(|item| text(&item.value.intent)).collect()
}

fn at(source: &str, span: Span) -> &str {
    &source[span.range()]
}

#[test]
fn every_field_is_read() {
    let masque = masque("homelab.masque.yaml", FULL_YAML);
    assert_eq!(masque.notation, Notation::Yaml);
    let identity = &masque.identity;
    assert_eq!(text(&identity.id), "mask.homelab");
    assert_eq!(text(&identity.name), "Homelab");
    assert_eq!(text(&identity.display_name), "The Homelab");
    assert_eq!(text(&identity.version), "2.10");
    assert_eq!(identity.index.get().unwrap().value, 7);
    assert_eq!(identity.ring.get().unwrap().value, Ring::Player);

    let intent = &masque.intent.get().unwrap().value;
    assert_eq!(intent.mode.get().unwrap().value, MatchMode::Verb);
    assert_eq!(intent.clauses.get().unwrap().value, Clauses::Each);
    let rules = &intent.allowed.get().unwrap().value;
    assert_eq!(text(&rules[0].value.pattern), "deploy *");
    assert!(rules[0].value.mode.is_absent());
    assert_eq!(text(&rules[1].value.pattern), "debug *");
    assert_eq!(rules[1].value.mode.get().unwrap().value, MatchMode::Exact);
    assert_eq!(text(&rules[1].value.because), "someone has to");
    assert_eq!(text(&intent.denied.get().unwrap().value[0].value.pattern), "delete *");

    assert_eq!(plain(&masque.context), "Folded over two lines.");
    assert_eq!(pointers(&masque), ["mcp://homelab/inventory"]);
    let access = &masque.access.get().unwrap().value[0].value;
    assert_eq!((text(&access.vault_role), text(&access.ttl)), ("homelab-operator", "PT1H"));
    assert_eq!(plain(&masque.lens), "Prefer stability.\n  Always.\n");
    assert_eq!(text(&masque.extends), "base/operator@1.0.0");

    let prompt = &masque.prompt.get().unwrap().value;
    assert_eq!(text(&prompt.persona), "You are careful.");
    assert_eq!(texts(&prompt.constraints), ["Cite"]);
    assert_eq!(texts(&prompt.style_guidelines), ["short"]);
    assert_eq!(text(&prompt.format), "markdown");
    let example = &prompt.examples.get().unwrap().value[0].value;
    assert_eq!((text(&example.input), text(&example.output)), ("in", "out"));
}

#[test]
fn every_describing_field_is_read() {
    let masque = masque("homelab.masque.yaml", FULL_YAML);
    let about = &masque.about;
    let attributes = &about.attributes.get().unwrap().value;
    let shown: Vec<_> =
        attributes.iter().map(|(key, value)| (key.value.as_str(), value.value.clone())).collect();
    assert_eq!(shown[1], ("since", Value::Number("2024".into())));
    assert_eq!(shown[2], ("remote", Value::Bool(true)));
    assert_eq!(shown[3], ("nothing", Value::Null));
    assert!(
        matches!(&shown[4], ("nested", Value::Map(entries)) if matches!(entries[0].1.value, Value::List(_)))
    );

    let skill = &about.skills.get().unwrap().value[0].value;
    assert_eq!(text(&skill.uri), "skill://ops/kubernetes");
    assert_eq!(skill.level.get().unwrap().value, SkillLevel::Expert);
    let performance = &about.performance.get().unwrap().value;
    assert_eq!(performance.score.get().unwrap().value, Score::Multiplicative);
    let entry = &performance.history.get().unwrap().value[0].value;
    assert_eq!((text(&entry.date), text(&entry.notes)), ("2026-01-15T10:30:00Z", "Good"));
    assert_eq!(entry.score.get().unwrap().value, Score::Exponential);

    let servers = &about.mcp.get().unwrap().value.servers.get().unwrap().value;
    assert_eq!(text(&servers[0].value.name), "files");
    assert_eq!(servers[0].value.transport.get().unwrap().value, Transport::Stdio);
    assert_eq!(text(&servers[0].value.command), "npx");
    assert_eq!(texts(&servers[0].value.args), ["-y", "8080"]);
    let env = &servers[0].value.env.get().unwrap().value;
    assert_eq!((env[0].0.value.as_str(), env[0].1.value.as_str()), ("PORT", "80"));
    assert_eq!((env[1].0.value.as_str(), env[1].1.value.as_str()), ("DEBUG", "true"));
    assert_eq!(text(&servers[1].value.url), "https://example.org");

    let spinner = &about.spinner_verbs.get().unwrap().value;
    assert_eq!(spinner.mode.get().unwrap().value, SpinnerMode::Append);
    assert_eq!(texts(&spinner.verbs), ["Deploying"]);
    assert_eq!(text(&about.rubric), "It works.");
    assert_eq!(texts(&about.domain), ["story", "analysis"]);
    assert_eq!(texts(&about.tone), ["dry"]);
    assert_eq!(texts(&about.skillset), ["critique"]);
    assert_eq!(text(&about.prompt_schema_version), "1.0");
    assert_eq!(text(&about.default_llm), "some-model");
    assert_eq!(about.max_context_tokens.get().unwrap().value, 8000);
    assert_eq!(texts(&about.safety_tags), ["safe"]);

    let changes = &about.changelog.get().unwrap().value;
    assert_eq!(text(&changes[0].value.text), "first");
    assert_eq!((text(&changes[1].value.version), text(&changes[1].value.text)), ("1.0", "a\nb"));
    assert_eq!(text(&changes[1].value.date), "2026-01-01");

    let tests = &masque.tests.get().unwrap().value;
    let Test::Session(session) = &tests[0].value else { panic!("{:?}", tests[0]) };
    let intents = &session.intents;
    assert_eq!((text(&session.name), expected(&intents.allowed)), ("takes", vec!["deploy x"]));
    assert_eq!((expected(&intents.denied), expected(&intents.unmatched)), (vec!["delete x"], vec!["sing"]));
    let Test::Prompt(prompt) = &tests[1].value else { panic!("{:?}", tests[1]) };
    let assertions: Vec<_> =
        prompt.assertions.get().unwrap().value.iter().map(|item| item.value.clone()).collect();
    assert_eq!(assertions, [Assertion::Contains("a".into()), Assertion::NotContains("b".into())]);
}

#[test]
fn places_are_those_of_the_source() {
    let masque = masque("homelab.masque.yaml", FULL_YAML);
    let here = |span| at(FULL_YAML, span);
    assert_eq!(here(masque.insert_at), "");
    assert!(FULL_YAML[masque.insert_at.range().start..].starts_with("id:"));
    assert!(here(masque.span).starts_with("id: mask") && here(masque.span).ends_with("base/operator@1.0.0"));
    assert_eq!(here(masque.identity.version.get().unwrap().span), "2.10");
    assert_eq!(here(masque.identity.ring.get().unwrap().span), "player");
    assert_eq!(here(masque.lens.get().unwrap().span), "|\n  Prefer stability.\n    Always.");
    assert_eq!(here(masque.context.get().unwrap().span), ">-\n  Folded over\n  two lines.");
    let intent = masque.intent.get().unwrap();
    assert!(here(intent.span).starts_with("match: verb") && here(intent.span).ends_with("[\"delete *\"]"));
    let allowed = intent.value.allowed.get().unwrap();
    assert!(here(allowed.span).starts_with("- \"deploy *\""));
    assert_eq!(here(allowed.value[0].span), "\"deploy *\"");
    assert!(here(allowed.value[1].span).starts_with("{pattern:"));
    let comments: Vec<_> =
        masque.comments.iter().map(|comment| (comment.value.as_str(), here(comment.span))).collect();
    assert_eq!(
        comments,
        [(" A full persona.", "# A full persona."), (" who may wear it", "# who may wear it")]
    );
}

#[test]
fn a_place_inside_of_a_scalar_is_found_in_every_style() {
    for written in
        ["deploy [x", "'deploy [x'", "\"deploy \\x5bx\"", "|-\n      deploy [x", ">-\n      deploy\n      [x"]
    {
        let source = format!("intent:\n  allowed:\n    - {written}\n");
        let masque = masque("a.yaml", &source);
        let rule = &masque.intent.get().unwrap().value.allowed.get().unwrap().value[0];
        let pattern = rule.value.pattern.get().unwrap();
        assert_eq!(pattern.value, "deploy [x", "{written}");
        let bracket = at(&source, place_in_scalar(&source, pattern.span, 7..8));
        assert!(matches!(bracket, "[" | "\\x5b"), "{written}: {bracket}");
    }
}

/// The examples of the project's first notes, as their authors wrote them.
#[test]
fn older_generations_are_read() {
    let first = "# masque/homelab.masque\nversion: 2.3\nring: player\n\nintent:\n  allowed_patterns: [\"deploy *\"]\n  \
                 denied_patterns: [\"delete *\"]\n\nlens: |\n  Careful...\n";
    let homelab = masque("homelab.masque", first);
    assert_eq!(homelab.notation, Notation::Yaml);
    assert_eq!(text(&homelab.identity.version), "2.3");
    assert_eq!(homelab.intent.get().unwrap().value.denied.get().unwrap().value.len(), 1);

    let mask = r#"{"id": "mask.professor", "version": "1.3.0", "tone_descriptors": ["scholarly"],
        "prompt": {"persona": "You are \"kind\".", "formatting": "markdown"}}"#;
    let professor = masque("professor.json", mask);
    assert_eq!(professor.notation, Notation::Json);
    assert_eq!(texts(&professor.about.tone), ["scholarly"]);
    let prompt = &professor.prompt.get().unwrap().value;
    assert_eq!(text(&prompt.persona), "You are \"kind\".");
    assert_eq!(text(&prompt.format), "markdown");
    assert_eq!(at(mask, prompt.persona.get().unwrap().span), r#""You are \"kind\".""#);
}

#[test]
fn the_notation_is_told_by_content_and_name() {
    for (name, text, expected) in [
        ("a.masque.yaml", "name: x", Notation::Yaml),
        ("a.masque", "name: x", Notation::Yaml),
        ("a.masque", "\u{feff}\n {\"name\": 1}", Notation::Json),
        ("a.json", "{\"name\": 1}", Notation::Json),
        ("a.JSON", "// comment\n{}", Notation::Json),
        ("a.json", "", Notation::Json),
        ("a.json", "name: x", Notation::Yaml),
        ("a.yaml", "{name: x}", Notation::Yaml),
        ("a.YML", "{\"name\": 1}", Notation::Yaml),
        ("-", "# x\nname: x", Notation::Yaml),
        ("-", "", Notation::Yaml),
    ] {
        assert_eq!(detect(name, text), expected, "{name} {text:?}");
    }
}

#[test]
fn aliases_are_shared_and_line_ends_do_not_matter() {
    let source = "attributes: &tags {a: 1}\nlens: &lens |\n  Be kind.\ncontext: *lens\nintent:\n  allowed: &all [\"a\"]\n  denied: *all\n";
    let unix = masque("a.yaml", source);
    assert_eq!(plain(&unix.context), "Be kind.\n");
    assert_eq!(unix.intent.get().unwrap().value.denied.get().unwrap().value.len(), 1);
    let windows = format!("\u{feff}{}", source.replace('\n', "\r\n"));
    let windows = masque("a.yaml", &windows);
    assert_eq!(plain(&windows.lens), plain(&unix.lens));
    assert_eq!(plain(&windows.context), plain(&unix.context));
}

#[test]
fn an_error_leaves_the_other_fields_and_its_own_proof() {
    let parsed = read("a.yaml", "version: 1.0.0\nring: rnig\nlens: 12\nintent:\n  allowed: [1, \"b *\"]\n");
    let masque = parsed.masque().expect("the document is a map").clone();
    assert_eq!(parsed.diagnostics.len(), 3);
    assert!(matches!(masque.identity.ring, Field::Error(_)) && matches!(masque.lens, Field::Error(_)));
    assert_eq!(text(&masque.identity.version), "1.0.0");
    assert_eq!(masque.intent.get().unwrap().value.allowed.get().unwrap().value.len(), 1);
    assert!(found("a.yaml", "version: 1.0.0\nlens: x\n").is_empty());
}
