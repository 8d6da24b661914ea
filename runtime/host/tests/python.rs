//! A component that was made by hand in another language: Python, through `componentize-py` of PyPI.
//!
//! Where that tool can't be installed the test says `skipped: …` with the reason on standard error, whatever is captured.

#![allow(clippy::unwrap_used, reason = "in tests a panic is the failure")]

mod common;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use common::session;
use masque_host::{
    CallError, Decision, Foreign, Grant, Host, JudgeError, Limits, LoadError, Options, Ring, Ttl, abi,
};
use sha2::{Digest as _, Sha256};
use wasmparser::{Parser, Payload};

/// The tool, in the version that the test was written with.
const TOOL: &str = "componentize-py==0.25.1";

#[test]
fn a_component_written_in_python_answers_where_the_caller_opts_in() {
    let bytes = match build() {
        Ok(path) => std::fs::read(path).unwrap(),
        Err(reason) => {
            // Past the test harness's capture: a skipped test must be seen.
            let _ = writeln!(std::io::stderr(), "skipped: the component in Python was not built: {reason}");
            return;
        }
    };
    // What the caller must raise: the size of the component and its memory. The rest are the defaults.
    let limits = || Limits {
        wasm_bytes: 48 << 20,
        memory_bytes: 128 << 20,
        table_elements: 50_000,
        fuel: 2_000_000_000,
        deadline: Duration::from_secs(20),
        instances: 4,
        ..Limits::default()
    };
    // Compiling 18 MB takes a while: the cache keeps the code for the next run.
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("host-cache");
    let host = |foreign| {
        let options = Options { foreign, cache: Some(cache.clone()), ..Options::default() };
        Host::with_options(limits(), options).unwrap()
    };

    assert!(matches!(host(Foreign::Refuse).load(&bytes), Err(LoadError::Foreign { .. })));
    assert!(matches!(host(Foreign::WithoutImports).load(&bytes), Err(LoadError::Gate(_))));

    let masque = host(Foreign::WithWasi).load(&bytes).unwrap();
    let mut worn = masque.session(session()).unwrap();
    for (intent, decision) in [
        ("water the tomatoes", Decision::Allowed),
        ("WATER the ｔｏｍａｔｏｅｓ", Decision::Allowed),
        ("uproot the hedge", Decision::Denied),
        ("paint the shed", Decision::Unmatched),
    ] {
        assert_eq!(worn.judge(intent), Ok(decision), "{intent}");
        assert_eq!(masque.validate_intent(intent, &session()), Ok(decision), "{intent}");
    }
    let guest = abi::Session { ring: Ring::Guest, ..session() };
    assert_eq!(masque.validate_intent("water the tomatoes", &guest), Ok(Decision::Unmatched));
    assert_eq!(worn.knowledge().unwrap(), ["wiki://garden", "file:///beete/überblick"]);
    let grant = |role: &str, ttl| Grant { provider: "vault".to_owned(), role: role.to_owned(), ttl };
    assert_eq!(worn.access().unwrap(), [grant("gardener", Ttl::Session), grant("agent-7", Ttl::Seconds(60))]);
    assert_eq!(worn.context().unwrap(), "zone=eu, empty=, wide=ä🚀");
    assert_eq!(worn.lens().unwrap(), "Think in seasons, agent-7. 🌱");

    let endless = worn.judge("dig forever").unwrap_err();
    let contained = |error: &CallError| matches!(error, CallError::OutOfFuel { .. } | CallError::Deadline(_));
    assert!(matches!(&endless, JudgeError::Failed(error) if contained(error)), "{endless}");
    let outside = worn.judge("go outside").unwrap_err();
    assert!(matches!(&outside, JudgeError::Failed(CallError::Trap(_) | CallError::Abi(_))), "{outside}");
    assert_eq!(worn.judge("water the tomatoes"), Ok(Decision::Allowed), "the session goes on");
}

/// Builds the component once for each state of its inputs.
fn build() -> Result<PathBuf, String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let source = std::fs::read(sources.join("gardener.py")).map_err(|error| error.to_string())?;
    let inputs = Sha256::new().chain_update(source).chain_update(abi::WIT).chain_update(TOOL).finalize();
    let id: String = inputs[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let component = directory.join(format!("gardener-{id}.wasm"));
    if component.exists() {
        return Ok(component);
    }
    let work = tempfile::tempdir_in(directory).map_err(|error| error.to_string())?;
    let environment = work.path().join("venv");
    run(Command::new("python3").arg("-m").arg("venv").arg(&environment))?;
    let tools = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    run(Command::new(tools.join("pip")).args(["install", "--quiet", "--disable-pip-version-check", TOOL]))?;
    let wit = work.path().join("masque.wit");
    std::fs::write(&wit, world()).map_err(|error| error.to_string())?;
    let built = work.path().join("gardener.wasm");
    run(Command::new(tools.join("componentize-py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["--quiet", "--world", abi::WORLD, "--wit-path"])
        .arg(&wit)
        .arg("componentize")
        .arg("--python-path")
        .arg(&sources)
        .args(["gardener", "--output"])
        .arg(&built))?;
    let mut bytes = std::fs::read(&built).map_err(|error| error.to_string())?;
    rename_export(&mut bytes);
    std::fs::write(&built, bytes).map_err(|error| error.to_string())?;
    // In one step, for tests that run at the same time.
    std::fs::rename(&built, &component).map_err(|error| error.to_string())?;
    Ok(component)
}

/// The name of the world's `access` while componentize-py links: the C library that it links with has a function `access`, and the
/// linker takes the two for one. Both names have six letters.
const OTHER_NAME: &str = "grants";

fn world() -> String {
    let world = abi::WIT.replace("export access:", &format!("export {OTHER_NAME}:"));
    assert_ne!(world, abi::WIT);
    world
}

/// Gives `access` its name back, in the outermost component's exports.
fn rename_export(bytes: &mut [u8]) {
    let mut depth = 0_u32;
    let mut exports = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentExportSection(section) if depth == 0 => exports.push(section.range()),
            _ => {}
        }
    }
    for range in exports {
        let section = &mut bytes[range.start as usize..range.end as usize];
        let name = section.windows(OTHER_NAME.len()).position(|window| window == OTHER_NAME.as_bytes());
        if let Some(at) = name {
            section[at..at + OTHER_NAME.len()].copy_from_slice(b"access");
        }
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message");
    Err(format!("{} failed: {last}", command.get_program().display()))
}
