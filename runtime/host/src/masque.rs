//! A loaded masque, and questions that are asked without a session handle.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use masque_abi as abi;
use masque_abi::{Decision, Grant, Manifest};
use masque_decode::{Component, Logic};

use crate::code::{self, Kept, Origin, Trusted};
use crate::engine::Clocked;
use crate::host::Shared;
use crate::lifted::{self, SessionRecord, check_session};
use crate::{
    CallError, Explanation, JudgeError, Limits, LoadError, Session, direct, explain, intent, params,
};

/// A loaded masque. Cheap to clone, and can be asked from any thread.
///
/// The functions here bring up a new instance for each question and pass the session in every time: right for one question. For many, make
/// a [`Session`].
#[derive(Clone)]
pub struct Masque {
    loaded: Arc<Loaded>,
}

/// SHA-256 of a component; shown in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&abi::hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What all clones share.
pub(crate) struct Loaded {
    pub(crate) shared: Arc<Shared>,
    pub(crate) engine: Arc<Clocked>,
    digest: Digest,
    known: Option<Known>,
    /// The core module of a canonical component.
    core: Option<direct::Program>,
    component: Lifted,
}

/// What is known of a canonical component.
struct Known {
    manifest: Manifest,
    logic: Logic,
}

/// What was read of a canonical component.
pub(crate) struct Canonical {
    known: Known,
    /// Where its core module lies.
    pub(crate) core: Range<usize>,
}

impl Canonical {
    pub(crate) fn new(component: Component) -> Self {
        let Component { manifest, core, program, .. } = component;
        Self { known: Known { manifest, logic: program.logic }, core }
    }
}

/// The component as a whole. A canonical one is compiled when it is first needed: sessions call its core module.
struct Lifted {
    wasm: Box<[u8]>,
    precompiled: Option<Kept>,
    program: OnceLock<Result<lifted::Program, CallError>>,
}

impl Loaded {
    pub(crate) fn new(
        shared: Arc<Shared>,
        engine: Arc<Clocked>,
        wasm: &[u8],
        digest: [u8; 32],
        canonical: Option<Canonical>,
        [core_code, component_code]: [Option<Trusted<'_>>; 2],
    ) -> Result<Self, LoadError> {
        let disk = shared.disk.as_ref();
        let program = OnceLock::new();
        let (known, core, kept_wasm) = match canonical {
            Some(Canonical { known, core }) => {
                let origin = Origin { wasm, digest, part: &wasm[core], precompiled: core_code };
                let module = code::obtain(&engine, disk, &origin)?;
                (Some(known), Some(direct::Program::new(&engine, &module)?), wasm.into())
            }
            None => {
                let origin = Origin { wasm, digest, part: wasm, precompiled: component_code };
                let component = code::obtain(&engine, disk, &origin)?;
                let lifted = lifted::Program::new(&engine, &component)
                    .map_err(|error| LoadError::Compile(error.to_string()))?;
                program.set(Ok(lifted)).unwrap_or_else(|_| unreachable!("the cell was made above"));
                (None, None, Box::default())
            }
        };
        let precompiled = component_code.filter(|_| core.is_some()).map(Trusted::keep);
        let component = Lifted { wasm: kept_wasm, precompiled, program };
        Ok(Self { engine, digest: Digest(digest), known, core, component, shared })
    }

    pub(crate) fn core(&self) -> Option<&direct::Program> {
        self.core.as_ref()
    }

    /// The session as the masque takes it: checked, and in canonical form where it is known what that is.
    pub(crate) fn prepare<'a>(
        &self,
        session: Cow<'a, abi::Session>,
    ) -> Result<Cow<'a, abi::Session>, CallError> {
        let limits = &self.shared.limits;
        check_session(&session, limits)?;
        match &self.known {
            Some(known) => Ok(Cow::Owned(params::prepare(&session, &known.manifest, limits)?)),
            None => Ok(session),
        }
    }

    /// What the rules say in a prepared session.
    pub(crate) fn explain(
        &self,
        intent: &str,
        session: &abi::Session,
    ) -> Result<Option<Explanation>, intent::Refusal> {
        let normal = intent::normalise(intent, self.shared.limits.intent_bytes)?;
        let Some(Known { manifest, logic }) = &self.known else { return Ok(None) };
        let holds = |condition| logic.holds(condition, session) == Some(true);
        Ok(manifest.intent.as_ref().and_then(|rules| explain::explain(rules, holds, &normal)))
    }

    pub(crate) fn lifted(&self) -> Result<&lifted::Program, CallError> {
        let obtain = || {
            let Lifted { wasm, precompiled, .. } = &self.component;
            let precompiled = precompiled.as_ref().map(Trusted::kept);
            let origin = Origin { wasm, digest: self.digest.0, part: wasm, precompiled };
            let component = code::obtain(&self.engine, self.shared.disk.as_ref(), &origin)
                .map_err(|error| CallError::Instantiate(error.to_string()))?;
            lifted::Program::new(&self.engine, &component)
        };
        self.component.program.get_or_init(obtain).as_ref().map_err(Clone::clone)
    }
}

impl Masque {
    pub(crate) fn new(loaded: Arc<Loaded>) -> Self {
        Self { loaded }
    }

    /// What it says about itself. `None` of a foreign component: nothing would tie that to what it does.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.loaded.known.as_ref().map(|known| &known.manifest)
    }

    /// SHA-256 of the component it was loaded from.
    pub fn digest(&self) -> Digest {
        self.loaded.digest
    }

    /// Whether `masquec` made it, so that its code is known and its answers can be explained.
    pub fn is_canonical(&self) -> bool {
        self.loaded.core.is_some()
    }

    /// Puts it on: a handle for many questions in one session.
    ///
    /// # Errors
    /// When the session's strings pass the limits, its parameters are not those of the masque, or all instances are in use.
    pub fn session(&self, session: abi::Session) -> Result<Session, CallError> {
        Session::new(Arc::clone(&self.loaded), session)
    }

    /// Like [`Masque::session`], but every question goes through the component, as hosts without direct calls do it.
    ///
    /// # Errors
    /// As [`Masque::session`].
    pub fn session_through_component(&self, session: abi::Session) -> Result<Session, CallError> {
        Session::through_component(Arc::clone(&self.loaded), session)
    }

    /// Judges one intent.
    ///
    /// # Errors
    /// When the host refuses the intent, or the masque fails.
    pub fn validate_intent(&self, intent: &str, session: &abi::Session) -> Result<Decision, JudgeError> {
        let intent = intent::normalise(intent, self.loaded.shared.limits.intent_bytes)?;
        Ok(self.once(session, |live, record, _| live.judge(&intent, record))?)
    }

    /// MCP URIs to look things up at.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn knowledge(&self, session: &abi::Session) -> Result<Vec<String>, CallError> {
        self.once(session, lifted::Live::knowledge)
    }

    /// Credentials to mint.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn access(&self, session: &abi::Session) -> Result<Vec<Grant>, CallError> {
        self.once(session, lifted::Live::access)
    }

    /// Situational framing: whom the agent helps.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn context(&self, session: &abi::Session) -> Result<String, CallError> {
        self.once(session, lifted::Live::context)
    }

    /// Cognitive framing: how the agent thinks.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn lens(&self, session: &abi::Session) -> Result<String, CallError> {
        self.once(session, lifted::Live::lens)
    }

    /// Says why an intent is decided as it is in a session, from the manifest's rules. `None` where there are none: of a pure lens,
    /// which allows everything, and of a foreign component. Rules whose condition does not hold in the session are not there.
    ///
    /// This does not ask the program. Where it matters, compare [`Explanation::decision`] with the program's own, and look at
    /// [`Explanation::same_verbs`].
    ///
    /// # Errors
    /// When the host refuses the intent or the session.
    pub fn explain(&self, intent: &str, session: &abi::Session) -> Result<Option<Explanation>, JudgeError> {
        let session = self.loaded.prepare(Cow::Borrowed(session))?;
        Ok(self.loaded.explain(intent, &session)?)
    }

    /// One question to a new instance.
    fn once<T>(
        &self,
        session: &abi::Session,
        ask: impl FnOnce(&mut lifted::Live, &Arc<SessionRecord>, &Limits) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let limits = &self.loaded.shared.limits;
        let session = self.loaded.prepare(Cow::Borrowed(session))?;
        let mut live = lifted::Live::new(&self.loaded, self.loaded.lifted()?)?;
        ask(&mut live, &Arc::new(SessionRecord::new(&session)), limits)
    }
}

impl fmt::Debug for Masque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.manifest().map(|manifest| &manifest.identity.name);
        f.debug_struct("Masque").field("name", &name).field("digest", &self.digest()).finish_non_exhaustive()
    }
}
