//! Expressions: names, types, and as much of their value as is known before there is a session.
//!
//! What remains is a test or a text of the session. What does not live here: how expressions are written (the front ends), which
//! sets a file may name (`sets`), and how tests become code.

mod compare;
mod functions;
mod names;
#[cfg(test)]
mod tests;
mod truth;
mod value;

pub(crate) use compare::unlike_a_session_s;
pub(crate) use names::{Facts, Scope, is_unreserved};
#[cfg(test)]
pub(crate) use tests::{render, written};
pub(crate) use truth::{Truth, stack_levels};
pub(crate) use value::{Kind, Value};

use crate::context::Context;
use crate::{intent, limits, problems, removal, template, ttl};
use masque_automata as automata;
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast::{self, Expression, Field, Operator};

/// When something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// In every session.
    Always,
    /// Where the condition holds.
    When(ir::ConditionId),
    /// In none.
    Never,
}

impl Guard {
    /// The guarded thing; `None` where it is never there.
    pub(crate) fn put<T>(self, value: T) -> Option<ir::Guarded<T>> {
        self.condition().map(|when| ir::Guarded { value, when })
    }

    /// The condition, if it has one; `None` where the guarded thing is never there.
    pub(crate) fn condition(self) -> Option<Option<ir::ConditionId>> {
        match self {
            Self::Always => Some(None),
            Self::When(condition) => Some(Some(condition)),
            Self::Never => None,
        }
    }
}

/// What a condition guards.
#[derive(Clone, Copy)]
pub(crate) struct Guarded<'w> {
    /// For messages: "this rule".
    pub(crate) what: &'w str,
    /// The item that is never there where the condition never holds, if it may be taken out.
    pub(crate) whole: Option<Span>,
}

/// Reads the condition of what it guards; says so if it decides nothing. One that is wrong was reported and counts as none.
pub(crate) fn guard(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    when: &Field<Expression>,
    of: Guarded<'_>,
) -> Guard {
    let what = of.what;
    let Some(when) = cx.given(when) else { return Guard::Always };
    // The rules of one statement share their condition: it is worked out, and spoken of, once.
    if let Some(known) = scope.guards.get(&when.span) {
        return *known;
    }
    let guard = match condition(cx, scope, when) {
        None => Guard::Always,
        Some(Ok(condition)) => Guard::When(condition),
        Some(Err(true)) => {
            let gone = removal::field(cx.source.text(), cx.notation, when.span);
            cx.report(problems::always_holds(cx.raw(when.span), what, when.span, gone));
            Guard::Always
        }
        Some(Err(false)) => {
            let gone = of.whole.and_then(|whole| match cx.notation {
                ast::Notation::Language => removal::statement(cx.source.text(), when.span),
                ast::Notation::Yaml | ast::Notation::Json => cx.removal_of(whole),
            });
            cx.report(problems::never_holds(cx.raw(when.span), what, when.span, gone));
            Guard::Never
        }
    };
    scope.guards.insert(when.span, guard);
    guard
}

/// The condition that an expression states, or the constant that it comes to.
pub(crate) fn condition(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    written: &Spanned<Expression>,
) -> Option<Result<ir::ConditionId, bool>> {
    let test = match truth(cx, scope, written)? {
        Truth::Known(holds) => return Some(Err(holds)),
        Truth::Test(test) => test,
    };
    let text = cx.raw(written.span).split_whitespace().collect::<Vec<_>>().join(" ");
    register(cx, scope, text, test, written.span).map(Ok)
}

/// The condition with this test, if there is room for it.
pub(crate) fn register(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    text: String,
    test: ir::Test,
    place: Span,
) -> Option<ir::ConditionId> {
    if stack_levels(&test) > limits::CONDITION_DEPTH {
        cx.report(problems::condition_too_deep(place, limits::CONDITION_DEPTH));
        return None;
    }
    let id = scope.logic.condition(text, test);
    if id.0 >= limits::CONDITIONS {
        cx.report(problems::too_many_items("conditions", place, id.0 + 1, limits::CONDITIONS));
        return None;
    }
    Some(id)
}

/// The value of an expression that has to be true or false.
pub(crate) fn truth(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    written: &Spanned<Expression>,
) -> Option<Truth> {
    match evaluate(cx, scope, written)? {
        Value::Bool(truth) => Some(truth),
        other => {
            cx.report(problems::not_a_condition(cx.raw(written.span), &other.describe(), written.span));
            None
        }
    }
}

/// The value of an expression; `None` where something about it was reported.
pub(crate) fn evaluate(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    written: &Spanned<Expression>,
) -> Option<Value> {
    if scope.depth >= limits::EXPRESSION_DEPTH {
        cx.report(problems::expression_too_deep(written.span, limits::EXPRESSION_DEPTH));
        return None;
    }
    scope.depth += 1;
    let value = inner(cx, scope, written);
    scope.depth -= 1;
    if value.as_ref().is_some_and(|value| value.weight() > limits::VALUE) {
        cx.report(problems::value_too_large(written.span, limits::VALUE));
        return None;
    }
    value
}

fn inner(cx: &mut Context<'_>, scope: &mut Scope<'_>, written: &Spanned<Expression>) -> Option<Value> {
    let span = written.span;
    match &written.value {
        Expression::Bool(holds) => Some(Value::Bool(Truth::Known(*holds))),
        Expression::Int(number) => int(cx, *number, span),
        Expression::Text(text) => Some(Value::string(template::pieces(cx, scope, text)?)),
        Expression::Duration(text) => duration(cx, text, span),
        Expression::Version(text) => match ir::Version::parse(text) {
            Ok(version) => Some(Value::constant(Kind::Version, version.to_string())),
            Err(_) => {
                cx.report(problems::no_version(text, span));
                None
            }
        },
        Expression::Name(path) => names::find(cx, scope, path),
        Expression::Set(path) => {
            cx.report(problems::misplaced_set(path, span));
            None
        }
        Expression::List(items) => list(cx, scope, items),
        Expression::Not(operand) => Some(Value::Bool(truth(cx, scope, operand)?.negated())),
        Expression::Binary { operator, .. } if matches!(operator.value, Operator::And | Operator::Or) => {
            joined(cx, scope, written, operator.value)
        }
        Expression::Binary { left, operator, right } if operator.value == Operator::Matches => {
            let left = evaluate(cx, scope, left).map(|value| Spanned::new(value, left.span));
            let patterns = patterns(cx, scope, right);
            matches(cx, &left?, patterns?).map(Value::Bool)
        }
        Expression::Binary { left, operator, right } => {
            let (first, second) = (evaluate(cx, scope, left), evaluate(cx, scope, right));
            let (left, right) = (Spanned::new(first?, left.span), Spanned::new(second?, right.span));
            let truth = match operator.value {
                Operator::In => compare::within(cx, operator, &left, &right),
                _ => compare::compare(cx, operator, &left, &right),
            };
            truth.map(Value::Bool)
        }
        Expression::Call { function, arguments } => functions::call(cx, scope, function, arguments, span),
        Expression::Error(_) => {
            cx.broken();
            None
        }
    }
}

/// A chain of `and` or of `or`, however long; every operand is looked at, so that all mistakes are found together.
fn joined(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    mut written: &Spanned<Expression>,
    wanted: Operator,
) -> Option<Value> {
    let mut operands = Vec::new();
    while let Expression::Binary { left, operator, right } = &written.value {
        if operator.value != wanted {
            break;
        }
        operands.push(&**right);
        written = left;
    }
    operands.push(written);
    let parts: Vec<Option<Truth>> =
        operands.into_iter().rev().map(|operand| truth(cx, scope, operand)).collect();
    let parts: Vec<Truth> = parts.into_iter().collect::<Option<_>>()?;
    Some(Value::Bool(if wanted == Operator::And { Truth::all(parts) } else { Truth::any(parts) }))
}

fn int(cx: &mut Context<'_>, number: i64, span: Span) -> Option<Value> {
    if number.unsigned_abs() > limits::INT {
        let most = format!("a whole number lies within ±{}", limits::INT);
        cx.report(problems::invalid_literal(cx.raw(span), &most, "write a smaller number", span));
        return None;
    }
    Some(Value::constant(Kind::Int, number.to_string()))
}

fn duration(cx: &mut Context<'_>, text: &str, span: Span) -> Option<Value> {
    match ttl::seconds(text) {
        Ok(seconds) => Some(Value::constant(Kind::Duration, format!("{seconds}s"))),
        Err(problem) => {
            cx.report(problems::invalid_literal(
                text,
                problem.reason(),
                "write it as in `15m`, `1h30m` or `2d`",
                span,
            ));
            None
        }
    }
}

fn list(cx: &mut Context<'_>, scope: &mut Scope<'_>, items: &[Spanned<Expression>]) -> Option<Value> {
    if let Some(extra) = items.get(limits::ITEMS) {
        cx.report(problems::too_many_items("the list", extra.span, items.len(), limits::ITEMS));
        return None;
    }
    let values: Vec<Option<Value>> = items.iter().map(|item| evaluate(cx, scope, item)).collect();
    values.into_iter().collect::<Option<_>>().map(Value::List)
}

type Patterns = Vec<(ir::MatchMode, String)>;

/// The right side of `matches`: a pattern, or the path of a set.
fn patterns(cx: &mut Context<'_>, scope: &mut Scope<'_>, right: &Spanned<Expression>) -> Option<Patterns> {
    let path = match &right.value {
        Expression::Set(path) => path.clone(),
        Expression::Name(path) if path.len() == 1 && !scope.knows(&path[0].value) => path[0].value.clone(),
        Expression::Text(text) if text.as_plain().is_some() => {
            let text = text.as_plain().unwrap_or_default().to_owned();
            let pattern = intent::pattern(cx, &Spanned::new(text, right.span), "the pattern")?;
            return Some(vec![(ir::MatchMode::Verb, pattern)]);
        }
        _ => {
            let value = evaluate(cx, scope, right)?;
            let Some(text) = value.as_constant().filter(|_| value.describe() == "String") else {
                cx.report(problems::no_pattern(&value.describe(), right.span));
                return None;
            };
            let pattern = intent::pattern(cx, &Spanned::new(text.to_owned(), right.span), "the pattern")?;
            return Some(vec![(ir::MatchMode::Verb, pattern)]);
        }
    };
    let path = Spanned::new(path, right.span);
    let Some(members) = scope.sets.find(&path) else {
        // Only here is it known that a single name was meant as a set.
        match &right.value {
            Expression::Name(_) => cx.report(problems::no_such_set(&path.value, path.span)),
            _ => cx.broken(),
        }
        return None;
    };
    let mut patterns: Patterns = members.iter().map(|member| (member.mode, member.pattern.clone())).collect();
    patterns.sort_by_key(|(mode, pattern)| (*mode == ir::MatchMode::Exact, pattern.clone()));
    patterns.dedup();
    if patterns.is_empty() { None } else { Some(patterns) }
}

fn matches(cx: &mut Context<'_>, left: &Spanned<Value>, patterns: Patterns) -> Option<Truth> {
    match &left.value {
        Value::Text { kind, text } if kind.is_text() => Some(match value::known(text) {
            Some(text) => Truth::Known(takes(&patterns, text)),
            None => Truth::Test(ir::Test::Matches { text: text.clone(), patterns }),
        }),
        Value::Composed(_) => {
            cx.report(problems::composed_text(cx.raw(left.span), "matches", left.span));
            None
        }
        other => {
            cx.report(problems::matches_no_text(&other.describe(), left.span));
            None
        }
    }
}

/// Whether one of the patterns takes a text, as rules take intents.
pub(crate) fn takes(patterns: &[(ir::MatchMode, String)], text: &str) -> bool {
    let rules: Vec<automata::Rule> = patterns
        .iter()
        .filter_map(|(mode, pattern)| {
            let mode = match mode {
                ir::MatchMode::Verb => automata::MatchMode::Verb,
                ir::MatchMode::Exact => automata::MatchMode::Exact,
            };
            let pattern = automata::Pattern::parse(pattern).ok()?;
            Some(automata::Rule { action: automata::Action::Allow, mode, pattern })
        })
        .collect();
    automata::explain(&rules, automata::Clauses::Whole, text).decision == automata::Decision::Allowed
}

/// Reads the `let`s in the order of the text, each for those behind it and for everything else.
pub(crate) fn lets(cx: &mut Context<'_>, scope: &mut Scope<'_>, lets: &[Spanned<ast::Let>]) {
    if let Some(extra) = lets.get(limits::ITEMS) {
        cx.report(problems::too_many_items("let", extra.span, lets.len(), limits::ITEMS));
        return;
    }
    for item in lets {
        let name = &item.value.name;
        let free = names::is_free(cx, scope, name);
        let value = evaluate(cx, scope, &item.value.value);
        if free {
            scope.define(name, value);
        }
    }
}
