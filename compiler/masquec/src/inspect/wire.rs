//! The inspection as JSON. The names of the fields are a promise to scripts.

use masque_abi::Manifest;
use serde::Serialize;

use super::{AutomatonFacts, Contents, Inspection, Known, world_exports};

/// The one object that `inspect --json` prints.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    file: &'a str,
    /// SHA-256 of the component.
    sha256: &'a str,
    size: Size,
    /// Why nothing more is known; absent for what masquec made.
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign: Option<Foreign<'a>>,
    /// The section `masque:manifest` as it is.
    manifest: Option<&'a Manifest>,
    program: Option<Program<'a>>,
    exports: Vec<Export>,
    memory: Option<Memory>,
    automata: Vec<Automaton>,
    host_limits: HostLimits,
}

/// Bytes.
#[derive(Serialize)]
struct Size {
    parts: serde_json::Map<String, serde_json::Value>,
    total: usize,
}

#[derive(Serialize)]
struct Foreign<'a> {
    reason: &'a str,
    /// Only with `--foreign`: whether a host that opted in loads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    loads: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a str>,
}

#[derive(Serialize)]
struct Program<'a> {
    /// The decision when no automaton decides.
    default: &'static str,
    knowledge: &'a [String],
    access: usize,
    context_bytes: usize,
    lens_bytes: usize,
}

#[derive(Serialize)]
struct Export {
    name: &'static str,
    signature: &'static str,
}

/// Pages of 64 KiB.
#[derive(Serialize)]
struct Memory {
    pages: u64,
    pages_at_most: u64,
}

#[derive(Serialize)]
struct Automaton {
    states: usize,
    classes: usize,
    /// Bytes.
    cell_width: usize,
    table_bytes: usize,
    ranges: usize,
}

#[derive(Serialize)]
struct HostLimits {
    wasm_bytes: usize,
    intent_bytes: usize,
    memory_bytes: usize,
    stack_bytes: usize,
    fuel: u64,
    deadline_ms: u128,
}

impl<'a> Report<'a> {
    pub(super) fn new(inspection: &'a Inspection) -> Self {
        let known = match &inspection.contents {
            Contents::Known(known) => Some(&**known),
            Contents::Foreign { .. } => None,
        };
        let foreign = match &inspection.contents {
            Contents::Known(_) => None,
            Contents::Foreign { reason, loads } => Some(Foreign {
                reason,
                loads: loads.as_ref().map(Result::is_ok),
                refused: loads.as_ref().and_then(|loads| loads.as_ref().err().map(String::as_str)),
            }),
        };
        let has_exports =
            known.is_some() || foreign.as_ref().is_some_and(|foreign| foreign.loads == Some(true));
        let limits = &inspection.limits;
        Self {
            file: &inspection.file,
            sha256: &inspection.sha256,
            size: Size {
                parts: inspection
                    .size
                    .iter()
                    .map(|&(name, bytes)| (name.replace(' ', "_"), bytes.into()))
                    .collect(),
                total: inspection.total,
            },
            foreign,
            manifest: known.map(|known| &known.manifest),
            program: known.map(Program::new),
            exports: if has_exports {
                world_exports().map(|(name, signature)| Export { name, signature }).collect()
            } else {
                Vec::new()
            },
            memory: known.map(|known| Memory {
                pages: known.memory_pages.start,
                pages_at_most: known.memory_pages.end,
            }),
            automata: known
                .map(|known| known.automata.iter().map(Automaton::new).collect())
                .unwrap_or_default(),
            host_limits: HostLimits {
                wasm_bytes: limits.wasm_bytes,
                intent_bytes: limits.intent_bytes,
                memory_bytes: limits.memory_bytes,
                stack_bytes: limits.stack_bytes,
                fuel: limits.fuel,
                deadline_ms: limits.deadline.as_millis(),
            },
        }
    }
}

impl<'a> Program<'a> {
    fn new(Known { program, .. }: &'a Known) -> Self {
        Self {
            default: program.default.name(),
            knowledge: &program.knowledge,
            access: program.access.len(),
            context_bytes: program.context.len(),
            lens_bytes: program.lens.len(),
        }
    }
}

impl Automaton {
    fn new(&AutomatonFacts { states, classes, cell_width, table_bytes, ranges }: &AutomatonFacts) -> Self {
        Self { states, classes, cell_width, table_bytes, ranges }
    }
}
