//! Loads a compiled masque in a sandbox and asks it questions.
//!
//! ```
//! use masque_host::{Decision, Host, Limits, Ring, abi};
//!
//! # use masque_ir as ir;
//! # let place = ir::Place { file: 0, line: 1, column: 1, start: 0, end: 0 };
//! # let rule = |action, pattern: &str| ir::Rule {
//! #     action, mode: ir::MatchMode::Verb, pattern: pattern.into(), when: None, because: None, set: None, place,
//! # };
//! # let version = semver::Version::new(1, 0, 0);
//! # let bytes = masque_codegen::generate(&ir::Masque {
//! #     identity: ir::Identity {
//! #         id: "homelab".into(), name: "Homelab".into(), display_name: None, index: None, version, ring: ir::Ring::Player,
//! #     },
//! #     source: ir::SourceFile { name: "homelab.masque.yaml".into(), text: String::new() },
//! #     intent: Some(ir::Intent {
//! #         clauses: ir::Clauses::Whole,
//! #         rules: vec![rule(ir::Action::Allow, "deploy *"), rule(ir::Action::Deny, "delete *")],
//! #     }),
//! #     inherited: vec![], widened: vec![], params: vec![], conditions: vec![], ensures: vec![],
//! #     context: ir::Template::default(), knowledge: vec![], access: vec![], lens: ir::Template::constant("Think in rollbacks."),
//! #     about: ir::About::default(), tests: vec![],
//! # })?.component();
//! // `bytes` is what `masquec build` wrote: a masque that allows `deploy *` and denies `delete *`.
//! let host = Host::new(Limits::default())?;
//! let masque = host.load(&bytes)?;
//! let mut session = masque.session(abi::Session {
//!     intent: "keep the lights on".into(),
//!     ring: Ring::Player,
//!     agent: "agent-7".into(),
//!     params: vec![],
//! })?;
//! assert_eq!(session.judge("deploying monitoring")?, Decision::Allowed);
//! assert_eq!(session.judge("delete production")?, Decision::Denied);
//! assert_eq!(session.judge("paint the shed")?, Decision::Unmatched);
//! assert_eq!(session.lens()?, "Think in rollbacks.");
//!
//! let why = session.explain("delete production")?.expect("it has rules");
//! assert_eq!(why.deciding[0].rule.pattern, "delete *");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What holds
//!
//! - A masque is given nothing: it imports nothing. A foreign component that asks WASI what there is hears: nothing; its other imports
//!   trap when they are called.
//! - Every call has fuel, a deadline, a bounded stack and memory; strings are capped on the way in and out. After a trap the instance
//!   is thrown away, and the session goes on with a new one.
//! - Bytes are checked before they are compiled: size, validity, structure, the exports' types. By default only what `masquec` made is
//!   loaded, and its code is compared with the known code ([`Foreign`] opens up).
//! - A session's parameters are checked against those that the masque declares, and passed on in their canonical form ([`ParamError`]).
//! - An intent is normalised, or refused, before the masque sees it ([`intent`]).
//! - Precompiled code is run only from an envelope sealed with a trusted [`Key`].
//!
//! What does not live here: who may wear a masque and for how long, credentials, files but for the cache, clocks but for deadlines.

mod cache;
mod code;
mod direct;
mod engine;
mod envelope;
mod error;
mod explain;
mod gate;
mod host;
pub mod intent;
mod key;
mod lifted;
mod limits;
mod masque;
mod options;
mod params;
mod session;

pub use envelope::{EnvelopeError, MAGIC as ENVELOPE_MAGIC};
pub use error::{CallError, HostError, JudgeError, LoadError, PrecompileError, ResultError};
pub use explain::{Clause, Deciding, Explanation};
pub use gate::GateError;
pub use host::Host;
pub use intent::{Malformation, Refusal};
pub use key::Key;
pub use limits::Limits;
pub use masque::{Digest, Masque};
pub use options::{Foreign, Options};
pub use params::ParamError;
pub use session::Session;

/// The guide's examples are compiled along with these docs.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/host.md")]
struct HostGuide;

pub use masque_abi as abi;
pub use masque_abi::{Decision, Grant, Manifest, Ring, Ttl};
