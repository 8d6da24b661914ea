//! Bytes of compiled masques by part. OPA compiles an empty policy to about 116 KiB.

use std::path::Path;

use crate::sources;

pub(crate) fn run() {
    println!(
        "  {:<24} {:>6} {:>8} {:>9} {:>7} {:>9} {:>7}",
        "bytes", "wiring", "code", "automata", "texts", "manifest", "bare"
    );
    let personas = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../personas"));
    let mut files: Vec<_> = std::fs::read_dir(personas)
        .expect("the personas are part of the project")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| masquec::compile::is_source(path))
        .collect();
    files.sort();
    for path in files {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a persona can be read");
        let component = sources::compile(&name, &text).component();
        let decoded = masque_decode::read(&component).expect("our own component is canonical");
        let layout = masque_decode::layout(&component).expect("our own component is whole");
        let manifest: usize =
            layout.custom_sections(masque_abi::sections::MANIFEST).map(|section| section.whole.len()).sum();
        let footprint = decoded.footprint;
        // Without texts and manifest: what the sandbox and the rules cost.
        let bare = component.len() - footprint.texts - manifest;
        println!(
            "  {name:<24} {:>6} {:>8} {:>9} {:>7} {manifest:>9} {bare:>7}",
            layout.shell_size(),
            footprint.code,
            footprint.automata,
            footprint.texts
        );
    }
}
