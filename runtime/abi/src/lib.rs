//! All that the compiler and the host share: the WIT world and its types, the layout and the canonical code of a compiled program,
//! the manifest, and the names of sections.
//!
//! What does not live here: anything that compiles, runs or stores. Types with `Serialize` are wire formats of a component's own
//! sections; nobody else's wire format belongs here.

pub mod manifest;
pub mod program;
mod world;

pub use manifest::{Manifest, hex};
pub use world::{Decision, Export, Grant, Ring, Session, Ttl, WIT, WORLD};

/// How core modules and components begin.
pub const WASM_MAGIC: &[u8] = b"\0asm";

/// Names of custom sections at the top level of a component.
pub mod sections {
    /// The manifest, as JSON in UTF-8.
    pub const MANIFEST: &str = "masque:manifest";
    /// Which tools made the file (tool-conventions, "producers").
    pub const PRODUCERS: &str = "producers";
}
