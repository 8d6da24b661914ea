//! A component that was made by hand in another language: Python, through `componentize-py` of PyPI.
//!
//! Whether the tool can be had shows only while this runs. Where it can't, the test is reported as ignored, with the reason; a tool
//! that is there and fails is a failure.

#![allow(clippy::unwrap_used, reason = "in tests a panic is the failure")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use common::session;
use libtest_mimic::{Arguments, Trial};
use masque_host::{
    CallError, Decision, Foreign, Grant, Host, JudgeError, Limits, LoadError, Options, Ring, Ttl, abi,
};
use sha2::{Digest as _, Sha256};
use wasmparser::{Parser, Payload};

/// The tool, in the version that the test was written with.
const TOOL: &str = "componentize-py==0.25.1";

fn main() -> ExitCode {
    const NAME: &str = "a_component_written_in_python_answers_where_the_caller_opts_in";
    let arguments = Arguments::from_args();
    // Whoever asks for names alone does not wait for tools.
    let built = if arguments.list { Err(Unbuilt::Tools("not looked for".to_owned())) } else { build() };
    let trial = match built {
        Ok(component) => Trial::test(NAME, move || {
            answers_where_the_caller_opts_in(&std::fs::read(component)?);
            Ok(())
        }),
        Err(Unbuilt::Tools(reason)) if arguments.list => Trial::test(NAME, || Err(reason.into())),
        Err(Unbuilt::Tools(reason)) => {
            eprintln!("skipped: {TOOL} can't be had: {reason}");
            let kind = format!("skipped: {TOOL} can't be had");
            Trial::test(NAME, || Err(reason.into())).with_kind(kind).with_ignored_flag(true)
        }
        Err(Unbuilt::Component(reason)) => Trial::test(NAME, || Err(reason.into())),
    };
    libtest_mimic::run(&arguments, vec![trial]).exit_code()
}

fn answers_where_the_caller_opts_in(bytes: &[u8]) {
    // What the caller must raise: the component's size, memory and table, and the time that a language runtime takes to start.
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

    assert!(matches!(host(Foreign::Refuse).load(bytes), Err(LoadError::Foreign { .. })));
    assert!(matches!(host(Foreign::WithoutImports).load(bytes), Err(LoadError::Gate(_))));

    let masque = host(Foreign::WithWasi).load(bytes).unwrap();
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

/// Why there is no component.
enum Unbuilt {
    /// Python or the tool can't be had here.
    Tools(String),
    /// The tool was there and made nothing.
    Component(String),
}

/// Builds the component once for each state of its inputs.
fn build() -> Result<PathBuf, Unbuilt> {
    let failed = |error: std::io::Error| Unbuilt::Component(error.to_string());
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let source = std::fs::read(sources.join("gardener.py")).map_err(failed)?;
    let inputs = Sha256::new().chain_update(source).chain_update(abi::WIT).chain_update(TOOL).finalize();
    let id = abi::hex(&inputs[..8]);
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let component = directory.join(format!("gardener-{id}.wasm"));
    if component.exists() {
        return Ok(component);
    }
    let work = tempfile::tempdir_in(directory).map_err(failed)?;
    let tools = install(&work.path().join("venv")).map_err(Unbuilt::Tools)?;
    let wit = work.path().join("masque.wit");
    std::fs::write(&wit, world()).map_err(failed)?;
    let built = work.path().join("gardener.wasm");
    let mut componentize = Command::new(tools.join("componentize-py"));
    componentize
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["--quiet", "--world", abi::WORLD, "--wit-path"])
        .arg(&wit)
        .arg("componentize")
        .arg("--python-path")
        .arg(&sources)
        .args(["gardener", "--output"])
        .arg(&built);
    run(&mut componentize).map_err(Unbuilt::Component)?;
    let mut bytes = std::fs::read(&built).map_err(failed)?;
    rename_export(&mut bytes);
    std::fs::write(&built, bytes).map_err(failed)?;
    // In one step, for tests that run at the same time.
    std::fs::rename(&built, &component).map_err(failed)?;
    Ok(component)
}

/// Puts the tool into a new virtual environment and gives the folder of its programs.
fn install(environment: &Path) -> Result<PathBuf, String> {
    run(Command::new("python3").arg("-m").arg("venv").arg(environment))?;
    let programs = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    run(Command::new(programs.join("pip")).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        TOOL,
    ]))?;
    Ok(programs)
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
