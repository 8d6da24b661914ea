//! Claims that hold, claims that do not, and the shortest intent that shows it.

use masque_automata::Decision;
use masque_ir as ir;
use masque_proof::{Finding, Outcome, prove_claims, worlds};

use ir::Action::{Allow, Deny};
use ir::Claim::{Always, Never};

fn text(source: ir::TextSource) -> ir::Text {
    ir::Text { source, form: ir::TextForm::AsIs }
}

fn equal(param: usize, value: &str) -> ir::Test {
    let constant = text(ir::TextSource::Constant(value.to_owned()));
    ir::Test::Equal(text(ir::TextSource::Param(ir::ParamId(param))), constant)
}

/// A masque with the parameters `env` (`a` or `b`) and `team` (any text), and conditions in this order: `env` is `a`, `env` is `b`, `team` is
/// `x`, the ring is admin.
fn masque(rules: &[(ir::Action, &str, Option<usize>)]) -> ir::Masque {
    let identity = ir::Identity {
        id: "a".to_owned(),
        name: "A".to_owned(),
        display_name: None,
        index: None,
        version: ir::Version::new(1, 0, 0),
        ring: ir::Ring::Guest,
    };
    let source = ir::SourceFile { name: "a.masque".to_owned(), text: String::new() };
    let param = |name: &str, kind| ir::Param { name: name.to_owned(), kind, default: None };
    let tests = [
        equal(0, "a"),
        equal(0, "b"),
        equal(1, "x"),
        ir::Test::Ring(ir::Rings::of(|ring| ring == ir::Ring::Admin)),
    ];
    let rule = |&(action, pattern, when): &(ir::Action, &str, Option<usize>)| ir::Rule {
        when: when.map(ir::ConditionId),
        ..ir::Rule::plain(action, ir::MatchMode::Verb, pattern)
    };
    ir::Masque {
        params: vec![
            param("env", ir::ParamType::OneOf(vec!["a".to_owned(), "b".to_owned()])),
            param("team", ir::ParamType::String),
        ],
        conditions: tests.map(|test| ir::Condition { text: format!("{test:?}"), test }).to_vec(),
        intent: Some(ir::Intent { clauses: ir::Clauses::Whole, rules: rules.iter().map(rule).collect() }),
        ..ir::Masque::pure_lens(identity, source, ir::Template::constant("x"))
    }
}

fn findings(
    rules: &[(ir::Action, &str, Option<usize>)],
    claim: ir::Claim,
    pattern: &str,
    when: Option<usize>,
) -> Vec<Finding> {
    let mut masque = masque(rules);
    masque.ensures.push(ir::Ensure {
        claim,
        patterns: vec![(ir::MatchMode::Verb, pattern.to_owned())],
        when: when.map(ir::ConditionId),
        place: ir::Place::default(),
    });
    let component = masque_codegen::generate(&masque).expect("the rules are small").component();
    prove_claims(&masque, &masque_decode::read(&component).expect("our own component").program)
}

#[test]
fn what_holds_is_proved_and_what_does_not_is_shown() {
    type Rules = &'static [(ir::Action, &'static str, Option<usize>)];
    type Refuted = Option<(&'static str, Decision)>;
    let cases: &[(Rules, ir::Claim, &str, Option<usize>, Refuted)] = &[
        (&[(Allow, "read *", None)], Never, "delete *", None, None),
        (&[(Allow, "*", None)], Never, "delete *", None, Some(("delete", Decision::Allowed))),
        (&[(Allow, "*", None), (Deny, "delete *", None)], Never, "delete *", None, None),
        (
            &[(Allow, "*", None), (Deny, "delete *", Some(0))],
            Never,
            "delete *",
            None,
            Some(("delete", Decision::Allowed)),
        ),
        (&[(Allow, "*", None), (Deny, "delete *", Some(0))], Never, "delete *", Some(0), None),
        // Whatever `env` is, one of the two denies.
        (
            &[(Allow, "*", None), (Deny, "delete *", Some(0)), (Deny, "delete *", Some(1))],
            Never,
            "delete *",
            None,
            None,
        ),
        // A text may be neither.
        (
            &[(Allow, "*", None), (Deny, "delete *", Some(2))],
            Never,
            "delete *",
            None,
            Some(("delete", Decision::Allowed)),
        ),
        (&[(Allow, "read *", None)], Always, "read mail", None, None),
        (
            &[(Allow, "read *", None), (Deny, "* mail", None)],
            Always,
            "read *",
            None,
            Some(("read mail", Decision::Denied)),
        ),
        (&[(Allow, "read *", Some(3))], Always, "read *", Some(3), None),
        (&[(Allow, "read *", Some(3))], Always, "read *", None, Some(("read", Decision::Unmatched))),
    ];
    for (rules, claim, pattern, when, expected) in cases {
        let found = findings(rules, *claim, pattern, *when);
        let shown: Vec<_> = (found.iter())
            .map(|finding| match &finding.outcome {
                Outcome::Refuted { intent, decision, .. } => Some((intent.as_str(), *decision)),
                Outcome::Undecided => None,
            })
            .collect();
        assert_eq!(
            shown,
            Vec::from_iter(expected.map(Some)),
            "{claim:?} {pattern} when {when:?} of {rules:?}"
        );
    }
}

#[test]
fn worlds_are_those_that_sessions_can_bring_about() {
    let masque = masque(&[]);
    let all = |ids: &[usize]| {
        let ids: Vec<ir::ConditionId> = ids.iter().map(|id| ir::ConditionId(*id)).collect();
        let mut found: Vec<Vec<bool>> = worlds(&masque, &ids).into_iter().map(|world| world.holds).collect();
        found.sort();
        found
    };
    assert_eq!(all(&[]), [Vec::<bool>::new()], "nothing asked, one world");
    assert_eq!(all(&[0, 1]), [[false, true], [true, false]], "a value of the list, and one alone");
    assert_eq!(all(&[2]), [[false], [true]]);
    assert_eq!(all(&[0, 3]).len(), 4, "the ring and the parameter have nothing to do with each other");
}

#[test]
fn what_refutes_a_claim_names_the_session() {
    let found = findings(&[(Allow, "delete *", Some(1))], Never, "delete *", None);
    let [Finding { outcome: Outcome::Refuted { because, .. }, .. }] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(because, &["`env` is \"b\""]);
}
