//! Programs that look at their session: whatever their data says, reading it ends, and what is read can be asked.

use masque_abi::program::{self as layout, Features, module};
use masque_abi::{Ring, Session};
use masque_decode::{Component, DecodeError};
use masque_ir as ir;
use proptest::prelude::*;

const DATA_START: usize = layout::DATA_START as usize;

/// One of everything.
fn masque() -> ir::Masque {
    let text = |source, form| ir::Text { source, form };
    let zone = || text(ir::TextSource::Param(ir::ParamId(0)), ir::TextForm::AsIs);
    let constant =
        |text: &str| ir::Text { source: ir::TextSource::Constant(text.to_owned()), form: ir::TextForm::AsIs };
    let is_production = ir::Test::Equal(zone(), constant("production"));
    let is_small = ir::Test::Less(text(ir::TextSource::SessionAgent, ir::TextForm::Trim), constant("900s"));
    let is_asking = ir::Test::Matches {
        text: text(ir::TextSource::SessionIntent, ir::TextForm::Lower),
        patterns: vec![(ir::MatchMode::Verb, "ask *".to_owned())],
    };
    let is_admin = ir::Test::Ring(ir::Rings::of(|ring| ring == ir::Ring::Admin));
    let either =
        ir::Test::Any(vec![is_small, ir::Test::All(vec![is_asking, ir::Test::Not(Box::new(is_admin))])]);
    let condition = |text: &str, test| ir::Condition { text: text.to_owned(), test };
    let when = |condition| Some(ir::ConditionId(condition));
    let place = ir::Place { file: 0, line: 1, column: 1, start: 0, end: 0 };
    let rule = |action, pattern: &str, when| ir::Rule {
        action,
        mode: ir::MatchMode::Exact,
        pattern: pattern.to_owned(),
        when,
        because: None,
        set: None,
        place,
    };
    let grant =
        ir::Grant { provider: "vault".to_owned(), role: "reader".to_owned(), ttl: ir::Ttl::Seconds(9) };
    ir::Masque {
        identity: ir::Identity {
            id: "all".to_owned(),
            name: "All".to_owned(),
            display_name: None,
            index: None,
            version: semver::Version::new(1, 0, 0),
            ring: ir::Ring::Player,
        },
        source: ir::SourceFile { name: "all.masque".to_owned(), text: String::new() },
        inherited: Vec::new(),
        widened: Vec::new(),
        params: vec![ir::Param {
            name: "zone".to_owned(),
            kind: ir::ParamType::String,
            default: Some("staging".to_owned()),
        }],
        conditions: vec![condition("production", is_production), condition("either", either)],
        intent: Some(ir::Intent {
            clauses: ir::Clauses::Whole,
            rules: vec![
                rule(ir::Action::Allow, "deploy *", None),
                rule(ir::Action::Deny, "*", when(0)),
                rule(ir::Action::Allow, "delete *", when(1)),
            ],
        }),
        context: ir::Template {
            pieces: vec![ir::Piece::Text(text(ir::TextSource::SessionRing, ir::TextForm::Upper))],
        },
        knowledge: vec![
            ir::Guarded::always("wiki://a".to_owned()),
            ir::Guarded { value: "wiki://b".to_owned(), when: when(1) },
        ],
        access: vec![ir::Guarded { value: grant, when: when(0) }],
        lens: ir::Template {
            pieces: vec![
                ir::Piece::If {
                    condition: ir::ConditionId(0),
                    then: ir::Template::constant("Take care."),
                    otherwise: ir::Template { pieces: vec![ir::Piece::Text(zone())] },
                },
                ir::Piece::Constant(" Go on.".to_owned()),
            ],
        },
        about: ir::About::default(),
        ensures: Vec::new(),
        tests: Vec::new(),
    }
}

fn session(zone: &str, agent: &str, intent: &str, ring: Ring) -> Session {
    let params = vec![("zone".to_owned(), zone.to_owned())];
    Session { intent: intent.to_owned(), ring, agent: agent.to_owned(), params }
}

/// The data of the program, from address 16 on.
fn data() -> Vec<u8> {
    let core = masque_codegen::generate(&masque()).expect("small").core;
    (0..core.len())
        .find_map(|at| {
            let data = &core[at..];
            let word = data.get(48..52)?.try_into().ok().map(u32::from_le_bytes)?;
            (module(data, Features::from_bits(word)?) == core).then(|| data.to_vec())
        })
        .expect("the data is the end of the module")
}

/// Reads canonical code around data.
fn read(data: &[u8]) -> Result<Component, DecodeError> {
    let word = u32::from_le_bytes(data[48..52].try_into().expect("four bytes"));
    let features = Features::from_bits(word).unwrap_or(Features::NONE);
    let mut program = masque_codegen::generate(&masque()).expect("small");
    program.core = module(data, features);
    program.manifest.core_sha256 = sha256(&program.core);
    masque_decode::read(&program.component())
}

fn put(data: &mut [u8], address: u32, word: u32) {
    let at = address as usize - DATA_START;
    data[at..at + 4].copy_from_slice(&word.to_le_bytes());
}

fn word(data: &[u8], address: u32) -> u32 {
    let at = address as usize - DATA_START;
    u32::from_le_bytes(data[at..at + 4].try_into().expect("four bytes"))
}

#[test]
fn what_depends_on_the_session_is_read_back() {
    let component = masque_codegen::generate(&masque()).expect("small").component();
    let program = masque_decode::read(&component).expect("our own component").program;
    let (staging, production) =
        (session("staging", "12", "", Ring::Guest), session("production", "x", "ASK me", Ring::Player));
    assert_eq!((program.bits(&staging), program.bits(&production)), (0b10, 0b11));
    assert_eq!(program.decide("delete it", &staging).name(), "allowed");
    assert_eq!(program.decide("deploy it", &production).name(), "denied");
    assert_eq!(program.lens(&staging), "staging Go on.");
    assert_eq!(program.lens(&production), "Take care. Go on.");
    assert_eq!(program.context(&staging), "GUEST");
    assert_eq!((program.access(&staging).len(), program.access(&production).len()), (0, 1));
    let admin = session("x", "x", "ask me", Ring::Admin);
    assert_eq!(program.knowledge(&admin), ["wiki://a"]);
    let cost = program.cost();
    assert_eq!((cost.parts, cost.guard_operations, cost.guard_automata), (3, 7, 1));
}

#[test]
fn data_that_makes_no_sense_is_refused() {
    let good = data();
    assert!(read(&good).is_ok(), "the data is that of the program");
    let conditions = word(&good, layout::CONDITIONS);
    let first = word(&good, conditions);
    let (lens, steps) = (word(&good, layout::LENS), word(&good, layout::LENS + 4));
    let end = lens + layout::OPERATION_SIZE * (steps - 1);
    let part = word(&good, layout::PARTS);
    let refused = |what: &str, change: &dyn Fn(&mut [u8])| {
        let mut data = good.clone();
        change(&mut data);
        let error = read(&data).expect_err(what);
        assert!(matches!(error, DecodeError::Data(_)), "{what}: {error}");
        error.to_string()
    };
    for (what, address, value, reason) in [
        ("an unknown test", first, 99, "an operation that makes no sense"),
        ("a condition that ends early", first, layout::test::END, "an operation that makes no sense"),
        ("a lone AND", first, layout::test::AND, "lacks a truth value"),
        ("half of a pair as a text", first + 4, layout::SESSION + 4, "is volatile"),
        ("a text out of the data", first + 8, u32::MAX - 3, "wraps around"),
        ("conditions that overlap", conditions + 4, first, "two conditions overlap"),
        ("a jump back", lens + 8, lens, "jumps astray"),
        ("a jump onto itself", lens + 8, lens + 1, "jumps astray"),
        ("a jump past the end", lens + 8, end + layout::OPERATION_SIZE, "jumps astray"),
        ("a template that ends early", lens, layout::show::END, "an operation that makes no sense"),
        ("a template that does not end", end, layout::show::TEXT, "an operation that makes no sense"),
        ("a condition that is none", lens + 4, first + 12, "a condition that there is not"),
        ("a guard of more conditions", part + layout::Part::GUARD, 0b111, "guard makes no sense"),
        ("a guard that never holds", part + layout::Part::GUARD + 4, 0b111, "guard makes no sense"),
        ("no guards", layout::GUARDS + 4, 0, "too many or no guards"),
        ("many guards", layout::GUARDS + 4, 9, "too many or no guards"),
        ("a session in the data", layout::SESSION, 1, "a volatile word is not zero"),
        ("many parameters", layout::PARAMS + 4, u32::MAX, "too many texts"),
        ("an unknown form", word(&good, layout::FORMS) + 4, 7, "no known form"),
        ("a form of a constant", word(&good, layout::FORMS), layout::RING_NAMES, "comes from nowhere"),
        ("another name of a ring", layout::RING_NAMES + 4, 3, "a ring has another name"),
    ] {
        let message = refused(what, &|data| put(data, address, value));
        assert!(message.contains(reason), "{what}: {message}");
    }
    let features = word(&good, layout::FEATURES);
    for unneeded in [Features::WIDE, Features::MATCH_WIDE] {
        let message =
            refused("unneeded code", &|data| put(data, layout::FEATURES, features | unneeded.bits()));
        assert!(message.contains("its code is not what its data needs"), "{message}");
    }
    refused("unknown code", &|data| put(data, layout::FEATURES, 1 << 31));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Words of the data that are replaced by others of the data, near ones, or wild ones never panic the reader, and what it takes
    /// can be asked.
    #[test]
    fn changed_data_is_read_or_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<u32>()), 1..4)) {
        thread_local! { static DATA: Vec<u8> = data(); }
        let mut data = DATA.with(Clone::clone);
        let words = data.len() / 4;
        for (index, kind, wild) in changes {
            let address = (DATA_START + 4 * index.index(words)) as u32;
            let value = match kind {
                0 => wild,
                1 => word(&data, (DATA_START + 4 * (wild as usize % words)) as u32),
                2 => word(&data, address).wrapping_add(wild % 9).wrapping_sub(4),
                _ => wild % 16,
            };
            put(&mut data, address, value);
        }
        if let Ok(Component { program, .. }) = read(&data) {
            for session in [session("production", "7", "ask", Ring::Admin), session("", "", "", Ring::Outsider)] {
                program.decide("deploy it", &session);
                program.knowledge(&session);
                program.access(&session);
                program.context(&session);
                program.lens(&session);
            }
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    masque_abi::hex(&sha2::Sha256::digest(bytes))
}
