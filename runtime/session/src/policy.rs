//! What a community may set: how long sessions last, and what it takes to rise and to stay.

use masque_abi::Ring;
use serde::Deserialize;

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub u64);

/// The rules of one community. The names are those of the policy file, where anything left out keeps its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// How long a session lasts that asks for no time of its own: 1 hour.
    pub default_ttl: Seconds,
    /// The longest that a session may last from its beginning, renewals included: 12 hours.
    pub max_ttl: Seconds,
    /// How long a session that winds down has left to checkpoint its work: 2 minutes.
    pub wind_down: Seconds,
    /// How long a guest's stay is where the sponsor names no end: 7 days.
    pub guest_stay: Seconds,
    /// How long a player or an admin may stay away before they qualify for one ring less: 90 days.
    pub recency: Seconds,
    /// The time over which refusals are counted: 1 day.
    pub refusal_window: Seconds,
    /// So many refusals within that time, and an agent qualifies for one ring less: 100. At least 1.
    pub most_refusals: usize,
    /// Well scored sessions as a guest that make a player: 3.
    pub sessions_for_player: usize,
    /// Well scored sessions as a player that make an admin: 10.
    pub sessions_for_admin: usize,
    /// Whether a tool call that no rule covers is refused, rather than left to the agent's own permissions: no.
    pub strict: bool,
}

impl Default for Policy {
    fn default() -> Self {
        const DAY: u64 = 24 * 3600;
        Self {
            default_ttl: Seconds(3600),
            max_ttl: Seconds(12 * 3600),
            wind_down: Seconds(120),
            guest_stay: Seconds(7 * DAY),
            recency: Seconds(90 * DAY),
            refusal_window: Seconds(DAY),
            most_refusals: 100,
            sessions_for_player: 3,
            sessions_for_admin: 10,
            strict: false,
        }
    }
}

impl Policy {
    /// How many well scored sessions at the ring below lead to this one. None is needed of an outsider: a sponsor vouches for a guest.
    pub fn evidence_for(&self, ring: Ring) -> usize {
        match ring {
            Ring::Outsider | Ring::Guest => 0,
            Ring::Player => self.sessions_for_player,
            Ring::Admin => self.sessions_for_admin,
        }
    }
}
