//! The arguments, and what each command does with them.
//!
//! Exit status: 0 all is well, 1 a source that is built, checked or tested has errors or a test fails, 2 the command itself could not
//! be carried out. `diff` and `semver` have two more: 3 what `--fail-on` names has come about, 4 unknown.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use miette::Diagnostic;

use crate::blend::{self, BlendArguments, BlendError};
use crate::build::{self, BuildError};
use crate::checking::{self, CheckError, Fixing};
use crate::convert::{self, ConvertArguments, ConvertError};
use crate::diff::{self, DiffArguments, DiffError, SemverArguments};
use crate::emit::Emit;
use crate::explain::{self, ExplainArguments, ExplainError};
use crate::format::{self, FormatArguments, FormatError};
use crate::graph::{self, GraphArguments, GraphError};
use crate::inspect::{self, InspectArguments, InspectError};
use crate::library::Library;
use crate::lsp::{self, LspError};
use crate::new::{self, NewArguments, NewError};
use crate::output::{self, WriteError};
use crate::settings::{LintArguments, Settings};
use crate::terminal::{ColourChoice, FindingsFormat, Terminal};
use crate::test::{self, TestArguments, TestError};
use crate::verify::{self, VerifyArguments, VerifyError};

/// Compiles masques: persona files become small sandboxed programs.
#[derive(Parser)]
#[command(name = "masquec", version, arg_required_else_help = true)]
struct Arguments {
    /// When to colour messages.
    #[arg(long, global = true, value_enum, default_value_t = ColourChoice::Auto)]
    color: ColourChoice,
    /// A directory of the search path, in which `extends` and `use` find files; may be given several times.
    #[arg(long = "path", global = true, value_name = "DIR")]
    search_path: Vec<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile masques into WebAssembly components.
    Build(BuildArguments),
    /// Report what is wrong with masques, without writing anything.
    #[command(alias = "validate")]
    Check(CheckArguments),
    Test(TestArguments),
    Verify(VerifyArguments),
    Diff(DiffArguments),
    Semver(SemverArguments),
    Explain(ExplainArguments),
    #[command(name = "fmt")]
    Format(FormatArguments),
    Convert(ConvertArguments),
    /// Write a source to start from.
    New(NewArguments),
    /// Make one masque of several, each with its share.
    Blend(BlendArguments),
    // These two are offered by the host's command as well, and say themselves what they do.
    Inspect(InspectArguments),
    Graph(GraphArguments),
    /// Print the JSON Schema of masque files.
    Schema,
    /// Serve an editor over standard input and output (Language Server Protocol).
    Lsp,
}

#[derive(Args)]
struct BuildArguments {
    /// Files, directories and globs.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Write under this directory instead of beside the sources; for one input, a file name is taken too.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// What to write.
    #[arg(long, value_enum, default_value_t = EmitChoice::Component)]
    emit: EmitChoice,
    /// With `--emit cwasm`: the target triple to precompile for, such as `aarch64-unknown-linux-gnu`; this machine if left out.
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// With `--emit cwasm`: the file with the key of the host that shall run it; this user's own if left out.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// How many files to compile at once; all cores if left out.
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// How findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: FindingsFormat,
    #[command(flatten)]
    lints: LintArguments,
    /// Say nothing but errors and warnings.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Args)]
struct CheckArguments {
    /// Files, directories and globs.
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Apply the fixes that need nobody to look at them, then check.
    #[arg(long)]
    fix: bool,
    /// Show what `--fix` would change, and write nothing; exit with 1 if it would change something.
    #[arg(long)]
    diff: bool,
    /// With `--fix` or `--diff`: also the fixes that somebody should look at.
    #[arg(long)]
    unsafe_fixes: bool,
    /// How findings are written.
    #[arg(long, value_enum, default_value_t)]
    format: FindingsFormat,
    #[command(flatten)]
    lints: LintArguments,
    /// Say nothing but errors and warnings.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EmitChoice {
    /// The component, `.wasm`.
    Component,
    /// The core module inside, `.core.wasm`.
    Core,
    /// The component precompiled to machine code, in an authenticated envelope, `.cwasm`.
    Cwasm,
    /// The component as text, `.wat`.
    Wat,
    /// The manifest, `.manifest.json`.
    Manifest,
}

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error, Diagnostic)]
enum CommandError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Check(#[from] CheckError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lsp(#[from] LspError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Explain(#[from] ExplainError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Format(#[from] FormatError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Convert(#[from] ConvertError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Inspect(#[from] InspectError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    New(#[from] NewError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Blend(#[from] BlendError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Test(#[from] TestError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Verify(#[from] VerifyError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Diff(#[from] DiffError),
    #[error("`--{flag}` needs `--emit cwasm`")]
    #[diagnostic(help("leave it out, or ask for a precompiled file"))]
    OnlyForCwasm { flag: &'static str },
    #[error("`--unsafe-fixes` needs `--fix` or `--diff`")]
    #[diagnostic(help("leave it out, or say what is to become of the fixes"))]
    OnlyWithFix,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.color);
    let library = Library::with_path(arguments.search_path);
    match run(arguments.command, &library, Terminal::new(arguments.color)) {
        Ok(status) => ExitCode::from(status as u8),
        Err(error) => {
            terminal.show(error);
            ExitCode::from(2)
        }
    }
}

/// How a command ended that was carried out; the number is the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// All is well.
    Well = 0,
    /// A source has errors, a test fails, a proof fails, a version says too little.
    Failed = 1,
    /// What `--fail-on` names has come about.
    FailedOn = 3,
    /// The answer is not known.
    Unknown = 4,
}

impl From<bool> for Status {
    fn from(is_well: bool) -> Self {
        if is_well { Self::Well } else { Self::Failed }
    }
}

fn run(command: Command, library: &Library, terminal: Terminal) -> Result<Status, CommandError> {
    match command {
        Command::Build(build) => return Ok(run_build(build, library, terminal)?.into()),
        Command::Check(check) => return Ok(run_check(&check, library, terminal)?.into()),
        Command::Test(arguments) => return Ok(test::run(&arguments, library, &terminal)?.into()),
        Command::Verify(arguments) => return Ok(verify::run(&arguments, library, &terminal)?.into()),
        Command::Diff(arguments) => return Ok(diff::run(&arguments, library, &terminal)?),
        Command::Semver(arguments) => return Ok(diff::semver(&arguments, library, &terminal)?),
        Command::Explain(arguments) => explain::run(&arguments, terminal.paint())?,
        Command::Format(arguments) => return Ok(format::run(&arguments, &terminal)?.into()),
        Command::Convert(arguments) => return Ok(convert::run(&arguments, library, &terminal)?.into()),
        Command::Blend(arguments) => return Ok(blend::run(&arguments, library, &terminal)?.into()),
        Command::New(arguments) => new::run(&arguments, library)?,
        Command::Inspect(arguments) => inspect::run(&arguments, library, &terminal)?,
        Command::Graph(arguments) => graph::run(&arguments, library, &terminal)?,
        Command::Lsp => lsp::run(library.clone())?,
        Command::Schema => output::print(&masque_syntax::schema())?,
    }
    Ok(Status::Well)
}

fn run_check(
    arguments: &CheckArguments,
    library: &Library,
    terminal: Terminal,
) -> Result<bool, CommandError> {
    let with_unsafe = arguments.unsafe_fixes;
    let fixing = match (arguments.fix, arguments.diff) {
        (_, true) => Fixing::Show { with_unsafe },
        (true, false) => Fixing::Write { with_unsafe },
        (false, false) if with_unsafe => return Err(CommandError::OnlyWithFix),
        (false, false) => Fixing::Nothing,
    };
    let settings = Settings::new(&arguments.lints);
    let terminal = terminal.with_findings(arguments.format);
    let verbosity = verbosity(arguments.quiet);
    Ok(checking::check(&arguments.inputs, fixing, library, &settings, &terminal, verbosity)?)
}

fn run_build(arguments: BuildArguments, library: &Library, terminal: Terminal) -> Result<bool, CommandError> {
    let emit = match arguments.emit {
        EmitChoice::Cwasm => Emit::Cwasm { target: arguments.target, key: arguments.key },
        _ if arguments.target.is_some() => return Err(CommandError::OnlyForCwasm { flag: "target" }),
        _ if arguments.key.is_some() => return Err(CommandError::OnlyForCwasm { flag: "key" }),
        EmitChoice::Component => Emit::Component,
        EmitChoice::Core => Emit::Core,
        EmitChoice::Wat => Emit::Wat,
        EmitChoice::Manifest => Emit::Manifest,
    };
    let request = build::Request {
        inputs: arguments.inputs,
        output: arguments.output,
        emit,
        jobs: arguments.jobs,
        verbosity: verbosity(arguments.quiet),
    };
    let settings = Settings::new(&arguments.lints);
    Ok(build::build(&request, library, &settings, &terminal.with_findings(arguments.format))?)
}

/// How much a command says of what went well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// Nothing.
    Quiet,
    /// A summary, and progress when it takes long.
    Normal,
}

pub(crate) fn verbosity(quiet: bool) -> Verbosity {
    if quiet { Verbosity::Quiet } else { Verbosity::Normal }
}
