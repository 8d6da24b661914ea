//! Where masques are put on and taken off: the state in memory, kept in step with the journal.
//!
//! Requests that arrive together are decided one after another and appended as one batch, so that durable storage is waited for once (group
//! commit). Each is answered when its entries are durable and not before.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use masque_abi::Ring;

use crate::decide::{self, Decided, DonAsked, Now};
use crate::ports::{
    Access, AccessError, Basis, Batch, Clock, Journal, JournalError, Masques, Order, Processes, Verdict, Worn,
};
use crate::state::Session;
use crate::{
    Act, AgentId, AgentKey, ChainError, Checkpoint, Credential, DonClaim, Entry, Event, Holder, Outcome,
    Policy, PublicKey, Record, Refusal, RefusalCode, SessionId, Signature, State, Time, Token, WornMasque,
};

/// The sessions of one store. Shared between threads by reference.
pub struct Wardrobe<J, M> {
    journal: J,
    machine: M,
    policy: Policy,
    /// Signs how far the journal goes.
    key: AgentKey,
    /// Mints what is lent; without it nothing is.
    access: Option<Box<dyn Access>>,
    queue: Mutex<Vec<Job>>,
    /// `None` before the journal was read, and after a write of which it is not known whether it was done.
    state: Mutex<Option<State>>,
}

type Decide = Box<dyn FnOnce(Now<'_>) -> Vec<Event> + Send>;

struct Job {
    decide: Decide,
    committed: Arc<Mutex<Option<Result<(), JournalError>>>>,
}

/// Why a request has come to nothing.
#[derive(Debug)]
pub enum Trouble<E> {
    /// The domain refuses it.
    Refused(Refusal),
    /// The store does not do its work.
    Journal(JournalError),
    /// The masque gives no answer.
    Masques(E),
    /// A credential can't be minted.
    Access(AccessError),
}

/// What is asked for when a masque is donned.
#[derive(Clone, Debug)]
pub struct DonRequest {
    /// Chosen at random.
    pub session: SessionId,
    /// What the holder will show; chosen at random.
    pub token: Token,
    /// Who dons.
    pub agent: AgentId,
    /// What.
    pub reference: String,
    /// Why.
    pub intent: String,
    /// Values of its parameters.
    pub params: Vec<(String, String)>,
    /// What narrows it.
    pub restrictions: Vec<String>,
    /// The session that it is donned in.
    pub parent: Option<Token>,
    /// How long, in seconds.
    pub ttl: Option<i64>,
    /// The process that it ends with.
    pub holder: Option<Holder>,
}

/// A session, as its holder sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The session.
    pub session: Session,
    /// What its agent qualifies for now.
    pub ring: Ring,
    /// Whose session is the first of the chain.
    pub source: AgentId,
    /// What narrows it, from all of its chain.
    pub restrictions: Vec<String>,
    /// The present.
    pub now: Time,
}

/// A masque that was put on.
#[derive(Clone, Debug)]
pub struct Donned {
    /// What is worn.
    pub masque: WornMasque,
    /// What the agent qualified for.
    pub ring: Ring,
    /// When it ends by itself.
    pub ends: Time,
    /// What was lent with it.
    pub lent: Vec<Lent>,
}

/// A session whose end was moved.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// When it ends by itself.
    pub ends: Time,
    /// What was lent anew.
    pub lent: Vec<Lent>,
}

/// A credential with what proves it. Only its holder has this.
#[derive(Clone)]
pub struct Lent {
    /// What the journal knows of it.
    pub credential: Credential,
    /// The credential itself.
    pub secret: String,
}

impl std::fmt::Debug for Lent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lent").field("credential", &self.credential).finish_non_exhaustive()
    }
}

/// How a tool call gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// A rule allows it.
    Allowed,
    /// Nothing covers it: the agent's own permissions decide.
    Uncovered,
}

impl<J: Journal, M: Clock + Processes> Wardrobe<J, M> {
    /// A wardrobe over a journal. The key signs its checkpoints.
    pub fn new(journal: J, machine: M, policy: Policy, key: AgentKey) -> Self {
        let (queue, state) = (Mutex::default(), Mutex::default());
        Self { journal, machine, policy, key, access: None, queue, state }
    }

    /// Has credentials minted.
    #[must_use]
    pub fn with_access(self, access: Box<dyn Access>) -> Self {
        Self { access: Some(access), ..self }
    }

    /// The journal beneath.
    pub fn journal(&self) -> &J {
        &self.journal
    }

    /// The key that its checkpoints are signed with.
    pub fn key(&self) -> PublicKey {
        self.key.public()
    }

    /// Decides something by the present state, and answers when all that happened is durable.
    ///
    /// # Errors
    /// When the journal fails. Then the answer is lost, and nothing that was decided holds, but where the error says that it does.
    pub fn transact<T: Send + 'static>(
        &self,
        decide: impl FnOnce(Now<'_>) -> Decided<T> + Send + 'static,
    ) -> Result<Result<T, Refusal>, JournalError> {
        let answer = Arc::new(Mutex::new(None));
        let committed = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&answer);
        let decide: Decide = Box::new(move |now| {
            let decided = decide(now);
            *lock(&slot) = Some(decided.answer);
            decided.events
        });
        lock(&self.queue).push(Job { decide, committed: Arc::clone(&committed) });
        // Whoever comes first works for all who have come by then; they find their answers when it is their turn.
        let mut state = lock(&self.state);
        if lock(&committed).is_none() {
            self.work_off(&mut state);
        }
        drop(state);
        lock(&committed).take().expect("the one who has the state works off the whole queue")?;
        let answer = lock(&answer).take();
        Ok(answer.expect("a job that was committed was decided"))
    }

    /// Looks at the present state.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(Now<'_>) -> T + Send + 'static,
    ) -> Result<T, JournalError> {
        let looked = self.transact(move |now| Decided::done(Vec::new(), look(now)))?;
        Ok(looked.expect("nothing is refused to one who only looks"))
    }

    fn work_off(&self, kept: &mut Option<State>) {
        let jobs = std::mem::take(&mut *lock(&self.queue));
        let (decisions, tickets): (Vec<_>, Vec<_>) =
            jobs.into_iter().map(|job| (job.decide, job.committed)).unzip();
        let (mut state, opening) = match kept.take() {
            Some(state) => (state, Opening::Later),
            None => (State::default(), Opening::First),
        };
        let mut decisions = Some(decisions);
        let known = state.revoked.len();
        let mut written = self.journal.append(state.head().seq, &mut |newer| {
            for record in &newer {
                state.follow(record)?;
            }
            let decisions = decisions.take().unwrap_or_default();
            self.batch(&mut state, opening, decisions)
        });
        if written.is_ok() {
            // What was revoked before this process began may not have been published by the one that wrote it down.
            if opening == Opening::First || state.revoked.len() > known {
                written = self.publish(&state);
            }
            // A state that was not published is read again, and published then.
            *kept = written.is_ok().then_some(state);
        }
        for ticket in tickets {
            *lock(&ticket) = Some(written.clone());
        }
    }

    fn publish(&self, state: &State) -> Result<(), JournalError> {
        let Some(access) = &self.access else { return Ok(()) };
        let now = self.machine.now().max(state.head().at);
        access
            .revoke(&state.revoked(now), now)
            .map_err(|AccessError(reason)| JournalError::Unpublished(reason))
    }

    fn batch(
        &self,
        state: &mut State,
        opening: Opening,
        decisions: Vec<Decide>,
    ) -> Result<Batch, ChainError> {
        let mut records = Vec::new();
        let time = self.machine.now().max(state.head().at);
        let overdue = self.at(state, time).overdue();
        append(state, time, overdue, &mut records)?;
        if opening == Opening::First {
            let left = self.at(state, time).left_behind(|holder| self.machine.has_ended(holder));
            append(state, time, left, &mut records)?;
        }
        for decide in decisions {
            let events = decide(self.at(state, time));
            let standing_moved = events.iter().any(|event| matches!(event, Event::Acted { .. }));
            append(state, time, events, &mut records)?;
            if standing_moved {
                let unqualified = self.at(state, time).unqualified();
                append(state, time, unqualified, &mut records)?;
            }
        }
        let checkpoint = (!records.is_empty()).then(|| Checkpoint::sign(state.head(), &self.key));
        Ok(Batch { records, checkpoint })
    }

    fn at<'a>(&'a self, state: &'a State, time: Time) -> Now<'a> {
        Now { state, policy: &self.policy, time }
    }

    /// Begins the community.
    ///
    /// # Errors
    /// When it has begun, or the journal fails.
    pub fn found(&self, agent: AgentId, key: PublicKey) -> Result<Result<(), Refusal>, JournalError> {
        self.transact(move |now| decide::found(now, agent, key))
    }

    /// Carries out a signed request.
    ///
    /// # Errors
    /// When the journal fails; the inner one when it is refused.
    pub fn act(&self, act: Act, signature: Signature) -> Result<Result<Outcome, Refusal>, JournalError> {
        self.transact(move |now| decide::act(now, act, signature))
    }

    /// Puts a masque on. `sign` makes the agent's signature of the claim.
    ///
    /// # Errors
    /// When anything speaks against it.
    pub fn don<S: Masques>(
        &self,
        masques: &S,
        request: DonRequest,
        sign: impl FnOnce(&DonClaim<'_>) -> Signature,
    ) -> Result<Donned, Trouble<S::Error>> {
        let DonRequest {
            session,
            token,
            agent,
            reference,
            intent,
            params,
            restrictions,
            parent,
            ttl,
            holder,
        } = request;
        let masque = match masques.resolve(&reference) {
            Ok(masque) => masque,
            Err(error) => {
                let reason = RefusalCode::UnknownMasque;
                let event = Event::DonRefused { agent, reference: reference.clone(), intent, reason };
                let refused = Refusal::UnknownMasque { reference };
                let journalled = self.transact(move |_| Decided::<()>::refused(event, refused));
                // That it was refused counts more than that this could not be written down.
                drop(journalled);
                return Err(Trouble::Masques(error));
            }
        };
        let (asker, chain_of) = (agent.clone(), parent.as_ref().map(|token| token.session));
        let (ring, mut chain) = self
            .look(move |now| {
                let standing = now.state.standing(&asker, now.policy, now.time);
                let ring = standing.map_or(Ring::Outsider, |standing| standing.ring);
                (ring, chain_of.map(|id| chain_worn(now, id)).unwrap_or_default())
            })
            .map_err(Trouble::Journal)?;
        chain.insert(
            0,
            Layer {
                masque: masque.clone(),
                session: masque_abi::Session {
                    intent: intent.clone(),
                    ring,
                    agent: agent.to_string(),
                    params: params.clone(),
                },
                restrictions: restrictions.clone(),
            },
        );
        let verdict = judge(masques, &chain, &intent).map_err(Trouble::Masques)?;
        let grants = match &self.access {
            // Who is refused is lent nothing, and a text that the host refuses reaches no masque.
            Some(_) if verdict.decision == masque_abi::Decision::Allowed => {
                masques.access(&chain[0].worn()).map_err(Trouble::Masques)?
            }
            _ => Vec::new(),
        };
        let claim = DonClaim {
            session,
            agent: &agent,
            masque: masque.digest,
            intent: &intent,
            parent: chain_of,
            token: token.hash(),
        };
        let proof = sign(&claim);
        let token = token.hash();
        let worn = masque.clone();
        let asked = DonAsked {
            session,
            agent,
            masque,
            ring,
            intent,
            params,
            restrictions,
            parent,
            ttl,
            token,
            proof,
            holder,
            verdict,
            grants,
        };
        self.transact(move |now| decide::don(now, asked))
            .map_err(Trouble::Journal)?
            .map_err(Trouble::Refused)?;
        let (ends, lent) = self.mint(session, 0)?;
        Ok(Donned { masque: worn, ring, ends, lent })
    }

    /// Mints what was lent to a session, from a place on.
    fn mint<E>(&self, id: SessionId, first: usize) -> Result<(Time, Vec<Lent>), Trouble<E>> {
        let (session, source, restrictions) = self
            .look(move |now| {
                let lineage = now.state.lineage(id);
                let restrictions: Vec<String> =
                    lineage.iter().flat_map(|(_, session)| session.restrictions.clone()).collect();
                let (_, session) = *lineage.first()?;
                let (_, source) = lineage.last()?;
                Some((session.clone(), source.agent.clone(), restrictions))
            })
            .map_err(Trouble::Journal)?
            .expect("it was in use a moment ago, and sessions stay known");
        let mut lent = Vec::new();
        if let Some(access) = &self.access {
            for credential in session.credentials.iter().skip(first) {
                let order = Order {
                    credential,
                    session: id,
                    agent: &session.agent,
                    source: &source,
                    masque: &session.masque,
                    restrictions: &restrictions,
                };
                let secret = access.mint(&order).map_err(Trouble::Access)?;
                lent.push(Lent { credential: credential.clone(), secret });
            }
        }
        Ok((session.ends, lent))
    }

    /// Judges an intent within a session.
    ///
    /// # Errors
    /// When it is not let through, or there is no answer.
    pub fn check<S: Masques>(
        &self,
        masques: &S,
        token: &Token,
        intent: &str,
    ) -> Result<Verdict, Trouble<S::Error>> {
        let id = token.session;
        let chain = self.look(move |now| chain_worn(now, id)).map_err(Trouble::Journal)?;
        // A session that is not known has nothing to judge by: what refuses the token refuses this.
        let verdict = match chain.is_empty() {
            true => Verdict::UNCOVERED,
            false => judge(masques, &chain, intent).map_err(Trouble::Masques)?,
        };
        let (token, intent, judged) = (token.clone(), intent.to_owned(), verdict.clone());
        self.transact(move |now| decide::check(now, &token, &intent, &judged))
            .map_err(Trouble::Journal)?
            .map_err(Trouble::Refused)?;
        Ok(verdict)
    }

    /// Judges a tool call within a session by all that is said of it. One text that a rule denies refuses it; a restriction does where it
    /// takes none of them. What nothing covers is let through, unless the policy is strict.
    ///
    /// # Errors
    /// When it is not let through, or there is no answer.
    pub fn admit<S: Masques>(
        &self,
        masques: &S,
        token: &Token,
        said: &[String],
    ) -> Result<Passage, Trouble<S::Error>> {
        let id = token.session;
        let chain = self.look(move |now| chain_worn(now, id)).map_err(Trouble::Journal)?;
        let mut judged = Vec::new();
        for intent in said.iter().filter(|_| !chain.is_empty()) {
            judged.push((judge(masques, &chain, intent).map_err(Trouble::Masques)?, intent.clone()));
        }
        let refused = |(verdict, _): &&(Verdict, String)| {
            matches!(
                (verdict.decision, verdict.basis),
                (masque_abi::Decision::Denied, _) | (_, Some(Basis::Host))
            )
        };
        let lightest = || judged.iter().min_by_key(|(verdict, _)| verdict.weight());
        let (verdict, intent) = judged
            .iter()
            .find(refused)
            .or_else(lightest)
            .cloned()
            .unwrap_or((Verdict::UNCOVERED, String::new()));
        let token = token.clone();
        self.transact(move |now| decide::admit(now, &token, &intent, &verdict))
            .map_err(Trouble::Journal)?
            .map_err(Trouble::Refused)
    }

    /// Looks at a session. Where an agent is named, it must be that agent's.
    ///
    /// # Errors
    /// When the journal fails; the inner one when it is refused.
    pub fn show(
        &self,
        token: &Token,
        agent: Option<AgentId>,
    ) -> Result<Result<Shown, Refusal>, JournalError> {
        let token = token.clone();
        self.transact(move |now| {
            let Decided { events, answer } = decide::show(now, &token, agent.as_ref());
            let shown = |session: &Session| {
                let lineage = now.state.lineage(token.session);
                let standing = now.state.standing(&session.agent, now.policy, now.time);
                Shown {
                    session: session.clone(),
                    ring: standing.map_or(Ring::Outsider, |standing| standing.ring),
                    source: lineage.last().map_or(&session.agent, |(_, first)| &first.agent).clone(),
                    restrictions: lineage
                        .iter()
                        .flat_map(|(_, session)| session.restrictions.clone())
                        .collect(),
                    now: now.time,
                }
            };
            Decided { events, answer: answer.map(shown) }
        })
    }

    /// Moves the end of a session.
    ///
    /// # Errors
    /// When it is refused, or the journal or the minter fails.
    pub fn renew<E>(&self, token: &Token, seconds: Option<i64>) -> Result<Renewed, Trouble<E>> {
        let (id, token) = (token.session, token.clone());
        let first = self
            .transact(move |now| {
                let lent = now.state.session(&id).map_or(0, |session| session.credentials.len());
                let Decided { events, answer } = decide::renew(now, &token, seconds);
                Decided { events, answer: answer.map(|_| lent) }
            })
            .map_err(Trouble::Journal)?
            .map_err(Trouble::Refused)?;
        let (ends, lent) = self.mint(id, first)?;
        Ok(Renewed { ends, lent })
    }

    /// Takes a masque off.
    ///
    /// # Errors
    /// When the journal fails; the inner one when it is refused.
    pub fn doff(&self, token: &Token) -> Result<Result<(), Refusal>, JournalError> {
        let token = token.clone();
        self.transact(move |now| decide::doff(now, &token))
    }
}

fn append(
    state: &mut State,
    time: Time,
    events: Vec<Event>,
    records: &mut Vec<Record>,
) -> Result<(), ChainError> {
    for event in events {
        let (_, record) = Entry::seal(state.head(), time, event);
        // Through the same door as what is read, so that nothing is written that could not be read again.
        state.follow(&record)?;
        records.push(record);
    }
    Ok(())
}

/// Whether the journal has been read just now, so that others may have left sessions in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    First,
    Later,
}

/// One masque of a chain.
struct Layer {
    masque: WornMasque,
    session: masque_abi::Session,
    restrictions: Vec<String>,
}

impl Layer {
    fn worn(&self) -> Worn<'_> {
        Worn { masque: &self.masque, session: self.session.clone(), restrictions: &self.restrictions }
    }
}

/// A session and what it was donned in, each with the ring that its agent qualifies for now.
fn chain_worn(now: Now<'_>, id: SessionId) -> Vec<Layer> {
    let lineage = now.state.lineage(id);
    let layer = |(_, session): (SessionId, &Session)| {
        let standing = now.state.standing(&session.agent, now.policy, now.time);
        Layer {
            masque: session.masque.clone(),
            session: masque_abi::Session {
                intent: session.intent.clone(),
                ring: standing.map_or(Ring::Outsider, |standing| standing.ring),
                agent: session.agent.to_string(),
                params: session.params.clone(),
            },
            restrictions: session.restrictions.clone(),
        }
    };
    lineage.into_iter().map(layer).collect()
}

/// Only what every masque of a chain and every restriction allows is allowed. Of those that do not allow it, the heaviest verdict is given.
fn judge<S: Masques>(masques: &S, chain: &[Layer], intent: &str) -> Result<Verdict, S::Error> {
    let mut heaviest: Option<Verdict> = None;
    for layer in chain {
        let verdict = masques.judge(&layer.worn(), intent)?;
        if heaviest.as_ref().is_none_or(|heaviest| verdict.weight() > heaviest.weight()) {
            heaviest = Some(verdict);
        }
    }
    Ok(heaviest.unwrap_or(Verdict::UNCOVERED))
}

/// A job that panicked has not touched what the lock holds: jobs run on a state that is put back only once all went well.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
