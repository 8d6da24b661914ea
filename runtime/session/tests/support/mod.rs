//! A journal in memory, a clock that is set by hand, masques that are words, and agents with their keys.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use masque_abi::{Decision, Grant, Ring, Ttl};
use masque_session::ports::{Basis, Clock, Journal, JournalError, Masques, Processes, Verdict, Worn, Write};
use masque_session::{
    Act, ActId, AgentId, AgentKey, Checkpoint, Deed, Digest, DonRequest, Donned, Holder, Outcome, Policy,
    Record, Refusal, SessionId, Time, Token, Trouble, Wardrobe, WornMasque,
};

#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Kept>>);

type Kept = (Vec<Record>, Vec<Checkpoint>, Fails);

/// What the disk does next.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Fails {
    #[default]
    Never,
    BeforeItIsDone,
    AfterItWasDone,
}

impl Memory {
    pub(crate) fn records(&self) -> Vec<Record> {
        self.0.lock().unwrap().0.clone()
    }

    pub(crate) fn fail(&self, fails: Fails) {
        self.0.lock().unwrap().2 = fails;
    }
}

impl Journal for Memory {
    fn after(&self, seq: u64) -> Result<Vec<Record>, JournalError> {
        Ok(self.0.lock().unwrap().0[seq as usize..].to_vec())
    }

    fn checkpoints(&self) -> Result<Vec<Checkpoint>, JournalError> {
        Ok(self.0.lock().unwrap().1.clone())
    }

    fn append(&self, seq: u64, write: &mut Write<'_>) -> Result<(), JournalError> {
        let mut kept = self.0.lock().unwrap();
        let batch = write(kept.0[seq as usize..].to_vec())?;
        let broken = Err(JournalError::Unwritable("no room".to_owned()));
        match std::mem::take(&mut kept.2) {
            Fails::BeforeItIsDone => broken,
            fails => {
                kept.0.extend(batch.records);
                kept.1.extend(batch.checkpoint);
                if fails == Fails::AfterItWasDone { broken } else { Ok(()) }
            }
        }
    }
}

#[derive(Clone, Default)]
pub(crate) struct SetByHand(Arc<AtomicU64>);

impl SetByHand {
    pub(crate) fn set(&self, seconds: u64) {
        self.0.store(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for SetByHand {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

/// Of the processes in these tests, those with an odd number have ended.
impl Processes for SetByHand {
    fn has_ended(&self, holder: &Holder) -> bool {
        holder.pid % 2 == 1
    }
}

/// `player` is a masque for players. It denies what begins with "no", and takes everything else but what begins with a question mark; a restriction takes what begins with it.
pub(crate) struct Words;

impl Masques for Words {
    type Error = String;

    fn resolve(&self, reference: &str) -> Result<WornMasque, String> {
        let ring: Ring = reference.parse().map_err(|_| format!("no {reference}"))?;
        Ok(WornMasque {
            reference: reference.to_owned(),
            id: reference.to_owned(),
            name: reference.to_owned(),
            version: "1.0.0".to_owned(),
            ring,
            digest: Digest::of(reference.as_bytes()),
        })
    }

    fn judge(&self, worn: &Worn<'_>, intent: &str) -> Result<Verdict, String> {
        let restricted = worn.restrictions.iter().any(|start| !intent.starts_with(start.as_str()));
        let (decision, basis) = match intent {
            _ if intent.starts_with("no") => (Decision::Denied, Some(Basis::Rule)),
            _ if restricted => (Decision::Unmatched, Some(Basis::Restriction)),
            _ if intent.starts_with('?') => (Decision::Unmatched, None),
            _ => (Decision::Allowed, None),
        };
        Ok(Verdict { decision, why: None, basis })
    }

    /// Players get a key.
    fn access(&self, worn: &Worn<'_>) -> Result<Vec<Grant>, String> {
        let grant = |role: &str, ttl| Grant { provider: "vault".to_owned(), role: role.to_owned(), ttl };
        Ok(match worn.masque.ring {
            Ring::Player => vec![grant("operator", Ttl::Session), grant("reader", Ttl::Seconds(60))],
            _ => Vec::new(),
        })
    }
}

pub(crate) struct House {
    pub(crate) wardrobe: Wardrobe<Memory, SetByHand>,
    pub(crate) journal: Memory,
    pub(crate) clock: SetByHand,
    next: AtomicU64,
}

pub(crate) fn agent(name: &str) -> AgentId {
    name.parse().unwrap()
}

pub(crate) fn key(name: &str) -> AgentKey {
    AgentKey::from_seed(Digest::of(name.as_bytes()).0)
}

impl House {
    /// A community that `ada` has founded.
    pub(crate) fn new(policy: Policy) -> Self {
        let (journal, clock) = (Memory::default(), SetByHand::default());
        clock.set(1_000_000);
        let wardrobe = Wardrobe::new(journal.clone(), clock.clone(), policy, key("the store"));
        wardrobe.found(agent("ada"), key("ada").public()).unwrap().unwrap();
        Self { wardrobe, journal, clock, next: AtomicU64::new(1) }
    }

    /// Forgets all but the journal.
    pub(crate) fn reopen(&mut self, policy: Policy) {
        self.wardrobe = Wardrobe::new(self.journal.clone(), self.clock.clone(), policy, key("the store"));
    }

    fn fresh(&self) -> [u8; 16] {
        u128::from(self.next.fetch_add(1, Ordering::SeqCst)).to_be_bytes()
    }

    pub(crate) fn act(&self, by: &str, deed: Deed) -> Result<Outcome, Refusal> {
        let act = Act { id: ActId(self.fresh()), by: agent(by), deed };
        let signature = key(by).sign_act(&act);
        self.wardrobe.act(act, signature).unwrap()
    }

    pub(crate) fn add(&self, name: &str) -> Result<Outcome, Refusal> {
        self.act("ada", Deed::Add { agent: agent(name), key: key(name).public() })
    }

    pub(crate) fn request(&self, name: &str, reference: &str, intent: &str) -> DonRequest {
        let session = SessionId(self.fresh());
        DonRequest {
            session,
            token: Token::new(session, Digest::of(&session.0).0),
            agent: agent(name),
            reference: reference.to_owned(),
            intent: intent.to_owned(),
            params: Vec::new(),
            restrictions: Vec::new(),
            parent: None,
            ttl: None,
            holder: None,
        }
    }

    pub(crate) fn don(&self, request: DonRequest) -> Result<Donned, Refusal> {
        let key = key(request.agent.as_str());
        refused(self.wardrobe.don(&Words, request, |claim| key.sign_don(claim)))
    }

    pub(crate) fn check(&self, token: &Token, intent: &str) -> Result<Verdict, Refusal> {
        refused(self.wardrobe.check(&Words, token, intent))
    }

    pub(crate) fn renew(&self, token: &Token, seconds: Option<i64>) -> Result<Time, Refusal> {
        refused(self.wardrobe.renew(token, seconds)).map(|renewed| renewed.ends)
    }

    /// Dons, doffs, and has it scored by `ada`.
    pub(crate) fn good_session(&self, name: &str) {
        let request = self.request(name, "outsider", "work");
        let token = request.token.clone();
        self.don(request).unwrap();
        self.wardrobe.doff(&token).unwrap().unwrap();
        let deed = Deed::Score {
            session: token.session,
            score: masque_session::Score::Additive,
            notes: String::new(),
        };
        self.act("ada", deed).unwrap();
    }
}

pub(crate) fn refused<T>(result: Result<T, Trouble<String>>) -> Result<T, Refusal> {
    match result {
        Ok(done) => Ok(done),
        Err(Trouble::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other:?}"),
    }
}
