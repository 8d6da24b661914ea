//! The compiler as a command: the only compiler crate that touches files or execution.
//!
//! What does not live here: anything about masques themselves. Each module of this crate is one concern of the command. The host's
//! command offers [`inspect`] and [`graph`] too, and gets its masques by [`load`], which compiles a source where it is given one.

pub mod blend;
pub mod cli;
pub mod compile;
pub mod graph;
pub mod home;
pub mod inspect;
pub mod library;
pub mod load;
pub mod output;
pub mod terminal;

mod build;
mod checking;
mod clashes;
mod convert;
mod diff;
mod emit;
mod examine;
mod explain;
mod files;
mod fixing;
mod format;
mod inputs;
mod lsp;
mod new;
mod revision;
mod settings;
mod test;
mod up_to_date;
mod verify;
