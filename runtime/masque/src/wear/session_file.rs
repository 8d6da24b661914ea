//! The project's own session: `.masque/session.json`, for the commands of whoever works there.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use masque_session::{SessionId, Token};
use serde::{Deserialize, Serialize};

use super::error::WearError;

/// The session that commands are about where none is named.
pub(crate) const SESSION_VARIABLE: &str = "MASQUE_SESSION";

const FOLDER: &str = ".masque";
const FILE: &str = "session.json";

#[derive(Serialize, Deserialize)]
struct Stored {
    session: SessionId,
    token: String,
}

/// The session that a command is about: as named, else of the environment, else of the project.
pub(crate) fn locate(named: Option<&str>) -> Result<Token, WearError> {
    let variable = std::env::var(SESSION_VARIABLE).ok().filter(|value| !value.is_empty());
    let Some(text) = named.map(str::to_owned).or(variable) else {
        return read()?.ok_or(WearError::NoSession);
    };
    if let Ok(token) = text.parse() {
        return Ok(token);
    }
    // An id opens nothing. It may only say which session the project's file is expected to hold.
    match read()? {
        Some(token) if text.parse() == Ok(token.session) => Ok(token),
        _ => Err(WearError::NoToken {
            text: if text.starts_with("masque-") { "masque-…".to_owned() } else { text },
        }),
    }
}

fn read() -> Result<Option<Token>, WearError> {
    let here = std::env::current_dir().unwrap_or_default();
    for folder in here.ancestors() {
        let path = folder.join(FOLDER).join(FILE);
        let damaged = || WearError::SessionFile { path: path.clone(), source: ErrorKind::InvalidData.into() };
        match std::fs::read(&path) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(source) => return Err(WearError::SessionFile { path, source }),
            Ok(bytes) => {
                let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
                return stored.token.parse().map(Some).map_err(|_| damaged());
            }
        }
    }
    Ok(None)
}

/// Makes a session the project's: of the folder where the command is run. Readable for its owner alone, and kept out of git.
pub(crate) fn write(token: &Token) -> Result<PathBuf, WearError> {
    let folder = Path::new(FOLDER);
    let path = folder.join(FILE);
    let write = || {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join(".gitignore"), "*\n")?;
        let stored = Stored { session: token.session, token: token.reveal() };
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(masquec::output::json(&stored).as_bytes())?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|source| WearError::SessionFile { path: path.clone(), source })?;
    Ok(path)
}

/// Forgets a session, where it is the project's.
pub(crate) fn forget(session: SessionId) {
    let here = std::env::current_dir().unwrap_or_default();
    let mut files = here.ancestors().map(|folder| folder.join(FOLDER).join(FILE));
    let Some(path) = files.find(|path| path.is_file()) else { return };
    let stored = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Stored>(&bytes).ok());
    if stored.is_some_and(|stored| stored.session == session) {
        // A file that stays behind opens nothing.
        let _ = std::fs::remove_file(path);
    }
}
