//! One line for a finding: for scripts and editors that read lines, and for GitHub's log.

use masque_diagnostics::{Diagnostic, Sources};

use crate::facts::{Place, advice, severity};
use crate::view::printable;

/// `file:line:column: error[M0101]: message`, a line each.
pub fn short(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let line = |found: &Diagnostic| {
        let place = Place::of(sources, found.primary.span);
        let (file, message) = (printable(place.file), printable(&found.message));
        let (line, column) = (place.start.line, place.start.column);
        format!("{file}:{line}:{column}: {}[{}]: {message}\n", severity(found.severity), found.code)
    };
    diagnostics.iter().map(line).collect()
}

/// Workflow commands by which GitHub Actions marks the lines of a pull request:
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.
pub fn github(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let command = |found: &Diagnostic| {
        let place = Place::of(sources, found.primary.span);
        let title = format!("{} {}", found.code, found.code.name());
        let mut message = found.message.clone();
        if !found.primary.message.is_empty() {
            message.push_str(&format!("\n{}", found.primary.message));
        }
        for label in &found.secondary {
            let other = Place::of(sources, label.span);
            message.push_str(&format!("\n{}:{}: {}", other.file, other.start.line, label.message));
        }
        for (kind, text) in advice(found) {
            message.push_str(&format!("\n{kind}: {text}"));
        }
        format!(
            "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}\n",
            severity(found.severity),
            property(place.file),
            place.start.line,
            place.end.line,
            place.start.column,
            place.end.column,
            property(&title),
            data(&message),
        )
    };
    diagnostics.iter().map(command).collect()
}

/// As GitHub escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As GitHub escapes a value of a command, where a comma and a colon mean something.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
