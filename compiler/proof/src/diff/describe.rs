//! A change in the patterns of the sources: `P unless D1 … Dn`.
//!
//! A text that is decided otherwise is taken by a rule that one program has and the other has not. So a change is described by these rules'
//! patterns, each with what has to be taken away from it, or what it has to be narrowed to. Every description is checked against the
//! programs themselves: one is exact only where no text is in one and not in the other.

use std::collections::HashMap;

use masque_automata::{Action, MatchMode, Pattern, Rule, Token, expansion};

use super::search::{Of, Search, Taker, TooLarge};
use super::witness::Words;
use super::{Glob, Item};
use crate::derivatives::Alphabet;

/// The most patterns that one change is described by; what is left is said to be left.
pub(super) const MOST_ITEMS: usize = 100;

/// The most patterns that are taken away from one.
const MOST_EXCEPTIONS: usize = 256;

/// So many patterns are taken away one by one, the fewest that do; beyond, all that may be are.
const FEW_EXCEPTIONS: usize = 8;

/// The most states that the searches for one change's descriptions may visit, all automata counted; then they say "some of".
const MOST_WORK: usize = 1 << 18;

/// The most patterns that one is narrowed to.
const MOST_NARROWINGS: usize = 2;

/// The rules of both programs that are there in sessions of one kind.
pub(super) struct Rules {
    /// Each once, by what it takes; in the order of the new source, then of the old.
    pub(super) rules: Vec<Rule>,
    /// What each begins with, up to the first choice.
    prefixes: Vec<Vec<char>>,
    /// Positions of those that one program has and the other has not.
    pub(super) changed: Vec<usize>,
}

impl Rules {
    pub(super) fn new(old: &[Rule], new: &[Rule]) -> Self {
        let mut known: HashMap<Vec<Token>, usize> = HashMap::new();
        let mut all = Self { rules: Vec::new(), prefixes: Vec::new(), changed: Vec::new() };
        // For each program, what is done to the texts of each pattern.
        let mut actions: Vec<[[bool; 2]; 2]> = Vec::new();
        for (side, rules) in [(1, new), (0, old)] {
            for rule in rules {
                let tokens = expansion(rule);
                let fresh = all.rules.len();
                let at = *known.entry(tokens).or_insert(fresh);
                if at == fresh {
                    all.prefixes.push(prefix(&expansion(rule)));
                    all.rules.push(rule.clone());
                    actions.push([[false; 2]; 2]);
                }
                actions[at][side][usize::from(rule.action == Action::Deny)] = true;
            }
        }
        all.changed = (0..all.rules.len()).filter(|&at| actions[at][0] != actions[at][1]).collect();
        all
    }

    /// Whether the two may take a text together, as far as their beginnings show.
    fn may_meet(&self, one: usize, other: usize) -> bool {
        self.prefixes[one].iter().zip(&self.prefixes[other]).all(|(one, other)| one == other)
    }
}

/// What every text begins with that these tokens take.
fn prefix(tokens: &[Token]) -> Vec<char> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            Token::Literal(c) => found.push(*c),
            Token::Alternates(branches) => {
                let mut branches = branches.iter().map(|branch| prefix(branch));
                let mut common = branches.next().unwrap_or_default();
                for branch in branches {
                    let same = common.iter().zip(&branch).take_while(|(one, other)| one == other).count();
                    common.truncate(same);
                }
                found.extend(common);
                break;
            }
            Token::Any | Token::Star | Token::Class(_) => break,
        }
    }
    found
}

/// One change, in sessions of one kind.
pub(super) struct Change<'a> {
    pub(super) search: Search<'a>,
    pub(super) rules: &'a Rules,
    pub(super) words: Words<'a>,
    /// What is not described: intents of several clauses.
    pub(super) apart: Option<Taker>,
    takers: HashMap<usize, Option<Taker>>,
}

/// A change in patterns.
pub(super) struct Description {
    pub(super) items: Vec<Item>,
    /// Whether the items are the change, no more and no less.
    pub(super) exact: bool,
}

/// Why a set of texts has no exact description here.
enum Stuck {
    TooLarge,
    NoPattern,
}

impl From<TooLarge> for Stuck {
    fn from(_: TooLarge) -> Self {
        Self::TooLarge
    }
}

impl<'a> Change<'a> {
    pub(super) fn new(search: Search<'a>, rules: &'a Rules, words: Words<'a>) -> Self {
        Self { search, rules, words, apart: None, takers: HashMap::new() }
    }

    /// Describes the change by the patterns that changed, or by all.
    pub(super) fn describe(&mut self, among: &[usize]) -> Description {
        let mut description = Description { items: Vec::new(), exact: true };
        let mut named: Vec<usize> = Vec::new();
        let needed = self.needed(among);
        for &at in needed.iter().take(MOST_ITEMS) {
            match self.narrowed(&[at]) {
                Ok(items) => {
                    if !items.is_empty() {
                        named.push(at);
                    }
                    description.exact &= items.iter().all(|item| item.exact);
                    description.items.extend(items);
                }
                Err(_) => description.exact = false,
            }
        }
        let left = match self.left_over(&named) {
            Ok(left) => left,
            Err(_) if description.items.is_empty() => {
                self.search.shortest(Of::Change, &[], &[]).ok().flatten()
            }
            Err(_) => {
                description.exact = false;
                None
            }
        };
        if let Some(shortest) = left {
            description.exact = false;
            let natural = shortest.clone();
            let (all_of, unless) = (Vec::new(), Vec::new());
            description.items.push(Item { all_of, unless, exact: false, shortest, natural });
        }
        description
    }

    /// The shortest text of the change that none of these takes.
    fn left_over(&mut self, named: &[usize]) -> Result<Option<String>, TooLarge> {
        let union = Taker::new(named.iter().map(|&at| &self.rules.rules[at]), self.search.alphabet);
        let union = union.ok_or(TooLarge)?;
        let outside: Vec<&Taker> = std::iter::once(&union).chain(&self.apart).collect();
        self.search.shortest(Of::Change, &[], &outside)
    }

    /// The patterns that take texts of the change which no other of them takes.
    fn needed(&mut self, among: &[usize]) -> Vec<usize> {
        const MOST_COMPARED: usize = 64;
        let touches = |this: &mut Self, at: usize| {
            this.find_any(Of::Change, &[at], &[]).map_or(true, |found| found.is_some())
        };
        let mut needed: Vec<usize> = among.iter().copied().filter(|&at| touches(self, at)).collect();
        if needed.len() > MOST_COMPARED {
            return needed;
        }
        // First go those that would have to be narrowed, then the narrow ones, so that what stays is few and says it all.
        let mut order: Vec<(bool, usize, usize)> = Vec::new();
        for &at in &needed {
            order.push((self.exceptions(&[at]).is_ok(), usize::MAX - weight(&self.rules.rules[at]), at));
        }
        order.sort_unstable();
        for (_, _, at) in order {
            let others: Vec<usize> = needed
                .iter()
                .copied()
                .filter(|&other| other != at && self.rules.may_meet(at, other))
                .collect();
            if !others.is_empty() && matches!(self.find(Of::Change, &[at], &others), Ok(None)) {
                needed.retain(|&kept| kept != at);
            }
        }
        needed
    }

    /// The texts of the change that all of `bases` take.
    fn narrowed(&mut self, bases: &[usize]) -> Result<Vec<Item>, TooLarge> {
        let Some(shortest) = self.find_any(Of::Change, bases, &[])? else { return Ok(Vec::new()) };
        let items = match self.exceptions(bases) {
            Ok(unless) => vec![self.item(bases, &unless, true, shortest)],
            Err((Stuck::NoPattern, stray)) if bases.len() <= MOST_NARROWINGS => {
                match self.within(bases, &stray) {
                    Ok(items) if items.iter().all(|item| item.exact) => items,
                    Ok(_) | Err(_) => vec![self.item(bases, &[], false, shortest)],
                }
            }
            Err(_) => vec![self.item(bases, &[], false, shortest)],
        };
        Ok(items)
    }

    /// The patterns to take away from what all of `bases` take, so that the change is left; or a text that none takes away.
    fn exceptions(&mut self, bases: &[usize]) -> Result<Vec<usize>, (Stuck, String)> {
        let failed = |_| (Stuck::TooLarge, String::new());
        let mut chosen: Vec<usize> = Vec::new();
        while let Some(stray) = self.find(Of::Rest, bases, &chosen).map_err(failed)? {
            if chosen.len() == FEW_EXCEPTIONS {
                return self.all_exceptions(bases).ok_or((Stuck::TooLarge, stray));
            }
            let mut candidates: Vec<usize> = (0..self.rules.rules.len())
                .filter(|at| !bases.contains(at) && bases.iter().all(|&base| self.rules.may_meet(base, *at)))
                .collect();
            candidates.sort_by_key(|&at| weight(&self.rules.rules[at]));
            let mut found = None;
            for at in candidates {
                if !self.takes(at, &stray) {
                    continue;
                }
                let with: Vec<usize> = bases.iter().copied().chain([at]).collect();
                if self.find(Of::Change, &with, &[]).map_err(failed)?.is_none() {
                    found = Some(at);
                    break;
                }
            }
            match found {
                Some(at) => chosen.push(at),
                None => return Err((Stuck::NoPattern, stray)),
            }
        }
        for at in chosen.clone() {
            let rest: Vec<usize> = chosen.iter().copied().filter(|&other| other != at).collect();
            if matches!(self.find(Of::Rest, bases, &rest), Ok(None)) {
                chosen = rest;
            }
        }
        Ok(chosen)
    }

    /// Every pattern that may be taken away, where that leaves the change.
    fn all_exceptions(&mut self, bases: &[usize]) -> Option<Vec<usize>> {
        let mut chosen = Vec::new();
        for at in 0..self.rules.rules.len() {
            let may_meet = bases.iter().all(|&base| self.rules.may_meet(base, at));
            if bases.contains(&at) || !may_meet {
                continue;
            }
            let with: Vec<usize> = bases.iter().copied().chain([at]).collect();
            if self.find(Of::Change, &with, &[]).ok()?.is_none() {
                chosen.push(at);
            }
            if chosen.len() > MOST_EXCEPTIONS {
                return None;
            }
        }
        self.find(Of::Rest, bases, &chosen).ok()?.is_none().then_some(chosen)
    }

    /// Narrows `bases` to further patterns that do not take `stray`, which is not of the change.
    fn within(&mut self, bases: &[usize], stray: &str) -> Result<Vec<Item>, Stuck> {
        let mut candidates = Vec::new();
        for at in 0..self.rules.rules.len() {
            if bases.contains(&at) || self.takes(at, stray) {
                continue;
            }
            let with: Vec<usize> = bases.iter().copied().chain([at]).collect();
            if self.find(Of::Change, &with, &[])?.is_some() {
                candidates.push(at);
            }
        }
        for &at in &candidates {
            if self.find(Of::Change, bases, &[at])?.is_none() {
                let with: Vec<usize> = bases.iter().copied().chain([at]).collect();
                return Ok(self.narrowed(&with)?);
            }
        }
        if candidates.len() > MOST_ITEMS || self.find(Of::Change, bases, &candidates)?.is_some() {
            return Err(Stuck::NoPattern);
        }
        for at in candidates.clone() {
            let rest: Vec<usize> = candidates.iter().copied().filter(|&other| other != at).collect();
            if self.find(Of::Change, bases, &rest)?.is_none() {
                candidates = rest;
            }
        }
        let mut items = Vec::new();
        for at in candidates {
            let with: Vec<usize> = bases.iter().copied().chain([at]).collect();
            items.extend(self.narrowed(&with)?);
        }
        Ok(items)
    }

    fn item(&self, bases: &[usize], unless: &[usize], exact: bool, shortest: String) -> Item {
        let globs = |of: &[usize]| of.iter().map(|&at| Glob::of(&self.rules.rules[at])).collect();
        let rules: Vec<&Rule> = bases.iter().map(|&at| &self.rules.rules[at]).collect();
        let fits = |text: &str| {
            let is_apart = self.apart.as_ref().is_some_and(|apart| apart.takes(text));
            !is_apart
                && bases.iter().all(|at| self.takers[at].as_ref().is_some_and(|taker| taker.takes(text)))
        };
        let natural = self.words.natural(&rules, &shortest, fits);
        Item { all_of: globs(bases), unless: globs(unless), exact, shortest, natural }
    }

    fn takes(&mut self, at: usize, text: &str) -> bool {
        self.learn(at);
        self.takers[&at].as_ref().is_some_and(|taker| taker.takes(text))
    }

    fn learn(&mut self, at: usize) {
        let (rules, alphabet) = (self.rules, self.search.alphabet);
        self.takers.entry(at).or_insert_with(|| Taker::new([&rules.rules[at]], alphabet));
    }

    /// As [`Self::find_any`], for as long as there is work left to do.
    fn find(&mut self, of: Of, inside: &[usize], outside: &[usize]) -> Result<Option<String>, TooLarge> {
        if self.search.visited.get() > MOST_WORK { Err(TooLarge) } else { self.find_any(of, inside, outside) }
    }

    /// The shortest text of the change, or of the rest, that all of `inside` take and none of `outside`.
    fn find_any(&mut self, of: Of, inside: &[usize], outside: &[usize]) -> Result<Option<String>, TooLarge> {
        inside.iter().for_each(|&at| self.learn(at));
        let mut without = Vec::new();
        if !outside.is_empty() {
            let rules = outside.iter().map(|&at| &self.rules.rules[at]);
            without.push(Taker::new(rules, self.search.alphabet).ok_or(TooLarge)?);
        }
        let inside: Option<Vec<&Taker>> = inside.iter().map(|at| self.takers[at].as_ref()).collect();
        let outside: Vec<&Taker> = without.iter().chain(&self.apart).collect();
        self.search.shortest(of, &inside.ok_or(TooLarge)?, &outside)
    }
}

/// How much a pattern says: those that say little come first, since they take more.
fn weight(rule: &Rule) -> usize {
    rule.pattern.text().chars().filter(|c| c.is_alphanumeric()).count()
}

/// The intents that have more than one clause, or at least something that parts clauses.
pub(super) fn compound(alphabet: &Alphabet) -> Option<Taker> {
    let rule = |pattern: &str| Rule {
        action: Action::Allow,
        mode: MatchMode::Exact,
        pattern: Pattern::parse(pattern).expect("the pattern is well-formed"),
    };
    let parted = ["*[,;]*", "*&&*", "{,* }{and,then}{, *}"].map(rule);
    Taker::new(&parted, alphabet)
}
