//! The masques behind the domain's port: found by reference, kept by digest, asked in the sandbox.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use masque_abi::manifest::{Action, Manifest};
use masque_abi::{Decision, Grant, Session};
use masque_host::{CallError, Host, HostError, JudgeError, Masque, Options, ParamError};
use masque_session::ports::{Basis, Masques, Verdict, Worn};
use masque_session::{Digest, WornMasque};
use masquec::library::Library;
use masquec::load::{self, Form, LoadError, Origin};
use masquec::terminal::Terminal;
use miette::Diagnostic;

use super::home::{Home, HomeError};
use super::reference::{self, ReferenceError, Target};

/// Finds and runs masques.
pub(crate) struct Cast<'a> {
    pub(crate) home: &'a Home,
    pub(crate) library: &'a Library,
    pub(crate) terminal: &'a Terminal,
    host: OnceCell<Host>,
    /// Those that were asked before: many intents may be judged by one masque.
    loaded: RefCell<HashMap<Digest, Masque>>,
    /// Restrictions that were compiled before, by their patterns.
    restrictions: RefCell<HashMap<String, Masque>>,
}

/// Why a masque gives no answer.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum CastError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Reference(#[from] ReferenceError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Home(#[from] HomeError),
    #[error("the sandbox can't be set up")]
    #[diagnostic(help("MASQUE_HOME must be a directory that can be written"))]
    Host(#[from] HostError),
    #[error("`{what}` is not loaded: {reason}")]
    #[diagnostic(help("`masquec build` makes components that can be donned"))]
    Refused { what: String, reason: String },
    #[error("{0}")]
    #[diagnostic(help("`--param NAME=VALUE` sets a parameter; `masque inspect` lists those of a masque"))]
    Param(ParamError),
    #[error("the masque gives no answer")]
    #[diagnostic(help("this is the masque's fault; the sandbox held"))]
    Call(CallError),
    #[error("`{pattern}` restricts nothing: {reason}")]
    #[diagnostic(help("a restriction is a pattern as in a masque's `allowed`, such as \"debug *\""))]
    Restriction { pattern: String, reason: String },
}

impl From<CallError> for CastError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Param(error) => Self::Param(error),
            error => Self::Call(error),
        }
    }
}

/// What a masque makes of its wearer.
pub(crate) struct Identity {
    pub(crate) manifest: Manifest,
    pub(crate) knowledge: Vec<String>,
    pub(crate) access: Vec<Grant>,
    pub(crate) context: String,
    pub(crate) lens: String,
}

impl<'a> Cast<'a> {
    pub(crate) fn new(home: &'a Home, library: &'a Library, terminal: &'a Terminal) -> Self {
        Self {
            home,
            library,
            terminal,
            host: OnceCell::new(),
            loaded: RefCell::default(),
            restrictions: RefCell::default(),
        }
    }

    fn host(&self) -> Result<&Host, CastError> {
        if let Some(host) = self.host.get() {
            return Ok(host);
        }
        let options = Options { cache: masquec::home::cache(), ..Options::default() };
        let host = Host::with_options(Origin::Known.limits(), options)?;
        Ok(self.host.get_or_init(|| host))
    }

    fn load(&self, bytes: &[u8], what: &str) -> Result<(Masque, Manifest), CastError> {
        let refused = |reason: String| CastError::Refused { what: what.to_owned(), reason };
        let masque = self.host()?.load(bytes).map_err(|error| refused(error.to_string()))?;
        let manifest = masque.manifest().cloned().ok_or_else(|| refused("it has no manifest".to_owned()))?;
        Ok((masque, manifest))
    }

    fn worn(&self, masque: &WornMasque) -> Result<Masque, CastError> {
        if let Some(known) = self.loaded.borrow().get(&masque.digest) {
            return Ok(known.clone());
        }
        let (loaded, _) = self.load(&self.home.kept(&masque.digest)?, &masque.reference)?;
        self.loaded.borrow_mut().insert(masque.digest, loaded.clone());
        Ok(loaded)
    }

    /// Everything that the wearer gets.
    pub(crate) fn compose(&self, masque: &WornMasque, session: Session) -> Result<Identity, CastError> {
        let masque = self.worn(masque)?;
        let manifest = masque.manifest().cloned().expect("it was loaded with its manifest");
        let mut worn = masque.session(session)?;
        Ok(Identity {
            manifest,
            knowledge: worn.knowledge()?,
            access: worn.access()?,
            context: worn.context()?,
            lens: worn.lens()?,
        })
    }

    /// Whether a restriction takes an intent.
    pub(crate) fn takes(&self, pattern: &str, intent: &str) -> Result<bool, CastError> {
        let (intent, agent) = (intent.to_owned(), String::new());
        let session =
            Session { intent: intent.clone(), ring: masque_abi::Ring::Outsider, agent, params: Vec::new() };
        Ok(judge(&self.restriction(pattern)?, session, &intent)?.decision == Decision::Allowed)
    }

    /// A restriction is compiled as any masque is.
    fn restriction(&self, pattern: &str) -> Result<Masque, CastError> {
        if let Some(known) = self.restrictions.borrow().get(pattern) {
            return Ok(known.clone());
        }
        let quoted = serde_json::Value::from(pattern).to_string();
        // A JSON string is one in YAML as well.
        let source = format!(
            "name: Restriction\nindex: 1\nversion: 1.0.0\nring: outsider\nintent:\n  allowed: [{quoted}]\nlens: Nothing else.\n"
        );
        let compiled = masquec::compile::compile(
            "restriction.masque.yaml".to_owned(),
            source.into_bytes(),
            &Library::standard(),
        );
        let Some(program) = compiled.program else {
            let reason = compiled.found.first().map_or_else(String::new, |found| found.message.clone());
            return Err(CastError::Restriction { pattern: pattern.to_owned(), reason });
        };
        let (masque, _) = self.load(&program.component(), "a restriction")?;
        self.restrictions.borrow_mut().insert(pattern.to_owned(), masque.clone());
        Ok(masque)
    }
}

impl Masques for Cast<'_> {
    type Error = CastError;

    fn resolve(&self, reference: &str) -> Result<WornMasque, CastError> {
        let bytes = match reference::find(reference, self.home, self.library)? {
            Target::Kept(digest) => self.home.kept(&digest)?,
            Target::File(path) => {
                let program = load::load(&path, self.library, self.terminal)?;
                match program.form {
                    Form::Compiled { .. } | Form::Wasm => program.bytes,
                    Form::Precompiled => {
                        let reason = "sessions keep components, not machine code".to_owned();
                        return Err(CastError::Refused { what: reference.to_owned(), reason });
                    }
                }
            }
        };
        let (_, manifest) = self.load(&bytes, reference)?;
        let digest = self.home.keep(&bytes)?;
        let identity = manifest.identity;
        Ok(WornMasque {
            reference: reference.to_owned(),
            id: identity.id,
            name: identity.name,
            version: identity.version,
            ring: identity.ring,
            digest,
        })
    }

    fn judge(&self, worn: &Worn<'_>, intent: &str) -> Result<Verdict, CastError> {
        let masque = self.worn(worn.masque)?;
        let verdict = judge(&masque, worn.session.clone(), intent)?;
        if verdict.decision == Decision::Denied || verdict.basis == Some(Basis::Host) {
            return Ok(verdict);
        }
        for pattern in worn.restrictions {
            let session = Session { params: Vec::new(), ..worn.session.clone() };
            let restricted = judge(&self.restriction(pattern)?, session, intent)?;
            if restricted.decision != Decision::Allowed {
                let why = Some(format!("the session is restricted to \"{pattern}\""));
                let basis = Some(Basis::Restriction);
                return Ok(Verdict { decision: restricted.decision, why, basis });
            }
        }
        Ok(verdict)
    }

    fn access(&self, worn: &Worn<'_>) -> Result<Vec<Grant>, CastError> {
        let masque = self.worn(worn.masque)?;
        Ok(masque.session(worn.session.clone())?.access()?)
    }
}

fn judge(masque: &Masque, session: Session, intent: &str) -> Result<Verdict, CastError> {
    // What the host refuses, no masque takes; neither as the purpose of a session nor within it.
    let refused = |refusal: masque_host::Refusal| Verdict {
        decision: Decision::Unmatched,
        why: Some(format!("the host refuses it: {refusal}")),
        basis: Some(Basis::Host),
    };
    let mut worn = match masque.session(session) {
        Ok(worn) => worn,
        Err(CallError::Purpose(refusal)) => return Ok(refused(refusal)),
        Err(error) => return Err(error.into()),
    };
    let decision = match worn.judge(intent) {
        Ok(decision) => decision,
        Err(JudgeError::Refused(refusal)) => return Ok(refused(refusal)),
        Err(JudgeError::Failed(error)) => return Err(error.into()),
    };
    let explained = worn.explain(intent).ok().flatten();
    let rule = explained.and_then(|explained| explained.deciding.into_iter().next()).map(|first| first.rule);
    let why = rule.map(|rule| {
        let action = match rule.action {
            Action::Allow => "allow",
            Action::Deny => "deny",
        };
        let because = rule.because.map(|because| format!(": {because}")).unwrap_or_default();
        format!("{action} \"{}\"{because}", rule.pattern)
    });
    let basis = (decision != Decision::Unmatched).then_some(Basis::Rule);
    Ok(Verdict { decision, why, basis })
}
