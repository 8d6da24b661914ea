//! Why a command about sessions comes to nothing, and what to do.

use masque_session::ports::{AccessError, JournalError};
use masque_session::{Refusal, Trouble};
use masquec::output::WriteError;
use miette::Diagnostic;

use super::cast::CastError;
use super::home::HomeError;

/// Why a command about sessions comes to nothing.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum WearError {
    #[error("{refusal}{}", because(refusal))]
    Refused {
        refusal: Refusal,
        #[help]
        help: Option<&'static str>,
    },
    #[error("{0}")]
    #[diagnostic(help("{}", journal_help(.0)))]
    Journal(#[from] JournalError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cast(#[from] CastError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error("the credential is not minted: {}", .0.0)]
    #[diagnostic(help(
        "the session was doffed; `access.key` and `revoked.json` in MASQUE_HOME must be as masque wrote them"
    ))]
    Access(AccessError),
    #[error("{0}")]
    #[diagnostic(help("`masque token verify --help` says what is needed"))]
    Token(String),
    #[error("the tool call can't be read: {0}")]
    #[diagnostic(help("the event is a PreToolUse event as Claude Code writes it; docs/hook.md shows one"))]
    Call(String),
    #[error("no session is worn here")]
    #[diagnostic(help(
        "`masque don` begins one; another is named by `--session`, MASQUE_SESSION, or the project's .masque/session.json"
    ))]
    NoSession,
    #[error("`{text}` is neither a token nor the id of this project's session")]
    #[diagnostic(help(
        "`masque don` printed the token; an id alone opens only the session of the project's own file"
    ))]
    NoToken { text: String },
    #[error("the project's session file `{}` can't be used", path.display())]
    #[diagnostic(help("delete it, and don again"))]
    SessionFile { path: std::path::PathBuf, source: std::io::Error },
    #[error("`{command}` can't be started")]
    #[diagnostic(help("the session that it was to run in has been doffed"))]
    Command { command: String, source: std::io::Error },
    #[error("the export can't be read: {reason}")]
    #[diagnostic(help("it is a file that `masque audit export` wrote"))]
    Export { reason: String },
}

impl From<Refusal> for WearError {
    fn from(refusal: Refusal) -> Self {
        let help = help(&refusal);
        Self::Refused { refusal, help }
    }
}

impl From<Trouble<CastError>> for WearError {
    fn from(trouble: Trouble<CastError>) -> Self {
        match trouble {
            Trouble::Refused(refusal) => refusal.into(),
            Trouble::Journal(error) => error.into(),
            Trouble::Masques(error) => error.into(),
            Trouble::Access(error) => Self::Access(error),
        }
    }
}

pub(super) fn because(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Intent { why: Some(why), .. } => format!(" by {why}"),
        Refusal::Intent { why: None, .. } => ": no rule takes it".to_owned(),
        _ => String::new(),
    }
}

fn help(refusal: &Refusal) -> Option<&'static str> {
    Some(match refusal {
        Refusal::NoIntent => "`--intent \"deploying monitoring\"` says it",
        Refusal::Intent { .. } => "`masque try` shows what a masque takes and why",
        Refusal::Ttl { .. } => "`--ttl 2h` asks for two hours; the policy file sets the most",
        Refusal::UnknownAgent(_) => "`masque ring show` lists whom you see",
        Refusal::WrongAgent(_) => "act as the agent whose key is kept here",
        Refusal::NotTheirs(_) => "`masque id` shows whose it is",
        Refusal::Ring { .. } => "`masque ring show` says what an agent qualifies for, and why not for more",
        Refusal::StandingMoved(_) => "ask again",
        Refusal::UnknownSession(_) => "`masque sessions` lists those that you see",
        Refusal::ForgedToken(_) => "take the token that `masque don` printed",
        Refusal::Over { .. } => "`masque don` begins another",
        Refusal::WindingDown => "checkpoint the work, and `masque doff`",
        Refusal::NotARoot => "renew the session that it was donned in",
        Refusal::StillWorn => "score it when it has ended",
        Refusal::NoReason => "`--reason` says why; it stays in the log",
        Refusal::NotNominated(_) => "`masque ring nominate` comes first",
        Refusal::Evidence { .. } => "`masque score SESSION +` records how a session went",
        Refusal::Founded => "its agents are taken in by `masque agent add`",
        Refusal::UnknownMasque { .. }
        | Refusal::UsedId
        | Refusal::ScoredAlready
        | Refusal::AgentExists(_)
        | Refusal::Oneself
        | Refusal::Innermost { .. }
        | Refusal::Outermost { .. }
        | Refusal::StayIsOver => return None,
    })
}

fn journal_help(error: &JournalError) -> &'static str {
    match error {
        JournalError::Busy => "nothing was done",
        JournalError::Unwritable(_) => "nothing was done; see to the disk and to the rights of MASQUE_HOME",
        JournalError::Unpublished(_) => {
            "see to revoked.json in MASQUE_HOME; the next command that succeeds writes it"
        }
        JournalError::Chain(_) => {
            "nothing is decided by a journal that was tampered with; `masque audit verify` says more"
        }
        JournalError::Broken(_) => "nothing was done; `masque audit verify` looks at the journal alone",
    }
}
