//! The host: engines, caches and keys, and the way from bytes to a masque.

use std::sync::{Arc, Mutex, PoisonError};

use masque_abi::WASM_MAGIC;
use masque_decode::DecodeError;
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;

use crate::cache::{Disk, Memory};
use crate::code::{self, Code as _, Kind, Trusted};
use crate::engine::{self, Clocked, Profile};
use crate::envelope::{self, Contents, EnvelopeError};
use crate::masque::{Canonical, Loaded};
use crate::{Foreign, HostError, Key, Limits, LoadError, Masque, Options, PrecompileError, gate};

/// Native code is larger than the component that it was compiled from, but not by more than this factor and these bytes.
const NATIVE_FACTOR: usize = 32;
const NATIVE_ROOM: usize = 16 << 20;

/// Loads masques. Cheap to clone; clones share everything. Its threads and memory go when the last clone, masque and session is gone.
#[derive(Clone)]
pub struct Host {
    shared: Arc<Shared>,
    /// Apart from what masques hold on to, or they would hold each other.
    memory: Arc<Mutex<Memory<Loaded>>>,
}

/// What masques and sessions need of their host.
pub(crate) struct Shared {
    pub(crate) limits: Limits,
    pub(crate) disk: Option<Disk>,
    strict: Arc<Clocked>,
    loose: Option<Arc<Clocked>>,
    foreign: Foreign,
    key: Key,
    trusted: Vec<Key>,
}

/// What was found out about a component before compiling it.
struct Checked {
    profile: Profile,
    canonical: Option<Canonical>,
}

impl Host {
    /// A host with default [`Options`]: nothing foreign, nothing on disk.
    ///
    /// # Errors
    /// When a limit is out of range, or the machine can't give what the limits promise.
    pub fn new(limits: Limits) -> Result<Self, HostError> {
        Self::with_options(limits, Options::default())
    }

    /// A host.
    ///
    /// # Errors
    /// As [`Host::new`], and when the cache directory or its key can't be used.
    pub fn with_options(limits: Limits, options: Options) -> Result<Self, HostError> {
        limits.validate()?;
        let strict = Arc::new(Clocked::new(Profile::Strict, &limits)?);
        let loose = match options.foreign {
            Foreign::WithWasi => Some(Arc::new(Clocked::new(Profile::Loose, &limits)?)),
            Foreign::Refuse | Foreign::WithoutImports => None,
        };
        if let Some(directory) = &options.cache {
            Disk::make(directory)?;
        }
        let key = match (options.key, &options.cache) {
            (Some(key), _) => key,
            (None, Some(directory)) => Key::of_directory(directory)?,
            (None, None) => Key::random()?,
        };
        let disk = options.cache.as_deref().map(|directory| Disk::new(directory, key.clone()));
        let (foreign, trusted) = (options.foreign, options.trusted);
        let shared = Shared { limits, disk, strict, loose, foreign, key, trusted };
        Ok(Self { shared: Arc::new(shared), memory: Arc::new(Mutex::new(Memory::new(options.kept))) })
    }

    /// The limits of this host.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// Loads a component, or a precompiled masque from its envelope; their first bytes tell which.
    ///
    /// # Errors
    /// When the bytes are not what this host may load; the error says why. Nothing of them has run then.
    pub fn load(&self, bytes: &[u8]) -> Result<Masque, LoadError> {
        if bytes.starts_with(WASM_MAGIC) {
            return self.load_wasm(bytes, None);
        }
        if !bytes.starts_with(envelope::MAGIC) {
            return Err(LoadError::UnknownFormat);
        }
        let limit = self.shared.limits.wasm_bytes.saturating_mul(NATIVE_FACTOR).saturating_add(NATIVE_ROOM);
        if bytes.len() > limit {
            return Err(LoadError::TooLarge { bytes: bytes.len(), limit });
        }
        let contents = envelope::open(bytes, std::iter::once(&self.shared.key).chain(&self.shared.trusted))?;
        let host = code::target(&self.shared.strict.engine);
        if contents.target != host {
            return Err(EnvelopeError::Target { target: contents.target.to_owned(), host }.into());
        }
        self.load_wasm(contents.wasm, Some(&contents))
    }

    /// Compiles a component ahead of time, for this machine or the one that a target triple names, into an envelope sealed with
    /// this host's key. [`Host::load`] takes it wherever the key is trusted and the limits of memory are the same.
    ///
    /// # Errors
    /// When the component would not be loaded, or no code can be made for the target.
    pub fn precompile(&self, wasm: &[u8], target: Option<&str>) -> Result<Vec<u8>, PrecompileError> {
        let checked = self.check(wasm)?;
        let engine = match target {
            None => self.engine(checked.profile).engine.clone(),
            Some(triple) => {
                let unknown = |error: wasmtime::Error| PrecompileError::Target {
                    target: triple.to_owned(),
                    reason: engine::reason(&error),
                };
                let mut config = engine::config(checked.profile, &self.shared.limits);
                config.target(triple).map_err(unknown)?;
                Engine::new(&config).map_err(unknown)?
            }
        };
        let refused = |error| LoadError::Compile(engine::reason(&error));
        let core = match &checked.canonical {
            Some(Canonical { core, .. }) => {
                Some(wasmtime::Module::compile(&engine, &wasm[core.clone()]).map_err(refused)?)
            }
            None => None,
        };
        let component = wasmtime::component::Component::compile(&engine, wasm).map_err(refused)?;
        let contents = Contents {
            compatibility: code::compatibility(&engine),
            target: &code::target(&engine),
            wasm,
            core: core.as_deref(),
            component: Some(&component),
        };
        Ok(envelope::seal(&contents, &self.shared.key))
    }

    fn load_wasm(&self, wasm: &[u8], precompiled: Option<&Contents<'_>>) -> Result<Masque, LoadError> {
        self.check_size(wasm)?;
        let digest: [u8; 32] = Sha256::digest(wasm).into();
        if let Some(loaded) = self.memory().get(&digest) {
            return Ok(Masque::new(loaded));
        }
        let checked = self.check(wasm)?;
        let code = |kind| precompiled.and_then(|contents| Trusted::of(contents, kind));
        let loaded = Loaded::new(
            Arc::clone(&self.shared),
            Arc::clone(self.engine(checked.profile)),
            wasm,
            digest,
            checked.canonical,
            [code(Kind::Core), code(Kind::Component)],
        )?;
        let loaded = Arc::new(loaded);
        self.memory().insert(digest, &loaded);
        Ok(Masque::new(loaded))
    }

    fn check_size(&self, wasm: &[u8]) -> Result<(), LoadError> {
        match (wasm.len(), self.shared.limits.wasm_bytes) {
            (bytes, limit) if bytes > limit => Err(LoadError::TooLarge { bytes, limit }),
            _ => Ok(()),
        }
    }

    /// All that is checked before a compiler sees the bytes.
    fn check(&self, wasm: &[u8]) -> Result<Checked, LoadError> {
        self.check_size(wasm)?;
        match (masque_decode::read(wasm), self.shared.foreign) {
            (Ok(component), _) => {
                gate::check(wasm, Profile::Strict)?;
                Ok(Checked { profile: Profile::Strict, canonical: Some(Canonical::new(component)) })
            }
            // What no host may load is called what it is, whoever opts in to what.
            (Err(error @ (DecodeError::NotAComponent(_) | DecodeError::Damaged { .. })), _)
            | (Err(error), Foreign::Refuse) => Err(error.into()),
            (Err(_), Foreign::WithoutImports) => {
                gate::check(wasm, Profile::Strict)?;
                Ok(Checked { profile: Profile::Strict, canonical: None })
            }
            (Err(_), Foreign::WithWasi) => {
                let profile = match gate::check(wasm, Profile::Strict) {
                    Ok(()) => Profile::Strict,
                    Err(_) => gate::check(wasm, Profile::Loose).map(|()| Profile::Loose)?,
                };
                Ok(Checked { profile, canonical: None })
            }
        }
    }

    fn engine(&self, profile: Profile) -> &Arc<Clocked> {
        match (profile, &self.shared.loose) {
            (Profile::Loose, Some(loose)) => loose,
            _ => &self.shared.strict,
        }
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory<Loaded>> {
        // A panic elsewhere leaves a cache that is at worst incomplete.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("limits", &self.shared.limits)
            .field("foreign", &self.shared.foreign)
            .finish_non_exhaustive()
    }
}
