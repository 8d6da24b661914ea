//! What names stand for: the session, the masque, its attributes, rings, parameters and `let`s.

use super::truth::Truth;
use super::value::{Kind, Value, constant};
use crate::context::Context;
use crate::logic::Logic;
use crate::problems;
use crate::sets::Sets;
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_ir::{ParamId, ParamType, Ring, TextSource};

/// Words that no parameter and no `let` may be called.
const RESERVED: [&str; 25] = [
    "session",
    "masque",
    "attributes",
    "outsider",
    "guest",
    "player",
    "admin",
    "lower",
    "upper",
    "trim",
    "join",
    "length",
    "text",
    "true",
    "false",
    "null",
    "and",
    "or",
    "not",
    "in",
    "matches",
    "if",
    "else",
    "end",
    "when",
];

/// What a session is called in tests, beside parameters.
const SESSION: [&str; 3] = ["ring", "intent", "agent"];

/// What a file says about itself that expressions may use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) name: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) version: Option<ir::Version>,
    pub(crate) ring: Option<Ring>,
    pub(crate) attributes: Vec<(String, ir::Value)>,
}

/// Everything that expressions of one file may name.
pub(crate) struct Scope<'s> {
    pub(crate) sets: &'s Sets,
    pub(crate) logic: &'s mut Logic,
    pub(crate) facts: Facts,
    /// How deep in an expression the evaluation is.
    pub(crate) depth: usize,
    lets: Vec<Let>,
}

struct Let {
    name: Spanned<String>,
    /// `None` where it was reported.
    value: Option<Value>,
    used: bool,
}

impl<'s> Scope<'s> {
    pub(crate) fn new(sets: &'s Sets, logic: &'s mut Logic, facts: Facts) -> Self {
        Self { sets, logic, facts, depth: 0, lets: Vec::new() }
    }

    pub(super) fn define(&mut self, name: &Spanned<String>, value: Option<Value>) {
        self.lets.push(Let { name: name.clone(), value, used: false });
    }

    /// Whether a name of one word stands for a value.
    pub(super) fn knows(&self, name: &str) -> bool {
        RESERVED.contains(&name)
            || self.lets.iter().any(|known| known.name.value == name)
            || self.logic.params.iter().any(|(param, _)| param.name == name)
    }

    /// Reports every `let` that nothing uses.
    pub(crate) fn unused_lets(&self, cx: &mut Context<'_>) {
        for unused in self.lets.iter().filter(|known| !known.used) {
            cx.report(problems::unused_name("let", &unused.name.value, unused.name.span));
        }
    }
}

/// Whether a name may be given to a parameter or a `let`; says so if it may not.
pub(crate) fn is_free(cx: &mut Context<'_>, scope: &Scope<'_>, name: &Spanned<String>) -> bool {
    let first = scope.lets.iter().find(|known| known.name.value == name.value).map(|known| known.name.span);
    is_unreserved(cx, name, first.or_else(|| scope.logic.place_of(&name.value)))
}

/// `first` is where the name was given before.
pub(crate) fn is_unreserved(cx: &mut Context<'_>, name: &Spanned<String>, first: Option<Span>) -> bool {
    if RESERVED.contains(&name.value.as_str()) {
        cx.report(problems::name_reserved(&name.value, name.span));
    } else if SESSION.contains(&name.value.as_str()) {
        cx.report(problems::name_of_session(&name.value, name.span));
    } else if let Some(first) = first {
        cx.report(problems::name_taken(&name.value, name.span, first));
    } else {
        return true;
    }
    false
}

/// The value of a name.
pub(super) fn find(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    path: &[Spanned<String>],
    span: Span,
) -> Option<Value> {
    let words: Vec<&str> = path.iter().map(|word| word.value.as_str()).collect();
    let string = |text: &Option<String>| text.as_ref().map(|text| Value::constant(Kind::String, text));
    match words.as_slice() {
        ["session", "ring"] => Some(Value::session(Kind::Ring, TextSource::SessionRing)),
        ["session", "intent"] => Some(Value::session(Kind::String, TextSource::SessionIntent)),
        ["session", "agent"] => Some(Value::session(Kind::String, TextSource::SessionAgent)),
        // What is missing here was reported as missing.
        ["masque", "name"] => string(&scope.facts.name),
        ["masque", "id"] => string(&scope.facts.id),
        ["masque", "version"] => {
            let version = scope.facts.version.as_ref()?;
            Some(Value::constant(Kind::Version, version.to_string()))
        }
        ["masque", "ring"] => scope.facts.ring.map(|ring| Value::constant(Kind::Ring, ring.name())),
        ["attributes", keys @ ..] if !keys.is_empty() => attribute(cx, scope, keys, span),
        [name] => one_word(cx, scope, name, span),
        [first, rest @ ..] => {
            let members: &[&str] = match *first {
                "session" => &SESSION,
                "masque" => &["name", "id", "version", "ring"],
                _ => &[],
            };
            let near = masque_diagnostics::nearest(
                rest.first().copied().unwrap_or_default(),
                members.iter().copied(),
            );
            let near = near.map(|near| format!("{first}.{near}"));
            cx.report(problems::unknown_name(&words.join("."), near.as_deref(), span));
            None
        }
        [] => None,
    }
}

fn one_word(cx: &mut Context<'_>, scope: &mut Scope<'_>, name: &str, span: Span) -> Option<Value> {
    if let Some(ring) = Ring::ALL.into_iter().find(|ring| ring.name() == name) {
        return Some(Value::constant(Kind::Ring, ring.name()));
    }
    if let Some(known) = scope.lets.iter_mut().find(|known| known.name.value == name) {
        known.used = true;
        return known.value.clone();
    }
    if let Some(at) = scope.logic.params.iter().position(|(param, _)| param.name == name) {
        scope.logic.used.insert(at);
        return Some(param(&scope.logic.params[at].0, ParamId(at)));
    }
    if scope.logic.refused.iter().any(|refused| refused == name) {
        return None;
    }
    if super::functions::NAMES.contains(&name) {
        cx.report(problems::function_without_call(name, span));
        return None;
    }
    if is_like_a_version(name) {
        cx.report(problems::no_version(name, span));
        return None;
    }
    let rings = Ring::ALL.map(Ring::name);
    let params = scope.logic.params.iter().map(|(param, _)| param.name.as_str());
    let lets = scope.lets.iter().map(|known| known.name.value.as_str());
    let near = masque_diagnostics::nearest(name, params.chain(lets).chain(rings));
    let near = near.map(str::to_owned).or_else(|| SESSION.contains(&name).then(|| format!("session.{name}")));
    cx.report(problems::unknown_name(name, near.as_deref(), span));
    None
}

fn param(param: &ir::Param, id: ParamId) -> Value {
    let source = TextSource::Param(id);
    match Kind::of(&param.kind) {
        Some(kind) => Value::session(kind, source),
        None => {
            debug_assert_eq!(param.kind, ParamType::Bool);
            let text = ir::Text { source, form: ir::TextForm::AsIs };
            Value::Bool(Truth::equal(text, constant("true")))
        }
    }
}

fn attribute(cx: &mut Context<'_>, scope: &Scope<'_>, keys: &[&str], span: Span) -> Option<Value> {
    let mut map = &scope.facts.attributes;
    let mut path = "attributes".to_owned();
    for (at, key) in keys.iter().enumerate() {
        let Some((_, value)) = map.iter().find(|(known, _)| known == key) else {
            let near = masque_diagnostics::nearest(key, map.iter().map(|(known, _)| known.as_str()));
            let rest = |key: &str| [&[key], &keys[at + 1..]].concat().join(".");
            let near = near.map(|near| format!("{path}.{}", rest(near)));
            cx.report(problems::unknown_name(&format!("{path}.{}", rest(key)), near.as_deref(), span));
            return None;
        };
        path = format!("{path}.{key}");
        match value {
            ir::Value::Map(inner) if at + 1 < keys.len() => map = inner,
            value if at + 1 == keys.len() => {
                let found = from_attribute(value);
                if found.is_none() {
                    cx.report(problems::attribute_without_value(&path, span));
                }
                return found;
            }
            _ => {
                cx.report(problems::unknown_name(&format!("attributes.{}", keys.join(".")), None, span));
                return None;
            }
        }
    }
    None
}

/// Numbers with a fraction are texts: expressions know whole numbers only.
fn from_attribute(value: &ir::Value) -> Option<Value> {
    Some(match value {
        ir::Value::Bool(holds) => Value::Bool(Truth::Known(*holds)),
        ir::Value::Number(text) => match text.parse::<i64>() {
            Ok(number) if number.unsigned_abs() <= crate::limits::INT => {
                Value::constant(Kind::Int, number.to_string())
            }
            _ => Value::constant(Kind::String, text),
        },
        ir::Value::Text(text) => Value::constant(Kind::String, text),
        ir::Value::List(items) => Value::List(items.iter().map(from_attribute).collect::<Option<_>>()?),
        ir::Value::Null | ir::Value::Map(_) => return None,
    })
}

/// `v2`, `V2`.
fn is_like_a_version(name: &str) -> bool {
    let digits = name.strip_prefix(['v', 'V']).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
}
