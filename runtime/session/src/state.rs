//! What the journal amounts to: agents and sessions, folded entry by entry. Nothing here decides; a fold can't fail.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use masque_abi::Ring;

use crate::{
    ActId, AgentId, Chain, ChainError, Credential, CredentialId, Deed, Entry, Event, Head, Holder, How,
    Outcome, PublicKey, Record, Score, SessionId, Time, TokenHash, WhyWindingDown, WornMasque,
};

/// How many refusals of an agent are remembered at most.
const REFUSALS_KEPT: usize = 10_000;

/// Everything that is known.
#[derive(Clone, Debug, Default)]
pub struct State {
    chain: Chain,
    /// Those who are or were here: a name is never given to somebody else.
    pub(crate) agents: BTreeMap<AgentId, Agent>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    /// Sessions that have not ended, by when the next thing happens to them by itself.
    pub(crate) due: BTreeSet<(Time, SessionId)>,
    /// Those of them that end with a process.
    pub(crate) held: BTreeMap<SessionId, Holder>,
    acts: BTreeSet<ActId>,
    /// Credentials of sessions that have ended, with when they end by themselves.
    pub(crate) revoked: BTreeMap<CredentialId, Time>,
}

/// An agent.
#[derive(Clone, Debug)]
pub struct Agent {
    /// What proves a request to be the agent's.
    pub key: PublicKey,
    /// The ring that the agent rose to.
    pub ring: Ring,
    /// Whether the agent began the community.
    pub origin: Origin,
    /// Whether the agent is still here.
    pub presence: Presence,
    /// For a guest: who vouches, and until when.
    pub stay: Option<Stay>,
    /// Who says that the agent does not qualify.
    pub disapproval: Option<Disapproval>,
    /// Who proposed the agent for the next ring.
    pub nominated_by: Option<AgentId>,
    /// When the agent last donned something or moved.
    pub last_seen: Time,
    /// When the agent was refused something, the latest last.
    pub refusals: VecDeque<Time>,
    /// Well scored sessions in the present ring.
    pub merits: Vec<SessionId>,
}

/// How an agent came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// From outside, and climbs.
    Joined,
    /// From the beginning, in the centre.
    Founder,
}

/// Whether an agent is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Yes.
    Here,
    /// No longer.
    Gone,
}

/// A guest's stay.
#[derive(Clone, Debug)]
pub struct Stay {
    /// Who vouches.
    pub sponsor: AgentId,
    /// Until when.
    pub until: Time,
}

/// A higher ring's disapproval.
#[derive(Clone, Debug)]
pub struct Disapproval {
    /// Who disapproves.
    pub by: AgentId,
    /// Why.
    pub reason: String,
}

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who wears the masque.
    pub agent: AgentId,
    /// What is worn.
    pub masque: WornMasque,
    /// The ring that the agent had when it was donned.
    pub ring: Ring,
    /// Why.
    pub intent: String,
    /// Values of its parameters.
    pub params: Vec<(String, String)>,
    /// What narrows it.
    pub restrictions: Vec<String>,
    /// The session that it was donned in.
    pub parent: Option<SessionId>,
    /// Sessions that were donned in it.
    pub children: Vec<SessionId>,
    /// When it began.
    pub began: Time,
    /// When it ends by itself.
    pub ends: Time,
    /// What its holder's token is known by.
    pub token: TokenHash,
    /// What was lent to it, the latest last.
    pub credentials: Vec<Credential>,
    /// How far it is.
    pub phase: Phase,
    /// How it was judged afterwards.
    pub score: Option<Score>,
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// In use.
    Worn,
    /// The holder may checkpoint.
    WindingDown {
        /// Why.
        because: WhyWindingDown,
        /// When its rights end.
        until: Time,
    },
    /// Over.
    Ended {
        /// How.
        how: How,
        /// When.
        at: Time,
    },
}

impl Session {
    /// When it ends at the latest, as things stand; `None` once it has.
    pub fn due(&self) -> Option<Time> {
        match self.phase {
            Phase::Worn => Some(self.ends),
            Phase::WindingDown { until, .. } => Some(until.min(self.ends)),
            Phase::Ended { .. } => None,
        }
    }
}

impl State {
    /// How far the journal was folded.
    pub fn head(&self) -> &Head {
        self.chain.head()
    }

    /// An agent who is here.
    pub fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.agents.get(id).filter(|agent| agent.presence == Presence::Here)
    }

    /// Whether somebody is or was here under this name.
    pub fn has_known(&self, id: &AgentId) -> bool {
        self.agents.contains_key(id)
    }

    /// The agents who are here.
    pub fn agents(&self) -> impl Iterator<Item = (&AgentId, &Agent)> {
        self.agents.iter().filter(|(_, agent)| agent.presence == Presence::Here)
    }

    /// A session.
    pub fn session(&self, id: &SessionId) -> Option<&Session> {
        self.sessions.get(id)
    }

    /// Every session, ended ones too.
    pub fn sessions(&self) -> impl Iterator<Item = (&SessionId, &Session)> {
        self.sessions.iter()
    }

    /// A session and those that it was donned in, the innermost first.
    pub fn lineage(&self, id: SessionId) -> Vec<(SessionId, &Session)> {
        let mut lineage = Vec::new();
        let mut next = Some(id);
        while let Some((id, session)) = next.and_then(|id| Some((id, self.sessions.get(&id)?))) {
            lineage.push((id, session));
            next = session.parent;
        }
        lineage
    }

    /// A session's own descendants that have not ended, then the session: the order in which they end.
    pub(crate) fn live_tree(&self, id: SessionId) -> Vec<SessionId> {
        let (mut order, mut open) = (Vec::new(), vec![id]);
        while let Some(id) = open.pop() {
            if let Some(session) = self.sessions.get(&id).filter(|session| session.due().is_some()) {
                order.push(id);
                open.extend(&session.children);
            }
        }
        order.reverse();
        order
    }

    /// Credentials of sessions that have ended which would not have ended by themselves yet.
    pub fn revoked(&self, now: Time) -> Vec<(CredentialId, Time)> {
        self.revoked.iter().filter(|(_, ends)| **ends > now).map(|(id, ends)| (*id, *ends)).collect()
    }

    pub(crate) fn has_acted(&self, id: &ActId) -> bool {
        self.acts.contains(id)
    }

    /// Reads the next record and takes it in.
    ///
    /// # Errors
    /// When it is not the next one, or not as it was written.
    pub fn follow(&mut self, record: &Record) -> Result<(), ChainError> {
        let entry = self.chain.follow(record)?;
        self.apply(&entry);
        Ok(())
    }

    fn apply(&mut self, entry: &Entry) {
        let at = entry.at;
        match &entry.event {
            Event::Founded { agent, key } => {
                let founder = Agent { ring: Ring::Admin, origin: Origin::Founder, ..Agent::new(*key, at) };
                self.agents.insert(agent.clone(), founder);
            }
            Event::Acted { act, outcome, .. } => {
                self.acts.insert(act.id);
                self.act(&act.by, &act.deed, *outcome, at);
            }
            Event::ActRefused { by, .. } => self.refused(by, at),
            Event::DonRefused { agent, .. } => self.refused(agent, at),
            Event::CheckRefused { session, .. } => {
                if let Some(agent) = self.sessions.get(session).map(|session| session.agent.clone()) {
                    self.refused(&agent, at);
                }
            }
            // Whoever shows a wrong token is not the agent whose session it is.
            Event::UseRefused { .. } => {}
            Event::Donned {
                session: id,
                agent,
                masque,
                ring,
                intent,
                params,
                restrictions,
                parent,
                ends,
                token,
                proof: _,
                holder,
            } => {
                if let Some(parent) = parent.and_then(|parent| self.sessions.get_mut(&parent)) {
                    parent.children.push(*id);
                }
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.last_seen = at;
                }
                self.due.insert((*ends, *id));
                self.held.extend(holder.clone().map(|holder| (*id, holder)));
                let session = Session {
                    agent: agent.clone(),
                    masque: masque.clone(),
                    ring: *ring,
                    intent: intent.clone(),
                    params: params.clone(),
                    restrictions: restrictions.clone(),
                    parent: *parent,
                    children: Vec::new(),
                    began: at,
                    ends: *ends,
                    token: *token,
                    credentials: Vec::new(),
                    phase: Phase::Worn,
                    score: None,
                };
                self.sessions.insert(*id, session);
            }
            Event::Lent { session, credentials } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.credentials.extend(credentials.iter().cloned());
                }
            }
            Event::Renewed { session, ends } => self.change(*session, |session| session.ends = *ends),
            Event::WindingDown { session, because, until } => self.change(*session, |session| {
                session.phase = Phase::WindingDown { because: *because, until: *until };
            }),
            Event::Ended { session, how } => {
                self.held.remove(session);
                if let Some(session) = self.sessions.get(session) {
                    let lent = session.credentials.iter().filter(|credential| credential.ends > at);
                    self.revoked.extend(lent.map(|credential| (credential.id, credential.ends)));
                }
                self.change(*session, |session| session.phase = Phase::Ended { how: *how, at });
            }
        }
    }

    /// Changes a session, and keeps the order of what is due.
    fn change(&mut self, id: SessionId, change: impl FnOnce(&mut Session)) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if let Some(due) = session.due() {
            self.due.remove(&(due, id));
        }
        change(session);
        if let Some(due) = session.due() {
            self.due.insert((due, id));
        }
    }

    fn refused(&mut self, agent: &AgentId, at: Time) {
        if let Some(agent) = self.agents.get_mut(agent) {
            if agent.refusals.len() == REFUSALS_KEPT {
                agent.refusals.pop_front();
            }
            agent.refusals.push_back(at);
        }
    }

    fn act(&mut self, by: &AgentId, deed: &Deed, outcome: Outcome, at: Time) {
        match deed {
            Deed::Add { agent, key } => {
                self.agents.insert(agent.clone(), Agent::new(*key, at));
            }
            Deed::Score { session, score, .. } => {
                let Some(scored) = self.sessions.get_mut(session) else { return };
                scored.score = Some(*score);
                if let Some(agent) = self.agents.get_mut(&scored.agent)
                    && score.is_merit()
                    && scored.ring == agent.ring
                {
                    agent.merits.push(*session);
                }
            }
            // The session's own entries follow.
            Deed::Revoke { .. } => {}
            Deed::Remove { agent: id }
            | Deed::Nominate { agent: id }
            | Deed::Approve { agent: id, .. }
            | Deed::Disapprove { agent: id, .. }
            | Deed::Demote { agent: id, .. } => {
                let Some(agent) = self.agents.get_mut(id) else { return };
                match (outcome, deed) {
                    (Outcome::Moved(ring), _) => agent.move_to(ring, None, at),
                    (Outcome::Sponsored(until), _) => {
                        agent.move_to(Ring::Guest, Some(Stay { sponsor: by.clone(), until }), at);
                    }
                    (Outcome::Reinstated, _) => agent.disapproval = None,
                    (Outcome::Done, Deed::Remove { .. }) => agent.presence = Presence::Gone,
                    (Outcome::Done, Deed::Nominate { .. }) => agent.nominated_by = Some(by.clone()),
                    (Outcome::Done, Deed::Disapprove { reason, .. }) => {
                        agent.disapproval = Some(Disapproval { by: by.clone(), reason: reason.clone() });
                    }
                    (Outcome::Done, _) => {}
                }
            }
        }
    }
}

impl Agent {
    fn new(key: PublicKey, at: Time) -> Self {
        Self {
            key,
            ring: Ring::Outsider,
            origin: Origin::Joined,
            presence: Presence::Here,
            stay: None,
            disapproval: None,
            nominated_by: None,
            last_seen: at,
            refusals: VecDeque::new(),
            merits: Vec::new(),
        }
    }

    /// Evidence counts at the ring where it was gathered.
    fn move_to(&mut self, ring: Ring, stay: Option<Stay>, at: Time) {
        self.ring = ring;
        self.stay = stay;
        self.nominated_by = None;
        self.last_seen = at;
        self.merits.clear();
    }
}
