//! Patterns to one minimal automaton by decision.
//!
//! What lives here: globs over normalised text ([`Pattern`]), English verbs and their inflections ([`verbs`]), the construction of
//! a deterministic automaton that answers allowed, denied or unmatched for a whole rule set in one walk over the text ([`compile`],
//! [`Automaton`]), the slower answer to the question why ([`explain`]), and the search for a text that automata answer in a given way
//! ([`shortest_text`]).
//!
//! What does not: files, clocks, WebAssembly, diagnostics with codes, and anything that knows what a masque is. Unicode
//! normalisation of an *intent* (NFKC) is its caller's business and a precondition here; patterns are normalised by this crate.
//!
//! # The way of a rule set
//!
//! | Step | Module | Source |
//! |---|---|---|
//! | glob to tokens, tokens normalised | `pattern` | the syntax is that of the crate globset |
//! | verbs to their inflections | `expand`, [`verbs`] | |
//! | scalars to classes that no rule tells apart | `alphabet` | |
//! | tokens to two shared tries with loops, an NFA | `nfa` | Thompson, CACM 11(6), 1968; Aho & Corasick, CACM 18(6), 1975 |
//! | NFA to DFA *by decision* | `subset` | Rabin & Scott, IBM J. R&D 3(2), 1959 |
//! | composition with the normaliser, or with the clause splitter | `whole`, `each` | |
//! | minimisation | `minimise` | Hopcroft, "An n log n algorithm", 1971 |
//! | one numbering for one language | `canonical` | |
//! | too many states: several automata | `compile` | |
//!
//! The automaton reads *classes of Unicode scalar values*, not bytes: there are no half-read scalars, so `?` is one step in any script,
//! every white space is in the space's class, and folding ASCII case merely merges classes.

mod alphabet;
mod automaton;
mod canonical;
mod compile;
mod dense;
mod each;
mod expand;
mod explain;
mod matcher;
mod minimise;
mod nfa;
mod pattern;
mod rule;
mod search;
mod subset;
mod text;
pub mod verbs;
mod whole;

pub use automaton::{Automaton, Classes, MAX_CLASSES, MAX_STATES, Malformed};
pub use compile::{Decider, Extent, Part, TooLarge, compile};
pub use expand::expansion;
pub use explain::{ClauseVerdict, Explanation, explain};
pub use pattern::{MAX_NESTING, MAX_PATTERN_BYTES, Pattern, PatternError, PatternErrorKind, Set, Token};
pub use rule::{Action, Clauses, Decision, MatchMode, Rule};
pub use search::{Hope, Standing, TooManyStates, shortest_text};
pub use text::normalise;
