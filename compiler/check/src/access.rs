//! Credentials and knowledge pointers.

use crate::context::Context;
use crate::expression::{self, Guarded, Scope};
use crate::problems::{Suggestion, Sureness};
use crate::ttl::{self, TtlProblem};
use crate::uri::UriKind;
use crate::{edit, limits, problems};
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast;
use std::collections::HashMap;

/// The minter behind `vault_role`.
const VAULT: &str = "vault";

/// Checks the `access` block.
pub(crate) fn check(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    list: &ast::List<ast::Access>,
    intent: IntentBlock,
) -> Option<Vec<Spanned<ir::Guarded<ir::Grant>>>> {
    let written = cx.given(list)?;
    if intent == IntentBlock::Absent {
        let place = cx.missing_from(Some(written.span));
        cx.report(problems::access_without_intent(place));
    }
    let items = cx.items(list, "access", limits::ITEMS);
    let mut grants = Vec::new();
    for block in items {
        let guard =
            expression::guard(cx, scope, &block.value.when, Guarded { what: "this credential", whole: None });
        let grant = grant(cx, block).and_then(|grant| guard.put(grant));
        grants.extend(grant.map(|grant| Spanned::new(grant, block.span)));
    }
    Some(grants)
}

fn grant(cx: &mut Context<'_>, block: &Spanned<ast::Access>) -> Option<ir::Grant> {
    let access = &block.value;
    let role = cx.required_line(&access.vault_role, block.span, "access.vault_role", "vault_role: …");
    let ttl = if access.ttl.is_absent() {
        let place = cx.missing_from(Some(block.span));
        let insertion = cx.insertion(Some(block.span), "ttl", "session");
        cx.report(problems::missing_ttl(place, insertion));
        Some(ir::Ttl::Session)
    } else {
        cx.given(&access.ttl).and_then(|written| read_ttl(cx, written))
    };
    role.zip(ttl).map(|(role, ttl)| ir::Grant { provider: VAULT.to_owned(), role, ttl })
}

/// Whether the masque says what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntentBlock {
    /// It was not written.
    Absent,
    /// It was, well or not.
    Written,
}

pub(crate) fn read_ttl(cx: &mut Context<'_>, written: &Spanned<String>) -> Option<ir::Ttl> {
    let (text, place) = (written.value.as_str(), written.span);
    let problem = match ttl::read(text) {
        Ok(ttl) => return Some(ttl),
        Err(problem) => problem,
    };
    cx.report(match problem {
        TtlProblem::Unknown(meant) => {
            problems::invalid_ttl(text, place, meant.map(|better| suggest(cx, written, better)))
        }
        TtlProblem::Months(minutes) => problems::ttl_in_months(text, place, minutes.as_deref()),
        TtlProblem::Fraction => problems::ttl_with_fraction(text, place),
        TtlProblem::Zero => problems::ttl_of_zero(text, place),
        TtlProblem::TooLong => problems::ttl_too_long(text, limits::TTL_SECONDS / (24 * 60 * 60), place),
    });
    None
}

fn suggest(cx: &Context<'_>, written: &Spanned<String>, better: String) -> Suggestion {
    let text = edit::requoted(cx.raw(written.span), cx.notation, &better);
    let same = written.value.trim().eq_ignore_ascii_case(&better);
    Suggestion { better, text, sure: if same { Sureness::Certain } else { Sureness::Likely } }
}

/// Checks the `knowledge` list.
pub(crate) fn knowledge(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    list: &ast::List<ast::Pointer>,
) -> Vec<ir::Guarded<String>> {
    let mut first: HashMap<&str, Vec<(Option<ir::ConditionId>, Span)>> = HashMap::new();
    let mut pointers = Vec::new();
    for pointer in cx.items(list, "knowledge", limits::ITEMS) {
        let guard =
            expression::guard(cx, scope, &pointer.value.when, Guarded { what: "this pointer", whole: None });
        let Some(item) = cx.given(&pointer.value.uri) else { continue };
        if !cx.fits(item, "knowledge", limits::URI) {
            continue;
        }
        if !UriKind::Knowledge.is_sound(cx, item) {
            continue;
        }
        let Some(when) = guard.condition() else { continue };
        // What is always there needs no second mention; under two conditions it is there under either.
        let before = first.entry(&item.value).or_default();
        if let Some((_, first)) = before.iter().find(|(known, _)| known.is_none() || *known == when) {
            cx.report(problems::duplicate_knowledge(
                &item.value,
                item.span,
                *first,
                cx.removal_of(item.span),
            ));
            continue;
        }
        before.push((when, item.span));
        pointers.push(ir::Guarded { value: item.value.clone(), when });
    }
    pointers
}
