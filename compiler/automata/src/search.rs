//! The shortest text that several automata together answer in a wanted way: breadth-first search of their product, made on the way.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::{Automaton, Decision};

/// How one automaton stands after some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its decision if the text ends here.
    pub decision: Decision,
    /// Whether that stays its decision, whatever follows.
    pub settled: bool,
}

/// What a search makes of how all its automata stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hope {
    /// A text that ends here is what is looked for.
    Found,
    /// Not here, but perhaps further on.
    Open,
    /// Neither here nor further on.
    Lost,
}

/// A search was given up: the product has more states than it may visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more than {0} combinations of states")]
pub struct TooManyStates(pub usize);

/// The shortest text after which `judge` says [`Hope::Found`], readable characters preferred; `None` where there is none at all.
/// Every text over Unicode scalar values is looked at, also those that a host would refuse.
///
/// # Errors
/// When more than `most` combinations of states would have to be visited.
pub fn shortest_text(
    automata: &[&Automaton],
    most: usize,
    judge: impl Fn(&[Standing]) -> Hope,
) -> Result<Option<String>, TooManyStates> {
    let letters = letters(automata);
    let start: Vec<u16> = automata.iter().map(|automaton| automaton.start()).collect();
    let standing = |states: &[u16]| -> Vec<Standing> {
        let of = |(automaton, &state): (&&Automaton, &u16)| Standing {
            decision: automaton.decision(state),
            settled: state < Automaton::SINKS,
        };
        automata.iter().zip(states).map(of).collect()
    };
    let mut seen: HashMap<Vec<u16>, usize, FxBuildHasher> = HashMap::default();
    // Each visited combination, with the one that it was reached from and by which character.
    let mut visited: Vec<(Vec<u16>, usize, char)> = Vec::new();
    let text_to = |visited: &[(Vec<u16>, usize, char)], mut at: usize| {
        let mut text = Vec::new();
        while at > 0 {
            text.push(visited[at].2);
            at = visited[at].1;
        }
        text.into_iter().rev().collect::<String>()
    };
    match judge(&standing(&start)) {
        Hope::Found => return Ok(Some(String::new())),
        Hope::Lost => return Ok(None),
        Hope::Open => {}
    }
    seen.insert(start.clone(), 0);
    visited.push((start, 0, '\0'));
    let mut at = 0;
    while at < visited.len() {
        for (classes, letter) in &letters {
            let step =
                |((automaton, &state), &class): ((&&Automaton, &u16), &u16)| automaton.next(state, class);
            let next: Vec<u16> = automata.iter().zip(&visited[at].0).zip(classes).map(step).collect();
            if seen.contains_key(&next) {
                continue;
            }
            let hope = judge(&standing(&next));
            if visited.len() >= most {
                return Err(TooManyStates(most));
            }
            seen.insert(next.clone(), visited.len());
            match hope {
                Hope::Found => {
                    let mut text = text_to(&visited, at);
                    text.push(*letter);
                    return Ok(Some(text));
                }
                Hope::Open => visited.push((next, at, *letter)),
                Hope::Lost => {}
            }
        }
        at += 1;
    }
    Ok(None)
}

/// One character for each way in which the automata tell characters apart, readable ones first, with its class in each automaton.
fn letters(automata: &[&Automaton]) -> Vec<(Vec<u16>, char)> {
    let classes_of =
        |c: char| automata.iter().map(|automaton| automaton.classes().of(c)).collect::<Vec<u16>>();
    let ranges = automata.iter().flat_map(|automaton| automaton.classes().ranges());
    let mut candidates: Vec<char> = (0..128_u8).map(char::from).collect();
    candidates.extend(ranges.filter_map(|&(first, _)| char::from_u32(first)));
    candidates.sort_unstable_by_key(|&c| (rank(c), c));
    candidates.dedup();
    let mut known: HashMap<Vec<u16>, char, FxBuildHasher> = HashMap::default();
    let mut letters = Vec::new();
    for c in candidates {
        let classes = classes_of(c);
        if !known.contains_key(&classes) {
            known.insert(classes.clone(), c);
            letters.push((classes, c));
        }
    }
    letters
}

/// How gladly a person reads a character, the best first.
fn rank(c: char) -> u8 {
    match c {
        'a'..='z' => 0,
        ' ' => 1,
        '0'..='9' => 2,
        'A'..='Z' => 3,
        '!'..='~' => 4,
        _ if c.is_alphanumeric() => 5,
        _ if !c.is_control() => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Clauses, MatchMode, Pattern, Rule, compile};

    fn automaton(rules: &[(Action, &str)]) -> Automaton {
        let rule = |&(action, pattern): &(Action, &str)| Rule {
            action,
            mode: MatchMode::Verb,
            pattern: Pattern::parse(pattern).expect("the tests' patterns are well-formed"),
        };
        let rules: Vec<Rule> = rules.iter().map(rule).collect();
        let decider = compile(&rules, Clauses::Whole).expect("the tests' rules are few");
        assert_eq!(decider.parts().len(), 1, "the tests' rules fit one automaton");
        decider.parts()[0].automaton.clone()
    }

    /// The shortest text that `claimed` takes and `rules` allow.
    fn allowed_by_both(claimed: &str, rules: &[(Action, &str)]) -> Option<String> {
        let (claimed, rules) = (automaton(&[(Action::Allow, claimed)]), automaton(rules));
        let judge = |standing: &[Standing]| {
            if standing.iter().all(|one| one.decision == Decision::Allowed) {
                Hope::Found
            } else if standing.iter().any(|one| one.settled && one.decision != Decision::Allowed) {
                Hope::Lost
            } else {
                Hope::Open
            }
        };
        shortest_text(&[&claimed, &rules], 100_000, judge).expect("the tests' automata are small")
    }

    #[test]
    fn the_shortest_text_in_common_is_found_and_its_absence_is_certain() {
        use Action::{Allow, Deny};
        for (claimed, rules, expected) in [
            ("delete *", &[(Allow, "deploy *")][..], None),
            ("delete *", &[(Allow, "deploy *"), (Allow, "*")], Some("delete")),
            ("delete *", &[(Allow, "*"), (Deny, "delete *")], None),
            ("delete *", &[(Allow, "*"), (Deny, "delete prod*")], Some("delete")),
            ("delete prod", &[(Allow, "*"), (Deny, "delete prod*")], None),
            ("* the cluster", &[(Allow, "destroy *"), (Deny, "destroyed *")], Some("destroy the cluster")),
        ] {
            assert_eq!(allowed_by_both(claimed, rules).as_deref(), expected, "{claimed} under {rules:?}");
        }
    }

    #[test]
    fn a_search_stops_at_its_limit() {
        let large = automaton(&[(Action::Allow, "*abcdefgh")]);
        let never = |_: &[Standing]| Hope::Open;
        assert_eq!(shortest_text(&[&large], 4, never), Err(TooManyStates(4)));
        assert_eq!(shortest_text(&[&large], 1000, never), Ok(None));
    }
}
