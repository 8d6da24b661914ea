//! The command `graph`: the automaton as a picture.

mod dot;
mod drawing;
mod labels;
mod layout;
mod palette;
mod svg;
mod thinning;

use std::path::{Path, PathBuf};

use masque_abi::Decision;

use self::drawing::Drawing;
use crate::library::Library;
use crate::load::{self, LoadError, ReadBackError};
use crate::output::{self, WriteError};
use crate::terminal::Terminal;

/// Beyond this many states a picture shows nothing any more, and laying it out takes long.
const MOST_STATES: usize = 2000;

/// Draw the automaton that a masque decides by.
#[derive(clap::Args)]
pub struct GraphArguments {
    /// A source (YAML or JSON) or a .wasm; its content tells which.
    file: PathBuf,
    /// The language of the picture.
    #[arg(long, value_enum, default_value_t = Format::Dot)]
    format: Format,
    /// Write here instead of to standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Which automaton, where a masque has several that are run in turn; from 1.
    #[arg(long, value_name = "N")]
    part: Option<usize>,
}

/// The language of the picture.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The language of Graphviz.
    Dot,
    /// A picture for browsers and documents.
    Svg,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[expect(missing_docs, reason = "the messages say what the variants are")]
pub enum GraphError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    ReadBack(#[from] ReadBackError),
    #[error("`{}` has no automaton: every intent is {decision}", path.display())]
    #[diagnostic(help("there is nothing to draw"))]
    NoAutomaton { path: PathBuf, decision: Decision },
    #[error("there is no part {part}")]
    #[diagnostic(help("the parts are numbered from 1 to {count}"))]
    NoSuchPart { part: usize, count: usize },
    #[error("the automaton has {states} states, and at most {MOST_STATES} can be laid out")]
    #[diagnostic(help("use `--format dot`, which takes any size"))]
    TooLarge { states: usize },
}

/// Draws an automaton.
///
/// # Errors
/// When the file can't be loaded or shows no automaton, or the picture can't be written.
pub fn run(arguments: &GraphArguments, library: &Library, terminal: &Terminal) -> Result<(), GraphError> {
    let GraphArguments { file: path, format, output, part } = arguments;
    let program = load::load(path, library, terminal)?;
    let component = program.read_back(&path.display().to_string())?;
    let identity = &component.manifest.identity;
    let parts: Vec<_> = component.program.automata().collect();
    if parts.is_empty() {
        return Err(GraphError::NoAutomaton { path: path.clone(), decision: component.program.default });
    }
    let number = part.unwrap_or(1);
    let automaton = number.checked_sub(1).and_then(|index| parts.get(index).copied());
    let automaton = automaton.ok_or(GraphError::NoSuchPart { part: number, count: parts.len() })?;
    let states = usize::from(automaton.state_count());
    if *format == Format::Svg && states > MOST_STATES {
        return Err(GraphError::TooLarge { states });
    }
    if part.is_none() && parts.len() > 1 {
        output::tell(&format!(
            "note: this is part 1 of {}, which are run in turn; `--part` draws another\n",
            parts.len()
        ));
    }

    let classes = automaton.classes().count();
    let of = if parts.len() > 1 { format!(", part {number} of {}", parts.len()) } else { String::new() };
    let title = format!("{} {}{of}: {states} states, {classes} classes", identity.name, identity.version);
    let drawing = Drawing::new(automaton);
    let text = match format {
        Format::Dot => dot::render(&drawing, &title),
        Format::Svg => svg::render(&drawing, &title),
    };
    put(output.as_deref(), &text)?;
    Ok(())
}

fn put(output: Option<&Path>, text: &str) -> Result<(), WriteError> {
    match output {
        Some(path) => output::write(path, text),
        None => output::print(text),
    }
}
