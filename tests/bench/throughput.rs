//! `masquec build` as a whole process: one file, ten thousand files, ten thousand files with nothing to do.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::sources;
use crate::stopwatch::median;

pub(crate) fn run() {
    let masquec = released_masquec();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let homelab = concat!(env!("CARGO_MANIFEST_DIR"), "/../../personas/homelab.masque.yaml");
    let target = folder.path().join("homelab.wasm");
    let times = (0..30)
        .map(|_| {
            std::fs::remove_file(&target).ok();
            time(&masquec, &[homelab, "-o", &target.to_string_lossy()])
        })
        .collect();
    println!("  one file, whole process: {:.1} ms", median(times) * 1e3);

    let (personas, compiled) = (folder.path().join("personas"), folder.path().join("compiled"));
    std::fs::create_dir(&personas).expect("a folder");
    for (index, word) in sources::words(10_000, 3).iter().enumerate() {
        let number = index + 1;
        std::fs::write(personas.join(format!("{word}.masque.yaml")), persona(word, number)).expect("a file");
    }
    let arguments = [personas.to_string_lossy(), "-o".into(), compiled.to_string_lossy()];
    let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
    println!("  10,000 files: {:.2} s", time(&masquec, &arguments));
    let again = (0..5).map(|_| time(&masquec, &arguments)).collect();
    println!("  10,000 files, nothing to do: {:.2} s", median(again));
}

/// Builds the release binary, so that the measured one is never an old one. Built along with this package it shares its dependencies.
fn released_masquec() -> PathBuf {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "-p", "masquec", "-p", "masque-bench"])
        .current_dir(root)
        .status();
    assert!(status.expect("cargo runs this program").success(), "masquec does not build");
    // The target directory may be set elsewhere; our own binary lies there too.
    let own = std::env::current_exe().expect("this program has a path");
    own.with_file_name("masquec")
}

/// Seconds of one run.
fn time(masquec: &Path, arguments: &[&str]) -> f64 {
    let started = Instant::now();
    let status = Command::new(masquec).args(["build", "--quiet"]).args(arguments).status();
    assert!(status.expect("the binary was just built").success(), "the generated personas compile");
    started.elapsed().as_secs_f64()
}

fn persona(word: &str, number: usize) -> String {
    format!(
        "name: {word}\nindex: {number}\nversion: \"1.{number}.0\"\nring: player\n\n\
         attributes:\n  domain: {word}\n  tagline: \"keeps {word} going\"\n\n\
         skills:\n  - uri: skill://craft/{word}\n    level: competent\n\n\
         intent:\n  allowed:\n    - \"deploy {word} *\"\n    - \"debug *\"\n    - \"investigate *\"\n    - \"inspect {word}\"\n\
         \x20 denied:\n    - \"delete *\"\n    - \"destroy *\"\n    - \"* production {word} *\"\n\n\
         knowledge:\n  - mcp://{word}-inventory\n  - mcp://{word}-runbooks\n\n\
         access:\n  vault_role: {word}-operator\n  ttl: PT15M\n\n\
         context: |\n  The team behind {word} is small and likes quiet nights.\n\n\
         lens: |\n  Look before you act on {word}. Prefer the smaller change.\n  Write down what you did and why.\n"
    )
}
