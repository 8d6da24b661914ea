//! Where this user's masques, keys and compiled code are kept.

use std::path::PathBuf;

/// `$MASQUE_HOME`, else `~/.masques`; `None` where neither is known.
pub fn directory() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("MASQUE_HOME").or_else(|| Some(set("HOME").or_else(|| set("USERPROFILE"))?.join(".masques")))
}

/// Where the host keeps compiled code, and the key that authenticates it.
pub fn cache() -> Option<PathBuf> {
    directory().map(|directory| directory.join("cache"))
}
