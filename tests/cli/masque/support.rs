//! Running the command, and files to run it on.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use masque_diagnostics::Sources;
use serde_json::Value;

pub(crate) const HOMELAB: &str = "personas/homelab.masque.yaml";

/// Runs `masque` at the root of the project, as the README's reader does.
pub(crate) fn masque(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary was built")
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masque"));
    command.args(arguments).current_dir(root());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// What an error says, in one line and without its frame.
pub(crate) fn said(output: &Output) -> String {
    text(&output.stderr).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
pub(crate) fn expect(output: &Output, status: i32) -> String {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "\n--- out\n{out}\n--- err\n{err}");
    out
}

#[track_caller]
pub(crate) fn json(arguments: &[&str], status: i32) -> Value {
    serde_json::from_str(&expect(&masque(arguments), status)).unwrap()
}

/// What `masquec build` would write.
pub(crate) fn compiled(source: &str, name: &str) -> Vec<u8> {
    let mut sources = Sources::new();
    let id = sources.add(name, source);
    let mut analysed = masquec::compile::analyse(&mut sources, id, &masquec::library::Library::standard());
    masquec::compile::generate(&mut analysed).expect("the source has no errors").component()
}

/// A directory with files in it.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn add(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// The place where a piece of a source stands, as messages give it.
pub(crate) fn place_of(source: &str, piece: &str) -> (u64, u64) {
    let at = source.find(piece).unwrap();
    let line = source[..at].matches('\n').count() + 1;
    let column = source[..at].chars().rev().take_while(|&c| c != '\n').count() + 1;
    (line as u64, column as u64)
}

pub(crate) fn homelab() -> String {
    std::fs::read_to_string(root().join(HOMELAB)).unwrap()
}
