//! Places inside of scalars. The decoded text of a quoted, folded or block scalar is no slice of the source; reading the scalar
//! again gives the way back.

use std::ops::Range;

use masque_diagnostics::Span;

/// The place of `range`, which counts bytes of the decoded text, in the scalar that was written at `span` of `text`: plain, quoted
/// or block YAML, a JSON string, or a string of the language. What lies past the end of the decoded text is placed at the end of the scalar.
pub fn place_in_scalar(text: &str, span: Span, range: Range<usize>) -> Span {
    let written = &text[span.range()];
    if let Some(place) = crate::language::place_in_string(written, span, range.clone()) {
        return place;
    }
    let reading = reread(written, &text[..span.start as usize]);
    let start = reading.source_of(range.start);
    let end = reading.source_of(range.end).max(start);
    Span::new(span.source, span.start as usize + start, span.start as usize + end)
}

/// A scalar's decoded text with the places that it came from.
#[derive(Default)]
struct Reading {
    decoded: String,
    pieces: Vec<Piece>,
}

/// Decoded bytes from `decoded` on come from source bytes from `source` on.
struct Piece {
    decoded: usize,
    source: usize,
    /// Whether the decoded bytes are the source's, one for one.
    verbatim: bool,
}

impl Reading {
    fn verbatim(&mut self, text: &str, source: usize) {
        if !text.is_empty() {
            self.pieces.push(Piece { decoded: self.decoded.len(), source, verbatim: true });
            self.decoded.push_str(text);
        }
    }

    fn instead(&mut self, text: &str, source: usize) {
        if !text.is_empty() {
            self.pieces.push(Piece { decoded: self.decoded.len(), source, verbatim: false });
            self.decoded.push_str(text);
        }
    }

    fn end(mut self, source: usize) -> Self {
        self.pieces.push(Piece { decoded: self.decoded.len(), source, verbatim: false });
        self
    }

    fn source_of(&self, decoded: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.decoded <= decoded);
        let Some(piece) = after.checked_sub(1).map(|at| &self.pieces[at]) else { return 0 };
        piece.source + if piece.verbatim { decoded - piece.decoded } else { 0 }
    }
}

fn reread(written: &str, before: &str) -> Reading {
    match written.as_bytes().first() {
        Some(b'"') => flow(written, 1, written.len().saturating_sub(1), Quotes::Double),
        Some(b'\'') => flow(written, 1, written.len().saturating_sub(1), Quotes::Single),
        Some(b'|') => block(written, before, Folding::None),
        Some(b'>') => block(written, before, Folding::Lines),
        _ => flow(written, 0, written.len(), Quotes::None),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Quotes {
    None,
    Single,
    Double,
}

/// Plain and quoted scalars: line breaks fold (YAML 1.2.2, section 6.5), quotes and escapes decode.
fn flow(written: &str, start: usize, end: usize, quotes: Quotes) -> Reading {
    let mut out = Reading::default();
    let text = &written[..end.max(start)];
    let mut at = start;
    let mut from = start;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '\\' if quotes == Quotes::Double => {
                out.verbatim(&text[from..at], from);
                let (decoded, length) = escape(&text[at..]);
                out.instead(&decoded, at);
                at += length;
                from = at;
            }
            '\'' if quotes == Quotes::Single => {
                out.verbatim(&text[from..at], from);
                out.instead("'", at);
                at = (at + 2).min(text.len());
                from = at;
            }
            '\n' | '\r' => {
                let kept = text[from..at].trim_end_matches([' ', '\t']).len();
                out.verbatim(&text[from..from + kept], from);
                let rest = &text[at..];
                let space = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
                let breaks = line_breaks(&rest[..space]);
                let folded = if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) };
                out.instead(&folded, from + kept);
                at += space;
                from = at;
            }
            c => at += c.len_utf8(),
        }
    }
    out.verbatim(&text[from..at], from);
    out.end(at)
}

/// What an escape of a double-quoted text decodes to, and its length. The text was read before, so it is well-formed.
fn escape(text: &str) -> (String, usize) {
    let letter = text[1..].chars().next().unwrap_or('\\');
    let code = |from: usize, digits: usize| {
        text.get(from..from + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0)
    };
    let character = |code: u32| char::from_u32(code).unwrap_or('\u{fffd}').to_string();
    let simple = |decoded: &str| (decoded.to_owned(), 2);
    match letter {
        'n' => simple("\n"),
        't' | '\t' => simple("\t"),
        'r' => simple("\r"),
        '0' => simple("\0"),
        'a' => simple("\u{7}"),
        'b' => simple("\u{8}"),
        'v' => simple("\u{b}"),
        'f' => simple("\u{c}"),
        'e' => simple("\u{1b}"),
        'N' => simple("\u{85}"),
        '_' => simple("\u{a0}"),
        'L' => simple("\u{2028}"),
        'P' => simple("\u{2029}"),
        'x' => (character(code(2, 2)), 4),
        'u' => {
            let first = code(2, 4);
            if (0xD800..0xDC00).contains(&first) {
                let second = code(8, 4);
                return (
                    character(0x10000 + ((first - 0xD800) << 10) + second.wrapping_sub(0xDC00)),
                    12.min(text.len()),
                );
            }
            (character(first), 6.min(text.len()))
        }
        'U' => (character(code(2, 8)), 10.min(text.len())),
        // An escaped line break joins the lines.
        '\n' | '\r' => {
            let rest = &text[1..];
            let space = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            ("\n".repeat(line_breaks(&rest[..space]).saturating_sub(1)), 1 + space)
        }
        other => (other.to_string(), 1 + other.len_utf8()),
    }
}

fn line_breaks(space: &str) -> usize {
    space.matches('\n').count() + space.replace("\r\n", "\n").matches('\r').count()
}

#[derive(Clone, Copy, PartialEq)]
enum Folding {
    None,
    Lines,
}

/// Block scalars (YAML 1.2.2, section 8.1): the indentation goes, and with `>` line breaks between lines of text fold.
fn block(written: &str, before: &str, folding: Folding) -> Reading {
    let mut out = Reading::default();
    let mut lines = lines_of(written);
    let header = lines.next().map_or("", |(_, header)| header);
    let start = lines.clone().next().map_or(written.len(), |(start, _)| start);
    let indent = match header.chars().find(char::is_ascii_digit).and_then(|digit| digit.to_digit(10)) {
        Some(digit) => parent_indent(before) + digit as usize,
        None => {
            let first = lines.clone().find(|(_, line)| !line.trim_start_matches(' ').is_empty());
            first.map_or(0, |(_, line)| indent_of(line))
        }
    };
    // Line breaks since the last line of text, and where they began.
    let mut breaks = (0, start);
    let mut last_spaced = None;
    for (start, line) in lines {
        let content = line.get(indent.min(indent_of(line))..).unwrap_or("");
        if content.is_empty() {
            breaks.0 += 1;
            continue;
        }
        let spaced = content.starts_with([' ', '\t']);
        let folded = match (folding, last_spaced) {
            (Folding::Lines, Some(false)) if !spaced && breaks.0 == 1 => " ".to_owned(),
            (Folding::Lines, Some(false)) if !spaced => "\n".repeat(breaks.0 - 1),
            _ => "\n".repeat(breaks.0),
        };
        out.instead(&folded, breaks.1);
        out.verbatim(content, start + (line.len() - content.len()));
        breaks = (1, start + line.len());
        last_spaced = Some(spaced);
    }
    out.end(breaks.1.min(written.len()))
}

/// Lines with their places, without their breaks: CRLF, LF, or CR alone.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next.take()?;
        let rest = &text[start..];
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let pause = if rest[length..].starts_with("\r\n") { 2 } else { 1 };
        next = (start + length < text.len()).then_some(start + length + pause);
        Some((start, &rest[..length]))
    })
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The indentation of the list or map that a block scalar belongs to, from the text before it: that of the line which holds its key
/// or its dash, mostly the scalar's own.
fn parent_indent(before: &str) -> usize {
    let is_property = |word: &str| word.starts_with(['&', '!']);
    let holds_parent = |line: &&str| {
        let line = line.trim_start();
        !line.starts_with('#') && !line.split_whitespace().all(is_property)
    };
    let before = before.rsplit(['\n', '\r']).find(holds_parent).unwrap_or("").trim_start_matches('\u{feff}');
    let mut at = indent_of(before);
    let mut parent = at;
    let begins_item =
        |text: &str| text == "-" || text == "?" || text.starts_with("- ") || text.starts_with("? ");
    while begins_item(&before[at..]) {
        parent = at;
        at += 1 + indent_of(&before[at + 1..]);
    }
    if at < before.len() { at } else { parent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Findings;
    use crate::tree::Kind;
    use masque_diagnostics::Sources;

    /// Every scalar here decodes to what the parser says, and each of its words is placed where it is written.
    #[test]
    fn scalars_read_again_decode_to_what_the_parser_decodes() {
        for source in [
            "a: plain text\n",
            "a: plain\n   over lines\n\n   of é text\n",
            "a: 'it''s single'\n",
            "a: 'single\n   over\n\n   lines'\n",
            "a: \"tab\\tquote\\\" \\u00e9 \\x41 \\U0001F3AD 🎭 end\"\n",
            "a: \"\\uD83C\\uDFAD pair\"\n",
            "a: \"joined \\\n   lines\n   and folded\n\n\n   ones\"\n",
            "a: |\n  literal\n    deeper\n\n  text\n",
            "a: |\r\n  carriage\r\n  returns\r\n",
            "a: >\n  folded\n  text\n\n  of paragraphs\n    with deeper\n    lines\n  again\n",
            "a: >-  # note | with bars\n\n  blank first\n  line\n",
            "a: |2\n   spaced\n  text\n",
            "a:\n - |1\n   spaced\n  text\n",
            "a:\n - b: |1-\n     spaced\n    text\n",
            "a:\n  |2\n   spaced\n  text\n",
            "a: # note\n  !!str\n\n  |2\n   spaced\n  text\n",
            "a:\n -\n  |2\n    spaced\n   text\n",
            "a: !!str | # tagged\n  text\n",
            "a: &x |\n  anchored\n",
            "a: [plain one, 'two''s', \"three\\n\"]\n",
            "a: \"\"\n",
            "a: |\n",
            "a: >\n\n",
        ] {
            for crlf in [false, true] {
                let text =
                    if crlf { source.replace("\r\n", "\n").replace('\n', "\r\n") } else { source.to_owned() };
                check(&text);
            }
        }
    }

    fn check(text: &str) {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", text);
        let mut findings = Findings::new(id);
        let document = crate::yaml::read(text, &mut findings).unwrap_or_else(|| panic!("{text:?}"));
        let mut scalars = Vec::new();
        let mut open = vec![&document.root];
        while let Some(node) = open.pop() {
            match &node.resolved().kind {
                Kind::Scalar { text, .. } => scalars.push((text.to_string(), node.resolved().span)),
                Kind::List(items) => open.extend(items),
                Kind::Map(entries) => open.extend(entries.iter().map(|entry| &entry.value)),
                Kind::Shared(_) | Kind::Error(_) => unreachable!(),
            }
        }
        assert!(!scalars.is_empty());
        for (decoded, span) in scalars {
            let again = reread(&text[span.range()], &text[..span.start as usize]).decoded;
            assert_eq!(again.trim_end_matches('\n'), decoded.trim_end_matches('\n'), "{text:?}");
            for word in decoded.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2) {
                let at = decoded.find(word).expect("a word of the text is in the text");
                let place = place_in_scalar(text, span, at..at + word.len());
                assert_eq!(&text[place.range()], word, "{text:?}");
            }
            let past = place_in_scalar(text, span, decoded.len() + 9..decoded.len() + 12);
            assert!(past.start >= span.start && past.end <= span.end, "{text:?}");
        }
    }
}
