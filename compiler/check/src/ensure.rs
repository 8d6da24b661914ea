//! Claims: what has to be provable of the compiled masque. Whether it is shows the proof, not this.

use crate::context::Context;
use crate::expression::{self, Scope};
use crate::intent;
use crate::{limits, problems};
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast;

/// Checks the claims.
pub(crate) fn check(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    list: &ast::List<ast::Ensure>,
) -> Vec<ir::Ensure> {
    let items = cx.items(list, "ensure", limits::ITEMS);
    items.iter().filter_map(|item| ensure(cx, scope, item)).collect()
}

fn ensure(cx: &mut Context<'_>, scope: &mut Scope<'_>, item: &Spanned<ast::Ensure>) -> Option<ir::Ensure> {
    let ensure = &item.value;
    let claim = cx.required(&ensure.claim, Some(item.span), "ensure", "never: \"delete *\"");
    let claim = claim.map(|claim| match claim.value {
        ast::Claim::Never => ir::Claim::Never,
        ast::Claim::Always => ir::Claim::Always,
    });
    let guard =
        expression::guard(cx, scope, &ensure.when, expression::Guarded { what: "this claim", whole: None });
    let (patterns, span) = patterns(cx, scope, item)?;
    let place = cx.place(span);
    guard.condition().zip(claim).map(|(when, claim)| ir::Ensure { claim, patterns, when, place })
}

fn patterns(
    cx: &mut Context<'_>,
    scope: &Scope<'_>,
    item: &Spanned<ast::Ensure>,
) -> Option<(Vec<(ir::MatchMode, String)>, Span)> {
    let ensure = &item.value;
    if ensure.set.is_absent() {
        let mode = cx.given(&ensure.mode).map_or(ast::MatchMode::Verb, |mode| mode.value);
        let written = cx.required(&ensure.pattern, Some(item.span), "ensure", "never: \"delete *\"")?;
        let pattern = intent::pattern(cx, written, "ensure")?;
        return Some((vec![(intent::match_mode(mode), pattern)], written.span));
    }
    let path = cx.given(&ensure.set)?;
    let Some(members) = scope.sets.find(path) else {
        cx.broken();
        return None;
    };
    if members.is_empty() {
        cx.report(problems::claim_of_nothing(&path.value, path.span));
        return None;
    }
    let patterns = members.iter().map(|member| (member.mode, member.pattern.clone())).collect();
    Some((patterns, path.span))
}
