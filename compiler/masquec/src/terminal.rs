//! Where messages go and how they look: colour, width, progress.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use masque_diagnostics::{Diagnostic, Sources};
use masque_report::TerminalOptions;

/// When to colour messages.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless `NO_COLOR` or `CLICOLOR=0` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The standard error stream, as people see it.
pub struct Terminal {
    options: TerminalOptions,
}

impl ColourChoice {
    /// Whether a stream is written to in colour.
    pub fn is_colour_for(self, stream: &impl std::io::IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => colour_is_wanted(stream),
        }
    }
}

impl Terminal {
    /// As the user wants it.
    pub fn new(choice: ColourChoice) -> Self {
        let colour = choice.is_colour_for(&std::io::stderr());
        let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100);
        Self { options: TerminalOptions { colour, width } }
    }

    /// The text of some findings.
    pub fn render(&self, sources: &Sources, found: &[Diagnostic]) -> String {
        masque_report::terminal(sources, found, &self.options)
    }
}

/// The conventions of <https://no-color.org> and <https://bixense.com/clicolors>.
fn colour_is_wanted(stream: &impl std::io::IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is = |name, wanted: &str| std::env::var_os(name).is_some_and(|value| value == wanted);
    if set("NO_COLOR") {
        return false;
    }
    if set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") {
        return true;
    }
    stream.is_terminal() && !is("CLICOLOR", "0") && !is("TERM", "dumb")
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A bar that shows itself only when the work takes long, and only on a terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    since: Instant,
}

impl Progress {
    const PATIENCE: Duration = Duration::from_millis(500);

    pub(crate) fn new(steps: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} masques, {eta} left");
        bar.set_style(style.expect("the template is well-formed"));
        Self { bar, since: Instant::now() }
    }

    pub(crate) fn step(&self) {
        if self.bar.is_hidden() && self.since.elapsed() > Self::PATIENCE && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}
