//! Any bytes as a rule set and intents: the automaton, `explain` and globset must agree.
//!
//! `cargo +nightly fuzz run patterns --fuzz-dir tests/fuzz`; the same check runs with fixed seeds in `cargo test -p masque-automata`.

#![no_main]

#[path = "../../compiler/automata/tests/support/check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    check::check(data);
});
