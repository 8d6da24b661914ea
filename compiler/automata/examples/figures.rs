//! Prints how long rule sets take to compile and how large they become. Nothing is asserted: timings depend on the machine.
//!
//! `cargo run --release -p masque-automata --example figures`

#![expect(clippy::disallowed_types, reason = "a stopwatch is all that this example is")]

use masque_automata::{Action, Clauses, Decider, MatchMode, Pattern, Rule, TooLarge, compile};
use std::time::Instant;

fn main() {
    println!(
        "{:<44} {:>6} {:>7} {:>8} {:>9} {:>10}",
        "rule set", "parts", "states", "classes", "bytes", "ms"
    );
    for clauses in [Clauses::Whole, Clauses::Each] {
        measure(&format!("typical, 15 rules, {clauses:?}"), &typical(), clauses, 300);
        for count in [10, 100, 1000] {
            let rules = [infix_denies(count), prefix_allows(count)].concat();
            measure(&format!("{count} infix denies, {count} prefix allows, {clauses:?}"), &rules, clauses, 3);
        }
        measure(&format!("20 times deny *x*y*, {clauses:?}"), &inner_stars(20, Action::Deny), clauses, 1);
        measure(&format!("200 times deny *x*y*, {clauses:?}"), &inner_stars(200, Action::Deny), clauses, 1);
        measure(&format!("20 times allow *x*y*, {clauses:?}"), &inner_stars(20, Action::Allow), clauses, 1);
        measure(&format!("one *a?{{12}}b*, {clauses:?}"), &[lookback(12)], clauses, 1);
        measure(&format!("one *a?{{20}}b*, {clauses:?}"), &[lookback(20)], clauses, 1);
    }
}

fn measure(name: &str, rules: &[Rule], clauses: Clauses, rounds: u32) {
    let start = Instant::now();
    let mut result = compile(rules, clauses);
    for _ in 1..rounds {
        result = compile(rules, clauses);
    }
    let milliseconds = start.elapsed().as_secs_f64() * 1e3 / f64::from(rounds);
    match result {
        Ok(decider) => println!("{name:<44} {} {milliseconds:>10.3}", size(&decider)),
        Err(TooLarge { rule, states, .. }) => {
            println!("{name:<44} too large: rule {rule}, {states} states {milliseconds:>25.3}");
        }
    }
}

/// Parts, states, classes and bytes, as generated code lays them out: one byte a cell up to 256 states, then two.
fn size(decider: &Decider) -> String {
    let (mut states, mut classes, mut bytes) = (0, 0, 0);
    for part in decider.parts() {
        let automaton = &part.automaton;
        let rows = usize::from(automaton.state_count() - 3);
        let width = usize::from(automaton.classes().count());
        states += usize::from(automaton.state_count());
        classes = classes.max(width);
        bytes += rows * width * if automaton.state_count() <= 256 { 1 } else { 2 };
        bytes += 128 + 6 * automaton.classes().ranges().len();
    }
    format!("{:>6} {states:>7} {classes:>8} {bytes:>9}", decider.parts().len())
}

fn rule(action: Action, pattern: &str) -> Rule {
    Rule {
        action,
        mode: MatchMode::Verb,
        pattern: Pattern::parse(pattern).expect("the patterns above are sound"),
    }
}

fn typical() -> Vec<Rule> {
    let allows = [
        "deploy *",
        "{roll,bring} back *",
        "restart * in staging",
        "read logs of *",
        "scale * to ?",
        "check status of *",
        "list {pods,nodes}",
        "describe *",
        "show dashboards *",
        "run smoke tests *",
    ];
    let denies = ["*prod*", "delete *", "*secret*", "*password*", "drop {table,database} *"];
    let allows = allows.iter().map(|pattern| rule(Action::Allow, pattern));
    allows.chain(denies.iter().map(|pattern| rule(Action::Deny, pattern))).collect()
}

fn infix_denies(count: usize) -> Vec<Rule> {
    let mut words = Words::new(1);
    (0..count).map(|_| rule(Action::Deny, &format!("*{}*", words.next(3)))).collect()
}

fn prefix_allows(count: usize) -> Vec<Rule> {
    let mut words = Words::new(2);
    let verbs: Vec<String> = (0..60).map(|_| words.next(2)).collect();
    (0..count)
        .map(|at| rule(Action::Allow, &format!("{} {} *", verbs[at % verbs.len()], words.next(3))))
        .collect()
}

fn inner_stars(count: usize, action: Action) -> Vec<Rule> {
    let mut words = Words::new(3);
    (0..count).map(|_| rule(action, &format!("*{}*{}*", words.next(2), words.next(2)))).collect()
}

fn lookback(count: usize) -> Rule {
    rule(Action::Deny, &format!("*a{}b*", "?".repeat(count)))
}

/// Words that look like those of a dictionary: syllables with the letters of English in roughly English frequency.
struct Words {
    state: u64,
}

impl Words {
    fn new(seed: u64) -> Words {
        Words { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    fn next(&mut self, syllables: usize) -> String {
        let onsets = [
            "t", "n", "s", "r", "d", "l", "c", "m", "p", "b", "g", "f", "st", "tr", "pr", "sh", "ch", "v",
            "w", "h",
        ];
        let nuclei = ["e", "a", "o", "i", "u", "ea", "io", "e", "a"];
        let codas = ["", "", "n", "r", "s", "t", "l", "d", "nt", "ck"];
        (0..syllables).map(|_| [self.of(&onsets), self.of(&nuclei), self.of(&codas)].concat()).collect()
    }

    fn of(&mut self, parts: &[&'static str]) -> &'static str {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        parts[(self.state >> 33) as usize % parts.len()]
    }
}
