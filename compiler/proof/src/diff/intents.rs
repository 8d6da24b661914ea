//! Intents that are decided otherwise, in every kind of session.

use std::cell::Cell;

use masque_abi::manifest as wire;
use masque_automata::{Action, Decision, MatchMode, Pattern, Rule, Token, expansion};
use masque_decode::Component;

use super::count::Counts;
use super::describe::{Change, Description, Rules, compound};
use super::product::{Pair, Product};
use super::search::Search;
use super::sessions::{Sessions, Side};
use super::when::when;
use super::witness::Words;
use super::{IntentChange, Intents, Scope, TooLarge, Unknown};
use crate::derivatives::Alphabet;
use crate::verify;

/// Every way in which a decision can become another: what lets more through first.
const KINDS: [(Decision, Decision); 6] = [
    (Decision::Denied, Decision::Allowed),
    (Decision::Unmatched, Decision::Allowed),
    (Decision::Denied, Decision::Unmatched),
    (Decision::Allowed, Decision::Unmatched),
    (Decision::Allowed, Decision::Denied),
    (Decision::Unmatched, Decision::Denied),
];

/// What both programs do in sessions of one kind.
#[derive(Clone, PartialEq, Eq)]
struct Kind {
    /// The guards of each program.
    guards: [u32; 2],
    /// The rules of each program that are there, by their positions.
    rules: [Vec<usize>; 2],
}

/// Compares what two programs decide, in all sessions.
pub(super) fn compare(
    old: &Component,
    new: &Component,
    sessions: &Sessions,
) -> Result<Vec<Intents>, Unknown> {
    let mut kinds: Vec<(Kind, Vec<bool>)> = Vec::new();
    for (at, (bits, _)) in sessions.valuations.iter().enumerate() {
        let kind = Kind::new([old, new], sessions, *bits);
        let index = kinds.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
            kinds.push((kind, vec![false; sessions.valuations.len()]));
            kinds.len() - 1
        });
        kinds[index].1[at] = true;
    }
    // Other sessions in which the same changes.
    let mut found: Vec<(Intents, Vec<bool>)> = Vec::new();
    for (kind, inside) in kinds {
        let Some(intents) = of_kind([old, new], &kind)? else { continue };
        match found.iter_mut().find(|(known, _)| *known == intents) {
            Some((_, known)) => known.iter_mut().zip(inside).for_each(|(known, inside)| *known |= inside),
            None => found.push((intents, inside)),
        }
    }
    let placed = |(intents, inside): (Intents, Vec<bool>)| {
        let when = when(sessions, &inside);
        let example = sessions.valuations.iter().zip(&inside).find(|(_, inside)| **inside);
        let session = match (&when, example) {
            (super::When::Where(_), Some(((_, facts), _))) => facts.clone(),
            _ => Vec::new(),
        };
        Intents { when, session, ..intents }
    };
    Ok(found.into_iter().map(placed).collect())
}

impl Kind {
    fn new(components: [&Component; 2], sessions: &Sessions, bits: u64) -> Self {
        let of = |side: Side| {
            let Component { program, manifest, .. } = components[side as usize];
            let holds = |condition: usize| sessions.holds(side, condition, bits);
            let guards =
                program.guards.iter().rev().fold(0, |all, &guard| all << 1 | u32::from(holds(guard)));
            let rules = manifest.intent.iter().flat_map(|intent| intent.rules.iter().enumerate());
            let there = rules.filter(|(_, rule)| rule.when.is_none_or(holds)).map(|(at, _)| at);
            (guards, there.collect())
        };
        let ((old, was), (new, is)) = (of(Side::Old), of(Side::New));
        Self { guards: [old, new], rules: [was, is] }
    }
}

/// What changes in sessions of one kind; nothing where nothing does.
fn of_kind(components: [&Component; 2], kind: &Kind) -> Result<Option<Intents>, Unknown> {
    let [old, new] = components;
    let pair = Pair::new([&old.program, &new.program], kind.guards);
    let (was, is) = (rules(old, &kind.rules[0]), rules(new, &kind.rules[1]));
    let mut tokens: Vec<Vec<Token>> = was.iter().chain(&is).map(expansion).collect();
    tokens.sort_by_cached_key(|tokens| format!("{tokens:?}"));
    tokens.dedup();
    let alphabet = Alphabet::new(&tokens, &pair.automata);
    let product = Product::new(&pair, &alphabet).map_err(|partial| {
        let shortest = |&kind: &(Decision, Decision)| partial.shortest(kind, &alphabet);
        let found = KINDS.iter().filter_map(|kind| Some((kind.0, kind.1, shortest(kind)?))).collect();
        Unknown { why: TooLarge::Product, found }
    })?;
    if product.start == Product::ALIKE {
        return Ok(None);
    }
    let rules = Rules::new(&was, &is);
    let [clauses_before, clauses] = components.map(clauses);
    let is_each = [clauses_before, clauses].contains(&wire::Clauses::Each);
    let mut changes = Vec::new();
    for kind in KINDS {
        let leads = product.leading_to(|ends| ends == kind);
        if !leads[product.start as usize] {
            continue;
        }
        let search =
            Search { product: &product, alphabet: &alphabet, leads: &leads, kind, visited: Cell::default() };
        let mut change = Change::new(search, &rules, Words { pair: &pair, kind });
        let all: Vec<usize> = (0..rules.rules.len()).collect();
        let among = if clauses_before == clauses { &rules.changed } else { &all };
        let mut scope = Scope::Intents;
        let mut description = change.describe(among);
        if is_each && !description.exact {
            change.apart = compound(&alphabet);
            let by_clause = change.describe(among);
            if by_clause.exact && !by_clause.items.is_empty() {
                (scope, description) = (Scope::Clauses, by_clause);
            }
        }
        let Description { items, exact } = description;
        changes.push(IntentChange { from: kind.0, to: kind.1, items, exact, scope });
    }
    if changes.is_empty() {
        return Ok(None);
    }
    Ok(Some(Intents {
        when: super::When::Always,
        session: Vec::new(),
        changes,
        gained: Counts::new(&product, &alphabet, |(_, new)| new == Decision::Allowed),
        lost: Counts::new(&product, &alphabet, |(old, _)| old == Decision::Allowed),
    }))
}

/// The rules of a masque at these positions; a masque without rules allows everything.
fn rules(component: &Component, there: &[usize]) -> Vec<Rule> {
    let Some(intent) = &component.manifest.intent else {
        let pattern = Pattern::parse("*").expect("a star is a pattern");
        return vec![Rule { action: Action::Allow, mode: MatchMode::Exact, pattern }];
    };
    // What is no pattern describes nothing: the decisions are the programs' own.
    there.iter().filter_map(|&at| verify::rule(&intent.rules[at]).ok()).collect()
}

fn clauses(component: &Component) -> wire::Clauses {
    component.manifest.intent.as_ref().map_or(wire::Clauses::Whole, |intent| intent.clauses)
}
