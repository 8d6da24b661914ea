//! Findings about the text of the masque language.

use super::shown;
use masque_diagnostics::codes::language as codes;
use masque_diagnostics::{Diagnostic, Fix, Span};

pub(crate) fn unexpected_text(found: &str, wanted: &str, place: Span) -> Diagnostic {
    let named = if found.is_empty() { "the end".to_owned() } else { format!("`{}`", shown(found)) };
    let message = format!("{named} stands where {wanted} is wanted");
    let problem = Diagnostic::new(codes::UNEXPECTED_TEXT, message, place, "not expected here");
    if found.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_ascii()) {
        return problem
            .with_help("make names of the letters a to z, digits, `_` and `-`; put text in quotes");
    }
    problem.with_help(format!("write {wanted} here"))
}

/// `written` is an operator of other languages, at `place`.
pub(crate) fn foreign_operator(written: &str, ours: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNEXPECTED_TEXT,
        format!("`{written}` is no operator of the language"),
        place,
        "not an operator",
    )
    .with_fix(Fix::safe(format!("replace `{written}` with `{}`", ours.trim()), place, ours))
}

/// Two texts of one list stand at `first` and `second` with nothing between them.
pub(crate) fn missing_comma(second: &str, place: Span, insert_at: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNEXPECTED_TEXT,
        format!("a comma is missing before `{}`", shown(second)),
        place,
        "a second item of the list",
    )
    // Another statement may be meant as well.
    .with_fix(Fix::safe("add a comma", insert_at, ",").for_review())
}

pub(crate) fn semicolon(block: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNKNOWN_ITEM,
        format!("`;` begins nothing that {block} holds"),
        place,
        "not needed",
    )
    .with_note("nothing stands between two statements")
    .with_fix(Fix::safe("remove the `;`", place, ""))
}

pub(crate) fn unknown_item(
    word: &str,
    place: Span,
    near: Option<&str>,
    block: &str,
    known: &str,
) -> Diagnostic {
    let found = Diagnostic::new(
        codes::UNKNOWN_ITEM,
        format!("`{}` begins nothing that {block} holds", shown(word)),
        place,
        "not known here",
    );
    match near {
        Some(near) => {
            found.with_fix(Fix::safe(format!("replace `{word}` with `{near}`"), place, near).for_review())
        }
        None => found.with_help("write one of these, or remove it"),
    }
    .with_note(format!("{block} holds {known}"))
}

pub(crate) fn unclosed_string(place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNCLOSED_STRING, "a string is not closed on its line", place, "no `\"` follows")
        .with_help("close it with `\"`, or write text of several lines between `\"\"\"` and `\"\"\"`")
}

pub(crate) fn unclosed_block(place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNCLOSED_BLOCK, "a `\"\"\"` block is not closed", place, "it begins here")
        .with_help("close it with `\"\"\"` on a line of its own")
}

pub(crate) fn unclosed_brace(what: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNCLOSED_BRACE,
        format!("the braces of {what} are not closed"),
        place,
        "opened here",
    )
    .with_help("add `}` where it ends")
}

pub(crate) fn unknown_escape(written: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_ESCAPE, format!("`{}` is no escape", shown(written)), place, "")
        .with_help("write one of the escapes `\\\"`, `\\\\`, `\\n`, `\\t`, `\\r`, `\\{`, `\\}` and `\\u{1F3AD}`, or `\\\\` for a backslash")
}

pub(crate) fn unclosed_hole(place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNCLOSED_HOLE, "a `{` is not closed by `}`", place, "a value begins here")
        .with_help("close it, or write `{{` for a brace")
}

pub(crate) fn empty_hole(place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::EMPTY_HOLE,
        "there is nothing between the braces",
        place,
        "an expression is wanted",
    )
    .with_help("write a value such as `{session.agent}`, or `{{}}` for a pair of braces")
}

pub(crate) fn tag_without_if(tag: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::STRAY_TAG,
        format!("`{{{tag}}}` belongs to no `{{if …}}`"),
        place,
        "no `{if …}` is open here",
    )
    .with_help(format!("remove it, or write `{{{{{tag}}}}}` for the text itself"))
}

pub(crate) fn branch_after_else(place: Span, opening: Span) -> Diagnostic {
    Diagnostic::new(codes::STRAY_TAG, "a branch comes after `{else}`", place, "can never be taken")
        .with_label(opening, "the `{if …}` that it belongs to")
        .with_help("`{else}` comes last and once")
}

pub(crate) fn unclosed_if(place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNCLOSED_IF, "an `{if …}` has no `{end}`", place, "begins here")
        .with_help("add `{end}`")
}

pub(crate) fn nested_too_deeply(place: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::NESTED_TOO_DEEPLY,
        format!("nested more than {most} levels deep"),
        place,
        "one level too many",
    )
    .with_help("take parts out: a `let` names a value, a `set` names patterns")
}

pub(crate) fn long_expression(place: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::NESTED_TOO_DEEPLY,
        format!("an expression of more than {most} bytes"),
        Span::at(place.source, place.start as usize),
        "too long",
    )
    .with_help("write this masque in the language, where `let` names the parts of a condition")
}

pub(crate) fn long_chain(operator: &str, place: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::NESTED_TOO_DEEPLY,
        format!("`{operator}` joins more than {most} operands"),
        Span::at(place.source, place.start as usize),
        "begins here",
    )
    .with_help("compare with a list: `environment in [\"staging\", \"production\"]`")
}

pub(crate) fn number_too_large(written: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::NUMBER_TOO_LARGE, format!("`{}` is too large a number", shown(written)), place, "")
        .with_help("write a whole number within ±9007199254740991")
}

pub(crate) fn mixed_test(place: Span, other: Span) -> Diagnostic {
    Diagnostic::new(
        codes::MIXED_TEST,
        "a test asks a masque and a model at once",
        place,
        "about the answer of a model",
    )
    .with_label(other, "about what the masque answers")
    .with_help("make two tests of it")
}

pub(crate) fn otherwise_written(field: &str, place: Span, how: &str) -> Diagnostic {
    Diagnostic::new(
        codes::UNKNOWN_ITEM,
        format!("`{field}` is written otherwise in the language"),
        place,
        "not an item of a masque",
    )
    .with_help(how)
}

pub(crate) fn item_twice(what: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(codes::ITEM_TWICE, format!("`{what}` is given twice"), place, "given again")
        .with_label(first, "first given here")
        .with_help("keep one of them")
}

pub(crate) fn no_masque(place: Span) -> Diagnostic {
    Diagnostic::new(codes::NO_MASQUE, "the file holds no masque and no library", place, "")
        .with_help("write `masque Name { version 1.0.0 … }`")
}

pub(crate) fn several_masques(place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(codes::SEVERAL_MASQUES, "one file holds one masque or one library", place, "another one")
        .with_label(first, "the first one")
        .with_help("give it a file of its own")
}

pub(crate) fn unknown_type(written: &str, place: Span, near: Option<&str>) -> Diagnostic {
    let found =
        Diagnostic::new(codes::UNKNOWN_TYPE, format!("`{}` is no type", shown(written)), place, "not a type");
    match near {
        Some(near) => found.with_fix(Fix::safe(format!("replace `{written}` with `{near}`"), place, near)),
        None => found.with_help("write one of these types"),
    }
    .with_note("types are bool, int, string, duration, ring, version, and texts such as `\"staging\" | \"production\"`")
}

pub(crate) fn not_convertible(what: &str, notation: &str, help: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::NOT_CONVERTIBLE,
        format!("{what} would be lost: {notation} has no room for it"),
        place,
        "has no counterpart",
    )
    .with_help(help)
}
