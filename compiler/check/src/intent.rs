//! The `intent` block: rules in the order of the source, each pattern known to be well-formed.

use crate::context::Context;
use crate::{limits, lints, problems};
use masque_automata::Pattern;
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Field};

/// A rule and where its pattern stands.
pub(crate) struct Placed {
    pub(crate) rule: ir::Rule,
    pub(crate) span: Span,
}

/// Checks the block. `None` only where it was not written, or the front end reported it.
pub(crate) fn check(cx: &mut Context<'_>, field: &Field<ast::Intent>) -> Option<ir::Intent> {
    let block = cx.given(field)?;
    let intent = &block.value;
    let mode = cx.given(&intent.mode).map_or(ast::MatchMode::Verb, |mode| mode.value);
    let clauses = match cx.given(&intent.clauses).map(|clauses| clauses.value) {
        Some(ast::Clauses::Each) => ir::Clauses::Each,
        Some(ast::Clauses::Whole) | None => ir::Clauses::Whole,
    };
    let allowed = rules(cx, &intent.allowed, ir::Action::Allow, mode);
    let denied = rules(cx, &intent.denied, ir::Action::Deny, mode);
    if !cx.has_items(&intent.allowed) {
        let place = cx.missing_from(Some(block.span));
        let denies = cx.has_items(&intent.denied);
        cx.report(if denies { problems::only_denies(place) } else { problems::no_rules(place) });
    }
    lints::check(cx, &allowed, &denied);

    let mut placed: Vec<Placed> = allowed.into_iter().chain(denied).collect();
    if placed.len() > limits::RULES {
        let place = placed[limits::RULES].span;
        cx.report(problems::too_many_items("intent", place, placed.len(), limits::RULES));
    }
    placed.sort_by_key(|placed| placed.span);
    Some(ir::Intent { clauses, rules: placed.into_iter().map(|placed| placed.rule).collect() })
}

fn rules(
    cx: &mut Context<'_>,
    list: &ast::List<ast::RulePattern>,
    action: ir::Action,
    mode: ast::MatchMode,
) -> Vec<Placed> {
    let path = match action {
        ir::Action::Allow => "intent.allowed",
        ir::Action::Deny => "intent.denied",
    };
    let items = cx.items(list, path, limits::RULES);
    items.iter().filter_map(|item| rule(cx, item, path, action, mode)).collect()
}

fn rule(
    cx: &mut Context<'_>,
    item: &Spanned<ast::RulePattern>,
    path: &str,
    action: ir::Action,
    mode: ast::MatchMode,
) -> Option<Placed> {
    let field = format!("{path}.pattern");
    let because = cx.prose(&item.value.because, &format!("{path}.because"), limits::PROSE);
    let mode = cx.given(&item.value.mode).map_or(mode, |mode| mode.value);
    let written = cx.required(&item.value.pattern, Some(item.span), &field, "pattern: \"deploy *\"")?;
    let pattern = pattern(cx, written, &field)?;
    let mode = match mode {
        ast::MatchMode::Verb => ir::MatchMode::Verb,
        ast::MatchMode::Exact => ir::MatchMode::Exact,
    };
    let place = cx.place(written.span);
    Some(Placed {
        rule: ir::Rule { action, mode, pattern, when: None, because, set: None, place },
        span: written.span,
    })
}

/// The text of a pattern, if it is one. What hides a character is said before what the glob makes of it.
fn pattern(cx: &mut Context<'_>, written: &Spanned<String>, field: &str) -> Option<String> {
    let text = &written.value;
    if text.trim().is_empty() {
        cx.report(problems::empty_pattern(written.span));
        return None;
    }
    if !cx.fits(written, field, limits::PATTERN) {
        return None;
    }
    if let Some((range, character)) = lints::hidden_character(text) {
        let place = cx.inside(written.span, range);
        cx.report(problems::hidden_character(text, character, place));
        return None;
    }
    match Pattern::parse(text) {
        Ok(_) => Some(text.clone()),
        Err(error) => {
            let place = cx.inside(written.span, error.range.clone());
            cx.report(problems::invalid_pattern(text, &error, place));
            None
        }
    }
}
