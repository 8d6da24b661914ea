//! Comparisons: which values go together, and the test that comes of it.

use super::truth::Truth;
use super::value::{Kind, Value, constant, known};
use crate::context::Context;
use crate::problems;
use masque_diagnostics::{Span, Spanned};
use masque_ir::{Ring, Rings, Test, Text, TextSource};
use masque_syntax::ast::Operator;

type Side = Spanned<Value>;

/// `left operator right`, where the operator compares two values.
pub(crate) fn compare(
    cx: &mut Context<'_>,
    operator: &Spanned<Operator>,
    left: &Side,
    right: &Side,
) -> Option<Truth> {
    let equality = matches!(operator.value, Operator::Equal | Operator::NotEqual);
    let (left_kind, left_text, right_kind, right_text) = match (&left.value, &right.value) {
        (Value::Bool(a), Value::Bool(b)) if equality => {
            let same = Truth::same(a.clone(), b.clone());
            return Some(if operator.value == Operator::Equal { same } else { same.negated() });
        }
        (Value::Composed(_), other) | (other, Value::Composed(_)) if is_string(other) && equality => {
            let composed = if matches!(left.value, Value::Composed(_)) { left } else { right };
            cx.report(problems::composed_text(cx.raw(composed.span), operator.value.symbol(), composed.span));
            return None;
        }
        (Value::Text { kind: a, text: x }, Value::Text { kind: b, text: y }) => (a, x, b, y),
        _ => return mismatch(cx, operator, left, right),
    };
    if !go_together(cx, (left_kind, left_text, left.span), (right_kind, right_text, right.span)).ok()? {
        return mismatch(cx, operator, left, right);
    }
    if !equality && !left_kind.is_ordered() {
        cx.report(problems::not_ordered(operator.value.symbol(), &left_kind.describe(), operator.span));
        return None;
    }
    if *left_kind == Kind::Ring {
        return Some(rings(operator.value, left_text, right_text));
    }
    if *left_kind == Kind::Version && !(known(left_text).is_some() && known(right_text).is_some()) {
        for (text, span) in [(left_text, left.span), (right_text, right.span)] {
            if let Some(problem) = known(text).and_then(unlike_a_session_s) {
                cx.report(problems::invalid_literal(
                    cx.raw(span),
                    problem,
                    "compare with `major.minor.patch`",
                    span,
                ));
                return None;
            }
        }
    }
    let equal = || Truth::equal(left_text.clone(), right_text.clone());
    let less = |a: &Text, b: &Text| less(left_kind, a, b);
    Some(match operator.value {
        Operator::NotEqual => equal().negated(),
        Operator::Less => less(left_text, right_text),
        Operator::Greater => less(right_text, left_text),
        Operator::LessOrEqual => Truth::any([less(left_text, right_text), equal()]),
        Operator::GreaterOrEqual => Truth::any([less(right_text, left_text), equal()]),
        _ => equal(),
    })
}

/// `left in [a, b]`.
pub(crate) fn within(
    cx: &mut Context<'_>,
    operator: &Spanned<Operator>,
    left: &Side,
    right: &Side,
) -> Option<Truth> {
    let Value::List(items) = &right.value else {
        cx.report(problems::no_list(&right.value.describe(), right.span));
        return None;
    };
    let equal = Spanned::new(Operator::Equal, operator.span);
    let mut cases = Vec::new();
    for item in items {
        cases.push(compare(cx, &equal, left, &Spanned::new(item.clone(), right.span))?);
    }
    // Every value of an enumeration is listed: it is always one of them.
    if let Value::Text { kind: Kind::OneOf(values), .. } = &left.value {
        if values.iter().all(|value| items.iter().any(|item| item.as_constant() == Some(value))) {
            return Some(Truth::Known(true));
        }
    }
    Some(Truth::any(cases))
}

fn is_string(value: &Value) -> bool {
    match value {
        Value::Composed(_) => true,
        Value::Text { kind, .. } => kind.is_text(),
        Value::Bool(_) | Value::List(_) => false,
    }
}

/// Whether two kinds may be compared. `Err` where that was reported.
fn go_together(
    cx: &mut Context<'_>,
    (left, left_text, left_span): (&Kind, &Text, Span),
    (right, right_text, right_span): (&Kind, &Text, Span),
) -> Result<bool, ()> {
    let mut one_of = |values: &[String], text: &Text, span: Span| match known(text) {
        Some(text) if !values.iter().any(|value| value == text) => {
            cx.report(problems::unknown_value(text, values, span));
            Err(())
        }
        _ => Ok(true),
    };
    match (left, right) {
        (Kind::OneOf(values), Kind::String) => one_of(values, right_text, right_span),
        (Kind::String, Kind::OneOf(values)) => one_of(values, left_text, left_span),
        (Kind::OneOf(a), Kind::OneOf(b)) => Ok(a.iter().any(|value| b.contains(value))),
        _ => Ok(left == right),
    }
}

fn mismatch(cx: &mut Context<'_>, operator: &Spanned<Operator>, left: &Side, right: &Side) -> Option<Truth> {
    let side = |side: &Side| (side.span, format!("`{}` is {}", cx.raw(side.span), side.value.describe()));
    let help = help(left, right).or_else(|| help(right, left));
    cx.report(problems::type_mismatch(operator.value.symbol(), operator.span, side(left), side(right), help));
    None
}

/// What was likely meant by `given`, which stands beside a `wanted`.
fn help(wanted: &Side, given: &Side) -> Option<String> {
    let Value::Text { kind, .. } = &wanted.value else { return None };
    let text = given.value.as_constant()?;
    match (kind, &given.value) {
        (Kind::Ring, Value::Text { kind: Kind::String, .. }) => {
            let names = Ring::ALL.map(Ring::name);
            masque_diagnostics::nearest(text, names).map(|name| format!("write `{name}`, without quotes"))
        }
        (Kind::Duration, Value::Text { kind: Kind::Int, .. }) => {
            Some(format!("write a unit: `{text}m` or `{text}s`"))
        }
        (Kind::Version, Value::Text { kind: Kind::Int, .. }) => {
            Some(format!("write three numbers: `{text}.0.0`"))
        }
        (Kind::Int, Value::Text { kind: Kind::String, .. }) if text.parse::<i64>().is_ok() => {
            Some(format!("write `{text}`, without quotes"))
        }
        _ => None,
    }
}

/// Rings are few: each way that a comparison can hold is a case.
fn rings(operator: Operator, left: &Text, right: &Text) -> Truth {
    let holds = |a: Ring, b: Ring| match operator {
        Operator::NotEqual => a != b,
        Operator::Less => a < b,
        Operator::Greater => a > b,
        Operator::LessOrEqual => a <= b,
        Operator::GreaterOrEqual => a >= b,
        _ => a == b,
    };
    // A ring that is compared with itself.
    if left == right {
        return Truth::Known(holds(Ring::Guest, Ring::Guest));
    }
    let case = |b: Ring| Truth::all([ring_in(right, &|ring| ring == b), ring_in(left, &|a| holds(a, b))]);
    Truth::any(Ring::ALL.map(case))
}

/// Whether the ring that a text names is one of these.
fn ring_in(text: &Text, holds: &dyn Fn(Ring) -> bool) -> Truth {
    match &text.source {
        TextSource::SessionRing => Truth::rings(Rings::of(holds)),
        TextSource::Constant(name) => {
            Truth::Known(Ring::ALL.into_iter().any(|ring| ring.name() == name && holds(ring)))
        }
        _ if Ring::ALL.into_iter().all(holds) => Truth::Known(true),
        _ => {
            let named = Ring::ALL.into_iter().filter(|ring| holds(*ring));
            Truth::any(named.map(|ring| Truth::equal(text.clone(), constant(ring.name()))))
        }
    }
}

fn less(kind: &Kind, left: &Text, right: &Text) -> Truth {
    match (known(left), known(right)) {
        (Some(left), Some(right)) if *kind == Kind::Version => {
            let read = |text: &str| masque_ir::Version::parse(text).ok();
            Truth::Known(read(left) < read(right))
        }
        (Some(left), Some(right)) => {
            let read = |text: &str| text.trim_end_matches('s').parse::<i64>().ok();
            Truth::Known(read(left) < read(right))
        }
        _ if left == right => Truth::Known(false),
        _ => Truth::Test(Test::Less(left.clone(), right.clone())),
    }
}

/// Why no session has this version.
pub(crate) fn unlike_a_session_s(text: &str) -> Option<&'static str> {
    const MOST: u64 = 1 << 20;
    let version = masque_ir::Version::parse(text).ok()?;
    if !version.pre.is_empty() || !version.build.is_empty() {
        return Some("a version of a session has three numbers and nothing else");
    }
    let large = [version.major, version.minor, version.patch].into_iter().any(|number| number >= MOST);
    large.then_some("each number of a version has to be below 1048576")
}
