//! An agent's tool call, judged before it is made: Claude Code's PreToolUse event on standard input, and the answer on standard output.
//!
//! Nothing is said where nothing refuses the call: then the agent's own permissions decide.

mod intents;

use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use masque_session::{Passage, Refusal, Trouble};
use masquec::library::Library;
use masquec::output;
use masquec::terminal::Terminal;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::arguments::HookArguments;
use super::error::because;
use super::home::Home;
use super::house::House;
use super::show::one_line;
use super::{Outcome, WearError, session_file};

/// The largest event that is read, in bytes.
const LARGEST: u64 = 64 << 20;

const EVENT: &str = "PreToolUse";

/// What is read of an event; the rest is for others.
#[derive(Deserialize)]
struct Call {
    hook_event_name: String,
    tool_name: String,
    tool_input: Map<String, Value>,
}

/// `masque hook`. Whatever goes wrong is an error, whose exit status stops the call as well.
pub(super) fn run(
    arguments: &HookArguments,
    home: &Home,
    library: &Library,
    terminal: &Terminal,
) -> Result<Outcome, WearError> {
    let judged = catch_unwind(AssertUnwindSafe(|| judge(arguments, home, library, terminal)));
    judged.unwrap_or_else(|_| Err(WearError::Call("masque itself failed".to_owned())))
}

fn judge(
    arguments: &HookArguments,
    home: &Home,
    library: &Library,
    terminal: &Terminal,
) -> Result<Outcome, WearError> {
    let call = read()?;
    let token = match session_file::locate(arguments.session.as_deref()) {
        Ok(token) => token,
        Err(WearError::NoSession) => return deny("no session is worn here: `masque don` begins one"),
        Err(error) => return Err(error),
    };
    let house = House::open(home, library, terminal)?;
    let said = intents::of(&call.tool_name, &call.tool_input);
    match house.wardrobe.admit(&house.cast, &token, &said) {
        Ok(Passage::Allowed | Passage::Uncovered) => Ok(Outcome::Done),
        Err(Trouble::Refused(refusal)) => deny(&reason(&refusal)),
        Err(trouble) => Err(trouble.into()),
    }
}

fn read() -> Result<Call, WearError> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| WearError::Call(error.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(WearError::Call("it is larger than 64 MiB".to_owned()));
    }
    let call: Call = serde_json::from_slice(&bytes).map_err(|error| WearError::Call(error.to_string()))?;
    match call.hook_event_name.as_str() {
        EVENT => Ok(call),
        other => Err(WearError::Call(format!("the event is `{other}`, and only {EVENT} can be answered"))),
    }
}

fn reason(refusal: &Refusal) -> String {
    format!("{refusal}{}", because(refusal))
}

fn deny(reason: &str) -> Result<Outcome, WearError> {
    let reason = format!("masque: {}", one_line(reason));
    output::print(&output::json(&json!({
        "hookSpecificOutput": {
            "hookEventName": EVENT,
            "permissionDecision": "deny",
            "permissionDecisionReason": reason,
        }
    })))?;
    Ok(Outcome::Done)
}
