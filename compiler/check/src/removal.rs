//! What to delete of a source so that one of its items is gone: an item of a list with its comma or its line, a field with its key, a
//! statement with its line. Where that can't be told from the text around it, nothing is offered.

use masque_diagnostics::Span;
use masque_syntax::ast::Notation;

/// The stretch that goes with an item of a list: a comma, or its line. The last item that a list has stays.
pub(crate) fn item(text: &str, notation: Notation, item: Span) -> Option<Span> {
    let (start, end) = (item.range().start, item.range().end);
    let before = text.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |found| found + 1);
    let line = &before[line_start..];
    if notation == Notation::Yaml && line.trim() == "-" {
        return block_item(text, line_start, end).map(|(start, end)| Span::new(item.source, start, end));
    }
    let (start, end) = match notation {
        Notation::Language => {
            between_commas(text, start, end, begins_rule).or_else(|| whole_rule(text, start, end))
        }
        Notation::Yaml | Notation::Json => between_commas(text, start, end, |front| front.ends_with('[')),
    }?;
    Some(Span::new(item.source, start, end))
}

/// The stretch that goes with the value of a field, or with a condition behind `when`.
pub(crate) fn field(text: &str, notation: Notation, value: Span) -> Option<Span> {
    let (mut start, mut end) = (value.range().start, value.range().end);
    if notation == Notation::Language {
        let before = text.get(..start)?.trim_end().strip_suffix("when")?;
        return Some(Span::new(value.source, before.trim_end().len(), end));
    }
    let quote = text[..start].chars().next_back().filter(|c| matches!(c, '"' | '\''));
    if quote.is_some_and(|quote| text[end..].starts_with(quote)) {
        (start, end) = (start - 1, end + 1);
    }
    let key = text[..start].trim_end().strip_suffix(':')?.trim_end();
    let key_start = match key.strip_suffix('"') {
        Some(inside) => inside.rfind('"')?,
        None => key.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).map_or(0, |at| at + 1),
    };
    let (before, after) = (&text[..key_start], &text[end..]);
    let line_start = before.rfind('\n').map_or(0, |found| found + 1);
    let (start, end) =
        if notation == Notation::Yaml && before[line_start..].trim().is_empty() && ends_line(after) {
            (line_start, line_end(text, end))
        } else {
            between_commas(text, key_start, end, |front| front.ends_with('{'))?
        };
    Some(Span::new(value.source, start, end))
}

/// The line of the statement of the language that a condition ends, where the line holds nothing else.
pub(crate) fn statement(text: &str, condition: Span) -> Option<Span> {
    let (start, end) = (condition.range().start, condition.range().end);
    let line_start = text[..start].rfind('\n').map_or(0, |found| found + 1);
    let line = &text[line_start..start];
    let bare: String = line.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let statements = bare.split_whitespace().filter(|word| matches!(*word, "allow" | "deny")).count();
    let whole = line.trim_start().starts_with("allow ") || line.trim_start().starts_with("deny ");
    (whole && statements == 1 && !line.contains('\\') && ends_line(&text[end..]))
        .then(|| Span::new(condition.source, line_start, line_end(text, end)))
}

/// The line of an item that fills it: `use std/git`.
pub(crate) fn line(text: &str, word: &str, value: Span) -> Option<Span> {
    let (start, end) = (value.range().start, value.range().end);
    let line_start = text[..start].rfind('\n').map_or(0, |found| found + 1);
    (text[line_start..start].trim() == word && ends_line(&text[end..]))
        .then(|| Span::new(value.source, line_start, line_end(text, end)))
}

fn block_item(text: &str, line_start: usize, end: usize) -> Option<(usize, usize)> {
    let stop = line_end(text, end);
    let dash = text[line_start..].find('-')?;
    let is_item =
        |line: &str| line.len() > dash && line[..dash].trim().is_empty() && line.as_bytes()[dash] == b'-';
    let deeper = |line: &&str| {
        line.trim().is_empty() || line.get(..dash + 1).is_some_and(|start| start.trim().is_empty())
    };
    let next = text[stop..].lines().find(|line| !line.trim().is_empty()).is_some_and(is_item);
    let last = text[..line_start].lines().rev().find(|line| !deeper(line)).is_some_and(is_item);
    (ends_line(&text[end..]) && (next || last)).then_some((line_start, stop))
}

/// The stretch of what stands between two brackets or commas, with one comma. Before the first one, `opens` stands.
fn between_commas(
    text: &str,
    start: usize,
    end: usize,
    opens: impl Fn(&str) -> bool,
) -> Option<(usize, usize)> {
    let (front, back) = (text[..start].trim_end(), text[end..].trim_start());
    let lines = &text[text[..start].trim_end().rfind('\n').map_or(0, |found| found + 1)..start];
    // What stands behind a comment's sign may be no comma at all.
    if lines.contains('#') {
        return None;
    }
    if front.ends_with(',') {
        return Some((front.len() - 1, end));
    }
    let rest = back.strip_prefix(',').filter(|_| opens(front))?;
    Some((start, text.len() - rest.trim_start().len()))
}

/// Whether the last word of a text of the language begins a rule.
fn begins_rule(front: &str) -> bool {
    ["allow", "deny", "also"].iter().any(|word| {
        front.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(char::is_whitespace))
    })
}

/// The stretch of a rule of one pattern: its line, or what stands before the next statement.
fn whole_rule(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let front = text[..start].trim_end();
    let front = front.strip_suffix("also").map_or(front, str::trim_end);
    let front = front.strip_suffix("allow").or_else(|| front.strip_suffix("deny"))?;
    let line_start = front.rfind('\n').map_or(0, |found| found + 1);
    if front[line_start..].trim().is_empty() && ends_line(&text[end..]) {
        return Some((line_start, line_end(text, end)));
    }
    let back = text[end..].trim_start();
    let next = ["allow ", "deny ", "match ", "clauses ", "}"];
    next.iter().any(|next| back.starts_with(next)).then(|| (front.len(), text.len() - back.len()))
}

fn ends_line(after: &str) -> bool {
    after.lines().next().is_none_or(|rest| rest.trim().is_empty())
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |found| from + found + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use masque_diagnostics::Sources;

    /// The text without what goes with the stretch between two `$`.
    fn without(marked: &str, find: impl Fn(&str, Span) -> Option<Span>) -> Option<String> {
        let parts: Vec<&str> = marked.split('$').collect();
        let mut text = parts.concat();
        let source = Sources::new().add("a", text.clone());
        let gone = find(&text, Span::new(source, parts[0].len(), parts[0].len() + parts[1].len()))?;
        text.replace_range(gone.range(), "");
        Some(text)
    }

    #[test]
    fn an_item_goes_with_its_comma_or_its_line() {
        for (notation, marked, expected) in [
            (Notation::Json, "[\"a\", $\"b\"$]", Some("[\"a\"]")),
            (Notation::Json, "[$\"a\"$, \"b\"]", Some("[\"b\"]")),
            (Notation::Json, "[$\"a\"$]", None),
            (Notation::Yaml, "[a, $b$, c]", Some("[a, c]")),
            (Notation::Yaml, "[a, # why\n $b$]", None),
            (Notation::Yaml, "l:\n  - a\n  - $b$\nm: x", Some("l:\n  - a\nm: x")),
            (Notation::Yaml, "l:\n  - $a$\n  - b", Some("l:\n  - b")),
            (Notation::Yaml, "l:\n  - $b$\n", None),
            (Notation::Yaml, "l:\n- x: 1\n  y: 2\n- $b$\n", Some("l:\n- x: 1\n  y: 2\n")),
            (Notation::Yaml, "l:\n- pattern: $b$\n", None),
            (Notation::Language, "allow \"a\", $\"b\"$ when x", Some("allow \"a\" when x")),
            (Notation::Language, "allow $\"a\"$, \"b\"", Some("allow \"b\"")),
            (Notation::Language, "{\n  allow $\"a\"$\n}", Some("{\n}")),
            (Notation::Language, "{ allow $\"a\"$ deny \"b\" }", Some("{ deny \"b\" }")),
            (Notation::Language, "{ allow $\"a\"$ because \"b\" }", None),
        ] {
            let gone = without(marked, |text, span| item(text, notation, span));
            assert_eq!(gone.as_deref(), expected, "{marked}");
        }
    }

    #[test]
    fn a_condition_goes_with_what_names_it() {
        for (notation, marked, expected) in [
            (Notation::Yaml, "{ pattern: a, when: $c$ }", Some("{ pattern: a }")),
            (Notation::Yaml, "- pattern: a\n  when: $c$\n", Some("- pattern: a\n")),
            (Notation::Yaml, "- pattern: a\n  when: \"$c$\"\n", Some("- pattern: a\n")),
            (Notation::Json, "{\"when\": \"$c$\", \"pattern\": \"a\"}", Some("{\"pattern\": \"a\"}")),
            (Notation::Language, "allow \"a\" when $c$\n", Some("allow \"a\"\n")),
            (Notation::Language, "let a = $c$\n", None),
        ] {
            let gone = without(marked, |text, span| field(text, notation, span));
            assert_eq!(gone.as_deref(), expected, "{marked}");
        }
        for (marked, expected) in [
            ("{\n allow \"a\" when $c$\n}", Some("{\n}")),
            ("{ allow \"a\" when $c$ }", None),
            (" allow \"a\" deny \"b\" when $c$\n", None),
        ] {
            assert_eq!(without(marked, statement).as_deref(), expected, "{marked}");
        }
    }
}
