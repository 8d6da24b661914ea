//! What a source becomes: the checked masque.

mod support;

use masque_ir::{self as ir, Action, Clauses, Grant, MatchMode, Ring, SpinnerMode, Ttl, Value};
use support::parse_and_check;

/// The masque of a source that reads and checks without an error.
fn masque(file: &str, text: &str) -> ir::Masque {
    let analysed = parse_and_check(file, text);
    let found = analysed.found();
    analysed.masque.unwrap_or_else(|| panic!("{found:#?}"))
}

#[test]
fn the_homelab_of_the_documentation() {
    let text = r#"# A small site.
version: 2.3
ring_required: admin

intent:
  allowed_patterns: ["deploy *", "debug *"]
  denied_patterns:
    - "delete *"

knowledge:
  - mcp://homelab-inventory

access:
  vault_role: homelab-operator
  ttl: PT1H

lens: |
  Prefer stability over novelty.
"#;
    let homelab = masque("personas/homelab.masque", text);
    assert_eq!((homelab.identity.id.as_str(), homelab.identity.name.as_str()), ("homelab", "Homelab"));
    assert_eq!(homelab.identity.version, ir::Version::new(2, 3, 0));
    assert_eq!(homelab.identity.ring, Ring::Admin);
    assert_eq!(homelab.source.name, "homelab.masque");
    assert_eq!(homelab.knowledge, [ir::Guarded::always("mcp://homelab-inventory".to_owned())]);
    let grant = Grant { provider: "vault".into(), role: "homelab-operator".into(), ttl: Ttl::Seconds(3600) };
    assert_eq!(homelab.access, [ir::Guarded::always(grant)]);
    assert_eq!(homelab.lens.as_constant(), Some("Prefer stability over novelty.\n"));
    assert_eq!(homelab.context.as_constant(), Some(""));

    let intent = homelab.intent.unwrap();
    assert_eq!(intent.clauses, Clauses::Whole);
    let rules: Vec<_> =
        intent.rules.iter().map(|rule| (rule.action, rule.mode, rule.pattern.as_str())).collect();
    assert_eq!(
        rules,
        [
            (Action::Allow, MatchMode::Verb, "deploy *"),
            (Action::Allow, MatchMode::Verb, "debug *"),
            (Action::Deny, MatchMode::Verb, "delete *"),
        ]
    );
    let place = intent.rules[2].place;
    assert_eq!((place.line, place.column), (8, 7));
    assert_eq!(&text[place.start as usize..place.end as usize], "\"delete *\"");
}

#[test]
fn rules_keep_the_order_of_the_source_and_a_mode_of_their_own() {
    let text = "\
name: A
version: 1.0.0
intent:
  match: exact
  clauses: each
  denied:
  - {pattern: 'drop *', match: verb, because: it can't be undone}
  allowed: ['read *']
lens: x
";
    let intent = masque("a.masque.yaml", text).intent.unwrap();
    assert_eq!(intent.clauses, Clauses::Each);
    let rules: Vec<_> = intent
        .rules
        .iter()
        .map(|rule| (rule.action, rule.mode, rule.pattern.as_str(), rule.because.as_deref()))
        .collect();
    assert_eq!(
        rules,
        [
            (Action::Deny, MatchMode::Verb, "drop *", Some("it can't be undone")),
            (Action::Allow, MatchMode::Exact, "read *", None),
        ]
    );
}

#[test]
fn a_pure_lens_has_no_rules_and_a_block_without_rules_has_none_either() {
    assert_eq!(masque("a.yaml", "{version: 1.0.0, lens: x}").intent, None);
    let empty = masque("a.yaml", "{version: 1.0.0, lens: x, intent: {}}").intent;
    assert_eq!(empty, Some(ir::Intent { clauses: Clauses::Whole, rules: Vec::new() }));
}

#[test]
fn a_lens_is_composed_from_the_prompt_of_a_mask() {
    let text = r#"{
  "id": "mask.professor",
  "version": "1.3.0",
  "name": "Professor",
  "domain": ["story", "analysis"],
  "prompt": {
    "persona": "  You teach literature.\n",
    "constraints": ["Cite the text", "Two rules:\nbe brief\nbe kind"],
    "style_guidelines": ["Ask before you judge"],
    "format": "markdown",
    "examples": [{"input": "A chapter", "output": "A reading"}]
  },
  "tests": [{"name": "kind", "input": "A story", "assertions": [{"contains": "strength"}, {"notContains": "garbage"}]}]
}"#;
    let professor = masque("professor.mask.json", text);
    assert_eq!(professor.identity.id, "mask.professor");
    let lens = "\
You teach literature.

Constraints:
- Cite the text
- Two rules:
  be brief
  be kind

Style guidelines:
- Ask before you judge

Format: markdown
";
    assert_eq!(professor.lens.as_constant(), Some(lens));
    assert_eq!(professor.about.format.as_deref(), Some("markdown"));
    assert_eq!(
        professor.about.examples,
        [ir::Example { input: "A chapter".into(), output: "A reading".into() }]
    );
    let [ir::Expectation::Prompt(test)] = professor.tests.as_slice() else { panic!("one prompt test") };
    assert_eq!((test.name.as_deref(), test.input.as_str()), (Some("kind"), "A story"));
    assert_eq!(
        test.assertions,
        [ir::Assertion::Contains("strength".into()), ir::Assertion::NotContains("garbage".into())]
    );
}

#[test]
fn the_parts_of_a_lens_that_are_not_given_leave_no_trace() {
    let lens = |rest: &str| masque("a.yaml", &format!("name: A\nversion: 1.0.0\n{rest}")).lens;
    let lens = |rest: &str| lens(rest).as_constant().map(str::to_owned).unwrap();
    assert_eq!(lens("lens: \" as written \\n\"\n"), " as written \n");
    assert_eq!(lens("prompt: {persona: You are x.}\n"), "You are x.");
    assert_eq!(lens("prompt: {persona: You are x., constraints: []}\n"), "You are x.");
    assert_eq!(lens("lens: Think.\nprompt: {formatting: prose}\n"), "Think.\n\nFormat: prose\n");
    assert_eq!(lens("lens: Think.\nprompt: {format: \"a\\nb\"}\n"), "Think.\n\nFormat:\na\nb\n");
}

#[test]
fn what_describes_is_carried_over() {
    let text = "\
name: A
version: 1.0.0
attributes: {a: 0x1F, b: [true, ~, {c: d}]}
performance: {score: '*', history: [{date: 2026-01-15, score: '+', notes: ''}]}
spinnerVerbs: {verbs: [Pondering]}
mcp: {servers: [{name: s, type: stdio, command: x, env: {A: ''}}]}
changelog: [first, {version: 1.0.0, text: second}]
rubric: ' '
lens: x
";
    let about = masque("a.yaml", text).about;
    let inner = Value::Map(vec![("c".into(), Value::Text("d".into()))]);
    let list = Value::List(vec![Value::Bool(true), Value::Null, inner]);
    assert_eq!(about.attributes, [("a".into(), Value::Number("31".into())), ("b".into(), list)]);
    let performance = about.performance.unwrap();
    assert_eq!(performance.score, Some(ir::Score::Multiplicative));
    assert_eq!((performance.history.len(), &performance.history[0].notes), (1, &None));
    assert_eq!(
        about.spinner_verbs.unwrap().mode,
        SpinnerMode::Append,
        "nothing of the agent's own is lost by default"
    );
    let stdio =
        ir::McpTransport::Stdio { command: "x".into(), args: vec![], env: vec![("A".into(), String::new())] };
    assert_eq!(about.mcp_servers, [ir::McpServer { name: "s".into(), transport: stdio }]);
    let versions: Vec<_> = about.changelog.iter().map(|entry| entry.version.as_deref()).collect();
    assert_eq!(versions, [None, Some("1.0.0")]);
    assert_eq!(about.rubric, None, "blank prose counts as left out");
}
