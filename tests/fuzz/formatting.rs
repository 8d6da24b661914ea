//! Any text in its layout: none, or one that stays as it is when it is laid out again and says what the text says.
//!
//! `cargo +nightly fuzz run formatting --fuzz-dir tests/fuzz`; edits of real files run in `cargo test -p masque-syntax`.

#![no_main]

use masque_diagnostics::Sources;
use masque_syntax::ast::Notation;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let id = Sources::new().add("", "");
    for notation in [Notation::Language, Notation::Yaml, Notation::Json] {
        if let Ok(laid_out) = masque_syntax::format(notation, id, text) {
            let again = masque_syntax::format(notation, id, &laid_out);
            assert_eq!(again.as_ref(), Ok(&laid_out), "laid out again, it changes");
        }
    }
});
