//! Diagnostics as text for a terminal.

use codespan_reporting::diagnostic::{Diagnostic as Rendered, Label, LabelStyle, Severity as Level};
use codespan_reporting::term::termcolor::{Buffer, NoColor, WriteColor};
use codespan_reporting::term::{Config, emit_to_write_style};
use masque_diagnostics::{Diagnostic, Severity, SourceId, Sources};

use crate::view::{Views, printable};

/// How a terminal shows diagnostics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalOptions {
    /// Whether the output holds ANSI colours.
    pub colour: bool,
    /// Columns of the terminal. Source lines are cropped and notes wrapped to it; nothing is narrower than 40.
    pub width: usize,
    /// The address that the pages of codes stand below, each named by its code: with it, codes are links (OSC 8).
    pub links: Option<String>,
}

impl Default for TerminalOptions {
    fn default() -> Self {
        Self { colour: false, width: 100, links: None }
    }
}

/// Renders diagnostics in the given order, each with the source lines that its labels point at.
///
/// # Panics
/// When a label points outside of `sources`.
pub fn terminal(sources: &Sources, diagnostics: &[Diagnostic], options: &TerminalOptions) -> String {
    let width = options.width.max(40);
    let one = |diagnostic: &Diagnostic| {
        let bytes = if options.colour {
            let mut out = Buffer::ansi();
            render(&mut out, sources, diagnostic, width);
            out.into_inner()
        } else {
            let mut out = NoColor::new(Vec::new());
            render(&mut out, sources, diagnostic, width);
            out.into_inner()
        };
        let text = String::from_utf8(bytes).expect("only text is written");
        match &options.links {
            Some(address) => linked(&text, &diagnostic.code.to_string(), address.trim_end_matches('/')),
            None => text,
        }
    };
    diagnostics.iter().map(one).collect()
}

/// The text with a link to the page of its code, which stands in brackets before anything else that could.
fn linked(text: &str, code: &str, address: &str) -> String {
    let link = format!("[\u{1b}]8;;{address}/{code}\u{1b}\\{code}\u{1b}]8;;\u{1b}\\]");
    text.replacen(&format!("[{code}]"), &link, 1)
}

fn render(out: &mut dyn WriteColor, sources: &Sources, diagnostic: &Diagnostic, width: usize) {
    let spans: Vec<_> = labels(diagnostic).map(|(_, label)| label.span).collect();
    let views = Views::new(sources, &spans, width);
    let labels = labels(diagnostic).map(|(style, label)| {
        Label::new(style, label.span.source, views.place(label.span)).with_message(printable(&label.message))
    });
    let level = match diagnostic.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
    };
    let rendered: Rendered<SourceId> = Rendered::new(level)
        .with_code(diagnostic.code.to_string())
        .with_message(printable(&diagnostic.message))
        .with_labels(labels.collect())
        .with_notes(notes(diagnostic, width));
    emit_to_write_style(out, &Config::default(), &views, &rendered)
        .expect("every label was placed in the view, and memory takes all writes");
}

fn labels(diagnostic: &Diagnostic) -> impl Iterator<Item = (LabelStyle, &masque_diagnostics::Label)> {
    let secondary = diagnostic.secondary.iter().map(|label| (LabelStyle::Secondary, label));
    std::iter::once((LabelStyle::Primary, &diagnostic.primary)).chain(secondary)
}

/// Notes, help and the titles of fixes, wrapped.
fn notes(diagnostic: &Diagnostic, width: usize) -> Vec<String> {
    let notes = diagnostic.notes.iter().map(|note| ("note", note));
    let help = diagnostic.help.iter().map(|help| ("help", help));
    let fixes = diagnostic.fixes.iter().map(|fix| ("help", &fix.title));
    notes
        .chain(help)
        .chain(fixes)
        .map(|(kind, text)| wrapped(&format!("{kind}: {}", printable(text)), width))
        .collect()
}

/// The text with line breaks between words, so that it fits behind the gutter and the bullet.
fn wrapped(text: &str, width: usize) -> String {
    const GUTTER: usize = 10;
    let room = width.saturating_sub(GUTTER);
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > room {
            out.push_str("\n      ");
            column = 6;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}
