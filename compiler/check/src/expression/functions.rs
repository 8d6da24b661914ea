//! The functions of the language.

use super::truth::Truth;
use super::value::{Kind, Value, known};
use super::{Scope, evaluate, register};
use crate::context::Context;
use crate::problems;
use masque_diagnostics::{Span, Spanned};
use masque_ir::{Piece, Template, Test, Text, TextForm, TextSource};
use masque_syntax::ast::Expression;

/// Every function.
pub(super) const NAMES: [&str; 6] = ["lower", "upper", "trim", "join", "length", "text"];

/// Calls a function.
pub(super) fn call(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    function: &Spanned<String>,
    arguments: &[Spanned<Expression>],
    span: Span,
) -> Option<Value> {
    let name = function.value.as_str();
    let values: Vec<Option<Value>> = arguments.iter().map(|argument| evaluate(cx, scope, argument)).collect();
    if !NAMES.contains(&name) {
        let near = masque_diagnostics::nearest(name, NAMES);
        cx.report(problems::unknown_function(name, near, &NAMES, function.span));
        return None;
    }
    let values: Vec<Value> = values.into_iter().collect::<Option<_>>()?;
    let found = match (name, values.as_slice()) {
        ("lower", [value]) => form(value, TextForm::Lower),
        ("upper", [value]) => form(value, TextForm::Upper),
        ("trim", [value]) => form(value, TextForm::Trim),
        ("join", [Value::List(items), separator]) => join(items, separator).ok_or(Refused::Arguments),
        ("length", [Value::List(items)]) => Ok(Value::constant(Kind::Int, items.len().to_string())),
        ("text", [value]) => return text(cx, scope, value, arguments, span),
        _ => Err(Refused::Arguments),
    };
    match found {
        Ok(value) => return Some(value),
        Err(Refused::Composed) => {
            let place = arguments.first().map_or(span, |argument| argument.span);
            cx.report(problems::composed_text(cx.raw(place), name, place));
        }
        Err(Refused::Twice) => cx.report(problems::two_forms(name, span)),
        Err(Refused::Arguments) => {
            let given: Vec<String> = values.iter().map(Value::describe).collect();
            cx.report(problems::wrong_arguments(signature(name), &given, span));
        }
    }
    None
}

enum Refused {
    Arguments,
    Composed,
    Twice,
}

fn signature(name: &str) -> &'static str {
    match name {
        "lower" => "lower(String)",
        "upper" => "upper(String)",
        "trim" => "trim(String)",
        "join" => "join(list of String, String)",
        "length" => "length(list)",
        _ => "text(Int, Duration, Ring, Version or Bool)",
    }
}

fn form(value: &Value, form: TextForm) -> Result<Value, Refused> {
    let text = match value {
        Value::Text { kind, text } if kind.is_text() => text,
        Value::Composed(_) => return Err(Refused::Composed),
        _ => return Err(Refused::Arguments),
    };
    if let Some(text) = known(text) {
        let text = match form {
            TextForm::AsIs => text.to_owned(),
            TextForm::Lower => text.to_ascii_lowercase(),
            TextForm::Upper => text.to_ascii_uppercase(),
            TextForm::Trim => text.trim_matches(|c: char| c.is_ascii_whitespace()).to_owned(),
        };
        return Ok(Value::constant(Kind::String, text));
    }
    let letters = |form| matches!(form, TextForm::Lower | TextForm::Upper);
    // What was done to letters before makes no difference to what is done to them now.
    if text.form == TextForm::AsIs || text.form == form || (letters(text.form) && letters(form)) {
        return Ok(Value::Text { kind: Kind::String, text: Text { source: text.source.clone(), form } });
    }
    Err(Refused::Twice)
}

fn join(items: &[Value], separator: &Value) -> Option<Value> {
    let separator = as_pieces(separator)?;
    let mut pieces = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            pieces.extend(separator.iter().cloned());
        }
        pieces.extend(as_pieces(item)?);
    }
    Some(Value::string(crate::template::joined(pieces)))
}

/// A String in pieces.
fn as_pieces(value: &Value) -> Option<Vec<Piece>> {
    match value {
        Value::Text { kind, text } if kind.is_text() => Some(vec![match known(text) {
            Some(text) => Piece::Constant(text.to_owned()),
            None => Piece::Text(text.clone()),
        }]),
        Value::Composed(pieces) => Some(pieces.clone()),
        _ => None,
    }
}

fn text(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    value: &Value,
    arguments: &[Spanned<Expression>],
    span: Span,
) -> Option<Value> {
    match value {
        Value::Text { text, .. } => Some(Value::Text { kind: Kind::String, text: text.clone() }),
        Value::Composed(_) => Some(value.clone()),
        Value::Bool(Truth::Known(holds)) => Some(Value::constant(Kind::String, holds.to_string())),
        Value::Bool(Truth::Test(Test::Equal(left, right)))
            if matches!(left.source, TextSource::Param(id) if scope.logic.params[id.0].0.kind == masque_ir::ParamType::Bool)
                && known(right) == Some("true") =>
        {
            Some(Value::Text { kind: Kind::String, text: left.clone() })
        }
        Value::Bool(Truth::Test(test)) => {
            let place = arguments.first().map_or(span, |argument| argument.span);
            let written = cx.raw(place).split_whitespace().collect::<Vec<_>>().join(" ");
            let condition = register(cx, scope, written, test.clone(), place)?;
            let (then, otherwise) = (Template::constant("true"), Template::constant("false"));
            Some(Value::Composed(vec![Piece::If { condition, then, otherwise }]))
        }
        Value::List(_) => {
            cx.report(problems::wrong_arguments(signature("text"), &[value.describe()], span));
            None
        }
    }
}
