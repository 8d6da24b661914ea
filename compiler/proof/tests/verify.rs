//! Programs against their rules: what the compiler makes is proved, and what differs is shown by the shortest intent.

use masque_automata::{self as automata, Decision};
use masque_decode::Component;
use masque_ir as ir;
use masque_proof::{Proof, Unproved, verify};
use proptest::prelude::*;

mod common;
use common::{component, masque, rule};

fn judged(
    component: &Component,
    rules: &[automata::Rule],
    clauses: automata::Clauses,
    intent: &str,
) -> [Decision; 2] {
    let session = masque_abi::Session {
        intent: String::new(),
        ring: masque_abi::Ring::Player,
        agent: String::new(),
        params: Vec::new(),
    };
    let decision = match component.program.decide(intent, &session) {
        masque_abi::Decision::Allowed => Decision::Allowed,
        masque_abi::Decision::Denied => Decision::Denied,
        masque_abi::Decision::Unmatched => Decision::Unmatched,
    };
    [decision, automata::explain(rules, clauses, intent).decision]
}

fn rules_of(component: &Component) -> (Vec<automata::Rule>, automata::Clauses) {
    use masque_abi::manifest as wire;
    let intent = component.manifest.intent.as_ref().expect("it has rules");
    let rule = |rule: &wire::Rule| automata::Rule {
        action: if rule.action == wire::Action::Allow {
            automata::Action::Allow
        } else {
            automata::Action::Deny
        },
        mode: if rule.mode == wire::MatchMode::Verb {
            automata::MatchMode::Verb
        } else {
            automata::MatchMode::Exact
        },
        pattern: automata::Pattern::parse(&rule.pattern).expect("a pattern"),
    };
    let clauses = match intent.clauses {
        wire::Clauses::Whole => automata::Clauses::Whole,
        wire::Clauses::Each => automata::Clauses::Each,
    };
    (intent.rules.iter().map(rule).collect(), clauses)
}

fn patterns() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "and", "then", " ", ",", ";", "&", "*", "?", "[a-c]", "[!a]", "{a,b b}", "{,a}", "\u{e9}",
        "\u{3000}", "deploy", "A",
    ]);
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn rules() -> impl Strategy<Value = Vec<ir::Rule>> {
    let one = (any::<bool>(), any::<bool>(), patterns(), 0..4_usize);
    prop::collection::vec(one, 1..6).prop_map(|rules| {
        let made = |(allow, verb, pattern, condition): (bool, bool, String, usize)| {
            let action = if allow { ir::Action::Allow } else { ir::Action::Deny };
            let mode = if verb { ir::MatchMode::Verb } else { ir::MatchMode::Exact };
            rule(action, mode, &pattern, condition.checked_sub(2))
        };
        rules.into_iter().map(made).filter(|rule| automata::Pattern::parse(&rule.pattern).is_ok()).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// Two algorithms that share nothing but the reading of globs and verbs agree on random rules, guarded and clause by clause.
    #[test]
    fn whatever_is_compiled_is_proved(rules in rules(), each in any::<bool>()) {
        let clauses = if each { ir::Clauses::Each } else { ir::Clauses::Whole };
        let component = component(&masque(clauses, rules));
        prop_assert!(verify(&component).is_ok(), "{:?}", verify(&component));
    }

    /// A manifest with another rule is refused with an intent on which the program and that rule really differ; or the rule says the same.
    #[test]
    fn another_rule_is_refuted_by_an_intent(
        rules in rules(),
        other in patterns(),
        at in any::<prop::sample::Index>(),
        each in any::<bool>(),
    ) {
        let clauses = if each { ir::Clauses::Each } else { ir::Clauses::Whole };
        let mut rules = rules;
        rules.iter_mut().for_each(|rule| rule.when = None);
        prop_assume!(!rules.is_empty() && automata::Pattern::parse(&other).is_ok());
        let mut component = component(&masque(clauses, rules));
        let intent = component.manifest.intent.as_mut().expect("it has rules");
        let at = at.index(intent.rules.len());
        intent.rules[at].pattern = other;
        let (rules, clauses) = rules_of(&component);
        match verify(&component) {
            Err(Unproved::Differs { intent, program, rules: ruled, .. }) => {
                prop_assert_ne!(program, ruled);
                prop_assert_eq!(judged(&component, &rules, clauses, &intent), [program, ruled], "{:?}", intent);
            }
            Ok(_) => {
                for text in ["", "a", "b", "a b", "deploy", "deploy a", "and", "a and b", "a,b", "a&&b", "c", "\u{e9}", "a b b"] {
                    let [program, ruled] = judged(&component, &rules, clauses, text);
                    prop_assert_eq!(program, ruled, "{:?}", text);
                }
            }
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}

#[test]
fn a_difference_is_the_shortest_intent_and_names_the_conditions() {
    use ir::Action::{Allow, Deny};
    use ir::MatchMode::Verb;
    let rules = vec![rule(Allow, Verb, "*", None), rule(Deny, Verb, "delete *", Some(0))];
    let mut component = component(&masque(ir::Clauses::Whole, rules));
    let proof = verify(&component).expect("our own component");
    assert_eq!((proof.rules, proof.worlds), (2, 2));
    component.manifest.intent.as_mut().expect("it has rules").rules[1].pattern = "drop *".to_owned();
    let Err(Unproved::Differs { intent, program, rules, conditions }) = verify(&component) else {
        panic!("the rule is another one")
    };
    assert_eq!((intent.as_str(), program, rules), ("drop", Decision::Allowed, Decision::Denied));
    assert_eq!(conditions, [(0, true)]);
}

#[test]
fn rules_without_number_are_proved_part_by_part() {
    let infix = |index: usize| format!("*{}*{}*", common::word(index), common::word(index + 500));
    let deny = |index| rule(ir::Action::Deny, ir::MatchMode::Exact, &infix(index), None);
    let mut rules: Vec<ir::Rule> = (0..24).map(deny).collect();
    rules.push(rule(ir::Action::Allow, ir::MatchMode::Verb, "deploy *", None));
    let mut component = component(&masque(ir::Clauses::Whole, rules));
    assert!(component.program.parts.len() > 1, "these rules are to be split");
    let Proof { comparisons, .. } = verify(&component).expect("our own component");
    assert_eq!(comparisons, component.program.parts.len() + 1, "each part, and the rest");
    // A division that is not the program's.
    let parts = &mut component.manifest.intent.as_mut().expect("it has rules").parts;
    parts.pop();
    assert!(matches!(verify(&component), Err(Unproved::Manifest(_))));
}

#[test]
fn a_manifest_that_makes_no_sense_is_said_to() {
    let rules = || vec![rule(ir::Action::Allow, ir::MatchMode::Verb, "read *", None)];
    let mut other_verbs = component(&masque(ir::Clauses::Whole, rules()));
    other_verbs.manifest.intent.as_mut().expect("it has rules").verbs_sha256 = "0".repeat(64);
    let mut no_rules = component(&masque(ir::Clauses::Whole, rules()));
    no_rules.manifest.intent = None;
    let mut condition = component(&masque(ir::Clauses::Whole, rules()));
    condition.manifest.conditions.clear();
    condition.manifest.intent.as_mut().expect("it has rules").rules[0].when = Some(0);
    for component in [other_verbs, no_rules, condition] {
        assert!(matches!(verify(&component), Err(Unproved::Manifest(_))));
    }
}
