//! This user's directory: the journal, keys, kept masques, the policy.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use masque_access::Biscuits;
use masque_session::{AgentId, AgentKey, Digest, Policy};
use miette::Diagnostic;

/// The agent that commands act for where none is named.
pub(crate) const AGENT_VARIABLE: &str = "MASQUE_AGENT";

/// Where everything of this user is kept.
pub(crate) struct Home {
    directory: PathBuf,
}

/// Why the directory can't be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum HomeError {
    #[error("it is not known where this user's masques are kept")]
    #[diagnostic(help("set MASQUE_HOME to a directory"))]
    Unknown,
    #[error("`{}` can't be used", path.display())]
    #[diagnostic(help("MASQUE_HOME, else ~/.masques, must be a directory that can be read and written"))]
    Io { path: PathBuf, source: std::io::Error },
    #[error("`{}` holds no key of 32 bytes", path.display())]
    #[diagnostic(help("put the key back from a copy: what it has signed can't be signed by another"))]
    KeyFile { path: PathBuf },
    #[error("`{}` is no policy: {reason}", path.display())]
    #[diagnostic(help("docs/sessions.md lists what a policy may say"))]
    Policy { path: PathBuf, reason: String },
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
    #[error(transparent)]
    #[diagnostic(help("name the agent by `--agent`, or set MASQUE_AGENT"))]
    Name(#[from] masque_session::BadName),
    #[error("the masque {digest} is not kept in `{}`", path.display())]
    #[diagnostic(help("`masque doff` ends the session; don it again from its source"))]
    NotKept { digest: Digest, path: PathBuf },
}

impl Home {
    /// The directory, which is made where it is missing.
    pub(crate) fn open() -> Result<Self, HomeError> {
        let directory = masquec::home::directory().ok_or(HomeError::Unknown)?;
        for directory in [directory.clone(), directory.join("keys"), directory.join("kept")] {
            std::fs::create_dir_all(&directory)
                .map_err(|source| HomeError::Io { path: directory.clone(), source })?;
        }
        Ok(Self { directory })
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.directory.join("journal.sqlite")
    }

    /// The key that signs how far the journal goes.
    pub(crate) fn store_key(&self) -> Result<AgentKey, HomeError> {
        let path = self.directory.join("store.key");
        match read_key(&path)? {
            Some(key) => Ok(key),
            None => make_key(&path),
        }
    }

    /// The list of revoked credentials, for verifiers.
    pub(crate) fn revoked(&self) -> PathBuf {
        self.directory.join("revoked.json")
    }

    /// The minter of this store, with its root key.
    pub(crate) fn minter(&self) -> Result<Biscuits, HomeError> {
        let path = self.directory.join("access.key");
        let key = match read_key(&path)? {
            Some(key) => key,
            None => make_key(&path)?,
        };
        Biscuits::new(&key.seed(), self.revoked()).map_err(|_| HomeError::KeyFile { path })
    }

    fn key_path(&self, agent: &AgentId) -> PathBuf {
        self.directory.join("keys").join(format!("{agent}.key"))
    }

    /// An agent's key, where it is kept here.
    pub(crate) fn agent_key(&self, agent: &AgentId) -> Result<Option<AgentKey>, HomeError> {
        read_key(&self.key_path(agent))
    }

    /// An agent's key, a new one where none is kept here.
    pub(crate) fn agent_key_or_new(&self, agent: &AgentId) -> Result<AgentKey, HomeError> {
        match self.agent_key(agent)? {
            Some(key) => Ok(key),
            None => make_key(&self.key_path(agent)),
        }
    }

    /// Who acts where nobody is named: `$MASQUE_AGENT`, else the user.
    pub(crate) fn myself() -> Result<AgentId, HomeError> {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(name) = set(AGENT_VARIABLE) {
            return Ok(name.parse()?);
        }
        let user = set("USER").or_else(|| set("USERNAME")).unwrap_or_default().to_lowercase();
        Ok(user.parse().or_else(|_| "owner".parse())?)
    }

    /// What `policy.json` says, else the defaults.
    pub(crate) fn policy(&self) -> Result<Policy, HomeError> {
        let path = self.directory.join("policy.json");
        match std::fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Policy::default()),
            Err(source) => Err(HomeError::Io { path, source }),
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| HomeError::Policy { path, reason: error.to_string() }),
        }
    }

    /// Keeps a component for as long as a session may need it: durable before the journal names it.
    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<Digest, HomeError> {
        let digest = Digest::of(bytes);
        let path = self.kept_path(&digest);
        if std::fs::read(&path).is_ok_and(|kept| kept == bytes) {
            return Ok(digest);
        }
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(self.directory.join("kept"))?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|source| HomeError::Io { path: path.clone(), source })?;
        Ok(digest)
    }

    /// The component of this digest.
    pub(crate) fn kept(&self, digest: &Digest) -> Result<Vec<u8>, HomeError> {
        let path = self.kept_path(digest);
        match std::fs::read(&path) {
            Ok(bytes) if Digest::of(&bytes) == *digest => Ok(bytes),
            Ok(_) => Err(HomeError::NotKept { digest: *digest, path }),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(HomeError::NotKept { digest: *digest, path })
            }
            Err(source) => Err(HomeError::Io { path, source }),
        }
    }

    fn kept_path(&self, digest: &Digest) -> PathBuf {
        self.directory.join("kept").join(format!("{digest}.wasm"))
    }
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], HomeError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| HomeError::Random(error.to_string()))?;
    Ok(bytes)
}

fn read_key(path: &Path) -> Result<Option<AgentKey>, HomeError> {
    match std::fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(HomeError::Io { path: path.to_owned(), source }),
        Ok(bytes) => match bytes.try_into() {
            Ok(seed) => Ok(Some(AgentKey::from_seed(seed))),
            Err(_) => Err(HomeError::KeyFile { path: path.to_owned() }),
        },
    }
}

/// Makes a key, readable for its owner alone. Of two processes that do so at once both get the one that was first.
fn make_key(path: &Path) -> Result<AgentKey, HomeError> {
    let failed = |source| HomeError::Io { path: path.to_owned(), source };
    let key = AgentKey::from_seed(random()?);
    let folder = path.parent().expect("keys lie in a directory");
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(&key.seed()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(key),
        Err(taken) if taken.error.kind() == ErrorKind::AlreadyExists => {
            read_key(path)?.ok_or_else(|| HomeError::KeyFile { path: path.to_owned() })
        }
        Err(other) => Err(failed(other.error)),
    }
}
