//! Strings: escapes of `"…"`, indentation of `"""` blocks.

use masque_diagnostics::SourceId;

use super::text::Text;

/// An escape that means nothing, as a range of the written string.
pub(crate) struct BadEscape(pub(crate) std::ops::Range<usize>);

/// Decodes a string that is written at `start` of the source, quotes included. An unclosed one is read to its end.
pub(crate) fn decode(source: SourceId, written: &str, start: usize) -> (Text, Vec<BadEscape>) {
    match written.strip_prefix("\"\"\"") {
        Some(inside) => {
            let inside = inside.strip_suffix("\"\"\"").unwrap_or(inside);
            (block(source, inside, start + 3), Vec::new())
        }
        None => line(source, written, start),
    }
}

/// Whether a scalar of some notation is a string that only the language writes so.
pub(crate) fn is_of_the_language(written: &str) -> bool {
    let block = written.len() >= 6 && written.starts_with("\"\"\"");
    block
        || (written.starts_with('"') && ["\\{", "\\}", "\\u{"].iter().any(|escape| written.contains(escape)))
}

fn line(source: SourceId, written: &str, start: usize) -> (Text, Vec<BadEscape>) {
    let closed = written.len() >= 2 && written.ends_with('"');
    let end = if closed { written.len() - 1 } else { written.len() };
    let mut out = Text::new(source, start + 1, start + end);
    let mut bad = Vec::new();
    let (mut at, mut from) = (1, 1);
    while at < end {
        if !written[at..].starts_with('\\') {
            at += written[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        out.push(&written[from..at], start + from);
        let (decoded, length) = escape(&written[at..end]);
        match decoded {
            Some(c) => out.push_escape(c, start + at, length),
            None => bad.push(BadEscape(at..at + length)),
        }
        at += length;
        from = at;
    }
    out.push(&written[from..end.max(from)], start + from);
    (out, bad)
}

/// What an escape at the start of `text` stands for, and how long it is.
fn escape(text: &str) -> (Option<char>, usize) {
    let Some(c) = text[1..].chars().next() else { return (None, text.len()) };
    let simple = match c {
        '"' | '\\' | '{' | '}' => Some(c),
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        _ => None,
    };
    if simple.is_some() || c != 'u' {
        return (simple, 1 + c.len_utf8());
    }
    let digits = text[2..].strip_prefix('{').and_then(|rest| rest.split_once('}'));
    match digits {
        Some((digits, _)) => {
            let scalar = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 6);
            (scalar.and_then(char::from_u32), "\\u{}".len() + digits.len())
        }
        None => (None, 2),
    }
}

fn block(source: SourceId, inside: &str, start: usize) -> Text {
    let mut out = Text::new(source, start, start + inside.len());
    let first_break = inside.find('\n');
    let first = &inside[..first_break.unwrap_or(inside.len())];
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in inside.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    // Text begins on the line after the quotes, if nothing else stands behind them.
    if first_break.is_some() && first.trim().is_empty() {
        lines.remove(0);
    }
    if lines.last().is_some_and(|(_, last)| !last.ends_with('\n') && last.trim().is_empty()) {
        lines.pop();
    }
    let on_first_line = lines.first().is_some_and(|&(at, _)| at == 0);
    let indents = lines.iter().filter(|(at, line)| !(line.trim().is_empty() || (on_first_line && *at == 0)));
    let indent =
        indents.map(|(_, line)| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0);
    for (at, line) in lines {
        let body = line.trim_end_matches(['\n', '\r']);
        let kept = if on_first_line && at == 0 {
            0
        } else {
            indent.min(body.len() - body.trim_start_matches([' ', '\t']).len())
        };
        let mut from = kept;
        while let Some(found) = body[from..].find("\\\"\"\"") {
            out.push(&body[from..from + found], start + at + from);
            out.push("\"\"\"", start + at + from + found + 1);
            from += found + 4;
        }
        out.push(&body[from..], start + at + from);
        if line.ends_with('\n') {
            out.push("\n", start + at + line.len() - 1);
        }
    }
    out
}

/// A written `"""` block with its text two columns further in than `indent`, where its closing quotes stand. It decodes as before.
pub(crate) fn indented(written: &str, indent: usize) -> String {
    let inside =
        written.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")).unwrap_or(written);
    let Some((first, rest)) = inside.split_once('\n') else { return written.to_owned() };
    let text_above = !first.trim().is_empty();
    let (lines, closes_below) = match rest.rsplit_once('\n') {
        Some((lines, last)) if last.trim().is_empty() => (lines.split('\n').collect(), true),
        None if rest.trim().is_empty() => (Vec::new(), true),
        _ => (rest.split('\n').collect::<Vec<_>>(), false),
    };
    let leading = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| leading(line)).min();
    let margin = if shared.is_some() { " ".repeat(indent + 2) } else { String::new() };
    let mut out = String::with_capacity(written.len() + lines.len() * margin.len());
    out.push_str("\"\"\"");
    if text_above {
        out.push_str(first.trim_end_matches('\r'));
    }
    for line in lines {
        let line = line.trim_end_matches('\r');
        let body = &line[shared.unwrap_or(0).min(leading(line))..];
        out.push('\n');
        if !body.is_empty() {
            out.push_str(&margin);
            out.push_str(body);
        }
    }
    if closes_below {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
    }
    out.push_str("\"\"\"");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use masque_diagnostics::Sources;

    #[test]
    fn what_ends_in_an_escape_or_before_a_line_break_ends_there() {
        for (written, part, expected) in [
            (r#""say \"hi\"""#, "hi\"", r#"hi\""#),
            (r#""say \"hi\"""#, "say \"", r#"say \""#),
            (r#""a\u{e9}b""#, "\u{e9}", r"\u{e9}"),
            ("\"\"\"\r\n  {if a}\r\n  b\r\n\"\"\"", "{if a}", "{if a}"),
            ("\"\"\"\r\n  a\r\n  b\r\n\"\"\"", "a", "a"),
        ] {
            let source = Sources::new().add("a", written);
            let (text, _) = decode(source, written, 0);
            let start = text.text.find(part).expect("the part is there");
            let place = text.span(start..start + part.len());
            assert_eq!(&written[place.range()], expected, "{written}");
        }
    }
}
