//! Millions of generated (rule set, intent) pairs, decided three ways: by the automaton, by `explain`, and by globset.

#[path = "support/check.rs"]
mod check;

/// Rule sets, each with up to 400 intents.
const CASES: u64 = 14_000;

/// Two halves, so that two cores share the work.
fn run(seeds: std::ops::Range<u64>) {
    let mut data = vec![0; 2400];
    let mut decided = 0;
    for seed in seeds {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for byte in &mut data {
            // G. Marsaglia, "Xorshift RNGs", 2003.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
        decided += check::check(&data);
    }
    assert!(decided > 1_000_000, "only {decided} intents were decided");
}

#[test]
fn automata_decide_like_globset() {
    run(0..CASES / 2);
}

#[test]
fn automata_decide_like_globset_too() {
    run(CASES / 2..CASES);
}
