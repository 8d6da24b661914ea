//! The JSON Schema (draft 2020-12) of a masque, drawn from the table of fields.

use serde_json::{Map, Value, json};

use crate::fields::{Block, Field, Need, Shape, Unknown, masque};

/// The JSON Schema of a masque, pretty-printed, with a line break at the end.
pub fn schema() -> String {
    let mut root = Map::new();
    root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".into(), json!("Masque"));
    root.insert("description".into(), json!("A temporary identity for an AI agent."));
    root.extend(block(&masque::BLOCK));
    if let Some(Value::Object(properties)) = root.get_mut("properties") {
        let modeline = json!({ "type": "string", "description": "Tells editors of JSON the schema; `masquec` passes over it." });
        properties.insert("$schema".into(), modeline);
    }
    root.insert(
        "anyOf".into(),
        json!([
            { "required": [masque::LENS.name] },
            {
                "required": [masque::PROMPT.name],
                "properties": { (masque::PROMPT.name): { "required": [crate::fields::prompt::PERSONA.name] } }
            }
        ]),
    );
    let mut text =
        serde_json::to_string_pretty(&sorted(Value::Object(root))).expect("a JSON value is always written");
    text.push('\n');
    text
}

/// The same value with all keys in order. Whether a map keeps the order in which it was filled is a feature of `serde_json` that any
/// crate of a build may turn on, and the schema must not depend on it.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

fn block(block: &Block) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    let mut properties = Map::new();
    let mut conditions = Vec::new();
    for field in block.fields {
        properties.insert(field.name.into(), described(field));
        for alias in field.aliases {
            let mut other = described(field);
            other["description"] = json!(format!("Another name of `{}`. {}", field.name, field.doc));
            properties.insert((*alias).into(), other);
        }
        let names: Vec<&str> = field.names().collect();
        for (at, first) in names.iter().enumerate() {
            conditions.extend(
                names[at + 1..].iter().map(|second| json!({ "not": { "required": [first, second] } })),
            );
        }
        if field.need == Need::Required {
            conditions.push(given(field));
        }
    }
    schema.insert("properties".into(), Value::Object(properties));
    if block.unknown == Unknown::Error {
        schema.insert("additionalProperties".into(), json!(false));
    }
    if !block.kinds.is_empty() {
        let kind = |names: &&[&str]| {
            let fields = block.fields.iter().filter(|field| names.contains(&field.name));
            json!({ "anyOf": fields.map(given).collect::<Vec<_>>() })
        };
        schema.insert("oneOf".into(), block.kinds.iter().map(kind).collect());
    }
    if !conditions.is_empty() {
        schema.insert("allOf".into(), Value::Array(conditions));
    }
    schema
}

/// That a field is given, under whichever of its names.
fn given(field: &Field) -> Value {
    let mut names: Vec<Value> = field.names().map(|name| json!({ "required": [name] })).collect();
    if names.len() == 1 { names.remove(0) } else { json!({ "anyOf": names }) }
}

fn described(field: &Field) -> Value {
    let mut schema = shape(field.shape);
    schema["description"] = json!(field.doc);
    schema
}

fn shape(of: Shape) -> Value {
    match of {
        Shape::Text => json!({ "type": "string" }),
        Shape::Label => json!({ "type": ["string", "number"] }),
        Shape::Setting => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Lines => {
            json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
        }
        Shape::Count { least } => json!({ "type": "integer", "minimum": least }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::List(item) => json!({ "type": "array", "items": shape(*item) }),
        Shape::OneOrMore(item) => {
            json!({ "anyOf": [{ "type": "array", "items": shape(*item) }, shape(*item)] })
        }
        Shape::Block(inner) => Value::Object(block(inner)),
        Shape::TextOr(inner) => json!({ "anyOf": [{ "type": "string" }, block(inner)] }),
        Shape::Settings => json!({ "type": "object", "additionalProperties": shape(Shape::Setting) }),
        Shape::Free => json!({ "type": "object" }),
    }
}
