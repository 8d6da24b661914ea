//! Strings and templates of the language. Of several ways to write one, the most readable is taken that reads as it should.

use masque_diagnostics::Sources;

use super::expressions;
use crate::ast::{Piece, Template};
use crate::findings::Findings;
use crate::language::strings::decode;
use crate::language::templates::{self, Lines};
use crate::language::text::Text;
use crate::language::{Rule, is};

/// A text in quotes: a block where it has several lines and a block can hold it.
pub(super) fn string(text: &str) -> String {
    let reads = |written: &String| is(Rule::block, written) && decoded(written).text == text;
    // A quotation mark at the end runs into those that close, and a lone return is a line's end to some editors and not to others.
    let fits = text.contains('\n') && !text.ends_with('"') && !text.contains('\r');
    Some(block(text)).filter(|block| fits && reads(block)).unwrap_or_else(|| line(text))
}

/// A text in quotes, on one line.
pub(super) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A template in quotes, on one line.
pub(super) fn inline(template: &Template) -> String {
    line(&body(template))
}

/// A template in quotes; `None` where nothing that can be written reads as this one does.
pub(super) fn template(template: &Template) -> Option<String> {
    let body = body(template);
    let reads = |written: &String, lines| {
        let mut sources = Sources::new();
        let mut findings = Findings::new(sources.add("", ""));
        let read = templates::read(&decoded(written), lines, &mut findings);
        !findings.any() && self::body(&read) == body
    };
    let fits = |block: &String| body.contains('\n') && is(Rule::block, block) && reads(block, Lines::Trimmed);
    // With tags on lines of their own where they are whole lines, which the reader takes away.
    let blocks = [block(&spread(template, true)), block(&body)];
    blocks.into_iter().find(fits).or_else(|| Some(line(&body)).filter(|line| reads(line, Lines::Inline)))
}

/// A template between its quotes. Equal templates have equal texts, and only those.
fn body(template: &Template) -> String {
    let mut out = String::new();
    for piece in &template.pieces {
        match &piece.value {
            Piece::Text(text) => {
                for c in text.chars() {
                    out.push(c);
                    if matches!(c, '{' | '}') {
                        out.push(c);
                    }
                }
            }
            Piece::Value(value) => out.push_str(&format!("{{{}}}", expressions::text(value))),
            Piece::If { branches, otherwise } => {
                for (index, (condition, template)) in branches.iter().enumerate() {
                    let word = if index == 0 { "if" } else { "else if" };
                    out.push_str(&format!("{{{word} {}}}", expressions::text(&condition.value)));
                    out.push_str(&body(template));
                }
                if let Some(template) = otherwise {
                    out.push_str("{else}");
                    out.push_str(&body(template));
                }
                out.push_str("{end}");
            }
            Piece::Error(_) => {}
        }
    }
    out
}

/// The same with a line for each tag of a choice that begins a line and whose branches are whole lines.
fn spread(template: &Template, begins_line: bool) -> String {
    let mut out = String::new();
    for piece in &template.pieces {
        let starts = out.ends_with('\n') || (out.is_empty() && begins_line);
        let one = Template { pieces: vec![piece.clone()] };
        let Piece::If { branches, otherwise } = &piece.value else {
            out.push_str(&body(&one));
            continue;
        };
        let parts: Vec<String> = branches
            .iter()
            .map(|(_, template)| template)
            .chain(otherwise)
            .map(|template| spread(template, starts))
            .collect();
        if !starts || parts.iter().any(|part| !part.ends_with('\n')) {
            out.push_str(&body(&one));
            continue;
        }
        for (index, ((condition, _), part)) in branches.iter().zip(&parts).enumerate() {
            let word = if index == 0 { "if" } else { "else if" };
            out.push_str(&format!("{{{word} {}}}\n{part}", expressions::text(&condition.value)));
        }
        if otherwise.is_some() {
            out.push_str(&format!("{{else}}\n{}", parts[branches.len()]));
        }
        out.push_str("{end}\n");
    }
    out
}

fn block(text: &str) -> String {
    let text = text.replace("\"\"\"", "\\\"\"\"");
    format!("\"\"\"\n{text}\"\"\"")
}

fn decoded(written: &str) -> Text {
    let mut sources = Sources::new();
    decode(sources.add("", ""), written, 0).0
}
