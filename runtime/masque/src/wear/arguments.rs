//! The arguments of the commands about sessions.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use masque_session::{AgentId, PublicKey, Score, SessionId};

use super::time::Length;

#[derive(Subcommand)]
pub(crate) enum WearCommand {
    /// Put on a masque for a stated intent, and show who one is in it.
    #[command(alias = "assume")]
    Don(DonArguments),
    /// Take off the masque of a session.
    #[command(alias = "release")]
    Doff(UseArguments),
    /// Run a command in a session of its own, which ends with it.
    Run(RunArguments),
    /// Show the session that is worn.
    Id(UseArguments),
    /// Judge an intent within the session.
    Check(CheckArguments),
    /// Move the end of the session.
    Renew(RenewArguments),
    /// List the sessions that one sees.
    Sessions(SessionsArguments),
    /// List the masques that a name may lead to.
    List(JsonArguments),
    /// End somebody's session: with time to checkpoint, or at once.
    Revoke(RevokeArguments),
    /// Judge a session that has ended.
    Score(ScoreArguments),
    /// Agents: those who may wear masques.
    Agent(AgentArguments),
    /// Rings: whom the community trusts, and how far.
    Ring(RingArguments),
    /// Tokens that masques lend: whether one is good, what it says, and the key to check it with.
    Token(TokenArguments),
    /// Judge an agent's tool call, read from standard input, and stop it where the session does.
    Hook(HookArguments),
    /// The journal: everything that happened.
    Audit(AuditArguments),
}

#[derive(Args)]
pub(crate) struct Wanted {
    /// The masque: `homelab`, `masque:homelab@v2.3`, a path, or the digest of a component.
    #[arg(value_name = "REF")]
    pub(crate) reference: String,
    /// Why it is worn.
    #[arg(short, long, allow_hyphen_values = true)]
    pub(crate) intent: String,
    /// Who wears it; MASQUE_AGENT or the user if left out.
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<AgentId>,
    /// How long, such as 2h or 1h30m; 1 h if left out.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) ttl: Option<Length>,
    /// A parameter of the masque; may be given many times.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = crate::cli::parse_param)]
    pub(crate) params: Vec<(String, String)>,
    /// A pattern that an intent must match as well; may be given many times, and then all must match.
    #[arg(long = "restrict", value_name = "PATTERN")]
    pub(crate) restrictions: Vec<String>,
    /// Don within another session, by its token: it can only narrow, and ends with it.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) within: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DonFormat {
    /// For people.
    Human,
    /// One JSON object.
    Json,
    /// One `<masque-active>` block to put before a model.
    Block,
}

#[derive(Args)]
pub(crate) struct DonArguments {
    #[command(flatten)]
    pub(crate) wanted: Wanted,
    /// How the identity is shown.
    #[arg(long, value_enum, default_value_t = DonFormat::Human)]
    pub(crate) format: DonFormat,
    /// As `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) wanted: Wanted,
    /// The command and its arguments. It finds the session's token in MASQUE_SESSION.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

#[derive(Args)]
pub(crate) struct UseArguments {
    /// The session: its token, or the id of the project's own. MASQUE_SESSION or the project's if left out.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) session: Option<String>,
    /// Whose it must be.
    #[arg(long, value_name = "ID")]
    pub(crate) agent: Option<AgentId>,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct CheckArguments {
    /// What is to be done.
    #[arg(allow_hyphen_values = true)]
    pub(crate) intent: String,
    #[command(flatten)]
    pub(crate) used: UseArguments,
}

#[derive(Args)]
pub(crate) struct RenewArguments {
    /// How long from now; 1 h if left out. Never past the policy's maximum from the session's beginning.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) ttl: Option<Length>,
    #[command(flatten)]
    pub(crate) used: UseArguments,
}

#[derive(Args)]
pub(crate) struct JsonArguments {
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct SessionsArguments {
    /// Those that have ended too.
    #[arg(long)]
    pub(crate) all: bool,
    /// Answer in JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct By {
    /// Who asks for it; MASQUE_AGENT or the user if left out.
    #[arg(long, value_name = "ID")]
    pub(crate) by: Option<AgentId>,
}

#[derive(Args)]
pub(crate) struct RevokeArguments {
    /// The session's id.
    pub(crate) session: SessionId,
    /// Why.
    #[arg(long)]
    pub(crate) reason: String,
    /// At once, without time to checkpoint.
    #[arg(long)]
    pub(crate) emergency: bool,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Args)]
pub(crate) struct ScoreArguments {
    /// The session's id.
    pub(crate) session: SessionId,
    /// `+`, `-`, `/`, `*` or `e`.
    #[arg(allow_hyphen_values = true, value_parser = parse_score)]
    pub(crate) score: Score,
    /// What was seen.
    #[arg(long, default_value = "")]
    pub(crate) notes: String,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Args)]
pub(crate) struct AgentArguments {
    #[command(subcommand)]
    pub(crate) command: AgentCommand,
}

#[derive(Subcommand)]
pub(crate) enum AgentCommand {
    /// Take in an agent, as an outsider.
    Add {
        /// What the agent is called.
        agent: AgentId,
        /// The agent's public key; left out, a key is made and kept here.
        #[arg(long)]
        key: Option<PublicKey>,
        #[command(flatten)]
        by: By,
    },
    /// List the agents that one sees.
    List(JsonArguments),
    /// Let an agent go. The name is not given again.
    Remove {
        /// Who.
        agent: AgentId,
        #[command(flatten)]
        by: By,
    },
}

#[derive(Args)]
pub(crate) struct RingArguments {
    #[command(subcommand)]
    pub(crate) command: RingCommand,
}

#[derive(Subcommand)]
pub(crate) enum RingCommand {
    /// Show what agents qualify for, and what keeps them from more.
    Show {
        /// One agent; all that one sees if left out.
        agent: Option<AgentId>,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Begin the community, with oneself in its centre. Any other command does so as well.
    Found,
    /// Propose an agent for the next ring.
    Nominate {
        /// Who.
        agent: AgentId,
        #[command(flatten)]
        by: By,
    },
    /// Take back a disapproval; where none stands, admit a nominated agent to the next ring.
    Approve {
        /// Who.
        agent: AgentId,
        /// How long a guest stays, such as 7d.
        #[arg(long = "for", value_name = "TIME")]
        stay: Option<Length>,
        #[command(flatten)]
        by: By,
    },
    /// Say that an agent does not qualify; the word of one higher ring is enough.
    Disapprove {
        /// Who.
        agent: AgentId,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: By,
    },
    /// Put an agent one ring down.
    Demote {
        /// Who.
        agent: AgentId,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        by: By,
    },
    /// Show what happened to an agent's standing.
    History {
        /// Who.
        agent: AgentId,
        /// Answer in JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct TokenArguments {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,
}

#[derive(Args)]
pub(crate) struct Checked {
    /// The token; standard input if left out or `-`.
    #[arg(allow_hyphen_values = true)]
    pub(crate) token: Option<String>,
    /// The public key that it must be signed with; this store's if left out.
    #[arg(long)]
    pub(crate) key: Option<PublicKey>,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Print the public key that this store's tokens are checked with.
    Key,
    /// Check that a token is good now. Exit status: 0 it is; 1 it is not; 2 there is no answer.
    Verify {
        #[command(flatten)]
        checked: Checked,
        /// What it is to be used for, which its restrictions must take.
        #[arg(short, long, allow_hyphen_values = true)]
        intent: Option<String>,
        /// The list of revoked tokens; this store's if left out.
        #[arg(long, value_name = "FILE")]
        revoked: Option<PathBuf>,
    },
    /// Show what a token says, good or not, as long as it was signed. Exit status: 0 it was; 1 it was not; 2 there is no answer.
    Inspect(Checked),
    /// Narrow a token, for which no key is needed, and print the narrower one.
    Attenuate {
        /// The token; standard input if left out or `-`.
        token: Option<String>,
        /// A pattern that whatever it is used for must match as well; may be given many times.
        #[arg(long = "restrict", value_name = "PATTERN")]
        restrictions: Vec<String>,
        /// How long from now, such as 10m.
        #[arg(long)]
        ttl: Option<Length>,
    },
}

#[derive(Args)]
pub(crate) struct HookArguments {
    /// The session: its token, or the id of the project's own. MASQUE_SESSION or the project's if left out.
    #[arg(long, value_name = "TOKEN")]
    pub(crate) session: Option<String>,
}

#[derive(Args)]
pub(crate) struct AuditArguments {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Show what happened, as far as one sees whom it happened to.
    Show {
        /// Only what is about this session.
        #[arg(long)]
        session: Option<SessionId>,
        /// One line of JSON for each entry.
        #[arg(long)]
        json: bool,
    },
    /// Hold the journal to its digests and signatures; exit status 1 where it is not as it was written.
    Verify {
        /// An earlier export, all of which must still be in the journal.
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
    },
    /// Write the records and checkpoints out, one line of JSON each.
    Export {
        /// The file; standard output if left out.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
}

fn parse_score(text: &str) -> Result<Score, UnknownScore> {
    Score::ALL.into_iter().find(|score| score.symbol() == text).ok_or(UnknownScore)
}

#[derive(Debug, thiserror::Error)]
#[error("a score is one of + - / * e")]
struct UnknownScore;
