//! Don, run, doff, id, check, renew, and the lists.

use std::process::Command;

use masque_abi::{Decision, Session};
use masque_session::state::Phase;
use masque_session::{AgentId, DonRequest, How, Lent, Refusal, SessionId, Shown, Token, Trouble};
use masquec::library::Library;
use masquec::output::{self, Format, Ink};
use masquec::terminal::Terminal;
use serde_json::{Value, json};

use super::arguments::{
    CheckArguments, DonArguments, DonFormat, JsonArguments, RenewArguments, RunArguments, SessionsArguments,
    UseArguments, Wanted,
};
use super::cast::Identity;
use super::home::{AGENT_VARIABLE, Home, random};
use super::house::House;
use super::session_file::{self, SESSION_VARIABLE};
use super::show::{View, one_line};
use super::time::{left, moment};
use super::{Outcome, WearError, machine, reference};

/// Whether a session ends with this process.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    ToThisProcess,
    Free,
}

/// A masque that was put on, with what came of it.
struct Worn {
    token: Token,
    agent: AgentId,
    shown: Shown,
    identity: Identity,
    lent: Vec<Lent>,
}

impl Worn {
    fn view(&self) -> View<'_> {
        view(self.token.session, &self.shown, &self.identity)
    }
}

fn put_on(wanted: Wanted, bound: Bound, house: &House<'_>) -> Result<Worn, WearError> {
    let session = SessionId(random()?);
    let token = Token::new(session, random()?);
    let agent = wanted.agent.unwrap_or_else(|| house.me.clone());
    let key = house.signer(&agent)?;
    let parent = match wanted.within {
        Some(text) => Some(text.parse::<Token>().map_err(|_| WearError::NoToken { text: "…".to_owned() })?),
        None => None,
    };
    let request = DonRequest {
        session,
        token: token.clone(),
        agent: agent.clone(),
        reference: wanted.reference,
        intent: wanted.intent,
        params: wanted.params,
        restrictions: wanted.restrictions,
        parent,
        ttl: wanted.ttl.map(|length| length.0),
        holder: (bound == Bound::ToThisProcess).then(machine::this_process).flatten(),
    };
    let donned = house.wardrobe.don(&house.cast, request, |claim| key.sign_don(claim));
    // What can't be lent is known only once the session is there.
    let lacking = matches!(donned, Err(Trouble::Access(_)));
    let donned = donned.map_err(WearError::from);
    let lent = if lacking { or_doff(donned, &token, house)? } else { donned? }.lent;
    let shown = house.wardrobe.show(&token, None)??;
    let identity = or_doff(compose(house, &shown), &token, house)?;
    Ok(Worn { token, agent, shown, identity, lent })
}

/// A session that its holder would never hear of is not left behind.
fn or_doff<T>(result: Result<T, WearError>, token: &Token, house: &House<'_>) -> Result<T, WearError> {
    if result.is_err() {
        // What went wrong first is what is said; the session would expire by itself as well.
        let _ = house.wardrobe.doff(token);
    }
    result
}

fn compose(house: &House<'_>, shown: &Shown) -> Result<Identity, WearError> {
    let session = Session {
        intent: shown.session.intent.clone(),
        ring: shown.ring,
        agent: shown.session.agent.to_string(),
        params: shown.session.params.clone(),
    };
    Ok(house.cast.compose(&shown.session.masque, session)?)
}

fn view<'a>(session: SessionId, shown: &'a Shown, identity: &'a Identity) -> View<'a> {
    let phase = shown.session.phase;
    View {
        session,
        masque: &shown.session.masque,
        identity,
        credentials: &shown.session.credentials,
        agent: shown.session.agent.as_str(),
        source: shown.source.as_str(),
        ring: shown.ring,
        intent: &shown.session.intent,
        restrictions: &shown.restrictions,
        state: state(phase),
        now: shown.now,
        ends: match phase {
            Phase::WindingDown { until, .. } => until.min(shown.session.ends),
            Phase::Worn | Phase::Ended { .. } => shown.session.ends,
        },
    }
}

fn state(phase: Phase) -> &'static str {
    match phase {
        Phase::Worn => "worn",
        Phase::WindingDown { .. } => "winding-down",
        Phase::Ended { how: How::Doffed, .. } => "doffed",
        Phase::Ended { how: How::Expired, .. } => "expired",
        Phase::Ended { how: How::Revoked, .. } => "revoked",
    }
}

/// `masque don`.
pub(super) fn don(arguments: DonArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let worn = put_on(arguments.wanted, Bound::Free, house)?;
    let file = or_doff(session_file::write(&worn.token), &worn.token, house)?;
    let format = if arguments.json { DonFormat::Json } else { arguments.format };
    let text = match (format, house.terminal.format(false)) {
        (DonFormat::Block, _) => worn.view().block(),
        (DonFormat::Human, Format::Human(paint)) => {
            let token = format!("token      {}  kept in {}\n", worn.token.reveal(), file.display());
            worn.view().human(paint) + &token
        }
        (DonFormat::Json, _) | (DonFormat::Human, Format::Json) => {
            let mut json = worn.view().json();
            json["token"] = Value::from(worn.token.reveal());
            json["credentials"] = credentials_json(&worn.lent);
            output::json(&json)
        }
    };
    output::print(&text)?;
    Ok(Outcome::Done)
}

/// `masque run`: the session ends with the command, whichever way that ends; where this process is killed, with this process.
pub(super) fn run(arguments: RunArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let worn = put_on(arguments.wanted, Bound::ToThisProcess, house)?;
    let (program, rest) = arguments.command.split_first().expect("the arguments demand a command");
    let mut command = Command::new(program);
    command.args(rest);
    // What was lent to whoever runs this is not passed on.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(ACCESS_VARIABLE) {
            command.env_remove(name);
        }
    }
    let status = command
        .envs(variables(&worn.lent))
        .env(SESSION_VARIABLE, worn.token.reveal())
        .env(AGENT_VARIABLE, worn.agent.as_str())
        .status();
    match house.wardrobe.doff(&worn.token)? {
        // It may have been doffed from inside, or its time may be over.
        Ok(()) | Err(Refusal::Over { .. }) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    let command = || program.to_string_lossy().into_owned();
    let status = status.map_err(|source| WearError::Command { command: command(), source })?;
    Ok(Outcome::Exit(exit_code(status)))
}

/// What the variables begin with in which a command finds what is lent to it.
const ACCESS_VARIABLE: &str = "MASQUE_ACCESS_";

/// `MASQUE_ACCESS_PROVIDER_ROLE`, in capitals and with `_` for what is no letter or digit; a number tells those apart that would be the same.
fn variables(lent: &[Lent]) -> std::collections::BTreeMap<String, String> {
    let mut variables = std::collections::BTreeMap::new();
    for Lent { credential, secret } in lent {
        let name: String = format!("{}_{}", credential.provider, credential.role)
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
            .collect();
        let mut variable = format!("{ACCESS_VARIABLE}{name}");
        let mut number = 2;
        while variables.contains_key(&variable) {
            variable = format!("{ACCESS_VARIABLE}{name}_{number}");
            number += 1;
        }
        variables.insert(variable, secret.clone());
    }
    variables
}

fn credentials_json(lent: &[Lent]) -> Value {
    let one = |Lent { credential, secret }: &Lent| {
        json!({
            "id": credential.id, "provider": credential.provider, "role": credential.role,
            "ends": moment(credential.ends), "token": secret,
        })
    };
    lent.iter().map(one).collect()
}

/// As shells have it: what the command said, or 128 and the signal that ended it.
fn exit_code(status: std::process::ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal.map(|signal: i32| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

/// The session that a command is about, and that it is whose it should be.
fn used(arguments: &UseArguments, house: &House<'_>) -> Result<(Token, Shown), WearError> {
    let token = session_file::locate(arguments.session.as_deref())?;
    let shown = house.wardrobe.show(&token, arguments.agent.clone())??;
    if let Phase::WindingDown { until, .. } = shown.session.phase {
        output::tell(&format!(
            "note: the session winds down and ends in {}: checkpoint the work, and `masque doff`\n",
            left(shown.now, until)
        ));
    }
    Ok((token, shown))
}

/// `masque doff`.
pub(super) fn doff(arguments: &UseArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let (token, shown) = used(arguments, house)?;
    house.wardrobe.doff(&token)??;
    session_file::forget(token.session);
    let masque = &shown.session.masque;
    output::print(&match house.terminal.format(arguments.json) {
        Format::Json => output::json(&json!({ "session": token.session, "state": "doffed" })),
        Format::Human(_) => {
            format!("doffed  {} {}; the work stays\n", one_line(&masque.name), masque.version)
        }
    })?;
    Ok(Outcome::Done)
}

/// `masque id`.
pub(super) fn id(arguments: &UseArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let (token, shown) = used(arguments, house)?;
    let identity = compose(house, &shown)?;
    let view = view(token.session, &shown, &identity);
    output::print(&match house.terminal.format(arguments.json) {
        Format::Json => output::json(&view.json()),
        Format::Human(paint) => view.human(paint),
    })?;
    Ok(Outcome::Done)
}

/// `masque check`.
pub(super) fn check(arguments: &CheckArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let (token, _) = used(&arguments.used, house)?;
    let (decision, why) = match house.wardrobe.check(&house.cast, &token, &arguments.intent) {
        Ok(verdict) => (verdict.decision, verdict.why),
        Err(Trouble::Refused(Refusal::Intent { decision, why })) => (decision, why),
        Err(trouble) => return Err(trouble.into()),
    };
    output::print(&match house.terminal.format(arguments.used.json) {
        Format::Json => output::json(&json!({
            "session": token.session, "intent": arguments.intent, "decision": decision, "why": why,
        })),
        Format::Human(paint) => {
            let ink = match decision {
                Decision::Allowed => Ink::Good,
                Decision::Denied => Ink::Bad,
                Decision::Unmatched => Ink::Neutral,
            };
            let why = match (&why, decision) {
                (Some(why), _) => one_line(why),
                (None, Decision::Allowed) => "it has no rules, so every intent is allowed".to_owned(),
                (None, Decision::Denied | Decision::Unmatched) => "no rule takes it".to_owned(),
            };
            format!("{}  \"{}\"\n  {why}\n", paint.with(ink, decision.name()), one_line(&arguments.intent))
        }
    })?;
    Ok(if decision == Decision::Allowed { Outcome::Done } else { Outcome::Refused })
}

/// `masque renew`.
pub(super) fn renew(arguments: &RenewArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let (token, shown) = used(&arguments.used, house)?;
    let renewed =
        house.wardrobe.renew(&token, arguments.ttl.map(|length| length.0)).map_err(WearError::from)?;
    let ends = renewed.ends;
    output::print(&match house.terminal.format(arguments.used.json) {
        Format::Json => output::json(&json!({
            "session": token.session, "ends": moment(ends), "credentials": credentials_json(&renewed.lent),
        })),
        Format::Human(_) => format!("renewed  ends {}  in {}\n", moment(ends), left(shown.now, ends)),
    })?;
    Ok(Outcome::Done)
}

/// `masque sessions`.
pub(super) fn sessions(arguments: &SessionsArguments, house: &House<'_>) -> Result<Outcome, WearError> {
    let (me, all) = (house.me.clone(), arguments.all);
    let (now, listed) = house.look(move |now| {
        let seen = |agent: &AgentId| now.state.sees(&me, agent, now.policy, now.time);
        let listed: Vec<_> = now
            .state
            .sessions()
            .filter(|(_, session)| (all || session.due().is_some()) && seen(&session.agent))
            .map(|(id, session)| (*id, session.clone()))
            .collect();
        (now.time, listed)
    })?;
    output::print(&match house.terminal.format(arguments.json) {
        Format::Json => {
            let sessions = listed.iter().map(|(id, session)| {
                json!({
                    "session": id, "state": state(session.phase), "agent": session.agent,
                    "masque": { "id": session.masque.id, "version": session.masque.version, "digest": session.masque.digest },
                    "intent": session.intent, "parent": session.parent,
                    "began": moment(session.began), "ends": moment(session.ends),
                    "score": session.score.map(masque_session::Score::symbol),
                })
            });
            output::json(&sessions.collect::<Vec<_>>())
        }
        Format::Human(paint) => {
            let mut out = String::new();
            for (id, session) in &listed {
                let due = session.due().map(|due| format!("  {} left", left(now, due))).unwrap_or_default();
                let masque = &session.masque;
                out.push_str(&format!(
                    "{id}  {}{due}  {} {}  {}\n  \"{}\"\n",
                    paint.with(Ink::Note, state(session.phase)),
                    one_line(&masque.name),
                    masque.version,
                    session.agent,
                    one_line(&session.intent),
                ));
            }
            if listed.is_empty() { "no sessions\n".to_owned() } else { out }
        }
    })?;
    Ok(Outcome::Done)
}

/// `masque list`.
pub(super) fn list(
    arguments: &JsonArguments,
    home: &Home,
    library: &Library,
    terminal: &Terminal,
) -> Result<Outcome, WearError> {
    let found = reference::all(home, library);
    output::print(&match terminal.format(arguments.json) {
        Format::Json => {
            let masques = found.iter().map(|found| {
                json!({
                    "id": found.id, "name": found.name, "version": found.version.to_string(),
                    "ring": found.ring, "file": found.path.display().to_string(),
                })
            });
            output::json(&masques.collect::<Vec<_>>())
        }
        Format::Human(paint) => {
            let width = found.iter().map(|found| found.id.chars().count()).max().unwrap_or(0);
            let line = |found: &reference::Found| {
                let pad = width - found.id.chars().count();
                format!(
                    "{}{:pad$}  {:8}  {:8}  {}\n",
                    paint.with(Ink::Heading, &found.id),
                    "",
                    found.version.to_string(),
                    found.ring,
                    one_line(&found.path.display().to_string())
                )
            };
            if found.is_empty() { "no masques\n".to_owned() } else { found.iter().map(line).collect() }
        }
    })?;
    Ok(Outcome::Done)
}
