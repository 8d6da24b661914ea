//! `grammar/tree-sitter-masque` as a library, for its tests.
//!
//! Editors load that grammar; the compiler does not read it. `grammar/masque.pest` is what the language is, and the tests here hold one to
//! the other.

#![allow(unsafe_code, reason = "the generated parser is C")]

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_masque() -> *const ();
}

/// The language as tree-sitter parses it.
// SAFETY: the generated function gives a pointer to static tables, which is what `LanguageFn` asks for.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_masque) };
