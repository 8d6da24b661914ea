//! Keys that authenticate precompiled code.

use std::fmt;
use std::io::Write as _;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::HostError;

/// The name of the key's file in a cache directory.
pub(crate) const KEY_FILE: &str = "host.key";

/// A secret of 32 bytes. Whoever has it can make code that the host runs *outside* of the sandbox: keep it as a private key.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// A key from bytes that the caller keeps.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new random key.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn random() -> Result<Self, HostError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| HostError::Random(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// The secret itself, to be kept somewhere safe.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Eight bytes by which an envelope names its key; they tell nothing about the secret.
    pub(crate) fn id(&self) -> [u8; 8] {
        let digest = Sha256::new().chain_update(b"masque envelope key\0").chain_update(self.0).finalize();
        let (id, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
        *id
    }

    /// HMAC-SHA256 (RFC 2104) with this key.
    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("HMAC takes keys of any length")
    }

    /// The key in a directory; made there, for its owner alone, when there is none.
    pub(crate) fn of_directory(directory: &Path) -> Result<Self, HostError> {
        let path = directory.join(KEY_FILE);
        match std::fs::read(&path) {
            Ok(bytes) => bytes.try_into().map(Self).map_err(|_| HostError::KeyFile(path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Self::random()?;
                // Temporary files are made with mode 0600. Of several hosts that start at once, the first one's key stands.
                let mut file = tempfile::NamedTempFile::new_in(directory).map_err(HostError::Cache)?;
                file.write_all(&key.0).and_then(|()| file.as_file().sync_all()).map_err(HostError::Cache)?;
                match file.persist_noclobber(&path) {
                    Ok(_) => Ok(key),
                    Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                        Self::of_directory(directory)
                    }
                    Err(error) => Err(HostError::Cache(error.error)),
                }
            }
            Err(error) => Err(HostError::Cache(error)),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(secret)")
    }
}

/// Checks a code in constant time.
pub(crate) fn verify(mac: Hmac<Sha256>, code: &[u8]) -> bool {
    mac.verify_slice(code).is_ok()
}
