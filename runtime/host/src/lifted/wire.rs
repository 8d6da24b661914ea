//! The world's types as wasmtime passes them.

#![allow(
    unsafe_code,
    reason = "wasmtime's derives implement unsafe traits, whose layout they take from the type"
)]

use masque_abi as abi;
use wasmtime::component::{ComponentType, Lift, Lower};

use crate::{CallError, Limits};

/// A session, checked against the limits.
#[derive(ComponentType, Lower)]
#[component(record)]
pub(crate) struct SessionRecord {
    intent: Box<str>,
    ring: Ring,
    agent: Box<str>,
    params: Box<[(Box<str>, Box<str>)]>,
}

impl SessionRecord {
    pub(crate) fn new(session: &abi::Session) -> Self {
        let param = |(name, value): &(String, String)| (name.as_str().into(), value.as_str().into());
        Self {
            intent: session.intent.as_str().into(),
            ring: session.ring.into(),
            agent: session.agent.as_str().into(),
            params: session.params.iter().map(param).collect(),
        }
    }
}

/// Checks what goes in.
pub(crate) fn check_session(session: &abi::Session, limits: &Limits) -> Result<(), CallError> {
    let (size, limit) = (session.params.len(), limits.session_params);
    if size > limit {
        return Err(CallError::Session { what: "parameters", size, limit });
    }
    let params: usize = session.params.iter().map(|(name, value)| name.len() + value.len()).sum();
    let (size, limit) = (session.intent.len() + session.agent.len() + params, limits.session_bytes);
    if size > limit {
        return Err(CallError::Session { what: "bytes", size, limit });
    }
    Ok(())
}

#[derive(ComponentType, Lower, Clone, Copy)]
#[component(enum)]
#[repr(u8)]
pub(crate) enum Ring {
    #[component(name = "outsider")]
    Outsider,
    #[component(name = "guest")]
    Guest,
    #[component(name = "player")]
    Player,
    #[component(name = "admin")]
    Admin,
}

impl From<abi::Ring> for Ring {
    fn from(ring: abi::Ring) -> Self {
        match ring {
            abi::Ring::Outsider => Self::Outsider,
            abi::Ring::Guest => Self::Guest,
            abi::Ring::Player => Self::Player,
            abi::Ring::Admin => Self::Admin,
        }
    }
}

#[derive(ComponentType, Lift, Clone, Copy)]
#[component(enum)]
#[repr(u8)]
#[allow(dead_code, reason = "lifting makes them from their numbers")]
pub(super) enum Decision {
    #[component(name = "allowed")]
    Allowed,
    #[component(name = "denied")]
    Denied,
    #[component(name = "unmatched")]
    Unmatched,
}

impl From<Decision> for abi::Decision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allowed => Self::Allowed,
            Decision::Denied => Self::Denied,
            Decision::Unmatched => Self::Unmatched,
        }
    }
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(super) struct Grant {
    pub(super) provider: String,
    pub(super) role: String,
    ttl: Ttl,
}

#[derive(ComponentType, Lift, Clone, Copy)]
#[component(variant)]
pub(crate) enum Ttl {
    #[component(name = "session")]
    Session,
    #[component(name = "seconds")]
    Seconds(u64),
}

impl From<Grant> for abi::Grant {
    fn from(grant: Grant) -> Self {
        let ttl = match grant.ttl {
            Ttl::Session => abi::Ttl::Session,
            Ttl::Seconds(seconds) => abi::Ttl::Seconds(seconds),
        };
        Self { provider: grant.provider, role: grant.role, ttl }
    }
}
