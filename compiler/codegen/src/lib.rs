//! IR to bytes: the rules become automata, the automata and texts become the data of a canonical core module, the module becomes a
//! component of the world in `grammar/masque.wit`.
//!
//! What does not live here: sources and diagnostics (an error names a rule by its index), the canonical code itself (`abi`), and
//! anything that reads what was written (`decode`).

mod component;
mod image;
mod manifest;

use masque_abi::Manifest;
use masque_abi::program::{self, bodies::Walkers};
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
}

/// Compiles a checked masque.
///
/// # Errors
/// When a rule is too large for an automaton. The same masque gives the same bytes on every run and machine.
pub fn generate(masque: &ir::Masque) -> Result<Program, GenerateError> {
    let automata = match &masque.intent {
        Some(intent) => decide_by(intent)?,
        None => image::Automata { default: automata::Decision::Allowed, parts: Vec::new() },
    };
    let walkers = Walkers::for_widths(automata.parts.iter().map(image::cell_width));
    let data = image::build(masque, &automata);
    let core = program::module(&data, walkers);
    let manifest = manifest::describe(masque, &core);
    Ok(Program { core, manifest })
}

fn decide_by(intent: &ir::Intent) -> Result<image::Automata, GenerateError> {
    let rules: Vec<automata::Rule> = intent
        .rules
        .iter()
        .map(|rule| automata::Rule {
            action: match rule.action {
                ir::Action::Allow => automata::Action::Allow,
                ir::Action::Deny => automata::Action::Deny,
            },
            mode: match rule.mode {
                ir::MatchMode::Verb => automata::MatchMode::Verb,
                ir::MatchMode::Exact => automata::MatchMode::Exact,
            },
            pattern: automata::Pattern::parse(&rule.pattern).expect("the checker has parsed every pattern"),
        })
        .collect();
    let clauses = match intent.clauses {
        ir::Clauses::Whole => automata::Clauses::Whole,
        ir::Clauses::Each => automata::Clauses::Each,
    };
    let decider =
        automata::compile(&rules, clauses).map_err(|automata::TooLarge { rule, states, extent }| {
            GenerateError::TooLarge { rule, states, extent }
        })?;
    Ok(image::Automata::new(decider.parts().iter().map(|part| &part.automaton)))
}
