//! What the code generator writes, the reader reads back; what anybody else writes, it refuses.

use masque_abi::{Decision, Grant, Ring, Session, Ttl};
use masque_decode::DecodeError;
use masque_ir as ir;
use proptest::prelude::*;

fn rule(action: ir::Action, mode: ir::MatchMode, pattern: &str) -> ir::Rule {
    let place = ir::Place { file: 0, line: 1, column: 1, start: 0, end: 0 };
    ir::Rule { action, mode, pattern: pattern.to_owned(), when: None, because: None, set: None, place }
}

fn masque(rules: Option<Vec<ir::Rule>>) -> ir::Masque {
    ir::Masque {
        identity: ir::Identity {
            id: "homelab".to_owned(),
            name: "Homelab".to_owned(),
            display_name: None,
            index: Some(7),
            version: semver::Version::new(2, 3, 0),
            ring: ir::Ring::Player,
        },
        source: ir::SourceFile { name: "homelab.masque.yaml".to_owned(), text: "name: Homelab".to_owned() },
        inherited: Vec::new(),
        widened: Vec::new(),
        params: Vec::new(),
        conditions: Vec::new(),
        intent: rules.map(|rules| ir::Intent { clauses: ir::Clauses::Whole, rules }),
        context: ir::Template::constant("a small homelab"),
        knowledge: ["mcp://homelab-inventory", "mcp://homelab-runbooks"]
            .map(|uri| ir::Guarded::always(uri.to_owned()))
            .into(),
        access: [
            ir::Grant {
                provider: "vault".to_owned(),
                role: "homelab-operator".to_owned(),
                ttl: ir::Ttl::Session,
            },
            ir::Grant {
                provider: "vault".to_owned(),
                role: "homelab-reader".to_owned(),
                ttl: ir::Ttl::Seconds(900),
            },
        ]
        .map(ir::Guarded::always)
        .into(),
        lens: ir::Template::constant("Prefer stability. 🎭"),
        about: ir::About::default(),
        ensures: Vec::new(),
        tests: Vec::new(),
    }
}

fn session() -> Session {
    Session { intent: String::new(), ring: Ring::Player, agent: "agent-7".to_owned(), params: Vec::new() }
}

fn homelab() -> ir::Masque {
    use ir::Action::{Allow, Deny};
    use ir::MatchMode::Verb;
    masque(Some(vec![
        rule(Allow, Verb, "deploy *"),
        rule(Allow, Verb, "debug *"),
        rule(Allow, Verb, "investigate *"),
        rule(Deny, Verb, "delete *"),
        rule(Deny, Verb, "destroy *"),
    ]))
}

fn component(masque: &ir::Masque) -> Vec<u8> {
    masque_codegen::generate(masque).expect("the rules are small").component()
}

#[test]
fn everything_that_a_masque_does_is_read_back() {
    let bytes = component(&homelab());
    let read = masque_decode::read(&bytes).expect("our own component");
    let program = read.program;
    let session = session();
    assert_eq!(program.knowledge(&session), ["mcp://homelab-inventory", "mcp://homelab-runbooks"]);
    let grant = |role: &str, ttl| Grant { provider: "vault".to_owned(), role: role.to_owned(), ttl };
    assert_eq!(
        program.access(&session),
        [grant("homelab-operator", Ttl::Session), grant("homelab-reader", Ttl::Seconds(900))]
    );
    assert_eq!(program.context(&session), "a small homelab");
    assert_eq!(program.lens(&session), "Prefer stability. 🎭");
    assert_eq!(program.decide("Deploying monitoring", &session), Decision::Allowed);
    assert_eq!(program.decide("delete production", &session), Decision::Denied);
    assert_eq!(program.decide("dance", &session), Decision::Unmatched);
    assert_eq!(read.manifest.identity.version, "2.3.0");
    assert_eq!(read.manifest.intent.expect("there are rules").rules.len(), 5);
}

#[test]
fn a_masque_without_intent_allows_everything_without_an_automaton() {
    let read = masque_decode::read(&component(&masque(None))).expect("our own component");
    assert_eq!((read.program.default, read.program.parts.len()), (Decision::Allowed, 0));
    assert_eq!(read.footprint.automata, 0);
}

#[test]
fn the_same_masque_gives_the_same_bytes() {
    assert_eq!(component(&homelab()), component(&homelab()));
}

#[test]
fn a_homelab_is_small() {
    let bytes = component(&homelab());
    let read = masque_decode::read(&bytes).expect("our own component");
    let layout = masque_decode::layout(&bytes).expect("our own component");
    let manifest: usize = layout.custom_sections("masque:manifest").map(|section| section.whole.len()).sum();
    let bare = bytes.len() - manifest - read.footprint.texts;
    assert!(bare <= 4096, "{bare} bytes: wiring {}, {:?}", layout.shell_size(), read.footprint);
}

#[test]
fn several_automata_and_wide_tables_are_read_back() {
    use ir::Action::{Allow, Deny};
    use ir::MatchMode::Exact;
    let words: Vec<String> = (0..400).map(|number| format!("{number:x}{:x} *", number * 7919)).collect();
    let mut rules: Vec<ir::Rule> = words.iter().map(|word| rule(Allow, Exact, word)).collect();
    for first in 'a'..='p' {
        rules.push(rule(Deny, Exact, &format!("*{first}*{}*z*", char::from(first as u8 + 3))));
    }
    let read = masque_decode::read(&component(&masque(Some(rules)))).expect("our own component");
    assert!(read.program.parts.len() > 1, "the family would explode in one automaton");
    assert!(read.program.automata().any(|part| part.state_count() > 256), "a table is wide");
    assert_eq!(read.program.decide("a d z", &session()), Decision::Denied);
    assert_eq!(read.program.decide(&words[399].replace('*', "now"), &session()), Decision::Allowed);
}

#[test]
fn every_truncation_is_refused() {
    let bytes = component(&homelab());
    for length in 0..bytes.len() {
        let error = masque_decode::read(&bytes[..length]).expect_err("a part is not the whole");
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn a_padded_length_is_another_tools_and_no_damage() {
    let mut bytes = component(&homelab());
    // The first section's length, of two bytes or more, in one byte more.
    let at = bytes.iter().skip(9).position(|byte| byte & 0x80 == 0).expect("a length ends") + 9;
    bytes[at] |= 0x80;
    bytes.insert(at + 1, 0);
    assert_eq!(masque_decode::read(&bytes).expect_err("padded"), DecodeError::Foreign("a length is padded"));
    bytes[at + 1] = 0x80;
    bytes.splice(at + 2..at + 2, [0x80, 0x80, 0x80]);
    let error = masque_decode::read(&bytes).expect_err("more than five bytes");
    assert!(matches!(error, DecodeError::Damaged { at: 9, .. }), "{error}");
}

#[test]
fn another_programs_manifest_is_refused() {
    let (mut one, other) = (
        masque_codegen::generate(&homelab()).expect("small"),
        masque_codegen::generate(&masque(None)).expect("small"),
    );
    one.manifest = other.manifest;
    assert_eq!(
        masque_decode::read(&one.component()).expect_err("two masques"),
        DecodeError::ManifestMismatch
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A flipped bit outside the manifest and the producers is always noticed.
    #[test]
    fn a_flipped_bit_is_refused(at in 0_usize..1 << 16, bit in 0_u8..8) {
        let mut bytes = component(&homelab());
        let layout = masque_decode::layout(&bytes).expect("our own component");
        let at = at % bytes.len();
        let described = layout.custom.iter().any(|section| section.whole.contains(&at));
        bytes[at] ^= 1 << bit;
        let read = masque_decode::read(&bytes);
        prop_assert!(described || read.is_err(), "bit {bit} of byte {at}");
    }

    /// Data that nobody generated never panics the reader.
    #[test]
    fn canonical_code_around_wild_data_is_read_or_refused(mut data in prop::collection::vec(any::<u8>(), 56..600), parts in 0_u32..3) {
        use masque_abi::program::{Features, module};
        data[32..36].copy_from_slice(&0_u32.to_le_bytes());
        data[36..40].copy_from_slice(&72_u32.to_le_bytes());
        data[40..44].copy_from_slice(&(72 + 160 * parts).to_le_bytes());
        for features in [Features::NONE, Features::NARROW, Features::WIDE, Features::NARROW.with(Features::WIDE)] {
            let mut program = masque_codegen::generate(&homelab()).expect("small");
            data[48..52].copy_from_slice(&features.bits().to_le_bytes());
            program.core = module(&data, features);
            prop_assert!(masque_decode::read(&program.component()).is_err());
        }
    }
}
