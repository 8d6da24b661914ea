//! Whether an agent *still* qualifies: computed from recorded facts whenever it matters, never stored.

use masque_abi::Ring;

use crate::state::{Agent, Origin};
use crate::{AgentId, Policy, State, Time};

/// What an agent qualifies for at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The ring that the agent rose to.
    pub risen_to: Ring,
    /// The ring that the agent qualifies for: the same or one further out.
    pub ring: Ring,
    /// What makes the difference.
    pub shortfalls: Vec<Shortfall>,
}

/// Something that keeps an agent from qualifying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// A higher ring disapproves, for this reason. One is enough.
    Disapproved(String),
    /// A guest's stay is over.
    StayOver,
    /// A guest's sponsor is gone, or could not vouch for anybody now.
    NoSponsor,
    /// The agent has stayed away for too long.
    Away,
    /// The agent was refused too often of late.
    RefusedOften,
}

/// Who outranks whom: by ring, and founders within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    ring: Ring,
    origin: Origin,
}

impl State {
    /// What an agent qualifies for; `None` where there is no such agent.
    pub fn standing(&self, id: &AgentId, policy: &Policy, now: Time) -> Option<Standing> {
        let agent = self.agent(id)?;
        let mut ring = agent.ring;
        let mut shortfalls = Vec::new();
        if let Some(disapproval) = &agent.disapproval {
            shortfalls.push(Shortfall::Disapproved(disapproval.reason.clone()));
            ring = Ring::Outsider;
        }
        if agent.ring == Ring::Guest {
            if agent.stay.as_ref().is_none_or(|stay| stay.until <= now) {
                shortfalls.push(Shortfall::StayOver);
                ring = Ring::Outsider;
            }
            let vouched = agent.stay.as_ref().is_some_and(|stay| self.can_vouch(&stay.sponsor, policy, now));
            if !vouched {
                shortfalls.push(Shortfall::NoSponsor);
                ring = Ring::Outsider;
            }
        }
        let away = agent.ring >= Ring::Player && agent.last_seen.after(policy.recency.0) < now;
        if away && agent.origin != Origin::Founder {
            shortfalls.push(Shortfall::Away);
            ring = one_out(ring);
        }
        if refused_often(agent, policy, now) {
            shortfalls.push(Shortfall::RefusedOften);
            ring = one_out(ring);
        }
        Some(Standing { risen_to: agent.ring, ring, shortfalls })
    }

    /// Only those beyond the guests vouch, so that this does not go round in a circle.
    fn can_vouch(&self, sponsor: &AgentId, policy: &Policy, now: Time) -> bool {
        self.agent(sponsor).is_some_and(|agent| agent.ring > Ring::Guest)
            && self.standing(sponsor, policy, now).is_some_and(|standing| standing.ring > Ring::Guest)
    }

    /// Where an agent stands among the others, by what the agent qualifies for now.
    pub fn rank(&self, id: &AgentId, policy: &Policy, now: Time) -> Option<Rank> {
        let standing = self.standing(id, policy, now)?;
        let origin = if standing.ring == Ring::Admin { self.agent(id)?.origin } else { Origin::Joined };
        Some(Rank { ring: standing.ring, origin })
    }

    /// The rank that an agent rose to, whatever keeps the agent from qualifying for it now.
    fn risen_rank(&self, id: &AgentId) -> Option<Rank> {
        let agent = self.agents.get(id)?;
        let origin = if agent.ring == Ring::Admin { agent.origin } else { Origin::Joined };
        Some(Rank { ring: agent.ring, origin })
    }

    /// Whether one agent now stands above what another rose to.
    pub fn outranks(&self, higher: &AgentId, lower: &AgentId, policy: &Policy, now: Time) -> bool {
        match (self.rank(higher, policy, now), self.risen_rank(lower)) {
            (Some(higher), Some(lower)) => higher > lower,
            _ => false,
        }
    }

    /// Whether one agent sees another: oneself, peers, and whoever stands further out. Those who left are seen as they stood.
    pub fn sees(&self, viewer: &AgentId, other: &AgentId, policy: &Policy, now: Time) -> bool {
        viewer == other
            || match (self.rank(viewer, policy, now), self.risen_rank(other)) {
                (Some(viewer), Some(other)) => viewer.ring >= other.ring,
                _ => false,
            }
    }
}

fn refused_often(agent: &Agent, policy: &Policy, now: Time) -> bool {
    let most = policy.most_refusals.max(1);
    // The one that would be the last too many: if it lies within the window, so do all after it.
    let index = agent.refusals.len().checked_sub(most);
    index.is_some_and(|index| agent.refusals[index].after(policy.refusal_window.0) > now)
}

pub(crate) fn one_out(ring: Ring) -> Ring {
    Ring::ALL[(ring as usize).saturating_sub(1)]
}

/// The next ring inwards.
pub(crate) fn one_in(ring: Ring) -> Option<Ring> {
    Ring::ALL.get(ring as usize + 1).copied()
}
