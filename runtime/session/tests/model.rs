//! Random commands, against a model that knows nothing of journals: a list of sessions and a ring for each agent.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, also in its helpers")]

mod support;

use std::collections::BTreeMap;

use masque_abi::Ring;
use masque_session::state::Phase;
use masque_session::{
    Chain, Deed, DonRequest, How, Outcome, Policy, Refusal, RefusalCode, Score, State, Time, Token, Urgency,
};
use proptest::prelude::*;
use support::{House, agent};

const NAMES: [&str; 4] = ["ada", "bob", "cyd", "eve"];

#[derive(Clone, Copy, Debug)]
enum Command {
    Add(usize),
    Nominate(usize, usize),
    Approve(usize, usize),
    Disapprove(usize, usize),
    Demote(usize, usize),
    /// Who, for which ring, how long, in which session, and whether narrowed.
    Don(usize, usize, i64, Option<usize>, bool),
    Check(usize, &'static str),
    Renew(usize, i64),
    Doff(usize),
    Revoke(usize, Urgency),
    Score(usize, usize),
    Wait(u64),
    Reopen,
}

fn command() -> impl Strategy<Value = Command> {
    let who = 0..NAMES.len();
    let which = 0..24_usize;
    let ttl = prop_oneof![Just(0), Just(-1), 1..2000_i64, Just(12 * 3600), Just(12 * 3600 + 1)];
    let pair = (who.clone(), who.clone());
    prop_oneof![
        2 => who.clone().prop_map(Command::Add),
        2 => pair.clone().prop_map(|(a, b)| Command::Nominate(a, b)),
        2 => pair.clone().prop_map(|(a, b)| Command::Approve(a, b)),
        1 => pair.clone().prop_map(|(a, b)| Command::Disapprove(a, b)),
        1 => pair.clone().prop_map(|(a, b)| Command::Demote(a, b)),
        6 => (who.clone(), 0..4_usize, ttl.clone(), proptest::option::of(which.clone()), any::<bool>())
            .prop_map(|(a, ring, ttl, parent, narrow)| Command::Don(a, ring, ttl, parent, narrow)),
        4 => (which.clone(), prop_oneof![Just("work"), Just("rest"), Just("no")]).prop_map(|(s, i)| Command::Check(s, i)),
        2 => (which.clone(), ttl).prop_map(|(s, ttl)| Command::Renew(s, ttl)),
        3 => which.clone().prop_map(Command::Doff),
        1 => (which.clone(), prop_oneof![Just(Urgency::Graceful), Just(Urgency::Emergency)])
            .prop_map(|(s, u)| Command::Revoke(s, u)),
        3 => (who, which).prop_map(|(a, s)| Command::Score(a, s)),
        2 => (1..3000_u64).prop_map(Command::Wait),
        1 => Just(Command::Reopen),
    ]
}

/// What a session is to the model.
#[derive(Debug)]
struct Modelled {
    token: Token,
    parent: Option<usize>,
    began: u64,
    ends: u64,
    /// When it winds down to.
    until: Option<u64>,
    over: Option<How>,
    narrow: bool,
}

struct Model {
    house: House,
    now: u64,
    sessions: Vec<Modelled>,
    rings: BTreeMap<usize, Ring>,
}

impl Model {
    fn new() -> Self {
        let house = House::new(policy());
        Self { house, now: 1_000_000, sessions: Vec::new(), rings: BTreeMap::from([(0, Ring::Admin)]) }
    }

    fn end(&mut self, index: usize, how: How) {
        if self.sessions[index].over.is_some() {
            return;
        }
        self.sessions[index].over = Some(how);
        for child in 0..self.sessions.len() {
            if self.sessions[child].parent == Some(index) {
                self.end(child, how);
            }
        }
    }

    fn time_passes(&mut self) {
        // In the order of time, and of sessions that are due together those whose parents are not due first.
        let mut due: Vec<(u64, [u8; 16], usize)> = self
            .sessions
            .iter()
            .enumerate()
            .map(|(index, s)| (s.until.unwrap_or(s.ends).min(s.ends), s.token.session.0, index))
            .filter(|(due, ..)| *due <= self.now)
            .collect();
        due.sort_unstable();
        for (_, _, index) in due {
            let how = if self.sessions[index].ends <= self.now { How::Expired } else { How::Revoked };
            self.end(index, how);
        }
    }

    /// Why the token of a session would not open it.
    fn closed(&self, index: usize) -> Option<RefusalCode> {
        self.sessions[index].over.map(|_| RefusalCode::Over)
    }

    fn narrowed(&self, index: usize) -> bool {
        let session = &self.sessions[index];
        session.narrow || session.parent.is_some_and(|parent| self.narrowed(parent))
    }

    fn run(&mut self, command: Command) {
        match command {
            Command::Add(who) => {
                let known = self.rings.contains_key(&who);
                let added = self.house.add(NAMES[who]);
                assert_eq!(added.is_ok(), !known && self.qualifies(0) >= Ring::Player);
                if added.is_ok() {
                    self.rings.insert(who, Ring::Outsider);
                }
            }
            Command::Nominate(by, who) => {
                let _ = self.act(by, Deed::Nominate { agent: agent(NAMES[who]) });
            }
            Command::Approve(by, who) => {
                let before = self.rings.get(&who).copied();
                let outcome = self.act(by, Deed::Approve { agent: agent(NAMES[who]), until: None });
                let to = match outcome {
                    Ok(Outcome::Moved(ring)) => ring,
                    Ok(Outcome::Sponsored(_)) => Ring::Guest,
                    _ => return,
                };
                assert_eq!(Some(to as usize), before.map(|ring| ring as usize + 1), "a ring was skipped");
                assert!(self.qualifies(by) >= to && by != who);
                self.rings.insert(who, to);
            }
            Command::Disapprove(by, who) => {
                let deed = Deed::Disapprove { agent: agent(NAMES[who]), reason: "so".to_owned() };
                let higher = self.rings.get(&who) < self.rings.get(&by);
                let done = self.act(by, deed);
                assert!(done.is_err() || higher || by == 0, "{by} disapproved of {who}");
                if done.is_ok() {
                    assert_eq!(self.qualifies(who), Ring::Outsider);
                    self.fell();
                }
            }
            Command::Demote(by, who) => {
                let before = self.rings.get(&who).copied();
                if self.act(by, Deed::Demote { agent: agent(NAMES[who]), reason: "so".to_owned() }).is_ok() {
                    let before = before.unwrap();
                    self.rings.insert(who, Ring::ALL[before as usize - 1]);
                    self.fell();
                }
            }
            Command::Don(who, ring, ttl, parent, narrow) => {
                self.don(who, Ring::ALL[ring], ttl, parent, narrow);
            }
            Command::Check(index, intent) => {
                let Some(index) = self.index(index) else { return };
                let token = self.sessions[index].token.clone();
                let checked = self.house.check(&token, intent);
                let allowed = intent == "work" || intent == "rest" && !self.narrowed(index);
                match (self.closed(index), checked) {
                    (Some(code), checked) => assert_eq!(checked.unwrap_err().code(), code),
                    (None, Ok(_)) => assert!(allowed, "{intent} was let through"),
                    (None, Err(Refusal::Intent { .. })) => assert!(!allowed),
                    (None, Err(Refusal::Ring { .. })) => self.fell(),
                    (None, Err(other)) => panic!("{other:?}"),
                }
            }
            Command::Renew(index, ttl) => {
                let Some(index) = self.index(index) else { return };
                let session = &self.sessions[index];
                let renewed = self.house.renew(&session.token, Some(ttl));
                let may = session.over.is_none() && session.parent.is_none() && session.until.is_none();
                let good = (1..=12 * 3600).contains(&ttl);
                match renewed {
                    Ok(ends) => {
                        assert!(may && good);
                        let most = session.began + 12 * 3600;
                        let wanted = (self.now + ttl.unsigned_abs()).min(most).max(session.ends);
                        assert_eq!(ends, Time(wanted * 1000));
                        self.sessions[index].ends = wanted;
                    }
                    Err(refusal) => assert!(!may || !good || refusal.code() == RefusalCode::Ring),
                }
            }
            Command::Doff(index) => {
                let Some(index) = self.index(index) else { return };
                let doffed = self.house.wardrobe.doff(&self.sessions[index].token).unwrap();
                assert_eq!(doffed.map_err(|refusal| refusal.code()).err(), self.closed(index));
                self.end(index, How::Doffed);
            }
            Command::Revoke(index, urgency) => {
                let Some(index) = self.index(index) else { return };
                let session = self.sessions[index].token.session;
                if self.act(0, Deed::Revoke { session, reason: "so".to_owned(), urgency }).is_ok() {
                    assert!(self.sessions[index].over.is_none());
                    match urgency {
                        Urgency::Graceful => self.sessions[index].until = Some(self.now + 120),
                        Urgency::Emergency => self.end(index, How::Revoked),
                    }
                }
            }
            Command::Score(by, index) => {
                let Some(index) = self.index(index) else { return };
                let session = self.sessions[index].token.session;
                let deed = Deed::Score { session, score: Score::Additive, notes: String::new() };
                let scored = self.act(by, deed);
                assert!(scored.is_err() || self.sessions[index].over.is_some());
            }
            Command::Wait(seconds) => {
                self.house.clock.advance(seconds);
                self.now += seconds;
                self.time_passes();
            }
            Command::Reopen => self.house.reopen(policy()),
        }
    }

    fn act(&self, by: usize, deed: Deed) -> Result<Outcome, Refusal> {
        self.house.act(NAMES[by], deed)
    }

    fn index(&self, index: usize) -> Option<usize> {
        index.checked_rem(self.sessions.len())
    }

    fn qualifies(&self, who: usize) -> Ring {
        let id = agent(NAMES[who]);
        let standing =
            self.house.wardrobe.look(move |now| now.state.standing(&id, now.policy, now.time)).unwrap();
        standing.map_or(Ring::Outsider, |standing| standing.ring)
    }

    /// Whoever no longer qualifies winds down: which those are, the standing says.
    fn fell(&mut self) {
        for session in &mut self.sessions {
            let id = session.token.session;
            let phase = self.house.wardrobe.look(move |now| now.state.session(&id).unwrap().phase).unwrap();
            if let Phase::WindingDown { until, .. } = phase {
                assert!(session.until.is_some() || until == Time((self.now + 120) * 1000));
                session.until = Some(until.0 / 1000);
            }
        }
    }

    fn don(&mut self, who: usize, ring: Ring, ttl: i64, parent: Option<usize>, narrow: bool) {
        let parent = parent.and_then(|parent| self.index(parent));
        let qualified = self.rings.contains_key(&who) && self.qualifies(who) >= ring;
        let open = parent.is_none_or(|parent| {
            self.sessions[parent].over.is_none() && self.sessions[parent].until.is_none()
        });
        let request = DonRequest {
            restrictions: if narrow { vec!["work".to_owned()] } else { Vec::new() },
            parent: parent.map(|parent| self.sessions[parent].token.clone()),
            ttl: Some(ttl),
            ..self.house.request(NAMES[who], ring.name(), "work")
        };
        let token = request.token.clone();
        let donned = self.house.don(request);
        assert_eq!(donned.is_ok(), qualified && open && (1..=12 * 3600).contains(&ttl), "{donned:?}");
        if let Ok(donned) = donned {
            let wanted = self.now + ttl.unsigned_abs();
            let ends = parent.map_or(wanted, |parent| wanted.min(self.sessions[parent].ends));
            assert_eq!(donned.ends, Time(ends * 1000));
            let (began, until, over) = (self.now, None, None);
            self.sessions.push(Modelled { token, parent, began, ends, until, over, narrow });
        }
    }

    fn compare(&self) {
        let ids: Vec<_> = self.sessions.iter().map(|session| session.token.session).collect();
        let found = self
            .house
            .wardrobe
            .look(move |now| ids.iter().map(|id| now.state.session(id).unwrap().phase).collect::<Vec<_>>())
            .unwrap();
        for (session, phase) in self.sessions.iter().zip(found) {
            let expected = match phase {
                Phase::Worn => (None, None),
                Phase::WindingDown { until, .. } => (None, Some(until.0 / 1000)),
                Phase::Ended { how, .. } => (Some(how), session.until),
            };
            assert_eq!((session.over, session.until), expected, "{session:?}");
            if let Some(parent) = session.parent.filter(|_| session.over.is_none()) {
                assert!(self.sessions[parent].over.is_none(), "a child outlives its parent");
                assert!(session.ends <= self.sessions[parent].ends);
            }
        }
        for (who, ring) in &self.rings {
            assert!(self.qualifies(*who) <= *ring, "more than was risen to");
        }
    }
}

fn policy() -> Policy {
    Policy { sessions_for_player: 1, sessions_for_admin: 1, most_refusals: 1000, ..Policy::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_model_knew(commands in proptest::collection::vec(command(), 1..80)) {
        let mut model = Model::new();
        for command in commands {
            model.run(command);
            model.compare();
        }
        let records = model.house.journal.records();
        let checkpoints = masque_session::ports::Journal::checkpoints(&model.house.journal).unwrap();
        Chain::verify(&records, &checkpoints, &model.house.wardrobe.key()).unwrap();
        let mut folded = State::default();
        for record in &records {
            folded.follow(record).unwrap();
        }
        let kept = model.house.wardrobe.look(|now| format!("{:?}", now.state)).unwrap();
        prop_assert_eq!(format!("{folded:?}"), kept);
    }
}
