//! Rules to automata: one if it stays small, several that are run in turn if it does not.

use crate::alphabet::Alphabet;
use crate::automaton::{Automaton, MAX_CLASSES, MAX_STATES};
use crate::dense::{Dense, Overflow};
use crate::expand::{Expanded, expand};
use crate::minimise::minimise;
use crate::pattern::Token;
use crate::subset::{Budget, Subsets};
use crate::{Action, Clauses, Decision, Rule, canonical, each, nfa, whole};

/// A compiled rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decider {
    parts: Vec<Part>,
}

/// Some rules of the set and their automaton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What decides for these rules.
    pub automaton: Automaton,
    /// Which rules these are, as ascending indices into the rule set.
    pub rules: Vec<usize>,
}

impl Decider {
    /// The parts; at least one, and only one unless a single automaton would be too large.
    ///
    /// The decision of the set is denied if any part denies, else allowed if any part allows, else unmatched.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The decision on a text, which need not be normalised (NFKC apart).
    #[must_use]
    pub fn decide(&self, text: &str) -> Decision {
        self.parts.iter().map(|part| part.automaton.decide(text)).fold(Decision::Unmatched, Decision::or)
    }
}

/// No automaton within the limits decides these rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pattern needs too large an automaton: given up at {states} states")]
pub struct TooLarge {
    /// The rule to blame: an index into the rule set.
    pub rule: usize,
    /// How many states there were when the construction was given up.
    pub states: usize,
    /// What is too large.
    pub extent: Extent,
}

/// What needs too large an automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The rule alone.
    Rule,
    /// All allow rules together, which [`Clauses::Each`] needs in one automaton; the rule to blame multiplies states most.
    AllowRules,
}

/// Compiles rules. Without any, every text is unmatched.
///
/// Under [`Clauses::Each`] all allow rules are in one part: "every clause is allowed" is no union over parts of the rules.
///
/// # Errors
/// If a single rule, or under [`Clauses::Each`] the allow rules together, need more than [`MAX_STATES`] states or [`MAX_CLASSES`]
/// classes, or too much work to find out. Time and memory are bounded for every rule set.
pub fn compile(rules: &[Rule], clauses: Clauses) -> Result<Decider, TooLarge> {
    let expanded: Vec<Expanded<'_>> = rules.iter().map(expand).collect();
    let compiler = Compiler { rules, expanded, clauses };
    let all: Vec<usize> = (0..rules.len()).collect();
    let mut parts = Vec::new();
    match compiler.attempt(&all, Limit::Linear) {
        Ok(automaton) => parts.push(Part { automaton, rules: all }),
        Err(_) => compiler.split(all, &mut parts)?,
    }
    Ok(Decider { parts })
}

/// How far an attempt may go before it is given up.
#[derive(Clone, Copy)]
enum Limit {
    /// As far as harmless rules go, so that exponential families are noticed early.
    Linear,
    /// As far as an automaton may go: for what can't be split any further.
    Hard,
}

/// How many rules that multiply states are tried together at first.
const FIRST_CHUNK: usize = 16;

struct Compiler<'a> {
    rules: &'a [Rule],
    expanded: Vec<Expanded<'a>>,
    clauses: Clauses,
}

impl Compiler<'_> {
    /// Compiles what is too large in one piece.
    fn split(&self, all: Vec<usize>, parts: &mut Vec<Part>) -> Result<(), TooLarge> {
        let (fixed, free): (Vec<usize>, Vec<usize>) = match self.clauses {
            Clauses::Whole => (Vec::new(), all),
            Clauses::Each => all.into_iter().partition(|&rule| self.rules[rule].action == Action::Allow),
        };
        if !fixed.is_empty() {
            let automaton =
                self.attempt(&fixed, Limit::Hard).map_err(|overflow| self.blame(&fixed, &overflow))?;
            parts.push(Part { automaton, rules: fixed });
        }
        let (harmless, harmful): (Vec<usize>, Vec<usize>) =
            free.into_iter().partition(|&rule| inner_stars(&self.expanded[rule].tokens) == 0);
        self.bisect(&harmless, parts)?;
        self.pack(harmful, parts)
    }

    /// Halves until it fits.
    fn bisect(&self, rules: &[usize], parts: &mut Vec<Part>) -> Result<(), TooLarge> {
        let limit = match rules {
            [] => return Ok(()),
            [_] => Limit::Hard,
            _ => Limit::Linear,
        };
        match self.attempt(rules, limit) {
            Ok(automaton) => parts.push(Part { automaton, rules: rules.to_vec() }),
            Err(Overflow { states }) => match rules {
                &[rule] => return Err(TooLarge { rule, states, extent: Extent::Rule }),
                _ => {
                    let (left, right) = rules.split_at(rules.len() / 2);
                    self.bisect(left, parts)?;
                    self.bisect(right, parts)?;
                }
            },
        }
        Ok(())
    }

    /// Packs rules that multiply each other's states, the tamest first, as many to a part as go.
    fn pack(&self, mut rules: Vec<usize>, parts: &mut Vec<Part>) -> Result<(), TooLarge> {
        rules.sort_by_key(|&rule| inner_stars(&self.expanded[rule].tokens));
        let mut size = FIRST_CHUNK;
        let mut rest = &rules[..];
        while !rest.is_empty() {
            size = size.min(rest.len());
            let (chunk, others) = rest.split_at(size);
            let limit = if size == 1 { Limit::Hard } else { Limit::Linear };
            match self.attempt(chunk, limit) {
                Ok(automaton) => {
                    let mut rules = chunk.to_vec();
                    rules.sort_unstable();
                    parts.push(Part { automaton, rules });
                    rest = others;
                    size += 1;
                }
                Err(Overflow { states }) if size == 1 => {
                    return Err(TooLarge { rule: chunk[0], states, extent: Extent::Rule });
                }
                Err(_) => size = size.div_ceil(2),
            }
        }
        Ok(())
    }

    /// Of rules that are too large together, the one that multiplies states most.
    fn blame(&self, rules: &[usize], overflow: &Overflow) -> TooLarge {
        let weight = |&rule: &usize| {
            let tokens = &self.expanded[rule].tokens;
            (inner_stars(tokens), tokens.len())
        };
        let rule = rules.iter().copied().max_by_key(weight).expect("no rules are never too large");
        let extent = if rules.len() == 1 { Extent::Rule } else { Extent::AllowRules };
        TooLarge { rule, states: overflow.states, extent }
    }

    fn attempt(&self, rules: &[usize], limit: Limit) -> Result<Automaton, Overflow> {
        let separators = self.clauses == Clauses::Each;
        let alphabet = Alphabet::new(rules.iter().map(|&rule| &*self.expanded[rule].tokens), separators);
        if alphabet.len() > MAX_CLASSES {
            return Err(Overflow { states: MAX_STATES });
        }
        let raw = match self.clauses {
            Clauses::Whole => {
                let (normal, budget) = self.determinise(rules, &alphabet, limit)?;
                whole::compose(normal, alphabet.of(' '), budget)?
            }
            Clauses::Each => self.each(rules, &alphabet, limit)?,
        };
        canonical::number(&minimise(&raw), &alphabet)
    }

    fn each(&self, rules: &[usize], alphabet: &Alphabet, limit: Limit) -> Result<Dense, Overflow> {
        let denies = |rule: &usize| self.rules[*rule].action == Action::Deny;
        let by_clause = |rule: &usize| !denies(rule) || !self.expanded[*rule].takes_around();
        let over_whole: Vec<usize> = rules.iter().copied().filter(denies).collect();
        let over_clause: Vec<usize> = rules.iter().copied().filter(by_clause).collect();
        let after_failure: Vec<usize> = over_clause.iter().copied().filter(denies).collect();
        let (whole, _) = self.minimal(&over_whole, alphabet, limit)?;
        let (denies, _) = self.minimal(&after_failure, alphabet, limit)?;
        let (clause, budget) = self.minimal(&over_clause, alphabet, limit)?;
        each::compose(&each::Parts { whole: &whole, clause: &clause, denies: &denies }, alphabet, budget)
    }

    fn minimal(
        &self,
        rules: &[usize],
        alphabet: &Alphabet,
        limit: Limit,
    ) -> Result<(Dense, Budget), Overflow> {
        let (normal, budget) = self.determinise(rules, alphabet, limit)?;
        Ok((minimise(&normal.complete()?), budget))
    }

    fn determinise(
        &self,
        rules: &[usize],
        alphabet: &Alphabet,
        limit: Limit,
    ) -> Result<(Subsets, Budget), Overflow> {
        let nfa = nfa::build(rules.iter().map(|&rule| (self.rules[rule].action, &self.expanded[rule])));
        let budget = budget(nfa.nodes.len(), alphabet.len(), limit);
        Ok((Subsets::new(&nfa, alphabet, budget)?, budget))
    }
}

/// The states before minimisation, and the work, that are granted.
fn budget(nodes: usize, classes: usize, limit: Limit) -> Budget {
    /// The most cells of a table before minimisation: bounds memory.
    const CELLS: usize = 1 << 23;
    let most = (4 * MAX_STATES).min(CELLS / classes);
    match limit {
        Limit::Linear => {
            let states = (2048 + 4 * nodes).min(most);
            Budget { states, work: 64 * states * classes.min(64) }
        }
        Limit::Hard => Budget { states: most, work: 1 << 28 },
    }
}

/// The stars of a pattern that multiply states: those with something before and something after them, which a search that has no
/// fixed beginning has to keep apart from all the others. A pattern that begins with a literal has none: its own beginning tells it apart.
fn inner_stars(tokens: &[Token]) -> usize {
    if matches!(tokens.first(), Some(Token::Literal(_) | Token::Alternates(_))) && !has_wildcard(&tokens[..1])
    {
        return 0;
    }
    let begins = matches!(tokens, [Token::Star, ..]);
    let ends = matches!(tokens, [_, .., Token::Star]);
    count_wildcards(tokens) - usize::from(begins) - usize::from(ends)
}

fn has_wildcard(tokens: &[Token]) -> bool {
    count_wildcards(tokens) > 0
}

fn count_wildcards(tokens: &[Token]) -> usize {
    let count = |token: &Token| match token {
        Token::Star | Token::Any => 1,
        Token::Literal(_) | Token::Class(_) => 0,
        Token::Alternates(branches) => branches.iter().map(|branch| count_wildcards(branch)).sum(),
    };
    tokens.iter().map(count).sum()
}
