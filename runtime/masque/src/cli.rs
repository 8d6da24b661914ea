//! The arguments, and what each command does with them.
//!
//! Exit status: 0 all is well (an intent is allowed), 1 an intent is denied, unmatched or refused, 2 there is no answer.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use masque_abi::Ring;
use masquec::terminal::{ColourChoice, Terminal};
use miette::{Diagnostic, Report};

use crate::output::Paint;
use crate::trial::{self, Format, Origin, TryError, Verdict};
use crate::{graph, inspect};

const ALLOWED: u8 = 0;
const NOT_ALLOWED: u8 = 1;
const NO_ANSWER: u8 = 2;

/// AssumeRole for agents: judges intents by a masque, in a sandbox.
#[derive(Parser)]
#[command(
    name = "masque",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  masque try personas/homelab.masque.yaml --intent \"deploying monitoring\"
  masque inspect personas/homelab.masque.yaml
  masque graph personas/homelab.masque.yaml --format svg -o homelab.svg"
)]
struct Arguments {
    /// When to colour what is shown.
    #[arg(long, global = true, value_enum, default_value_t = ColourChoice::Auto)]
    color: ColourChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judge an intent by a masque, and show why and what the agent would get.
    Try(TryArguments),
    /// Show what a masque is made of, without running it.
    Inspect(InspectArguments),
    /// Draw the automaton that a masque decides by.
    Graph(GraphArguments),
}

#[derive(Args)]
#[command(after_help = "\
Exit status: 0 the intent is allowed; 1 it is denied, unmatched, or refused by the host; 2 there is no answer.

Examples:
  masque try personas/homelab.masque.yaml --intent \"deploying monitoring\"
  masque try homelab.wasm --intent \"delete production\" --ring guest --json")]
struct TryArguments {
    /// A source (YAML or JSON), a .wasm or a .cwasm; its content tells which.
    file: PathBuf,
    /// What the agent wants to do.
    #[arg(short, long, allow_hyphen_values = true)]
    intent: OsString,
    /// The agent's ring: outsider, guest, player or admin. The masque's own if left out.
    #[arg(long)]
    ring: Option<Ring>,
    /// The agent's identifier.
    #[arg(long, value_name = "ID", default_value = "someone")]
    agent: String,
    /// A parameter of the masque; may be given many times.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    params: Vec<(String, String)>,
    /// Print one JSON object: decision, refused, rules, clauses, masque, ring, knowledge, access, context, lens.
    #[arg(long)]
    json: bool,
    /// Also run components that masquec did not make, under larger limits.
    #[arg(long)]
    foreign: bool,
    /// For a .cwasm: the file with the key that it was sealed with; this user's own if left out. Trust it as you trust a program.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

#[derive(Args)]
struct InspectArguments {
    /// A source (YAML or JSON) or a .wasm; its content tells which.
    file: PathBuf,
    /// Print one JSON object: file, sha256, size, manifest, program, exports, memory, automata, host_limits.
    #[arg(long)]
    json: bool,
    /// Find out whether a component that masquec did not make would be loaded.
    #[arg(long)]
    foreign: bool,
}

#[derive(Args)]
struct GraphArguments {
    /// A source (YAML or JSON) or a .wasm; its content tells which.
    file: PathBuf,
    /// The language of the picture.
    #[arg(long, value_enum, default_value_t = graph::Format::Dot)]
    format: graph::Format,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Which automaton, where a masque has several that are run in turn; from 1.
    #[arg(long, value_name = "N")]
    part: Option<usize>,
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum CommandError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Try(#[from] TryError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Inspect(#[from] inspect::InspectError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(#[from] graph::GraphError),
    #[error("the parameter `{name}` is given twice")]
    #[diagnostic(help("a parameter has one value"))]
    ParamTwice { name: String },
}

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    let Arguments { color, command } = Arguments::parse();
    let terminal = Terminal::new(color);
    match run(command, color, &terminal) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            crate::output::tell(&format!("{:?}\n", Report::new(error)));
            ExitCode::from(NO_ANSWER)
        }
    }
}

fn run(command: Command, color: ColourChoice, terminal: &Terminal) -> Result<u8, CommandError> {
    let format = |json| match (json, color.is_colour_for(&std::io::stdout())) {
        (true, _) => Format::Json,
        (false, true) => Format::Human(Paint::Colour),
        (false, false) => Format::Human(Paint::Plain),
    };
    let origin = |foreign| if foreign { Origin::Any } else { Origin::Known };
    match command {
        Command::Try(arguments) => {
            let request = trial::Request {
                path: arguments.file,
                intent: arguments.intent,
                ring: arguments.ring,
                agent: arguments.agent,
                params: each_once(arguments.params)?,
                origin: origin(arguments.foreign),
                key: arguments.key,
                format: format(arguments.json),
            };
            Ok(match trial::run(request, terminal)? {
                Verdict::Through => ALLOWED,
                Verdict::NotThrough => NOT_ALLOWED,
            })
        }
        Command::Inspect(arguments) => {
            inspect::run(&arguments.file, origin(arguments.foreign), format(arguments.json), terminal)?;
            Ok(ALLOWED)
        }
        Command::Graph(arguments) => {
            let GraphArguments { file, format, output, part } = arguments;
            graph::run(&graph::Request { path: file, format, output, part }, terminal)?;
            Ok(ALLOWED)
        }
    }
}

/// `name=value`; only the first `=` counts.
fn parse_param(text: &str) -> Result<(String, String), ParamError> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(ParamError),
    }
}

/// A parameter that is none.
#[derive(Debug, thiserror::Error)]
#[error("a parameter is given as NAME=VALUE")]
struct ParamError;

fn each_once(params: Vec<(String, String)>) -> Result<Vec<(String, String)>, CommandError> {
    let mut seen = std::collections::BTreeSet::new();
    match params.iter().find(|(name, _)| !seen.insert(name)) {
        Some((name, _)) => Err(CommandError::ParamTwice { name: name.clone() }),
        None => Ok(params),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn parameters_split_at_the_first_sign() {
        assert_eq!(parse_param("a=b=c").unwrap(), ("a".to_owned(), "b=c".to_owned()));
        assert_eq!(parse_param("a=").unwrap(), ("a".to_owned(), String::new()));
        assert!(parse_param("a").is_err() && parse_param("=b").is_err());
    }
}
