//! `masquec` as people run it.

mod blend;
mod console;
mod diff;
mod family;
mod findings;
mod fixes;
mod gallery;
mod layout;
mod pages;
mod proofs;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sha2::{Digest as _, Sha256};

const PERSONAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../personas");

const SMALL: &str =
    "name: Small\nindex: 1\nversion: \"1.0.0\"\nring: guest\nintent:\n  allowed: [\"read *\"]\nlens: Read.\n";

/// An empty folder to work in, and the home of a user.
struct Folder(tempfile::TempDir, tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let empty = || tempfile::tempdir().expect("a temporary folder");
        Self(empty(), empty())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run(self.command(arguments).output().expect("the binary runs"))
    }

    fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
        Run(child.wait_with_output().expect("it ends"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_masquec"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("CLICOLOR_FORCE")
            .env("NO_COLOR", "1")
            .env("MASQUE_HOME", self.1.path());
        command
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Every file below, by its path from here.
    fn files(&self) -> Vec<String> {
        fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(root, &path, found);
                } else {
                    found.push(path.strip_prefix(root).expect("below the root").display().to_string());
                }
            }
        }
        let mut found = Vec::new();
        walk(self.0.path(), self.0.path(), &mut found);
        found.sort();
        found
    }
}

struct Run(Output);

impl Run {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.0.status.code(),
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout(),
            self.stderr()
        );
        self
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "no {text:?} in:\n{}", self.stderr());
        self
    }

    fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

#[test]
fn a_file_is_built_beside_its_source() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    folder.run(&["build", "small.masque.yaml"]).exits(0).says("built 1 masque in");
    assert_eq!(folder.files(), ["small.masque.yaml", "small.wasm"]);
    let component = fs::read(folder.path("small.wasm")).expect("it was written");
    let read = masque_decode::read(&component).expect("it is a component of ours");
    assert_eq!(read.manifest.identity.id, "small");
    assert_eq!(read.program.lens.as_constant().map(str::trim_end), Some("Read."));
}

#[test]
fn folders_globs_and_an_output_folder_keep_the_tree() {
    let second = SMALL.replace("Small", "Second").replace("index: 1", "index: 2");
    let folder = Folder::new()
        .with("in/a/small.masque.yaml", SMALL)
        .with("in/second.masque", &second)
        .with("in/notes.txt", "");
    folder.run(&["build", "in", "-o", "out"]).exits(0).says("built 2 masques");
    assert!(
        folder.path("out/a/small.wasm").exists() && folder.path("out/second.wasm").exists(),
        "{:?}",
        folder.files()
    );
    folder.run(&["build", "in/**/*.yaml", "-o", "globbed"]).exits(0).says("built 1 masque");
    assert!(folder.path("globbed/a/small.wasm").exists(), "{:?}", folder.files());
    folder.run(&["build", "in/a/small.masque.yaml", "-o", "named.wasm"]).exits(0);
    assert!(folder.path("named.wasm").exists());
}

#[test]
fn a_file_that_is_named_in_several_ways_is_one_source() {
    let folder = Folder::new().with("in/small.masque.yaml", SMALL);
    for named in [
        &["./in/*.yaml"][..],
        &["in", "in/*.yaml"],
        &["in/small.masque.yaml", "./in/small.masque.yaml", "in/../in/small.masque.yaml"],
        &[".", "./in"],
    ] {
        let arguments = [&["check"], named].concat();
        folder.run(&arguments).exits(0).says("checked 1 masque: 0 errors");
    }
}

#[test]
fn the_same_source_gives_the_same_bytes_wherever_it_lies() {
    let folder = Folder::new().with("one/small.masque.yaml", SMALL).with("two/deep/small.masque.yaml", SMALL);
    folder.run(&["build", "one/small.masque.yaml"]).exits(0);
    folder.run(&["build", "two/deep/small.masque.yaml"]).exits(0);
    let bytes = |path| fs::read(folder.path(path)).expect("it was written");
    assert_eq!(bytes("one/small.wasm"), bytes("two/deep/small.wasm"));
}

#[test]
fn what_is_unchanged_is_left_alone_and_what_is_damaged_is_not() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    folder.run(&["build", "."]).exits(0).says("built 1 masque in");
    let (stamp, bytes) = (modified(&folder.path("small.wasm")), fs::read(folder.path("small.wasm")).unwrap());
    folder.run(&["build", "."]).exits(0).says("built 0 masques, 1 unchanged");
    assert_eq!(modified(&folder.path("small.wasm")), stamp);

    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    for content in [&damaged[..], &bytes[..bytes.len() - 1], b""] {
        fs::write(folder.path("small.wasm"), content).unwrap();
        folder.run(&["build", "."]).exits(0).says("built 1 masque in");
        assert_eq!(fs::read(folder.path("small.wasm")).unwrap(), bytes);
    }
    fs::write(folder.path("small.masque.yaml"), SMALL.replace("Read.", "Read on.")).unwrap();
    folder.run(&["build", "."]).exits(0).says("built 1 masque in");
}

#[test]
fn code_of_another_time_is_made_again_even_under_the_same_version() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    folder.run(&["build", "."]).exits(0).says("built 1 masque in");
    let bytes = fs::read(folder.path("small.wasm")).unwrap();
    let read = masque_decode::read(&bytes).unwrap();
    // One custom section more in the core module: it does the same, agrees with its manifest, and is not the canonical code.
    let core = [&bytes[read.core], b"\0\x04\x02me!"].concat();
    let mut manifest = read.manifest;
    manifest.core_sha256 = masque_abi::hex(&Sha256::digest(&core));
    fs::write(folder.path("small.wasm"), masque_codegen::Program { core, manifest }.component()).unwrap();
    folder.run(&["build", "."]).exits(0).says("built 1 masque in");
    assert_eq!(fs::read(folder.path("small.wasm")).unwrap(), bytes);
}

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path).expect("it exists").modified().expect("the system keeps times")
}

#[test]
fn warnings_are_seen_on_every_build() {
    let folder = Folder::new().with("small.masque.yaml", SMALL.replace("ring: guest\n", ""));
    for _ in 0..2 {
        folder.run(&["build", "."]).exits(0).says("M0209").says("1 warning");
    }
}

#[test]
fn a_source_with_errors_builds_nothing_and_keeps_what_was_there() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    folder.run(&["build", "."]).exits(0);
    let before = fs::read(folder.path("small.wasm")).unwrap();
    fs::write(folder.path("small.masque.yaml"), "name: Small\nversion: \"1.0.0\"\nring: guset\n").unwrap();
    folder.run(&["build", "."]).exits(1).says("M0107").says("M0201").says("2 errors");
    assert_eq!(fs::read(folder.path("small.wasm")).unwrap(), before);
    assert_eq!(folder.files(), ["small.masque.yaml", "small.wasm"], "nothing half written is left behind");
}

#[test]
fn one_broken_source_does_not_keep_the_others_from_being_built() {
    let folder = Folder::new().with("small.masque.yaml", SMALL).with("broken.masque.yaml", "name: [");
    folder.run(&["build", "."]).exits(1).says("built 1 masque, 1 error");
    assert_eq!(folder.files(), ["broken.masque.yaml", "small.masque.yaml", "small.wasm"]);
}

#[test]
fn two_masques_with_one_index_are_an_error_that_shows_both() {
    let folder =
        Folder::new().with("a.masque.yaml", SMALL).with("b.masque.yaml", SMALL.replace("Small", "Other"));
    for command in ["build", "check", "validate"] {
        folder.run(&[command, "."]).exits(1).says("M0222").says("a.masque.yaml:2:").says("b.masque.yaml:2:");
    }
    assert_eq!(folder.files(), ["a.masque.yaml", "b.masque.yaml"], "what clashes is not written");
}

#[test]
fn every_form_can_be_emitted() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    for (form, file, start) in [
        ("component", "small.wasm", &b"\0asm\x0D\0\x01\0"[..]),
        ("core", "small.core.wasm", b"\0asm\x01\0\0\0"),
        ("wat", "small.wat", b"(component"),
        ("manifest", "small.manifest.json", b"{\n  \"format\": 1"),
    ] {
        folder.run(&["build", ".", "--emit", form]).exits(0);
        let bytes = fs::read(folder.path(file)).expect("it was written");
        assert!(bytes.starts_with(start), "{form}: {:?}", String::from_utf8_lossy(&bytes[..start.len()]));
    }
}

#[test]
fn a_precompiled_masque_is_for_the_target_that_was_named() {
    let folder = Folder::new().with("small.masque.yaml", SMALL);
    folder.run(&["build", ".", "--emit", "cwasm"]).exits(0);
    let here = fs::read(folder.path("small.cwasm")).expect("it was written");
    folder
        .run(&["build", ".", "--emit", "cwasm", "--target", "aarch64-unknown-linux-gnu", "-o", "arm"])
        .exits(0);
    let there = fs::read(folder.path("arm/small.cwasm")).expect("it was written");
    assert_ne!(here, there);
    folder.run(&["build", ".", "--emit", "cwasm", "--target", "toaster"]).exits(2).says("toaster");
    folder.run(&["build", ".", "--target", "aarch64-unknown-linux-gnu"]).exits(2).says("--emit cwasm");
}

#[test]
fn what_can_not_be_done_is_said_with_what_to_do() {
    let folder = Folder::new()
        .with("a/small.masque.yaml", SMALL)
        .with("a/small.mask.json", "{}")
        .with("notes/x.txt", "");
    folder.run(&["build", "missing.masque.yaml"]).exits(2).says("`missing.masque.yaml` does not exist");
    folder.run(&["build", "notes"]).exits(2).says("holds no masque").says("*.masque.yaml");
    folder.run(&["build", "a"]).exits(2).says("would both be written to");
    folder.run(&["build", "a/[z"]).exits(2).says("is no glob");
    folder.run(&["build", "a/*.yaml", "a/*.json", "-o", "one.wasm"]).exits(2).says("there are 2 sources");
    folder.run(&["build"]).exits(2).says("required");
    folder.run(&["build", "a/small.masque.yaml", "--jobs", "0"]).exits(2).says("--jobs");
    assert_eq!(folder.files(), ["a/small.mask.json", "a/small.masque.yaml", "notes/x.txt"]);
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    let folder = Folder::new().with("latin.masque.yaml", b"name: Caf\xE9\nversion: \"1.0.0\"\n");
    folder.run(&["check", "."]).exits(1).says("M0017").says("latin.masque.yaml:1:10");
}

#[test]
fn the_schema_is_the_one_in_the_grammar_folder() {
    let printed = Folder::new().run(&["schema"]).exits(0).stdout();
    let kept =
        fs::read_to_string(Path::new(PERSONAS).join("../grammar/masque.schema.json")).expect("it is kept");
    assert_eq!(printed, kept, "run: cargo run --bin masquec -- schema > grammar/masque.schema.json");
}

#[test]
fn every_persona_builds_without_a_warning() {
    let folder = Folder::new();
    let run = folder.run(&["build", PERSONAS, "-o", "out"]).exits(0);
    assert!(!run.stderr().contains("warning"), "{}", run.stderr());
    assert!(folder.files().len() >= 12);
}

#[test]
fn the_inside_of_a_masque_is_shown() {
    let folder = Folder::new().with("small.masque.yaml", SMALL).with("broken.masque.yaml", "name: [");
    folder.run(&["build", "small.masque.yaml"]).exits(0);
    let inspect = |file| folder.run(&["inspect", file]).exits(0).stdout().replace(file, "FILE");
    assert!(inspect("small.wasm").contains("allow \"read *\""), "{}", inspect("small.wasm"));
    assert_eq!(
        inspect("small.wasm"),
        inspect("small.masque.yaml").replace("source FILE", "source small.masque.yaml")
    );
    let json = folder.run(&["inspect", "small.wasm", "--json"]).exits(0).stdout();
    let report: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(report["manifest"]["identity"]["id"], "small");

    let graph = |file| folder.run(&["graph", file]).exits(0).stdout();
    assert!(graph("small.wasm").starts_with("digraph \"Small 1.0.0"), "{}", graph("small.wasm"));
    assert_eq!(graph("small.wasm"), graph("small.masque.yaml"));
    folder.run(&["graph", "small.wasm", "--format", "svg", "-o", "small.svg"]).exits(0);
    assert!(fs::read(folder.path("small.svg")).expect("it was written").starts_with(b"<svg"));
    for command in ["inspect", "graph"] {
        folder.run(&[command, "broken.masque.yaml"]).exits(2).says("does not compile");
        folder.run(&[command, "nothing.wasm"]).exits(2).says("`nothing.wasm` does not exist");
    }
}

#[test]
fn the_examples_of_the_documents_hold() {
    let prefixes = ["cargo run -q --bin masquec --", "masquec"];
    assert!(console::run_examples(env!("CARGO_BIN_EXE_masquec"), &prefixes) >= 1);
}

#[test]
fn colour_reaches_errors_without_a_source() {
    let folder = Folder::new();
    let error = |color| folder.run(&["--color", color, "build", "nothing"]).exits(2).stderr();
    assert!(error("always").contains('\x1b') && !error("never").contains('\x1b'));
}

#[cfg(unix)]
#[test]
fn an_output_that_can_not_be_written_is_said_and_leaves_nothing() {
    let folder = Folder::new().with("small.masque.yaml", SMALL).with("file", "");
    folder.run(&["build", "small.masque.yaml", "-o", "file/under"]).exits(2).says("can't be written");
    assert_eq!(folder.files(), ["file", "small.masque.yaml"]);
}
