//! Why something is not done. The text says no more of higher rings than that there is nothing to be seen.

use masque_abi::{Decision, Ring};
use serde::{Deserialize, Serialize};

use crate::{AgentId, How, SessionId};

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum Refusal {
    #[error("there is no masque `{reference}`")]
    UnknownMasque { reference: String },
    #[error("an intent is demanded: say why the masque is worn")]
    NoIntent,
    #[error("the intent is {decision}")]
    Intent { decision: Decision, why: Option<String> },
    #[error("{asked} is no time that a session can last: it must be from 1 s to {most} s")]
    Ttl { asked: i64, most: u64 },
    #[error("there is no agent `{0}` that can be seen from here")]
    UnknownAgent(AgentId),
    #[error("the signature is not that of `{0}`")]
    WrongAgent(AgentId),
    #[error("the session is not that of `{0}`")]
    NotTheirs(AgentId),
    #[error("`{agent}` qualifies as {has}, and this takes {needs}")]
    Ring { agent: AgentId, has: Ring, needs: Ring },
    #[error("the standing of `{0}` has changed meanwhile")]
    StandingMoved(AgentId),
    #[error("there is no session {0} that can be seen from here")]
    UnknownSession(SessionId),
    #[error("the token does not open the session {0}")]
    ForgedToken(SessionId),
    #[error("the session has {}", match how { How::Doffed => "been doffed", How::Expired => "expired", How::Revoked => "been revoked" })]
    Over { how: How },
    #[error("the session is winding down")]
    WindingDown,
    #[error("only the first session of a chain is renewed: this one ends with its parent")]
    NotARoot,
    #[error("the session is still being worn")]
    StillWorn,
    #[error("the session has been scored already")]
    ScoredAlready,
    #[error("this id has been used before")]
    UsedId,
    #[error("`{0}` is known already")]
    AgentExists(AgentId),
    #[error("nobody does this to themselves")]
    Oneself,
    #[error("a reason must be given")]
    NoReason,
    #[error("`{agent}` is in the innermost ring")]
    Innermost { agent: AgentId },
    #[error("`{agent}` is in the outermost ring")]
    Outermost { agent: AgentId },
    #[error("`{0}` has not been nominated")]
    NotNominated(AgentId),
    #[error("`{agent}` has {has} well scored sessions in the present ring, and {needs} are needed")]
    Evidence { agent: AgentId, has: usize, needs: usize },
    #[error("a stay must end in the future")]
    StayIsOver,
    #[error("the community has its founder already")]
    Founded,
}

/// The kind of a refusal, as the journal keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the kind of the refusal of the same name")]
pub enum RefusalCode {
    UnknownMasque,
    NoIntent,
    Intent,
    Ttl,
    UnknownAgent,
    WrongAgent,
    NotTheirs,
    Ring,
    StandingMoved,
    UnknownSession,
    ForgedToken,
    Over,
    WindingDown,
    NotARoot,
    StillWorn,
    ScoredAlready,
    UsedId,
    AgentExists,
    Oneself,
    NoReason,
    Innermost,
    Outermost,
    NotNominated,
    Evidence,
    StayIsOver,
    Founded,
}

impl Refusal {
    /// Its kind.
    pub fn code(&self) -> RefusalCode {
        match self {
            Self::UnknownMasque { .. } => RefusalCode::UnknownMasque,
            Self::NoIntent => RefusalCode::NoIntent,
            Self::Intent { .. } => RefusalCode::Intent,
            Self::Ttl { .. } => RefusalCode::Ttl,
            Self::UnknownAgent(_) => RefusalCode::UnknownAgent,
            Self::WrongAgent(_) => RefusalCode::WrongAgent,
            Self::NotTheirs(_) => RefusalCode::NotTheirs,
            Self::Ring { .. } => RefusalCode::Ring,
            Self::StandingMoved(_) => RefusalCode::StandingMoved,
            Self::UnknownSession(_) => RefusalCode::UnknownSession,
            Self::ForgedToken(_) => RefusalCode::ForgedToken,
            Self::Over { .. } => RefusalCode::Over,
            Self::WindingDown => RefusalCode::WindingDown,
            Self::NotARoot => RefusalCode::NotARoot,
            Self::StillWorn => RefusalCode::StillWorn,
            Self::ScoredAlready => RefusalCode::ScoredAlready,
            Self::UsedId => RefusalCode::UsedId,
            Self::AgentExists(_) => RefusalCode::AgentExists,
            Self::Oneself => RefusalCode::Oneself,
            Self::NoReason => RefusalCode::NoReason,
            Self::Innermost { .. } => RefusalCode::Innermost,
            Self::Outermost { .. } => RefusalCode::Outermost,
            Self::NotNominated(_) => RefusalCode::NotNominated,
            Self::Evidence { .. } => RefusalCode::Evidence,
            Self::StayIsOver => RefusalCode::StayIsOver,
            Self::Founded => RefusalCode::Founded,
        }
    }
}
