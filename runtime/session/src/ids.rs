//! Names, digests, keys and times. Bytes are written as lower-case hexadecimal wherever people or files meet them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A moment, in milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub u64);

impl Time {
    /// The moment this many seconds later; the last moment that there is, where that is past it.
    pub fn after(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }
}

/// Text that is not the hexadecimal form of what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct ParseIdError {
    text: String,
    wanted: &'static str,
}

macro_rules! bytes {
    ($(#[$doc:meta])* $name:ident, $length:literal, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; $length]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut bytes = [0; $length];
                match unhex(text, &mut bytes) {
                    Some(()) => Ok(Self(bytes)),
                    None => Err(ParseIdError { text: text.to_owned(), wanted: $wanted }),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

bytes!(
    /// Tells a session from all others; chosen at random by whoever dons.
    SessionId, 16, "a session's id (32 hexadecimal digits)"
);
bytes!(
    /// Tells one signed request from all others, so that none is carried out twice.
    ActId, 16, "the id of a request (32 hexadecimal digits)"
);
bytes!(
    /// Tells a credential from all others.
    CredentialId, 16, "the id of a credential (32 hexadecimal digits)"
);
bytes!(
    /// SHA-256.
    Digest, 32, "a digest (64 hexadecimal digits)"
);
bytes!(
    /// SHA-256 of a token's secret: all of it that is ever stored.
    TokenHash, 32, "the hash of a token (64 hexadecimal digits)"
);
bytes!(
    /// An Ed25519 public key (RFC 8032).
    PublicKey, 32, "a public key (64 hexadecimal digits)"
);
bytes!(
    /// An Ed25519 signature (RFC 8032).
    Signature, 64, "a signature (128 hexadecimal digits)"
);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl CredentialId {
    /// The id of a session's credential. A session's id is never used twice, so neither is this.
    pub fn of(session: SessionId, number: usize) -> Self {
        let digest = Digest::of(format!("masque credential 1\n{session} {number}").as_bytes());
        let (id, _) = digest.0.split_first_chunk().expect("a digest is longer than an id");
        Self(*id)
    }
}

fn unhex(text: &str, into: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != 2 * into.len() {
        return None;
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    for (byte, pair) in into.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(())
}

/// What an agent is called. Lower-case letters, digits, `.`, `_` and `-`, at most 64, the first a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AgentId(String);

/// A name that no agent can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` can't be an agent's id: use at most 64 of a-z, 0-9, `.`, `_`, `-`, beginning with a letter or digit"
)]
pub struct BadName(String);

impl AgentId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AgentId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let good = (1..=64).contains(&text.len())
            && text.starts_with(plain)
            && text.chars().all(|c| plain(c) || matches!(c, '.' | '_' | '-'));
        if good { Ok(Self(text.to_owned())) } else { Err(BadName(text.to_owned())) }
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AgentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What the holder of a session shows: the session, and a secret that only the holder has.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The session that it opens.
    pub session: SessionId,
    secret: [u8; 32],
}

impl Token {
    /// A token with this secret, which must come from a random source.
    pub fn new(session: SessionId, secret: [u8; 32]) -> Self {
        Self { session, secret }
    }

    /// What is stored of it. The secret has 256 random bits, so that a plain digest can't be guessed back.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Digest::of(&self.secret).0)
    }

    /// The text that a holder keeps.
    pub fn reveal(&self) -> String {
        format!("masque-{}-{}", self.session, Digest(self.secret))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, …)", self.session)
    }
}

impl FromStr for Token {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.strip_prefix("masque-").and_then(|rest| rest.split_once('-'));
        parts
            .and_then(|(session, secret)| {
                Some(Self::new(session.parse().ok()?, secret.parse::<Digest>().ok()?.0))
            })
            // The text may be a secret with a slip in it, so that it is not repeated.
            .ok_or(ParseIdError { text: "…".to_owned(), wanted: "a session's token" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let token = Token::new(SessionId([0xa5; 16]), [7; 32]);
        assert_eq!(token.reveal().parse::<Token>().as_ref(), Ok(&token));
        assert!(!format!("{token:?}").contains(&Digest([7; 32]).to_string()));
        assert_eq!(token.session.to_string().parse(), Ok(token.session));
        for text in ["", "a5", &"A5".repeat(16), &"g0".repeat(16), &"a5".repeat(17)] {
            assert!(text.parse::<SessionId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_are_plain() {
        for (name, good) in [
            ("chris", true),
            ("agent-7.b_c", true),
            ("7", true),
            ("", false),
            ("-a", false),
            ("Chris", false),
            ("a b", false),
            ("ä", false),
            (&*"a".repeat(65), false),
        ] {
            assert_eq!(name.parse::<AgentId>().is_ok(), good, "{name:?}");
        }
    }
}
