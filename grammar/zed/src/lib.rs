//! Tells Zed how `masquec lsp` is started.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Masque;

impl zed::Extension for Masque {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("masquec").ok_or("`masquec` is not on the path")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Masque);
