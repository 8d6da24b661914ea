//! Applying fixes to a text.

use crate::{Applicability, Diagnostic, Edit, Fix, SourceId};

/// A text after fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The titles of the fixes that went into it, in the order of the findings.
    pub applied: Vec<String>,
}

/// Applies the first fix of each finding to the text of `source`, if a tool may apply it: if it is [`Applicability::Safe`], or
/// [`Applicability::Unsafe`] too where `with_unsafe` is set. A fix that touches what an earlier one changed is left for another turn, and so is
/// one that changes another source. `None` where there is nothing to apply.
pub fn apply_fixes<'a>(
    source: SourceId,
    text: &str,
    found: impl IntoIterator<Item = &'a Diagnostic>,
    with_unsafe: bool,
) -> Option<Fixed> {
    let may = |fix: &&Fix| match fix.applicability {
        Applicability::Safe => true,
        Applicability::Unsafe => with_unsafe,
        Applicability::DisplayOnly => false,
    };
    let mut edits: Vec<&Edit> = Vec::new();
    let mut applied = Vec::new();
    for fix in found.into_iter().filter_map(|found| found.fixes.first()).filter(may) {
        let here = fix.edits.iter().all(|edit| edit.span.source == source);
        let free = fix.edits.iter().all(|edit| edits.iter().all(|other| are_apart(edit, other)));
        if here && free && !fix.edits.is_empty() {
            edits.extend(&fix.edits);
            applied.push(fix.title.clone());
        }
    }
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|edit| edit.span);
    let mut out = text.to_owned();
    for edit in edits.into_iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    (out != text).then_some(Fixed { text: out, applied })
}

/// Whether two edits have nothing to do with each other. Two insertions at one place do: their order would be a guess.
fn are_apart(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span.range(), b.span.range());
    a.end < b.start
        || b.end < a.start
        || ((a.end == b.start || b.end == a.start) && !a.is_empty() && !b.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::check::MISSING_RING;
    use crate::{Sources, Span};

    #[test]
    fn fixes_that_touch_each_other_take_turns() {
        let id = Sources::new().add("", "");
        let finding = |start: usize, end: usize, text: &str| {
            let place = Span::new(id, start, end);
            Diagnostic::new(MISSING_RING, "x", place, "").with_fix(Fix::safe(format!("{start}"), place, text))
        };
        let found = [
            finding(0, 1, "A"),
            finding(0, 2, "B"),
            finding(1, 2, "b"),
            finding(3, 3, "!"),
            finding(3, 3, "?"),
        ];
        let fixed = apply_fixes(id, "abc", &found, false).expect("something to apply");
        assert_eq!(
            fixed,
            Fixed { text: "Abc!".to_owned(), applied: ["0", "1", "3"].map(str::to_owned).to_vec() }
        );
        assert_eq!(apply_fixes(id, "abc", &found[1..1], false), None);
        let review = finding(0, 1, "A");
        let review =
            Diagnostic { fixes: review.fixes.into_iter().map(Fix::for_review).collect(), ..found[0].clone() };
        assert_eq!(apply_fixes(id, "abc", [&review], false), None);
        assert!(apply_fixes(id, "abc", [&review], true).is_some());
    }
}
