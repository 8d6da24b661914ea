//! What can go wrong, one enum for each occasion.

use masque_abi::manifest::ManifestError;
use masque_decode::DecodeError;

use crate::envelope::EnvelopeError;
use crate::gate::GateError;
use crate::intent::Refusal;

/// Why a host can't be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// A limit outside its range.
    #[error("the limit `{limit}` is out of range: it must be {range}")]
    Limit {
        /// The field of [`Limits`](crate::Limits).
        limit: &'static str,
        /// What it must be.
        range: &'static str,
    },
    /// The sandbox can't run on this machine with these limits.
    #[error("the sandbox can't be set up with these limits: {0}")]
    Engine(String),
    /// The thread that keeps deadlines can't be started.
    #[error("the thread that keeps deadlines can't be started: {0}")]
    Ticker(std::io::Error),
    /// The cache directory or the key in it can't be used.
    #[error("the cache directory can't be used: {0}; give another one or none")]
    Cache(std::io::Error),
    /// The file that should hold the host's key holds something else.
    #[error("`{0}` holds no key of 32 bytes: delete it to have a new one made")]
    KeyFile(std::path::PathBuf),
    /// The operating system gives no random bytes for a key.
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
}

/// Why bytes are not loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Larger than [`Limits::wasm_bytes`](crate::Limits).
    #[error(
        "the component has {bytes} bytes and {limit} are allowed: raise `wasm_bytes` if it is trusted to be compiled"
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Neither WebAssembly nor a precompiled masque.
    #[error("these bytes are neither a WebAssembly component nor a precompiled masque")]
    UnknownFormat,
    /// It does not have a masque's structure.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// WebAssembly, but no component: a core module, for example.
    #[error("this is no WebAssembly component: {reason}")]
    NotAComponent {
        /// What it is instead.
        reason: &'static str,
    },
    /// The file ends early or its lengths don't add up.
    #[error("the component is damaged at byte {at}: {what}")]
    Damaged {
        /// Byte offset.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// Whole, but made by another tool or version, and the host did not opt in ([`Foreign`](crate::Foreign)).
    #[error(
        "the component was not made by this version of masquec ({reason}), and this host loads no others"
    )]
    Foreign {
        /// What shows it.
        reason: &'static str,
    },
    /// The code is that of `masquec`, but the data that it works on makes no program.
    #[error("the program's data is malformed: {reason}")]
    Data {
        /// What is wrong.
        reason: String,
    },
    /// The program is sound, but nothing says whose it is.
    #[error("the component has no manifest: its section `{section}` is missing", section = masque_abi::sections::MANIFEST)]
    NoManifest,
    /// The manifest can't be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The manifest is that of another program.
    #[error("the manifest describes another program: its digest of the core module differs")]
    ManifestMismatch,
    /// A precompiled masque that can't be trusted or used.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The compiler refuses it.
    #[error("the component can't be compiled: {0}")]
    Compile(String),
}

impl From<DecodeError> for LoadError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::NotAComponent(reason) => Self::NotAComponent { reason },
            DecodeError::Damaged { at, what } => Self::Damaged { at, what },
            DecodeError::Foreign(reason) => Self::Foreign { reason },
            DecodeError::Data(reason) => Self::Data { reason },
            DecodeError::NoManifest => Self::NoManifest,
            DecodeError::Manifest(error) => Self::Manifest(error),
            DecodeError::ManifestMismatch => Self::ManifestMismatch,
        }
    }
}

/// Why a masque is not precompiled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrecompileError {
    /// It would not be loaded either.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The compiler knows no such target.
    #[error("code for `{target}` can't be made: {reason}")]
    Target {
        /// The triple that was asked for.
        target: String,
        /// What the compiler says.
        reason: String,
    },
}

/// Why a call has no answer. The session or masque that was asked stays usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// It used up its fuel.
    #[error("the masque used up its fuel of {fuel} units")]
    OutOfFuel {
        /// The limit.
        fuel: u64,
    },
    /// It ran past its deadline.
    #[error("the masque ran longer than {0:?}")]
    Deadline(std::time::Duration),
    /// It recursed too deep.
    #[error("the masque recursed deeper than its stack of {bytes} bytes")]
    StackOverflow {
        /// The limit.
        bytes: usize,
    },
    /// It trapped.
    #[error("the masque trapped: {0}")]
    Trap(String),
    /// It passed or returned what the component model forbids: a pointer out of its memory, a text that is no UTF-8, a number that
    /// stands for nothing.
    #[error("the masque broke the rules of the component model: {0}")]
    Abi(String),
    /// It returned what may not be returned.
    #[error("the masque returned {0}")]
    Result(#[from] ResultError),
    /// A session has too long strings or too many parameters.
    #[error("the session has {size} {what} and {limit} are allowed")]
    Session {
        /// `bytes` or `parameters`.
        what: &'static str,
        /// How many there are.
        size: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A session's parameters are not those of the masque.
    #[error(transparent)]
    Param(#[from] crate::ParamError),
    /// The host refuses the session's own intent.
    #[error("the session's intent is refused: {0}")]
    Purpose(Refusal),
    /// All pooled instances are in use.
    #[error("all {instances} instances are in use: drop sessions or raise `instances`")]
    Busy {
        /// The limit.
        instances: u32,
    },
    /// It can't be brought to life.
    #[error("the masque can't be instantiated: {0}")]
    Instantiate(String),
}

/// What is wrong with a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResultError {
    /// A string is too long.
    #[error("a text of {bytes} bytes where {limit} are allowed")]
    Text {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A list is too long.
    #[error("a list of {items} elements where {limit} are allowed")]
    List {
        /// Its length.
        items: usize,
        /// The limit.
        limit: usize,
    },
    /// All of it is too large.
    #[error("more than the {limit} bytes that a result may have")]
    Size {
        /// The limit.
        limit: usize,
    },
    /// A pointer out of memory.
    #[error("a pointer out of its memory")]
    OutOfBounds,
    /// A string that is no UTF-8.
    #[error("a text that is no UTF-8")]
    Utf8,
    /// A number that stands for nothing.
    #[error("{number}, which stands for no {what}")]
    Unknown {
        /// What it should stand for.
        what: &'static str,
        /// The number.
        number: u32,
    },
}

/// Why an intent has no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    /// The host refused the intent before the masque saw it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The masque failed.
    #[error(transparent)]
    Failed(#[from] CallError),
}
