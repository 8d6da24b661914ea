//! Agents, rings, scores and revocations: signed requests, and what one sees of others.

use masque_abi::Ring;
use masque_session::{AgentId, AgentKey, Deed, Outcome as Acted, Refusal, Shortfall, Time, Urgency};
use masquec::output::{self, Format, Ink};
use serde_json::json;

use super::arguments::{
    AgentArguments, AgentCommand, RevokeArguments, RingArguments, RingCommand, ScoreArguments,
};
use super::house::House;
use super::show::one_line;
use super::time::moment;
use super::{Outcome, WearError, audit};

/// `masque revoke`.
pub(super) fn revoke(arguments: RevokeArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let urgency = if arguments.emergency { Urgency::Emergency } else { Urgency::Graceful };
    let RevokeArguments { session, reason, by, .. } = arguments;
    house.act(by.by, Deed::Revoke { session, reason, urgency })?;
    said(match urgency {
        Urgency::Graceful => "the session winds down; its holder is told when it is next used\n",
        Urgency::Emergency => "revoked\n",
    })
}

/// `masque score`.
pub(super) fn score(arguments: ScoreArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let ScoreArguments { session, score, notes, by } = arguments;
    house.act(by.by, Deed::Score { session, score, notes })?;
    said("scored\n")
}

/// `masque agent`.
pub(super) fn agent(arguments: AgentArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    match arguments.command {
        AgentCommand::Add { agent, key, by } => {
            let key = match key {
                Some(key) => key,
                None => house.home.agent_key_or_new(&agent).map(|key: AgentKey| key.public())?,
            };
            house.act(by.by, Deed::Add { agent: agent.clone(), key })?;
            said(&format!("{agent} is an outsider now\n"))
        }
        AgentCommand::Remove { agent, by } => {
            house.act(by.by, Deed::Remove { agent: agent.clone() })?;
            said(&format!("{agent} has left\n"))
        }
        AgentCommand::List(arguments) => show(None, arguments.json, house),
    }
}

/// `masque ring`.
pub(super) fn ring(arguments: RingArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let (by, deed, agent) = match arguments.command {
        RingCommand::Show { agent, json } => return show(agent, json, house),
        RingCommand::History { agent, json } => {
            if !house.seen(&agent)? {
                return Err(Refusal::UnknownAgent(agent).into());
            }
            return audit::history(&agent, json, house);
        }
        // Opening the house has done it.
        RingCommand::Found => {
            let me = house.me.clone();
            let origin = house.look(move |now| now.state.agent(&me).map(|agent| agent.origin))?;
            return match origin {
                Some(masque_session::state::Origin::Founder) => {
                    said(&format!("{} has founded the community\n", house.me))
                }
                _ => Err(Refusal::Founded.into()),
            };
        }
        RingCommand::Nominate { agent, by } => (by, Deed::Nominate { agent: agent.clone() }, agent),
        RingCommand::Approve { agent, stay, by } => {
            let until = stay.map(|stay| house.look(move |now| end_of_stay(now.time, stay.0))).transpose()?;
            (by, Deed::Approve { agent: agent.clone(), until }, agent)
        }
        RingCommand::Disapprove { agent, reason, by } => {
            (by, Deed::Disapprove { agent: agent.clone(), reason }, agent)
        }
        RingCommand::Demote { agent, reason, by } => {
            (by, Deed::Demote { agent: agent.clone(), reason }, agent)
        }
    };
    let nominated = matches!(deed, Deed::Nominate { .. });
    said(&match house.act(by.by, deed)? {
        Acted::Moved(ring) => format!("{agent} is {ring} now\n"),
        Acted::Sponsored(until) => format!("{agent} is {} until {}\n", Ring::Guest, moment(until)),
        Acted::Reinstated => format!("the disapproval of {agent} is taken back\n"),
        Acted::Done if nominated => format!("{agent} is nominated for the next ring\n"),
        Acted::Done => format!("{agent} is disapproved of, and qualifies as {}\n", Ring::Outsider),
    })
}

/// A stay of no time or less ends now, which the domain refuses.
fn end_of_stay(now: Time, seconds: i64) -> Time {
    now.after(u64::try_from(seconds).unwrap_or(0))
}

fn said(text: &str) -> Result<Outcome, WearError> {
    output::print(text)?;
    Ok(Outcome::Done)
}

/// Those that this user sees, or one of them. Of others it is not even said that they are there.
fn show(one: Option<AgentId>, in_json: bool, house: &House<'_>) -> Result<Outcome, WearError> {
    if let Some(agent) = &one
        && !house.seen(agent)?
    {
        return Err(Refusal::UnknownAgent(agent.clone()).into());
    }
    let me = house.me.clone();
    let agents = house.look(move |now| {
        let seen = |id: &AgentId| now.state.sees(&me, id, now.policy, now.time);
        let listed =
            now.state.agents().filter(|(id, _)| one.as_ref().is_none_or(|one| one == *id) && seen(id));
        listed
            .filter_map(|(id, agent)| {
                Some((id.clone(), agent.clone(), now.state.standing(id, now.policy, now.time)?))
            })
            .collect::<Vec<_>>()
    })?;
    output::print(&match house.terminal.format(in_json) {
        Format::Json => {
            let agents = agents.iter().map(|(id, agent, standing)| {
                json!({
                    "agent": id, "ring": standing.ring, "risen-to": standing.risen_to, "key": agent.key,
                    "founder": agent.origin == masque_session::state::Origin::Founder,
                    "nominated": agent.nominated_by.is_some(), "merits": agent.merits.len(),
                    "until": agent.stay.as_ref().map(|stay| moment(stay.until)),
                    "shortfalls": standing.shortfalls.iter().map(shortfall).collect::<Vec<_>>(),
                })
            });
            output::json(&agents.collect::<Vec<_>>())
        }
        Format::Human(paint) => {
            let mut out = String::new();
            for (id, agent, standing) in &agents {
                let until = agent.stay.as_ref().map(|stay| format!("  until {}", moment(stay.until)));
                let nominated = if agent.nominated_by.is_some() { "  nominated" } else { "" };
                out.push_str(&format!(
                    "{}  {}{}{nominated}\n",
                    paint.with(Ink::Heading, id.as_str()),
                    standing.ring,
                    until.unwrap_or_default()
                ));
                for fact in &standing.shortfalls {
                    out.push_str(&format!("  not {}: {}\n", standing.risen_to, one_line(&shortfall(fact))));
                }
            }
            out
        }
    })?;
    Ok(Outcome::Done)
}

fn shortfall(fact: &Shortfall) -> String {
    match fact {
        Shortfall::Disapproved(reason) => format!("a higher ring disapproves: {reason}"),
        Shortfall::StayOver => "the stay is over".to_owned(),
        Shortfall::NoSponsor => "nobody who could vouches".to_owned(),
        Shortfall::Away => "away for too long".to_owned(),
        Shortfall::RefusedOften => "refused too often of late".to_owned(),
    }
}
