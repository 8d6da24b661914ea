//! The minter behind the domain's port.

use std::path::PathBuf;

use biscuit_auth::builder::Algorithm;
use biscuit_auth::{Biscuit, KeyPair, PrivateKey};
use masque_session::ports::{Access, AccessError, Order};
use masque_session::{CredentialId, PublicKey, Time};

use crate::revoked::Revoked;
use crate::token::{params, restricted_to, text, when};

/// Mints Biscuit tokens with a root key, and keeps the list of those that were revoked.
pub struct Biscuits {
    root: KeyPair,
    list: PathBuf,
}

impl Biscuits {
    /// A minter whose root key has this seed, which must come from a random source, and whose list is this file.
    ///
    /// # Errors
    /// When the seed makes no key.
    pub fn new(seed: &[u8; 32], list: PathBuf) -> Result<Self, AccessError> {
        let key = PrivateKey::from_bytes(seed, Algorithm::Ed25519).map_err(failed)?;
        Ok(Self { root: KeyPair::from(&key), list })
    }

    /// What its tokens are checked with.
    pub fn key(&self) -> PublicKey {
        let bytes = self.root.public().to_bytes();
        PublicKey(bytes.try_into().expect("an Ed25519 public key has 32 bytes"))
    }
}

impl Access for Biscuits {
    fn mint(&self, order: &Order<'_>) -> Result<String, AccessError> {
        let Order { credential, session, agent, source, masque, restrictions } = order;
        let values = params([
            ("id", text(&credential.id)),
            ("session", text(session)),
            ("agent", text(agent)),
            ("source", text(source)),
            ("masque", text(&masque.id)),
            ("version", text(&masque.version)),
            ("digest", text(&masque.digest)),
            ("provider", text(&credential.provider)),
            ("role", text(&credential.role)),
            ("ends", when(credential.ends)),
        ]);
        let facts = "credential({id}); session({session}); agent({agent}); source({source}); \
            masque({masque}, {version}, {digest}); grant({provider}, {role}); ends({ends}); \
            check if time($time), $time < {ends};";
        let mut builder =
            Biscuit::builder().code_with_params(facts, values, Default::default()).map_err(failed)?;
        builder = builder.merge(restricted_to(restrictions, None).map_err(failed)?);
        builder.build(&self.root).and_then(|token| token.to_base64()).map_err(failed)
    }

    fn revoke(&self, revoked: &[(CredentialId, Time)], now: Time) -> Result<(), AccessError> {
        Revoked::add(&self.list, revoked, now)
            .map_err(|error| AccessError(format!("`{}`: {error}", self.list.display())))
    }
}

fn failed(error: impl std::fmt::Display) -> AccessError {
    AccessError(error.to_string())
}
