//! Templates: text with `{…}` holes.

use std::ops::Range;

use masque_diagnostics::{Span, Spanned};

use super::expressions;
use super::text::Text;
use crate::ast::{Expression, Piece, Template};
use crate::findings::Findings;
use crate::problems;

/// Whether lines that hold only tags leave no line behind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Every character of the text counts.
    Inline,
    /// White space around tags that fill their line goes.
    Trimmed,
}

/// Reads a decoded text.
pub(crate) fn read(text: &Text, lines: Lines, findings: &mut Findings) -> Template {
    let mut tokens = tokens(text, findings);
    if lines == Lines::Trimmed {
        trim(&mut tokens, &text.text);
    }
    build(tokens, text, findings)
}

enum Token {
    /// Text, of which these parts stay; `{{` and `}}` are still double.
    Text(Vec<Range<usize>>),
    /// A line break that an `{if}` took in from behind its `{end}`.
    LineBreak(Range<usize>),
    /// `{expression}`, the range inside the braces.
    Value(Range<usize>),
    If(Tag),
    ElseIf(Tag),
    Else(Range<usize>),
    End(Range<usize>),
}

struct Tag {
    /// With its braces.
    whole: Range<usize>,
    condition: Range<usize>,
}

impl Token {
    fn text(range: Range<usize>) -> Self {
        Self::Text(std::iter::once(range).collect())
    }

    fn tag(&self) -> Option<&Range<usize>> {
        match self {
            Self::If(tag) | Self::ElseIf(tag) => Some(&tag.whole),
            Self::Else(range) | Self::End(range) => Some(range),
            Self::Text(_) | Self::LineBreak(_) | Self::Value(_) => None,
        }
    }
}

fn tokens(text: &Text, findings: &mut Findings) -> Vec<Token> {
    let body = text.text.as_str();
    let mut tokens = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = body[at..].find(['{', '}']) {
        at += found;
        let rest = &body[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            at += 2;
        } else if rest.starts_with('}') {
            at += 1;
        } else if let Some(length) = hole(rest) {
            if from < at {
                tokens.push(Token::text(from..at));
            }
            tokens.push(token(body, at..at + length));
            at += length;
            from = at;
        } else {
            findings.error(problems::unclosed_hole(text.span(at..at + 1)));
            at = body.len();
        }
    }
    if from < body.len() {
        tokens.push(Token::text(from..body.len()));
    }
    tokens
}

/// Text with its doubled braces as single ones.
fn single_braces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find(['{', '}']) {
        out.push_str(&rest[..=found]);
        let doubled = rest[found + 1..].starts_with(&rest[found..=found]);
        rest = &rest[found + 1 + usize::from(doubled)..];
    }
    out.push_str(rest);
    out
}

/// How long the hole is that `text` begins with, braces included. It ends at the first `}` outside of quotes, in its line or a later one.
fn hole(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' => quoted = !quoted,
            b'}' if !quoted => return Some(at + 1),
            b'\n' if quoted => return None,
            b'{' if !quoted => return None,
            _ => {}
        }
    }
    None
}

fn token(body: &str, whole: Range<usize>) -> Token {
    let inside = whole.start + 1..whole.end - 1;
    let text = &body[inside.clone()];
    let start = inside.start + (text.len() - text.trim_start().len());
    let text = text.trim();
    let behind = |word: &str, range: Range<usize>| {
        let rest = body[range.clone()].strip_prefix(word)?;
        let parted = rest.is_empty() || rest.starts_with([' ', '\t', '\n', '(']);
        parted.then(|| range.end - rest.trim_start().len()..range.end)
    };
    if text == "end" {
        return Token::End(whole);
    }
    if text == "else" {
        return Token::Else(whole);
    }
    if let Some(condition) = behind("else", start..start + text.len()).and_then(|rest| behind("if", rest)) {
        return Token::ElseIf(Tag { whole, condition });
    }
    match behind("if", start..start + text.len()) {
        Some(condition) => Token::If(Tag { whole, condition }),
        None => Token::Value(start..start + text.len()),
    }
}

/// Takes away the white space that belongs to tags: a line of nothing but tags leaves nothing; a line that an `{if}` begins and its `{end}` ends
/// is there as a whole, line break included.
fn trim(tokens: &mut Vec<Token>, body: &str) {
    let (mut cuts, mut breaks) = (Vec::new(), Vec::new());
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let inside = |token: &&Token| token.tag().is_some_and(|tag| range.contains(&tag.start));
        let tags: Vec<&Token> = tokens.iter().filter(inside).collect();
        trim_line(&tags, body, range, &mut cuts, &mut breaks);
    }
    let mut trimmed = Vec::with_capacity(tokens.len() + breaks.len());
    for mut token in tokens.drain(..) {
        if let Token::Text(parts) = &mut token {
            *parts = parts.drain(..).flat_map(|part| without(part, &cuts)).collect();
        }
        if let Some(tag) = token.tag()
            && let Some((_, line_break)) = breaks.iter().find(|(before, _)| *before == tag.start)
        {
            trimmed.push(Token::LineBreak(Range::clone(line_break)));
        }
        trimmed.push(token);
    }
    *tokens = trimmed;
}

/// What of a line goes (`cuts`), and which line breaks come to stand before which tags (`breaks`).
fn trim_line(
    tags: &[&Token],
    body: &str,
    line: Range<usize>,
    cuts: &mut Vec<Range<usize>>,
    breaks: &mut Vec<(usize, Range<usize>)>,
) {
    let places: Vec<&Range<usize>> = tags.iter().filter_map(|token| token.tag()).collect();
    let (Some(opening), Some(closing)) = (places.first(), places.last()) else { return };
    let is_blank = |range: Range<usize>| body.get(range).is_some_and(|text| text.trim().is_empty());
    if !is_blank(line.start..opening.start) || !is_blank(closing.end..line.end) {
        return;
    }
    let between = places.windows(2).map(|pair| pair[0].end..pair[1].start);
    if between.clone().all(is_blank) {
        cuts.push(line.start..opening.start);
        cuts.extend(between);
        cuts.push(closing.end..line.end);
        return;
    }
    let Some(depths) = depths(tags) else { return };
    cuts.push(line.start..opening.start);
    cuts.push(closing.end..line.end);
    for pair in between {
        let text = &body[pair.clone()];
        let blank = |trimmed: &str| text.len() - trimmed.len();
        cuts.push(pair.start..pair.start + blank(text.trim_start_matches([' ', '\t'])));
        cuts.push(pair.end - blank(text.trim_end_matches([' ', '\t']))..pair.end);
    }
    if body[line.clone()].ends_with('\n') {
        let line_break = line.end - 1..line.end;
        let branches = places.iter().zip(depths).skip(1).filter(|(_, depth)| *depth == 1);
        breaks.extend(branches.map(|(tag, _)| (tag.start, line_break.clone())));
    }
}

/// A range without these cuts, which ascend.
fn without(range: Range<usize>, cuts: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut kept, mut at) = (Vec::new(), range.start);
    for cut in cuts.iter().filter(|cut| cut.start < range.end && range.start < cut.end) {
        if at < cut.start {
            kept.push(at..cut.start);
        }
        at = at.max(cut.end);
    }
    if at < range.end {
        kept.push(at..range.end);
    }
    kept
}

/// How deep each of these tags belongs, if the first is an `{if}` that the last one ends.
fn depths(tags: &[&Token]) -> Option<Vec<usize>> {
    let (mut depth, mut depths) = (0_usize, Vec::new());
    for (index, tag) in tags.iter().enumerate() {
        if matches!(tag, Token::If(_)) {
            depth += 1;
        }
        if depth == 0 {
            return None;
        }
        depths.push(depth);
        if matches!(tag, Token::End(_)) {
            depth -= 1;
            if depth == 0 && index + 1 < tags.len() {
                return None;
            }
        }
    }
    (depth == 0).then_some(depths)
}

/// An `{if}` that is being read.
struct Open {
    opening: Span,
    branches: Vec<(Spanned<Expression>, Template)>,
    condition: Option<Spanned<Expression>>,
    outer: Vec<Spanned<Piece>>,
}

fn build(tokens: Vec<Token>, text: &Text, findings: &mut Findings) -> Template {
    let mut pieces: Vec<Spanned<Piece>> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for token in tokens {
        match token {
            Token::Text(parts) => {
                let (Some(first), Some(last)) = (parts.first(), parts.last()) else { continue };
                let place = text.span(first.start..last.end);
                let kept: String = parts.into_iter().map(|part| &text.text[part]).collect();
                pieces.push(Spanned::new(Piece::Text(single_braces(&kept)), place));
            }
            Token::LineBreak(range) => {
                pieces.push(Spanned::new(Piece::Text("\n".to_owned()), text.span(range)));
            }
            Token::Value(range) => {
                let piece = match condition(range.clone(), text, findings) {
                    Ok(value) => value.map(Piece::Value),
                    Err(reported) => Spanned::new(Piece::Error(reported), text.span(range)),
                };
                pieces.push(piece);
            }
            Token::If(tag) => {
                let opening = text.span(tag.whole);
                if open.len() >= expressions::MAX_NESTING {
                    let reported =
                        findings.error(problems::nested_too_deeply(opening, expressions::MAX_NESTING));
                    pieces.push(Spanned::new(Piece::Error(reported), opening));
                    break;
                }
                let condition = or_error(condition(tag.condition, text, findings), opening);
                let outer = std::mem::take(&mut pieces);
                open.push(Open { opening, branches: Vec::new(), condition: Some(condition), outer });
            }
            Token::ElseIf(tag) => {
                let place = text.span(tag.whole);
                let Some(last) = open.last_mut() else {
                    findings.error(problems::tag_without_if("else", place));
                    continue;
                };
                let template = Template { pieces: std::mem::take(&mut pieces) };
                match last.condition.take() {
                    Some(before) => last.branches.push((before, template)),
                    None => {
                        findings.error(problems::branch_after_else(place, last.opening));
                    }
                }
                last.condition = Some(or_error(condition(tag.condition, text, findings), place));
            }
            Token::Else(range) => {
                let place = text.span(range);
                let Some(last) = open.last_mut() else {
                    findings.error(problems::tag_without_if("else", place));
                    continue;
                };
                match last.condition.take() {
                    Some(before) => {
                        last.branches.push((before, Template { pieces: std::mem::take(&mut pieces) }));
                    }
                    None => {
                        findings.error(problems::branch_after_else(place, last.opening));
                    }
                }
            }
            Token::End(range) => {
                let place = text.span(range);
                let Some(last) = open.pop() else {
                    findings.error(problems::tag_without_if("end", place));
                    continue;
                };
                let piece = last.close(Template { pieces: std::mem::take(&mut pieces) }, place, &mut pieces);
                pieces.push(piece);
            }
        }
    }
    if let Some(first) = open.first() {
        findings.error(problems::unclosed_if(first.opening));
    }
    while let Some(last) = open.pop() {
        let place = last.opening;
        let piece = last.close(Template { pieces: std::mem::take(&mut pieces) }, place, &mut pieces);
        pieces.push(piece);
    }
    Template { pieces: joined(pieces) }
}

impl Open {
    fn close(mut self, last: Template, end: Span, pieces: &mut Vec<Spanned<Piece>>) -> Spanned<Piece> {
        let mut last = Template { pieces: joined(last.pieces) };
        for (_, template) in &mut self.branches {
            template.pieces = joined(std::mem::take(&mut template.pieces));
        }
        let otherwise = match self.condition.take() {
            Some(condition) => {
                self.branches.push((condition, std::mem::take(&mut last)));
                None
            }
            None => Some(last),
        };
        *pieces = self.outer;
        Spanned::new(Piece::If { branches: self.branches, otherwise }, self.opening.to(end))
    }
}

/// Neighbouring texts as one.
fn joined(pieces: Vec<Spanned<Piece>>) -> Vec<Spanned<Piece>> {
    let mut out: Vec<Spanned<Piece>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (out.last_mut(), piece.value) {
            (Some(Spanned { value: Piece::Text(before), span }), Piece::Text(text)) => {
                before.push_str(&text);
                *span = span.to(piece.span);
            }
            (_, value) => out.push(Spanned::new(value, piece.span)),
        }
    }
    out
}

fn condition(
    range: Range<usize>,
    text: &Text,
    findings: &mut Findings,
) -> Result<Spanned<Expression>, masque_diagnostics::Reported> {
    if range.is_empty() {
        let body = &text.text;
        let open = body[..range.start].rfind('{').unwrap_or(range.start);
        let close = body[range.end..].find('}').map_or(range.end, |found| range.end + found + 1);
        let place = text.span(open..close);
        return Err(findings.error(problems::empty_hole(place)));
    }
    expressions::whole(&text.part(range), findings)
}

fn or_error(
    read: Result<Spanned<Expression>, masque_diagnostics::Reported>,
    place: Span,
) -> Spanned<Expression> {
    read.unwrap_or_else(|reported| Spanned::new(Expression::Error(reported), place))
}
