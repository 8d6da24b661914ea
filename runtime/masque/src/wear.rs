//! Sessions on the command line: the composition of the domain with the store, the sandbox, and this user's directory.

mod arguments;
mod audit;
mod cast;
mod community;
mod error;
mod home;
mod hook;
mod house;
mod machine;
mod reference;
mod session_file;
mod sessions;
mod show;
mod time;
mod token;

pub(crate) use arguments::WearCommand;
pub(crate) use error::WearError;

use masquec::library::Library;
use masquec::terminal::Terminal;

use home::Home;
use house::House;

/// What a command comes to, as its exit status says it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was done, or is allowed.
    Done,
    /// An intent was not let through, or a journal is not as it was written.
    Refused,
    /// What a command that was run in a session ended with.
    Exit(u8),
}

/// Carries out a command.
pub(crate) fn run(
    command: WearCommand,
    library: &Library,
    terminal: &Terminal,
) -> Result<Outcome, WearError> {
    let home = Home::open()?;
    match command {
        WearCommand::List(arguments) => sessions::list(&arguments, &home, library, terminal),
        WearCommand::Audit(arguments) => audit::run(arguments, &home, terminal),
        WearCommand::Token(arguments) => token::run(arguments, &home, library, terminal),
        WearCommand::Hook(arguments) => hook::run(&arguments, &home, library, terminal),
        WearCommand::Don(arguments) => sessions::don(arguments, &House::open(&home, library, terminal)?),
        WearCommand::Run(arguments) => sessions::run(arguments, &House::open(&home, library, terminal)?),
        WearCommand::Doff(arguments) => sessions::doff(&arguments, &House::open(&home, library, terminal)?),
        WearCommand::Id(arguments) => sessions::id(&arguments, &House::open(&home, library, terminal)?),
        WearCommand::Check(arguments) => sessions::check(&arguments, &House::open(&home, library, terminal)?),
        WearCommand::Renew(arguments) => sessions::renew(&arguments, &House::open(&home, library, terminal)?),
        WearCommand::Sessions(arguments) => {
            sessions::sessions(&arguments, &House::open(&home, library, terminal)?)
        }
        WearCommand::Revoke(arguments) => {
            community::revoke(arguments, &House::open(&home, library, terminal)?)
        }
        WearCommand::Score(arguments) => community::score(arguments, &House::open(&home, library, terminal)?),
        WearCommand::Agent(arguments) => community::agent(arguments, &House::open(&home, library, terminal)?),
        WearCommand::Ring(arguments) => community::ring(arguments, &House::open(&home, library, terminal)?),
    }
}
