//! Where messages go and how they look: colour, width, progress.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use masque_diagnostics::{Diagnostic, Sources};
use masque_report::TerminalOptions;

use crate::output::{self, Format, Paint};

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

/// What people see: messages on standard error, answers on standard output.
pub struct Terminal {
    messages: TerminalOptions,
    answers: Paint,
}

impl ColourChoice {
    /// Whether a stream is written to in colour.
    fn is_colour_for(self, stream: &impl std::io::IsTerminal) -> bool {
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
        let answers = match choice.is_colour_for(&std::io::stdout()) {
            true => Paint::Colour,
            false => Paint::Plain,
        };
        Self { messages: TerminalOptions { colour, width }, answers }
    }

    /// The text of some findings.
    pub fn render(&self, sources: &Sources, found: &[Diagnostic]) -> String {
        masque_report::terminal(sources, found, &self.messages)
    }

    /// How a command answers that knows `--json`.
    pub fn format(&self, json: bool) -> Format {
        if json { Format::Json } else { Format::Human(self.answers) }
    }

    /// Says why a command could not be carried out.
    pub fn show(&self, error: impl miette::Diagnostic + Send + Sync + 'static) {
        let colour = self.messages.colour;
        let style = move |_: &_| -> Box<dyn miette::ReportHandler> {
            Box::new(miette::MietteHandlerOpts::new().color(colour).build())
        };
        // Refused where a style is there already: then it is this one, since a process has one command line.
        let _ = miette::set_hook(Box::new(style));
        output::tell(&format!("{:?}\n", miette::Report::new(error)));
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
