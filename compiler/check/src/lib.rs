//! From the tree that a front end built to a checked masque: required fields, values, identity, rules and lints.
//!
//! Checking always continues: every independent mistake of a file is reported in one run, and a field that a front end has
//! already reported is passed over in silence, so that one cause gives one error.
//!
//! What does not live here: syntax, unknown keys, shapes and enum values (the front ends report those), what a pattern means
//! (`masque-automata`), findings that need the automaton, and anything that reads a file.

mod about;
mod access;
mod compose;
mod context;
mod date;
mod edit;
mod ensure;
mod expression;
mod family;
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
mod removal;
mod sets;
mod template;
mod tests_block;
mod together;
mod ttl;
mod uri;
mod version;

use compose::{Composed, Own};
use context::Context;
use intent::Placed;
use logic::Logic;
use masque_automata::Extent;
use masque_diagnostics::{Diagnostic, Diagnostics, SourceId, Sources, Span};
use masque_ir as ir;
use masque_syntax::ast::Document;
use part::Position;
use sets::SetReader;

pub use family::{Candidate, Candidates, ENDINGS, Family, Nothing, Place, Reference, Supply, Versions};
pub use together::check_together;

/// What checking a source came to.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The masque; `None` when checking found an error or the tree holds a node that a front end reported.
    ///
    /// A front end also reports errors that leave no node behind (an unknown key under `intent`, a bad item of a list): build only
    /// what parsed without an error as well.
    pub masque: Option<ir::Masque>,
    /// The files that went into it, as [`ir::Place::file`] numbers them.
    pub files: Vec<SourceId>,
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
    claim: ir::Claim,
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

/// Checks a source with everything that it refers to. Where the source is a library, its sets are checked and there is no masque.
pub fn check(sources: &Sources, family: &Family) -> Checked {
    let mut found = Diagnostics::new();
    let mut sets = SetReader::new(sources, family);
    let mut logic = Logic::default();
    let mut broken = family.files.iter().any(|file| file.broken);
    let mut composed = Composed::default();
    let chain = family.chain();
    for (distance, &file) in chain.iter().rev().enumerate() {
        let Document::Masque(masque) = &family.files[file].document else { continue };
        let position = match distance {
            0 if masque.extends.is_absent() => Position::Root,
            // Its parent could not be found, which was said.
            0 => Position::unknown_parent(),
            _ => composed.position(),
        };
        let known = sets.of(file);
        let mut cx = Context::new(sources.get(family.files[file].id), masque).at(sets.number(file));
        let part = part::check(&mut cx, masque, &known, &mut logic, &position);
        let (part_broken, diagnostics) = cx.finish();
        broken |= part_broken;
        found.extend(diagnostics);
        found.extend(known.finish(&family.files[file], sources.get(family.files[file].id).text()));
        composed = composed.with(part, masque, distance > 0, &mut found);
    }
    let Document::Masque(_) = &family.files[0].document else {
        // Every file of a library's family is a library: naming their sets reads them all.
        drop(sets.of(0));
        let mut diagnostics = found;
        diagnostics.extend(sets.into_diagnostics());
        return Checked { masque: None, files: family.sources().collect(), diagnostics };
    };
    for unused in params::unused(&logic) {
        found.push(unused);
    }
    found.extend(sets.into_diagnostics());
    let masque =
        finish(sources, family, composed, logic, &mut found).filter(|_| !broken && !found.has_errors());
    let files = family.numbered().into_iter().map(|file| family.files[file].id).collect();
    Checked { masque, files, diagnostics: found }
}

/// The masque of a whole chain.
fn finish(
    sources: &Sources,
    family: &Family,
    composed: Composed,
    logic: Logic,
    found: &mut Diagnostics,
) -> Option<ir::Masque> {
    let intent = composed.intent.map(|rules| {
        let mut placed: Vec<Placed> = rules.allowed.into_iter().chain(rules.denied).collect();
        // Ancestors first, each file in its own order.
        let depth = |placed: &Placed| {
            std::cmp::Reverse(family.files.iter().position(|file| file.id == placed.span.source))
        };
        placed.sort_by_key(|placed| (depth(placed), placed.span));
        if let Some(problem) = intent::too_many_guards(&placed, &logic.conditions) {
            found.push(problem);
        }
        ir::Intent { clauses: rules.clauses, rules: placed.into_iter().map(|placed| placed.rule).collect() }
    });
    let Own { id, name, display_name, index, version, tests } = composed.own;
    let ring = composed.ring.map(|ring| ring.value);
    let identity = ir::Identity { id: id?, name: name?, display_name, index, version: version?, ring: ring? };
    let chain = family.chain();
    let inherited = family.numbered().into_iter().skip(1);
    let inherited =
        inherited.filter_map(|file| family::inherited(sources, family, file, chain.contains(&file)));
    Some(ir::Masque {
        identity,
        source: family::source_file(sources, family.files[0].id),
        inherited: inherited.collect(),
        widened: composed.widened,
        params: logic.params.into_iter().map(|(param, _)| param).collect(),
        conditions: logic.conditions,
        intent,
        context: composed.context.unwrap_or_default(),
        knowledge: composed.knowledge,
        access: composed.access.into_iter().flatten().map(|grant| grant.value).collect(),
        lens: composed.lens?,
        about: composed.about,
        ensures: composed.ensures,
        tests,
    })
}
