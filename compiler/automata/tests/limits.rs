//! What grows without bound is split, or refused by name.

use masque_automata::{Action, Clauses, Decision, MatchMode, Pattern, Rule, TooLarge, compile, explain};

fn rule(action: Action, pattern: &str) -> Rule {
    Rule { action, mode: MatchMode::Exact, pattern: Pattern::parse(pattern).expect("it is a glob") }
}

/// Rules that multiply each other's states: `*ax*ya*` and so on, all different.
fn exponential(count: u8, action: impl Fn(u8) -> Action) -> Vec<Rule> {
    let letters = |at: u8| [char::from(b'a' + at % 7), char::from(b'a' + at / 7)];
    let pattern = |at| {
        let [x, y] = letters(at);
        format!("*{x}{y}*{y}{x}{x}*")
    };
    (0..count).map(|at| rule(action(at), &pattern(at))).collect()
}

/// Texts of few letters, so that many patterns match some.
fn texts() -> impl Iterator<Item = String> {
    let mut state = 1_u64;
    let mut pick = move |count: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % count
    };
    (0..20_000).map(move |_| {
        let letter =
            |at| if at == 26 { " and ".to_owned() } else { char::from(b'a' + at as u8 % 5).to_string() };
        (0..pick(24)).map(|_| letter(pick(27))).collect()
    })
}

#[test]
fn parts_decide_like_the_whole() {
    let alternating = |at| if at % 3 == 0 { Action::Allow } else { Action::Deny };
    let denies = exponential(30, |_| Action::Deny).into_iter();
    let cases = [
        (Clauses::Whole, exponential(30, alternating)),
        (Clauses::Whole, exponential(40, |_| Action::Allow)),
        (Clauses::Each, denies.chain([rule(Action::Allow, "*a*"), rule(Action::Allow, "e*")]).collect()),
    ];
    for (clauses, rules) in cases {
        let decider = compile(&rules, clauses).unwrap();
        assert!(decider.parts().len() > 1, "the rules were to be split");
        let mut named: Vec<usize> =
            decider.parts().iter().flat_map(|part| part.rules.iter().copied()).collect();
        named.sort_unstable();
        assert_eq!(named, (0..rules.len()).collect::<Vec<_>>(), "every rule is in one part");
        let mut seen = [0; 3];
        for text in texts() {
            let decision = decider.decide(&text);
            assert_eq!(decision, explain(&rules, clauses, &text).decision, "{text:?}");
            seen[decision as usize] += 1;
        }
        assert!(seen[Decision::Unmatched as usize] > 100 && seen[0] + seen[1] > 100, "{seen:?} shows little");
    }
}

#[test]
fn a_rule_past_the_limit_is_named() {
    let lookback = |action| rule(action, &format!("*a{}b*", "?".repeat(40)));
    let rules = [rule(Action::Allow, "x*"), lookback(Action::Deny), rule(Action::Deny, "*y*")];
    for clauses in [Clauses::Whole, Clauses::Each] {
        let TooLarge { rule, states, .. } = compile(&rules, clauses).unwrap_err();
        assert_eq!(rule, 1);
        assert!(states > 32_000, "{states}");
    }
    let allows = [rule(Action::Allow, "x*"), lookback(Action::Allow)];
    assert_eq!(compile(&allows, Clauses::Each).unwrap_err().rule, 1);
}

#[test]
fn allows_of_clauses_are_not_split() {
    let rules = exponential(40, |_| Action::Allow);
    assert!(compile(&rules, Clauses::Whole).is_ok());
    let error = compile(&rules, Clauses::Each).unwrap_err();
    assert!(error.to_string().starts_with("the pattern needs too large an automaton"), "{error}");
}

#[test]
fn hostile_patterns_stay_within_bounds() {
    let distinct: String = ('\u{4e00}'..).take(1365).collect();
    let classes: String = ('\u{4e00}'..).take(800).map(|c| format!("[{c}]")).collect();
    for pattern in [
        distinct.clone(),
        format!("*{}*", &distinct[..4092]),
        "?".repeat(4096),
        "*?".repeat(2048),
        "{a,}".repeat(1024),
        "{*,}".repeat(1024),
        "*a".repeat(2048),
        "{a,b,{c,d}}*".repeat(340),
        format!("{}{}", "{".repeat(32), "},".repeat(31) + "}"),
        classes,
    ] {
        for clauses in [Clauses::Whole, Clauses::Each] {
            // Either answer is right; what counts is that there is one soon. Every part is within the limits.
            let rules = [rule(Action::Deny, &pattern), rule(Action::Allow, "*x*")];
            match compile(&rules, clauses) {
                Ok(decider) => assert_eq!(decider.decide("axb"), explain(&rules, clauses, "axb").decision),
                Err(TooLarge { rule, .. }) => assert_eq!(rule, 0),
            }
        }
    }
}
