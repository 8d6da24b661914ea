//! Comments that allow a finding: `# masquec: allow(M0209) the ring is set by whoever publishes it`.
//!
//! Behind something, a comment speaks of its own line; on a line of its own, of the next line that is neither empty nor a comment. The
//! reason is asked for, since whoever reads the source next wants to know it.

use crate::codes::settings as codes;
use crate::levels::unknown_code;
use crate::{Code, Diagnostic, Fix, Severity, Source, Span, Spanned};

/// How a comment begins that is meant for the compiler.
const MARK: &str = "masquec:";

/// A comment that allows findings of one line.
struct Allowance {
    codes: Vec<Spanned<Code>>,
    comment: Span,
    line: usize,
}

/// Takes out of `found` what comments of a source allow, and puts in what is wrong with such comments. `comments` are those of the source, with
/// their `#`.
pub fn allow_by_comments(source: &Source, comments: &[Spanned<String>], found: &mut Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut allowances = Vec::new();
    for comment in comments {
        let body = comment.value.trim_start_matches('#').trim_start();
        if let Some(rest) = body.strip_prefix(MARK) {
            let at = comment.span.start as usize + (comment.value.len() - rest.len());
            allowances.extend(read(source, comment.span, rest, at, &mut problems));
        }
    }
    if allowances.is_empty() && problems.is_empty() {
        return;
    }
    let mut used = Vec::new();
    found.retain(|found| {
        let line = source.line_index(found.primary.span.start as usize);
        let id = comments.first().map(|comment| comment.span.source);
        let allowed = allowances.iter().filter(|allowance| allowance.line == line);
        let code = allowed.flat_map(|allowance| &allowance.codes).find(|code| code.value == found.code);
        let here = Some(found.primary.span.source) == id && found.severity == Severity::Warning;
        match code {
            Some(code) if here => {
                used.push(code.span);
                false
            }
            _ => true,
        }
    });
    for allowance in &allowances {
        for code in allowance.codes.iter().filter(|code| !used.contains(&code.span)) {
            problems.push(unused(code, allowance));
        }
    }
    found.extend(problems);
    found.sort_by_key(|found| (found.primary.span, found.code));
}

fn read(
    source: &Source,
    comment: Span,
    rest: &str,
    at: usize,
    problems: &mut Vec<Diagnostic>,
) -> Option<Allowance> {
    let trimmed = rest.trim_start();
    let open = at + (rest.len() - trimmed.len());
    let inside = trimmed.strip_prefix("allow").map(str::trim_start).and_then(|rest| rest.strip_prefix('('));
    let Some((inside, reason)) = inside.and_then(|inside| inside.split_once(')')) else {
        problems.push(malformed(comment));
        return None;
    };
    let mut start = open + (trimmed.len() - reason.len() - 1 - inside.len());
    let mut codes = Vec::new();
    for written in inside.split(',') {
        let name = written.trim();
        let from = start + (written.len() - written.trim_start().len());
        let place = Span::new(comment.source, from, from + name.len());
        start += written.len() + 1;
        match Code::find(name) {
            None if name.is_empty() => {
                problems.push(malformed(comment));
                return None;
            }
            None => problems.push(unknown_code(name, place)),
            Some(code) if code.severity() == Severity::Error => problems.push(not_allowable(code, place)),
            Some(code) => codes.push(Spanned::new(code, place)),
        }
    }
    if reason.trim().is_empty() {
        problems.push(without_reason(comment));
        return None;
    }
    Some(Allowance { codes, comment, line: line_of(source, comment) })
}

/// The line that a comment speaks of.
fn line_of(source: &Source, comment: Span) -> usize {
    let own = source.line_index(comment.start as usize);
    let line = |index: usize| source.line_range(index).map(|range| &source.text()[range]);
    let before = line(own).and_then(|text| text.find('#').map(|at| &text[..at])).unwrap_or_default();
    if !before.trim_matches(['\u{feff}', ' ', '\t']).is_empty() {
        return own;
    }
    let speaks = |index: &usize| {
        line(*index).is_some_and(|text| !text.trim().is_empty() && !text.trim_start().starts_with('#'))
    };
    (own + 1..source.line_count()).find(speaks).unwrap_or(own)
}

fn malformed(comment: Span) -> Diagnostic {
    Diagnostic::new(
        codes::MALFORMED_ALLOWANCE,
        "a comment for masquec can't be read",
        comment,
        "not understood",
    )
    .with_help("write `# masquec: allow(CODE) why`, with a code such as `M0209` or `missing-ring`")
}

fn without_reason(comment: Span) -> Diagnostic {
    let message = "a finding is allowed without a reason";
    Diagnostic::new(codes::ALLOWANCE_WITHOUT_REASON, message, comment, "says no reason")
        .with_help("say behind the parenthesis why it is right here")
}

fn not_allowable(code: Code, place: Span) -> Diagnostic {
    let name = code.name();
    Diagnostic::new(
        codes::NOT_ALLOWABLE,
        format!("`{name}` can't be allowed: it is an error"),
        place,
        "an error",
    )
    .with_help("correct what it reports; nothing is built while it stands")
}

fn unused(code: &Spanned<Code>, allowance: &Allowance) -> Diagnostic {
    let message = format!("`{}` is allowed here, but not found", code.value.name());
    let found = Diagnostic::new(codes::UNUSED_ALLOWANCE, message, code.span, "allows nothing");
    match allowance.codes.as_slice() {
        [_] => found.with_fix(Fix::safe("remove the comment", allowance.comment, "")),
        _ => found.with_help("leave it out of the list"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sources;
    use crate::codes::check::{MISSING_FIELD, MISSING_RING, ONLY_DENIES};

    /// What is left of a warning at each `!`, and the problems of comments, as `line: code message`.
    fn left(text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let id = sources.add("a", text);
        let source = sources.get(id);
        let comments: Vec<_> = (text.match_indices('#'))
            .map(|(at, _)| {
                let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
                Spanned::new(text[at..end].to_owned(), Span::new(id, at, end))
            })
            .collect();
        let at = |place| Span::new(id, place, place + 1);
        let mut found: Vec<_> = text
            .match_indices('!')
            .map(|(place, _)| Diagnostic::new(MISSING_RING, "x", at(place), ""))
            .collect();
        found.extend(
            text.match_indices('?').map(|(place, _)| Diagnostic::new(MISSING_FIELD, "x", at(place), "")),
        );
        allow_by_comments(source, &comments, &mut found);
        let line = |found: &Diagnostic| source.line_column(found.primary.span.start as usize).line;
        found
            .iter()
            .map(|found| format!("{}: {} {}", line(found), found.code, sources.slice(found.primary.span)))
            .collect()
    }

    #[test]
    fn a_comment_speaks_of_its_line_or_of_the_next() {
        assert_eq!(left("a ! # masquec: allow(M0209) here\n!"), ["2: M0209 !"]);
        assert_eq!(left("# masquec: allow(missing-ring) below\n\n# more\n!\n!"), ["5: M0209 !"]);
        assert_eq!(left("# masquec: allow( only-denies , M0209 ) both\n!"), ["1: M0031 only-denies"]);
        assert_eq!(left("# a comment of people\n!"), ["2: M0209 !"]);
    }

    #[test]
    fn what_is_wrong_with_a_comment_is_said() {
        assert_eq!(left("# masquec: allow(M0209)\n!"), ["1: M0032 # masquec: allow(M0209)", "2: M0209 !"]);
        assert_eq!(
            left("# masquec: allow(M0209 why\n!"),
            ["1: M0035 # masquec: allow(M0209 why", "2: M0209 !"]
        );
        assert_eq!(left("# masquec: allow() why"), ["1: M0035 # masquec: allow() why"]);
        assert_eq!(left("# masquec: allow(mising-ring) why"), ["1: M0033 mising-ring"]);
        assert_eq!(left("? # masquec: allow(M0201) why"), ["1: M0201 ?", "1: M0034 M0201"]);
        assert_eq!(ONLY_DENIES.severity(), Severity::Warning);
    }
}
