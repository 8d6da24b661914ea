//! Where a caret stands: in which field, at its name or in its value. Read off the text around it, since a text that is being written has
//! no tree.

use std::ops::Range;

use masque_syntax::ast::Notation;

/// Where a caret stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caret {
    /// The names of the fields around it, outermost first.
    pub path: Vec<String>,
    /// At a name, or in a value.
    pub spot: Spot,
    /// The word that it stands in or behind; empty where there is none.
    pub word: Range<usize>,
}

/// What stands at a caret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A field's name, or a place for one.
    Name,
    /// A value of the last field of the path.
    Value,
}

/// Finds out where `offset` stands. An offset past the end, or inside of a character, counts as the nearest one before.
pub fn caret(notation: Notation, text: &str, offset: usize) -> Caret {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    match notation {
        Notation::Yaml => yaml(text, offset),
        Notation::Json => json(text, offset),
        Notation::Language => language(text, offset),
    }
}

fn word(text: &str, offset: usize, is_part: impl Fn(char) -> bool) -> Range<usize> {
    let before = text[..offset].char_indices().rev().take_while(|(_, c)| is_part(*c)).last();
    let start = before.map_or(offset, |(at, _)| at);
    let length = text[offset..].find(|c: char| !is_part(c)).unwrap_or(text.len() - offset);
    start..offset + length
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@')
}

/// A line of YAML without its comment, as far as that shows: its indentation, dashes counted in, and its key if it has one.
struct Line<'t> {
    indent: usize,
    key: Option<&'t str>,
    /// Where the text behind the key begins, or that of a line without one.
    value: usize,
}

impl<'t> Line<'t> {
    fn read(line: &'t str) -> Self {
        let mut at = line.len() - line.trim_start_matches(' ').len();
        while line[at..].starts_with("- ") {
            at += 2;
            at += line[at..].len() - line[at..].trim_start_matches(' ').len();
        }
        let rest = &line[at..];
        let end = rest.find(": ").or_else(|| rest.trim_end().strip_suffix(':').map(str::len));
        let key = end.map(|end| rest[..end].trim_matches(['"', '\'', ' ', '{', '[', ',']));
        let plain = |key: &&str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
        match (key.filter(plain), end) {
            (Some(key), Some(end)) => Self { indent: at, key: Some(key), value: at + end + 1 },
            _ => Self { indent: at, key: None, value: at },
        }
    }
}

fn yaml(text: &str, offset: usize) -> Caret {
    let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |at| offset + at);
    let here = Line::read(&text[start..end]);
    let word = word(text, offset, is_word);
    let mut path = Vec::new();
    let mut indent = here.indent;
    let in_value = here.key.is_some() && offset > start + here.value - 1;
    if let (true, Some(key)) = (in_value, here.key) {
        path.push(key.to_owned());
    }
    for line in text[..start].lines().rev() {
        if indent == 0 {
            break;
        }
        let above = Line::read(line);
        let opens = above.key.filter(|_| above.indent < indent);
        if let Some(key) = opens {
            path.push(key.to_owned());
            indent = above.indent;
        } else if !line.trim().is_empty() && above.indent < indent && !line.trim_start().starts_with('#') {
            indent = above.indent;
        }
    }
    path.reverse();
    let dash = text[start..offset].trim_start().starts_with('-');
    let spot = if in_value || (dash && here.key.is_none()) { Spot::Value } else { Spot::Name };
    Caret { path, spot, word }
}

fn json(text: &str, offset: usize) -> Caret {
    let mut path: Vec<Option<String>> = Vec::new();
    let (mut key, mut last, mut at) = (None::<String>, None::<String>, 0);
    let mut inside = None;
    let bytes = text.as_bytes();
    while at < offset {
        match bytes[at] {
            b'"' => {
                let mut end = at + 1;
                while end < bytes.len() && bytes[end] != b'"' && bytes[end] != b'\n' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let end = end.min(text.len());
                if end >= offset {
                    inside = Some(at + 1);
                    break;
                }
                last = text.get(at + 1..end).map(str::to_owned);
                at = end;
            }
            b':' => key = last.take(),
            b',' => key = None,
            b'{' | b'[' => path.push(key.take()),
            b'}' | b']' => {
                path.pop();
                key = None;
            }
            _ => {}
        }
        at += 1;
    }
    let spot =
        if key.is_some() || text[..offset].trim_end().ends_with('[') { Spot::Value } else { Spot::Name };
    path.push(key);
    let word = match inside {
        Some(start) => start..word(text, offset, is_word).end.max(start),
        None => word(text, offset, is_word),
    };
    Caret { path: path.into_iter().flatten().collect(), spot, word }
}

fn language(text: &str, offset: usize) -> Caret {
    let (mut path, mut at, mut head) = (Vec::<String>::new(), 0, String::new());
    let bytes = text.as_bytes();
    let mut in_text = false;
    while at < offset {
        match bytes[at] {
            b'"' => {
                let block = text[at..].starts_with("\"\"\"");
                let from = at + if block { 3 } else { 1 };
                let close = if block { "\"\"\"" } else { "\"" };
                let line = text[from..].find('\n').filter(|_| !block);
                let end = text[from..].find(close).filter(|end| line.is_none_or(|line| *end < line));
                match end {
                    Some(end) if from + end + close.len() <= offset => at = from + end + close.len(),
                    _ if line.is_some_and(|line| from + line < offset) => at = from + line.unwrap_or(0),
                    _ => {
                        in_text = true;
                        break;
                    }
                }
                continue;
            }
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            b'{' => path.push(first_word(&std::mem::take(&mut head))),
            b'}' => {
                path.pop();
                head.clear();
            }
            b'\n' => head.clear(),
            byte => head.push(char::from(byte)),
        }
        at += 1;
    }
    let word = word(text, offset, is_word);
    let statement = text[..word.start].rsplit(['\n', '{', '}']).next().unwrap_or_default().trim();
    let path_of = |path: Vec<String>| path.into_iter().skip(1).collect::<Vec<_>>();
    let (spot, path) = if in_text || !statement.is_empty() {
        let mut path = path_of(path);
        path.extend(Some(first_word(statement)).filter(|word| !word.is_empty()));
        (Spot::Value, path)
    } else {
        (Spot::Name, path_of(path))
    };
    Caret { path, spot, word }
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(notation: Notation, marked: &str) -> (String, Spot, String) {
        let offset = marked.find("$0").expect("a mark");
        let text = marked.replacen("$0", "", 1);
        let caret = caret(notation, &text, offset);
        (caret.path.join("."), caret.spot, text[caret.word].to_owned())
    }

    #[test]
    fn carets_are_placed_in_every_notation() {
        let cases: &[(Notation, &str, &str, Spot, &str)] = &[
            (Notation::Yaml, "name: A\nri$0", "", Spot::Name, "ri"),
            (Notation::Yaml, "name: A\nring: gu$0\n", "ring", Spot::Value, "gu"),
            (Notation::Yaml, "intent:\n  all$0\n", "intent", Spot::Name, "all"),
            (Notation::Yaml, "intent:\n  allowed:\n    - \"dep$0\"\n", "intent.allowed", Spot::Value, "dep"),
            (
                Notation::Yaml,
                "intent:\n  allowed:\n    - pattern: x\n      be$0",
                "intent.allowed",
                Spot::Name,
                "be",
            ),
            (
                Notation::Yaml,
                "skills:\n  - uri: skill://a/b\n    level: $0\n",
                "skills.level",
                Spot::Value,
                "",
            ),
            (Notation::Json, "{\"name\": \"A\", \"ri$0\"}", "", Spot::Name, "ri"),
            (Notation::Json, "{\"ring\": \"gu$0\"}", "ring", Spot::Value, "gu"),
            (Notation::Json, "{\"intent\": {\"al$0\"", "intent", Spot::Name, "al"),
            (Notation::Json, "{\"intent\": {\"allowed\": [\"dep$0\"", "intent.allowed", Spot::Name, "dep"),
            (Notation::Language, "masque A {\n  ve$0\n}", "", Spot::Name, "ve"),
            (Notation::Language, "masque A {\n  ring gu$0\n}", "ring", Spot::Value, "gu"),
            (Notation::Language, "masque A {\n  intent {\n    al$0", "intent", Spot::Name, "al"),
            (
                Notation::Language,
                "masque A {\n  intent { allow \"de$0\" }",
                "intent.allow",
                Spot::Value,
                "de",
            ),
            (Notation::Language, "use std/gi$0", "use", Spot::Value, "std/gi"),
        ];
        for (notation, marked, path, spot, word) in cases {
            let found = at(*notation, marked);
            assert_eq!((found.0.as_str(), found.1, found.2.as_str()), (*path, *spot, *word), "{marked}");
        }
    }
}
