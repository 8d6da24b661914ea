//! What a masque gives besides what its rules allow, and to whom: ring, knowledge, credentials, servers, parameters, conditions, claims.

use std::collections::BTreeSet;

use masque_abi::manifest::{self, McpServer, McpTransport};
use masque_abi::{Grant, Manifest, Ttl};
use masque_decode::{Component, Guarded};

use super::sessions::{Sessions, Side};
use super::when::when;
use super::{Aspect, Change, Effect, When};

/// All of it that changed. Without sessions, nothing is said of what depends on them.
pub(super) fn compare(old: &Component, new: &Component, sessions: Option<&Sessions>) -> Vec<Change> {
    let mut changes = Vec::new();
    identity(&old.manifest, &new.manifest, &mut changes);
    if let Some(sessions) = sessions {
        knowledge(old, new, sessions, &mut changes);
        access(old, new, sessions, &mut changes);
    }
    servers(&old.manifest, &new.manifest, &mut changes);
    params(&old.manifest, &new.manifest, &mut changes);
    conditions(&old.manifest, &new.manifest, sessions, &mut changes);
    claims(&old.manifest, &new.manifest, &mut changes);
    changes
}

fn change(
    aspect: Aspect,
    subject: impl Into<String>,
    before: Option<String>,
    after: Option<String>,
    effect: Effect,
) -> Change {
    Change { aspect, subject: subject.into(), before, after, when: When::Always, effect }
}

fn identity(old: &Manifest, new: &Manifest, changes: &mut Vec<Change>) {
    let (before, after) = (&old.identity, &new.identity);
    if before.id != after.id {
        let (was, is) = (Some(before.id.clone()), Some(after.id.clone()));
        changes.push(change(Aspect::Identity, "id", was, is, Effect::BREAKS));
    }
    if before.ring != after.ring {
        let effect = if after.ring < before.ring { Effect::WIDER } else { Effect::NARROWER };
        let (was, is) = (before.ring.name().to_owned(), after.ring.name().to_owned());
        changes.push(change(Aspect::Ring, "", Some(was), Some(is), effect));
    }
}

/// In which valuations something of a list is there.
fn there<T>(
    list: &[Guarded<T>],
    is: impl Fn(&T) -> bool,
    side: Side,
    sessions: &Sessions,
    bits: u64,
) -> Vec<usize> {
    let holds = |item: &Guarded<T>| item.when.is_none_or(|when| sessions.holds(side, when, bits));
    (0..list.len()).filter(|&at| is(&list[at].value) && holds(&list[at])).collect()
}

fn knowledge(old: &Component, new: &Component, sessions: &Sessions, changes: &mut Vec<Change>) {
    let lists = [&old.program.knowledge, &new.program.knowledge];
    let uris: BTreeSet<&String> = lists.iter().flat_map(|list| list.iter()).map(|item| &item.value).collect();
    for uri in uris {
        let of = |side: Side, bits| {
            !there(lists[side as usize], |other| other == uri, side, sessions, bits).is_empty()
        };
        let found = in_sessions(sessions, |bits| {
            let (was, is) = (of(Side::Old, bits), of(Side::New, bits));
            let shown = |is: bool| is.then(String::new);
            let effect = match (was, is) {
                (false, true) => Effect::WIDER,
                (true, false) => Effect::NARROWER,
                _ => return None,
            };
            Some(change(Aspect::Knowledge, uri.clone(), shown(was), shown(is), effect))
        });
        changes.extend(found);
    }
}

fn access(old: &Component, new: &Component, sessions: &Sessions, changes: &mut Vec<Change>) {
    let lists = [&old.program.access, &new.program.access];
    let key = |grant: &Grant| (grant.provider.clone(), grant.role.clone());
    let keys: BTreeSet<(String, String)> =
        lists.iter().flat_map(|list| list.iter()).map(|item| key(&item.value)).collect();
    for (provider, role) in keys {
        let longest = |side: Side, bits| -> Option<Ttl> {
            let list = lists[side as usize];
            let is = |grant: &Grant| grant.provider == provider && grant.role == role;
            let grants = there(list, is, side, sessions, bits);
            grants.into_iter().map(|at| list[at].value.ttl).max_by_key(|ttl| length(*ttl))
        };
        let subject = format!("{provider} {role}");
        let found = in_sessions(sessions, |bits| {
            let (was, is) = (longest(Side::Old, bits), longest(Side::New, bits));
            let effect = match was.map(length).cmp(&is.map(length)) {
                std::cmp::Ordering::Less => Effect::WIDER,
                std::cmp::Ordering::Greater => Effect::NARROWER,
                std::cmp::Ordering::Equal => return None,
            };
            Some(change(Aspect::Access, subject.clone(), was.map(ttl), is.map(ttl), effect))
        });
        changes.extend(found);
    }
}

/// How long a credential lives: a session has no end that is known here.
fn length(ttl: Ttl) -> u64 {
    match ttl {
        Ttl::Seconds(seconds) => seconds,
        Ttl::Session => u64::MAX,
    }
}

fn ttl(ttl: Ttl) -> String {
    match ttl {
        Ttl::Session => "for the session".to_owned(),
        Ttl::Seconds(seconds) => format!("for {seconds} s"),
    }
}

/// The changes of one thing over all sessions: alike ones are one, with the sessions in which they are.
fn in_sessions(sessions: &Sessions, in_one: impl Fn(u64) -> Option<Change>) -> Vec<Change> {
    let mut found: Vec<(Change, Vec<bool>)> = Vec::new();
    for (at, (bits, _)) in sessions.valuations.iter().enumerate() {
        let Some(change) = in_one(*bits) else { continue };
        let index = found.iter().position(|(known, _)| *known == change).unwrap_or_else(|| {
            found.push((change, vec![false; sessions.valuations.len()]));
            found.len() - 1
        });
        found[index].1[at] = true;
    }
    found.into_iter().map(|(change, inside)| Change { when: when(sessions, &inside), ..change }).collect()
}

fn servers(old: &Manifest, new: &Manifest, changes: &mut Vec<Change>) {
    let (was, is) = (&old.about.mcp_servers, &new.about.mcp_servers);
    let names: BTreeSet<&String> = was.iter().chain(is).map(|server| &server.name).collect();
    for name in names {
        let of = |servers: &[McpServer]| {
            let named = servers.iter().filter(|server| server.name == *name);
            let shown: Vec<String> = named.map(|server| transport(&server.transport)).collect();
            (!shown.is_empty()).then(|| shown.join(", "))
        };
        let (before, after) = (of(was), of(is));
        let effect = match (&before, &after) {
            _ if before == after => continue,
            (None, _) => Effect::WIDER,
            (_, None) => Effect::NARROWER,
            _ => Effect::EITHER,
        };
        changes.push(change(Aspect::Server, name.clone(), before, after, effect));
    }
}

fn transport(transport: &McpTransport) -> String {
    match transport {
        McpTransport::Stdio { command, args, env } => {
            let env = env.iter().map(|(name, value)| format!("{name}={value}"));
            let words: Vec<String> = env.chain([command.clone()]).chain(args.iter().cloned()).collect();
            words.join(" ")
        }
        McpTransport::Http { url } => format!("http {url}"),
        McpTransport::Sse { url } => format!("sse {url}"),
    }
}

fn params(old: &Manifest, new: &Manifest, changes: &mut Vec<Change>) {
    let names: BTreeSet<&String> = old.params.iter().chain(&new.params).map(|param| &param.name).collect();
    for name in names {
        let of = |manifest: &Manifest| manifest.params.iter().find(|param| param.name == *name).cloned();
        let (was, is) = (of(old), of(new));
        let effect = match (&was, &is) {
            _ if was == is => continue,
            (None, Some(param)) if param.default.is_some() => Effect::NONE,
            (Some(was), Some(is)) if takes_all(was, is) => Effect::NONE,
            _ => Effect::BREAKS,
        };
        let (before, after) = (was.as_ref().map(param), is.as_ref().map(param));
        changes.push(change(Aspect::Param, name.clone(), before, after, effect));
    }
}

/// Whether every session that sets the one, or leaves it, may do so with the other.
fn takes_all(was: &manifest::Param, is: &manifest::Param) -> bool {
    let same_kind = was.kind == is.kind && was.one_of.iter().all(|value| is.one_of.contains(value));
    same_kind && (was.default.is_none() || is.default.is_some())
}

fn param(param: &manifest::Param) -> String {
    let kind = match param.kind {
        manifest::ParamType::Bool => "bool".to_owned(),
        manifest::ParamType::Int => "int".to_owned(),
        manifest::ParamType::String => "string".to_owned(),
        manifest::ParamType::Duration => "duration".to_owned(),
        manifest::ParamType::Ring => "ring".to_owned(),
        manifest::ParamType::Version => "version".to_owned(),
        manifest::ParamType::Choice => {
            param.one_of.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(" | ")
        }
    };
    match &param.default {
        Some(default) => format!("{kind} = \"{default}\""),
        None => format!("{kind}, to be set"),
    }
}

/// Conditions that are there, were there, or test something else under the same name. What follows from them is said of what they guard.
fn conditions(old: &Manifest, new: &Manifest, sessions: Option<&Sessions>, changes: &mut Vec<Change>) {
    let (was, is) = (&old.conditions, &new.conditions);
    let names: BTreeSet<&String> = was.iter().chain(is).collect();
    for name in names {
        let at = |names: &[String]| names.iter().position(|known| known == name);
        if let (Some(was), Some(is)) = (at(was), at(is))
            && sessions.is_none_or(|sessions| sessions.are_same(was, is))
        {
            continue;
        }
        let has = |names: &[String]| names.contains(name).then(String::new);
        let (before, after) = (has(was), has(is));
        changes.push(change(Aspect::Condition, name.clone(), before, after, Effect::NONE));
    }
}

fn claims(old: &Manifest, new: &Manifest, changes: &mut Vec<Change>) {
    let claims = |manifest: &Manifest| -> BTreeSet<String> {
        let text = |ensure: &manifest::Ensure| {
            let claim = match ensure.claim {
                manifest::Claim::Never => "never",
                manifest::Claim::Always => "always",
            };
            let pattern = |pattern: &manifest::EnsuredPattern| {
                let exact = match pattern.mode {
                    manifest::MatchMode::Exact => "exact ",
                    manifest::MatchMode::Verb => "",
                };
                format!("{exact}\"{}\"", pattern.pattern)
            };
            let patterns: Vec<String> = ensure.patterns.iter().map(pattern).collect();
            let when = ensure.when.and_then(|when| manifest.conditions.get(when));
            let when = when.map(|when| format!(" when {when}")).unwrap_or_default();
            format!("{claim} {}{when}", patterns.join(", "))
        };
        manifest.ensures.iter().map(text).collect()
    };
    let (was, is) = (claims(old), claims(new));
    for claim in was.symmetric_difference(&is) {
        let has = |claims: &BTreeSet<String>| claims.contains(claim).then(String::new);
        changes.push(change(Aspect::Claim, claim.clone(), has(&was), has(&is), Effect::NONE));
    }
}
