//! `masque`, the host command: puts masques on and takes them off, judges intents by them, and shows what a masque is made of.
//!
//! This is the composition root, the only crate that knows both sides: a source is compiled by `masquec`'s library and run by the
//! host's. What does not live here: any rule about masques, and `inspect` and `graph`, which both commands have from `masquec`.

mod cli;
mod trial;
mod wear;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
