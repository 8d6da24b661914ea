//! What session tests may expect, against a masque that is compiled here.

use masque_ir::{Assertion, Because, ExpectedDecision, ExpectedIntent, Place, Ring, SessionTest, Ttl};

use super::outcome::{About, Failure};
use super::session;
use crate::compile;
use crate::library::Library;

const MASQUE: &str = r#"
name: Keeper
version: "1.0.0"
ring: player
intent:
  allowed: ["read *", "deploy *"]
  denied: [{ pattern: "* production", because: nobody touches production }]
access: { vault_role: keeper, ttl: PT15M }
knowledge: ["mcp://a", "mcp://b"]
context: You help the night shift.
lens: Look twice.
"#;

const HERE: Place = Place { file: 0, line: 1, column: 1, start: 0, end: 0 };

fn empty() -> SessionTest {
    SessionTest {
        name: None,
        ring: None,
        agent: String::new(),
        intent: String::new(),
        params: Vec::new(),
        intents: Vec::new(),
        knowledge: None,
        access: None,
        context: Vec::new(),
        lens: Vec::new(),
        place: HERE,
    }
}

/// Runs the test against [`MASQUE`], whose deny is given a set.
fn failures(test: &SessionTest) -> Vec<Failure> {
    let mut compiled =
        compile::compile("keeper.masque.yaml".to_owned(), MASQUE.as_bytes().to_vec(), &Library::standard());
    assert!(compiled.found.is_empty(), "{:#?}", compiled.found);
    let masque = compiled.masque.as_mut().expect("it compiles");
    for rule in masque.intent.as_mut().map(|intent| &mut intent.rules).into_iter().flatten() {
        rule.set = (rule.pattern == "* production").then(|| "std/guarded".to_owned());
    }
    let host = super::host(1).expect("a host");
    let component = masque_codegen::generate(masque).expect("it still compiles").component();
    session::failures(masque, &host.load(&component).expect("our own component"), test)
}

/// What one expected intent fails with, as `expected | got`, and the patterns of the rules that are shown.
fn judged(
    intent: &str,
    decision: ExpectedDecision,
    because: Option<Because>,
) -> Option<(String, Vec<String>)> {
    let intents = vec![ExpectedIntent { intent: intent.to_owned(), decision, because, place: HERE }];
    let mut found = failures(&SessionTest { intents, ..empty() });
    assert!(found.len() <= 1, "one intent fails once: {found:#?}");
    let failure = found.pop()?;
    assert_eq!((failure.about, failure.intent.as_deref()), (About::Intent, Some(intent)));
    let patterns = failure.rules.into_iter().map(|rule| rule.pattern).collect();
    Some((format!("{} | {}", failure.expected, failure.got), patterns))
}

#[test]
fn an_intent_meets_its_decision_and_its_reason() {
    use ExpectedDecision::{Allowed, Denied, Unmatched};
    let text = |text: &str| Some(Because::Text(text.to_owned()));
    let set = |path: &str| Some(Because::Set(path.to_owned()));
    let deny = "* production";
    let cases = [
        ("deploy grafana", Allowed, None, None),
        ("deploy production", Denied, None, None),
        ("buy a switch", Unmatched, None, None),
        ("deploy production", Denied, text("nobody touches production"), None),
        ("deploy production", Denied, text(deny), None),
        ("deploy production", Denied, set("std/guarded"), None),
        ("deploy production", Allowed, None, Some(("allowed | denied", vec![deny]))),
        ("buy a switch", Allowed, None, Some(("allowed | unmatched", vec![]))),
        (
            "deploy production",
            Denied,
            text("it is late"),
            Some(("denied because `it is late` | denied by other rules", vec![deny])),
        ),
        (
            "deploy production",
            Denied,
            set("std/git"),
            Some(("denied by a rule of the set `std/git` | denied by other rules", vec![deny])),
        ),
        (
            "buy a switch",
            Unmatched,
            text("x"),
            Some(("unmatched because `x` | unmatched, by no rule", vec![])),
        ),
    ];
    for (intent, decision, because, expected) in cases {
        let expected = expected
            .map(|(text, rules)| (text.to_owned(), rules.into_iter().map(str::to_owned).collect::<Vec<_>>()));
        assert_eq!(judged(intent, decision, because.clone()), expected, "{intent} {decision:?} {because:?}");
    }
}

#[test]
fn an_intent_that_the_host_refuses_meets_no_expectation() {
    for decision in [ExpectedDecision::Allowed, ExpectedDecision::Denied, ExpectedDecision::Unmatched] {
        let (text, rules) = judged("read \u{202e}notes", decision, None).expect("it fails");
        assert!(text.contains(" | the host refuses it: ") && rules.is_empty(), "{text}");
    }
}

#[test]
fn knowledge_is_exactly_what_is_expected_in_any_order() {
    let cases: [(&[&str], Option<&str>); 4] = [
        (&["mcp://b", "mcp://a"], None),
        (&["mcp://a"], Some("`mcp://a` | `mcp://a`, `mcp://b`")),
        (&["mcp://a", "mcp://a", "mcp://b"], Some("`mcp://a`, `mcp://a`, `mcp://b` | `mcp://a`, `mcp://b`")),
        (&[], Some("none | `mcp://a`, `mcp://b`")),
    ];
    for (uris, expected) in cases {
        let knowledge = Some(uris.iter().map(|uri| (*uri).to_owned()).collect());
        assert_eq!(only(About::Knowledge, &SessionTest { knowledge, ..empty() }).as_deref(), expected);
    }
}

#[test]
fn access_is_exactly_what_is_expected_its_life_where_it_matters() {
    type Grants<'a> = &'a [(&'a str, Option<Ttl>)];
    let cases: [(Grants<'_>, Option<&str>); 5] = [
        (&[("keeper", None)], None),
        (&[("keeper", Some(Ttl::Seconds(900)))], None),
        (&[("keeper", Some(Ttl::Session))], Some("`keeper for session` | `keeper for 900s`")),
        (&[], Some("none | `keeper for 900s`")),
        (&[("keeper", None), ("keeper", None)], Some("`keeper`, `keeper` | `keeper for 900s`")),
    ];
    for (grants, expected) in cases {
        let access = Some(grants.iter().map(|(role, ttl)| ((*role).to_owned(), *ttl)).collect());
        assert_eq!(only(About::Access, &SessionTest { access, ..empty() }).as_deref(), expected);
    }
}

#[test]
fn context_and_lens_hold_what_they_should() {
    let contains = |text: &str| vec![Assertion::Contains(text.to_owned())];
    let lacks = |text: &str| vec![Assertion::NotContains(text.to_owned())];
    let lens = |lens| only(About::Lens, &SessionTest { lens, ..empty() });
    let context = |context| only(About::Context, &SessionTest { context, ..empty() });
    assert_eq!((lens(contains("twice")), lens(lacks("thrice"))), (None, None));
    assert_eq!((context(contains("night")), context(lacks("day"))), (None, None));
    assert_eq!(lens(contains("thrice")).as_deref(), Some("contains `thrice` | Look twice."));
    assert_eq!(
        context(lacks("night")).as_deref(),
        Some("does not contain `night` | You help the night shift.")
    );
}

#[test]
fn a_session_that_the_host_does_not_take_is_a_failure() {
    let found = failures(&SessionTest { agent: "a".repeat(1 << 20), ring: Some(Ring::Admin), ..empty() });
    assert!(matches!(found.as_slice(), [Failure { about: About::NoAnswer, .. }]), "{found:#?}");
}

fn only(about: About, test: &SessionTest) -> Option<String> {
    let mut found = failures(test);
    assert!(found.len() <= 1 && found.iter().all(|failure| failure.about == about), "{found:#?}");
    found.pop().map(|failure| format!("{} | {}", failure.expected, failure.got))
}
