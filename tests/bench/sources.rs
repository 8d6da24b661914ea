//! Masques for the contests.

use std::fmt::Write as _;

use masque_codegen::Program;
use masque_diagnostics::Sources;

use crate::peers::Rules;

/// The rules as a masque that takes its globs literally, as the peers do.
pub(crate) fn exact(rules: &Rules) -> Program {
    let mut text =
        "name: Contestant\nindex: 1\nversion: \"1.0.0\"\nring: player\nintent:\n  match: exact\n".to_owned();
    for (key, globs) in [("allowed", &rules.allow), ("denied", &rules.deny)] {
        writeln!(text, "  {key}:").expect("a string takes everything");
        for glob in globs {
            writeln!(text, "    - \"{glob}\"").expect("a string takes everything");
        }
    }
    text.push_str("lens: Judge.\n");
    compile("contestant.masque.yaml", &text)
}

/// Compiles a source that is known to be free of errors.
pub(crate) fn compile(name: &str, text: &str) -> Program {
    let mut sources = Sources::new();
    let id = sources.add(name, text);
    let mut analysed = masquec::compile::analyse(&mut sources, id, &masquec::library::Library::standard());
    let program = masquec::compile::generate(&mut analysed);
    program.unwrap_or_else(|| panic!("{name}: {:?}", analysed.diagnostics.into_sorted()))
}

/// Word-like words, each of its own: consonants and vowels in turn, drawn by a fixed generator.
pub(crate) fn words(count: usize, seed: u64) -> Vec<String> {
    let mut state = seed;
    let mut draw = move |limit: usize| {
        // Knuth's MMIX generator; the high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits fit") % limit
    };
    let (consonants, vowels) = (b"bcdfghklmnprstvw", b"aeiou");
    let mut words = std::collections::BTreeSet::new();
    while words.len() < count {
        let length = 5 + draw(6);
        let letter = |at: usize, draw: &mut dyn FnMut(usize) -> usize| match at % 2 {
            0 => char::from(consonants[draw(consonants.len())]),
            _ => char::from(vowels[draw(vowels.len())]),
        };
        words.insert((0..length).map(|at| letter(at, &mut draw)).collect());
    }
    words.into_iter().collect()
}
