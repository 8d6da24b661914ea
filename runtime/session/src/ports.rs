//! The outside, as the domain needs it.

use masque_abi::{Decision, Grant};

use crate::{
    AgentId, ChainError, Checkpoint, Credential, CredentialId, Holder, Record, SessionId, Time, WornMasque,
};

/// Where records are kept.
pub trait Journal: Send + Sync {
    /// Everything after a position, in order.
    ///
    /// # Errors
    /// When the store can't be read.
    fn after(&self, seq: u64) -> Result<Vec<Record>, JournalError>;

    /// Every checkpoint, in order.
    ///
    /// # Errors
    /// When the store can't be read.
    fn checkpoints(&self) -> Result<Vec<Checkpoint>, JournalError>;

    /// Shuts everybody else out, calls `write` once with everything after a position, and appends what it returns: all of it,
    /// on durable storage when this returns, or nothing.
    ///
    /// # Errors
    /// When the store can't be written, or `write` fails. Then nothing was appended, unless the error says that this is not known.
    fn append(&self, seq: u64, write: &mut Write<'_>) -> Result<(), JournalError>;
}

/// Makes a batch of what was appended meanwhile.
pub type Write<'a> = dyn FnMut(Vec<Record>) -> Result<Batch, ChainError> + 'a;

/// What is appended as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// In order, from the next position on.
    pub records: Vec<Record>,
    /// For the last of them; there where there is any.
    pub checkpoint: Option<Checkpoint>,
}

/// Why a store does not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Another process is writing, and does not stop.
    #[error("the journal is held by another process: try again")]
    Busy,
    /// It can't be written: read-only, or no room.
    #[error("the journal can't be written: {0}")]
    Unwritable(String),
    /// Anything else.
    #[error("the journal can't be used: {0}")]
    Broken(String),
    /// It was written, but verifiers were not told which credentials are revoked.
    #[error("it is done and written down, but the list of revoked credentials is not: {0}")]
    Unpublished(String),
    /// What is in it is not what was written.
    #[error("the journal is not as it was written: {0}")]
    Chain(#[from] ChainError),
}

/// The machine's clock.
pub trait Clock: Send + Sync {
    /// The present.
    fn now(&self) -> Time;
}

/// The machine's processes.
pub trait Processes: Send + Sync {
    /// Whether a process has ended, as far as is known: one of another machine has not.
    fn has_ended(&self, holder: &Holder) -> bool;
}

/// Whoever finds masques and runs them.
pub trait Masques {
    /// What goes wrong outside.
    type Error;

    /// Finds the masque that a reference means, and keeps its bytes for as long as a session may need them.
    ///
    /// # Errors
    /// When there is none, more than one, or it can't be used.
    fn resolve(&self, reference: &str) -> Result<WornMasque, Self::Error>;

    /// Judges an intent by a masque and by whatever restricts it: only where all allow is it allowed.
    ///
    /// # Errors
    /// When there is no answer.
    fn judge(&self, worn: &Worn<'_>, intent: &str) -> Result<Verdict, Self::Error>;

    /// The credentials that a masque asks for.
    ///
    /// # Errors
    /// When there is no answer.
    fn access(&self, worn: &Worn<'_>) -> Result<Vec<Grant>, Self::Error>;
}

/// Whoever mints credentials, and says which are revoked.
pub trait Access: Send + Sync {
    /// Mints a credential, which the journal knows already.
    ///
    /// # Errors
    /// When it can't be minted.
    fn mint(&self, order: &Order<'_>) -> Result<String, AccessError>;

    /// Has every verifier refuse these from now on, as well as those of earlier calls. Each is named until it would have ended by
    /// itself; the same may be named again.
    ///
    /// # Errors
    /// When verifiers can't be told.
    fn revoke(&self, revoked: &[(CredentialId, Time)], now: Time) -> Result<(), AccessError>;
}

/// A credential that is to be minted, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// What.
    pub credential: &'a Credential,
    /// The session that it is lent to.
    pub session: SessionId,
    /// Who wears the masque.
    pub agent: &'a AgentId,
    /// Whose session is the first of the chain.
    pub source: &'a AgentId,
    /// What is worn.
    pub masque: &'a WornMasque,
    /// What narrows the session, from all of its chain: the credential is good for no more.
    pub restrictions: &'a [String],
}

/// Why a minter does not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AccessError(pub String);

/// A masque on an agent.
#[derive(Clone, Debug)]
pub struct Worn<'a> {
    /// What is worn.
    pub masque: &'a WornMasque,
    /// What the masque knows of the session.
    pub session: masque_abi::Session,
    /// Patterns that narrow it.
    pub restrictions: &'a [String],
}

/// What was decided, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// The rule or restriction that it rests on, in words; none where nothing matched.
    pub why: Option<String>,
    /// The kind of what it rests on; none where nothing matched.
    pub basis: Option<Basis>,
}

/// What a decision rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A rule of the masque.
    Rule,
    /// A restriction of the session.
    Restriction,
    /// The host, which lets no masque judge such a text.
    Host,
}

impl Verdict {
    /// What nothing covers.
    pub const UNCOVERED: Self = Self { decision: Decision::Unmatched, why: None, basis: None };

    /// How much it weighs against other verdicts of one intent: the heaviest holds.
    pub(crate) fn weight(&self) -> u8 {
        match (self.decision, self.basis) {
            (Decision::Allowed, _) => 0,
            (Decision::Unmatched, None | Some(Basis::Rule)) => 1,
            (Decision::Unmatched, Some(Basis::Restriction)) => 2,
            (Decision::Unmatched, Some(Basis::Host)) => 3,
            (Decision::Denied, _) => 4,
        }
    }
}
