//! Ed25519: agents sign what they ask for, a store signs how far its journal goes.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::Serialize;

use crate::{Act, AgentId, Digest, PublicKey, SessionId, Signature, TokenHash};

/// A key pair. Its secret half never leaves it but through [`AgentKey::seed`], for whoever keeps it.
#[derive(Clone)]
pub struct AgentKey(SigningKey);

impl AgentKey {
    /// The key of this seed, which must come from a random source.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The secret half.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a request.
    pub fn sign_act(&self, act: &Act) -> Signature {
        self.sign(ACT, &json(act))
    }

    /// Signs the claim to a session.
    pub fn sign_don(&self, claim: &DonClaim<'_>) -> Signature {
        self.sign(DON, &json(claim))
    }

    pub(crate) fn sign(&self, purpose: &str, message: &[u8]) -> Signature {
        Signature(self.0.sign(&with_purpose(purpose, message)).to_bytes())
    }
}

impl std::fmt::Debug for AgentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AgentKey({}, …)", self.public())
    }
}

const ACT: &str = "masque act 1";
const DON: &str = "masque don 1";

/// What an agent signs to don a masque. The session's id is never used twice, so neither is the signature.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "as in the event `Donned`")]
pub struct DonClaim<'a> {
    pub session: SessionId,
    pub agent: &'a AgentId,
    pub masque: Digest,
    pub intent: &'a str,
    pub parent: Option<SessionId>,
    pub token: TokenHash,
}

impl PublicKey {
    /// Whether the key's owner signed the request.
    pub fn signed_act(&self, act: &Act, signature: &Signature) -> bool {
        self.signed(ACT, &json(act), signature)
    }

    /// Whether the key's owner signed the claim.
    pub fn signed_don(&self, claim: &DonClaim<'_>, signature: &Signature) -> bool {
        self.signed(DON, &json(claim), signature)
    }

    pub(crate) fn signed(&self, purpose: &str, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        // Strict: a signature has one form, and keys of small order sign nothing.
        VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(&with_purpose(purpose, message), &signature).is_ok())
    }
}

/// A signature made for one purpose says nothing for another.
fn with_purpose(purpose: &str, message: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), b"\n", message].concat()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("signed values have string keys and no floating point numbers")
}
