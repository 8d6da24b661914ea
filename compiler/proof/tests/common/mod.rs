//! Masques made of rules.

use masque_decode::Component;
use masque_ir as ir;

pub(crate) fn rule(action: ir::Action, mode: ir::MatchMode, pattern: &str, when: Option<usize>) -> ir::Rule {
    let place = ir::Place { file: 0, line: 1, column: 1, start: 0, end: 0 };
    let when = when.map(ir::ConditionId);
    ir::Rule { action, mode, pattern: pattern.to_owned(), when, because: None, set: None, place }
}

/// A masque with these rules and two conditions.
pub(crate) fn masque(clauses: ir::Clauses, rules: Vec<ir::Rule>) -> ir::Masque {
    let ring = |ring: ir::Ring| ir::Test::Ring(ir::Rings::of(|other| other == ring));
    let condition = |ring_of, text: &str| ir::Condition { test: ring(ring_of), text: text.to_owned() };
    ir::Masque {
        identity: ir::Identity {
            id: "proved".to_owned(),
            name: "Proved".to_owned(),
            display_name: None,
            index: None,
            version: semver::Version::new(1, 0, 0),
            ring: ir::Ring::Player,
        },
        source: ir::SourceFile { name: "proved.masque.yaml".to_owned(), text: "name: Proved".to_owned() },
        inherited: Vec::new(),
        widened: Vec::new(),
        params: Vec::new(),
        conditions: vec![
            condition(ir::Ring::Guest, "session.ring == guest"),
            condition(ir::Ring::Admin, "session.ring == admin"),
        ],
        intent: Some(ir::Intent { clauses, rules }),
        context: ir::Template::constant(""),
        knowledge: Vec::new(),
        access: Vec::new(),
        lens: ir::Template::constant("Prove."),
        about: ir::About::default(),
        ensures: Vec::new(),
        tests: Vec::new(),
    }
}

pub(crate) fn component(masque: &ir::Masque) -> Component {
    let program = masque_codegen::generate(masque).expect("the rules are small");
    masque_decode::read(&program.component()).expect("our own component")
}

/// A word of six letters that no other number has.
pub(crate) fn word(index: usize) -> String {
    let letters = "bcdfghklmnprstvz".as_bytes();
    let mut state = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut word = String::new();
    for _ in 0..6 {
        word.push(char::from(letters[(state >> 60) as usize]));
        state = state.wrapping_mul(0x2545_F491_4F6C_DD1D).rotate_left(7);
    }
    word
}
