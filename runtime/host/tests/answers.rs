//! What a masque answers, by whichever way it is asked.

mod common;

use common::{Core, compile, homelab, host, intents, limits, open_host, param, pure_lens, session};
use masque_host::{
    CallError, Decision, Foreign, Grant, Host, JudgeError, Limits, Malformation, Options, Refusal, Ttl, abi,
};
use masque_ir as ir;

fn grants() -> Vec<Grant> {
    let grant = |role: &str, ttl| Grant { provider: "vault".to_owned(), role: role.to_owned(), ttl };
    vec![grant("deployer", Ttl::Session), grant("reader", Ttl::Seconds(3600))]
}

#[test]
fn a_compiled_masque_answers_everything() {
    let masque = host().load(&compile(&homelab())).unwrap();
    let mut worn = masque.session(session()).unwrap();
    for (intent, decision) in [
        ("deploying monitoring", Decision::Allowed),
        ("deploy", Decision::Allowed),
        ("Restart Grafana", Decision::Allowed),
        ("show cafe\u{301} menus", Decision::Allowed),
        ("delete production", Decision::Denied),
        ("deploy to production", Decision::Denied),
        ("paint the shed", Decision::Unmatched),
        ("", Decision::Unmatched),
    ] {
        assert_eq!(worn.judge(intent), Ok(decision), "{intent}");
    }
    assert_eq!(worn.knowledge().unwrap(), ["wiki://homelab", "file:///runbooks/überblick"]);
    assert_eq!(worn.access().unwrap(), grants());
    assert_eq!(worn.context().unwrap(), "One operator, three machines.");
    assert_eq!(worn.lens().unwrap(), "Think in rollbacks.\nAsk before you delete. 🧯");
    assert_eq!(
        worn.judge("deploying monitoring"),
        Ok(Decision::Allowed),
        "the intent's buffer is still there"
    );
    assert!(masque.is_canonical());
    assert_eq!(masque.manifest().unwrap().identity.name, "homelab");
}

#[test]
fn a_pure_lens_allows_everything() {
    let masque = host().load(&compile(&pure_lens("calm", "Breathe."))).unwrap();
    assert_eq!(masque.validate_intent("delete production", &session()), Ok(Decision::Allowed));
    let mut worn = masque.session(session()).unwrap();
    assert_eq!(worn.judge("delete production"), Ok(Decision::Allowed));
    assert_eq!(worn.lens().unwrap(), "Breathe.");
    assert_eq!(worn.knowledge().unwrap(), Vec::<String>::new());
    assert_eq!(masque.explain("delete production", &session()), Ok(None));
}

#[test]
fn every_way_of_asking_gives_the_same_answers() {
    let masque = host().load(&compile(&homelab())).unwrap();
    let mut direct = masque.session(session()).unwrap();
    let mut lifted = masque.session_through_component(session()).unwrap();
    for intent in intents() {
        let expected = direct.judge(&intent);
        assert_eq!(lifted.judge(&intent), expected, "{intent:?} through the component");
        assert_eq!(masque.validate_intent(&intent, &session()), expected, "{intent:?} in a new instance");
        if let Ok(decision) = expected {
            let explanation = masque.explain(&intent, &session()).unwrap().unwrap();
            assert_eq!(explanation.decision, decision, "{intent:?} by the rules");
        }
    }
    assert_eq!(lifted.knowledge(), direct.knowledge());
    assert_eq!(lifted.access(), direct.access());
    assert_eq!(lifted.context(), direct.context());
    assert_eq!(lifted.lens(), direct.lens());
    assert_eq!(masque.knowledge(&session()), direct.knowledge());
    assert_eq!(masque.access(&session()), direct.access());
    assert_eq!(masque.context(&session()), direct.context());
    assert_eq!(masque.lens(&session()), direct.lens());
}

#[test]
fn an_explanation_names_the_rules_and_their_places() {
    let masque = host().load(&compile(&homelab())).unwrap();
    let why = masque.explain("delete production", &session()).unwrap().unwrap();
    let deciding: Vec<_> = why.deciding.iter().map(|rule| (&*rule.rule.pattern, rule.rule.at.line)).collect();
    assert_eq!(deciding, [("delete *", 4), ("*production*", 5)]);
    assert!(why.same_verbs);
}

#[test]
fn a_malformed_intent_never_reaches_the_masque() {
    // This one allows whatever it sees.
    let masque = open_host(limits()).load(&Core::default().component()).unwrap();
    let mut worn = masque.session(session()).unwrap();
    let hidden = Refusal::Malformed { reason: Malformation::Invisible('\u{200b}'), at: 2 };
    assert_eq!(worn.judge("de\u{200b}lete"), Err(JudgeError::Refused(hidden)));
    assert_eq!(masque.validate_intent("de\u{200b}lete", &session()), Err(JudgeError::Refused(hidden)));
    let long = Refusal::TooLong { bytes: 4097, limit: 4096 };
    assert_eq!(worn.judge(&"x".repeat(4097)), Err(JudgeError::Refused(long)));
    assert_eq!(worn.judge(&"x".repeat(4096)), Ok(Decision::Allowed));
}

#[test]
fn a_session_past_the_limits_is_refused() {
    let masque = host().load(&compile(&homelab())).unwrap();
    let long = abi::Session { agent: "x".repeat(64 * 1024), ..session() };
    let many = abi::Session { params: vec![(String::new(), String::new()); 257], ..session() };
    for (session, message) in [
        (long, "the session has 65575 bytes and 65536 are allowed"),
        (many, "the session has 257 parameters and 256 are allowed"),
    ] {
        assert_eq!(masque.session(session.clone()).unwrap_err().to_string(), message);
        assert_eq!(masque.lens(&session).unwrap_err().to_string(), message);
    }
}

#[test]
fn the_largest_session_fits() {
    let (session_bytes, session_params, intent_bytes) = (512 * 1024, 8192, 256 * 1024);
    let limits = Limits { session_bytes, session_params, intent_bytes, instances: 4, ..Limits::default() };
    let names: Vec<String> = (0..session_params).map(|number| format!("{number:x}")).collect();
    let declaring = ir::Masque { params: names.iter().map(|name| param(name)).collect(), ..homelab() };
    let masque = Host::new(limits).unwrap().load(&compile(&declaring)).unwrap();
    let params = names.iter().map(String::len).sum::<usize>() + session_params;
    let large = abi::Session {
        intent: "x".repeat(session_bytes - session().agent.len() - params),
        params: names.into_iter().map(|name| (name, "v".to_owned())).collect(),
        ..session()
    };
    let intent = format!("deploy {}", "x".repeat(intent_bytes - 7));
    assert_eq!(masque.session(large.clone()).unwrap().judge(&intent), Ok(Decision::Allowed));
    assert_eq!(masque.validate_intent(&intent, &large), Ok(Decision::Allowed));
}

#[test]
fn many_threads_ask_one_masque() {
    let masque = host().load(&compile(&homelab())).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut worn = masque.session(session()).unwrap();
                for _ in 0..2000 {
                    assert_eq!(worn.judge("deploying monitoring"), Ok(Decision::Allowed));
                    assert_eq!(worn.judge("delete production"), Ok(Decision::Denied));
                }
                for _ in 0..50 {
                    assert_eq!(masque.validate_intent("delete it", &session()), Ok(Decision::Denied));
                }
            });
        }
    });
}

#[test]
fn a_session_moves_to_another_thread_and_outlives_its_host() {
    let mut worn = host().load(&compile(&homelab())).unwrap().session(session()).unwrap();
    let decision = std::thread::spawn(move || worn.judge("deploy grafana")).join().unwrap();
    assert_eq!(decision, Ok(Decision::Allowed));
}

#[test]
fn instances_are_counted_and_come_back() {
    let host = Host::new(Limits { instances: 2, ..Limits::default() }).unwrap();
    let masque = host.load(&compile(&homelab())).unwrap();
    let (first, _second) = (masque.session(session()).unwrap(), masque.session(session()).unwrap());
    assert_eq!(masque.session(session()).unwrap_err(), CallError::Busy { instances: 2 });
    assert_eq!(masque.lens(&session()).unwrap_err(), CallError::Busy { instances: 2 });
    drop(first);
    assert!(masque.session(session()).is_ok());
}

#[test]
fn the_same_bytes_are_compiled_once() {
    let bytes = compile(&homelab());
    for kept in [0, 8] {
        let host = Host::with_options(limits(), Options { kept, ..Options::default() }).unwrap();
        let first = host.load(&bytes).unwrap();
        let again = host.load(&bytes).unwrap();
        assert_eq!(first.digest(), again.digest());
        assert!(std::ptr::eq(first.manifest().unwrap(), again.manifest().unwrap()), "{kept} kept");
    }
}

#[test]
fn a_foreign_component_needs_the_callers_consent() {
    let bytes = Core::default().component();
    let refused = host().load(&bytes).unwrap_err().to_string();
    assert!(refused.ends_with("and this host loads no others"), "{refused}");
    for foreign in [Foreign::WithoutImports, Foreign::WithWasi] {
        let host = Host::with_options(limits(), Options { foreign, ..Options::default() }).unwrap();
        let masque = host.load(&bytes).unwrap();
        assert!(!masque.is_canonical() && masque.manifest().is_none());
        assert_eq!(masque.explain("deploy it", &session()), Ok(None));
        let mut worn = masque.session(session()).unwrap();
        assert_eq!(worn.judge("deploy it"), Ok(Decision::Allowed));
        assert_eq!(worn.lens().unwrap(), "hello");
        assert_eq!(masque.lens(&session()).unwrap(), "hello");
        assert_eq!(masque.context(&session()).unwrap(), "");
    }
}
