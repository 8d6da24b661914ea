//! Claims against the automata of a program.

use masque_automata::{self as automata, Automaton, Decision, Hope, Standing, TooManyStates, shortest_text};
use masque_decode::{Program, Verdict};
use masque_ir as ir;

use crate::worlds::{World, worlds};

/// The most combinations of states that the search for one counterexample visits.
pub const MOST_STATES: usize = 1 << 20;

/// A claim that does not stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Position in [`ir::Masque::ensures`].
    pub ensure: usize,
    /// Position of the pattern in the claim.
    pub pattern: usize,
    /// Why not.
    pub outcome: Outcome,
}

/// Why a claim does not stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is an intent for which it is wrong.
    Refuted {
        /// The shortest one.
        intent: String,
        /// What is decided on it.
        decision: Decision,
        /// What brings it about, for people; empty where every session does.
        because: Vec<String>,
    },
    /// The search was given up.
    Undecided,
}

/// Tries every claim of a masque on its program, and returns those that do not stand: none, where all are proved.
pub fn prove_claims(masque: &ir::Masque, program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (ensure, claim) in masque.ensures.iter().enumerate() {
        for (pattern, (mode, text)) in claim.patterns.iter().enumerate() {
            if let Err(outcome) = prove(masque, program, claim, self::mode(*mode), text) {
                findings.push(Finding { ensure, pattern, outcome });
            }
        }
    }
    findings
}

pub(crate) fn mode(mode: ir::MatchMode) -> automata::MatchMode {
    match mode {
        ir::MatchMode::Verb => automata::MatchMode::Verb,
        ir::MatchMode::Exact => automata::MatchMode::Exact,
    }
}

fn prove(
    masque: &ir::Masque,
    program: &Program,
    claim: &ir::Ensure,
    mode: automata::MatchMode,
    pattern: &str,
) -> Result<(), Outcome> {
    let pattern = automata::Pattern::parse(pattern).expect("the checker has parsed every pattern");
    let rule = automata::Rule { action: automata::Action::Allow, mode, pattern };
    let claimed = automata::compile(&[rule], automata::Clauses::Whole).map_err(|_| Outcome::Undecided)?;
    // Conditions of the program are numbered as those of the checked masque.
    let guards: Vec<ir::ConditionId> = program.guards.iter().map(|&at| ir::ConditionId(at)).collect();
    let asked: Vec<ir::ConditionId> = guards.iter().copied().chain(claim.when).collect();
    let mut tried: Vec<Vec<usize>> = Vec::new();
    let unguarded = claim.when.is_none();
    for world in worlds(masque, &asked) {
        if !unguarded && world.holds.last() == Some(&false) {
            continue;
        }
        let running = running(program, &world.holds[..guards.len()]);
        // Worlds in which the same automata run need one search.
        if tried.contains(&running) {
            continue;
        }
        let parts = Parts::new(program, &running);
        for claimed in claimed.parts() {
            search(claim.claim, &claimed.automaton, &parts, &world, asked.is_empty())?;
        }
        tried.push(running);
    }
    Ok(())
}

/// The positions of the parts that run where the guards hold so.
fn running(program: &Program, holds: &[bool]) -> Vec<usize> {
    let bits = holds.iter().rev().fold(0, |bits, holds| bits << 1 | u32::from(*holds));
    (0..program.parts.len()).filter(|&at| program.parts[at].runs(bits)).collect()
}

/// Parts that run together.
struct Parts<'p> {
    automata: Vec<&'p Automaton>,
    /// What is decided where no automaton decides.
    default: Decision,
    /// A part that denies everything runs.
    denied: bool,
}

impl<'p> Parts<'p> {
    fn new(program: &'p Program, running: &[usize]) -> Self {
        let mut parts = Self { automata: Vec::new(), default: decision(program.default), denied: false };
        for &at in running {
            match &program.parts[at].verdict {
                Verdict::Automaton(automaton) => parts.automata.push(automaton),
                Verdict::Constant(constant) => match decision(*constant) {
                    Decision::Denied => parts.denied = true,
                    Decision::Allowed => parts.default = Decision::Allowed,
                    Decision::Unmatched => {}
                },
            }
        }
        parts
    }

    /// What the parts decide together.
    fn decide(&self, standing: &[Standing]) -> Decision {
        if self.denied || standing.iter().any(|part| part.decision == Decision::Denied) {
            Decision::Denied
        } else if standing.iter().any(|part| part.decision == Decision::Allowed) {
            Decision::Allowed
        } else {
            self.default
        }
    }
}

fn decision(decision: masque_abi::Decision) -> Decision {
    match decision {
        masque_abi::Decision::Allowed => Decision::Allowed,
        masque_abi::Decision::Denied => Decision::Denied,
        masque_abi::Decision::Unmatched => Decision::Unmatched,
    }
}

/// The shortest intent that the claim speaks of and that is decided otherwise.
fn search(
    claim: ir::Claim,
    claimed: &Automaton,
    parts: &Parts<'_>,
    world: &World,
    everywhere: bool,
) -> Result<(), Outcome> {
    let refutes = |decision| match claim {
        ir::Claim::Never => decision == Decision::Allowed,
        ir::Claim::Always => decision != Decision::Allowed,
    };
    let judge = |standing: &[Standing]| {
        let (claimed, running) = standing.split_first().expect("the claim's automaton stands first");
        if claimed.settled && claimed.decision != Decision::Allowed {
            return Hope::Lost;
        }
        let refuted = refutes(parts.decide(running));
        if claimed.decision == Decision::Allowed && refuted {
            return Hope::Found;
        }
        let denied_for_ever =
            parts.denied || running.iter().any(|part| part.settled && part.decision == Decision::Denied);
        let settled = denied_for_ever || running.iter().all(|part| part.settled);
        if settled && !refuted { Hope::Lost } else { Hope::Open }
    };
    let automata: Vec<&Automaton> = std::iter::once(claimed).chain(parts.automata.iter().copied()).collect();
    match shortest_text(&automata, MOST_STATES, judge) {
        Ok(None) => Ok(()),
        Ok(Some(intent)) => {
            let ends = |part: &&Automaton| Standing { decision: part.decide(&intent), settled: true };
            let standing: Vec<Standing> = parts.automata.iter().map(ends).collect();
            let because = if everywhere { Vec::new() } else { world.because.clone() };
            Err(Outcome::Refuted { decision: parts.decide(&standing), intent, because })
        }
        Err(TooManyStates(_)) => Err(Outcome::Undecided),
    }
}
