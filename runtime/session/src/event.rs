//! What can happen. These types are the journal's format: a field may be added with a default, none is renamed.

use masque_abi::{Decision, Ring, Ttl};
use serde::{Deserialize, Serialize};

use crate::{
    ActId, AgentId, CredentialId, Digest, PublicKey, RefusalCode, SessionId, Signature, Time, TokenHash,
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[expect(
    clippy::large_enum_variant,
    reason = "most events are those of sessions, and they live for a moment"
)]
pub enum Event {
    /// The community began: its first agent is an admin.
    Founded {
        /// The founder.
        agent: AgentId,
        /// The founder's key.
        key: PublicKey,
    },
    /// An agent asked for a change of standing, and it was made.
    Acted {
        /// What was asked.
        #[serde(flatten)]
        act: Act,
        /// The agent's signature of it.
        signature: Signature,
        /// What came of it.
        outcome: Outcome,
    },
    /// An agent asked for a change of standing, and it was not made.
    ActRefused {
        /// Who is said to have asked.
        by: AgentId,
        /// What was asked.
        deed: Deed,
        /// Why it was not made.
        reason: RefusalCode,
    },
    /// A masque was put on.
    Donned {
        /// The session.
        session: SessionId,
        /// Who wears it.
        agent: AgentId,
        /// What is worn.
        masque: WornMasque,
        /// The ring that the agent qualified for.
        ring: Ring,
        /// Why.
        intent: String,
        /// Values of its parameters, by name.
        params: Vec<(String, String)>,
        /// What narrows it further, beside what narrows its parents.
        restrictions: Vec<String>,
        /// The session that it was donned in.
        parent: Option<SessionId>,
        /// When it ends by itself.
        ends: Time,
        /// What its holder's token is known by.
        token: TokenHash,
        /// The agent's signature of the claim.
        proof: Signature,
        /// The process that it ends with, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holder: Option<Holder>,
    },
    /// Credentials are about to be minted for a session.
    Lent {
        /// The session.
        session: SessionId,
        /// What is minted.
        credentials: Vec<Credential>,
    },
    /// A masque was not put on.
    DonRefused {
        /// Who is said to have asked.
        agent: AgentId,
        /// The reference, as it was written.
        reference: String,
        /// Why it was wanted.
        intent: String,
        /// Why not.
        reason: RefusalCode,
    },
    /// An intent was not let through within a session.
    CheckRefused {
        /// The session.
        session: SessionId,
        /// What was wanted.
        intent: String,
        /// What the chain of masques and restrictions said.
        decision: Decision,
    },
    /// A session was not let be used.
    UseRefused {
        /// The session that was named.
        session: SessionId,
        /// What for.
        wanted: RefusedUse,
        /// Why not.
        reason: RefusalCode,
    },
    /// The end of a session moved.
    Renewed {
        /// The session.
        session: SessionId,
        /// Its new end.
        ends: Time,
    },
    /// A session has until a stated time to checkpoint its work.
    WindingDown {
        /// The session.
        session: SessionId,
        /// Why.
        because: WhyWindingDown,
        /// When its rights end.
        until: Time,
    },
    /// A session ended.
    Ended {
        /// The session.
        session: SessionId,
        /// How.
        how: How,
    },
}

/// What is worn: enough to find it again, and to tell whether it is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WornMasque {
    /// The reference that led to it.
    pub reference: String,
    /// What references name.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The least ring that may wear it.
    pub ring: Ring,
    /// SHA-256 of the component.
    pub digest: Digest,
}

/// What is lent to the wearer of a masque, without what it is proved by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Credential {
    /// What verifiers know it by.
    pub id: CredentialId,
    /// The kind of service that it is for.
    pub provider: String,
    /// The role that it stands for there.
    pub role: String,
    /// How long it was asked for.
    pub ttl: Ttl,
    /// When it ends by itself.
    pub ends: Time,
}

/// A process, told from every other that has had or will have its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The running system that it belongs to.
    pub boot: String,
    /// Its number there.
    pub pid: u32,
    /// When it began, as that system counts.
    pub started: u64,
}

/// A request to change somebody's standing or to end somebody's session, as it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// No act is carried out twice.
    pub id: ActId,
    /// Who asks.
    pub by: AgentId,
    /// For what.
    pub deed: Deed,
}

/// What an agent asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Deed {
    /// Take in an agent, as an outsider.
    Add {
        /// The newcomer.
        agent: AgentId,
        /// The newcomer's key.
        key: PublicKey,
    },
    /// Let an agent go.
    Remove {
        /// Who goes.
        agent: AgentId,
    },
    /// Propose an agent for the next ring.
    Nominate {
        /// Who.
        agent: AgentId,
    },
    /// Take back the disapproval that stands; where none does, admit a nominated agent to the next ring.
    Approve {
        /// Who.
        agent: AgentId,
        /// For a guest: the end of the stay.
        until: Option<Time>,
    },
    /// Say that an agent does not qualify.
    Disapprove {
        /// Who.
        agent: AgentId,
        /// Why not.
        reason: String,
    },
    /// Put an agent one ring down.
    Demote {
        /// Who.
        agent: AgentId,
        /// Why.
        reason: String,
    },
    /// Judge a session that has ended.
    Score {
        /// Which.
        session: SessionId,
        /// How it went.
        score: Score,
        /// What was seen.
        notes: String,
    },
    /// End somebody's session.
    Revoke {
        /// Which.
        session: SessionId,
        /// Why.
        reason: String,
        /// How soon.
        urgency: Urgency,
    },
}

/// What came of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is as was asked.
    Done,
    /// The agent stands in this ring now.
    Moved(Ring),
    /// The agent stands in this ring until then, vouched for by whoever acted.
    Sponsored(Time),
    /// The disapproval stands no longer.
    Reinstated,
}

/// How a session went for the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Score {
    /// Steady contribution.
    #[serde(rename = "+")]
    Additive,
    /// Detracts.
    #[serde(rename = "-")]
    Negative,
    /// Fragments effort.
    #[serde(rename = "/")]
    Dividing,
    /// Amplifies others.
    #[serde(rename = "*")]
    Multiplicative,
    /// Transforms what is possible.
    #[serde(rename = "e")]
    Exponential,
}

impl Score {
    /// Every score.
    pub const ALL: [Self; 5] =
        [Self::Additive, Self::Negative, Self::Dividing, Self::Multiplicative, Self::Exponential];

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Additive => "+",
            Self::Negative => "-",
            Self::Dividing => "/",
            Self::Multiplicative => "*",
            Self::Exponential => "e",
        }
    }

    /// Whether it speaks for a promotion.
    pub fn is_merit(self) -> bool {
        matches!(self, Self::Additive | Self::Multiplicative | Self::Exponential)
    }
}

/// How soon a revoked session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// The holder may checkpoint first.
    Graceful,
    /// At once.
    Emergency,
}

/// Why a session winds down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyWindingDown {
    /// A higher ring asked for it.
    Revoked,
    /// Its agent no longer qualifies for its masque.
    StandingFell,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Its holder took it off.
    Doffed,
    /// Its time was over.
    Expired,
    /// It was ended from outside, with or without time to wind down.
    Revoked,
}

/// What a session was to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusedUse {
    /// To look at.
    Show,
    /// To have an intent judged.
    Check,
    /// To move its end.
    Renew,
    /// To take it off.
    Doff,
}
