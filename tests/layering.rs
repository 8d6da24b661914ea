//! Holds the arrows of ARCHITECTURE.md over `cargo metadata`, dev-dependencies apart.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Which crates of the workspace each crate may name in its dependencies.
const ARROWS: &[(&str, &[&str])] = &[
    ("masque-diagnostics", &[]),
    ("masque-automata", &[]),
    ("masque-ir", &[]),
    ("masque-abi", &[]),
    ("masque-syntax", &["masque-diagnostics"]),
    ("masque-report", &["masque-diagnostics"]),
    ("masque-ide", &["masque-automata", "masque-diagnostics", "masque-syntax"]),
    ("masque-check", &["masque-automata", "masque-diagnostics", "masque-ir", "masque-syntax"]),
    ("masque-codegen", &["masque-abi", "masque-automata", "masque-ir"]),
    ("masque-decode", &["masque-abi", "masque-automata"]),
    ("masque-proof", &["masque-abi", "masque-automata", "masque-decode", "masque-ir"]),
    ("masque-host", &["masque-abi", "masque-automata", "masque-decode"]),
    ("masque-session", &["masque-abi"]),
    ("masque-access", &["masque-session"]),
    ("masque-store", &["masque-session"]),
    (
        "masquec",
        &[
            "masque-abi",
            "masque-automata",
            "masque-check",
            "masque-codegen",
            "masque-decode",
            "masque-diagnostics",
            "masque-host",
            "masque-ide",
            "masque-ir",
            "masque-proof",
            "masque-report",
            "masque-syntax",
        ],
    ),
    (
        "masque",
        &[
            "masque-abi",
            "masque-access",
            "masque-automata",
            "masque-check",
            "masque-codegen",
            "masque-decode",
            "masque-diagnostics",
            "masque-host",
            "masque-proof",
            "masque-report",
            "masque-session",
            "masque-store",
            "masque-syntax",
            "masquec",
        ],
    ),
];

/// What no compiler crate but masquec may reach, however far down.
const OUTSIDE: &[&str] = &[
    "wasmtime", "tokio", "mio", "socket2", "reqwest", "hyper", "rustls", "ureq", "rusqlite", "notify",
    "tempfile",
];

/// Libraries that only these crates may name.
const KEPT: &[(&str, &[&str])] = &[
    ("codespan-reporting", &["masque-report"]),
    ("granit-parser", &["masque-syntax"]),
    ("pest", &["masque-syntax"]),
    ("wasmtime", &["masque-host"]),
    ("miette", &["masquec", "masque"]),
    ("clap", &["masquec", "masque"]),
    ("wit-component", &["masque-codegen"]),
    ("rusqlite", &["masque-store"]),
    ("biscuit-auth", &["masque-access"]),
    ("ed25519-dalek", &["masque-session"]),
    ("lsp-server", &["masquec"]),
    ("lsp-types", &["masquec"]),
    ("rustls", &["masquec"]),
    ("ureq", &["masquec"]),
];

/// What crosses crates or stands outside the product: bound by no arrow.
const FREE: &[&str] = &["masque-tests", "masque-bench", "masque-fuzz", "masque-syntaxtree"];

/// Every package with the packages that it needs to run.
struct Graph {
    workspace: BTreeSet<String>,
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--locked"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .expect("cargo runs this test");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
        let list = |value: &Value| value.as_array().expect("a list").clone();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let names: BTreeMap<String, String> = list(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let workspace =
            list(&metadata["workspace_members"]).iter().map(|id| names[&text(id)].clone()).collect();
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let needed = edges.entry(names[&text(&node["id"])].clone()).or_default();
            for dependency in list(&node["deps"]) {
                let runs = list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
                if runs {
                    needed.insert(names[&text(&dependency["pkg"])].clone());
                }
            }
        }
        Self { workspace, edges }
    }

    fn reached_from(&self, start: &str) -> BTreeSet<&str> {
        let (mut reached, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(name) = open.pop() {
            for next in &self.edges[name] {
                if reached.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        reached
    }
}

#[test]
fn every_arrow_between_crates_is_drawn() {
    let graph = Graph::read();
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    for name in &graph.workspace {
        if FREE.contains(&name.as_str()) {
            continue;
        }
        let allowed = allowed.get(name.as_str()).unwrap_or_else(|| panic!("{name} stands on no arrow"));
        for needed in graph.edges[name].intersection(&graph.workspace) {
            assert!(allowed.contains(&needed.as_str()), "{name} may not depend on {needed}");
        }
    }
    for (name, _) in ARROWS {
        assert!(graph.workspace.contains(*name), "{name} is on an arrow but not in the workspace");
    }
}

#[test]
fn the_compiler_reaches_no_outside_but_through_masquec() {
    let graph = Graph::read();
    let pure =
        ["diagnostics", "syntax", "automata", "ir", "check", "codegen", "decode", "proof", "report", "ide"];
    for name in pure.map(|folder| format!("masque-{folder}")) {
        let reached = graph.reached_from(&name);
        for outside in OUTSIDE {
            assert!(!reached.contains(outside), "{name} reaches {outside}");
        }
    }
}

#[test]
fn libraries_stay_where_they_are_known() {
    let graph = Graph::read();
    for (library, keepers) in KEPT {
        for name in &graph.workspace {
            let named = graph.edges[name].contains(*library);
            assert!(
                !named || keepers.contains(&name.as_str()) || FREE.contains(&name.as_str()),
                "{name} may not depend on {library}"
            );
        }
    }
}

#[test]
fn a_folder_is_named_like_its_crate() {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    for (name, _) in ARROWS {
        let folder = name.strip_prefix("masque-").unwrap_or(name);
        let found = ["compiler", "runtime"]
            .iter()
            .any(|side| root.join(side).join(folder).join("Cargo.toml").exists());
        assert!(found, "{name} lives in no folder named {folder}");
    }
}
