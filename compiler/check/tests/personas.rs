//! The finished personas are examples: none of them draws a finding, and each decides as its own tests say.

mod support;

use masque_automata as automata;
use masque_diagnostics::{Diagnostics, Sources};
use masque_ir as ir;
use std::collections::BTreeMap;
use std::path::Path;

/// Every file of `personas/` by its name.
#[expect(
    clippy::disallowed_methods,
    reason = "the ban is on the compiler's crates, whose tests may read their examples"
)]
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../personas");
    let entries = std::fs::read_dir(folder).expect("the project has personas");
    let mut files = BTreeMap::new();
    for entry in entries {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if name.ends_with(".masque.yaml") || name.ends_with(".mask.json") {
            files.insert(name, std::fs::read_to_string(&path).expect("a persona is text"));
        }
    }
    files
}

fn masques() -> Vec<ir::Masque> {
    let files = files();
    files.iter().map(|(name, text)| support::parse_and_check(name, text).masque.expect(name)).collect()
}

#[test]
fn every_persona_is_free_of_findings() {
    let files = files();
    let operational = files.keys().filter(|name| name.ends_with(".masque.yaml")).count();
    assert!(operational >= 12, "{operational} personas");
    for name in ["codesmith", "homelab", "reviewer", "generalist"] {
        assert!(files.contains_key(&format!("{name}.masque.yaml")), "{name}");
    }
    for name in [
        "professor",
        "critic",
        "lyricist",
        "composer",
        "poet",
        "romantic",
        "debugger",
        "mentor",
        "editor-in-chief",
        "comedian",
        "chaos-agent",
    ] {
        assert!(files.contains_key(&format!("{name}.mask.json")), "{name}");
    }
    for (name, text) in &files {
        let found = support::parse_and_check(name, text).found();
        let mut shown = String::new();
        for found in &found {
            support::render(&mut shown, found, text);
        }
        assert!(found.is_empty(), "{name}\n{shown}");
    }
}

#[test]
fn no_two_personas_claim_the_same() {
    let mut sources = Sources::new();
    let mut trees = Vec::new();
    for (name, text) in files() {
        let id = sources.add(name.clone(), text.clone());
        trees.extend(masque_syntax::parse(id, &name, &text).masque.map(|tree| (id, tree)));
    }
    let found: Diagnostics =
        masque_check::check_together(trees.iter().map(|(id, tree)| (sources.get(*id), tree)));
    assert!(found.is_empty(), "{found:?}");
    let indices = masques().iter().filter(|masque| masque.identity.index.is_some()).count();
    assert_eq!(indices, trees.len(), "every persona has an index");
}

#[test]
fn every_persona_has_tests_and_decides_as_they_say() {
    let mut failures = Vec::new();
    for masque in masques() {
        assert!(!masque.tests.is_empty(), "{}", masque.identity.name);
        let decider = masque.intent.as_ref().map(|intent| {
            let rules: Vec<automata::Rule> = intent.rules.iter().map(rule).collect();
            automata::compile(&rules, clauses(intent.clauses)).expect("personas are small")
        });
        for test in &masque.tests {
            let ir::Test::Intents { allowed, denied, unmatched, .. } = test else { continue };
            let decider = decider.as_ref().expect("intents are tested where there are rules");
            for (intents, expected) in [
                (allowed, automata::Decision::Allowed),
                (denied, automata::Decision::Denied),
                (unmatched, automata::Decision::Unmatched),
            ] {
                for intent in intents.iter().filter(|intent| decider.decide(intent) != expected) {
                    failures.push(format!("{}: `{intent}` is not {expected:?}", masque.identity.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// A rule that decides none of the persona's own tests is a rule that nobody tried.
#[test]
fn every_rule_of_a_persona_decides_one_of_its_tests() {
    let mut idle = Vec::new();
    for masque in masques() {
        let Some(intent) = &masque.intent else { continue };
        let tested: Vec<&String> = masque
            .tests
            .iter()
            .flat_map(|test| match test {
                ir::Test::Intents { allowed, denied, .. } => allowed.iter().chain(denied).collect(),
                ir::Test::Prompt { .. } => Vec::new(),
            })
            .collect();
        for written in &intent.rules {
            let alone =
                automata::compile(&[rule(written)], clauses(intent.clauses)).expect("personas are small");
            let parts = |text: &str| -> Vec<String> {
                // Under `clauses: each` a rule may decide a clause only.
                text.split([',', ';']).flat_map(|part| part.split(" and ")).map(str::to_owned).collect()
            };
            let decides = |text: &str| alone.decide(text) != automata::Decision::Unmatched;
            if !tested.iter().any(|text| decides(text) || parts(text).iter().any(|part| decides(part))) {
                idle.push(format!("{}: `{}`", masque.identity.name, written.pattern));
            }
        }
    }
    assert!(idle.is_empty(), "{idle:#?}");
}

#[test]
fn the_homelab_is_as_small_as_its_figures_assume() {
    let homelab = masques().into_iter().find(|masque| masque.identity.id == "homelab").expect("it is there");
    assert_eq!(homelab.identity.version, ir::Version::new(2, 3, 0));
    assert_eq!(homelab.intent.expect("it has rules").rules.len(), 5);
    assert_eq!(homelab.knowledge, ["mcp://homelab-inventory", "mcp://homelab-runbooks"]);
    let grant =
        ir::Grant { provider: "vault".into(), role: "homelab-operator".into(), ttl: ir::Ttl::Session };
    assert_eq!(homelab.access, [grant]);
}

fn rule(rule: &ir::Rule) -> automata::Rule {
    automata::Rule {
        action: match rule.action {
            ir::Action::Allow => automata::Action::Allow,
            ir::Action::Deny => automata::Action::Deny,
        },
        mode: match rule.mode {
            ir::MatchMode::Verb => automata::MatchMode::Verb,
            ir::MatchMode::Exact => automata::MatchMode::Exact,
        },
        pattern: automata::Pattern::parse(&rule.pattern).expect("checked patterns are well-formed"),
    }
}

fn clauses(clauses: ir::Clauses) -> automata::Clauses {
    match clauses {
        ir::Clauses::Whole => automata::Clauses::Whole,
        ir::Clauses::Each => automata::Clauses::Each,
    }
}
