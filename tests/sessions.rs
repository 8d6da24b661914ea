//! Masques that look at their session: the program in the sandbox, on both paths, answers as the program that was read back, and as the
//! checked form taken at its word.

mod sessions {
    pub(crate) mod naive;
    pub(crate) mod random;
}

use masque_abi::program::{Features, bodies};
use masque_abi::{Decision, Ring, Session};
use masque_host::{CallError, Host, Limits, ParamError};
use masque_ir as ir;
use proptest::prelude::*;
use sessions::naive;
use sessions::random::{self, always, masque, text};

thread_local! {
    static HOST: Host = Host::new(Limits::default()).expect("the default limits are sound");
}

/// Asks everything on every way; all have to agree.
fn assert_agreement(masque: &ir::Masque, session: &Session, intents: &[String]) {
    let component = masque_codegen::generate(masque).expect("the masque is small").component();
    let program = masque_decode::read(&component).expect("our own component").program;
    let loaded = HOST.with(|host| host.load(&component)).expect("our own component loads");
    let mut direct = loaded.session(session.clone()).expect("an instance");
    let mut lifted = loaded.session_through_component(session.clone()).expect("an instance");
    // Once more, because a call must leave nothing behind that another one sees.
    for _ in 0..2 {
        for intent in intents {
            let expected = naive::decide(masque, session, intent);
            assert_eq!(program.decide(intent, session), expected, "{intent:?}, read back");
            assert_eq!(direct.judge(intent).expect("a sound intent"), expected, "{intent:?}, direct");
            assert_eq!(lifted.judge(intent).expect("a sound intent"), expected, "{intent:?}, lifted");
            let explained = direct.explain(intent).expect("a sound intent");
            if let Some(explained) = explained {
                assert_eq!(explained.decision, expected, "{intent:?}, explained");
            }
        }
        let knowledge = naive::knowledge(masque, session);
        assert_eq!(program.knowledge(session), knowledge, "read back");
        assert_eq!(direct.knowledge().expect("a list"), knowledge, "direct");
        assert_eq!(lifted.knowledge().expect("a list"), knowledge, "lifted");
        let access = naive::access(masque, session);
        assert_eq!(program.access(session), access, "read back");
        assert_eq!(direct.access().expect("a list"), access, "direct");
        assert_eq!(lifted.access().expect("a list"), access, "lifted");
        let context = naive::show(masque, session, &masque.context);
        assert_eq!(program.context(session), context, "read back");
        assert_eq!(direct.context().expect("a text"), context, "direct");
        assert_eq!(lifted.context().expect("a text"), context, "lifted");
        let lens = naive::show(masque, session, &masque.lens);
        assert_eq!(program.lens(session), lens, "read back");
        assert_eq!(direct.lens().expect("a text"), lens, "direct");
        assert_eq!(lifted.lens().expect("a text"), lens, "lifted");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_way_of_asking_agrees(
        masque in random::any_masque(),
        sessions in prop::collection::vec(random::any_session(), 3),
        intents in prop::collection::vec(random::any_intent(), 12),
    ) {
        for session in &sessions {
            assert_agreement(&masque, session, &intents);
        }
    }
}

fn session(params: &[(&str, &str)]) -> Session {
    let params = params.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Session { intent: "keep it up".to_owned(), ring: Ring::Player, agent: "agent-7".to_owned(), params }
}

fn condition(text: &str, test: ir::Test) -> ir::Condition {
    ir::Condition { text: text.to_owned(), test }
}

/// Production is out of bounds for all but admins, and the lens says so.
fn operator() -> ir::Masque {
    use ir::Action::{Allow, Deny};
    let zone = || text(ir::TextSource::Param(ir::ParamId(0)));
    let production = ir::Test::Equal(zone(), text(ir::TextSource::Constant("production".to_owned())));
    let admin = ir::Test::Ring(ir::Rings::of(|ring| ring == ir::Ring::Admin));
    let guarded = ir::Test::All(vec![production, ir::Test::Not(Box::new(admin))]);
    let (guard, mut masque) = (Some(ir::ConditionId(0)), masque());
    masque.params = vec![ir::Param {
        name: "zone".to_owned(),
        kind: ir::ParamType::OneOf(vec!["staging".to_owned(), "production".to_owned()]),
        default: Some("staging".to_owned()),
    }];
    masque.conditions = vec![condition("guarded", guarded)];
    masque.intent = Some(ir::Intent {
        clauses: ir::Clauses::Whole,
        rules: vec![random::rule(Allow, "deploy *", None), random::rule(Deny, "* --force", guard)],
    });
    masque.knowledge =
        vec![always("wiki://deploy"), ir::Guarded { value: "wiki://care".to_owned(), when: guard }];
    let constant = |text: &str| ir::Piece::Constant(text.to_owned());
    masque.lens.pieces = vec![
        constant("You work on "),
        ir::Piece::Text(zone()),
        ir::Piece::If {
            condition: ir::ConditionId(0),
            then: ir::Template::constant(". Take care."),
            otherwise: ir::Template::constant("."),
        },
    ];
    masque
}

#[test]
fn a_session_decides_what_is_there() {
    for (params, ring, decision, knowledge, lens) in [
        (session(&[]), Ring::Player, Decision::Allowed, 1, "You work on staging."),
        (
            session(&[("zone", "production")]),
            Ring::Player,
            Decision::Denied,
            2,
            "You work on production. Take care.",
        ),
        (session(&[("zone", "production")]), Ring::Admin, Decision::Allowed, 1, "You work on production."),
    ] {
        let session = Session { ring, ..params };
        let component = masque_codegen::generate(&operator()).expect("small").component();
        let masque = HOST.with(|host| host.load(&component)).expect("our own component loads");
        let mut worn = masque.session(session.clone()).expect("an instance");
        assert_eq!(worn.judge("deploy it --force"), Ok(decision), "{session:?}");
        assert_eq!(worn.judge("deploy it"), Ok(Decision::Allowed), "{session:?}");
        assert_eq!(worn.knowledge().expect("a list").len(), knowledge, "{session:?}");
        assert_eq!(worn.lens().expect("a text"), lens, "{session:?}");
        assert_agreement(&operator(), &session, &["deploy it --force".to_owned(), "dance".to_owned()]);
    }
}

#[test]
fn a_session_with_other_parameters_is_refused() {
    let component = masque_codegen::generate(&operator()).expect("small").component();
    let masque = HOST.with(|host| host.load(&component)).expect("our own component loads");
    let error = masque.session(session(&[("zone", "moon")])).expect_err("no such zone");
    assert!(matches!(error, CallError::Param(ParamError::Value { .. })), "{error}");
    assert_eq!(
        error.to_string(),
        "the parameter `zone` can't be `moon`: give one of `staging`, `production`"
    );
    let error = masque.lens(&session(&[("zoen", "staging")])).expect_err("no such parameter");
    assert_eq!(error.to_string(), "the masque has no parameter `zoen`: it has `zone`");
}

/// Results are built behind the heap, whose end stays: were anything left behind, the memory of 1.5 MiB would soon be full.
#[test]
fn ten_thousand_questions_to_one_session_leave_nothing_behind() {
    let mut masque = operator();
    masque.context.pieces =
        vec![ir::Piece::Text(ir::Text { source: ir::TextSource::SessionIntent, form: ir::TextForm::Upper })];
    let component = masque_codegen::generate(&masque).expect("small").component();
    let masque = HOST.with(|host| host.load(&component)).expect("our own component loads");
    let long = Session { intent: "x".repeat(60_000), ..session(&[("zone", "production")]) };
    let mut worn = masque.session(long).expect("an instance");
    for _ in 0..10_000 {
        assert_eq!(worn.judge("deploy it --force"), Ok(Decision::Denied));
        assert_eq!(worn.lens().expect("a text").len(), 35);
    }
    for _ in 0..300 {
        assert_eq!(worn.context().expect("a text").len(), 60_000);
        assert_eq!(worn.knowledge().expect("a list").len(), 2);
    }
}

#[test]
fn who_looks_at_nothing_carries_no_code_for_it() {
    for (features, functions) in [
        (Features::NONE, 7),
        (Features::NARROW, 8),
        (Features::WIDE, 8),
        (Features::NARROW.with(Features::WIDE), 8),
    ] {
        assert_eq!(bodies::functions(features).len(), functions);
        assert_eq!(bodies::signatures(features).len(), 5);
    }
}

/// What a condition and a template add, in bytes of the core module. The figures are bounds, so that growth is noticed.
#[test]
fn what_depends_on_the_session_is_small() {
    let size = |masque: &ir::Masque| masque_codegen::generate(masque).expect("small").core.len();
    let with = |change: &dyn Fn(&mut ir::Masque)| {
        let mut masque = operator();
        change(&mut masque);
        size(&masque)
    };
    let plain = with(&|masque| {
        masque.knowledge.pop();
        masque.lens = ir::Template::constant("You work on staging. Take care.");
        masque.intent.as_mut().expect("rules").rules[1].when = None;
    });
    let guarded_rule = with(&|masque| {
        masque.knowledge.pop();
        masque.lens = ir::Template::constant("You work on staging. Take care.");
    });
    let guarded_list = with(&|masque| {
        masque.lens = ir::Template::constant("You work on staging. Take care.");
        masque.intent = None;
    });
    let no_list = with(&|masque| {
        masque.lens = ir::Template::constant("You work on staging. Take care.");
        masque.knowledge.pop();
        masque.intent = None;
    });
    let template = with(&|masque| {
        masque.knowledge.pop();
        masque.intent = None;
    });
    let more = with(&|masque| {
        let another = ir::Test::Ring(ir::Rings::of(|ring| ring == ir::Ring::Guest));
        masque.conditions.push(condition("another", another));
    });
    let figures = [
        ("a first guarded rule", guarded_rule - plain, 1500),
        ("a first guarded item", guarded_list - no_list, 900),
        ("a first template", template - no_list, 1000),
        ("another condition", more - size(&operator()), 32),
    ];
    for (what, bytes, bound) in figures {
        println!("{what}: {bytes} bytes");
        assert!(bytes <= bound, "{what}: {bytes} bytes");
    }
}
