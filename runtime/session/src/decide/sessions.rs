//! Don, check, renew, doff.

use masque_abi::{Decision, Grant, Ring, Ttl};

use super::{Decided, Now};
use crate::ports::Verdict;
use crate::state::{Phase, Session};
use crate::wardrobe::Passage;
use crate::{
    AgentId, Credential, CredentialId, DonClaim, Event, Holder, How, Refusal, RefusedUse, SessionId,
    Signature, Token, TokenHash, WhyWindingDown, WornMasque,
};

/// A request to don, once the masque and what is worn already have judged its intent.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "as in the event `Donned`")]
pub struct DonAsked {
    pub session: SessionId,
    pub agent: AgentId,
    pub masque: WornMasque,
    /// The ring that the masque was told.
    pub ring: Ring,
    pub intent: String,
    pub params: Vec<(String, String)>,
    pub restrictions: Vec<String>,
    /// The session that this is donned in, by its holder's token.
    pub parent: Option<Token>,
    /// How long, in seconds; the policy's default if left out.
    pub ttl: Option<i64>,
    pub token: TokenHash,
    pub proof: Signature,
    pub holder: Option<Holder>,
    /// What the masque, its restrictions, and the whole chain of parents say of the intent.
    pub verdict: Verdict,
    /// What is lent with it.
    pub grants: Vec<Grant>,
}

/// Puts a masque on, where everything speaks for it.
pub fn don(now: Now<'_>, asked: DonAsked) -> Decided<()> {
    match may_don(now, &asked) {
        Err(refusal) => {
            let event = Event::DonRefused {
                agent: asked.agent,
                reference: asked.masque.reference,
                intent: asked.intent,
                reason: refusal.code(),
            };
            Decided::refused(event, refusal)
        }
        Ok(seconds) => {
            let parent = asked.parent.map(|token| token.session);
            let asked_end = now.time.after(seconds);
            let ends = match parent.and_then(|parent| now.state.session(&parent)?.due()) {
                Some(parent) => asked_end.min(parent),
                None => asked_end,
            };
            let session = asked.session;
            let lent = lend(now, session, 0, &asked.grants, ends);
            let donned = Event::Donned {
                session,
                agent: asked.agent,
                masque: asked.masque,
                ring: asked.ring,
                intent: asked.intent,
                params: asked.params,
                restrictions: asked.restrictions,
                parent,
                ends,
                token: asked.token,
                proof: asked.proof,
                holder: asked.holder,
            };
            Decided::done(std::iter::once(donned).chain(lent).collect(), ())
        }
    }
}

/// What is minted for a session that ends then, whose credentials are counted from `first`.
fn lend(
    now: Now<'_>,
    session: SessionId,
    first: usize,
    grants: &[Grant],
    ends: crate::Time,
) -> Option<Event> {
    let credential = |(number, grant): (usize, &Grant)| Credential {
        id: CredentialId::of(session, number),
        provider: grant.provider.clone(),
        role: grant.role.clone(),
        ttl: grant.ttl,
        ends: match grant.ttl {
            Ttl::Session => ends,
            Ttl::Seconds(seconds) => now.time.after(seconds).min(ends),
        },
    };
    let credentials: Vec<_> = (first..).zip(grants).map(credential).collect();
    (!credentials.is_empty()).then_some(Event::Lent { session, credentials })
}

/// How many seconds the session may last.
fn may_don(now: Now<'_>, asked: &DonAsked) -> Result<u64, Refusal> {
    let agent = now.state.agent(&asked.agent).ok_or_else(|| Refusal::UnknownAgent(asked.agent.clone()))?;
    let claim = DonClaim {
        session: asked.session,
        agent: &asked.agent,
        masque: asked.masque.digest,
        intent: &asked.intent,
        parent: asked.parent.as_ref().map(|token| token.session),
        token: asked.token,
    };
    if !agent.key.signed_don(&claim, &asked.proof) {
        return Err(Refusal::WrongAgent(asked.agent.clone()));
    }
    if now.state.session(&asked.session).is_some() {
        return Err(Refusal::UsedId);
    }
    if asked.intent.trim().is_empty() {
        return Err(Refusal::NoIntent);
    }
    let seconds = ttl(now, asked.ttl)?;
    let ring = qualifies(now, &asked.agent, asked.masque.ring)?;
    if ring != asked.ring {
        return Err(Refusal::StandingMoved(asked.agent.clone()));
    }
    if let Some(parent) = &asked.parent {
        let parent = opens(now, parent)?;
        if matches!(parent.phase, Phase::WindingDown { .. }) {
            return Err(Refusal::WindingDown);
        }
    }
    match &asked.verdict {
        Verdict { decision: Decision::Allowed, .. } => Ok(seconds),
        Verdict { decision, why, .. } => Err(Refusal::Intent { decision: *decision, why: why.clone() }),
    }
}

fn ttl(now: Now<'_>, asked: Option<i64>) -> Result<u64, Refusal> {
    let most = now.policy.max_ttl.0;
    match asked {
        None => Ok(now.policy.default_ttl.0.clamp(1, most.max(1))),
        Some(asked) => match u64::try_from(asked) {
            Ok(seconds) if (1..=most).contains(&seconds) => Ok(seconds),
            _ => Err(Refusal::Ttl { asked, most }),
        },
    }
}

/// The ring that an agent qualifies for, which must do for the masque.
fn qualifies(now: Now<'_>, agent: &AgentId, needs: Ring) -> Result<Ring, Refusal> {
    let standing = now.state.standing(agent, now.policy, now.time);
    let has = standing.ok_or_else(|| Refusal::UnknownAgent(agent.clone()))?.ring;
    if has >= needs { Ok(has) } else { Err(Refusal::Ring { agent: agent.clone(), has, needs }) }
}

/// The session that a token opens, as long as it has not ended.
///
/// # Errors
/// When it opens none.
pub fn opens<'a>(now: Now<'a>, token: &Token) -> Result<&'a Session, Refusal> {
    let id = token.session;
    let session = now.state.session(&id).ok_or(Refusal::UnknownSession(id))?;
    if session.token != token.hash() {
        return Err(Refusal::ForgedToken(id));
    }
    match session.phase {
        Phase::Ended { how, .. } => Err(Refusal::Over { how }),
        Phase::Worn | Phase::WindingDown { .. } => Ok(session),
    }
}

fn use_refused<T>(token: &Token, wanted: RefusedUse, refusal: Refusal) -> Decided<T> {
    let event = Event::UseRefused { session: token.session, wanted, reason: refusal.code() };
    Decided::refused(event, refusal)
}

/// Lets the holder of a token look at its session. Whoever says whose it is must be right.
pub fn show<'a>(now: Now<'a>, token: &Token, agent: Option<&AgentId>) -> Decided<&'a Session> {
    let opened = opens(now, token).and_then(|session| match agent {
        Some(agent) if *agent != session.agent => Err(Refusal::NotTheirs(agent.clone())),
        _ => Ok(session),
    });
    match opened {
        Err(refusal) => use_refused(token, RefusedUse::Show, refusal),
        Ok(session) => Decided::done(Vec::new(), session),
    }
}

/// Lets an intent through, or writes down that it was not. Standing is judged again for the whole chain: whoever no longer qualifies begins
/// to wind down, and whoever winds down may still finish.
pub fn check(now: Now<'_>, token: &Token, intent: &str, verdict: &Verdict) -> Decided<()> {
    if let Err(refusal) = opens(now, token) {
        return use_refused(token, RefusedUse::Check, refusal);
    }
    let mut events = Vec::new();
    for (id, session) in now.state.lineage(token.session) {
        if let Err(refusal) = qualifies(now, &session.agent, session.masque.ring) {
            if session.phase == Phase::Worn {
                events.push(now.wind_down(id, WhyWindingDown::StandingFell));
            }
            let reason = refusal.code();
            events.push(Event::UseRefused { session: token.session, wanted: RefusedUse::Check, reason });
            return Decided { events, answer: Err(refusal) };
        }
    }
    match verdict.decision {
        Decision::Allowed => Decided::done(events, ()),
        decision => {
            let event = Event::CheckRefused { session: token.session, intent: intent.to_owned(), decision };
            Decided::refused(event, Refusal::Intent { decision, why: verdict.why.clone() })
        }
    }
}

/// Lets a tool call through, by what its heaviest text comes to. What nothing covers is not refused, unless the policy is strict.
pub fn admit(now: Now<'_>, token: &Token, intent: &str, verdict: &Verdict) -> Decided<Passage> {
    let covered = verdict.decision != Decision::Unmatched || verdict.basis.is_some();
    let uncovered = !covered && !now.policy.strict;
    let (passage, judged) = match uncovered {
        true => (Passage::Uncovered, &Verdict { decision: Decision::Allowed, ..Verdict::UNCOVERED }),
        false => (Passage::Allowed, verdict),
    };
    let Decided { events, answer } = check(now, token, intent, judged);
    Decided { events, answer: answer.map(|()| passage) }
}

/// Moves the end of a chain's first session: so many seconds from now, and never past the policy's maximum from its beginning. What
/// was lent to it is lent anew, for credentials can't be made to last longer.
pub fn renew(now: Now<'_>, token: &Token, seconds: Option<i64>) -> Decided<crate::Time> {
    let renewed = opens(now, token).and_then(|session| {
        if session.parent.is_some() {
            return Err(Refusal::NotARoot);
        }
        if session.phase != Phase::Worn {
            return Err(Refusal::WindingDown);
        }
        qualifies(now, &session.agent, session.masque.ring)?;
        let seconds = ttl(now, seconds)?;
        let latest = session.began.after(now.policy.max_ttl.0);
        // Never sooner: what was donned in it ends by then, and not before.
        Ok(now.time.after(seconds).min(latest).max(session.ends))
    });
    match renewed {
        Err(refusal) => use_refused(token, RefusedUse::Renew, refusal),
        Ok(ends) => {
            let (session, mut events) =
                (token.session, vec![Event::Renewed { session: token.session, ends }]);
            let lent = now.state.session(&session).map_or(&[][..], |session| &session.credentials);
            let mut grants: Vec<Grant> = Vec::new();
            for Credential { provider, role, ttl, .. } in lent {
                let grant = Grant { provider: provider.clone(), role: role.clone(), ttl: *ttl };
                if !grants.contains(&grant) {
                    grants.push(grant);
                }
            }
            events.extend(lend(now, session, lent.len(), &grants, ends));
            Decided::done(events, ends)
        }
    }
}

/// Takes a masque off, and whatever was donned in its session.
pub fn doff(now: Now<'_>, token: &Token) -> Decided<()> {
    match opens(now, token) {
        Err(refusal) => use_refused(token, RefusedUse::Doff, refusal),
        Ok(_) => {
            let mut events = Vec::new();
            now.end(token.session, How::Doffed, &mut std::collections::BTreeSet::new(), &mut events);
            Decided::done(events, ())
        }
    }
}
