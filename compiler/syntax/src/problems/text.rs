//! Diagnostics about text and syntax, before any field has a meaning: `M00xx`.

use masque_diagnostics::codes::syntax as codes;
use masque_diagnostics::{Diagnostic, Fix, Span, nearest};

use super::shown;
use crate::quote::quoted;

/// A syntax error with a usual cause.
pub(crate) enum Slip {
    Tab,
    /// In YAML, where a quoted text may go over several lines.
    UnclosedQuote,
    /// In JSON, where it may not.
    UnclosedString,
    UnclosedBracket(char),
    /// A closing bracket with no opening one.
    StrayBracket,
    MismatchedBracket(char, char),
    Indentation,
    NoColon,
    Colon,
    Escape,
    ControlCharacter(char),
    /// In the parser's words.
    Other(String),
}

pub(crate) fn syntax_slip(at: Span, slip: &Slip) -> Diagnostic {
    let (message, label, help) = match slip {
        Slip::Tab => (
            "a tab is used for indentation".to_owned(),
            "YAML indents with spaces only",
            "replace the tab with spaces",
        ),
        Slip::UnclosedQuote => (
            "a quoted text is not closed".to_owned(),
            "this quote is never closed",
            "close the quote before the end of the line; long text goes into a block after `|`",
        ),
        Slip::UnclosedString => (
            "a quoted text is not closed".to_owned(),
            "this quote is never closed",
            "close the quote before the end of the line, and write `\\n` for a line break",
        ),
        Slip::StrayBracket => {
            ("a closing bracket has no opening one".to_owned(), "nothing is open here", "remove the bracket")
        }
        Slip::UnclosedBracket(open) => {
            (format!("`{open}` is not closed"), "this bracket is never closed", "add the closing bracket")
        }
        Slip::MismatchedBracket(open, close) => (
            format!("`{open}` is closed by `{close}`"),
            "this bracket is closed by another kind",
            "close each bracket with its own kind",
        ),
        Slip::Indentation => (
            "this line does not fit the lines before it".to_owned(),
            "no field or list item can begin here",
            "indent it like the lines that it belongs with, and quote texts that hold `:`, `#` or begin with a special character",
        ),
        Slip::NoColon => (
            "a key has no colon".to_owned(),
            "expected `key: value`",
            "add a colon and a space after the key, or indent the line so that it goes on with the value before it",
        ),
        Slip::Colon => (
            "a colon stands where no key can be".to_owned(),
            "this colon would begin a map",
            "quote the text that holds the colon",
        ),
        Slip::Escape => (
            "an unknown escape stands in a quoted text".to_owned(),
            "this escape means nothing",
            "write `\\\\` for a backslash",
        ),
        Slip::ControlCharacter(c) => (
            format!("the text holds the control character U+{:04X}", u32::from(*c)),
            "control characters can't stand in a source",
            "remove it, or write it as an escape in a double-quoted text",
        ),
        Slip::Other(text) => (
            text.to_lowercase(),
            "the text stops making sense here",
            "correct the syntax here or just before",
        ),
    };
    Diagnostic::new(codes::SYNTAX, message, at, label).with_help(help)
}

/// `lens: You are: careful`.
pub(crate) fn colon_in_value(colon: Span, value: Span, text: &str) -> Diagnostic {
    Diagnostic::new(
        codes::SYNTAX,
        "an unquoted text holds a colon and a space",
        colon,
        "this colon would begin a map",
    )
    .with_label(value, "this text")
    .with_fix(quote_it(value, text))
}

pub(crate) fn in_open_bracket(at: Span, open: Span, bracket: char) -> Diagnostic {
    let closing = if bracket == '{' { '}' } else { ']' };
    Diagnostic::new(
        codes::SYNTAX,
        format!("`{bracket}` is still open where a comma or `{closing}` is expected"),
        at,
        format!("expected `,` or `{closing}` before this"),
    )
    .with_label(open, "opened here")
    .with_help(format!("add `{closing}` where the items end, or a comma between two items"))
}

pub(crate) fn too_large(at: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::TOO_LARGE,
        format!("the source has more than {} MiB", most >> 20),
        at,
        "this source is too large",
    )
    .with_help("point to knowledge with MCP URIs instead of holding it in the masque")
}

pub(crate) fn not_utf8(at: Span) -> Diagnostic {
    Diagnostic::new(codes::NOT_UTF8, "the source is not UTF-8 text", at, "no character begins with this byte")
        .with_help("save the file as UTF-8")
}

pub(crate) fn no_layout(what: &str, at: Span) -> Diagnostic {
    Diagnostic::new(codes::NO_LAYOUT, format!("the source has no known layout: it holds {what}"), at, "here")
        .with_note("it is left as it is")
        .with_help("write this part in a simpler way")
}

pub(crate) fn too_deep(at: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::TOO_DEEP,
        format!("lists and maps are nested more than {most} deep"),
        at,
        "one level too many begins here",
    )
    .with_help("flatten the data")
}

pub(crate) fn too_many_findings(at: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::TOO_MANY_FINDINGS,
        format!("only the first {most} problems of this source are listed"),
        at,
        "the list stops here",
    )
    .with_help("correct some of them and check again")
}

pub(crate) fn empty_document(at: Span, comments: bool) -> Diagnostic {
    let message = if comments { "the source holds comments only" } else { "the source is empty" };
    Diagnostic::new(codes::EMPTY_DOCUMENT, message, at, "no masque here")
        .with_help("write a masque: at least a `version` and a `lens`")
}

pub(crate) fn several_documents(at: Span) -> Diagnostic {
    Diagnostic::new(
        codes::SEVERAL_DOCUMENTS,
        "the source holds more than one document",
        at,
        "a second document begins here",
    )
    .with_help("put each masque into a file of its own")
}

pub(crate) fn unquoted_indicator(value: Span, text: &str) -> Diagnostic {
    let first = text.chars().next().unwrap_or('*');
    let meaning = match first {
        '*' => "begins an alias",
        '&' => "begins an anchor",
        '-' => "begins a list item",
        '%' => "begins a directive",
        _ => "is reserved",
    };
    Diagnostic::new(
        codes::UNQUOTED_INDICATOR,
        format!("an unquoted `{first}` {meaning} in YAML"),
        value,
        format!("YAML does not read this as the text `{}`", shown(text)),
    )
    .with_fix(quote_it(value, text))
}

/// Puts quotes around what is meant as text.
fn quote_it(at: Span, text: &str) -> Fix {
    Fix::safe(format!("quote the text: `{}`", shown(&quoted(text))), at, quoted(text))
}

pub(crate) fn unknown_alias(name: &str, alias: Span, anchors: &[(String, Span)]) -> Diagnostic {
    let text = format!("*{name}");
    let mut problem = Diagnostic::new(
        codes::UNKNOWN_ALIAS,
        format!(
            "YAML reads `{}` as an alias, and no anchor `{}` is defined before it",
            shown(&text),
            shown(name)
        ),
        alias,
        "an alias to nothing",
    );
    // Only the last few anchors are looked through, so that the work per alias is bounded.
    let known = anchors.iter().rev().take(100);
    if let Some(near) = nearest(name, known.map(|(name, _)| name.as_str())) {
        let fix = Fix::safe(format!("replace `{}` with `*{near}`", shown(&text)), alias, format!("*{near}"));
        problem = problem.with_fix(fix.for_review());
        if let Some((_, place)) = anchors.iter().rev().find(|(name, _)| name == near) {
            problem = problem.with_label(*place, "an anchor with a similar name");
        }
    }
    problem.with_fix(quote_it(alias, &text))
}

pub(crate) fn alias_to_itself(alias: Span) -> Diagnostic {
    Diagnostic::new(
        codes::ALIAS_EXPANSION,
        "an alias stands inside of the value that it names",
        alias,
        "this would go on without end",
    )
    .with_help("write out the value")
}

pub(crate) fn alias_expansion(alias: Span, most: usize) -> Diagnostic {
    Diagnostic::new(
        codes::ALIAS_EXPANSION,
        format!("the aliases of this source expand to more than {} MiB", most >> 20),
        alias,
        "this alias goes past the limit",
    )
    .with_help("write out what is used once, and leave out what is not needed")
}

pub(crate) fn merge_key(key: Span) -> Diagnostic {
    Diagnostic::new(
        codes::MERGE_KEY,
        "`<<` does not merge maps in a masque",
        key,
        "YAML 1.2 has no merge key",
    )
    .with_help("write out the entries, or alias one whole value: `key: *name`")
}

pub(crate) fn key_not_text(key: Span, noun: &str) -> Diagnostic {
    Diagnostic::new(
        codes::KEY_NOT_TEXT,
        format!("a key must be text, not {noun}"),
        key,
        format!("this key is {noun}"),
    )
    .with_help("name the field with a word")
}

pub(crate) fn unknown_tag(tag: &str, at: Span) -> Diagnostic {
    Diagnostic::new(
        codes::UNKNOWN_TAG,
        format!("the tag `{}` has no meaning in a masque", shown(tag)),
        at,
        "unknown tag",
    )
    .with_note("`!!str` makes text of a number")
    .with_fix(Fix::safe("remove the tag", at, "").for_review())
}

pub(crate) fn trailing_comma(comma: Span) -> Diagnostic {
    Diagnostic::new(
        codes::TRAILING_COMMA,
        "JSON allows no comma after the last item",
        comma,
        "one comma too many",
    )
    .with_fix(Fix::safe("remove the comma", comma, ""))
}

pub(crate) fn json_comment(comment: Span) -> Diagnostic {
    Diagnostic::new(codes::JSON_COMMENT, "JSON has no comments", comment, "this is not JSON")
        .with_help("keep comments by writing the masque in YAML: `masquec convert --to yaml`")
        // A comment says something, and would be lost.
        .with_fix(Fix::safe("remove the comment", comment, "").for_review())
}

pub(crate) fn json_unexpected(at: Span, wanted: &str, found: Option<char>) -> Diagnostic {
    let found = match found {
        None => "the text ends".to_owned(),
        Some(c) if c.is_control() => format!("there is U+{:04X}", u32::from(c)),
        Some(c) => format!("there is `{c}`"),
    };
    Diagnostic::new(
        codes::SYNTAX,
        format!("expected {wanted}, but {found}"),
        at,
        format!("expected {wanted}"),
    )
    .with_help("correct the JSON here or just before")
}

/// A key or a value without double quotes: `name:`, `'name'`.
pub(crate) fn json_unquoted(wanted: &str, at: Span, text: &str) -> Diagnostic {
    Diagnostic::new(
        codes::SYNTAX,
        format!("expected {wanted}, but there is `{}`", shown(text)),
        at,
        "not in double quotes",
    )
    .with_fix(quote_it(at, text.trim_matches('\'')))
}

/// Two items without a comma, the first of which ends at `gap`.
pub(crate) fn json_missing_comma(closing: char, at: Span, gap: Span) -> Diagnostic {
    Diagnostic::new(
        codes::SYNTAX,
        format!("a comma or `{closing}` is missing between two items"),
        at,
        "a second item begins here",
    )
    .with_fix(Fix::safe("add a comma", gap, ","))
}

pub(crate) fn json_number(at: Span, word: &str) -> Diagnostic {
    let fix = quote_it(at, word);
    // `01` is a number to whoever wrote it; `1.2.3` can only be text.
    let digits_only = word.bytes().all(|byte| byte.is_ascii_digit());
    Diagnostic::new(codes::SYNTAX, format!("`{}` is no JSON number", shown(word)), at, "not a number")
        .with_fix(if digits_only { fix.for_review() } else { fix })
}

pub(crate) fn json_word(at: Span, word: &str) -> Diagnostic {
    Diagnostic::new(codes::SYNTAX, format!("`{}` is no JSON value", shown(word)), at, "text has to be quoted")
        .with_fix(quote_it(at, word))
}
