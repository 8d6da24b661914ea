//! Any bytes as a file of the masque language: an answer, no panic, and every place inside of the text.
//!
//! `cargo +nightly fuzz run language --fuzz-dir tests/fuzz`; edits of a real file run in `cargo test -p masque-syntax`.

#![no_main]

use masque_diagnostics::Sources;
use masque_syntax::ast::Notation;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    let id = sources.add("a.masque", text);
    let parsed = masque_syntax::parse_as(Notation::Language, id, text);
    assert!(parsed.document.is_some() || parsed.diagnostics.has_errors(), "nothing read and nothing said");
    for found in parsed.diagnostics.iter() {
        assert!(text.get(found.primary.span.range()).is_some(), "{found:#?}");
    }
});
