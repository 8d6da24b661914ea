//! One file of a family, checked by itself: what it says, and nothing of what its parent says. `compose` makes one masque of the
//! parts of a chain.
//!
//! Places are those of the file; conditions and parameters are positions in the chain's [`Logic`](crate::logic::Logic).

use crate::context::Context;
use crate::expression::{self, Facts, Scope};
use crate::intent::Placed;
use crate::logic::Logic;
use crate::sets::Sets;
use crate::{about, access, ensure, identity, intent, lens, params, tests_block};
use masque_diagnostics::Spanned;
use masque_ir as ir;
use masque_syntax::ast;

/// What one file says. What was left out, or reported, is `None` or empty.
#[derive(Default)]
pub(crate) struct Part {
    /// `id`, else the slug of the name.
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) index: Option<u64>,
    pub(crate) version: Option<Spanned<ir::Version>>,
    pub(crate) ring: Option<Spanned<ir::Ring>>,
    pub(crate) intent: Option<IntentPart>,
    pub(crate) context: Option<ir::Template>,
    pub(crate) lens: Option<ir::Template>,
    pub(crate) knowledge: Vec<ir::Guarded<String>>,
    /// `None` where the file has no `access`. The span is that of one grant.
    pub(crate) access: Option<Vec<Spanned<ir::Guarded<ir::Grant>>>>,
    pub(crate) about: ir::About,
    pub(crate) ensures: Vec<ir::Ensure>,
    pub(crate) tests: Vec<ir::Expectation>,
}

/// The `intent` block of one file.
pub(crate) struct IntentPart {
    pub(crate) clauses: ir::Clauses,
    /// `allow`: instead of the parent's. `None` where the file has none.
    pub(crate) allowed: Option<Vec<Placed>>,
    /// `allow also`.
    pub(crate) also_allowed: Vec<Placed>,
    pub(crate) denied: Vec<Placed>,
}

/// What a file may lean on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Position {
    /// Nothing: it has no parent.
    Root,
    /// Its parent, as far as that is known.
    Child {
        /// The ring that it has where it states none.
        ring: Option<ir::Ring>,
        /// The attributes that it inherits.
        attributes: Vec<(String, ir::Value)>,
        /// Whether an ancestor says what it may do.
        has_intent: bool,
        /// Whether an ancestor has allow rules.
        has_allow: bool,
    },
}

impl Position {
    /// A parent that may have everything, since nothing is known of it.
    pub(crate) fn unknown_parent() -> Self {
        Self::Child { ring: None, attributes: Vec::new(), has_intent: true, has_allow: true }
    }

    /// Whether an ancestor says what the masque may do.
    fn has_intent(&self) -> bool {
        matches!(self, Self::Child { has_intent: true, .. })
    }
}

/// Checks one file. Parameters and conditions are added to those of its ancestors.
pub(crate) fn check(
    cx: &mut Context<'_>,
    masque: &ast::Masque,
    sets: &Sets,
    logic: &mut Logic,
    position: &Position,
) -> Part {
    let claimed = identity::check(cx, &masque.identity, position);
    let about = about::check(cx, &masque.about, &masque.prompt);
    let mut scope = Scope::new(sets, logic, facts(&claimed, &about, position));
    params::check(cx, &mut scope, &masque.params);
    expression::lets(cx, &mut scope, &masque.lets);
    let intent = intent::check(cx, &mut scope, &masque.intent, position);
    let context = lens::context(cx, &mut scope, &masque.context);
    let knowledge = access::knowledge(cx, &mut scope, &masque.knowledge);
    let has_intent = position.has_intent() || !masque.intent.is_absent();
    let purpose = if has_intent { access::IntentBlock::Written } else { access::IntentBlock::Absent };
    let access = access::check(cx, &mut scope, &masque.access, purpose);
    let lens = lens::check(cx, &mut scope, &masque.lens, &masque.prompt, position);
    let ensures = ensure::check(cx, &mut scope, &masque.ensures);
    let tests = tests_block::check(cx, &mut scope, &masque.tests);
    scope.unused_lets(cx);
    let identity::Claimed { id, name, display_name, index, version, ring } = claimed;
    Part {
        id,
        name,
        display_name,
        index,
        version,
        ring,
        intent,
        context,
        lens,
        knowledge,
        access,
        about,
        ensures,
        tests,
    }
}

/// What expressions may say about the file: its own words, else its parent's.
fn facts(claimed: &identity::Claimed, about: &ir::About, position: &Position) -> Facts {
    let mut ring = claimed.ring.as_ref().map(|ring| ring.value);
    let mut attributes = about.attributes.clone();
    if let Position::Child { ring: inherited, attributes: more, .. } = position {
        ring = ring.or(*inherited);
        let own: Vec<String> = attributes.iter().map(|(key, _)| key.clone()).collect();
        attributes.extend(more.iter().filter(|(key, _)| !own.contains(key)).cloned());
    }
    let version = claimed.version.as_ref().map(|version| version.value.clone());
    Facts { name: claimed.name.clone(), id: claimed.id.clone(), version, ring, attributes }
}

#[cfg(test)]
mod tests;
