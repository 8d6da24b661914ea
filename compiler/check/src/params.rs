//! Parameters: their types, the canonical form of their values, and whether anything uses them.

use crate::context::Context;
use crate::expression::{self, Kind, Scope, Truth, Value};
use crate::logic::Logic;
use crate::version::{self, Reading};
use crate::{limits, problems, ttl};
use masque_diagnostics::{Diagnostic, Spanned};
use masque_ir as ir;
use masque_syntax::ast;

/// Adds the parameters of a file to those of its chain.
pub(crate) fn check(cx: &mut Context<'_>, scope: &mut Scope<'_>, list: &ast::List<ast::Param>) {
    for item in cx.items(list, "params", limits::PARAMS) {
        let param = &item.value;
        let Some(name) = cx.required(&param.name, Some(item.span), "params.name", "name: …") else {
            let _ = cx.given(&param.kind);
            continue;
        };
        let free = if is_name(&name.value) {
            expression::is_unreserved(cx, name, scope.logic.place_of(&name.value))
        } else {
            cx.report(problems::not_a_name(&name.value, name.span));
            false
        };
        let kind = cx
            .required(&param.kind, Some(item.span), "params.type", "type: string")
            .and_then(|kind| self::kind(cx, kind));
        let Some(kind) = kind else {
            scope.logic.refused.push(name.value.clone());
            continue;
        };
        let default = cx.given(&param.default).and_then(|written| default(cx, scope, &kind, written));
        if free {
            scope.logic.params.push((ir::Param { name: name.value.clone(), kind, default }, name.span));
        }
    }
    if scope.logic.params.len() > limits::PARAMS {
        let (_, place) = scope.logic.params[limits::PARAMS];
        cx.report(problems::too_many_items("params", place, scope.logic.params.len(), limits::PARAMS));
    }
}

/// A finding for every parameter of a whole chain that nothing uses.
pub(crate) fn unused(logic: &Logic) -> Vec<Diagnostic> {
    let unused = logic.params.iter().enumerate().filter(|(at, _)| !logic.used.contains(at));
    unused.map(|(_, (param, place))| problems::unused_name("parameter", &param.name, *place)).collect()
}

/// The canonical form of a value that is written as text: of a test's `given`, say.
pub(crate) fn canonical(kind: &ir::ParamType, text: &str) -> Option<String> {
    match kind {
        ir::ParamType::Bool => matches!(text, "true" | "false").then(|| text.to_owned()),
        ir::ParamType::Int => {
            let number: i64 = text.parse().ok()?;
            (number.unsigned_abs() <= limits::INT).then(|| number.to_string())
        }
        ir::ParamType::String => Some(text.to_owned()),
        ir::ParamType::Duration => ttl::seconds(text).ok().map(|seconds| format!("{seconds}s")),
        ir::ParamType::Ring => {
            ir::Ring::ALL.into_iter().any(|ring| ring.name() == text).then(|| text.to_owned())
        }
        ir::ParamType::Version => {
            let (Reading::Full(version) | Reading::Short(version)) = version::read(text) else { return None };
            let text = version.to_string();
            expression::unlike_a_session_s(&text).is_none().then_some(text)
        }
        ir::ParamType::OneOf(values) => values.iter().any(|value| value == text).then(|| text.to_owned()),
    }
}

/// A type as messages name it.
pub(crate) fn describe(kind: &ir::ParamType) -> String {
    Kind::of(kind).map_or_else(|| "Bool".to_owned(), |kind| kind.describe())
}

fn is_name(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(inside)
        && text.len() <= limits::ID
}

fn kind(cx: &mut Context<'_>, written: &Spanned<ast::ParamType>) -> Option<ir::ParamType> {
    let values = match &written.value {
        ast::ParamType::Bool => return Some(ir::ParamType::Bool),
        ast::ParamType::Int => return Some(ir::ParamType::Int),
        ast::ParamType::String => return Some(ir::ParamType::String),
        ast::ParamType::Duration => return Some(ir::ParamType::Duration),
        ast::ParamType::Ring => return Some(ir::ParamType::Ring),
        ast::ParamType::Version => return Some(ir::ParamType::Version),
        ast::ParamType::OneOf(values) => values,
    };
    let mut known: Vec<&Spanned<String>> = Vec::new();
    for value in values {
        match known.iter().find(|first| first.value == value.value) {
            Some(first) => cx.report(problems::same_value_twice(&value.value, value.span, first.span)),
            None => known.push(value),
        }
    }
    if let Some(extra) = values.get(limits::VALUES) {
        cx.report(problems::too_many_items("params.one_of", extra.span, values.len(), limits::VALUES));
        return None;
    }
    if known.len() < 2 {
        cx.report(problems::too_few_values(written.span));
        return None;
    }
    let fits: Vec<bool> = known.iter().map(|value| cx.fits(value, "params.one_of", limits::LINE)).collect();
    let values = known.into_iter().map(|value| value.value.clone()).collect();
    fits.into_iter().all(|fits| fits).then_some(ir::ParamType::OneOf(values))
}

fn default(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    kind: &ir::ParamType,
    written: &Spanned<ast::Expression>,
) -> Option<String> {
    let value = expression::evaluate(cx, scope, written)?;
    let known = match &value {
        Value::Bool(Truth::Known(holds)) => {
            Some((Value::Bool(Truth::Known(*holds)).describe(), holds.to_string()))
        }
        other => other.as_constant().map(|text| (other.describe(), text.to_owned())),
    };
    let Some((given, text)) = known else {
        cx.report(problems::default_not_constant(cx.raw(written.span), written.span));
        return None;
    };
    let wanted = describe(kind);
    if let ir::ParamType::OneOf(values) = kind {
        if given == "String" && !values.contains(&text) {
            cx.report(problems::unknown_value(&text, values, written.span));
            return None;
        }
    }
    // YAML knows rings, durations and versions as text alone.
    let from_text = cx.notation != ast::Notation::Language && given == "String";
    let fitting =
        given == wanted || matches!(kind, ir::ParamType::OneOf(_)) && given == "String" || from_text;
    let canonical = if fitting { canonical(kind, &text) } else { None };
    if canonical.is_none() {
        cx.report(problems::invalid_default(cx.raw(written.span), &given, &wanted, written.span));
    }
    canonical
        .filter(|text| cx.fits(&Spanned::new(text.clone(), written.span), "params.default", limits::PROSE))
}
