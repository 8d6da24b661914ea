//! Masques, sessions and intents of all kinds.

use masque_abi::{Ring, Session};
use masque_ir as ir;
use proptest::prelude::*;

/// The parameters that every random masque has, so that sessions fit all of them.
const PARAMS: [&str; 3] = ["zone", "limit", "note"];
const CONDITIONS: usize = 6;

/// A masque that says little.
pub(crate) fn masque() -> ir::Masque {
    ir::Masque {
        identity: ir::Identity {
            id: "sessions".to_owned(),
            name: "Sessions".to_owned(),
            display_name: None,
            index: None,
            version: ir::Version::new(1, 0, 0),
            ring: ir::Ring::Player,
        },
        source: ir::SourceFile { name: "sessions.masque".to_owned(), text: String::new() },
        inherited: Vec::new(),
        widened: Vec::new(),
        params: Vec::new(),
        conditions: Vec::new(),
        intent: None,
        context: ir::Template::default(),
        knowledge: Vec::new(),
        access: Vec::new(),
        lens: ir::Template::constant("Look."),
        about: ir::About::default(),
        ensures: Vec::new(),
        tests: Vec::new(),
    }
}

pub(crate) fn rule(action: ir::Action, pattern: &str, when: Option<ir::ConditionId>) -> ir::Rule {
    let place = ir::Place { file: 0, line: 1, column: 1, start: 0, end: 0 };
    let (mode, pattern) = (ir::MatchMode::Exact, pattern.to_owned());
    ir::Rule { action, mode, pattern, when, because: None, set: None, place }
}

pub(crate) fn text(source: ir::TextSource) -> ir::Text {
    ir::Text { source, form: ir::TextForm::AsIs }
}

pub(crate) fn always(uri: &str) -> ir::Guarded<String> {
    ir::Guarded::always(uri.to_owned())
}

/// Words that values, constants and patterns share, so that they meet.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["", "a", "A", "ab", " ab ", "AB", "\tb\r\n", "player", "admin", "é", "日本語 ab", "\u{a0}a"]),
        4 => prop::sample::select(vec![
            "0", "1", "-1", "007", "900s", "60s", "1.2.3", "1.10.0", "1.2", "-", "s", "1.", ".1", "1..2", "1.2.3.4", "-5s",
            "1048575.1", "1048576.1", "1.1048576", "9007199254740991", "9007199254740992", "99999999999999999999999", "1s.2", "1a",
        ]),
    ]
    .prop_map(str::to_owned)
}

fn session_text() -> impl Strategy<Value = ir::Text> {
    let source = prop_oneof![
        1 => Just(ir::TextSource::SessionIntent),
        1 => Just(ir::TextSource::SessionAgent),
        1 => Just(ir::TextSource::SessionRing),
        4 => (0..PARAMS.len()).prop_map(|param| ir::TextSource::Param(ir::ParamId(param))),
    ];
    let form = prop::sample::select(vec![
        ir::TextForm::AsIs,
        ir::TextForm::AsIs,
        ir::TextForm::Lower,
        ir::TextForm::Upper,
        ir::TextForm::Trim,
    ]);
    (source, form).prop_map(|(source, form)| ir::Text { source, form })
}

fn any_text() -> impl Strategy<Value = ir::Text> {
    prop_oneof![session_text(), word().prop_map(|word| text(ir::TextSource::Constant(word))),]
}

fn pattern() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a", "a*", "*b", "*", "?", "[ab]*", "*a*b*", "é", "日本*", "{a,ab} x", "*x", "deploy *", "* and *",
    ])
    .prop_map(str::to_owned)
}

fn mode() -> impl Strategy<Value = ir::MatchMode> {
    prop_oneof![Just(ir::MatchMode::Verb), Just(ir::MatchMode::Exact)]
}

fn test() -> impl Strategy<Value = ir::Test> {
    let leaf = prop_oneof![
        (0_u8..16).prop_map(|bits| ir::Test::Ring(ir::Rings::of(|ring| bits & (1 << ring as u8) != 0))),
        (any_text(), any_text()).prop_map(|(first, second)| ir::Test::Equal(first, second)),
        (any_text(), any_text()).prop_map(|(first, second)| ir::Test::Less(first, second)),
        (session_text(), prop::collection::vec((mode(), pattern()), 1..4))
            .prop_map(|(text, patterns)| ir::Test::Matches { text, patterns }),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(|test| ir::Test::Not(Box::new(test))),
            several.clone().prop_map(ir::Test::All),
            several.prop_map(ir::Test::Any),
        ]
    })
}

fn when() -> impl Strategy<Value = Option<ir::ConditionId>> {
    prop::option::of((0..CONDITIONS).prop_map(ir::ConditionId))
}

fn template() -> impl Strategy<Value = ir::Template> {
    let leaf = prop_oneof![
        "[ -~é語]{1,12}".prop_map(ir::Piece::Constant),
        session_text().prop_map(ir::Piece::Text),
    ];
    let pieces = |piece| prop::collection::vec(piece, 0..4).prop_map(|pieces| ir::Template { pieces });
    let piece = leaf.prop_recursive(3, 16, 4, move |inner| {
        (0..CONDITIONS, pieces(inner.clone().boxed()), pieces(inner.boxed())).prop_map(
            |(condition, then, otherwise)| ir::Piece::If {
                condition: ir::ConditionId(condition),
                then,
                otherwise,
            },
        )
    });
    prop::collection::vec(piece, 0..5).prop_map(|pieces| ir::Template { pieces })
}

fn intent() -> impl Strategy<Value = ir::Intent> {
    let action = prop_oneof![Just(ir::Action::Allow), Just(ir::Action::Deny)];
    let any_rule = (action, mode(), pattern(), when())
        .prop_map(|(action, mode, pattern, when)| ir::Rule { mode, ..rule(action, &pattern, when) });
    (any::<bool>(), prop::collection::vec(any_rule, 1..8)).prop_map(|(each, mut rules)| {
        let clauses = if each { ir::Clauses::Each } else { ir::Clauses::Whole };
        // Clause by clause, at most four conditions may guard allow rules.
        for rule in rules.iter_mut().filter(|rule| each && rule.action == ir::Action::Allow) {
            rule.when = rule.when.map(|ir::ConditionId(condition)| ir::ConditionId(condition % 4));
        }
        ir::Intent { clauses, rules }
    })
}

fn guarded<T: std::fmt::Debug>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<ir::Guarded<T>>> {
    prop::collection::vec((value, when()).prop_map(|(value, when)| ir::Guarded { value, when }), 0..4)
}

pub(crate) fn any_masque() -> impl Strategy<Value = ir::Masque> {
    let ttl = prop_oneof![Just(ir::Ttl::Session), (1_u64..1 << 40).prop_map(ir::Ttl::Seconds)];
    let grant =
        ("[a-c]{1,3}", ttl).prop_map(|(role, ttl)| ir::Grant { provider: "vault".to_owned(), role, ttl });
    let constant = "[a-z]{1,8}".prop_map(ir::Template::constant);
    let shown = prop_oneof![template(), constant];
    (
        prop::collection::vec(test(), CONDITIONS),
        prop::collection::vec(prop::option::of(word()), PARAMS.len()),
        prop::option::of(intent()),
        guarded("wiki://[a-c]{1,4}"),
        guarded(grant),
        template(),
        shown,
    )
        .prop_map(|(tests, defaults, intent, knowledge, access, context, lens)| {
            let condition = |test| ir::Condition { text: "condition".to_owned(), test };
            let param = |(name, default): (&str, Option<String>)| ir::Param {
                name: name.to_owned(),
                kind: ir::ParamType::String,
                // The host asks for what has no default; sessions here leave out what they like.
                default: Some(default.unwrap_or_default()),
            };
            ir::Masque {
                params: PARAMS.into_iter().zip(defaults).map(param).collect(),
                conditions: tests.into_iter().map(condition).collect(),
                intent,
                knowledge,
                access,
                context,
                lens,
                ..masque()
            }
        })
}

pub(crate) fn any_session() -> impl Strategy<Value = Session> {
    let params = prop::sample::subsequence(PARAMS.to_vec(), 0..=PARAMS.len()).prop_flat_map(|names| {
        let values = prop::collection::vec(word(), names.len());
        values.prop_map(move |values| names.iter().map(|name| (*name).to_owned()).zip(values).collect())
    });
    let ring = prop::sample::select(Ring::ALL.to_vec());
    ("[abAB ]{0,6}", ring, word(), params)
        .prop_map(|(intent, ring, agent, params): (_, _, _, Vec<_>)| Session { intent, ring, agent, params })
}

pub(crate) fn any_intent() -> impl Strategy<Value = String> {
    let piece =
        prop::sample::select(vec!["a", "b", "ab", "x", " ", " ", "é", "日本", "deploy", " and ", ", ", "A"]);
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}
