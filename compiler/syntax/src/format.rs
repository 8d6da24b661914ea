//! One layout for every source: the same text in, whoever wrote it.
//!
//! Only white space, commas and line breaks between tokens change; every token, every comment and every order stays. So a formatted
//! source means what it meant, and a text is never damaged: what can't be laid out safely is left alone and said.
//!
//! What does not live here: making a text of a tree (`print`), and whether a source is any good (`check`).

mod json;
mod language;
mod layout;
mod yaml;

use masque_diagnostics::{Diagnostic, SourceId, Span};

use crate::ast::Notation;
use crate::findings::Findings;
use crate::problems;

/// The columns that a line should not go past.
pub const WIDTH: usize = 100;

/// Why a source was not laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFormatted {
    /// It can't be read; reading it says why.
    Unreadable,
    /// It holds something whose layout is not known, at this place.
    Unknown {
        /// What it is.
        what: &'static str,
        /// Where it is.
        place: Span,
    },
}

impl NotFormatted {
    /// The finding about it; `None` where reading the source says more.
    pub fn finding(&self) -> Option<Diagnostic> {
        match self {
            Self::Unreadable => None,
            Self::Unknown { what, place } => Some(problems::no_layout(what, *place)),
        }
    }
}

/// Lays a source out. The result ends in a line break, and laying it out again changes nothing.
///
/// # Errors
/// When the source can't be read, or holds something that has no layout here; it should be left as it is then.
pub fn format(notation: Notation, source: SourceId, text: &str) -> Result<String, NotFormatted> {
    if text.len() > crate::MAX_SOURCE_BYTES {
        return Err(NotFormatted::Unreadable);
    }
    let mut findings = Findings::new(source);
    match notation {
        Notation::Language => language::format(source, text, &mut findings),
        Notation::Yaml => yaml::format(text, &mut findings),
        Notation::Json => json::format(text, &mut findings),
    }
}
