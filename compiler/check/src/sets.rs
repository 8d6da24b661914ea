//! Intent sets: those of a file and those of the libraries that it uses, by the paths that the file may call them.

use masque_diagnostics::Spanned;
use masque_ir as ir;

/// The sets that one file may name.
#[derive(Default)]
pub(crate) struct Sets {
    known: Vec<(String, Vec<Member>)>,
}

/// One pattern of a set, with everything that other sets put into it laid flat.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) mode: ir::MatchMode,
    pub(crate) pattern: String,
    /// The pattern's reason, else the set's.
    pub(crate) because: Option<String>,
    /// The set's own path, whatever the file calls it: `std/destructive`.
    pub(crate) set: String,
    /// In the file of the set.
    pub(crate) place: ir::Place,
}

impl Sets {
    /// The patterns of the set at `path`; `None` where there is none, which was reported.
    pub(crate) fn find(&self, path: &Spanned<String>) -> Option<&[Member]> {
        self.known.iter().find(|(name, _)| *name == path.value).map(|(_, members)| members.as_slice())
    }
}
