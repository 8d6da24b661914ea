//! Many rules at once: a thousand infix denies beside a thousand prefix allows, and families that would explode.

use std::time::Instant;

use masque_automata::{Action, Clauses, Decider, MatchMode, Pattern, Rule, compile};

use crate::sources;

pub(crate) fn run() {
    let rule =
        |action, mode, glob: String| Rule { action, mode, pattern: Pattern::parse(&glob).expect("a glob") };
    let infix = sources::words(1_000, 1);
    let prefix = sources::words(1_000, 2);
    let mut thousands: Vec<Rule> =
        infix.iter().map(|word| rule(Action::Deny, MatchMode::Verb, format!("*{word}*"))).collect();
    thousands.extend(prefix.iter().map(|word| rule(Action::Allow, MatchMode::Verb, format!("{word} *"))));
    measure("1,000 infix denies + 1,000 verb allows", &thousands);

    let letters = || 'a'..='t';
    let explosive: Vec<Rule> = letters()
        .map(|first| {
            rule(Action::Deny, MatchMode::Exact, format!("*{first}*{}*", char::from(first as u8 + 5)))
        })
        .collect();
    measure("20 rules of the family *a*b*", &explosive);
}

fn measure(what: &str, rules: &[Rule]) {
    let started = Instant::now();
    let decider = compile(rules, Clauses::Whole).expect("no single rule is too large");
    let elapsed = started.elapsed();
    let parts = decider.parts().len();
    println!(
        "  {what}: {:.0} ms, {parts} automata, {} KiB",
        elapsed.as_secs_f64() * 1e3,
        bytes(&decider) / 1024
    );
}

/// Bytes of class maps and tables, as the code generator lays them out.
fn bytes(decider: &Decider) -> usize {
    let table = |automaton: &masque_automata::Automaton| {
        let width = if automaton.state_count() <= 256 { 1 } else { 2 };
        let cells = usize::from(automaton.state_count() - 3) * usize::from(automaton.classes().count());
        128 + 4 * automaton.classes().ranges().len() + width * cells
    };
    decider.parts().iter().map(|part| table(&part.automaton)).sum()
}
