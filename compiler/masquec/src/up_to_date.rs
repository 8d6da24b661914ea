//! Whether a component on disk is what a source would compile to now.
//!
//! There is no record beside the files: a component names the digest of its source and of its own program, and the compiler's
//! version stands in its producers. Its code is compared with the code that would be generated now, since that may change within a
//! version. A source that gave warnings is compiled again, so that they are seen again.

use masque_abi::{Manifest, hex};
use masque_codegen::Program;
use sha2::{Digest, Sha256};

/// The manifest of `component` if compiling `text` from a file named `file` would give these bytes again.
pub(crate) fn manifest_if_current(component: &[u8], file: &str, text: &[u8]) -> Option<Manifest> {
    // Demands the canonical code, and the digest of the core module that the manifest gives.
    let read = masque_decode::read(component).ok()?;
    let source = &read.manifest.source;
    // What it inherits may have changed.
    let alone = read.manifest.inherited.is_empty();
    let fresh =
        alone && source.warnings == 0 && source.file == file && source.sha256 == hex(&Sha256::digest(text));
    if !fresh {
        return None;
    }
    // Everything around the core module has to be what this compiler writes around it.
    let program = Program { core: component[read.core].to_vec(), manifest: read.manifest };
    (program.component() == component).then_some(program.manifest)
}
