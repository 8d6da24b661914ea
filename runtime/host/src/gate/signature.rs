//! The types of a component's exports, compared as text with those of the world.

use std::fmt::Write as _;

use masque_abi::Export;
use wasmparser::component_types::{ComponentDefinedType, ComponentEntityType, ComponentValType};
use wasmparser::types::TypesRef;

use super::GateError;

/// The parameter that every function has.
macro_rules! session {
    () => {
        "session: record { intent: string, ring: enum { outsider, guest, player, admin }, agent: string, \
         params: list<tuple<string, string>> }"
    };
}

fn wanted(export: Export) -> &'static str {
    match export {
        Export::ValidateIntent => {
            concat!("func(intent: string, ", session!(), ") -> enum { allowed, denied, unmatched }")
        }
        Export::Knowledge => concat!("func(", session!(), ") -> list<string>"),
        Export::Access => concat!(
            "func(",
            session!(),
            ") -> list<record { provider: string, role: string, ttl: variant { session, seconds(u64) } }>"
        ),
        Export::Context | Export::Lens => concat!("func(", session!(), ") -> string"),
    }
}

/// Checks that a component exports the world's functions, and that `exports` are no others; types may be exported as well.
pub(super) fn check(types: TypesRef<'_>, exports: &[String]) -> Result<(), GateError> {
    for name in exports {
        let is_type = matches!(
            types.component_item_for_export(name).map(|item| item.ty),
            Some(ComponentEntityType::Type { .. })
        );
        if !is_type && Export::ALL.iter().all(|export| export.name() != name) {
            return Err(GateError::Surplus(name.clone()));
        }
    }
    for export in Export::ALL {
        let name = export.name();
        let item = types.component_item_for_export(name).ok_or(GateError::Missing(name))?;
        let (found, wanted) = (describe(types, item.ty), wanted(export));
        if found != wanted {
            return Err(GateError::Signature { name, found, wanted });
        }
    }
    Ok(())
}

/// Longer descriptions are cut: they are wrong anyway.
const MAX_DESCRIPTION: usize = 512;

fn describe(types: TypesRef<'_>, entity: ComponentEntityType) -> String {
    let ComponentEntityType::Func(function) = entity else {
        return "no function".to_owned();
    };
    let function = &types[function];
    let mut text = if function.async_ { "async func(" } else { "func(" }.to_owned();
    for (index, (name, ty)) in function.params.iter().enumerate() {
        let _ = write!(text, "{}{name}: ", separator(index));
        value(types, *ty, &mut text);
    }
    text.push(')');
    if let Some(result) = function.result {
        text.push_str(" -> ");
        value(types, result, &mut text);
    }
    text
}

fn separator(index: usize) -> &'static str {
    if index == 0 { "" } else { ", " }
}

/// Writes a type of a value. Types refer only to earlier ones, and each step writes something, so the cut ends it.
fn value(types: TypesRef<'_>, ty: ComponentValType, text: &mut String) {
    if text.len() > MAX_DESCRIPTION {
        if !text.ends_with('…') {
            text.push('…');
        }
        return;
    }
    let defined = match ty {
        ComponentValType::Primitive(primitive) => {
            let _ = write!(text, "{primitive}");
            return;
        }
        ComponentValType::Type(id) => &types[id],
    };
    match defined {
        ComponentDefinedType::Primitive(primitive) => {
            let _ = write!(text, "{primitive}");
        }
        ComponentDefinedType::Record(record) => {
            text.push_str("record { ");
            for (index, (name, ty)) in record.fields.iter().enumerate() {
                let _ = write!(text, "{}{name}: ", separator(index));
                value(types, *ty, text);
            }
            text.push_str(" }");
        }
        ComponentDefinedType::Variant(variant) => {
            text.push_str("variant { ");
            for (index, (name, case)) in variant.cases.iter().enumerate() {
                let _ = write!(text, "{}{name}", separator(index));
                if let Some(ty) = case.ty {
                    text.push('(');
                    value(types, ty, text);
                    text.push(')');
                }
            }
            text.push_str(" }");
        }
        ComponentDefinedType::List { element, .. } => {
            text.push_str("list<");
            value(types, *element, text);
            text.push('>');
        }
        ComponentDefinedType::Tuple(tuple) => {
            text.push_str("tuple<");
            for (index, ty) in tuple.types.iter().enumerate() {
                text.push_str(separator(index));
                value(types, *ty, text);
            }
            text.push('>');
        }
        ComponentDefinedType::Enum(names) => {
            text.push_str("enum { ");
            for (index, name) in names.iter().enumerate() {
                let _ = write!(text, "{}{name}", separator(index));
            }
            text.push_str(" }");
        }
        _ => text.push_str("another type"),
    }
}
