//! Component bytes to what they mean: the manifest, the automata and the texts of a program.
//!
//! Only *canonical* components can be read: the wiring is the known one, and the core module is, byte for byte, what
//! [`masque_abi::program::module`] builds around the data found in it. So the code needs no analysis, and what is read from the data
//! is all that the program can do.
//!
//! What does not live here: judging whether other components may run (the host's gate), and anything that executes or writes.

mod component;
mod logic;
mod memory;
mod program;
mod reader;

use std::ops::Range;

use masque_abi::manifest::{Manifest, ManifestError};

pub use component::{CustomSection, Layout, layout};
pub use logic::{Condition, Form, Guarded, Logic, Operation, Param, Source, Step, Template, Text, number};
pub use program::{Cost, Footprint, Guard, Part, Program, Verdict};

/// A canonical component, taken apart.
#[derive(Clone, Debug)]
pub struct Component {
    /// What it says about itself.
    pub manifest: Manifest,
    /// Where the core module lies in the bytes.
    pub core: Range<usize>,
    /// What it does.
    pub program: Program,
    /// What its data takes.
    pub footprint: Footprint,
}

/// Why bytes are no canonical component.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No WebAssembly component at all.
    #[error("this is no WebAssembly component: {0}")]
    NotAComponent(&'static str),
    /// The file ends early or its lengths don't add up.
    #[error("the component is damaged at byte {at}: {what}")]
    Damaged {
        /// Byte offset.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// Well-formed, but wired or written by another compiler.
    #[error("the component was not made by this version of masquec: {0}")]
    Foreign(&'static str),
    /// The code is canonical, but its data makes no program.
    #[error("the program's data is malformed: {0}")]
    Data(String),
    /// The manifest is missing.
    #[error("the component has no section `{section}`", section = masque_abi::sections::MANIFEST)]
    NoManifest,
    /// The manifest can't be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The manifest describes another core module.
    #[error("the manifest describes another program: its digest of the core module differs")]
    ManifestMismatch,
}

/// Takes a canonical component apart and checks it all the way.
///
/// # Errors
/// When the bytes are damaged, foreign, or inconsistent; never panics.
pub fn read(bytes: &[u8]) -> Result<Component, DecodeError> {
    let layout = layout(bytes)?;
    if !layout.has_canonical_shell(bytes) {
        return Err(DecodeError::Foreign("its wiring differs"));
    }
    let core = layout.core.clone().ok_or(DecodeError::Foreign("it has no core module"))?;
    let (program, footprint) = program::read(&bytes[core.clone()])?;
    let mut manifests = layout.custom_sections(masque_abi::sections::MANIFEST);
    let manifest = match (manifests.next(), manifests.next()) {
        (Some(section), None) => Manifest::from_bytes(&bytes[section.data.clone()])?,
        (Some(_), Some(_)) => return Err(DecodeError::Foreign("it has two manifests")),
        (None, _) => return Err(DecodeError::NoManifest),
    };
    if manifest.core_sha256 != component::sha256_hex(&bytes[core.clone()]) {
        return Err(DecodeError::ManifestMismatch);
    }
    Ok(Component { manifest, core, program, footprint })
}
