//! What there is to say of voices that do not go together.

use masque_diagnostics::codes::composition as codes;
use masque_diagnostics::{Diagnostic, Severity, Span};

/// Words of one part, for a message.
pub(super) struct Voice<'a> {
    /// The part's name.
    pub(super) part: &'a str,
    /// Each word with its place; at least one.
    pub(super) words: Vec<(String, Span)>,
}

impl Voice<'_> {
    fn listed(&self) -> String {
        let words: Vec<String> = self.words.iter().map(|(word, _)| format!("`{word}`")).collect();
        match words.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            words => words.concat(),
        }
    }
}

/// Tones of two parts conflict. `severity` is that of a warning where the author wants them together all the same.
pub(super) fn tone_conflict(voices: &[Voice<'_>; 2], reason: &str, severity: Severity) -> Diagnostic {
    let [one, other] = voices;
    let message = format!(
        "tones clash: {} of {}, {} of {}: {reason}",
        one.listed(),
        one.part,
        other.listed(),
        other.part
    );
    let (_, place) = &one.words[0];
    let mut found = Diagnostic::new(codes::TONE_CONFLICT, message, *place, format!("a tone of {}", one.part));
    for (_, place) in &one.words[1..] {
        found = found.with_label(*place, format!("another of {}", one.part));
    }
    for (_, place) in &other.words {
        found = found.with_label(*place, format!("a tone of {}", other.part));
    }
    found.severity = severity;
    match severity {
        Severity::Error => found.with_help(
            "blend other parts, change a tone, or say `--allow-tone-conflict` if somebody has looked at both and wants them together",
        ),
        Severity::Warning => found,
    }
}
