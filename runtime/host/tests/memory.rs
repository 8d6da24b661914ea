//! Resident memory over many loads. Alone in its process, so that nothing else moves the figure.
#![allow(clippy::unwrap_used, reason = "in tests a panic is the failure")]
#![cfg(target_os = "linux")]

mod common;

use common::{compile, limits, pure_lens, session};
use masque_host::{Host, Options};

/// Resident bytes of this process.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[test]
fn ten_thousand_loads_and_unloads_keep_memory_flat() {
    const MIB: usize = 1 << 20;
    // A hundred masques, precompiled so that 10,000 loads take seconds, too many for the memory of the host.
    let host = Host::with_options(limits(), Options { kept: 8, ..Options::default() }).unwrap();
    let sealed: Vec<Vec<u8>> = (0..100)
        .map(|number| compile(&pure_lens(&format!("masque-{number}"), &format!("Lens {number}."))))
        .map(|bytes| host.precompile(&bytes, None).unwrap())
        .collect();
    let round = |times: usize| {
        for number in (0..sealed.len()).cycle().take(times) {
            let masque = host.load(&sealed[number]).unwrap();
            let mut worn = masque.session(session()).unwrap();
            assert_eq!(worn.lens().unwrap(), format!("Lens {number}."));
        }
    };
    round(1000);
    let before = resident();
    round(10_000);
    let after = resident();
    assert!(after < before + 20 * MIB, "{} MiB before, {} MiB after 10,000 loads", before / MIB, after / MIB);
}
