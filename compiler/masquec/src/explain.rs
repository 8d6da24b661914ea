//! `masquec explain`: what a code means, why it is so, and an example with its repair.

mod pages;

use clap::Args;
use masque_diagnostics::codes::{Code, catalogue};
use masque_diagnostics::{Severity, nearest};
use miette::Diagnostic;

use crate::output::{self, Ink, Paint, WriteError};
use pages::PAGES;

/// Say what a code means, why it is so, and how to repair what it reports.
#[derive(Args)]
pub(crate) struct ExplainArguments {
    /// The code, by its number or its name: `M0101`, `unknown-field`. All codes are listed if left out.
    code: Option<String>,
}

/// Why there is nothing to explain.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ExplainError {
    #[error("no finding has the code `{written}`")]
    #[diagnostic(help("{help}"))]
    Unknown { written: String, help: String },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Output(#[from] WriteError),
}

/// Prints one page, or the list of codes.
pub(crate) fn run(arguments: &ExplainArguments, paint: Paint) -> Result<(), ExplainError> {
    let Some(written) = &arguments.code else { return Ok(output::print(&list(paint))?) };
    let code = Code::find(written).ok_or_else(|| unknown(written))?;
    let (_, page) = (PAGES.iter())
        .find(|(name, _)| name.starts_with(&code.to_string()))
        .expect("a test holds the pages to the catalogue");
    Ok(output::print(&rendered(page, paint))?)
}

fn unknown(written: &str) -> ExplainError {
    let names: Vec<String> =
        catalogue().flat_map(|code| [code.name().to_owned(), code.to_string()]).collect();
    let near = nearest(written, names.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`masquec explain` lists all codes".to_owned(),
    };
    ExplainError::Unknown { written: written.to_owned(), help }
}

fn list(paint: Paint) -> String {
    let line = |code: Code| {
        let ink = match code.severity() {
            Severity::Error => Ink::Bad,
            Severity::Warning => Ink::Neutral,
        };
        let code_and_name = format!("{}  {:24}", paint.with(ink, &code.to_string()), code.name());
        format!("{code_and_name}  {}\n", output::printable(code.summary()))
    };
    catalogue().map(line).collect()
}

/// The Markdown of a page as a terminal shows it: headings stand out, examples are set in and named by their file.
fn rendered(page: &str, paint: Paint) -> String {
    let mut out = String::new();
    let mut example = false;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("```") {
            example = !info.is_empty();
            if let Some(file) = info.split(' ').nth(2) {
                out.push_str(&format!("  {}\n", paint.with(Ink::Faint, file)));
            }
        } else if example {
            out.push_str(format!("    {}", output::printable(line)).trim_end());
            out.push('\n');
        } else if line.starts_with('#') {
            out.push_str(&paint.with(Ink::Heading, &line.trim_start_matches(['#', ' ']).replace('`', "")));
            out.push('\n');
        } else {
            out.push_str(&output::printable(line));
            out.push('\n');
        }
    }
    out
}
