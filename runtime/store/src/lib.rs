//! Keeps the journal of sessions in SQLite: one file, nothing to set up, any number of processes on one machine.
//!
//! What does not live here: what the records mean. The store gives back what it was given, byte for byte, and lets nobody change it.

mod migrations;
mod sqlite;

pub use sqlite::Sqlite;
