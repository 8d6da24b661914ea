//! From a request to what happens: pure functions of the state, the policy and the time.

mod acts;
mod sessions;

use crate::{Event, How, Policy, Refusal, SessionId, State, Time, WhyWindingDown};

pub use acts::{act, found};
pub use sessions::{DonAsked, admit, check, doff, don, opens, renew, show};

/// What happens, and the answer. Refusals that matter come with an event of their own.
#[derive(Debug)]
pub struct Decided<T> {
    /// What is appended, in order.
    pub events: Vec<Event>,
    /// What the asker is told.
    pub answer: Result<T, Refusal>,
}

impl<T> Decided<T> {
    /// It is done.
    pub fn done(events: Vec<Event>, answer: T) -> Self {
        Self { events, answer: Ok(answer) }
    }

    /// It is refused, and that is written down.
    pub fn refused(event: Event, refusal: Refusal) -> Self {
        Self { events: vec![event], answer: Err(refusal) }
    }
}

/// Everything that is needed to decide.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// What has happened.
    pub state: &'a State,
    /// The community's rules.
    pub policy: &'a Policy,
    /// The present; never before the journal's last entry.
    pub time: Time,
}

impl Now<'_> {
    /// What happens by itself: sessions whose time is over end.
    pub fn overdue(self) -> Vec<Event> {
        let mut events = Vec::new();
        let mut over = std::collections::BTreeSet::new();
        for &(_, id) in self.state.due.iter().take_while(|(due, _)| *due <= self.time) {
            let Some(session) = self.state.session(&id) else { continue };
            let how = if session.ends <= self.time { How::Expired } else { How::Revoked };
            self.end(id, how, &mut over, &mut events);
        }
        events
    }

    /// Sessions end whose processes have.
    pub fn left_behind(self, has_ended: impl Fn(&crate::Holder) -> bool) -> Vec<Event> {
        let (mut over, mut events) = (std::collections::BTreeSet::new(), Vec::new());
        for (id, _) in self.state.held.iter().filter(|(_, holder)| has_ended(holder)) {
            self.end(*id, How::Doffed, &mut over, &mut events);
        }
        events
    }

    /// Sessions whose agents no longer qualify begin to wind down.
    pub fn unqualified(self) -> Vec<Event> {
        let worn = self.state.due.iter().filter_map(|(_, id)| Some((*id, self.state.session(id)?)));
        worn.filter(|(_, session)| session.phase == crate::state::Phase::Worn)
            .filter(|(_, session)| {
                let standing = self.state.standing(&session.agent, self.policy, self.time);
                standing.is_none_or(|standing| standing.ring < session.masque.ring)
            })
            .map(|(id, _)| self.wind_down(id, WhyWindingDown::StandingFell))
            .collect()
    }

    pub(crate) fn wind_down(self, session: SessionId, because: WhyWindingDown) -> Event {
        Event::WindingDown { session, because, until: self.time.after(self.policy.wind_down.0) }
    }

    /// A session ends, and before it those that were donned in it.
    pub(crate) fn end(
        self,
        id: SessionId,
        how: How,
        over: &mut std::collections::BTreeSet<SessionId>,
        events: &mut Vec<Event>,
    ) {
        for session in self.state.live_tree(id) {
            if over.insert(session) {
                events.push(Event::Ended { session, how });
            }
        }
    }
}
