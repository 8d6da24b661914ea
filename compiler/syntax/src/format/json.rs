//! The layout of JSON: two columns a level. Lists of plain values stand on one line where they fit, everything else where its author wrote it
//! so besides.

use super::{NotFormatted, WIDTH};
use crate::findings::Findings;
use crate::json;
use crate::tree::{Kind, Node};

/// Lays a JSON text out. Scalars and keys stay as they are written.
pub(super) fn format(text: &str, findings: &mut Findings) -> Result<String, NotFormatted> {
    let document = json::read(text, findings).ok_or(NotFormatted::Unreadable)?;
    // Slips that are read past, such as comments, would be lost.
    if findings.any() {
        return Err(NotFormatted::Unreadable);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    Printer { text, out: &mut out }.value(&document.root, 0, 0);
    out.push('\n');
    Ok(out)
}

struct Printer<'t, 'o> {
    text: &'t str,
    out: &'o mut String,
}

impl Printer<'_, '_> {
    /// Writes a value with `before` columns of its line before it; a comma may come behind it.
    fn value(&mut self, node: &Node<'_>, indent: usize, before: usize) {
        let (parts, first, plain) = match &node.kind {
            Kind::List(items) => {
                (items.len(), items.first().map(|item| item.span), items.iter().all(is_scalar))
            }
            Kind::Map(entries) => (entries.len(), entries.first().map(|entry| entry.key.span), false),
            _ => return self.out.push_str(&self.text[node.span.range()]),
        };
        let start = node.span.start as usize;
        let broken = first.is_some_and(|first| self.text[start..first.start as usize].contains('\n'));
        let mut flat = String::new();
        if (parts == 0 || plain || !broken) && self.flat(node, &mut flat, WIDTH.saturating_sub(before + 1)) {
            return self.out.push_str(&flat);
        }
        let (open, close) = if matches!(node.kind, Kind::List(_)) { ('[', ']') } else { ('{', '}') };
        let inner = indent + 2;
        self.out.push(open);
        for index in 0..parts {
            self.out.push_str(if index == 0 { "\n" } else { ",\n" });
            self.out.push_str(&" ".repeat(inner));
            match &node.kind {
                Kind::List(items) => self.value(&items[index], inner, inner),
                Kind::Map(entries) => {
                    let key = &self.text[entries[index].key.span.range()];
                    self.out.push_str(key);
                    self.out.push_str(": ");
                    self.value(&entries[index].value, inner, inner + key.chars().count() + 2);
                }
                _ => {}
            }
        }
        self.out.push('\n');
        self.out.push_str(&" ".repeat(indent));
        self.out.push(close);
    }

    /// The value on one line; `false` where that takes more columns.
    fn flat(&self, node: &Node<'_>, out: &mut String, most: usize) -> bool {
        match &node.kind {
            Kind::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    if !self.flat(item, out, most) {
                        return false;
                    }
                }
                out.push(']');
            }
            Kind::Map(entries) => {
                out.push('{');
                for (index, entry) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { " " } else { ", " });
                    out.push_str(&self.text[entry.key.span.range()]);
                    out.push_str(": ");
                    if !self.flat(&entry.value, out, most) {
                        return false;
                    }
                }
                out.push_str(if entries.is_empty() { "}" } else { " }" });
            }
            _ => out.push_str(&self.text[node.span.range()]),
        }
        // Bytes bound columns from above, and are counted at no cost; only a line that looks too long is counted again.
        out.len() <= most || out.chars().count() <= most
    }
}

fn is_scalar(node: &Node<'_>) -> bool {
    !matches!(node.kind, Kind::List(_) | Kind::Map(_))
}
