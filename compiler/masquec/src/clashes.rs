//! What only several sources together can show: one index or one reference for two masques.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use masque_abi::Manifest;
use masque_diagnostics::Sources;
use masque_syntax::ast::Document;

use crate::examine::{self, Findings};
use crate::terminal::Terminal;

/// What tells one masque from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    index: Option<u64>,
    reference: (String, String),
}

impl From<&Manifest> for Known {
    fn from(manifest: &Manifest) -> Self {
        let identity = &manifest.identity;
        Self { index: identity.index, reference: (identity.id.clone(), identity.version.clone()) }
    }
}

/// Finds masques that can't stand side by side, and the paths of all of them. Only those are read again, so that the message can
/// show every place.
pub(crate) fn find(known: &[(&Path, Known)], terminal: &Terminal) -> (Findings, BTreeSet<PathBuf>) {
    let (mut by_index, mut by_reference) = (BTreeMap::new(), BTreeMap::new());
    let mut clashing = BTreeSet::new();
    for (path, identity) in known {
        let same_index = identity.index.and_then(|index| by_index.insert(index, *path));
        let same_reference = by_reference.insert(&identity.reference, *path);
        for other in [same_index, same_reference].into_iter().flatten() {
            clashing.extend([other.to_owned(), path.to_path_buf()]);
        }
    }
    let mut sources = Sources::new();
    let mut trees = Vec::new();
    for path in &clashing {
        let text = examine::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(text) = text {
            let id = sources.add(path.display().to_string(), text);
            let name = path.display().to_string();
            if let Some(Document::Masque(tree)) =
                masque_syntax::parse(id, &name, sources.get(id).text()).document
            {
                trees.push((id, tree));
            }
        }
    }
    let found = masque_check::check_together(trees.iter().map(|(id, tree)| (sources.get(*id), &**tree)));
    (Findings::new(terminal, &sources, &found.into_sorted()), clashing)
}
