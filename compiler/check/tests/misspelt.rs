//! A slip in a field's name is one mistake: what it was meant for is not reported as missing on top, and what depends on it is not
//! either. The fix that comes along leaves a masque without a finding.

mod support;

use support::{Case, apply, check_case};

const NAME: &str = "name: Case\n";
const REST: &str = "version: 1.0.0\nring: guest\nlens: x\n";

#[test]
fn a_misspelt_field_is_not_missing_as_well() {
    let with = |block: &str| format!("{NAME}{REST}{block}");
    for (source, key) in [
        (format!("{NAME}verison: 1.0.0\nring: guest\nlens: x\n"), "verison"),
        (format!("{NAME}version: 1.0.0\nrign: guest\nlens: x\n"), "rign"),
        (format!("{NAME}version: 1.0.0\nring_require: guest\nlens: x\n"), "ring_require"),
        (format!("{NAME}version: 1.0.0\nring: guest\nlense: x\n"), "lense"),
        (format!("{NAME}version: 1.0.0\nring: guest\npromt: {{persona: x}}\n"), "promt"),
        (format!("{NAME}version: 1.0.0\nring: guest\nprompt: {{persone: x}}\n"), "persone"),
        (with("intents: {allowed: ['deploy *']}\naccess: {vault_role: a, ttl: session}\n"), "intents"),
        (with("intent: {alowed: ['deploy *']}\n"), "alowed"),
        (with("intent: {alowed: ['deploy *'], denied: ['delete *']}\n"), "alowed"),
        (with("intent: {allowed: [{patern: 'deploy *'}]}\n"), "patern"),
        (with("intent: {allowed: ['deploy *']}\naccess: {vault_roll: a, ttl: session}\n"), "vault_roll"),
        (with("intent: {allowed: ['deploy *']}\naccess: {vault_role: a, tll: session}\n"), "tll"),
        (with("skills: [{url: 'skill://a/b'}]\n"), "url"),
        (with("performance: {history: [{date: 2026-01-15, scor: '+'}]}\n"), "scor"),
        (with("mcp: {servers: [{nam: a, type: stdio, command: x}]}\n"), "nam"),
        (with("mcp: {servers: [{name: a, type: stdio, comand: x}]}\n"), "comand"),
        (with("mcp: {servers: [{name: a, type: http, ur: 'https://a'}]}\n"), "ur"),
        (with("spinnerVerbs: {mode: append, verb: [Pondering]}\n"), "verb"),
        (with("changelog: [{version: 1.0.0, txt: First.}]\n"), "txt"),
        (with("tests: [{alowed: [deploy it]}]\n"), "alowed"),
        (with("tests: [{imput: x, assertions: [{contains: a}]}]\n"), "imput"),
        (with("tests: [{input: x, asertions: [{contains: a}]}]\n"), "asertions"),
        (with("tests: [{input: x, assertions: [{contain: a}]}]\n"), "contain"),
    ] {
        let case = Case { title: "a slip", file: "case.masque.yaml", source, expected: Vec::new() };
        let found = check_case(&case);
        let shown: Vec<(&str, &str)> =
            found.iter().map(|(found, text)| (found.code.name(), text.as_str())).collect();
        assert_eq!(shown, [("unknown-field", key)], "{}", case.source);
        let repaired = apply(&case.source, &found[0].0.fixes[0]);
        let after = check_case(&Case { source: repaired.clone(), ..case });
        assert!(after.iter().all(|(found, _)| found.code.name() != "unknown-field"), "{repaired}\n{after:?}");
    }
}

#[test]
fn what_only_describes_is_passed_over_with_a_warning() {
    for block in ["skils: []\n", "knowlege: [mcp://a]\n", "rubrik: x\n"] {
        let source = format!("{NAME}{REST}{block}");
        let analysed = support::parse_and_check("case.masque.yaml", &source);
        assert_eq!(analysed.found().len(), 1, "{source}");
        assert!(analysed.masque.is_some(), "{source}");
    }
}

#[test]
fn what_has_a_harmless_default_stays_a_warning() {
    for (source, follow_up) in [
        (format!("naem: Case\n{REST}"), "name-from-file"),
        (
            format!("{NAME}{REST}mcp: {{servers: [{{name: a, tpye: stdio, command: x}}]}}\n"),
            "transport-inferred",
        ),
    ] {
        let analysed = support::parse_and_check("case.masque.yaml", &source);
        let mut found: Vec<&str> = analysed.found().iter().map(|found| found.code.name()).collect();
        found.sort_unstable();
        assert_eq!(found, [follow_up, "unknown-field"], "{source}");
        assert!(analysed.masque.is_some(), "{source}");
    }
}

#[test]
fn a_field_that_is_given_is_never_what_was_meant() {
    let source = format!("{NAME}{REST}lense: y\n");
    let analysed = support::parse_and_check("case.masque.yaml", &source);
    assert_eq!(analysed.found().len(), 1, "{:?}", analysed.found());
    assert!(analysed.masque.is_some(), "the lens is there");
}

#[test]
fn other_mistakes_are_reported_all_the_same() {
    let case = Case {
        title: "two mistakes",
        file: "<stdin>",
        source: "name: Case\nring: guest\nlense: x\n".to_owned(),
        expected: Vec::new(),
    };
    let found: Vec<&str> = check_case(&case).iter().map(|(found, _)| found.code.name()).collect();
    assert_eq!(found, ["missing-field", "unknown-field"], "the version is missing from the first key on");
}
