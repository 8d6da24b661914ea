//! Every diagnostic of the front ends. One function each, from raw facts; the wording lives nowhere else.

mod language;
mod shapes;
mod text;

pub(crate) use language::*;
pub(crate) use shapes::*;
pub(crate) use text::*;

/// The words as a reader lists them: "`a`, `b` or `c`".
fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// User input for a message: one line, and not too much of it.
fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST + 1).collect();
    if line.chars().count() > LONGEST {
        format!("{}…", line.chars().take(LONGEST).collect::<String>().trim_end())
    } else {
        line
    }
}
