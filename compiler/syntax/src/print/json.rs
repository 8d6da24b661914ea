//! Fields as JSON; the layout is `format`'s.

use masque_diagnostics::{SourceId, Span};

use super::Lost;
use super::data::{Data, Entry, Node};
use crate::quote::quoted;

/// Prints fields, which were read from `source`, as one object.
pub(super) fn print(entries: &[Entry], source: SourceId, lost: &mut Vec<Lost>) -> String {
    let mut lose = |what, at: u32| lost.push(Lost { what, place: Span::at(source, at as usize) });
    let mut out = String::from("{\n");
    for (index, entry) in entries.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "" });
        out.push_str(&format!("{}: ", quoted(entry.key)));
        value(&entry.value, &mut out, &mut lose);
    }
    out.push_str("\n}\n");
    out
}

fn value(node: &Node, out: &mut String, lose: &mut impl FnMut(String, u32)) {
    match &node.data {
        Data::Null => out.push_str("null"),
        Data::Bool(value) => out.push_str(&value.to_string()),
        Data::Number(written) if written.parse::<serde_json::Number>().is_ok() => out.push_str(written),
        Data::Number(written) => lose(format!("the number `{written}`"), node.at),
        Data::Word(text) => out.push_str(&quoted(text)),
        Data::Text(text) => out.push_str(&quoted(text)),
        Data::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                value(item, out, lose);
            }
            out.push(']');
        }
        Data::Map(entries) => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(&format!("{}: ", quoted(key)));
                value(item, out, lose);
            }
            out.push('}');
        }
    }
}
