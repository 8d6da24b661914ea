//! Whether a component on disk is what a source would compile to now.
//!
//! There is no record beside the files: a component names the digest of its source and of its own program, and the compiler's
//! version stands in its producers. A source that gave warnings is compiled again, so that they are seen again.

use masque_abi::Manifest;
use masque_abi::sections::{MANIFEST, PRODUCERS};
use sha2::{Digest, Sha256};

/// The manifest of `component` if compiling `text` from a file named `file` would give these bytes again.
pub(crate) fn manifest_if_current(component: &[u8], file: &str, text: &[u8]) -> Option<Manifest> {
    let layout = masque_decode::layout(component).ok()?;
    let mut manifests = layout.custom_sections(MANIFEST);
    let section = manifests.next().filter(|_| manifests.next().is_none())?;
    let manifest = Manifest::from_bytes(&component[section.data.clone()]).ok()?;
    let core = &component[layout.core.clone()?];

    let source = &manifest.source;
    let fresh = source.warnings == 0 && source.file == file && source.sha256 == sha256(text);
    let whole = manifest.core_sha256 == sha256(core) && wrapped_alike(component, core, &manifest);
    (fresh && whole && layout.custom_sections(PRODUCERS).count() == 1).then_some(manifest)
}

/// Whether everything around the core module is what this compiler writes around it.
fn wrapped_alike(component: &[u8], core: &[u8], manifest: &Manifest) -> bool {
    masque_codegen::Program { core: core.to_vec(), manifest: manifest.clone() }.component() == component
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
