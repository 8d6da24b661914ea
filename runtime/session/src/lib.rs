//! The domain of worn masques: who may don what, how long, and what is written down of it.
//!
//! Everything that happens is an [`Event`] in a hash-chained journal, appended before it has any effect; [`State`] is a fold over that
//! journal and nothing else. [`decide`] turns a request into events, or into a [`Refusal`] that is journalled as well where it
//! matters. A [`Wardrobe`] ties them to the outside, which it knows through [`ports`] alone.
//!
//! What does not live here: files, databases, the sandbox, random numbers, the clock of the machine.

pub mod decide;
pub mod ports;
pub mod state;

mod chain;
mod event;
mod ids;
mod policy;
mod refusal;
mod signing;
mod standing;
mod wardrobe;

pub use chain::{Chain, ChainError, Checkpoint, Entry, Head, Record};
pub use event::{
    Act, Credential, Deed, Event, Holder, How, Outcome, RefusedUse, Score, Urgency, WhyWindingDown,
    WornMasque,
};
pub use ids::{
    ActId, AgentId, BadName, CredentialId, Digest, ParseIdError, PublicKey, SessionId, Signature, Time,
    Token, TokenHash,
};
pub use policy::{Policy, Seconds};
pub use refusal::{Refusal, RefusalCode};
pub use signing::{AgentKey, DonClaim};
pub use standing::{Rank, Shortfall, Standing};
pub use state::State;
pub use wardrobe::{DonRequest, Donned, Lent, Passage, Renewed, Shown, Trouble, Wardrobe};
