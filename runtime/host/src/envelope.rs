//! The envelope of precompiled code (`.cwasm`).
//!
//! Native code is trusted as the host itself is, so it is run only when its envelope was sealed with this host's key or one that was
//! added on purpose. The component travels along: its manifest is read from it, and it is checked again before its code runs.
//!
//! | bytes | hold |
//! |---|---|
//! | 8 | magic |
//! | 4 | version of this format |
//! | 8 | id of the key |
//! | 32 | SHA-256 of the component |
//! | 32 | SHA-256 of the engine's compatibility hash |
//! | 4 × (4 + n) | length and bytes: target triple, component, code of the core module, code of the component |
//! | 32 | HMAC-SHA256 over all before |
//!
//! Integers are little-endian. An empty code is one that is not there.

use hmac::Mac;
use sha2::{Digest, Sha256};

use crate::key::{self, Key};

/// How an envelope of precompiled code begins.
pub const MAGIC: &[u8; 8] = b"\x7Fmasque\n";
const VERSION: u32 = 1;
const CODE_SIZE: usize = 32;

/// Why precompiled code is not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// Written by another version.
    #[error("the precompiled masque has format {0}, this build reads format {VERSION}: precompile it again")]
    Version(u32),
    /// Its lengths don't add up.
    #[error("the precompiled masque is cut short or damaged")]
    Damaged,
    /// Sealed with a key that is not trusted here.
    #[error(
        "the precompiled masque was sealed with a key that this host does not trust: add the key, or load the `.wasm`"
    )]
    UnknownKey,
    /// Changed after it was sealed.
    #[error("the precompiled masque was changed after it was sealed")]
    Tampered,
    /// For another machine.
    #[error(
        "the precompiled masque is for `{target}`, this machine is `{host}`: precompile it for this target"
    )]
    Target {
        /// The envelope's target.
        target: String,
        /// The host's.
        host: String,
    },
    /// From an engine with other settings.
    #[error("the precompiled masque does not fit this host's engine: {0}; precompile it again")]
    Incompatible(String),
}

/// What is in an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contents<'a> {
    pub(crate) compatibility: [u8; 32],
    pub(crate) target: &'a str,
    pub(crate) wasm: &'a [u8],
    pub(crate) core: Option<&'a [u8]>,
    pub(crate) component: Option<&'a [u8]>,
}

/// Writes an envelope.
pub(crate) fn seal(contents: &Contents<'_>, key: &Key) -> Vec<u8> {
    let parts = [
        contents.target.as_bytes(),
        contents.wasm,
        contents.core.unwrap_or_default(),
        contents.component.unwrap_or_default(),
    ];
    let mut bytes = Vec::with_capacity(256 + parts.iter().map(|part| part.len()).sum::<usize>());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&key.id());
    bytes.extend_from_slice(&Sha256::digest(contents.wasm));
    bytes.extend_from_slice(&contents.compatibility);
    for part in parts {
        let length = u32::try_from(part.len()).expect("components and their code are far below 4 GiB");
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(part);
    }
    let code = key.mac().chain_update(&bytes).finalize().into_bytes();
    bytes.extend_from_slice(&code);
    bytes
}

/// Opens an envelope that one of the keys has sealed.
pub(crate) fn open<'a, 'k>(
    bytes: &'a [u8],
    keys: impl IntoIterator<Item = &'k Key>,
) -> Result<Contents<'a>, EnvelopeError> {
    use EnvelopeError::Damaged;
    let (sealed, code) = bytes.split_at_checked(bytes.len().wrapping_sub(CODE_SIZE)).ok_or(Damaged)?;
    let mut reader = Reader(sealed.strip_prefix(MAGIC).ok_or(Damaged)?);
    match u32::from_le_bytes(reader.array().ok_or(Damaged)?) {
        VERSION => {}
        other => return Err(EnvelopeError::Version(other)),
    }
    let id: [u8; 8] = reader.array().ok_or(Damaged)?;
    let key = keys.into_iter().find(|key| key.id() == id).ok_or(EnvelopeError::UnknownKey)?;
    if !key::verify(key.mac().chain_update(sealed), code) {
        return Err(EnvelopeError::Tampered);
    }
    let mut read = || {
        let digest: [u8; 32] = reader.array()?;
        let compatibility = reader.array()?;
        let target = std::str::from_utf8(reader.part()?).ok()?;
        let wasm = reader.part()?;
        let mut code = || reader.part().map(|code| (!code.is_empty()).then_some(code));
        let contents = Contents { compatibility, target, wasm, core: code()?, component: code()? };
        (reader.0.is_empty() && Sha256::digest(wasm)[..] == digest).then_some(contents)
    };
    read().ok_or(Damaged)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    fn part(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_le_bytes(self.array()?);
        let (part, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Key {
        Key::from_bytes([byte; 32])
    }

    fn contents() -> Contents<'static> {
        Contents {
            compatibility: [7; 32],
            target: "x86_64-unknown-linux-gnu",
            wasm: b"wasm",
            core: Some(b"core"),
            component: None,
        }
    }

    #[test]
    fn what_was_sealed_is_opened_with_the_key() {
        let sealed = seal(&contents(), &key(1));
        assert_eq!(open(&sealed, [&key(1)]), Ok(contents()));
        assert_eq!(open(&sealed, [&key(2), &key(1)]), Ok(contents()));
        assert_eq!(open(&sealed, [&key(2)]), Err(EnvelopeError::UnknownKey));
        assert_eq!(open(&sealed, []), Err(EnvelopeError::UnknownKey));
    }

    #[test]
    fn every_flipped_bit_and_every_missing_byte_is_noticed() {
        let sealed = seal(&contents(), &key(1));
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(open(&flipped, [&key(1)]).is_err(), "a bit of byte {at} was flipped");
            assert!(open(&sealed[..at], [&key(1)]).is_err(), "only {at} bytes were left");
        }
    }
}
