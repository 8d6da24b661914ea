//! The WIT world as Rust types. `grammar/masque.wit` is the definition.

/// The text of `grammar/masque.wit`.
pub const WIT: &str = include_str!("../../../grammar/masque.wit");

/// The name of the world in [`WIT`].
pub const WORLD: &str = "persona";

/// Trust, from the outside in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ring {
    /// No trust: public access only.
    Outsider,
    /// Supervised and temporary.
    Guest,
    /// Invested contributor.
    Player,
    /// Full trust.
    Admin,
}

impl Ring {
    /// Every ring, from the outside in; the position is the ring's number in the canonical ABI.
    pub const ALL: [Self; 4] = [Self::Outsider, Self::Guest, Self::Player, Self::Admin];

    /// The name in WIT and in sources.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outsider => "outsider",
            Self::Guest => "guest",
            Self::Player => "player",
            Self::Admin => "admin",
        }
    }
}

impl std::fmt::Display for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Ring {
    type Err = UnknownRing;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|ring| ring.name() == text).ok_or_else(|| UnknownRing(text.to_owned()))
    }
}

/// A word that names no ring.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ring: use outsider, guest, player or admin")]
pub struct UnknownRing(String);

/// The answer to an intent; only `Allowed` lets anything through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// An allow rule matches and no deny rule does.
    Allowed,
    /// A deny rule matches.
    Denied,
    /// No rule matches.
    Unmatched,
}

impl Decision {
    /// Every decision; the position is its number in the canonical ABI.
    pub const ALL: [Self; 3] = [Self::Allowed, Self::Denied, Self::Unmatched];

    /// The name in WIT.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unmatched => "unmatched",
        }
    }

    /// The decision with this number in the canonical ABI.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What a masque knows of the session that it is worn in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Why it was donned.
    pub intent: String,
    /// The agent's ring.
    pub ring: Ring,
    /// The agent's identifier.
    pub agent: String,
    /// Values of the masque's parameters, by name.
    pub params: Vec<(String, String)>,
}

/// A credential that the host is asked to mint.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Grant {
    /// The kind of minter: `vault`.
    pub provider: String,
    /// The role to assume there.
    pub role: String,
    /// How long it lives.
    pub ttl: Ttl,
}

/// How long a credential lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ttl {
    /// Until the masque is doffed.
    Session,
    /// This many seconds.
    Seconds(u64),
}

/// The functions that the world exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Export {
    /// Judges an intent.
    ValidateIntent,
    /// MCP URIs.
    Knowledge,
    /// Credentials to mint.
    Access,
    /// Situational framing.
    Context,
    /// Cognitive framing.
    Lens,
}

impl Export {
    /// Every export, in the order of the world.
    pub const ALL: [Self; 5] =
        [Self::ValidateIntent, Self::Knowledge, Self::Access, Self::Context, Self::Lens];

    /// The name in WIT, which is also the name of the core function.
    pub fn name(self) -> &'static str {
        match self {
            Self::ValidateIntent => "validate-intent",
            Self::Knowledge => "knowledge",
            Self::Access => "access",
            Self::Context => "context",
            Self::Lens => "lens",
        }
    }
}
