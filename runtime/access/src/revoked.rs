//! The list of revoked credentials: a file that verifiers read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use masque_session::{CredentialId, Time};
use serde::{Deserialize, Serialize};

/// Credentials that are good no longer, each with the moment from which it would not be anyway.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoked {
    format: Format,
    revoked: BTreeMap<CredentialId, Time>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[default]
    #[serde(rename = "masque revoked 1")]
    One,
}

impl Revoked {
    /// Reads a list.
    ///
    /// # Errors
    /// When there is none, or it is not one: whoever can't read it knows of no credential that it is good.
    pub fn read(path: &Path) -> io::Result<Self> {
        let bytes = std::fs::read(path)?;
        serde_json::from_slice(&bytes).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
    }

    /// Whether a credential is on it.
    pub fn contains(&self, id: &CredentialId) -> bool {
        self.revoked.contains_key(id)
    }

    /// Puts credentials on the list in a file, which appears whole or not at all. Only what has ended by itself leaves it. Whoever does so
    /// at the same time waits.
    pub(crate) fn add(path: &Path, revoked: &[(CredentialId, Time)], now: Time) -> io::Result<()> {
        let lock = File::create(path.with_extension("lock"))?;
        lock.lock()?;
        let (mut list, known) = match Self::read(path) {
            Ok(list) => (list.clone(), Some(list)),
            Err(error) if error.kind() == ErrorKind::NotFound => (Self::default(), None),
            Err(error) => return Err(error),
        };
        list.revoked.extend(revoked.iter().copied());
        list.revoked.retain(|_, ends| *ends > now);
        if known.as_ref() == Some(&list) {
            return Ok(());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(&list)?)?;
        // There is nothing secret in it, and verifiers may be other users.
        #[cfg(unix)]
        file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}
