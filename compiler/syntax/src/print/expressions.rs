//! Expressions as text, with the parentheses that they need and no others.

use masque_diagnostics::Spanned;

use super::strings;
use crate::ast::{Expression, Operator};

/// How tightly a text holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Primary,
}

/// The text of an expression. One that was not read has none, and leaves nothing.
pub(super) fn text(expression: &Expression) -> String {
    bound(expression).0
}

fn bound(expression: &Expression) -> (String, Binding) {
    let primary = |text: String| (text, Binding::Primary);
    match expression {
        Expression::Bool(value) => primary(value.to_string()),
        Expression::Int(value) => primary(value.to_string()),
        Expression::Text(template) => primary(strings::inline(template)),
        Expression::Duration(written) | Expression::Version(written) | Expression::Set(written) => {
            primary(written.clone())
        }
        Expression::Name(path) => {
            primary(path.iter().map(|name| name.value.as_str()).collect::<Vec<_>>().join("."))
        }
        Expression::List(items) => primary(format!("[{}]", list(items))),
        Expression::Call { function, arguments } => {
            primary(format!("{}({})", function.value, list(arguments)))
        }
        Expression::Not(inner) => {
            let (text, binding) = bound(&inner.value);
            (format!("not {}", inside(text, binding >= Binding::Not)), Binding::Not)
        }
        Expression::Binary { left, operator, right } => binary(&left.value, operator.value, &right.value),
        Expression::Error(_) => primary(String::new()),
    }
}

fn binary(left: &Expression, operator: Operator, right: &Expression) -> (String, Binding) {
    let (binding, least_left, least_right) = match operator {
        Operator::Or => (Binding::Or, Binding::Or, Binding::And),
        Operator::And => (Binding::And, Binding::And, Binding::Not),
        _ => (Binding::Comparison, Binding::Primary, Binding::Primary),
    };
    let (left, left_binding) = bound(left);
    // Braces of a pattern are the glob's.
    let (right, right_binding) = match (operator, right) {
        (Operator::Matches, Expression::Text(template)) => match template.as_plain() {
            Some(pattern) => (strings::line(pattern), Binding::Primary),
            None => bound(right),
        },
        _ => bound(right),
    };
    let left = inside(left, left_binding >= least_left);
    let right = inside(right, right_binding >= least_right);
    (format!("{left} {} {right}", operator.symbol()), binding)
}

fn inside(text: String, holds: bool) -> String {
    if holds { text } else { format!("({text})") }
}

fn list(items: &[Spanned<Expression>]) -> String {
    items.iter().map(|item| text(&item.value)).collect::<Vec<_>>().join(", ")
}
