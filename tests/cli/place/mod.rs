//! A home and a project of its own for a test of the real binary.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A project with personas of this repository, and a user who has never used masques.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let personas = place.project().join("personas");
        std::fs::create_dir_all(&personas).unwrap();
        for name in ["homelab.masque.yaml", "reviewer.masque.yaml"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../personas").join(name);
            std::fs::copy(from, personas.join(name)).unwrap();
        }
        place
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.0.path().join("project")
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.0.path().join("home")
    }

    /// A command of the shell that finds `masque` as a user does.
    pub(crate) fn shell(&self, script: &str) -> Command {
        let folder = Path::new(env!("CARGO_BIN_EXE_masque")).parent().unwrap();
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
        let mut command = self.command("sh", &["-c", script]);
        command.env("PATH", path);
        command
    }

    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.project())
            .env("MASQUE_HOME", self.home())
            .env("USER", "ada");
        for variable in ["MASQUE_AGENT", "MASQUE_SESSION", "MASQUE_PATH", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn masque(&self, arguments: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_masque"), arguments).output().unwrap()
    }

    /// What the binary does with a text on standard input.
    pub(crate) fn fed(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(env!("CARGO_BIN_EXE_masque"), arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // One that does not read it to its end has decided by then.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    #[track_caller]
    pub(crate) fn says(&self, arguments: &[&str], status: i32) -> String {
        expect(&self.masque(arguments), status)
    }

    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str], status: i32) -> Value {
        serde_json::from_str(&self.says(&[arguments, &["--json"]].concat(), status)).unwrap()
    }

    #[track_caller]
    pub(crate) fn don(&self, more: &[&str]) -> Value {
        self.json(&[&["don", "homelab", "--intent", "deploying monitoring"], more].concat(), 0)
    }

    /// The journal's events, the latest last.
    pub(crate) fn events(&self) -> Vec<Value> {
        let shown = self.says(&["audit", "show", "--json"], 0);
        shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[track_caller]
pub(crate) fn expect(output: &Output, status: i32) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "\n--- out\n{out}\n--- err\n{err}");
    out
}

/// What an error says, in one line and without its frame.
pub(crate) fn said(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
