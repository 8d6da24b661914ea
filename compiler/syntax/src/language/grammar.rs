//! `grammar/masque.pest` as a parser.

use pest_derive::Parser;

/// The parser of the language; its rules are those of the grammar.
#[derive(Parser)]
#[grammar = "../../grammar/masque.pest"]
pub(crate) struct Grammar;
