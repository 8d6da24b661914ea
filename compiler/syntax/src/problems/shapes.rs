//! Diagnostics about fields and the shapes of their values: `M01xx`, and duplicate keys.

use masque_diagnostics::codes::syntax as codes;
use masque_diagnostics::{Diagnostic, Fix, Severity, Span, nearest};

use super::{one_of, shown};
use crate::fields::{Block, Unknown};
use crate::quote::{quoted, quoted_like};

pub(crate) fn not_a_map(at: Span, noun: &str) -> Diagnostic {
    Diagnostic::new(
        codes::NOT_A_MAP,
        format!("a masque is a map of fields, but this document is {noun}"),
        at,
        format!("this is {noun}"),
    )
    .with_help("begin with fields: `name: …`, `version: …`, `lens: …`")
}

pub(crate) fn duplicate_key(key: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        codes::DUPLICATE_KEY,
        format!("the key `{}` stands twice in one map", shown(key)),
        again,
        "again here",
    )
    .with_label(first, "first here")
    .with_help("keep one of the two")
}

pub(crate) fn field_twice(preferred: &str, again: (&str, Span), first: (&str, Span)) -> Diagnostic {
    let other = if again.0 == preferred { first.0 } else { again.0 };
    Diagnostic::new(
        codes::FIELD_TWICE,
        format!("`{}` and `{}` are one field", first.0, again.0),
        again.1,
        "the same field again",
    )
    .with_label(first.1, "first given here")
    .with_help(format!("keep `{preferred}` and remove `{other}`"))
}

/// A key that `block` does not know, though it knows `near`.
pub(crate) fn misspelt_field(key: &str, written: &str, at: Span, block: &Block, near: &str) -> Diagnostic {
    let title = format!("replace `{}` with `{near}`", shown(key));
    no_such_field(key, at, block).with_fix(Fix::safe(title, at, quoted_like(written, near)))
}

/// A key that `block` does not know, nor any name near it. `home` is the block in which it would be right.
pub(crate) fn unknown_field(key: &str, at: Span, block: &Block, home: Option<&str>) -> Diagnostic {
    let problem = no_such_field(key, at, block);
    match home {
        Some("a masque") => problem.with_help(format!("`{key}` is a field of the masque itself")),
        Some(home) => problem.with_help(format!("`{key}` is a field of {home}")),
        None if block.fields.len() <= 8 => problem.with_help(format!(
            "its fields are {}",
            one_of(block.fields.iter().map(|field| field.name)).replace(" or ", " and ")
        )),
        None => problem.with_help("remove it, or move what describes the masque under `attributes`"),
    }
}

fn no_such_field(key: &str, at: Span, block: &Block) -> Diagnostic {
    let mut problem = Diagnostic::new(
        codes::UNKNOWN_FIELD,
        format!("{} has no field `{}`", block.noun, shown(key)),
        at,
        "unknown field",
    );
    if block.unknown == Unknown::Error {
        problem.severity = Severity::Error;
    }
    problem
}

/// A field that grants or denies rights, outside of its block: to pass over it would change what the masque may do.
pub(crate) fn misplaced_field(key: &str, at: Span, home: &str) -> Diagnostic {
    Diagnostic::new(
        codes::MISPLACED_FIELD,
        format!("`{key}` has no effect outside of {home}"),
        at,
        "misplaced field",
    )
    .with_help(format!("move it under {home}"))
}

pub(crate) fn wrong_shape(what: &str, wanted: &str, at: Span, noun: &str) -> Diagnostic {
    let help = match wanted {
        "a map" => "give it entries of its own: `key: value`".to_owned(),
        "a list" => "put the items into a list, each as an entry of its own".to_owned(),
        "text" => "write it as one text".to_owned(),
        other => format!("write {other}"),
    };
    Diagnostic::new(
        codes::WRONG_SHAPE,
        format!("{what} must be {wanted}, not {noun}"),
        at,
        format!("this is {noun}"),
    )
    .with_help(help)
}

/// One text where a list is wanted.
pub(crate) fn lone_item(what: &str, at: Span, written: &str, inline: bool) -> Diagnostic {
    let problem = Diagnostic::new(
        codes::WRONG_SHAPE,
        format!("{what} must be a list, not one value"),
        at,
        "this is one value",
    );
    if inline {
        let fix = Fix::safe(format!("make a list of it: `[{}]`", shown(written)), at, format!("[{written}]"));
        problem.with_fix(fix.for_review())
    } else {
        problem.with_help("put the items into a list, each as an entry of its own")
    }
}

pub(crate) fn no_value(what: &str, at: Span, written: &str) -> Diagnostic {
    let problem =
        Diagnostic::new(codes::NO_VALUE, format!("{what} has no value"), at, "nothing is given here")
            .with_help("give it a value, or remove it");
    if written.eq_ignore_ascii_case("null") {
        let title = format!("quote it if it is meant as text: `{}`", quoted(written));
        problem.with_fix(Fix::safe(title, at, quoted(written)).for_review())
    } else {
        problem
    }
}

pub(crate) fn not_text(what: &str, at: Span, written: &str, noun: &str) -> Diagnostic {
    Diagnostic::new(
        codes::NOT_TEXT,
        format!("{what} must be text, but `{}` is {noun}", shown(written)),
        at,
        format!("this is {noun}"),
    )
    .with_fix(Fix::safe(format!("quote it: `{}`", shown(&quoted(written))), at, quoted(written)))
}

pub(crate) fn unknown_word(what: &str, word: &str, at: Span, source: &str, words: &[&str]) -> Diagnostic {
    let problem = Diagnostic::new(
        codes::UNKNOWN_WORD,
        format!("{what} can't be `{}`", shown(word)),
        at,
        format!("expected {}", one_of(words.iter().copied())),
    );
    match nearest(word, words.iter().copied()) {
        Some(near) => {
            let title = format!("replace `{}` with `{near}`", shown(word));
            problem.with_fix(Fix::safe(title, at, quoted_like(source, near)))
        }
        None => {
            let mut problem = problem.with_help(format!("use {}", one_of(words.iter().copied())));
            "not one of its words".clone_into(&mut problem.primary.message);
            problem
        }
    }
}

pub(crate) fn not_a_count(what: &str, at: Span, text: &str, least: u64, unquoted: bool) -> Diagnostic {
    let problem = Diagnostic::new(
        codes::NOT_A_COUNT,
        format!("{what} must be a whole number of at least {least}, not `{}`", shown(text)),
        at,
        "not such a number",
    );
    if unquoted {
        problem.with_fix(Fix::safe("remove the quotes", at, text))
    } else {
        problem.with_help(format!("write a number in decimal digits, from {least} up"))
    }
}

/// An entry with fields of no kind (`given` is empty) or of two.
pub(crate) fn mixed_kinds(block: &Block, at: Span, given: &[(&str, Span)]) -> Diagnostic {
    let kinds: Vec<String> = block.kinds.iter().map(|kind| one_of(kind.iter().copied())).collect();
    let kinds = kinds.join(", or else ");
    match given {
        [(first, place), (second, other), ..] => Diagnostic::new(
            codes::MIXED_KINDS,
            format!("{} can't have both `{first}` and `{second}`", block.noun),
            *other,
            "of another kind",
        )
        .with_label(*place, "of one kind")
        .with_help("make two entries of it"),
        _ => Diagnostic::new(codes::MIXED_KINDS, format!("{} needs {kinds}", block.noun), at, "says nothing")
            .with_help(format!("add {kinds}")),
    }
}
