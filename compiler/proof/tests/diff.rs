//! What a comparison says against what is so: every short intent in every session is asked of both programs.

use masque_automata::{self as automata, Decision};
use masque_decode::Component;
use masque_ir as ir;
use masque_proof::{
    Aspect, Bump, Diff, Effect, Fact, IntentChange, Intents, Item, Relation, Scope, TooLarge, When, diff,
};
use proptest::prelude::*;

mod common;
use common::{component, masque, rule};

use ir::Action::{Allow, Deny};
use ir::MatchMode::{Exact, Verb};

/// Words of small texts over few letters: all texts of up to `length` of them.
fn texts(letters: &str, length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..length {
        last = last.iter().flat_map(|text| letters.chars().map(move |c| format!("{text}{c}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// Printable ASCII that normalisation leaves as it is.
fn printable() -> String {
    (' '..='~').filter(|c| !c.is_ascii_uppercase()).collect()
}

fn is_normal(text: &str) -> bool {
    automata::normalise(text) == text
}

fn session(ring: masque_abi::Ring) -> masque_abi::Session {
    masque_abi::Session { intent: String::new(), ring, agent: String::new(), params: Vec::new() }
}

fn decision(component: &Component, ring: masque_abi::Ring, intent: &str) -> Decision {
    match component.program.decide(intent, &session(ring)) {
        masque_abi::Decision::Allowed => Decision::Allowed,
        masque_abi::Decision::Denied => Decision::Denied,
        masque_abi::Decision::Unmatched => Decision::Unmatched,
    }
}

/// Whether a session of this ring is one of those that are meant.
fn is_when(when: &When, ring: masque_abi::Ring) -> bool {
    match when {
        When::Always => true,
        When::Where(any) => any.iter().any(|all| {
            all.iter().all(|fact| {
                let named = fact.condition.strip_prefix("session.ring == ").expect("the tests' conditions");
                (named == ring.name()) == fact.holds
            })
        }),
    }
}

fn takes(glob: &masque_proof::Glob, text: &str) -> bool {
    let pattern = automata::Pattern::parse(&glob.pattern).expect("a pattern of a rule");
    let rule = automata::Rule { action: automata::Action::Allow, mode: glob.mode, pattern };
    automata::explain(&[rule], automata::Clauses::Whole, text).decision == Decision::Allowed
}

fn describes(item: &Item, text: &str) -> bool {
    !item.all_of.is_empty()
        && item.all_of.iter().all(|glob| takes(glob, text))
        && !item.unless.iter().any(|glob| takes(glob, text))
}

fn change(
    diff: &Diff,
    ring: masque_abi::Ring,
    kind: (Decision, Decision),
) -> Option<(&Intents, &IntentChange)> {
    let intents = diff.intents.as_ref().expect("the rules are small");
    let here = intents.iter().find(|some| is_when(&some.when, ring))?;
    let change = here.changes.iter().find(|change| (change.from, change.to) == kind)?;
    Some((here, change))
}

fn is_compound(text: &str) -> bool {
    text.contains([',', ';'])
        || text.contains("&&")
        || text.split_whitespace().any(|word| ["and", "then"].contains(&word.to_lowercase().as_str()))
}

/// Holds a comparison against both programs.
fn check(old: &Component, new: &Component, letters: &str, length: usize) {
    let found = diff(old, new);
    let small = texts(letters, length);
    for ring in masque_abi::Ring::ALL {
        let mut kinds = std::collections::BTreeMap::new();
        for text in &small {
            let kind = (decision(old, ring, text), decision(new, ring, text));
            if kind.0 != kind.1 {
                let shortest = kinds.entry(kind).or_insert(text.chars().count());
                *shortest = (*shortest).min(text.chars().count());
                assert!(
                    change(&found, ring, kind).is_some(),
                    "{text:?} for {ring}: {kind:?} is not in {found:#?}"
                );
            }
        }
        let intents = found.intents.as_ref().expect("the rules are small");
        let here: Vec<&Intents> = intents.iter().filter(|some| is_when(&some.when, ring)).collect();
        assert!(here.len() <= 1, "one entry for a session: {found:#?}");
        for change in here.iter().flat_map(|some| &some.changes) {
            let kind = (change.from, change.to);
            assert!(!change.items.is_empty());
            let shortest = change.items.iter().map(|item| item.shortest.chars().count()).min();
            if let Some(known) = kinds.get(&kind)
                && change.scope == Scope::Intents
            {
                assert!(shortest <= Some(*known), "{change:#?}");
            }
            for item in &change.items {
                for witness in [&item.shortest, &item.natural] {
                    assert_eq!(
                        (decision(old, ring, witness), decision(new, ring, witness)),
                        kind,
                        "{witness:?}"
                    );
                    assert!(item.all_of.is_empty() || describes(item, witness), "{witness:?} of {item:#?}");
                }
                assert!(item.natural.chars().count() >= item.shortest.chars().count(), "{item:?}");
            }
            for text in &small {
                if change.scope == Scope::Clauses && is_compound(text) {
                    continue;
                }
                let is = (decision(old, ring, text), decision(new, ring, text)) == kind;
                let said: Vec<&Item> = change.items.iter().filter(|item| describes(item, text)).collect();
                assert!(is || said.iter().all(|item| !item.exact), "{text:?} did not change: {change:#?}");
                assert!(!is || !change.exact || !said.is_empty(), "{text:?} is not said: {change:#?}");
            }
        }
        counts(old, new, ring, here.first().copied(), 2);
    }
}

/// Counts by asking for every text of these lengths.
fn counts(old: &Component, new: &Component, ring: masque_abi::Ring, here: Option<&Intents>, length: usize) {
    let mut expected = vec![(0_u64, 0_u64); length];
    for text in texts(&printable(), length).iter().filter(|text| !text.is_empty() && is_normal(text)) {
        let place = &mut expected[text.len() - 1];
        match (decision(old, ring, text), decision(new, ring, text)) {
            (Decision::Allowed, Decision::Allowed) => {}
            (_, Decision::Allowed) => place.0 += 1,
            (Decision::Allowed, _) => place.1 += 1,
            _ => {}
        }
    }
    for (at, (gained, lost)) in expected.into_iter().enumerate() {
        let said = |counts: fn(&Intents) -> &masque_proof::Counts| {
            here.map_or("0".to_owned(), |here| counts(here).by_length[at].to_string())
        };
        assert_eq!(said(|here| &here.gained), gained.to_string(), "gained of length {}", at + 1);
        assert_eq!(said(|here| &here.lost), lost.to_string(), "lost of length {}", at + 1);
    }
}

fn patterns() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "and", " ", ",", "*", "?", "[a-c]", "[!a]", "{a,b b}", "{,a}", "\u{e9}", "A",
    ]);
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn rules() -> impl Strategy<Value = Vec<ir::Rule>> {
    let one = (any::<bool>(), any::<bool>(), patterns(), 0..4_usize);
    prop::collection::vec(one, 0..4).prop_map(|rules| {
        let made = |(allow, verb, pattern, condition): (bool, bool, String, usize)| {
            let (action, mode) = (if allow { Allow } else { Deny }, if verb { Verb } else { Exact });
            rule(action, mode, &pattern, condition.checked_sub(2))
        };
        rules.into_iter().map(made).filter(|rule| automata::Pattern::parse(&rule.pattern).is_ok()).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// Rules in common, rules taken away, rules added; whole or clause by clause; guarded or not.
    #[test]
    fn nothing_is_missed_and_nothing_is_made_up(
        common in rules(), taken in rules(), added in rules(), each in any::<[bool; 2]>(),
    ) {
        let clauses = |each: bool| if each { ir::Clauses::Each } else { ir::Clauses::Whole };
        let with = |rules: Vec<ir::Rule>, each| {
            component(&masque(clauses(each), common.iter().cloned().chain(rules).collect()))
        };
        check(&with(taken, each[0]), &with(added, each[0] ^ (each[1] && common.len() == 2)), "ab ,", 5);
    }
}

/// A change in one line: what became of it, which intents, and a natural one.
fn said(old: &[ir::Rule], new: &[ir::Rule]) -> Vec<String> {
    said_by(ir::Clauses::Whole, old, new)
}

fn said_by(clauses: ir::Clauses, old: &[ir::Rule], new: &[ir::Rule]) -> Vec<String> {
    let of = |rules: &[ir::Rule]| component(&masque(clauses, rules.to_vec()));
    let found = diff(&of(old), &of(new));
    let mut lines = Vec::new();
    for some in found.intents.as_ref().expect("the rules are few") {
        for change in &some.changes {
            for item in &change.items {
                let globs = |globs: &[masque_proof::Glob]| {
                    globs.iter().map(|glob| format!("`{}`", glob.pattern)).collect::<Vec<_>>()
                };
                let mut line =
                    format!("{:?} to {:?}: {}", change.from, change.to, globs(&item.all_of).join(" and "));
                if !item.unless.is_empty() {
                    line.push_str(&format!(" unless {}", globs(&item.unless).join(", ")));
                }
                if !item.exact {
                    line.push_str(" in part");
                }
                line.push_str(&format!(": {:?}, {:?}", item.shortest, item.natural));
                lines.push(line);
            }
        }
    }
    lines
}

#[test]
fn changes_are_said_in_the_patterns_of_the_sources() {
    let allow = |pattern: &str| rule(Allow, Verb, pattern, None);
    let deny = |pattern: &str| rule(Deny, Verb, pattern, None);
    // One glob, where that is exact.
    assert_eq!(
        said(&[allow("read *")], &[allow("read *"), allow("restart *")]),
        ["Unmatched to Allowed: `restart *`: \"restart\", \"restart the service\""]
    );
    // What else denies is taken away.
    assert_eq!(
        said(
            &[deny("* production *")],
            &[deny("* production *"), allow("restart *"), deny("restart the rack")]
        ),
        [
            "Unmatched to Allowed: `restart *` unless `restart the rack`, `* production *`: \"restart\", \"restart the service\"",
            "Unmatched to Denied: `restart the rack`: \"restart the rack\", \"restart the rack\"",
        ]
    );
    // A denial that goes opens what is allowed, and only that.
    assert_eq!(
        said(&[allow("deploy *"), deny("* production*")], &[allow("deploy *")]),
        [
            "Denied to Allowed: `* production*` and `deploy *`: \"deploy production\", \"deploy production\"",
            "Denied to Unmatched: `* production*` unless `deploy *`: \"a production\", \"the service production\"",
        ]
    );
    // A broad allowance instead of a narrow one.
    assert_eq!(
        said(&[allow("read *")], &[allow("*")]),
        ["Unmatched to Allowed: `*` unless `read *`: \"\", \"the service\""]
    );
    // The same in other words is no change.
    assert_eq!(said(&[allow("read *")], &[allow("READ  *")]), [""; 0]);
    assert_eq!(said(&[allow("{read,write} *")], &[allow("read *"), allow("write *")]), [""; 0]);
}

#[test]
fn where_clauses_are_judged_one_by_one_a_change_is_said_of_clauses() {
    let allow = |pattern: &str| rule(Allow, Verb, pattern, None);
    assert_eq!(
        said_by(ir::Clauses::Each, &[allow("read *")], &[allow("read *"), allow("write *")]),
        ["Unmatched to Allowed: `write *`: \"write\", \"write the service\""]
    );
    let of = |rules: &[ir::Rule]| component(&masque(ir::Clauses::Each, rules.to_vec()));
    let found = diff(&of(&[allow("read *")]), &of(&[allow("read *"), allow("write *")]));
    let intents = found.intents.expect("the rules are few");
    assert_eq!((intents[0].changes[0].scope, intents[0].changes[0].exact), (Scope::Clauses, true));
}

#[test]
fn a_change_names_the_sessions_in_which_it_is_one() {
    let rules = |when: Option<usize>| vec![rule(Allow, Verb, "*", None), rule(Deny, Verb, "delete *", when)];
    let of = |when| component(&masque(ir::Clauses::Whole, rules(when)));
    let fact = |condition: &str, holds| Fact { condition: condition.to_owned(), holds };
    let when = |old, new| {
        let intents = diff(&of(old), &of(new)).intents.expect("the rules are few");
        intents
            .into_iter()
            .map(|some| (some.when, some.session, some.lost.total().is_zero()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        when(None, Some(0)),
        [(
            When::Where(vec![vec![fact("session.ring == guest", false)]]),
            vec!["session.ring is outsider".to_owned()],
            true
        )]
    );
    assert_eq!(
        when(Some(0), Some(1)),
        [
            (
                When::Where(vec![vec![fact("session.ring == guest", true)]]),
                vec!["session.ring is guest".to_owned()],
                true
            ),
            (
                When::Where(vec![vec![fact("session.ring == admin", true)]]),
                vec!["session.ring is admin".to_owned()],
                false
            ),
        ]
    );
}

/// A masque without rules that matter, changed.
fn changed(change: impl Fn(&mut ir::Masque)) -> Diff {
    let mut other = masque(ir::Clauses::Whole, vec![rule(Allow, Verb, "read *", None)]);
    let minutes = |minutes: u64| ir::Ttl::Seconds(minutes * 60);
    let grant = |ttl| ir::Grant { provider: "vault".to_owned(), role: "reader".to_owned(), ttl };
    other.knowledge.push(ir::Guarded::always("mcp://a".to_owned()));
    other.access.push(ir::Guarded::always(grant(minutes(15))));
    let old = component(&other);
    change(&mut other);
    diff(&old, &component(&other))
}

#[test]
fn everything_else_that_is_granted_is_compared() {
    let only = |change: fn(&mut ir::Masque)| {
        let found = changed(change);
        let relation = found.relation().expect("the rules are few");
        let [change] = found.changes.as_slice() else { panic!("one change: {found:#?}") };
        (change.aspect, change.effect, relation, found.bump().expect("it is known"))
    };
    let wider = Effect { wider: true, ..Effect::default() };
    let narrower = Effect { narrower: true, ..Effect::default() };
    let breaks = Effect { breaks: true, ..Effect::default() };
    let got = |aspect, effect, relation, bump| (aspect, effect, relation, bump);
    assert_eq!(
        only(|masque| masque.identity.ring = ir::Ring::Outsider),
        got(Aspect::Ring, wider, Relation::Wider, Bump::Major)
    );
    assert_eq!(
        only(|masque| masque.identity.ring = ir::Ring::Admin),
        got(Aspect::Ring, narrower, Relation::Narrower, Bump::Minor)
    );
    assert_eq!(
        only(|masque| masque.knowledge.push(ir::Guarded::always("mcp://b".to_owned()))),
        got(Aspect::Knowledge, wider, Relation::Wider, Bump::Major)
    );
    assert_eq!(
        only(|masque| masque.knowledge[0].when = Some(ir::ConditionId(0))),
        got(Aspect::Knowledge, narrower, Relation::Narrower, Bump::Minor)
    );
    assert_eq!(
        only(|masque| masque.access[0].value.ttl = ir::Ttl::Session),
        got(Aspect::Access, wider, Relation::Wider, Bump::Major)
    );
    assert_eq!(
        only(|masque| masque.access[0].value.ttl = ir::Ttl::Seconds(60)),
        got(Aspect::Access, narrower, Relation::Narrower, Bump::Minor)
    );
    assert_eq!(
        only(|masque| {
            masque.params.push(ir::Param {
                name: "team".to_owned(),
                kind: ir::ParamType::String,
                default: None,
            });
        }),
        got(Aspect::Param, breaks, Relation::Incomparable, Bump::Major)
    );
    assert_eq!(
        only(|masque| {
            let default = Some(String::new());
            masque.params.push(ir::Param { name: "team".to_owned(), kind: ir::ParamType::String, default });
        }),
        got(Aspect::Param, Effect::default(), Relation::Text, Bump::Patch)
    );
}

#[test]
fn nothing_and_nothing_but_text_are_told_apart() {
    let same = changed(|_| {});
    assert_eq!(
        (same.relation(), same.bump(), same.widened()),
        (Some(Relation::Same), Some(Bump::Nothing), Some(false))
    );
    let text = changed(|masque| masque.lens = ir::Template::constant("Prove it."));
    assert_eq!((text.relation(), text.bump()), (Some(Relation::Text), Some(Bump::Patch)));
    assert_eq!(text.texts[0].field, "lens");
    let spelling = changed(|masque| {
        masque.intent.as_mut().expect("it has rules").rules[0].pattern = "READ *".to_owned();
    });
    assert_eq!((spelling.relation(), spelling.described), (Some(Relation::Text), vec!["rules"]));
}

/// A thousand rules that begin apart are compared exactly; rules that multiply each other's states are given up, and what was found stands.
#[test]
fn large_rule_sets_are_exact_or_unknown() {
    let prefix = |at: usize| rule(Allow, Verb, &format!("{} *", common::word(at)), None);
    let of = |rules: Vec<ir::Rule>| component(&masque(ir::Clauses::Whole, rules));
    let old: Vec<ir::Rule> = (0..1000).map(prefix).collect();
    let mut new = old.clone();
    new[500] = rule(Allow, Verb, "repot the ficus", None);
    let found = diff(&of(old), &of(new)).intents.expect("prefixes multiply nothing");
    let kinds: Vec<_> =
        found[0].changes.iter().map(|change| (change.from, change.items.len(), change.exact)).collect();
    assert_eq!(kinds, [(Decision::Unmatched, 1, true), (Decision::Allowed, 1, true)]);
    assert_eq!(found[0].gained.total().to_string(), "6", "forms of the verb");

    let pair =
        |at: usize| rule(Deny, Exact, &format!("*{}*{}*", common::word(at), common::word(at + 500)), None);
    let mut rules: Vec<ir::Rule> = (0..24).map(pair).collect();
    rules.push(rule(Allow, Exact, "*", None));
    let old = of(rules.clone());
    rules.push(pair(30));
    let unknown = diff(&old, &of(rules)).intents.expect_err("pairs of words multiply");
    assert_eq!(unknown.why, TooLarge::Product);
    let [(from, to, shortest)] = unknown.found.as_slice() else { panic!("{unknown:?}") };
    assert_eq!((*from, *to), (Decision::Allowed, Decision::Denied));
    assert_eq!(*shortest, format!("{}{}", common::word(30), common::word(530)));
}

/// A masque that denies deployments where the environment is production.
fn of_environment(values: &[&str], default: Option<&str>) -> Component {
    let deny = rule(Deny, Verb, "deploy *", Some(0));
    let mut masque = masque(ir::Clauses::Whole, vec![rule(Allow, Verb, "*", None), deny]);
    let text = |source| ir::Text { source, form: ir::TextForm::AsIs };
    let production = text(ir::TextSource::Constant("production".to_owned()));
    let test = ir::Test::Equal(text(ir::TextSource::Param(ir::ParamId(0))), production);
    masque.conditions = vec![ir::Condition { test, text: "careful".to_owned() }];
    masque.params = vec![ir::Param {
        name: "environment".to_owned(),
        kind: ir::ParamType::OneOf(values.iter().map(|value| (*value).to_owned()).collect()),
        default: default.map(str::to_owned),
    }];
    component(&masque)
}

#[test]
fn a_parameter_has_one_value_in_both_unless_it_is_left_to_its_default() {
    let both = ["staging", "production"];
    let staging = of_environment(&both, Some("staging"));
    let production = of_environment(&both, Some("production"));
    let found = diff(&staging, &production);
    let intents = found.intents.as_ref().expect("the rules are few");
    let [some] = intents.as_slice() else { panic!("one kind of session: {intents:#?}") };
    assert_eq!(some.session, ["environment is not set"]);
    let kinds: Vec<_> = some.changes.iter().map(|change| (change.from, change.to)).collect();
    assert_eq!(kinds, [(Decision::Allowed, Decision::Denied)]);
    assert_eq!((found.relation(), found.bump()), (Some(Relation::Narrower), Some(Bump::Minor)));
    // A value more changes nothing for the sessions that there were.
    let more = of_environment(&["staging", "production", "test"], Some("staging"));
    assert_eq!(diff(&staging, &more).relation(), Some(Relation::Text));
    // A value less refuses sessions, and so does a value that has to be set.
    assert_eq!(diff(&more, &staging).relation(), Some(Relation::Incomparable));
    assert_eq!(diff(&staging, &of_environment(&both, None)).bump(), Some(Bump::Major));
}
