//! The program in the sandbox decides as the automaton that it was made from, and as the rules that people wrote.

use masque_abi::{Decision, Ring, Session};
use masque_host::{Host, Limits};
use masque_ir as ir;
use proptest::prelude::*;

fn masque(rules: Vec<ir::Rule>, clauses: ir::Clauses) -> ir::Masque {
    ir::Masque {
        identity: ir::Identity {
            id: "parity".to_owned(),
            name: "Parity".to_owned(),
            display_name: None,
            index: None,
            version: ir::Version::new(1, 0, 0),
            ring: ir::Ring::Player,
        },
        source: ir::SourceFile { name: "parity.masque.yaml".to_owned(), text: String::new() },
        inherited: Vec::new(),
        widened: Vec::new(),
        params: Vec::new(),
        conditions: Vec::new(),
        intent: Some(ir::Intent { clauses, rules }),
        context: ir::Template::default(),
        knowledge: Vec::new(),
        access: Vec::new(),
        lens: ir::Template::constant("Compare."),
        about: ir::About::default(),
        ensures: Vec::new(),
        tests: Vec::new(),
    }
}

fn rule((action, mode, pattern): (ir::Action, ir::MatchMode, String)) -> ir::Rule {
    let place = ir::Place { file: 0, line: 1, column: 1, start: 0, end: 0 };
    ir::Rule { action, mode, pattern, when: None, because: None, set: None, place }
}

fn session() -> Session {
    Session { intent: "compare".to_owned(), ring: Ring::Player, agent: "test".to_owned(), params: vec![] }
}

/// Asks the program on both paths, the automaton, and the rules; all have to agree.
fn assert_parity(host: &Host, masque: &ir::Masque, intents: &[String]) {
    let component = masque_codegen::generate(masque).expect("the rules are small").component();
    let program = masque_decode::read(&component).expect("our own component").program;
    let loaded = host.load(&component).expect("our own component loads");
    let session = session();
    let mut direct = loaded.session(session.clone()).expect("an instance");
    let mut lifted = loaded.session_through_component(session.clone()).expect("an instance");
    for intent in intents {
        // What the host refuses reaches no program.
        let Ok(normal) = masque_host::intent::normalise(intent, 4096) else { continue };
        let expected = program.decide(&normal, &session);
        let rules = &masque.intent.as_ref().expect("there are rules").rules;
        assert_eq!(direct.judge(intent).expect("a sound intent"), expected, "{intent:?} of {rules:?}");
        assert_eq!(
            lifted.judge(intent).expect("a sound intent"),
            expected,
            "{intent:?} of {rules:?}, lifted"
        );
        let explained = loaded.explain(intent, &session).expect("a sound intent").expect("there are rules");
        assert_eq!(explained.decision, expected, "{intent:?} of {rules:?}, explained");
    }
}

/// Texts that come near the patterns below: short words of few letters, every kind of white space, characters of every length.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[abc]{1,3}",
        3 => prop::sample::select(vec![" ", "  ", "\t", "\u{a0}", "\u{3000}", "\r\n"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["é", "я", "語", "🎭", "ÿ", "߿"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![", ", "; ", " and ", " then ", "&&", "AB", "-"]).prop_map(str::to_owned),
        1 => "[a-c]{8,20}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn pattern() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => "[abc]{1,3}",
        4 => Just("*".to_owned()),
        2 => Just(" ".to_owned()),
        1 => Just("?".to_owned()),
        1 => prop::sample::select(vec!["[ab]", "[!a]", "[é-я]", "{a,bc}", "{,c}", "é", "語", "🎭"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..6)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("a pattern says something", |pattern| !pattern.trim().is_empty())
}

fn rules() -> impl Strategy<Value = Vec<ir::Rule>> {
    let action = prop_oneof![Just(ir::Action::Allow), Just(ir::Action::Deny)];
    let mode = prop_oneof![Just(ir::MatchMode::Verb), Just(ir::MatchMode::Exact)];
    prop::collection::vec((action, mode, pattern()).prop_map(rule), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sandbox_automaton_and_rules_agree(
        rules in rules(),
        each in any::<bool>(),
        intents in prop::collection::vec(text(), 60),
    ) {
        thread_local! {
            static HOST: Host = Host::new(Limits::default()).expect("the default limits are sound");
        }
        let clauses = if each { ir::Clauses::Each } else { ir::Clauses::Whole };
        HOST.with(|host| assert_parity(host, &masque(rules, clauses), &intents));
    }
}

#[test]
fn wide_tables_and_several_automata_agree_too() {
    use ir::Action::{Allow, Deny};
    use ir::MatchMode::Exact;
    let host = Host::new(Limits::default()).expect("the default limits are sound");
    let words: Vec<String> =
        (0..300_u32).map(|number| format!("{:x}", number.wrapping_mul(2_654_435_761))).collect();
    let mut rules: Vec<ir::Rule> =
        words.iter().map(|word| rule((Allow, Exact, format!("{word} *")))).collect();
    for first in 'a'..='n' {
        let second = char::from(first as u8 + 7);
        rules.push(rule((Deny, Exact, format!("*{first}*{second}é*"))));
    }
    let masque = masque(rules, ir::Clauses::Whole);
    let component = masque_codegen::generate(&masque).expect("no single rule is large").component();
    let program = masque_decode::read(&component).expect("our own component").program;
    let parts: Vec<_> = program.automata().collect();
    assert!(parts.iter().any(|part| part.state_count() > 256) && parts.len() > 1, "{} parts", parts.len());

    let mut intents: Vec<String> = words.iter().map(|word| format!("{word} something quiet")).collect();
    intents.extend(words.iter().map(|word| format!("{word} an hé")));
    intents.extend(words.iter().map(|word| format!("  {word}\t a 🎭 then hé ")));
    intents.extend(["".to_owned(), " ".to_owned(), "é".to_owned(), "a".repeat(4096), "語".repeat(1365)]);
    assert_parity(&host, &masque, &intents);
    let decisions: std::collections::BTreeSet<&str> =
        intents.iter().map(|intent| program.decide(intent, &session()).name()).collect();
    assert_eq!(decisions.len(), Decision::ALL.len(), "the intents meet every decision: {decisions:?}");
}
