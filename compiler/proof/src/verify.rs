//! A program against the rules in its manifest.
//!
//! The rules' language is built a second time, by derivatives, and compared with the automata that were read from the bytes: in every
//! valuation of the conditions that guard rules, part by part as the manifest divides the rules. Two machines are equal if no pair
//! of states that a text leads to decides differently (J. Hopcroft, R. Karp, "A linear algorithm for testing equivalence of finite
//! automata", 1971).
//!
//! That the parts together decide as all rules do, rests on this: a denial by any part denies, and an allowance by any part allows
//! what none denies. That holds of every division of the rules; where clauses are judged one by one, of those that leave the allow
//! rules together, which is checked.

mod bisimulation;
mod difference;

use std::collections::{BTreeSet, HashMap};

use masque_abi::manifest as wire;
use masque_automata::{Action, Clauses, Decision, MatchMode, Pattern, PatternError, Rule, verbs};
use masque_decode::{Component, Program, Verdict};
use sha2::{Digest, Sha256};

use self::bisimulation::{Outcome, compare};
use self::difference::{Whole, shortest};

/// The most that is kept of the states of two machines before a proof is given up: elements of sets.
const MOST_WEIGHT: usize = 1 << 24;

/// The most that is kept where all parts are compared with all rules together.
const MOST_TOGETHER: usize = 1 << 21;

/// The most conditions that rules may have.
const MOST_CONDITIONS: usize = 16;

/// That a program decides as its manifest's rules say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Rules.
    pub rules: usize,
    /// Valuations of the conditions of rules.
    pub worlds: usize,
    /// Comparisons of an automaton with the rules that it stands for; equal ones count once.
    pub comparisons: usize,
    /// Pairs of states that were compared.
    pub pairs: usize,
}

/// Why there is no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// The program decides otherwise than the rules.
    #[error("the program decides `{intent}` otherwise than its rules")]
    Differs {
        /// The shortest intent on which they differ.
        intent: String,
        /// What the program decides.
        program: Decision,
        /// What the rules decide.
        rules: Decision,
        /// The conditions of rules, by their position in the manifest, and whether they hold.
        conditions: Vec<(usize, bool)>,
    },
    /// The manifest makes no sense with this program.
    #[error("the manifest does not fit the program: {0}")]
    Manifest(String),
    /// The pair of machines is too large to be compared.
    #[error("the rules are too many to be compared: given up at {0} pairs of states")]
    TooLarge(usize),
}

/// Proves that a program decides every intent as the rules in its manifest say, in every session.
///
/// # Errors
/// When it does not, or when that can't be found out.
pub fn verify(component: &Component) -> Result<Proof, Unproved> {
    let Component { manifest, program, .. } = component;
    let Some(intent) = &manifest.intent else {
        return without_rules(program);
    };
    Rules::new(intent, manifest.conditions.len())?.prove(program, &intent.parts)
}

/// Without rules everything is allowed, or nothing where there is access to protect.
fn without_rules(program: &Program) -> Result<Proof, Unproved> {
    let allows = program.default == masque_abi::Decision::Allowed && program.parts.is_empty();
    if !allows {
        return Err(Unproved::Manifest(
            "it has no rules, but the program does not allow everything".to_owned(),
        ));
    }
    if !program.access.is_empty() {
        return Err(Unproved::Manifest("it has no rules, but the program asks for access".to_owned()));
    }
    Ok(Proof { worlds: 1, ..Proof::default() })
}

struct Rules {
    rules: Vec<Rule>,
    /// When each rule is there, as a bit; nothing where it always is.
    bits: Vec<Option<u32>>,
    clauses: Clauses,
    /// The conditions by bit.
    conditions: Vec<usize>,
}

impl Rules {
    fn new(intent: &wire::Intent, known: usize) -> Result<Self, Unproved> {
        let manifest = |what: &str| Unproved::Manifest(what.to_owned());
        if intent.verbs_sha256 != masque_abi::hex(&Sha256::digest(verbs::TABLE)) {
            return Err(manifest("its rules were read with another table of verbs"));
        }
        let conditions: BTreeSet<usize> = intent.rules.iter().filter_map(|rule| rule.when).collect();
        if conditions.iter().any(|&condition| condition >= known) {
            return Err(manifest("a rule depends on a condition that there is not"));
        }
        let conditions: Vec<usize> = conditions.into_iter().collect();
        if conditions.len() > MOST_CONDITIONS {
            return Err(manifest("its rules depend on too many conditions"));
        }
        let bit = |when| conditions.iter().zip(0..).find(|&(&known, _)| known == when).map(|(_, bit)| bit);
        let read = |rule: &wire::Rule| {
            self::rule(rule)
                .map_err(|error| Unproved::Manifest(format!("`{}` is no pattern: {error}", rule.pattern)))
        };
        Ok(Self {
            rules: intent.rules.iter().map(read).collect::<Result<_, _>>()?,
            bits: intent.rules.iter().map(|rule| rule.when.and_then(bit)).collect(),
            clauses: match intent.clauses {
                wire::Clauses::Whole => Clauses::Whole,
                wire::Clauses::Each => Clauses::Each,
            },
            conditions,
        })
    }

    fn prove(&self, program: &Program, parts: &[Vec<usize>]) -> Result<Proof, Unproved> {
        let parts = self.parts(program, parts)?;
        let default = Verdict::Constant(program.default);
        let mut proof = Proof { rules: self.rules.len(), ..Proof::default() };
        let mut compared: HashMap<(Option<usize>, Vec<usize>), bool> = HashMap::new();
        for world in self.worlds(program) {
            proof.worlds += 1;
            let there = |rule: &usize| self.bits[*rule].is_none_or(|bit| world.rules & (1 << bit) != 0);
            let mut rest: BTreeSet<usize> = (0..self.rules.len()).filter(there).collect();
            let mut groups = Vec::new();
            for (at, part) in program.parts.iter().enumerate().filter(|(_, part)| part.runs(world.guards)) {
                let group: Vec<usize> = parts[at].iter().copied().filter(there).collect();
                group.iter().for_each(|rule| _ = rest.remove(rule));
                groups.push((Some(at), &part.verdict, group));
            }
            // What is in no part that runs, decides the same everywhere.
            groups.push((None, &default, rest.into_iter().collect()));
            let mut equal = self.divides(&groups);
            for (at, verdict, group) in groups {
                let key = (at, group);
                equal &= match compared.get(&key) {
                    Some(&equal) => equal,
                    None => {
                        let equal = self.equal(verdict, &key.1, &mut proof)?;
                        compared.insert(key, equal);
                        equal
                    }
                };
            }
            if !equal {
                self.together(program, world, &there, &mut proof)?;
            }
        }
        Ok(proof)
    }

    /// The rules of each part, as the manifest divides them.
    fn parts(&self, program: &Program, parts: &[Vec<usize>]) -> Result<Vec<Vec<usize>>, Unproved> {
        if parts.is_empty() {
            return Ok(vec![(0..self.rules.len()).collect(); program.parts.len()]);
        }
        let known = parts.iter().flatten().all(|&rule| rule < self.rules.len());
        if parts.len() != program.parts.len() || !known {
            return Err(Unproved::Manifest(
                "it divides the rules otherwise than the program has parts".to_owned(),
            ));
        }
        Ok(parts.to_vec())
    }

    /// Whether the groups may be judged apart.
    fn divides(&self, groups: &[(Option<usize>, &Verdict, Vec<usize>)]) -> bool {
        let allows = |group: &[usize]| group.iter().any(|&rule| self.rules[rule].action == Action::Allow);
        self.clauses == Clauses::Whole || groups.iter().filter(|(_, _, group)| allows(group)).count() <= 1
    }

    fn some(&self, group: impl IntoIterator<Item = usize>) -> Vec<Rule> {
        group.into_iter().map(|rule| self.rules[rule].clone()).collect()
    }

    fn equal(&self, verdict: &Verdict, group: &[usize], proof: &mut Proof) -> Result<bool, Unproved> {
        proof.comparisons += 1;
        match compare(verdict, &self.some(group.iter().copied()), self.clauses) {
            Outcome::Equal { pairs } => {
                proof.pairs += pairs;
                Ok(true)
            }
            Outcome::Different => Ok(false),
            Outcome::TooLarge { pairs } => Err(Unproved::TooLarge(pairs)),
        }
    }

    /// Compares all parts that run with all rules that are there, where they could not be compared one by one.
    fn together(
        &self,
        program: &Program,
        world: World,
        there: &impl Fn(&usize) -> bool,
        proof: &mut Proof,
    ) -> Result<(), Unproved> {
        let rules = self.some((0..self.rules.len()).filter(there));
        let whole = Whole::new(program, world.guards);
        match shortest(&whole, &rules, self.clauses) {
            Err(pairs) => Err(Unproved::TooLarge(pairs)),
            Ok(Err(pairs)) => {
                proof.comparisons += 1;
                proof.pairs += pairs;
                Ok(())
            }
            Ok(Ok(found)) => Err(Unproved::Differs {
                intent: found.intent,
                program: found.program,
                rules: found.rules,
                conditions: self
                    .conditions
                    .iter()
                    .enumerate()
                    .map(|(bit, &condition)| (condition, world.rules & (1 << bit) != 0))
                    .collect(),
            }),
        }
    }

    /// Every valuation of the conditions that rules or parts depend on.
    fn worlds(&self, program: &Program) -> Vec<World> {
        let all: BTreeSet<usize> = self.conditions.iter().chain(&program.guards).copied().collect();
        let all: Vec<usize> = all.into_iter().collect();
        let bits = |of: &[usize], valuation: u32| {
            let holds = |condition: &usize| {
                let at = all.iter().position(|known| known == condition).expect("all conditions are known");
                valuation & (1 << at) != 0
            };
            of.iter().rev().fold(0, |bits, condition| bits << 1 | u32::from(holds(condition)))
        };
        (0..1 << all.len())
            .map(|valuation| World {
                rules: bits(&self.conditions, valuation),
                guards: bits(&program.guards, valuation),
            })
            .collect()
    }
}

/// A valuation of conditions.
#[derive(Clone, Copy)]
struct World {
    /// By bit of [`Rules::conditions`].
    rules: u32,
    /// By bit of [`Program::guards`].
    guards: u32,
}

/// A rule as the manifest has it.
pub(crate) fn rule(rule: &wire::Rule) -> Result<Rule, PatternError> {
    Ok(Rule {
        action: match rule.action {
            wire::Action::Allow => Action::Allow,
            wire::Action::Deny => Action::Deny,
        },
        mode: match rule.mode {
            wire::MatchMode::Verb => MatchMode::Verb,
            wire::MatchMode::Exact => MatchMode::Exact,
        },
        pattern: Pattern::parse(&rule.pattern)?,
    })
}

pub(crate) fn decision(decision: masque_abi::Decision) -> Decision {
    match decision {
        masque_abi::Decision::Allowed => Decision::Allowed,
        masque_abi::Decision::Denied => Decision::Denied,
        masque_abi::Decision::Unmatched => Decision::Unmatched,
    }
}
