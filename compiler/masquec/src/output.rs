//! Text on its way to people: colour, columns, and nothing that a terminal would act on.

use std::io::Write as _;
use std::path::Path;

/// What a piece of text is to the reader.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Leads the eye.
    Heading,
    /// Let through.
    Good,
    /// Refused.
    Bad,
    /// Neither.
    Neutral,
    /// Worth knowing.
    Note,
    /// Only for who looks for it.
    Faint,
}

/// Whether text is coloured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Not at all.
    Plain,
    /// By escape sequences.
    Colour,
}

/// Who reads the answer of a command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// People.
    Human(Paint),
    /// Scripts.
    Json,
}

impl Paint {
    /// Made safe for a terminal, and coloured where that is wanted.
    pub fn with(self, ink: Ink, text: &str) -> String {
        let text = printable(text);
        let code = match ink {
            Ink::Heading => "1",
            Ink::Good => "1;32",
            Ink::Bad => "1;31",
            Ink::Neutral => "1;33",
            Ink::Note => "36",
            Ink::Faint => "2",
        };
        match self {
            Self::Plain => text,
            Self::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// The text without anything that drives a terminal or turns the direction of writing: a masque may come from anywhere, and so may its
/// texts. Line ends and tabs stay.
pub fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        '\u{0}'..'\u{20}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..'\u{a0}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// A heading and what belongs to it, line by line in a column of its own.
pub fn section(
    out: &mut String,
    paint: Paint,
    heading: &str,
    lines: impl IntoIterator<Item = impl AsRef<str>>,
) {
    const COLUMN: usize = 11;
    let mut heading = Some(heading);
    for line in lines {
        let label = heading.take().unwrap_or_default();
        // Colour has no width, so that the room is filled up outside of it.
        let room = COLUMN.saturating_sub(label.chars().count()).max(1);
        let line = format!(
            "{}{:room$}{}",
            if label.is_empty() { String::new() } else { paint.with(Ink::Heading, label) },
            "",
            line.as_ref()
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// `1 state`, `2 states`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Output that can't be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("`{target}` can't be written")]
pub struct WriteError {
    target: String,
    source: std::io::Error,
}

/// Writes to standard output. A reader that has gone (`masque … | head`) has read enough.
///
/// # Errors
/// When it can't be written for any other reason.
pub fn print(text: &str) -> Result<(), WriteError> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(source) => Err(WriteError { target: "standard output".to_owned(), source }),
        Ok(()) => Ok(()),
    }
}

/// Writes to standard error, as far as anybody listens.
pub fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Writes a file.
///
/// # Errors
/// When it can't be written.
pub fn write(path: &Path, text: &str) -> Result<(), WriteError> {
    std::fs::write(path, text).map_err(|source| WriteError { target: path.display().to_string(), source })
}

/// What would change in a text, as a unified diff.
pub(crate) fn difference(name: &str, before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    printable(&diff.unified_diff().context_radius(2).header(name, name).to_string())
}

/// A value as indented JSON with a line end.
pub fn json(value: &impl serde::Serialize) -> String {
    let mut json =
        serde_json::to_string_pretty(value).expect("wire structs have string keys and finite numbers");
    json.push('\n');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_drives_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\u{7f}\r\n\td"), "a␛[31mb\u{fffd}c␡␍\n\td");
        assert_eq!(Paint::Colour.with(Ink::Good, "\u{1b}c"), "\x1b[1;32m␛c\x1b[0m");
    }

    #[test]
    fn sections_are_aligned() {
        let mut out = String::new();
        section(&mut out, Paint::Plain, "access", ["one", "two", ""]);
        assert_eq!(out, "access     one\n           two\n\n");
    }
}
