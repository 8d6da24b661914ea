//! Quoting for fixes.

use std::fmt::Write;

/// The text as a double-quoted scalar that YAML and JSON read alike.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("writing to a string does not fail");
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The text in the quotes, if any, that the source has around what it replaces.
pub(crate) fn quoted_like(written: &str, text: &str) -> String {
    match written.as_bytes().first() {
        Some(b'"') => quoted(text),
        Some(b'\'') => format!("'{}'", text.replace('\'', "''")),
        _ => text.to_owned(),
    }
}
