//! Tables from anywhere: what is malformed is refused, and nothing panics.

use masque_automata::{Action, Automaton, Classes, Clauses, Malformed, MatchMode, Pattern, Rule, compile};
use proptest::prelude::*;

/// `allow= a*b`: states 3 (start), 4 (after a…), 5 (after …b, allowed first).
fn sample() -> Automaton {
    let rule = Rule {
        action: Action::Allow,
        mode: MatchMode::Exact,
        pattern: Pattern::parse("a*b").expect("it is a glob"),
    };
    compile(&[rule], Clauses::Whole).expect("it is small").parts()[0].automaton.clone()
}

struct Parts {
    ascii: [u8; 128],
    ranges: Vec<(u32, u16)>,
    start: u16,
    ends: (u16, u16),
    rows: Vec<u16>,
}

impl Parts {
    fn of(automaton: &Automaton) -> Parts {
        let classes = automaton.classes();
        let rows = (3..automaton.state_count())
            .flat_map(|state| (0..classes.count()).map(move |class| automaton.next(state, class)))
            .collect();
        Parts {
            ascii: *classes.ascii(),
            ranges: classes.ranges().to_vec(),
            start: automaton.start(),
            ends: (automaton.allowed_end(), automaton.denied_end()),
            rows,
        }
    }

    fn build(self) -> Result<Automaton, Malformed> {
        Automaton::new(
            Classes::new(self.ascii, self.ranges)?,
            self.start,
            self.ends.0,
            self.ends.1,
            self.rows,
        )
    }
}

#[test]
fn an_automaton_survives_its_parts() {
    let automaton = sample();
    assert_eq!(Parts::of(&automaton).build(), Ok(automaton));
}

#[test]
fn malformed_tables_are_refused() {
    type Change = fn(&mut Parts);
    let cases: [(&str, Change); 17] = [
        ("ranges are empty", |parts| parts.ranges.clear()),
        ("ranges begin late", |parts| parts.ranges[0].0 = 0x81),
        ("ranges have equal neighbours", |parts| parts.ranges.push((0x10_0000, 0))),
        ("ranges are unsorted", |parts| parts.ranges.swap(0, 1)),
        ("ranges name a surrogate", |parts| parts.ranges.push((0xd800, 0))),
        ("ranges leave Unicode", |parts| parts.ranges.push((0x11_0000, 0))),
        ("classes are numbered anyhow", |parts| parts.ascii[0] = 1),
        ("rows are cut", |parts| _ = parts.rows.pop()),
        ("a row is missing", |parts| parts.rows.truncate(parts.rows.len() - 4)),
        ("a cell is past the end", |parts| parts.rows[0] = 99),
        ("the start is past the end", |parts| parts.start = 99),
        ("a group begins among the sinks", |parts| parts.ends.0 = 2),
        ("groups overlap", |parts| parts.ends.1 = parts.ends.0 - 1),
        ("groups end late", |parts| parts.ends.1 = 99),
        ("states are unreachable", |parts| parts.start = 2),
        ("a state is a sink", |parts| {
            let width = 4;
            let last = parts.rows.len() - width;
            parts.rows[last..].fill(2);
        }),
        ("two classes are alike", |parts| {
            for row in parts.rows.chunks_exact_mut(4) {
                row[3] = row[2];
            }
        }),
    ];
    for (name, change) in cases {
        let mut parts = Parts::of(&sample());
        assert_eq!(parts.rows.len() % 4, 0, "the sample has four classes");
        change(&mut parts);
        let result = parts.build();
        assert!(result.is_err(), "{name}: {result:?}");
    }
}

#[test]
fn states_are_numbered_breadth_first() {
    // Two unmatched states that swap their numbers are the same language, and no automaton.
    let rule =
        Rule { action: Action::Allow, mode: MatchMode::Exact, pattern: Pattern::parse("xyz").unwrap() };
    let automaton = compile(&[rule], Clauses::Whole).unwrap().parts()[0].automaton.clone();
    let mut parts = Parts::of(&automaton);
    let width = usize::from(automaton.classes().count());
    let (one, other) = (automaton.start() + 1, automaton.start() + 2);
    let row = |state: u16| usize::from(state - 3) * width;
    for class in 0..width {
        parts.rows.swap(row(one) + class, row(other) + class);
    }
    for cell in &mut parts.rows {
        *cell = if *cell == one {
            other
        } else if *cell == other {
            one
        } else {
            *cell
        };
    }
    assert!(matches!(parts.build(), Err(Malformed::Order { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_table_panics(
        ascii in prop::collection::vec(0_u8..4, 128),
        ranges in prop::collection::vec((0_u32..0x11_1000, 0_u16..5), 0..4),
        start in 0_u16..8,
        ends in (0_u16..8, 0_u16..8),
        rows in prop::collection::vec(0_u16..8, 0..24),
        text in "\\PC{0,8}",
    ) {
        let mut ascii: [u8; 128] = ascii.try_into().unwrap();
        ascii[..4].copy_from_slice(&[0, 1, 2, 3]);
        let ranges = std::iter::once((0x80, 0)).chain(ranges).collect();
        if let Ok(automaton) = (Parts { ascii, ranges, start, ends, rows }).build() {
            _ = automaton.decide(&text);
            prop_assert_eq!(Parts::of(&automaton).build(), Ok(automaton));
        }
    }

    #[test]
    fn no_pattern_panics(text in "[\\[\\]{},!^*?/\\\\ a-cA-C\u{e9}\u{301}\u{fb01}\u{3000}-]{0,24}", mode in any::<bool>()) {
        if let Ok(pattern) = Pattern::parse(&text) {
            let mode = if mode { MatchMode::Exact } else { MatchMode::Verb };
            let again = Pattern::parse(&pattern.to_string()).unwrap();
            let part = |pattern: Pattern| compile(&[Rule { action: Action::Deny, mode, pattern }], Clauses::Whole).unwrap().parts()[0].clone();
            prop_assert_eq!(part(pattern), part(again));
        } else {
            let error = Pattern::parse(&text).unwrap_err();
            prop_assert!(text.get(error.range).is_some());
        }
    }
}
