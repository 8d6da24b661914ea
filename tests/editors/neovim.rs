//! Neovim with the plugin, without a window: a persona with mistakes is opened, what is wrong is shown, a fix is chosen as a person
//! chooses it, and the file is saved.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};

use super::npm::{self, ROOT};

const NAME: &str = "neovim_shows_what_is_wrong_and_applies_a_fix";

/// The test, where there is a Neovim.
pub(crate) fn trial(arguments: &Arguments) -> Trial {
    if arguments.list {
        return Trial::test(NAME, || Ok(()));
    }
    if let Err(error) = Command::new("nvim").arg("--version").output() {
        return npm::skipped(NAME, &format!("nvim: {error}"));
    }
    Trial::test(NAME, works)
}

fn works() -> Result<(), Failed> {
    for (file, broken, mended) in [
        (
            "small.masque.yaml",
            "name: Small\nversion: \"1.0\"\nring: guest\nintent:\n  allowed: [\"read *\"]\nlens: Read.\n",
            "name: Small\nversion: \"1.0.0\"\nring: guest\nintent:\n  allowed: [\"read *\"]\nlens: Read.\n",
        ),
        (
            "small.masque",
            "masque Small {\n  version 1.0.0\n  ring gest\n  intent { allow \"lese Bücher 🎭 *\" }\n  lens \"Read.\"\n}\n",
            "masque Small {\n  version 1.0.0\n  ring guest\n  intent { allow \"lese Bücher 🎭 *\" }\n  lens \"Read.\"\n}\n",
        ),
    ] {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(file);
        std::fs::write(&path, broken)?;
        let drive = Path::new(ROOT).join("tests/editors/drive.lua");
        let plugin = Path::new(ROOT).join("grammar/neovim");
        let mut command = Command::new("nvim");
        command
            .args(["--headless", "-u", "NONE", "-i", "NONE", "-n"])
            .args(["--cmd", &format!("set runtimepath^={}", plugin.display())])
            .args(["--cmd", "filetype plugin on"])
            .args(["-c", &format!("luafile {}", drive.display())])
            .arg(&path)
            .env("MASQUEC", env!("CARGO_BIN_EXE_masquec"))
            .env("HOME", folder.path())
            .env("XDG_CACHE_HOME", folder.path())
            .env("XDG_STATE_HOME", folder.path());
        npm::printed(&mut command)?;
        let log = std::fs::read_to_string(folder.path().join("log"))?;
        assert_eq!(std::fs::read_to_string(&path)?, mended, "{file}\n{log}");
        assert!(log.contains("found 1") && log.contains("left 0"), "{log}");
    }
    Ok(())
}
