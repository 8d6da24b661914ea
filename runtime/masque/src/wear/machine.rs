//! The machine's clock and processes.

use std::time::{SystemTime, UNIX_EPOCH};

use masque_session::ports::{Clock, Processes};
use masque_session::{Holder, Time};

pub(crate) struct Machine;

impl Clock for Machine {
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }
}

impl Processes for Machine {
    fn has_ended(&self, holder: &Holder) -> bool {
        // Of another machine's processes nothing is known, unless this is the same one after a restart, which can't be told apart.
        boot().is_some_and(|boot| boot == holder.boot) && started(holder.pid) != Some(holder.started)
    }
}

/// This process; `None` on systems that don't tell one process from the next with its number.
pub(crate) fn this_process() -> Option<Holder> {
    let pid = std::process::id();
    Some(Holder { boot: boot()?, pid, started: started(pid)? })
}

/// What Linux calls this run of itself.
fn boot() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}

/// When a process began, in ticks since the system did: the 22nd field of proc_pid_stat(5). The second is the program's name in
/// parentheses, which may contain anything.
fn started(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    // A process that has ended but was not waited for has ended.
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_others() {
        let this = this_process().unwrap();
        assert!(!Machine.has_ended(&this));
        assert!(Machine.has_ended(&Holder { started: this.started + 1, ..this.clone() }));
        assert!(!Machine.has_ended(&Holder { boot: "another".to_owned(), started: 1, ..this.clone() }));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = child.id();
        child.wait().unwrap();
        assert!(Machine.has_ended(&Holder { pid, ..this }));
    }
}
