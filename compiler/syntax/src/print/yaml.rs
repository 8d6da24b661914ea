//! Fields as YAML.

use masque_diagnostics::Sources;

use super::comments::Comments;
use super::data::{Data, Entry, Node};
use crate::WIDTH;
use crate::findings::Findings;
use crate::quote::quoted;
use crate::tree::{Kind, Style, Type, type_of};
use crate::yaml;

/// Prints fields as one document.
pub(super) fn print(entries: &[Entry], comments: Comments<'_>) -> String {
    let mut writer = Writer { out: String::new(), comments };
    let mut last_tall = false;
    for entry in entries {
        let tall = is_tall(&entry.value.data);
        writer.begin(entry.value.at, 0, tall || last_tall);
        writer.entry(entry.key, &entry.value, 0);
        last_tall = tall;
    }
    writer.end()
}

/// Whether a field takes several lines, so that an empty one sets it apart.
fn is_tall(data: &Data) -> bool {
    match data {
        Data::List(items) => !items.iter().all(is_plain),
        Data::Map(entries) => !entries.is_empty(),
        Data::Text(text) => text.contains('\n'),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Word(_) => false,
    }
}

fn is_plain(node: &Node) -> bool {
    !matches!(node.data, Data::List(_) | Data::Map(_))
}

struct Writer<'a> {
    out: String,
    comments: Comments<'a>,
}

impl Writer<'_> {
    /// Begins a line, behind the comments that stood before this place of the source.
    fn begin(&mut self, at: u32, indent: usize, parted: bool) {
        let mut own_line = false;
        while let Some(comment) = self.comments.next_before(at) {
            if !comment.trailing {
                if !self.out.is_empty() {
                    self.out.push_str(if parted && !own_line { "\n\n" } else { "\n" });
                    self.out.push_str(&" ".repeat(indent));
                }
                own_line = true;
            } else {
                self.out.push(' ');
            }
            self.out.push_str(&comment.text);
        }
        if !self.out.is_empty() {
            self.out.push_str(if parted && !own_line { "\n\n" } else { "\n" });
        }
        self.out.push_str(&" ".repeat(indent));
    }

    fn end(mut self) -> String {
        while let Some(comment) = self.comments.next_before(u32::MAX) {
            self.out.push_str(if comment.trailing { " " } else { "\n" });
            self.out.push_str(&comment.text);
        }
        self.out.push('\n');
        self.out
    }

    fn entry(&mut self, key: &str, value: &Node, indent: usize) {
        self.out.push_str(&scalar(key));
        self.out.push(':');
        self.value(value, indent, " ");
    }

    /// A value behind its key or its dash; `gap` parts it from that.
    fn value(&mut self, node: &Node, indent: usize, gap: &str) {
        match &node.data {
            Data::Map(entries) if entries.is_empty() => self.out.push_str(&format!("{gap}{{}}")),
            Data::Map(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    // A list's item begins on the line of its dash.
                    if index == 0 && gap.is_empty() && !self.comments.is_next_before(value.at) {
                        self.out.push(' ');
                    } else {
                        self.begin(value.at, indent + 2, false);
                    }
                    self.entry(key, value, indent + 2);
                }
            }
            Data::List(items) => match self.flow(items, indent) {
                Some(flow) => self.out.push_str(&format!(" {flow}")),
                None => {
                    for item in items {
                        self.begin(item.at, indent + 2, false);
                        self.out.push('-');
                        self.value(item, indent + 2, "");
                    }
                }
            },
            Data::Text(text) => {
                let text = block(text, indent + 2).unwrap_or_else(|| scalar(text));
                self.out.push_str(&format!(" {text}"));
            }
            other => self.out.push_str(&format!(" {}", simple(other))),
        }
    }

    /// Plain items on one line, if they fit and no comment stands among them.
    fn flow(&self, items: &[Node], indent: usize) -> Option<String> {
        let last = items.last().map_or(0, |item| item.at);
        if !items.iter().all(is_plain) || self.comments.is_next_before(last) {
            return None;
        }
        let items: Vec<String> = items.iter().map(|item| simple(&item.data)).collect();
        let flow = format!("[{}]", items.join(", "));
        let column = self.out.rsplit('\n').next().map_or(0, |line| line.chars().count());
        (flow.chars().count() + column.max(indent) < WIDTH).then_some(flow)
    }
}

/// What fits on one line.
fn simple(data: &Data) -> String {
    match data {
        Data::Bool(value) => value.to_string(),
        Data::Number(written) => written.clone(),
        Data::Word(text) => scalar(text),
        Data::Text(text) => scalar(text),
        Data::Null | Data::List(_) | Data::Map(_) => "null".to_owned(),
    }
}

/// A text without quotes where nothing else can be meant by it.
fn scalar(text: &str) -> String {
    let harmless =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '.' | '/' | ':' | '@' | '-' | '\'');
    let plain = text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(harmless)
        && type_of(text, Style::Plain) == Type::Text
        && reads(text, text);
    // Inside of single quotes nothing has to be escaped but they themselves.
    let single = text.contains(['"', '\\']) && !text.contains(|c: char| c == '\'' || c.is_control());
    match (plain, single) {
        (true, _) => text.to_owned(),
        (_, true) => format!("'{text}'"),
        _ => quoted(text),
    }
}

/// A text over several lines as a block, if one can hold it.
fn block(text: &str, indent: usize) -> Option<String> {
    if !text.trim_end_matches('\n').contains('\n') && !text.ends_with('\n') {
        return None;
    }
    let (body, header) = match text.strip_suffix('\n') {
        Some(body) => (body, "|"),
        None => (text, "|-"),
    };
    let written = |margin: &str| {
        let line = |line: &str| if line.is_empty() { String::new() } else { format!("{margin}{line}") };
        let lines: Vec<String> = body.split('\n').map(line).collect();
        format!("{header}\n{}", lines.join("\n"))
    };
    reads(&written("  "), text).then(|| written(&" ".repeat(indent)))
}

/// Whether a scalar that is written so is read as this text.
fn reads(written: &str, text: &str) -> bool {
    let mut sources = Sources::new();
    let mut findings = Findings::new(sources.add("", ""));
    let document = format!("a: {written}\nb: c\n");
    let Some(document) = yaml::read(&document, &mut findings) else { return false };
    let Kind::Map(entries) = &document.root.kind else { return false };
    entries.len() == 2 && matches!(&entries[0].value.kind, Kind::Scalar { text: read, .. } if read == text)
}
