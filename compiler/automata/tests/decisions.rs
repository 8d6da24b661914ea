//! What rule sets decide, as tables of cases; every case is decided by the automaton and by `explain`.

use masque_automata::{Action, Clauses, Decision, MatchMode, Pattern, Rule, compile, explain};

/// Rules, one a line: `allow deploy *`, `deny= *prod*` (exact).
fn rules(lines: &str) -> Vec<Rule> {
    let rule = |line: &str| {
        let (head, pattern) = line.split_once(' ')?;
        let mode = if head.ends_with('=') { MatchMode::Exact } else { MatchMode::Verb };
        let action = if head.starts_with("deny") { Action::Deny } else { Action::Allow };
        Some(Rule { action, mode, pattern: Pattern::parse(pattern).ok()? })
    };
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| rule(line).expect(line)).collect()
}

fn check(lines: &str, clauses: Clauses, allowed: &[&str], denied: &[&str], unmatched: &[&str]) {
    let rules = rules(lines);
    let decider = compile(&rules, clauses).expect("the rules are small");
    let groups = [(Decision::Allowed, allowed), (Decision::Denied, denied), (Decision::Unmatched, unmatched)];
    for (decision, texts) in groups {
        for text in texts {
            assert_eq!(decider.decide(text), decision, "automaton on {text:?}");
            assert_eq!(explain(&rules, clauses, text).decision, decision, "explanation of {text:?}");
        }
    }
}

#[test]
fn no_rules_match_nothing() {
    for clauses in [Clauses::Whole, Clauses::Each] {
        check("", clauses, &[], &[], &["", "deploy"]);
        let decider = compile(&[], clauses).unwrap();
        assert_eq!(decider.parts().len(), 1);
        assert_eq!(
            (decider.parts()[0].automaton.state_count(), decider.parts()[0].automaton.start()),
            (3, 2)
        );
    }
}

#[test]
fn verbs_stand_for_their_inflections() {
    check(
        "allow deploy *
         allow {Read,write} docs
         allow deploying fast *
         allow Sync*",
        Clauses::Whole,
        &[
            "deploy",
            "Deploying",
            " DEPLOYED\tthe stack ",
            "reading docs",
            "wrote docs",
            "deploying fast",
            "sync",
            "synced",
        ],
        &[],
        &["redeploy x", "deployx", "reading", "deploydeploying fast", ""],
    );
}

#[test]
fn exact_is_the_glob_alone() {
    check(
        "allow= deploy *
         allow= a?c
         allow= [!x]y
         allow= {,un}mask",
        Clauses::Whole,
        &["deploy x", "deploy  X", "a猫c", "a\nc", "éy", "mask", "UNMASK"],
        &[],
        &["deploy", "deploy ", "deploying x", "ac", "abbc", "xy", " y"],
    );
}

#[test]
fn denial_wins() {
    check(
        "allow *
         deny *prod*
         allow deploy prod",
        Clauses::Whole,
        &["", "anything", "pro d"],
        &["prod", "deploy PROD now"],
        &[],
    );
}

#[test]
fn every_clause_must_be_allowed() {
    check(
        "allow deploy *
         allow read *
         deny *secret*
         deny * and burn
         deny drop *",
        Clauses::Each,
        &[
            "deploy a",
            "deploy a and read b",
            "reading a; then read b && deploy",
            "read hand andy",
            ", deploy ,, and",
        ],
        &["read a and read secrets", "deploy a and burn", "deploy a, drop b", "drop", "x && dropping y"],
        &[
            "",
            " , and",
            "deploy grafana and prometheus",
            "sleep",
            "deploy a, sleep",
            "read a &and sleep and sleep",
        ],
    );
}

#[test]
fn explanations_name_rules_and_clauses() {
    let rules = rules(
        "allow deploy *
         allow *
         deny *secret*
         deny drop *",
    );
    let whole = explain(&rules, Clauses::Whole, "deploy it");
    assert_eq!((whole.decision, whole.deciding, whole.clause.len()), (Decision::Allowed, vec![0, 1], 0));
    let text = " Deploy it  AND drop the secret, rest ";
    let each = explain(&rules, Clauses::Each, text);
    assert_eq!((each.decision, each.deciding), (Decision::Denied, vec![2, 3]));
    let clauses: Vec<_> =
        each.clause.iter().map(|verdict| (&text[verdict.range.clone()], verdict.decision)).collect();
    assert_eq!(
        clauses,
        [
            ("Deploy it", Decision::Allowed),
            ("drop the secret", Decision::Denied),
            ("rest", Decision::Allowed)
        ]
    );
    assert_eq!(each.clause[1].rules, [2, 3]);
}

#[test]
fn languages_not_spellings_make_the_automaton() {
    for (one, other) in [
        ("allow= a*", "allow= a**"),
        ("allow= {a,b}c", "allow= [ab]c"),
        ("allow= *a*\ndeny= *b*", "deny= *b*\nallow= *a*\nallow= *aa*"),
        ("allow deploy *", "allow= {deploy,deploys,deployed,deploying}{, *}"),
        ("allow= *\ndeny= *", "deny= *"),
        ("allow= \u{3000}x", "allow= X "),
    ] {
        for clauses in [Clauses::Whole, Clauses::Each] {
            let automaton = |lines| compile(&rules(lines), clauses).unwrap().parts()[0].automaton.clone();
            assert_eq!(automaton(one), automaton(other), "{one} and {other} under {clauses:?}");
        }
    }
    let automaton = |lines| compile(&rules(lines), Clauses::Whole).unwrap().parts()[0].automaton.clone();
    assert_ne!(automaton("allow= a"), automaton("deny= a"));
}
