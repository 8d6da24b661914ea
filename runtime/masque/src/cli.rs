//! The arguments, and what each command does with them.
//!
//! Exit status: 0 all is well (an intent is allowed), 1 an intent is denied, unmatched or refused, 2 there is no answer.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use masque_abi::Ring;
use masquec::graph::{self, GraphArguments, GraphError};
use masquec::inspect::{self, InspectArguments, InspectError};
use masquec::library::Library;
use masquec::load::Origin;
use masquec::terminal::{ColourChoice, Terminal};
use miette::Diagnostic;

use crate::trial::{self, TryError, Verdict};
use crate::wear::{self, Outcome, WearCommand, WearError};

const ALLOWED: u8 = 0;
const NOT_ALLOWED: u8 = 1;
const NO_ANSWER: u8 = 2;

/// AssumeRole for agents: wears masques in sessions, and judges intents by them in a sandbox.
#[derive(Parser)]
#[command(
    name = "masque",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  masque don homelab --intent \"deploying monitoring\"
  masque check \"delete production\"
  masque doff
  masque try personas/homelab.masque.yaml --intent \"deploying monitoring\"
  masque inspect personas/homelab.masque.yaml
  masque graph personas/homelab.masque.yaml --format svg -o homelab.svg"
)]
struct Arguments {
    /// When to colour what is shown.
    #[arg(long, global = true, value_enum, default_value_t = ColourChoice::Auto)]
    color: ColourChoice,
    /// A directory of the search path, in which `extends` and `use` of a source find files; may be given several times.
    #[arg(long = "path", global = true, value_name = "DIR")]
    search_path: Vec<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Judge an intent by a masque, and show why and what the agent would get.
    Try(TryArguments),
    // These two are offered by the compiler's command as well, and say themselves what they do.
    Inspect(InspectArguments),
    Graph(GraphArguments),
    #[command(flatten)]
    Wear(WearCommand),
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

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum CommandError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Try(#[from] TryError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Inspect(#[from] InspectError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Wear(#[from] WearError),
    #[error("the parameter `{name}` is given twice")]
    #[diagnostic(help("a parameter has one value"))]
    ParamTwice { name: String },
}

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    let Arguments { color, search_path, command } = Arguments::parse();
    let (terminal, library) = (Terminal::new(color), Library::with_path(search_path));
    match run(command, &library, &terminal) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            terminal.show(error);
            ExitCode::from(NO_ANSWER)
        }
    }
}

fn run(command: Command, library: &Library, terminal: &Terminal) -> Result<u8, CommandError> {
    match command {
        Command::Try(arguments) => {
            let request = trial::Request {
                path: arguments.file,
                intent: arguments.intent,
                ring: arguments.ring,
                agent: arguments.agent,
                params: each_once(arguments.params)?,
                origin: Origin::from_flag(arguments.foreign),
                key: arguments.key,
                format: terminal.format(arguments.json),
            };
            Ok(match trial::run(request, library, terminal)? {
                Verdict::Through => ALLOWED,
                Verdict::NotThrough => NOT_ALLOWED,
            })
        }
        Command::Inspect(arguments) => {
            inspect::run(&arguments, library, terminal)?;
            Ok(ALLOWED)
        }
        Command::Graph(arguments) => {
            graph::run(&arguments, library, terminal)?;
            Ok(ALLOWED)
        }
        Command::Wear(command) => Ok(match wear::run(command, library, terminal)? {
            Outcome::Done => ALLOWED,
            Outcome::Refused => NOT_ALLOWED,
            Outcome::Exit(status) => status,
        }),
    }
}

/// `name=value`; only the first `=` counts.
pub(crate) fn parse_param(text: &str) -> Result<(String, String), ParamError> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(ParamError),
    }
}

/// A parameter that is none.
#[derive(Debug, thiserror::Error)]
#[error("a parameter is given as NAME=VALUE")]
pub(crate) struct ParamError;

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
