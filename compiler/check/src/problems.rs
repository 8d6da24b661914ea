//! Every diagnostic of this crate. Each is made by one function that takes raw facts, so that call sites stay one line and all the
//! words stand together.

mod access;
mod claims;
mod composition;
mod expression;
mod identity;
mod intent;
mod servers;
mod values;

pub(crate) use access::*;
pub(crate) use claims::*;
pub(crate) use composition::*;
pub(crate) use expression::*;
pub(crate) use identity::*;
pub(crate) use intent::*;
pub(crate) use servers::*;
pub(crate) use values::*;

use masque_diagnostics::{Applicability, Diagnostic, Edit, Fix, Span};

/// User input between backticks. Long texts are cut and control characters shown as escapes, so that a message stays one line.
fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut out = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            break;
        }
        if is_hidden(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out.push('`');
    out
}

/// A fix that takes something out.
fn removal(title: &str, gone: Span) -> Fix {
    Fix::safe(title, gone, "")
}

/// The finding with a fix that takes something out, where it is known what.
fn with_removal(
    found: Diagnostic,
    title: &str,
    gone: Option<Span>,
    applicability: Applicability,
) -> Diagnostic {
    match gone {
        Some(gone) => found.with_fix(Fix { applicability, ..removal(title, gone) }),
        None => found,
    }
}

/// The same, or else the title as what to do by hand.
fn or_by_hand(
    found: Diagnostic,
    title: &str,
    gone: Option<Span>,
    applicability: Applicability,
) -> Diagnostic {
    let found = if gone.is_none() { found.with_help(title) } else { found };
    with_removal(found, title, gone, applicability)
}

/// A fix that adds a field, titled in the notation of the document.
fn addition(insertion: Edit, applicability: Applicability) -> Fix {
    let title = format!("add `{}`", insertion.text.trim().trim_end_matches(','));
    Fix { title, edits: vec![insertion], applicability }
}

/// Whether a character shows as nothing, or changes how the text around it is shown.
fn is_hidden(c: char) -> bool {
    c.is_control() || crate::lints::is_invisible(c)
}

/// A character as messages name it: by its number, since it can't be seen.
fn by_number(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// A number with its noun: `1 byte`, `70000 bytes`.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
