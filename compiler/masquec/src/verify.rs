//! The command `verify`: the bytes that ship against the rules that they are said to follow.

mod human;
mod wire;

use std::path::PathBuf;

use masque_abi::hex;
use masque_codegen::Program as Written;
use masque_decode::Component;
use masque_proof::{Proof, Unproved};
use sha2::{Digest as _, Sha256};

use crate::compile;
use crate::examine;
use crate::library::Library;
use crate::load::{self, LoadError, ReadBackError, ReadError};
use crate::output::{self, Format, WriteError};
use crate::terminal::Terminal;

/// Prove that a compiled masque decides as its rules say.
#[derive(clap::Args)]
pub(crate) struct VerifyArguments {
    /// A .wasm; of a source, what it compiles to.
    file: PathBuf,
    /// Prove as well that this source compiles to these bytes.
    #[arg(long, value_name = "FILE")]
    source: Option<PathBuf>,
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t)]
    format: AnswerFormat,
}

/// How an answer is written.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object.
    Json,
}

/// What was found out about a component.
struct Verified {
    file: String,
    /// SHA-256 of the component, in lower-case hexadecimal.
    sha256: String,
    /// What the conditions are called.
    conditions: Vec<String>,
    /// The rules against the program.
    rules: Result<Proof, Unproved>,
    /// Whether what was read is written again as the same bytes.
    again: Again,
    /// The source against the component, where one was given.
    source: Option<(String, Compiled)>,
}

/// What was read of a component, written again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Same,
    /// The first byte that differs.
    Differs {
        at: usize,
    },
}

/// What a source compiles to.
enum Compiled {
    Same,
    /// Other bytes; what of the masque they change.
    Differs {
        what: &'static str,
    },
    /// Nothing: it has errors, which have been shown, or is a library.
    Nothing,
}

/// Why nothing can be proved or refuted.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub(crate) enum VerifyError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    ReadBack(#[from] ReadBackError),
}

impl Verified {
    fn is_proved(&self) -> bool {
        let source = self.source.as_ref().is_none_or(|(_, compiled)| matches!(compiled, Compiled::Same));
        self.rules.is_ok() && self.again == Again::Same && source
    }
}

/// Proves or refutes; `false` where anything is not proved.
pub(crate) fn run(
    arguments: &VerifyArguments,
    library: &Library,
    terminal: &Terminal,
) -> Result<bool, VerifyError> {
    let program = load::load(&arguments.file, library, terminal)?;
    let component = program.read_back(&arguments.file.display().to_string())?;
    let source = match &arguments.source {
        Some(path) => {
            let bytes = examine::read(path)?;
            let compiled = compile::compile(path.display().to_string(), bytes, library);
            output::tell(&terminal.text(&compiled.sources, &compiled.found));
            let compared = compare(&component, &program.bytes, compiled.program.as_ref());
            Some((path.display().to_string(), compared))
        }
        None => None,
    };
    let verified = Verified {
        file: arguments.file.display().to_string(),
        sha256: hex(&Sha256::digest(&program.bytes)),
        rules: masque_proof::verify(&component),
        again: again(&component, &program.bytes),
        conditions: component.manifest.conditions,
        source,
    };
    output::print(&match terminal.format(arguments.format == AnswerFormat::Json) {
        Format::Human(paint) => human::render(&verified, paint),
        Format::Json => output::json(&wire::Report::new(&verified)),
    })?;
    Ok(verified.is_proved())
}

/// Writes again what was read. The core module is as it was: its digest is in the manifest, and that its code is canonical was found
/// out when it was read.
fn again(component: &Component, bytes: &[u8]) -> Again {
    let core = bytes[component.core.clone()].to_vec();
    let written = Written { core, manifest: component.manifest.clone() }.component();
    if written == bytes {
        return Again::Same;
    }
    let same = written.iter().zip(bytes).take_while(|(written, read)| written == read).count();
    Again::Differs { at: same }
}

fn compare(component: &Component, bytes: &[u8], compiled: Option<&Written>) -> Compiled {
    let Some(written) = compiled else { return Compiled::Nothing };
    if written.component() == bytes {
        return Compiled::Same;
    }
    let (manifest, other) = (&component.manifest, &written.manifest);
    let rules = |manifest: &masque_abi::Manifest| manifest.intent.as_ref().map(|intent| intent.rules.clone());
    let what = if rules(manifest) != rules(other) {
        "other rules"
    } else if manifest.core_sha256 != other.core_sha256 {
        "another program"
    } else if manifest.source.sha256 != other.source.sha256 {
        "the same program, but the source's text is another one"
    } else if manifest != other {
        "the same program with another manifest"
    } else {
        "the same program in another wrapping"
    };
    Compiled::Differs { what }
}
