//! The masque language.

use crate::ast;
use crate::findings::Findings;

/// Reads a file of the language.
pub(crate) fn read(_text: &str, _findings: &mut Findings) -> Option<ast::Document> {
    None
}
