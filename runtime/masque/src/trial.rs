//! `masque try`: one intent, judged by one masque in the sandbox, with the reasons.

mod human;
mod wire;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use masque_abi::manifest::{Manifest, Rule};
use masque_abi::{Decision, Grant, Ring, Session};
use masque_host::{
    CallError, Explanation, Host, HostError, JudgeError, Key, Masque, Options, ParamError, Refusal, intent,
};
use masquec::library::Library;
use masquec::load::{self, Form, LoadError, Origin, Program};
use masquec::output::{self, Format, WriteError};
use masquec::terminal::Terminal;
use miette::Diagnostic;

/// What to try.
pub(crate) struct Request {
    pub(crate) path: PathBuf,
    pub(crate) intent: OsString,
    /// The agent's ring; the masque's own if left out.
    pub(crate) ring: Option<Ring>,
    pub(crate) agent: String,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) origin: Origin,
    /// A file with the key that a precompiled masque was sealed with.
    pub(crate) key: Option<PathBuf>,
    pub(crate) format: Format,
}

/// Whether the intent is let through.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Through,
    NotThrough,
}

/// All that came of it.
struct Trial {
    /// As messages show it: where a rule's place is a place in.
    file: String,
    /// The text that was compiled just now.
    source: Option<String>,
    manifest: Option<Manifest>,
    ring: Ring,
    intent: String,
    answer: Answer,
}

enum Answer {
    /// The host never asked the masque.
    Refused(Refusal),
    Judged {
        decision: Decision,
        why: Why,
        /// Whatever the decision: here nothing is minted or handed to anyone.
        offer: Offer,
    },
}

impl Trial {
    /// The text of a rule's condition, where it has one.
    fn condition(&self, rule: &Rule) -> Option<&str> {
        let condition = self.manifest.as_ref()?.conditions.get(rule.when?)?;
        Some(condition)
    }

    /// The file that a rule stands in.
    fn file_of(&self, rule: &Rule) -> &str {
        let inherited = (rule.file as usize).checked_sub(1).zip(self.manifest.as_ref());
        let inherited = inherited.and_then(|(index, manifest)| manifest.inherited.get(index));
        inherited.map_or(&self.file, |inherited| &inherited.file)
    }
}

/// The reasons for a decision.
enum Why {
    Rules(Explanation),
    /// A pure lens.
    NoRules,
    /// A component of another tool, or patterns of another version.
    Unknown,
}

/// What a masque has for its wearer, once an intent is allowed.
struct Offer {
    knowledge: Vec<String>,
    access: Vec<Grant>,
    context: String,
    lens: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum TryError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] WriteError),
    #[error("the sandbox can't be set up")]
    #[diagnostic(help(
        "for a .cwasm, MASQUE_HOME must be a directory that can be written, or `--key` name a key"
    ))]
    Host(#[from] HostError),
    #[error("`{}` is not loaded: {reason}", path.display())]
    Refused {
        path: PathBuf,
        reason: String,
        #[help]
        help: Option<&'static str>,
    },
    #[error("the masque gives no answer")]
    #[diagnostic(help("this is the masque's fault; the sandbox held"))]
    Call(#[from] CallError),
    #[error("{0}")]
    #[diagnostic(help("`--param NAME=VALUE` sets a parameter; `masque inspect` lists those of a masque"))]
    Param(ParamError),
    #[error("`{}` can't be used as a key", path.display())]
    #[diagnostic(help(
        "a key is a file of 32 bytes, such as `cache/host.key` in the home of the host that sealed it"
    ))]
    Key { path: PathBuf, source: Option<std::io::Error> },
    #[error("the program says {program}, but the rules in its manifest say {rules}")]
    #[diagnostic(help("{}", disagreement_help(*same_verbs)))]
    Disagreement { program: Decision, rules: Decision, same_verbs: bool },
}

fn disagreement_help(same_verbs: bool) -> &'static str {
    match same_verbs {
        true => {
            "do not wear it: its reasons are not what it does; compile it again from its source, and report this"
        }
        false => "it was compiled with another table of irregular verbs: compile it again from its source",
    }
}

/// Tries the intent and shows the answer.
pub(crate) fn run(request: Request, library: &Library, terminal: &Terminal) -> Result<Verdict, TryError> {
    let program = load::load(&request.path, library, terminal)?;
    let format = request.format;
    let trial = judge(program, request)?;
    output::print(&match format {
        Format::Human(paint) => human::render(&trial, paint),
        Format::Json => output::json(&wire::Report::new(&trial)),
    })?;
    Ok(match trial.answer {
        Answer::Judged { decision: Decision::Allowed, .. } => Verdict::Through,
        Answer::Judged { .. } | Answer::Refused(_) => Verdict::NotThrough,
    })
}

fn judge(program: Program, request: Request) -> Result<Trial, TryError> {
    let host = host(&program.form, request.origin, request.key.as_deref())?;
    let masque = host.load(&program.bytes).map_err(|error| refused(&program.path, &error))?;
    let manifest = masque.manifest().cloned();
    let ring =
        request.ring.or(manifest.as_ref().map(|manifest| manifest.identity.ring)).unwrap_or(Ring::Player);
    let shown = request.intent.to_string_lossy().into_owned();
    let answer = match intent::normalise_bytes(request.intent.as_encoded_bytes(), host.limits().intent_bytes)
    {
        Err(refusal) => Answer::Refused(refusal),
        Ok(intent) => ask(
            &masque,
            Session { intent: intent.into_owned(), ring, agent: request.agent, params: request.params },
        )?,
    };
    let source = match program.form {
        Form::Compiled { source } => Some(source),
        Form::Wasm | Form::Precompiled => None,
    };
    let file = match (&source, &manifest) {
        (None, Some(manifest)) => manifest.source.file.clone(),
        _ => program.path.display().to_string(),
    };
    Ok(Trial { file, source, manifest, ring, intent: shown, answer })
}

/// A host for what there is to run. Only precompiled code needs this user's key; nothing else leaves anything on the disk.
fn host(form: &Form, origin: Origin, key: Option<&Path>) -> Result<Host, TryError> {
    let trusted = key.map(read_key).transpose()?.into_iter().collect();
    let cache = match form {
        Form::Precompiled if key.is_none() => masquec::home::cache(),
        Form::Precompiled | Form::Compiled { .. } | Form::Wasm => None,
    };
    let options = Options { trusted, cache, foreign: origin.foreign(), ..Options::default() };
    Ok(Host::with_options(origin.limits(), options)?)
}

fn read_key(path: &Path) -> Result<Key, TryError> {
    let failed = |source| TryError::Key { path: path.to_owned(), source };
    let bytes = std::fs::read(path).map_err(|error| failed(Some(error)))?;
    Ok(Key::from_bytes(bytes.try_into().map_err(|_| failed(None))?))
}

/// Asks everything that there is to ask.
fn ask(masque: &Masque, session: Session) -> Result<Answer, TryError> {
    let intent = session.intent.clone();
    let mut worn = masque.session(session).map_err(|error| match error {
        CallError::Param(error) => TryError::Param(error),
        error => TryError::Call(error),
    })?;
    let decision = match worn.judge(&intent) {
        Ok(decision) => decision,
        Err(JudgeError::Refused(refusal)) => return Ok(Answer::Refused(refusal)),
        Err(JudgeError::Failed(error)) => return Err(error.into()),
    };
    let why = why(&worn, &intent);
    match &why {
        Why::Rules(Explanation { decision: rules, same_verbs, .. }) if *rules != decision => {
            return Err(TryError::Disagreement { program: decision, rules: *rules, same_verbs: *same_verbs });
        }
        Why::NoRules if decision != Decision::Allowed => {
            return Err(TryError::Disagreement {
                program: decision,
                rules: Decision::Allowed,
                same_verbs: true,
            });
        }
        Why::Rules(_) | Why::NoRules | Why::Unknown => {}
    }
    let offer = Offer {
        knowledge: worn.knowledge()?,
        access: worn.access()?,
        context: worn.context()?,
        lens: worn.lens()?,
    };
    Ok(Answer::Judged { decision, why, offer })
}

fn why(worn: &masque_host::Session, intent: &str) -> Why {
    match (worn.explain(intent), worn.masque().manifest()) {
        (Ok(Some(explanation)), _) => Why::Rules(explanation),
        (Ok(None), Some(Manifest { intent: None, .. })) => Why::NoRules,
        _ => Why::Unknown,
    }
}

/// Says why the host does not load it, and what can be done.
fn refused(path: &Path, error: &masque_host::LoadError) -> TryError {
    use masque_host::LoadError;
    let help = match error {
        LoadError::Damaged { .. } => {
            Some("the file is cut short or damaged: copy it again, or build it from its source")
        }
        LoadError::NotAComponent { .. } => {
            Some("`masquec build` writes components; `--emit core` and other tools may write core modules")
        }
        LoadError::Foreign { .. }
        | LoadError::Data { .. }
        | LoadError::NoManifest
        | LoadError::Manifest(_)
        | LoadError::ManifestMismatch => Some(
            "`--foreign` runs it anyway, in the same sandbox with larger limits; its answers can't be explained",
        ),
        LoadError::Envelope(_) => {
            Some("`--key FILE` names the key that it was sealed with; or try the .wasm that it was made from")
        }
        _ => None,
    };
    TryError::Refused { path: path.to_owned(), reason: error.to_string(), help }
}
