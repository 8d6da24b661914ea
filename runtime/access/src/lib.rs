//! Mints the credentials that masques lend: Biscuit tokens (<https://www.biscuitsec.org>), which whoever has the public key checks offline.
//!
//! What does not live here: who is lent what and how long, which the domain decides; where keys are kept; what a restriction takes.

mod mint;
mod revoked;
mod token;

pub use mint::Biscuits;
pub use revoked::Revoked;
pub use token::{Content, Invalid, attenuate, inspect, verify};
