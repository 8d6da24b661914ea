//! Proofs about compiled masques.
//!
//! - [`verify`]: the program that ships decides as the rules in its manifest say, shown by a second way from rules to decisions
//!   (`derivatives`) that shares nothing with the compiler's.
//! - [`diff`]: what a change of a masque changes in what it does, from one program to another.
//! - [`prove_claims`]: what a compiled masque can never do, its claims (`ensure`), proved of the automata that ship. A claim speaks of
//!   every intent and every session. Intents are covered by searching the product of automata; sessions by going through every
//!   combination of conditions that a session can bring about ([`worlds`]). Both may look at more than there is: at texts that a
//!   host refuses, at combinations that no session has. So what is proved holds, and a counterexample may on rare occasions be one that
//!   a person can rule out.
//!
//! What does not live here: wording and places of findings (`check`), anything that runs a masque.

mod claims;
mod derivatives;
mod diff;
mod verify;
mod worlds;

pub use claims::{Finding, MOST_STATES, Outcome, prove_claims};
pub use diff::{
    Aspect, Bump, Change, Count, Counts, Declared, Diff, Effect, Fact, Glob, IntentChange, Intents, Item,
    LONGEST, MOST_CELLS, Relation, Scope, TextChange, TooLarge, Unknown, When, declared, diff,
};
pub use verify::{Proof, Unproved, verify};
pub use worlds::{World, worlds};
