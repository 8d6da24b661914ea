//! Findings about names, types and values in expressions.

use super::{counted, or_by_hand, shown, with_removal};
use masque_diagnostics::codes::expression as codes;
use masque_diagnostics::{Applicability, Diagnostic, Fix, Span};

pub(crate) fn unknown_name(name: &str, near: Option<&str>, place: Span) -> Diagnostic {
    let found = Diagnostic::new(codes::UNKNOWN_NAME, format!("nothing is called {}", shown(name)), place, "");
    match near {
        Some(near) => found
            .with_fix(Fix::safe(format!("replace it with `{near}`"), place, near).for_review()),
        None => found
            .with_note("known are parameters, each `let` above, `session.…`, `masque.…`, `attributes.…` and the rings")
            .with_help("declare it with `param` or `let`; text stands in quotes"),
    }
}

pub(crate) fn function_without_call(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_NAME, format!("{} is a function, not a value", shown(name)), place, "")
        .with_help(format!("call it: `{name}(…)`"))
}

pub(crate) fn attribute_without_value(path: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_NAME, format!("{} has no value of its own", shown(path)), place, "")
        .with_help("name a text, a number, a truth value or a list of the attributes")
}

/// Both sides come with what they are: "`limit` is Int".
pub(crate) fn type_mismatch(
    operator: &str,
    place: Span,
    left: (Span, String),
    right: (Span, String),
    help: Option<String>,
) -> Diagnostic {
    let message = format!("`{operator}` can't compare these values");
    let found = Diagnostic::new(codes::TYPE_MISMATCH, message, place, "")
        .with_label(left.0, left.1)
        .with_label(right.0, right.1);
    found.with_help(help.unwrap_or_else(|| "compare values of one type".to_owned()))
}

pub(crate) fn not_ordered(operator: &str, kind: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::TYPE_MISMATCH, format!("`{operator}` has no meaning for {kind}"), place, "")
        .with_note("integers, durations, rings and versions are in order; texts are not")
        .with_help("use `==`, `!=` or `in`")
}

pub(crate) fn no_list(kind: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::TYPE_MISMATCH, "`in` wants a list on its right", place, format!("is {kind}"))
        .with_help("write the values in brackets, as in `[\"a\", \"b\"]`")
}

pub(crate) fn no_pattern(kind: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::TYPE_MISMATCH,
        "`matches` wants a pattern or an intent set on its right",
        place,
        format!("is {kind}, not known to the compiler as a text"),
    )
    .with_help("write a pattern such as `\"debug *\"`, or the path of a set such as `std/destructive`")
}

pub(crate) fn matches_no_text(kind: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::TYPE_MISMATCH, "`matches` looks at texts only", place, format!("is {kind}"))
        .with_help("put a String on its left, such as `session.intent`")
}

pub(crate) fn not_a_condition(written: &str, kind: &str, place: Span) -> Diagnostic {
    let message = format!("{} is neither true nor false", shown(written));
    Diagnostic::new(codes::NOT_A_CONDITION, message, place, format!("is {kind}"))
        .with_help("compare it with something, as in `… == …`")
}

pub(crate) fn unknown_value(text: &str, values: &[String], place: Span) -> Diagnostic {
    let known: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    let found = Diagnostic::new(
        codes::UNKNOWN_VALUE,
        format!("{} is none of the values that it can be compared with", shown(text)),
        place,
        format!("wanted is one of {}", known.join(", ")),
    );
    match masque_diagnostics::nearest(text, values.iter().map(String::as_str)) {
        Some(near) => found.with_fix(
            Fix::safe(format!("replace it with {near:?}"), place, format!("{near:?}")).for_review(),
        ),
        None => found.with_help("write one of the values that are listed"),
    }
}

pub(crate) fn not_shown(written: &str, kind: &str, place: Span) -> Diagnostic {
    let message = format!("{} has no text to show", shown(written));
    let found = Diagnostic::new(codes::NOT_SHOWN, message, place, format!("is {kind}"));
    if kind == "Bool" {
        found.with_help("choose a text with `{if …} … {else} … {end}`, or write `text(…)`")
    } else {
        found.with_help("put its items together with `join(…, \", \")`")
    }
}

pub(crate) fn unknown_function(name: &str, near: Option<&str>, known: &[&str], place: Span) -> Diagnostic {
    let found =
        Diagnostic::new(codes::UNKNOWN_FUNCTION, format!("there is no function {}", shown(name)), place, "");
    match near {
        Some(near) => {
            found.with_fix(Fix::safe(format!("replace it with `{near}`"), place, near).for_review())
        }
        None => found.with_help(format!("call one of {}", known.join(", "))),
    }
}

pub(crate) fn wrong_arguments(signature: &str, given: &[String], place: Span) -> Diagnostic {
    let given = if given.is_empty() { "nothing".to_owned() } else { given.join(" and ") };
    let name = signature.split('(').next().unwrap_or(signature);
    Diagnostic::new(codes::WRONG_ARGUMENTS, format!("`{name}` does not take {given}"), place, "")
        .with_help(format!("call it as `{signature}`"))
}

pub(crate) fn two_forms(name: &str, place: Span) -> Diagnostic {
    let message = format!("`{name}` is applied to a text of the session that was changed before");
    Diagnostic::new(codes::COMPOSED_TEXT, message, place, "")
        .with_note("a masque changes a text of the session once: its letters, or the white space around it")
        .with_help("use one of `lower`, `upper` and `trim`")
}

pub(crate) fn composed_text(written: &str, operator: &str, place: Span) -> Diagnostic {
    let message =
        format!("`{operator}` looks into {}, which is put together from the session", shown(written));
    Diagnostic::new(codes::COMPOSED_TEXT, message, place, "known only in the session")
        .with_note("a masque shows such a text, but does not keep it")
        .with_help("compare the parts: `session.agent == \"…\" and environment == \"…\"`")
}

pub(crate) fn misplaced_set(path: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::MISPLACED_SET, format!("the set {} is no value", shown(path)), place, "")
        .with_help(format!("ask whether a text is in it: `session.intent matches {path}`"))
}

pub(crate) fn no_such_set(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNKNOWN_NAME,
        format!("no text and no intent set is called {}", shown(name)),
        place,
        "",
    )
    .with_help("write a pattern in quotes, or the path of a set such as `std/destructive`")
}

pub(crate) fn name_reserved(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::NAME_TAKEN, format!("{} is a word of the language", shown(name)), place, "")
        .with_help("choose another name")
}

pub(crate) fn name_of_session(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::NAME_TAKEN, format!("{} is a part of every session", shown(name)), place, "")
        .with_note(format!("tests set `session.{name}` by this name"))
        .with_help("choose another name")
}

pub(crate) fn name_taken(name: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(codes::NAME_TAKEN, format!("{} is declared twice", shown(name)), place, "declared again")
        .with_label(first, "first declared here")
        .with_help("choose another name for one of the two")
}

pub(crate) fn not_a_name(name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::NAME_TAKEN, format!("{} is not a name", shown(name)), place, "")
        .with_help("begin with a letter or `_`, and go on with letters, digits, `_` and `-`")
}

pub(crate) fn same_value_twice(value: &str, place: Span, first: Span) -> Diagnostic {
    let message = format!("the value {} is listed twice", shown(value));
    Diagnostic::new(codes::INVALID_PARAM, message, place, "listed again")
        .with_label(first, "first listed")
        .with_help("remove one of the two")
}

pub(crate) fn too_few_values(place: Span) -> Diagnostic {
    Diagnostic::new(codes::INVALID_PARAM, "a parameter has fewer than two values to choose from", place, "")
        .with_help("list at least two values; for any text use `string`")
}

pub(crate) fn default_not_constant(written: &str, place: Span) -> Diagnostic {
    let message = format!("the default {} is not known before there is a session", shown(written));
    Diagnostic::new(codes::INVALID_DEFAULT, message, place, "").with_help("write a constant")
}

pub(crate) fn invalid_default(written: &str, given: &str, wanted: &str, place: Span) -> Diagnostic {
    let message = format!("the default {} is no value of its parameter", shown(written));
    Diagnostic::new(codes::INVALID_DEFAULT, message, place, format!("is {given}; wanted is {wanted}"))
        .with_help("write a value of that type, or leave the default out")
}

/// `guards` are the conditions with a rule that each of them guards.
pub(crate) fn too_many_guards(guards: &[(String, Span)], most: usize) -> Diagnostic {
    let message = format!("the rules have {}, at most {most}", counted(guards.len(), "distinct condition"));
    let (_, place) = guards[most];
    let mut found = Diagnostic::new(codes::TOO_MANY_GUARDS, message, place, "");
    for (at, (text, place)) in guards.iter().enumerate() {
        if at == most {
            found.primary.message = format!("when {}", shown(text));
        } else {
            found = found.with_label(*place, format!("when {}", shown(text)));
        }
    }
    found
        .with_note("which rules are there is kept in eight bits, one for each condition")
        .with_help("give rules that belong together one condition, or make two masques of it")
}

pub(crate) fn condition_too_deep(place: Span, most: usize) -> Diagnostic {
    let message = format!("a condition is nested too deeply: at most {most} levels");
    Diagnostic::new(codes::CONDITION_TOO_LARGE, message, place, "").with_help("say it with fewer brackets")
}

pub(crate) fn expression_too_deep(place: Span, most: usize) -> Diagnostic {
    let message = format!("this is nested too deeply: at most {most} levels");
    Diagnostic::new(codes::CONDITION_TOO_LARGE, message, place, "").with_help("name a part of it with `let`")
}

pub(crate) fn value_too_large(place: Span, most: usize) -> Diagnostic {
    let message = format!("this comes to more than can be worked out: about {most} bytes at most");
    Diagnostic::new(codes::CONDITION_TOO_LARGE, message, place, "")
        .with_note("a `let` that names another one twice doubles it")
        .with_help("say it with fewer parts")
}

pub(crate) fn template_too_deep(path: &str, place: Span, most: usize) -> Diagnostic {
    let message = format!("the choices of `{path}` are nested too deeply: at most {most} levels");
    Diagnostic::new(codes::CONDITION_TOO_LARGE, message, place, "")
        .with_note("each `{else if}` is inside of the one before")
        .with_help("write several `{if}` one behind the other")
}

pub(crate) fn always_holds(written: &str, what: &str, place: Span, gone: Option<Span>) -> Diagnostic {
    let message = format!("{} always holds, so {what} is always there", shown(written));
    let found = Diagnostic::new(codes::ALWAYS_HOLDS, message, place, "true in every session");
    // Something else may have been meant to hold.
    or_by_hand(found, "remove the condition", gone, Applicability::Unsafe)
}

pub(crate) fn never_holds(written: &str, what: &str, place: Span, gone: Option<Span>) -> Diagnostic {
    let message = format!("{} never holds, so {what} is never there", shown(written));
    let found = Diagnostic::new(codes::UNREACHABLE, message, place, "false in every session")
        .with_help("correct the condition, or remove what it guards");
    with_removal(found, &format!("remove {what}"), gone, Applicability::Unsafe)
}

pub(crate) fn branch_behind_all(written: &str, place: Span) -> Diagnostic {
    let message = format!("the branch for {} is never reached", shown(written));
    Diagnostic::new(codes::UNREACHABLE, message, place, "a condition before it always holds")
        .with_help("remove the branch")
}

pub(crate) fn branch_asked_before(written: &str, place: Span) -> Diagnostic {
    let message = format!("the branch for {} is never reached", shown(written));
    Diagnostic::new(codes::UNREACHABLE, message, place, "a branch before it has the same condition")
        .with_help("correct the condition, or remove the branch")
}

pub(crate) fn unused_name(what: &str, name: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::UNUSED_NAME, format!("the {what} {} is never used", shown(name)), place, "")
        .with_help("use it in a condition or a template, or remove it")
}

pub(crate) fn invalid_literal(written: &str, reason: &str, help: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::INVALID_LITERAL,
        format!("{} can't stand here: {reason}", shown(written)),
        place,
        "",
    )
    .with_help(help)
}

pub(crate) fn no_version(written: &str, place: Span) -> Diagnostic {
    let found =
        Diagnostic::new(codes::INVALID_LITERAL, format!("{} is not a version", shown(written)), place, "");
    match crate::version::read(written) {
        crate::version::Reading::Short(full) => found.with_help(format!("write three numbers: `{full}`")),
        _ => found.with_help("write three numbers, as in `1.0.0`; for a range use `>=` and `<`"),
    }
}

pub(crate) fn unknown_setting(name: &str, near: Option<&str>, place: Span) -> Diagnostic {
    let message = format!("no session has {}", shown(name));
    let found = Diagnostic::new(codes::INVALID_SETTING, message, place, "");
    match near {
        Some(near) => {
            found.with_fix(Fix::safe(format!("replace it with `{near}`"), place, near).for_review())
        }
        None => found.with_help("set `ring`, `agent`, `intent` or a parameter"),
    }
}

pub(crate) fn setting_twice(name: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(codes::INVALID_SETTING, format!("{} is set twice", shown(name)), place, "set again")
        .with_label(first, "first set here")
        .with_help("remove one of the two")
}

pub(crate) fn invalid_setting(name: &str, value: &str, wanted: &str, place: Span) -> Diagnostic {
    let message = format!("{} is no value of {}", shown(value), shown(name));
    Diagnostic::new(codes::INVALID_SETTING, message, place, format!("wanted is {wanted}"))
        .with_help("write a value that it can have")
}

pub(crate) fn unset_param(name: &str, place: Span, declared: Span) -> Diagnostic {
    let message = format!("the test does not set {}, which has no default", shown(name));
    Diagnostic::new(codes::UNSET_PARAM, message, place, "")
        .with_label(declared, "has to be set")
        .with_help(format!("add it to `given`: `{name} = …`"))
}

pub(crate) fn claim_of_nothing(set: &str, place: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNREACHABLE,
        format!("the set {} has no pattern to claim anything of", shown(set)),
        place,
        "",
    )
    .with_help("add patterns to the set, or remove the claim")
}
