//! `masquec check --fix`: applies the fixes that need nobody to look at them, and checks again.

use std::path::Path;

use masque_diagnostics::{SourceId, Sources, apply_fixes};

use crate::compile;
use crate::library::Library;

/// How often a source is fixed and checked again: a fix may bring another finding to light.
const MOST_ROUNDS: usize = 10;

/// A source after its fixes.
pub(crate) struct Repaired {
    pub(crate) text: String,
    /// What was done, in order.
    pub(crate) applied: Vec<String>,
}

/// Fixes a source as far as that goes; `None` where there is nothing to fix.
pub(crate) fn repair(path: &Path, bytes: &[u8], library: &Library, with_unsafe: bool) -> Option<Repaired> {
    let name = path.display().to_string();
    let mut text = String::from_utf8(bytes.to_vec()).ok()?;
    let mut applied = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let compiled = compile::compile(name.clone(), text.clone().into_bytes(), library);
        let Some(fixed) = apply_fixes(compiled.id, &text, &compiled.found, with_unsafe) else { break };
        // What a fix leaves must be readable where it was before.
        if reads(&name, &text) && !reads(&name, &fixed.text) {
            break;
        }
        text = fixed.text;
        applied.extend(fixed.applied);
    }
    (!applied.is_empty()).then_some(Repaired { text, applied })
}

fn reads(name: &str, text: &str) -> bool {
    let mut sources = Sources::new();
    let id: SourceId = sources.add(name, "");
    masque_syntax::parse(id, name, text).document.is_some()
}
