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
    /// Whatever the session.
    knowledge: Vec<&'a str>,
    access: usize,
    /// Absent where the session decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    context_bytes: Option<usize>,
    /// Absent where the session decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    lens_bytes: Option<usize>,
    /// Absent where nothing depends on the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<Cost>,
}

/// Bounds, whatever the session.
#[derive(Serialize)]
struct Cost {
    /// Automata that run over an intent.
    automata: usize,
    /// Steps of the conditions that are tried at every intent.
    guard_steps: usize,
    /// Automata that these walk over texts of the session.
    guard_automata: usize,
    /// Steps of all conditions.
    condition_steps: usize,
    /// Steps of the context and the lens.
    template_steps: usize,
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
        let cost = program.cost();
        let depends = program.logic != masque_decode::Logic::default();
        Self {
            default: program.default.name(),
            knowledge: program.knowledge.iter().map(|item| item.value.as_str()).collect(),
            access: program.access.len(),
            context_bytes: program.context.as_constant().map(str::len),
            lens_bytes: program.lens.as_constant().map(str::len),
            cost: depends.then(|| Cost {
                automata: cost.parts,
                guard_steps: cost.guard_operations,
                guard_automata: cost.guard_automata,
                condition_steps: cost.condition_operations,
                template_steps: cost.template_steps,
            }),
        }
    }
}

impl Automaton {
    fn new(&AutomatonFacts { states, classes, cell_width, table_bytes, ranges }: &AutomatonFacts) -> Self {
        Self { states, classes, cell_width, table_bytes, ranges }
    }
}
