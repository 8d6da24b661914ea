//! The command `inspect`: what a masque is made of. Nothing of it runs.

mod human;
mod wire;

use std::ops::Range;
use std::path::PathBuf;

use masque_abi::{Manifest, WIT, hex, sections};
use masque_automata::Automaton;
use masque_decode::{Component, DecodeError, Layout, Program};
use masque_host::{Host, Limits, Options};
use sha2::{Digest as _, Sha256};

use crate::library::Library;
use crate::load::{self, Form, LoadError, Origin};
use crate::output::{self, Format, WriteError};
use crate::terminal::Terminal;

/// Show what a masque is made of, without running it.
#[derive(clap::Args)]
pub struct InspectArguments {
    /// A source (YAML or JSON) or a .wasm; its content tells which.
    file: PathBuf,
    /// Print one JSON object: file, sha256, size, manifest, program, exports, memory, automata, host_limits.
    #[arg(long)]
    json: bool,
    /// Find out whether a component that masquec did not make would be loaded.
    #[arg(long)]
    foreign: bool,
}

/// What a masque is made of.
struct Inspection {
    file: String,
    /// SHA-256 of the component, in lower-case hexadecimal.
    sha256: String,
    /// Bytes by part, adding up to the total; empty where the parts can't be told apart.
    size: Vec<(&'static str, usize)>,
    total: usize,
    contents: Contents,
    limits: Limits,
}

enum Contents {
    Known(Box<Known>),
    /// Made by something else, so that nothing is known of what it does.
    Foreign {
        reason: String,
        /// Whether a host that opted in loads it, and why not; not found out unless asked for.
        loads: Option<Result<(), String>>,
    },
}

struct Known {
    manifest: Manifest,
    program: Program,
    automata: Vec<AutomatonFacts>,
    /// Pages of 64 KiB, at first and at most.
    memory_pages: Range<u64>,
}

/// The figures of one automaton.
struct AutomatonFacts {
    states: usize,
    classes: usize,
    /// Bytes.
    cell_width: usize,
    table_bytes: usize,
    /// Entries of the map from characters beyond ASCII to classes.
    ranges: usize,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum InspectError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error("`{}` can't be read: {reason}", path.display())]
    #[diagnostic(help("copy it again, or build it from its source"))]
    Damaged { path: PathBuf, reason: DecodeError },
    #[error("`{}` is precompiled: its machine code says nothing", path.display())]
    #[diagnostic(help("inspect the .wasm or the source that it was made from"))]
    Precompiled { path: PathBuf },
}

/// Shows what a masque is made of.
///
/// # Errors
/// When the file can't be loaded or shows nothing, or the answer can't be written.
pub fn run(arguments: &InspectArguments, library: &Library, terminal: &Terminal) -> Result<(), InspectError> {
    let InspectArguments { file: path, json, foreign } = arguments;
    let program = load::load(path, library, terminal)?;
    if matches!(program.form, Form::Precompiled) {
        return Err(InspectError::Precompiled { path: program.path });
    }
    let damaged = |reason| InspectError::Damaged { path: path.to_owned(), reason };
    let bytes = &program.bytes;
    let (layout, contents, core) = match masque_decode::read(bytes) {
        Ok(component) => {
            let layout = masque_decode::layout(bytes).map_err(damaged)?;
            let core = core_parts(&component);
            (Some(layout), Contents::Known(Box::new(known(component))), core)
        }
        Err(reason @ (DecodeError::Damaged { .. } | DecodeError::NotAComponent(_))) => {
            return Err(damaged(reason));
        }
        Err(reason) => {
            let layout = masque_decode::layout(bytes).ok();
            let core = layout.as_ref().and_then(|layout| layout.core.as_ref()).map(ExactSizeIterator::len);
            let loads = foreign.then(|| loads(bytes));
            let core = core.map(|bytes| ("core module", bytes)).into_iter().collect();
            (layout, Contents::Foreign { reason: reason.to_string(), loads }, core)
        }
    };
    let inspection = Inspection {
        file: path.display().to_string(),
        sha256: hex(&Sha256::digest(bytes)),
        size: size(bytes.len(), layout.as_ref(), core),
        total: bytes.len(),
        contents,
        limits: Limits::default(),
    };
    output::print(&match terminal.format(*json) {
        Format::Human(paint) => human::render(&inspection, paint),
        Format::Json => output::json(&wire::Report::new(&inspection)),
    })?;
    Ok(())
}

fn core_parts(component: &Component) -> Vec<(&'static str, usize)> {
    let footprint = &component.footprint;
    vec![("code", footprint.code), ("automata", footprint.automata), ("texts", footprint.texts)]
}

fn known(component: Component) -> Known {
    let Component { manifest, program, footprint, .. } = component;
    let automata = program.automata().map(AutomatonFacts::new).collect();
    let memory_pages = footprint.memory_pages..footprint.memory_pages_limit;
    Known { manifest, program, automata, memory_pages }
}

impl AutomatonFacts {
    fn new(automaton: &Automaton) -> Self {
        let states = usize::from(automaton.state_count());
        let classes = usize::from(automaton.classes().count());
        // Scaled state numbers fill one byte up to here.
        let cell_width = if states <= 256 { 1 } else { 2 };
        Self {
            states,
            classes,
            cell_width,
            table_bytes: states * classes * cell_width,
            ranges: automaton.classes().ranges().len(),
        }
    }
}

/// Bytes by part. What has no name of its own (section headers, too) is wiring.
fn size(
    total: usize,
    layout: Option<&Layout>,
    core: Vec<(&'static str, usize)>,
) -> Vec<(&'static str, usize)> {
    let Some(layout) = layout else { return Vec::new() };
    let of = |name: &str| layout.custom_sections(name).map(|section| section.whole.len()).sum::<usize>();
    let (manifest, producers) = (of(sections::MANIFEST), of(sections::PRODUCERS));
    let custom: usize = layout.custom.iter().map(|section| section.whole.len()).sum();
    let others = custom - manifest - producers;
    let named = custom + core.iter().map(|(_, bytes)| bytes).sum::<usize>();
    let mut parts = vec![("wiring", total.saturating_sub(named))];
    parts.extend(core);
    parts.extend([("manifest", manifest), ("producers", producers)]);
    if others > 0 {
        parts.push(("other custom sections", others));
    }
    parts
}

/// Whether a host that opted in would load it: then its exports are the world's.
fn loads(bytes: &[u8]) -> Result<(), String> {
    let options = Options { foreign: Origin::Any.foreign(), ..Options::default() };
    let host = Host::with_options(Origin::Any.limits(), options);
    let host = host.map_err(|error| error.to_string())?;
    host.load(bytes).map(drop).map_err(|error| error.to_string())
}

/// The functions of the world with their signatures, as the definition has them.
fn world_exports() -> impl Iterator<Item = (&'static str, &'static str)> {
    WIT.lines().filter_map(|line| line.trim().strip_prefix("export ")?.strip_suffix(';')?.split_once(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_export_of_the_world_has_a_signature() {
        let names: Vec<&str> = world_exports().map(|(name, _)| name).collect();
        assert_eq!(names, masque_abi::Export::ALL.map(masque_abi::Export::name));
        assert!(world_exports().all(|(_, signature)| signature.starts_with("func(")));
    }
}
