//! Changes of standing: signed, by whoever may, one ring at a time.

use masque_abi::Ring;

use super::{Decided, Now};
use crate::standing::{one_in, one_out};
use crate::state::Phase;
use crate::{
    Act, AgentId, Deed, Event, How, Outcome, PublicKey, Refusal, Signature, Urgency, WhyWindingDown,
};

/// Begins the community with its first agent.
pub fn found(now: Now<'_>, agent: AgentId, key: PublicKey) -> Decided<()> {
    if now.state.agents.is_empty() {
        Decided::done(vec![Event::Founded { agent, key }], ())
    } else {
        Decided { events: Vec::new(), answer: Err(Refusal::Founded) }
    }
}

/// Carries out what an agent asks for, where that agent may.
pub fn act(now: Now<'_>, act: Act, signature: Signature) -> Decided<Outcome> {
    match may_act(now, &act, &signature) {
        Err(refusal) => {
            let event = Event::ActRefused { by: act.by, deed: act.deed, reason: refusal.code() };
            Decided::refused(event, refusal)
        }
        Ok(outcome) => {
            let follows = follows(now, &act.deed);
            let mut events = vec![Event::Acted { act, signature, outcome }];
            events.extend(follows);
            Decided::done(events, outcome)
        }
    }
}

/// What happens to sessions because of it. Standing that fell is seen to afterwards, when it has fallen.
fn follows(now: Now<'_>, deed: &Deed) -> Vec<Event> {
    let mut events = Vec::new();
    if let Deed::Revoke { session, urgency, .. } = deed {
        match urgency {
            Urgency::Graceful => events.push(now.wind_down(*session, WhyWindingDown::Revoked)),
            Urgency::Emergency => {
                now.end(*session, How::Revoked, &mut std::collections::BTreeSet::new(), &mut events);
            }
        }
    }
    events
}

fn may_act(now: Now<'_>, act: &Act, signature: &Signature) -> Result<Outcome, Refusal> {
    let Now { state, policy, time } = now;
    let by = &act.by;
    let actor = state.agent(by).ok_or_else(|| Refusal::UnknownAgent(by.clone()))?;
    if !actor.key.signed_act(act, signature) {
        return Err(Refusal::WrongAgent(by.clone()));
    }
    if state.has_acted(&act.id) {
        return Err(Refusal::UsedId);
    }
    let ring = state.standing(by, policy, time).map_or(Ring::Outsider, |standing| standing.ring);
    let at_least = |needs: Ring| match ring >= needs {
        true => Ok(()),
        false => Err(Refusal::Ring { agent: by.clone(), has: ring, needs }),
    };
    match &act.deed {
        Deed::Add { agent, .. } => {
            at_least(Ring::Player)?;
            match state.agents.contains_key(agent) {
                true => Err(Refusal::AgentExists(agent.clone())),
                false => Ok(Outcome::Done),
            }
        }
        Deed::Remove { agent } => {
            if agent == by {
                return Ok(Outcome::Done);
            }
            above(now, by, agent)?;
            at_least(Ring::Admin)?;
            Ok(Outcome::Done)
        }
        Deed::Nominate { agent } => {
            let nominee = above(now, by, agent)?;
            one_in(nominee.ring).ok_or_else(|| Refusal::Innermost { agent: agent.clone() })?;
            Ok(Outcome::Done)
        }
        Deed::Approve { agent, until } => approve(now, by, agent, *until),
        Deed::Disapprove { agent, reason } => {
            above(now, by, agent)?;
            reason_in(reason)?;
            Ok(Outcome::Done)
        }
        Deed::Demote { agent, reason } => {
            let demoted = above(now, by, agent)?;
            reason_in(reason)?;
            match (demoted.ring, one_out(demoted.ring)) {
                (Ring::Outsider, _) => Err(Refusal::Outermost { agent: agent.clone() }),
                // A guest again, as any guest: with a sponsor and an end.
                (_, Ring::Guest) => Ok(Outcome::Sponsored(time.after(policy.guest_stay.0))),
                (_, ring) => Ok(Outcome::Moved(ring)),
            }
        }
        Deed::Score { session: id, .. } => {
            let session = state.session(id).ok_or(Refusal::UnknownSession(*id))?;
            if session.agent == *by {
                return Err(Refusal::Oneself);
            }
            above(now, by, &session.agent).map_err(|refusal| hide_session(refusal, *id))?;
            match (session.phase, session.score) {
                (Phase::Worn | Phase::WindingDown { .. }, _) => Err(Refusal::StillWorn),
                (Phase::Ended { .. }, Some(_)) => Err(Refusal::ScoredAlready),
                (Phase::Ended { .. }, None) => Ok(Outcome::Done),
            }
        }
        Deed::Revoke { session: id, reason, urgency } => {
            let session = state.session(id).ok_or(Refusal::UnknownSession(*id))?;
            if session.agent != *by {
                above(now, by, &session.agent).map_err(|refusal| hide_session(refusal, *id))?;
            }
            reason_in(reason)?;
            match (session.phase, urgency) {
                (Phase::Ended { how, .. }, _) => Err(Refusal::Over { how }),
                // It would only move the end that it has been told.
                (Phase::WindingDown { .. }, Urgency::Graceful) => Err(Refusal::WindingDown),
                _ => Ok(Outcome::Done),
            }
        }
    }
}

fn approve(now: Now<'_>, by: &AgentId, id: &AgentId, until: Option<crate::Time>) -> Result<Outcome, Refusal> {
    let Now { state, policy, time } = now;
    let agent = above(now, by, id)?;
    if let Some(disapproval) = &agent.disapproval {
        let (mine, theirs) = (state.rank(by, policy, time), state.rank(&disapproval.by, policy, time));
        return match by == &disapproval.by || mine >= theirs {
            true => Ok(Outcome::Reinstated),
            // Whoever disapproves stands where this agent does not see.
            false => Err(Refusal::UnknownAgent(id.clone())),
        };
    }
    let next = one_in(agent.ring).ok_or_else(|| Refusal::Innermost { agent: id.clone() })?;
    if agent.nominated_by.is_none() {
        return Err(Refusal::NotNominated(id.clone()));
    }
    let has = state.standing(by, policy, time).map_or(Ring::Outsider, |standing| standing.ring);
    // Nobody lets others in where they do not stand themselves; and a guest's sponsor stands beyond the guests.
    let needs = next.max(Ring::Player);
    if has < needs {
        return Err(Refusal::Ring { agent: by.clone(), has, needs });
    }
    let (has, needs) = (agent.merits.len(), policy.evidence_for(next));
    if has < needs {
        return Err(Refusal::Evidence { agent: id.clone(), has, needs });
    }
    match next {
        Ring::Guest => match until.unwrap_or(time.after(policy.guest_stay.0)) {
            until if until <= time => Err(Refusal::StayIsOver),
            until => Ok(Outcome::Sponsored(until)),
        },
        ring => Ok(Outcome::Moved(ring)),
    }
}

/// An agent who stands further out than another does now. Of all others nothing is said.
fn above<'a>(now: Now<'a>, by: &AgentId, id: &AgentId) -> Result<&'a crate::state::Agent, Refusal> {
    if by == id {
        return Err(Refusal::Oneself);
    }
    let agent = now.state.agent(id).filter(|_| now.state.outranks(by, id, now.policy, now.time));
    agent.ok_or_else(|| Refusal::UnknownAgent(id.clone()))
}

fn hide_session(refusal: Refusal, id: crate::SessionId) -> Refusal {
    match refusal {
        Refusal::UnknownAgent(_) => Refusal::UnknownSession(id),
        other => other,
    }
}

fn reason_in(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::NoReason) } else { Ok(()) }
}
