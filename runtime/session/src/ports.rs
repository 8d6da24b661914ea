//! The outside, as the domain needs it.

use masque_abi::Decision;

use crate::{ChainError, Checkpoint, Holder, Record, Time, WornMasque};

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
}

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
}
