//! IR to bytes: the rules become automata, the automata and texts become the data of a canonical core module, the module becomes a
//! component of the world in `grammar/masque.wit`.
//!
//! What does not live here: sources and diagnostics (an error names a rule by its index), the canonical code itself (`abi`), and
//! anything that reads what was written (`decode`).

mod component;
mod conditions;
mod deciding;
mod image;
mod manifest;
mod writer;

use masque_abi::Manifest;
use masque_abi::program;
use masque_automata as automata;
use masque_ir as ir;

pub use component::shell_digest;

/// A compiled masque.
#[derive(Clone, Debug)]
pub struct Program {
    /// The core module.
    pub core: Vec<u8>,
    /// What it says about itself.
    pub manifest: Manifest,
}

impl Program {
    /// The component: the core module, its wiring, the manifest and the producers.
    pub fn component(&self) -> Vec<u8> {
        component::wrap(&self.core, &self.manifest)
    }
}

/// Why a checked masque can't be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// An automaton passes the limit.
    #[error("the automaton of a rule needs more than {states} states")]
    TooLarge {
        /// Index of the rule in the IR.
        rule: usize,
        /// How many states there were when it was given up.
        states: usize,
        /// What is too large.
        extent: automata::Extent,
    },
    /// The automaton of a condition's pattern passes the limit.
    #[error("the automaton of a condition needs more than {states} states")]
    ConditionTooLarge {
        /// Index of the condition in the IR.
        condition: usize,
        /// The pattern.
        pattern: String,
        /// How many states there were when it was given up.
        states: usize,
    },
    /// Where clauses are judged one by one, the allow rules of every combination of conditions need an automaton of their own.
    #[error(
        "{conditions} conditions guard allow rules, and where clauses are judged one by one, at most 4 may"
    )]
    TooManyConditions {
        /// Index in the IR of the first rule whose condition is one too many.
        rule: usize,
        /// How many conditions guard allow rules.
        conditions: usize,
    },
    /// A condition nests too deep.
    #[error("a condition nests deeper than {limit} levels", limit = program::MAX_DEPTH)]
    TooDeep {
        /// Index of the condition in the IR.
        condition: usize,
    },
}

/// Compiles a checked masque.
///
/// # Errors
/// When a rule or a condition is too large. The same masque gives the same bytes on every run and machine.
pub fn generate(masque: &ir::Masque) -> Result<Program, GenerateError> {
    let deciding = match &masque.intent {
        Some(intent) => deciding::Deciding::new(intent)?,
        None => deciding::Deciding::allow_all(),
    };
    let (data, features) = image::build(masque, &deciding)?;
    let core = program::module(&data, features);
    let manifest = manifest::describe(masque, &deciding, &core);
    Ok(Program { core, manifest })
}

fn rule(action: ir::Action, mode: ir::MatchMode, pattern: &str) -> automata::Rule {
    automata::Rule {
        action: match action {
            ir::Action::Allow => automata::Action::Allow,
            ir::Action::Deny => automata::Action::Deny,
        },
        mode: match mode {
            ir::MatchMode::Verb => automata::MatchMode::Verb,
            ir::MatchMode::Exact => automata::MatchMode::Exact,
        },
        pattern: automata::Pattern::parse(pattern).expect("the checker has parsed every pattern"),
    }
}
