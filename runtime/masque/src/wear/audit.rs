//! The journal as people and scripts read it, and whether it is as it was written.

use std::path::Path;

use masque_session::ports::Journal as _;
use masque_session::{
    AgentId, Chain, ChainError, Checkpoint, Deed, Digest, Entry, Event, Record, SessionId, State,
};
use masque_store::Sqlite;
use masquec::library::Library;
use masquec::output::{self, Format, Paint, counted};
use masquec::terminal::Terminal;
use serde::{Deserialize, Serialize};

use super::arguments::{AuditArguments, AuditCommand};
use super::home::Home;
use super::house::House;
use super::show::one_line;
use super::time::moment;
use super::{Outcome, WearError};

/// `masque audit`.
pub(super) fn run(arguments: AuditArguments, home: &Home, terminal: &Terminal) -> Result<Outcome, WearError> {
    match arguments.command {
        AuditCommand::Verify { against } => verify(home, against.as_deref()),
        AuditCommand::Export { output } => export(home, output.as_deref()),
        AuditCommand::Show { session, json } => {
            let library = Library::standard();
            let house = House::open(home, &library, terminal)?;
            show(&house, json, |entry, state| match session {
                None => true,
                Some(session) => {
                    sessions_of(&entry.event).contains(&session) && state.session(&session).is_some()
                }
            })
        }
    }
}

/// `masque ring history`.
pub(super) fn history(agent: &AgentId, json: bool, house: &House<'_>) -> Result<Outcome, WearError> {
    show(house, json, |entry, _| match &entry.event {
        Event::Founded { agent: founder, .. } => founder == agent,
        Event::Acted { act, .. } => subject(&act.deed) == Some(agent),
        _ => false,
    })
}

/// Shows entries whose agents this user sees; of the others it counts how many there are.
fn show(
    house: &House<'_>,
    in_json: bool,
    wanted: impl Fn(&Entry, &State) -> bool,
) -> Result<Outcome, WearError> {
    let state = house.look(|now| now.state.clone())?;
    let (mut chain, mut out, mut hidden) = (Chain::default(), String::new(), 0_usize);
    for record in house.wardrobe.journal().after(0)? {
        let entry = chain.follow(&record).map_err(masque_session::ports::JournalError::from)?;
        if !wanted(&entry, &state) {
            continue;
        }
        let mut visible = true;
        for agent in agents_of(&entry.event, &state) {
            visible &= house.seen(&agent)?;
        }
        match (visible, house.terminal.format(in_json)) {
            (false, _) => hidden += 1,
            (true, Format::Json) => {
                out.push_str(&record.body);
                out.push('\n');
            }
            (true, Format::Human(paint)) => out.push_str(&line(&entry, paint)),
        }
    }
    if hidden > 0 && !in_json {
        out.push_str(&format!("{} not shown\n", entries(hidden)));
    }
    output::print(&out)?;
    Ok(Outcome::Done)
}

fn line(entry: &Entry, paint: Paint) -> String {
    let (seq, at) = (entry.seq, moment(entry.at));
    let text = match &entry.event {
        Event::Founded { agent, .. } => format!("founded      {agent}"),
        Event::Acted { act, .. } => format!("done         {} by {}", deed(&act.deed), act.by),
        Event::ActRefused { by, deed: asked, reason } => {
            format!("not done     {} by {by}: {}", deed(asked), word(reason))
        }
        Event::Donned { session, agent, masque, intent, .. } => {
            format!("donned       {session}  {} {} by {agent}: \"{intent}\"", masque.id, masque.version)
        }
        Event::Lent { session, credentials } => {
            let lent =
                credentials.iter().map(|credential| format!("{} {}", credential.provider, credential.role));
            format!("lent         {session}  {}", lent.collect::<Vec<_>>().join(", "))
        }
        Event::DonRefused { agent, reference, intent, reason } => {
            format!("not donned   {reference} by {agent}: {}: \"{intent}\"", word(reason))
        }
        Event::CheckRefused { session, intent, decision } => {
            format!("not allowed  {session}  {decision}: \"{intent}\"")
        }
        Event::UseRefused { session, wanted, reason } => {
            format!("not used     {session}  {}: {}", word(wanted), word(reason))
        }
        Event::Renewed { session, ends } => format!("renewed      {session}  until {}", moment(*ends)),
        Event::WindingDown { session, because, until } => {
            format!("winds down   {session}  {} until {}", word(because), moment(*until))
        }
        Event::Ended { session, how } => format!("{:13}{session}", word(how)),
    };
    format!("{}  {}\n", paint.with(output::Ink::Faint, &format!("{seq:>5}  {at}")), one_line_kept(&text))
}

/// One line, with its columns.
fn one_line_kept(text: &str) -> String {
    output::printable(&text.replace(['\n', '\t'], " "))
}

fn deed(deed: &Deed) -> String {
    match deed {
        Deed::Add { agent, .. } => format!("add {agent}"),
        Deed::Remove { agent } => format!("remove {agent}"),
        Deed::Nominate { agent } => format!("nominate {agent}"),
        Deed::Approve { agent, .. } => format!("approve {agent}"),
        Deed::Disapprove { agent, reason } => format!("disapprove of {agent} (\"{}\")", one_line(reason)),
        Deed::Demote { agent, reason } => format!("demote {agent} (\"{}\")", one_line(reason)),
        Deed::Score { session, score, .. } => format!("score {session} {}", score.symbol()),
        Deed::Revoke { session, reason, .. } => format!("revoke {session} (\"{}\")", one_line(reason)),
    }
}

/// The word that the journal has for it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn subject(deed: &Deed) -> Option<&AgentId> {
    match deed {
        Deed::Add { agent, .. }
        | Deed::Remove { agent }
        | Deed::Nominate { agent }
        | Deed::Approve { agent, .. }
        | Deed::Disapprove { agent, .. }
        | Deed::Demote { agent, .. } => Some(agent),
        Deed::Score { .. } | Deed::Revoke { .. } => None,
    }
}

fn sessions_of(event: &Event) -> Vec<SessionId> {
    match event {
        Event::Donned { session, parent, .. } => std::iter::once(*session).chain(*parent).collect(),
        Event::Lent { session, .. }
        | Event::CheckRefused { session, .. }
        | Event::UseRefused { session, .. }
        | Event::Renewed { session, .. }
        | Event::WindingDown { session, .. }
        | Event::Ended { session, .. } => vec![*session],
        Event::Acted { act: masque_session::Act { deed, .. }, .. } | Event::ActRefused { deed, .. } => {
            match deed {
                Deed::Score { session, .. } | Deed::Revoke { session, .. } => vec![*session],
                _ => Vec::new(),
            }
        }
        Event::Founded { .. } | Event::DonRefused { .. } => Vec::new(),
    }
}

/// Everybody whom an entry tells of, as far as they are known: a name that nobody has tells nothing.
fn agents_of(event: &Event, state: &State) -> Vec<AgentId> {
    let mut agents: Vec<AgentId> = match event {
        Event::Founded { agent, .. } | Event::Donned { agent, .. } | Event::DonRefused { agent, .. } => {
            vec![agent.clone()]
        }
        Event::Acted { act: masque_session::Act { by, deed, .. }, .. }
        | Event::ActRefused { by, deed, .. } => std::iter::once(by).chain(subject(deed)).cloned().collect(),
        _ => Vec::new(),
    };
    let wearers = sessions_of(event).into_iter().filter_map(|id| Some(state.session(&id)?.agent.clone()));
    agents.extend(wearers);
    agents.retain(|agent| state.has_known(agent));
    agents
}

/// A line of an export.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Record { seq: u64, digest: Digest, body: String },
    Checkpoint { checkpoint: Checkpoint },
}

fn export(home: &Home, file: Option<&Path>) -> Result<Outcome, WearError> {
    let journal = Sqlite::open_to_read(&home.journal())?;
    let records =
        journal.after(0)?.into_iter().map(|Record { seq, body, digest }| Line::Record { seq, digest, body });
    let checkpoints = journal.checkpoints()?.into_iter().map(|checkpoint| Line::Checkpoint { checkpoint });
    let mut text = String::new();
    for line in records.chain(checkpoints) {
        text.push_str(&serde_json::to_string(&line).expect("a line has string keys and whole numbers"));
        text.push('\n');
    }
    match file {
        Some(file) => output::write(file, &text)?,
        None => output::print(&text)?,
    }
    Ok(Outcome::Done)
}

fn verify(home: &Home, against: Option<&Path>) -> Result<Outcome, WearError> {
    let journal = Sqlite::open_to_read(&home.journal())?;
    // Read first: what is appended meanwhile has checkpoints that these don't know.
    let checkpoints = journal.checkpoints()?;
    let mut records = journal.after(0)?;
    let signed = checkpoints.last().map_or(0, |checkpoint| checkpoint.seq);
    if records.len() as u64 > signed {
        let later = journal.checkpoints()?.iter().any(|checkpoint| checkpoint.seq > signed);
        if later {
            records.truncate(usize::try_from(signed).unwrap_or(usize::MAX));
        }
    }
    let key = home.store_key()?.public();
    let found = Chain::verify(&records, &checkpoints, &key).map_err(Trouble::from).and_then(|head| {
        if let Some(path) = against {
            holds_still(&earlier(path)?, &records)?;
        }
        Ok(head)
    });
    match found {
        Ok(head) => {
            output::print(&format!(
                "whole  {}, signed at {}, last {}\n",
                entries(records.len()),
                counted(checkpoints.len(), "place"),
                head.digest
            ))?;
            Ok(Outcome::Done)
        }
        Err(Trouble::Chain(error)) => {
            output::print(&format!("not as it was written  {error}\n"))?;
            Ok(Outcome::Refused)
        }
        Err(Trouble::Export(reason)) => Err(WearError::Export { reason }),
    }
}

/// `1 entry`, `2 entries`.
fn entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

enum Trouble {
    Chain(ChainError),
    Export(String),
}

impl From<ChainError> for Trouble {
    fn from(error: ChainError) -> Self {
        Self::Chain(error)
    }
}

fn earlier(path: &Path) -> Result<Vec<(u64, Digest)>, Trouble> {
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::Export(error.to_string()))?;
    let mut earlier = Vec::new();
    for line in text.lines() {
        match serde_json::from_str(line).map_err(|error| Trouble::Export(error.to_string()))? {
            Line::Record { seq, digest, .. } => earlier.push((seq, digest)),
            Line::Checkpoint { .. } => {}
        }
    }
    Ok(earlier)
}

/// A journal only grows: whatever was exported once is in it for ever.
fn holds_still(earlier: &[(u64, Digest)], records: &[Record]) -> Result<(), Trouble> {
    let last = records.len() as u64;
    for (seq, digest) in earlier {
        let record = usize::try_from(*seq).ok().and_then(|seq| records.get(seq.checked_sub(1)?));
        match record {
            None => return Err(ChainError::CutOff { last, seq: *seq }.into()),
            Some(record) if record.digest != *digest => {
                return Err(ChainError::Rewritten { seq: *seq }.into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}
