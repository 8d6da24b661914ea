//! One file of a family, checked by itself: what it says, and nothing of what its parent says. `compose` makes one masque of the
//! parts of a chain.
//!
//! Places are those of the file; conditions and parameters are positions in the chain's [`Logic`](crate::logic::Logic).

use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;

use crate::intent::Placed;

/// What one file says. What was left out, or reported, is `None` or empty.
#[derive(Default)]
pub(crate) struct Part {
    /// `id`, else the slug of the name.
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) index: Option<u64>,
    pub(crate) version: Option<Spanned<ir::Version>>,
    pub(crate) ring: Option<Spanned<ir::Ring>>,
    pub(crate) intent: Option<IntentPart>,
    pub(crate) context: Option<ir::Template>,
    pub(crate) lens: Option<ir::Template>,
    pub(crate) knowledge: Vec<ir::Guarded<String>>,
    /// `None` where the file has no `access`. The span is that of one grant.
    pub(crate) access: Option<Vec<Spanned<ir::Guarded<ir::Grant>>>>,
    pub(crate) about: ir::About,
    pub(crate) ensures: Vec<ir::Ensure>,
    pub(crate) tests: Vec<ir::Expectation>,
}

/// The `intent` block of one file.
pub(crate) struct IntentPart {
    pub(crate) clauses: ir::Clauses,
    /// `allow`: instead of the parent's. `None` where the file has none.
    pub(crate) allowed: Option<Vec<Placed>>,
    /// `allow also`.
    pub(crate) also_allowed: Vec<Placed>,
    pub(crate) denied: Vec<Placed>,
    /// The block.
    pub(crate) span: Span,
}
