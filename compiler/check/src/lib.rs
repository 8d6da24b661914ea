//! From the tree that a front end built to a checked masque: required fields, values, identity, rules and lints.
//!
//! Checking always continues: every independent mistake of a file is reported in one run, and a field that a front end has
//! already reported is passed over in silence, so that one cause gives one error.
//!
//! What does not live here: syntax, unknown keys, shapes and enum values (the front ends report those), what a pattern means
//! (`masque-automata`), findings that need the automaton, and anything that reads a file.

mod about;
mod access;
mod context;
mod date;
mod edit;
mod ensure;
mod expression;
mod identity;
mod intent;
mod lens;
pub mod limits;
mod lints;
mod logic;
mod mcp;
mod params;
mod part;
mod problems;
mod sets;
mod template;
mod tests_block;
mod together;
mod ttl;
mod uri;
mod version;

use context::Context;
use logic::Logic;
use masque_automata::Extent;
use masque_diagnostics::{Diagnostic, Diagnostics, Source, Span};
use masque_syntax::ast;
use part::Position;
use sets::Sets;

pub use together::check_together;

/// What checking one file came to.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The masque; `None` when checking found an error or the tree holds a node that a front end reported.
    ///
    /// A front end also reports errors that leave no node behind (an unknown key under `intent`, a bad item of a list): build only
    /// what parsed without an error as well.
    pub masque: Option<masque_ir::Masque>,
    /// What was found here, in no particular order; parsing keeps its own.
    pub diagnostics: Diagnostics,
}

/// The finding about a rule whose automaton passes the limit, which only the code generator notices.
pub fn pattern_too_large(pattern: &str, states: usize, extent: Extent, place: Span) -> Diagnostic {
    match extent {
        Extent::Rule => problems::pattern_too_large(pattern, states, place),
        Extent::AllowRules => problems::allow_rules_too_large(pattern, states, place),
    }
}

/// The finding about a claim for which a search found a counterexample. `decision` is a word; `because` says what brings it about.
pub fn claim_refuted(
    claim: masque_ir::Claim,
    pattern: &str,
    intent: &str,
    decision: &str,
    because: &[String],
    place: Span,
) -> Diagnostic {
    problems::claim_refuted(claim, pattern, intent, decision, because, place)
}

/// The finding about a claim whose proof was given up after this many combinations of states.
pub fn claim_undecided(pattern: &str, states: usize, place: Span) -> Diagnostic {
    problems::claim_undecided(pattern, states, place)
}

/// Checks one file. `source` is the text that `masque` was read from; its name gives a missing `name`.
pub fn check(source: &Source, masque: &ast::Masque) -> Checked {
    let mut cx = Context::new(source, masque);
    cx.refuse_extends(&masque.extends);
    let mut logic = Logic::default();
    let part = part::check(&mut cx, masque, &Sets::default(), &mut logic, &Position::Root);
    for unused in params::unused(&logic) {
        cx.report(unused);
    }
    let mut rules: Vec<intent::Placed> = Vec::new();
    let intent = part.intent.map(|intent| {
        rules.extend(intent.allowed.into_iter().flatten().chain(intent.also_allowed).chain(intent.denied));
        rules.sort_by_key(|placed| placed.span);
        intent.clauses
    });
    if let Some(found) = intent::too_many_guards(&rules, &logic.conditions) {
        cx.report(found);
    }
    let intent = intent.map(|clauses| masque_ir::Intent {
        clauses,
        rules: rules.into_iter().map(|placed| placed.rule).collect(),
    });
    let identity =
        part.id.zip(part.name).zip(part.version.zip(part.ring)).map(|((id, name), (version, ring))| {
            let (display_name, index) = (part.display_name, part.index);
            masque_ir::Identity { id, name, display_name, index, version: version.value, ring: ring.value }
        });

    let (broken, diagnostics) = cx.finish();
    let whole = identity.zip(part.lens).filter(|_| !broken);
    let masque = whole.map(|(identity, lens)| masque_ir::Masque {
        identity,
        source: masque_ir::SourceFile {
            name: identity::file_name(source.name()).to_owned(),
            text: source.text().to_owned(),
        },
        inherited: Vec::new(),
        widened: Vec::new(),
        params: logic.params.into_iter().map(|(param, _)| param).collect(),
        conditions: logic.conditions,
        intent,
        context: part.context.unwrap_or_default(),
        knowledge: part.knowledge,
        access: part.access.into_iter().flatten().map(|grant| grant.value).collect(),
        lens,
        about: part.about,
        ensures: part.ensures,
        tests: part.tests,
    });
    Checked { masque, diagnostics }
}
