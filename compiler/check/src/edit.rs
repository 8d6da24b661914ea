//! The text of fixes: a field that is added, a scalar that is replaced in the quoting it had.

use masque_diagnostics::{Span, Spanned};
use masque_syntax::ast::Notation;
use masque_syntax::quoted;

/// The text that adds `key` with `value` at `at`, just before the first key of a map, in the map's own manner: a line of its own in block
/// style, an entry and a comma in flow style and in JSON.
pub(crate) fn field(
    text: &str,
    notation: Notation,
    at: usize,
    comments: &[Spanned<String>],
    key: &str,
    value: &str,
) -> String {
    let (before, after) = text.split_at(at.min(text.len()));
    let line_start = before.rfind('\n').map_or(0, |found| found + 1);
    let line = before[line_start..].trim_start_matches('\u{FEFF}');
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let entry = match notation {
        Notation::Yaml => format!("{key}: {}", yaml_scalar(value)),
        Notation::Json => format!("{}: {}", quoted(key), quoted(value)),
        Notation::Language => format!("{key} {}", language_value(value)),
    };
    if notation != Notation::Json && !opens_flow(text, before.len(), comments) {
        // The map of a list's item begins after a dash; its next line is indented as far.
        let indent: String = line.chars().map(|c| if c == '\t' { c } else { ' ' }).collect();
        return format!("{entry}{line_break}{indent}");
    }
    // The last entry of a JSON object takes no comma.
    let comma = if after.trim_start().starts_with('}') { "" } else { "," };
    let own_line = line_start > 0 && line.trim().is_empty();
    match own_line {
        true => format!("{entry}{comma}{line_break}{line}"),
        false if comma.is_empty() => entry,
        false => format!("{entry}{comma} "),
    }
}

/// Where the first key of the map at `map` begins, or would.
pub(crate) fn first_key(text: &str, map: Span) -> usize {
    let written = text.get(map.range()).unwrap_or_default();
    let inside = written.strip_prefix('{').map_or(written, str::trim_start);
    map.range().start + (written.len() - inside.len())
}

/// Whether the last thing before `at`, white space and comments apart, is an opening brace.
fn opens_flow(text: &str, at: usize, comments: &[Spanned<String>]) -> bool {
    let mut end = at;
    for comment in comments.iter().rev().filter(|comment| comment.span.range().end <= at) {
        let between = text.get(comment.span.range().end..end).unwrap_or_default();
        if !between.trim().is_empty() {
            break;
        }
        end = comment.span.range().start;
    }
    text[..end].trim_end().ends_with('{')
}

/// `value` in the quoting of the scalar `raw` that it replaces. `value` needs no escapes and stays text in either quoting.
pub(crate) fn requoted(raw: &str, notation: Notation, value: &str) -> String {
    match (raw.chars().next(), notation) {
        (Some('"'), _) | (_, Notation::Json) => format!("\"{value}\""),
        (Some('\''), Notation::Yaml) => format!("'{value}'"),
        // A block scalar's span ends with its line break.
        (Some('|' | '>'), Notation::Yaml) if raw.ends_with('\n') => format!("{value}\n"),
        (_, Notation::Yaml | Notation::Language) => value.to_owned(),
    }
}

/// `text` as a value of the language that is read back as this text: words and versions stand bare.
fn language_value(text: &str) -> String {
    let word = text.chars().all(|c| c.is_ascii_lowercase()) && !text.is_empty();
    let version = text.split('.').count() == 3 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if word || version { text.to_owned() } else { quoted(text) }
}

/// `text` as a YAML scalar that is read back as this text.
fn yaml_scalar(text: &str) -> String {
    const NOT_TEXT: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let mut chars = text.chars();
    // Before a digit or sign it might be a number; `: ` and ` #` can't come up in these characters.
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.'))
        && !text.ends_with(' ')
        && !NOT_TEXT.iter().any(|word| text.eq_ignore_ascii_case(word));
    let version = text.split('.').count() == 3 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain || version { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use masque_diagnostics::Sources;

    #[test]
    fn a_field_is_added_in_the_manner_of_the_document() {
        let cases = [
            ("block", Notation::Yaml, "$lens: x\n", "name: A b\n"),
            ("block after a comment", Notation::Yaml, "# {\n$lens: x\n", "name: A b\n"),
            ("indented block", Notation::Yaml, "---\n  $lens: x\n", "name: A b\n  "),
            ("CRLF", Notation::Yaml, "$lens: x\r\nring: guest\r\n", "name: A b\r\n"),
            ("flow", Notation::Yaml, "{$lens: x}", "name: A b, "),
            ("flow on lines", Notation::Yaml, "{\n  $lens: x\n}", "name: A b,\n  "),
            ("flow after a comment", Notation::Yaml, "{ # why\n  $lens: x\n}", "name: A b,\n  "),
            ("empty flow", Notation::Yaml, "{$}", "name: A b"),
            ("JSON", Notation::Json, "{\n  $\"lens\": \"x\"\n}", "\"name\": \"A b\",\n  "),
            ("JSON on one line", Notation::Json, "{$\"lens\": \"x\"}", "\"name\": \"A b\", "),
            ("item of a list", Notation::Yaml, "servers:\n  - $lens: x\n", "name: A b\n    "),
            ("BOM", Notation::Yaml, "\u{FEFF}$lens: x\n", "name: A b\n"),
        ];
        for (what, notation, marked, expected) in cases {
            let at = marked.find('$').expect("each case marks its place");
            let text = marked.replace('$', "");
            let mut sources = Sources::new();
            let source = sources.add("a", text.clone());
            let comments: Vec<_> = text
                .find('#')
                .map(|start| start..start + text[start..].find('\n').expect("comments end a line"))
                .map(|range| {
                    Spanned::new(text[range.clone()].to_owned(), Span::new(source, range.start, range.end))
                })
                .into_iter()
                .collect();
            let added = field(&text, notation, at, &comments, "name", "A b");
            assert_eq!(added, expected, "{what}");
        }
    }

    #[test]
    fn the_first_key_of_a_map_is_found() {
        let mut sources = Sources::new();
        for (text, expected) in [("a: b", 0), ("{a: b}", 1), ("{\n  a: b\n}", 4), ("{}", 1)] {
            let source = sources.add("a", text);
            assert_eq!(first_key(text, Span::new(source, 0, text.len())), expected, "{text}");
        }
    }

    #[test]
    fn yaml_scalars_are_quoted_where_they_would_be_something_else() {
        for (text, expected) in [
            ("Homelab", "Homelab"),
            ("Yes", "\"Yes\""),
            ("2fast", "\"2fast\""),
            ("a: b", "\"a: b\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""),
            ("0.1.0", "0.1.0"),
        ] {
            assert_eq!(yaml_scalar(text), expected);
        }
    }

    #[test]
    fn replaced_scalars_keep_their_quoting() {
        for (raw, notation, expected) in [
            ("\"2.3\"", Notation::Yaml, "\"2.3.0\""),
            ("'2.3'", Notation::Yaml, "'2.3.0'"),
            ("2.3", Notation::Yaml, "2.3.0"),
            ("|\n  2.3\n", Notation::Yaml, "2.3.0\n"),
            ("2.3", Notation::Json, "\"2.3.0\""),
        ] {
            assert_eq!(requoted(raw, notation, "2.3.0"), expected, "{raw}");
        }
    }
}
