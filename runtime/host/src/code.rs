//! Native code: compiled, read from an envelope, or taken from the cache on disk.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};
use wasmtime::component::Component;
use wasmtime::{Engine, Module};

use crate::LoadError;
use crate::cache::Disk;
use crate::engine::{Clocked, reason};
use crate::envelope::{Contents, EnvelopeError};

/// What is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The core module, for direct calls.
    Core,
    /// The whole component.
    Component,
}

/// Something that wasmtime compiles, saves and reads back.
pub(crate) trait Code: Sized {
    const KIND: Kind;

    fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Vec<u8>>;

    fn read(engine: &Engine, code: Trusted<'_>) -> wasmtime::Result<Self>;
}

/// Native code that came out of our own compiler or of an envelope that a trusted key has sealed.
#[derive(Clone, Copy)]
pub(crate) struct Trusted<'a>(&'a [u8]);

impl<'a> Trusted<'a> {
    /// The code in an opened envelope.
    pub(crate) fn of(contents: &Contents<'a>, kind: Kind) -> Option<Self> {
        match kind {
            Kind::Core => contents.core.map(Self),
            Kind::Component => contents.component.map(Self),
        }
    }

    /// Code that was taken out of one of these before.
    pub(crate) fn kept(code: &'a Kept) -> Self {
        Self(&code.0)
    }

    pub(crate) fn keep(self) -> Kept {
        Kept(self.0.into())
    }
}

/// Trusted code for later.
pub(crate) struct Kept(Box<[u8]>);

impl Code for Module {
    const KIND: Kind = Kind::Core;

    fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Vec<u8>> {
        engine.precompile_module(bytes)
    }

    #[allow(unsafe_code, reason = "native code can't be loaded otherwise")]
    fn read(engine: &Engine, code: Trusted<'_>) -> wasmtime::Result<Self> {
        // SAFETY: the bytes are what `precompile_module` returned, in this process or in one that had a trusted key: `Trusted` is made
        // from nothing else, and an envelope's HMAC covers every byte.
        unsafe { Self::deserialize(engine, code.0) }
    }
}

impl Code for Component {
    const KIND: Kind = Kind::Component;

    fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Vec<u8>> {
        engine.precompile_component(bytes)
    }

    #[allow(unsafe_code, reason = "native code can't be loaded otherwise")]
    fn read(engine: &Engine, code: Trusted<'_>) -> wasmtime::Result<Self> {
        // SAFETY: as for modules, with `precompile_component`.
        unsafe { Self::deserialize(engine, code.0) }
    }
}

/// Where code may come from.
pub(crate) struct Origin<'a> {
    /// The whole component.
    pub(crate) wasm: &'a [u8],
    /// Its digest.
    pub(crate) digest: [u8; 32],
    /// What is compiled: the component or the core module in it.
    pub(crate) part: &'a [u8],
    /// Code that came with the component.
    pub(crate) precompiled: Option<Trusted<'a>>,
}

/// Reads code that came along, else takes it from the cache, else compiles and keeps it.
pub(crate) fn obtain<T: Code>(
    engine: &Clocked,
    disk: Option<&Disk>,
    origin: &Origin<'_>,
) -> Result<T, LoadError> {
    if let Some(code) = origin.precompiled {
        let incompatible = |error| EnvelopeError::Incompatible(reason(&error)).into();
        return T::read(&engine.engine, code).map_err(incompatible);
    }
    let compatibility = compatibility(&engine.engine);
    let cached = disk.and_then(|disk| disk.read(&origin.digest, &compatibility, T::KIND));
    if let Some(sealed) = &cached
        && let Some(contents) = disk.and_then(|disk| disk.open(sealed, origin.wasm, &compatibility))
        && let Some(code) = Trusted::of(&contents, T::KIND)
        // A file that can't be used is made again.
        && let Ok(read) = T::read(&engine.engine, code)
    {
        return Ok(read);
    }
    let refused = |error| LoadError::Compile(reason(&error));
    let code = T::compile(&engine.engine, origin.part).map_err(refused)?;
    if let Some(disk) = disk {
        let (core, component) = match T::KIND {
            Kind::Core => (Some(&*code), None),
            Kind::Component => (None, Some(&*code)),
        };
        let target = target(&engine.engine);
        let contents = Contents { compatibility, target: &target, wasm: origin.wasm, core, component };
        disk.write(&origin.digest, &contents, T::KIND);
    }
    T::read(&engine.engine, Trusted(&code)).map_err(refused)
}

/// The triple of the machine that an engine makes code for.
pub(crate) fn target(engine: &Engine) -> String {
    engine.get_target().expect("every engine of ours has a compiler")
}

/// A digest of all settings that compiled code depends on.
pub(crate) fn compatibility(engine: &Engine) -> [u8; 32] {
    /// Feeds a digest with what is hashed; the standard hashers promise no stable result.
    struct Feed(Sha256);
    impl Hasher for Feed {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut feed = Feed(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut feed);
    feed.0.finalize().into()
}
