//! Tokens on the command line: whether one is good, what it says, and the key to check it with.

use std::io::Read as _;
use std::path::Path;

use masque_access::{Content, Invalid, Revoked, attenuate, inspect, verify};
use masque_session::ports::Clock as _;
use masque_session::{PublicKey, Time};
use masquec::library::Library;
use masquec::output::{self, Ink};
use masquec::terminal::Terminal;
use serde_json::{Value, json};

use super::arguments::{TokenArguments, TokenCommand};
use super::cast::Cast;
use super::home::Home;
use super::house::House;
use super::machine::Machine;
use super::show::one_line;
use super::time::{Length, moment};
use super::{Outcome, WearError};

/// No token is longer; whatever is goes unread.
const LONGEST: u64 = 1 << 20;

/// `masque token`.
pub(super) fn run(
    arguments: TokenArguments,
    home: &Home,
    library: &Library,
    terminal: &Terminal,
) -> Result<Outcome, WearError> {
    match arguments.command {
        TokenCommand::Key => {
            output::print(&format!("{}\n", home.minter()?.key()))?;
            Ok(Outcome::Done)
        }
        TokenCommand::Verify { checked, intent, revoked } => {
            let key = match checked.key {
                Some(key) => key,
                None => {
                    // Its own list is up to date once its sessions are: what was left behind ends now.
                    House::open(home, library, terminal)?;
                    home.minter()?.key()
                }
            };
            let list = list(&revoked.unwrap_or_else(|| home.revoked()))?;
            let token = given(checked.token)?;
            let cast = Cast::new(home, library, terminal);
            let found = good(&token, &key, &list, intent.as_deref(), &cast)?;
            say(&found, "good", checked.json, terminal)
        }
        TokenCommand::Inspect(checked) => {
            let key = match checked.key {
                Some(key) => key,
                None => home.minter()?.key(),
            };
            say(&inspect(&given(checked.token)?, &key), "signed", checked.json, terminal)
        }
        TokenCommand::Attenuate { token, restrictions, ttl } => {
            let ends = ttl.map(|Length(seconds)| Machine.now().after(u64::try_from(seconds).unwrap_or(0)));
            let token = attenuate(&given(token)?, &restrictions, ends)
                .map_err(|invalid| WearError::Token(invalid.to_string()))?;
            output::print(&format!("{token}\n"))?;
            Ok(Outcome::Done)
        }
    }
}

fn list(path: &Path) -> Result<Revoked, WearError> {
    Revoked::read(path).map_err(|error| {
        WearError::Token(format!("the list of revoked tokens `{}` can't be read: {error}", path.display()))
    })
}

fn given(token: Option<String>) -> Result<String, WearError> {
    match token {
        Some(token) if token != "-" => Ok(token),
        _ => {
            let mut text = String::new();
            let read = std::io::stdin().take(LONGEST).read_to_string(&mut text);
            read.map_err(|error| WearError::Token(format!("no token can be read: {error}")))?;
            Ok(text)
        }
    }
}

/// Whether a token is good for what it is to be used for.
fn good(
    token: &str,
    key: &PublicKey,
    list: &Revoked,
    intent: Option<&str>,
    cast: &Cast<'_>,
) -> Result<Result<Content, Invalid>, WearError> {
    let mut within = Vec::new();
    if let (Some(intent), Ok(content)) = (intent, inspect(token, key)) {
        for pattern in content.restrictions {
            if cast.takes(&pattern, intent)? {
                within.push(pattern);
            }
        }
    }
    Ok(verify(token, key, list, Machine.now(), &within))
}

fn say(
    found: &Result<Content, Invalid>,
    word: &str,
    json: bool,
    terminal: &Terminal,
) -> Result<Outcome, WearError> {
    output::print(&match (found, terminal.format(json)) {
        (Ok(content), output::Format::Json) => {
            let mut value = of(content);
            value["status"] = Value::from(word);
            output::json(&value)
        }
        (Err(invalid), output::Format::Json) => {
            output::json(&json!({ "status": status(invalid), "reason": invalid.to_string() }))
        }
        (Ok(content), output::Format::Human(paint)) => {
            let (id, version, _) = &content.masque;
            let mut out = format!(
                "{}  {} {}  for {} in {} {}\n  ends {}  session {}\n",
                paint.with(Ink::Good, word),
                one_line(&content.provider),
                one_line(&content.role),
                one_line(&content.agent),
                one_line(id),
                one_line(version),
                moment(content.ends),
                content.session,
            );
            for pattern in &content.restrictions {
                out.push_str(&format!("  restricted to \"{}\"\n", one_line(pattern)));
            }
            out
        }
        (Err(invalid), output::Format::Human(paint)) => {
            format!("{}  {}\n", paint.with(Ink::Bad, status(invalid)), one_line(&reason(invalid)))
        }
    })?;
    Ok(if found.is_ok() { Outcome::Done } else { Outcome::Refused })
}

fn status(invalid: &Invalid) -> &'static str {
    match invalid {
        Invalid::Malformed(_) => "malformed",
        Invalid::Forged => "forged",
        Invalid::Revoked(_) => "revoked",
        Invalid::Expired(_) => "expired",
        Invalid::Restricted(_) => "restricted",
        Invalid::Refused(_) => "refused",
    }
}

fn reason(invalid: &Invalid) -> String {
    match invalid {
        Invalid::Expired(Time(at)) => format!("{invalid}, at {}", moment(Time(*at))),
        Invalid::Restricted(_) => format!("{invalid}: `--intent` must be within it"),
        _ => invalid.to_string(),
    }
}

fn of(content: &Content) -> Value {
    let (id, version, digest) = &content.masque;
    json!({
        "credential": content.credential, "session": content.session, "agent": content.agent, "source": content.source,
        "masque": { "id": id, "version": version, "digest": digest },
        "provider": content.provider, "role": content.role,
        "ends": moment(content.ends), "restrictions": content.restrictions,
    })
}
