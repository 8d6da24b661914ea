//! The compiler as a command: the only compiler crate that touches files or execution.
//!
//! What does not live here: anything about masques themselves. Each module of this crate is one concern of the command; compiling one
//! text ([`compile`]) is also what the host command uses for sources.

pub mod cli;
pub mod compile;
pub mod home;
pub mod terminal;

mod build;
mod checking;
mod clashes;
mod emit;
mod examine;
mod inputs;
mod up_to_date;
