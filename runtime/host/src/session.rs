//! A masque in a session: many questions to one instance.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use masque_abi::{self as abi, Decision, Grant};

use crate::lifted::{self, SessionRecord};
use crate::masque::Loaded;
use crate::{CallError, Explanation, JudgeError, Masque, direct, intent};

/// A masque that is worn in a session. It holds one instance; the session was passed in once where that is possible.
///
/// After a call that failed, the instance is thrown away and the next question brings up a new one: a masque keeps nothing between
/// questions, so the answers are the same.
pub struct Session {
    loaded: Arc<Loaded>,
    session: abi::Session,
    path: Path,
}

/// How questions get in. `None` after a failure.
enum Path {
    Direct(Option<Box<direct::Live>>),
    Lifted(Option<Box<lifted::Live>>, Arc<SessionRecord>),
}

impl Session {
    pub(crate) fn new(loaded: Arc<Loaded>, session: abi::Session) -> Result<Self, CallError> {
        let Some(program) = loaded.core() else {
            return Self::through_component(loaded, session);
        };
        let session = loaded.prepare(Cow::Owned(session))?.into_owned();
        let live = direct::Live::new(&loaded, program, &session)?;
        Ok(Self { path: Path::Direct(Some(Box::new(live))), loaded, session })
    }

    pub(crate) fn through_component(loaded: Arc<Loaded>, session: abi::Session) -> Result<Self, CallError> {
        let session = loaded.prepare(Cow::Owned(session))?.into_owned();
        let record = Arc::new(SessionRecord::new(&session));
        let live = lifted::Live::new(&loaded, loaded.lifted()?)?;
        Ok(Self { path: Path::Lifted(Some(Box::new(live)), record), loaded, session })
    }

    /// The masque that is worn.
    pub fn masque(&self) -> Masque {
        Masque::new(Arc::clone(&self.loaded))
    }

    /// What the masque knows of the session: its parameters in canonical form.
    pub fn session(&self) -> &abi::Session {
        &self.session
    }

    /// Judges an intent. Only [`Decision::Allowed`] lets anything through.
    ///
    /// # Errors
    /// When the host refuses the intent, or the masque fails.
    #[inline]
    pub fn judge(&mut self, intent: &str) -> Result<Decision, JudgeError> {
        let intent = intent::normalise(intent, self.loaded.shared.limits.intent_bytes)?;
        if let Path::Direct(Some(live)) = &mut self.path {
            match live.judge(&intent) {
                Ok(decision) => return Ok(decision),
                Err(error) => return Err(self.fail(error).into()),
            }
        }
        Ok(self.ask(|live, _| live.judge(&intent), |live, record, _| live.judge(&intent, record))?)
    }

    /// Says why an intent is decided as it is, as [`Masque::explain`].
    ///
    /// # Errors
    /// When the host refuses the intent.
    pub fn explain(&self, intent: &str) -> Result<Option<Explanation>, JudgeError> {
        Ok(self.loaded.explain(intent, &self.session)?)
    }

    /// MCP URIs to look things up at.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn knowledge(&mut self) -> Result<Vec<String>, CallError> {
        self.ask(direct::Live::knowledge, lifted::Live::knowledge)
    }

    /// Credentials to mint.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn access(&mut self) -> Result<Vec<Grant>, CallError> {
        self.ask(direct::Live::access, lifted::Live::access)
    }

    /// Situational framing: whom the agent helps.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn context(&mut self) -> Result<String, CallError> {
        self.ask(direct::Live::context, lifted::Live::context)
    }

    /// Cognitive framing: how the agent thinks.
    ///
    /// # Errors
    /// When the masque fails.
    pub fn lens(&mut self) -> Result<String, CallError> {
        self.ask(direct::Live::lens, lifted::Live::lens)
    }

    /// Asks the instance, a new one where the last has failed.
    fn ask<T>(
        &mut self,
        direct: impl FnOnce(&mut direct::Live, &crate::Limits) -> Result<T, CallError>,
        lifted: impl FnOnce(&mut lifted::Live, &Arc<SessionRecord>, &crate::Limits) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let loaded = &*self.loaded;
        let limits = &loaded.shared.limits;
        let answer = match &mut self.path {
            Path::Direct(live) => {
                let live = match live {
                    Some(live) => live,
                    None => {
                        let program = loaded.core().expect("a direct session was made of a core module");
                        live.insert(Box::new(direct::Live::new(loaded, program, &self.session)?))
                    }
                };
                direct(live, limits)
            }
            Path::Lifted(live, record) => {
                let live = match live {
                    Some(live) => live,
                    None => live.insert(Box::new(lifted::Live::new(loaded, loaded.lifted()?)?)),
                };
                lifted(live, record, limits)
            }
        };
        answer.map_err(|error| self.fail(error))
    }

    /// Throws the instance away.
    #[cold]
    fn fail(&mut self, error: CallError) -> CallError {
        match &mut self.path {
            Path::Direct(live) => *live = None,
            Path::Lifted(live, _) => *live = None,
        }
        error
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("masque", &self.masque())
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
