//! Where messages go and how they look: colour, width, progress.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use masque_diagnostics::{Diagnostic, Sources};
use masque_report::TerminalOptions;
use serde_json::Value;

use crate::output::{self, Format, Paint, WriteError};

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

/// The environment variable with the address that the pages of codes stand below, such as `https://example.org/docs/diagnostics`.
pub(crate) const DOCS_VARIABLE: &str = "MASQUE_DOCS_URL";

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FindingsFormat {
    /// With the lines that they point at, on standard error.
    #[default]
    Human,
    /// `file:line:column: error[M0101]: message`, a line each.
    Short,
    /// One JSON document, described by `grammar/findings.schema.json`.
    Json,
    /// SARIF 2.1.0, for code hosts and scanners' dashboards.
    Sarif,
    /// Annotations for GitHub Actions.
    Github,
}

/// Rendered findings.
#[derive(Default)]
pub struct Report {
    /// For standard error.
    told: String,
    /// For standard output.
    printed: String,
    /// Parts of the document that holds all findings.
    parts: Vec<Value>,
}

impl Report {
    /// Shows what needs no document around it, and leaves the rest to `total`.
    pub(crate) fn show(mut self, total: &mut Self) {
        output::tell(&self.told);
        total.printed.push_str(&self.printed);
        total.parts.append(&mut self.parts);
    }
}

/// What people see: messages on standard error, answers on standard output.
pub struct Terminal {
    messages: TerminalOptions,
    findings: FindingsFormat,
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
        let links = std::env::var(DOCS_VARIABLE).ok().filter(|url| !url.is_empty() && links_are_wanted());
        let messages = TerminalOptions { colour, width, links };
        Self { messages, findings: FindingsFormat::default(), answers }
    }

    /// The same, with findings in another form.
    pub(crate) fn with_findings(self, findings: FindingsFormat) -> Self {
        Self { findings, ..self }
    }

    /// Some findings as they are to be shown.
    pub(crate) fn render(&self, sources: &Sources, found: &[Diagnostic]) -> Report {
        let mut report = Report::default();
        match self.findings {
            FindingsFormat::Human => report.told = self.text(sources, found),
            FindingsFormat::Short => report.printed = masque_report::short(sources, found),
            FindingsFormat::Github => report.printed = masque_report::github(sources, found),
            FindingsFormat::Json => {
                report.parts = found.iter().map(|found| masque_report::json(sources, found)).collect();
            }
            FindingsFormat::Sarif => {
                report.parts = found.iter().map(|found| masque_report::sarif(sources, found)).collect();
            }
        }
        report
    }

    /// Some findings as people read them.
    pub fn text(&self, sources: &Sources, found: &[Diagnostic]) -> String {
        masque_report::terminal(sources, found, &self.messages)
    }

    /// Writes the document that holds everything found.
    pub(crate) fn conclude(&self, report: Report) -> Result<(), WriteError> {
        match self.findings {
            FindingsFormat::Json => output::print(&masque_report::json_document(report.parts)),
            FindingsFormat::Sarif => {
                output::print(&masque_report::sarif_document(&report.parts, env!("CARGO_PKG_VERSION")))
            }
            FindingsFormat::Human | FindingsFormat::Short | FindingsFormat::Github => {
                output::print(&report.printed)
            }
        }
    }

    /// How answers are coloured.
    pub(crate) fn paint(&self) -> Paint {
        self.answers
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

/// Whether a terminal may be given links: those that are known to pass over what they do not know, and `FORCE_HYPERLINK` anywhere.
fn links_are_wanted() -> bool {
    let variable = |name| std::env::var(name).unwrap_or_default();
    match variable("FORCE_HYPERLINK").as_str() {
        "" => {}
        "0" => return false,
        _ => return true,
    }
    let known = ["iTerm.app", "WezTerm", "vscode", "ghostty"].contains(&variable("TERM_PROGRAM").as_str());
    let vte = variable("VTE_VERSION").parse().is_ok_and(|version: u32| version >= 5000);
    let named = ["xterm-kitty", "alacritty", "foot", "wezterm"].contains(&variable("TERM").as_str());
    known || vte || named || !variable("WT_SESSION").is_empty()
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
