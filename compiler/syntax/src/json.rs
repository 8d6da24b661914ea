//! JSON (RFC 8259) to the generic tree, with places.
//!
//! Commas after the last item and comments are the two slips that people bring along from other formats: both are reported and
//! read past. Any other error ends the reading.

use std::borrow::Cow;

use masque_diagnostics::Spanned;

use crate::findings::Findings;
use crate::problems;
use crate::tree::{Entry, Kind, MAX_DEPTH, Node, Style};
use crate::yaml::Document;

/// Reads the one value of a text. `None` where it is not well-formed, which is then reported.
pub(crate) fn read<'t>(text: &'t str, findings: &mut Findings) -> Option<Document<'t>> {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, at, item_end: 0, findings };
    reader.document().ok().map(|root| Document { root, comments: Vec::new() })
}

struct Reader<'t, 'f> {
    text: &'t str,
    at: usize,
    /// Where the last value ended.
    item_end: usize,
    findings: &'f mut Findings,
}

/// Reading can't go on; reported.
struct Stop;

impl<'t> Reader<'t, '_> {
    fn document(&mut self) -> Result<Node<'t>, Stop> {
        self.skip_space()?;
        if self.at == self.text.len() {
            let everywhere = self.findings.span(0, 0);
            self.findings.error(problems::empty_document(everywhere, false));
            return Err(Stop);
        }
        let root = self.value(0)?;
        self.skip_space()?;
        match self.peek() {
            None => Ok(root),
            Some(_) => Err(self.unexpected("the end of the text")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node<'t>, Stop> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Kind::Scalar { text: self.string()?, style: Style::Text },
            Some(b'-' | b'0'..=b'9') => {
                Kind::Scalar { text: Cow::Borrowed(self.number()?), style: Style::Plain }
            }
            _ => Kind::Scalar { text: Cow::Borrowed(self.literal()?), style: Style::Plain },
        };
        self.item_end = self.at;
        Ok(Node { span: self.findings.span(start, self.at), kind })
    }

    fn map(&mut self, depth: usize) -> Result<Kind<'t>, Stop> {
        let mut entries = Vec::new();
        self.open(depth)?;
        let open = self.at - 1;
        let mut comma = None;
        loop {
            self.skip_space()?;
            match self.peek() {
                Some(b'}') => break,
                Some(b'"') if comma.is_some() || entries.is_empty() => {}
                Some(b'"') => return Err(self.missing_comma('}')),
                None => return Err(self.unclosed(open)),
                Some(_) if comma.is_some() || entries.is_empty() => {
                    return Err(self.unquoted("a key in double quotes"));
                }
                Some(_) => return Err(self.unexpected("a comma or `}`")),
            }
            let start = self.at;
            let key = self.string()?;
            let key = Spanned::new(key, self.findings.span(start, self.at));
            self.skip_space()?;
            if self.peek() != Some(b':') {
                return Err(self.unexpected("a colon"));
            }
            self.at += 1;
            self.skip_space()?;
            entries.push(Entry { key, value: self.value(depth + 1)? });
            comma = self.comma()?;
        }
        self.close(comma);
        Ok(Kind::Map(entries))
    }

    fn list(&mut self, depth: usize) -> Result<Kind<'t>, Stop> {
        let mut items = Vec::new();
        self.open(depth)?;
        let open = self.at - 1;
        let mut comma = None;
        loop {
            self.skip_space()?;
            match self.peek() {
                Some(b']') => break,
                None => return Err(self.unclosed(open)),
                Some(_) if comma.is_some() || items.is_empty() => items.push(self.value(depth + 1)?),
                Some(b'"' | b'{' | b'[') => return Err(self.missing_comma(']')),
                Some(_) => return Err(self.unexpected("a comma or `]`")),
            }
            comma = self.comma()?;
        }
        self.close(comma);
        Ok(Kind::List(items))
    }

    fn open(&mut self, depth: usize) -> Result<(), Stop> {
        if depth >= MAX_DEPTH {
            self.findings.error(problems::too_deep(self.findings.span(self.at, self.at + 1), MAX_DEPTH));
            return Err(Stop);
        }
        self.at += 1;
        Ok(())
    }

    /// The place of a comma, if one comes next.
    fn comma(&mut self) -> Result<Option<usize>, Stop> {
        self.skip_space()?;
        let comma = (self.peek() == Some(b',')).then_some(self.at);
        self.at += usize::from(comma.is_some());
        Ok(comma)
    }

    /// Steps over a closing bracket; a comma just before it is one too many.
    fn close(&mut self, comma: Option<usize>) {
        self.at += 1;
        if let Some(comma) = comma {
            self.findings.error(problems::trailing_comma(self.findings.span(comma, comma + 1)));
        }
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Stop> {
        let quote = self.at;
        self.at += 1;
        let mut from = self.at;
        let mut decoded = String::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    let rest = &self.text[from..self.at];
                    self.at += 1;
                    return Ok(if decoded.is_empty() {
                        Cow::Borrowed(rest)
                    } else {
                        Cow::Owned(decoded + rest)
                    });
                }
                Some(b'\\') => {
                    decoded.push_str(&self.text[from..self.at]);
                    decoded.push(self.escape()?);
                    from = self.at;
                }
                None | Some(b'\n' | b'\r') => {
                    self.findings.error(problems::syntax_slip(
                        self.findings.span(quote, quote + 1),
                        &problems::Slip::UnclosedString,
                    ));
                    return Err(Stop);
                }
                Some(control @ 0..0x20) => {
                    let slip = problems::Slip::ControlCharacter(char::from(control));
                    self.findings
                        .error(problems::syntax_slip(self.findings.span(self.at, self.at + 1), &slip));
                    return Err(Stop);
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let start = self.at;
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        self.at += 2;
        let decoded = match letter {
            Some(b'"') => Some('"'),
            Some(b'\\') => Some('\\'),
            Some(b'/') => Some('/'),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            Some(b'u') => self.unicode_escape(),
            _ => None,
        };
        decoded.ok_or_else(|| {
            let mut end = self.at.min(self.text.len());
            while !self.text.is_char_boundary(end) {
                end += 1;
            }
            self.findings
                .error(problems::syntax_slip(self.findings.span(start, end), &problems::Slip::Escape));
            Stop
        })
    }

    /// The character of a `\uXXXX`, or of the pair of them that stands for one beyond the basic plane.
    fn unicode_escape(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        if !self.text[self.at..].starts_with("\\u") {
            return None;
        }
        self.at += 2;
        let second = self.four_digits().filter(|second| (0xDC00..0xE000).contains(second))?;
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Result<&'t str, Stop> {
        let start = self.at;
        let word = self.word();
        if is_number(word) {
            return Ok(word);
        }
        self.findings.error(problems::json_number(self.findings.span(start, self.at), word));
        Err(Stop)
    }

    fn literal(&mut self) -> Result<&'t str, Stop> {
        let start = self.at;
        let word = self.word();
        match word {
            "true" | "false" | "null" => Ok(word),
            "" => Err(self.unquoted("a value")),
            _ => {
                self.findings.error(problems::json_word(self.findings.span(start, self.at), word));
                Err(Stop)
            }
        }
    }

    /// Steps over letters, digits and what else a number or an unquoted word has.
    fn word(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.'));
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// Steps over white space, and over comments, which are reported.
    fn skip_space(&mut self) -> Result<(), Stop> {
        loop {
            let rest = &self.text[self.at..];
            let space = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            self.at += space;
            let rest = &rest[space..];
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else {
                return Ok(());
            };
            let comment = rest[..length].trim_end().len();
            self.findings.error(problems::json_comment(self.findings.span(self.at, self.at + comment)));
            self.at += length;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn unexpected(&mut self, wanted: &str) -> Stop {
        let found = self.text[self.at..].chars().next();
        let span = self.findings.span(self.at, self.at + found.map_or(0, char::len_utf8));
        self.findings.error(problems::json_unexpected(span, wanted, found));
        Stop
    }

    /// Reports a word or a text in single quotes; anything else is unexpected.
    fn unquoted(&mut self, wanted: &str) -> Stop {
        let start = self.at;
        let rest = &self.text[start..];
        let single = rest.strip_prefix('\'').and_then(|inside| {
            let inside = inside.split_once('\'')?.0;
            (!inside.contains(['"', '\\', '\n', '\r'])).then_some(inside.len() + 2)
        });
        let length = single.unwrap_or_else(|| self.word().len());
        self.at = start;
        if length == 0 {
            return self.unexpected(wanted);
        }
        let span = self.findings.span(start, start + length);
        self.findings.error(problems::json_unquoted(wanted, span, &rest[..length]));
        Stop
    }

    fn missing_comma(&mut self, closing: char) -> Stop {
        let gap = self.findings.span(self.item_end, self.item_end);
        let place = self.findings.span(self.at, self.at + 1);
        self.findings.error(problems::json_missing_comma(closing, place, gap));
        Stop
    }

    fn unclosed(&mut self, open: usize) -> Stop {
        let bracket = char::from(self.text.as_bytes()[open]);
        self.findings.error(problems::syntax_slip(
            self.findings.span(open, open + 1),
            &problems::Slip::UnclosedBracket(bracket),
        ));
        Stop
    }
}

/// RFC 8259, section 6.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}
