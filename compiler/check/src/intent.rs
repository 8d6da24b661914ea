//! The `intent` block: rules in the order of the source, each pattern known to be well-formed.

use crate::context::Context;
use crate::expression::{self, Scope};
use crate::part::{IntentPart, Position};
use crate::sets::Member;
use crate::{limits, lints, problems};
use masque_automata::Pattern;
use masque_diagnostics::{Diagnostic, Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Field};

/// A rule, and where its pattern or the path of its set stands.
pub(crate) struct Placed {
    pub(crate) rule: ir::Rule,
    pub(crate) span: Span,
}

/// Checks the block. `None` only where it was not written, or the front end reported it.
pub(crate) fn check(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    field: &Field<ast::Intent>,
    position: &Position,
) -> Option<IntentPart> {
    let block = cx.given(field)?;
    let intent = &block.value;
    let mode = cx.given(&intent.mode).map_or(ast::MatchMode::Verb, |mode| mode.value);
    let clauses = match cx.given(&intent.clauses).map(|clauses| clauses.value) {
        Some(ast::Clauses::Each) => ir::Clauses::Each,
        Some(ast::Clauses::Whole) | None => ir::Clauses::Whole,
    };
    let mut list = |list, path, action| rules(cx, scope, list, List { path, action, mode });
    let allowed = list(&intent.allowed, "intent.allowed", ir::Action::Allow);
    let also_allowed = list(&intent.also_allowed, "intent.also_allowed", ir::Action::Allow);
    let denied = list(&intent.denied, "intent.denied", ir::Action::Deny);
    let inherits = matches!(position, Position::Child { has_allow: true, .. });
    if !inherits && !cx.has_items(&intent.allowed) && !cx.has_items(&intent.also_allowed) {
        let place = cx.missing_from(Some(block.span));
        let denies = cx.has_items(&intent.denied);
        cx.report(if denies { problems::only_denies(place) } else { problems::no_rules(place) });
    }
    let allows: Vec<&Placed> = allowed.iter().chain(&also_allowed).collect();
    lints::check(cx, &allows, &denied.iter().collect::<Vec<_>>());

    let placed: Vec<&Placed> = allows.into_iter().chain(&denied).collect();
    if placed.len() > limits::RULES {
        let place = placed[limits::RULES].span;
        cx.report(problems::too_many_items("intent", place, placed.len(), limits::RULES));
    }
    let allowed = (!intent.allowed.is_absent()).then_some(allowed);
    Some(IntentPart { clauses, allowed, also_allowed, denied })
}

/// The finding that the rules of a whole chain have more distinct conditions than can be told apart.
pub(crate) fn too_many_guards<'p>(
    rules: impl IntoIterator<Item = &'p Placed>,
    conditions: &[ir::Condition],
) -> Option<Diagnostic> {
    let mut guards: Vec<(ir::ConditionId, Span)> = Vec::new();
    for placed in rules {
        let Some(when) = placed.rule.when else { continue };
        if !guards.iter().any(|(known, _)| *known == when) {
            guards.push((when, placed.span));
        }
    }
    let named = |(id, place): &(ir::ConditionId, Span)| (conditions[id.0].text.clone(), *place);
    (guards.len() > limits::GUARDS)
        .then(|| problems::too_many_guards(&guards.iter().map(named).collect::<Vec<_>>(), limits::GUARDS))
}

/// What the rules of one list have in common.
#[derive(Clone, Copy)]
struct List<'p> {
    path: &'p str,
    action: ir::Action,
    mode: ast::MatchMode,
}

fn rules(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    items: &ast::List<ast::RulePattern>,
    list: List<'_>,
) -> Vec<Placed> {
    let items = cx.items(items, list.path, limits::RULES);
    items.iter().flat_map(|item| rule(cx, scope, item, list)).collect()
}

/// The rules that one pattern or one set stands for.
fn rule(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    item: &Spanned<ast::RulePattern>,
    list: List<'_>,
) -> Vec<Placed> {
    let List { path, action, mode } = list;
    let because = cx.prose(&item.value.because, &format!("{path}.because"), limits::PROSE);
    let mode = cx.given(&item.value.mode).map_or(mode, |mode| mode.value);
    let guard = expression::guard(
        cx,
        scope,
        &item.value.when,
        expression::Guarded { what: "this rule", whole: Some(item.span) },
    );
    let rules = if item.value.set.is_absent() {
        let field = format!("{path}.pattern");
        let written = cx.required(&item.value.pattern, Some(item.span), &field, "pattern: \"deploy *\"");
        let Some(written) = written else { return Vec::new() };
        let Some(pattern) = pattern(cx, written, &field) else { return Vec::new() };
        let place = cx.place(written.span);
        let rule =
            ir::Rule { action, mode: match_mode(mode), pattern, when: None, because, set: None, place };
        vec![Placed { rule, span: written.span }]
    } else {
        of_set(cx, scope, &item.value.set, action, because.as_ref())
    };
    let Some(when) = guard.condition() else { return Vec::new() };
    let guarded = |placed: Placed| Placed { rule: ir::Rule { when, ..placed.rule }, ..placed };
    rules.into_iter().map(guarded).collect()
}

/// A rule for each pattern of a set. A reason of the rule's own goes before the set's.
fn of_set(
    cx: &mut Context<'_>,
    scope: &Scope<'_>,
    set: &ast::Text,
    action: ir::Action,
    because: Option<&String>,
) -> Vec<Placed> {
    let Some(path) = cx.given(set) else { return Vec::new() };
    let Some(members) = scope.sets.find(path) else {
        cx.broken();
        return Vec::new();
    };
    let rule = |member: &Member| ir::Rule {
        action,
        mode: member.mode,
        pattern: member.pattern.clone(),
        when: None,
        because: because.cloned().or_else(|| member.because.clone()),
        set: Some(member.set.clone()),
        place: member.place,
    };
    members.iter().map(|member| Placed { rule: rule(member), span: path.span }).collect()
}

pub(crate) fn match_mode(mode: ast::MatchMode) -> ir::MatchMode {
    match mode {
        ast::MatchMode::Verb => ir::MatchMode::Verb,
        ast::MatchMode::Exact => ir::MatchMode::Exact,
    }
}

/// The text of a pattern, if it is one. What hides a character is said before what the glob makes of it.
pub(crate) fn pattern(cx: &mut Context<'_>, written: &Spanned<String>, field: &str) -> Option<String> {
    let text = &written.value;
    if text.trim().is_empty() {
        cx.report(problems::empty_pattern(written.span, cx.removal_of(written.span)));
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
