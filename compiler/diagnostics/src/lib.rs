//! The lowest crate of the compiler: sources, spans, diagnostics with labels and fixes, the catalogue of codes, and "did you mean".
//!
//! What does not live here: rendering (`report`), anything that knows YAML, masques or an editor, and anything that reads a file.

mod allowance;
pub mod codes;
mod diagnostic;
mod fixes;
mod levels;
mod source;
mod suggest;

pub use allowance::allow_by_comments;
pub use codes::Code;
pub use diagnostic::{Applicability, Diagnostic, Diagnostics, Edit, Fix, Label, Reported, Severity};
pub use fixes::{Fixed, apply_fixes};
pub use levels::{Level, Levels, Selector, unknown_code};
pub use source::{LineColumn, Source, SourceId, Sources, Span, Spanned};
pub use suggest::{distance, nearest};
