//! What a composite may do: nothing that none of its parts may.
//!
//! - An intent that any part denies is denied; one that is allowed is allowed by a part. A part without an `intent` block has no rules to
//!   give, and does not open what the others close; where no part has one, the composite has none either.
//! - What a part claims never to allow is denied by the composite, whatever others allow.
//! - A credential is lent only if every part asks for it, as long as the briefest, where all of them do.

use masque_automata as automata;
use masque_ir as ir;

use super::BlendError;
use super::names::Names;
use super::parts::Part;

/// The rules of all parts.
pub(super) fn intent(
    parts: &[Part],
    names: &mut Names,
    left_out: &mut Vec<String>,
) -> Result<Option<ir::Intent>, BlendError> {
    let blocks =
        || parts.iter().enumerate().filter_map(|(at, part)| Some((at, part.masque.intent.as_ref()?)));
    if blocks().next().is_none() {
        return Ok(None);
    }
    let each = blocks().any(|(_, intent)| intent.clauses == ir::Clauses::Each);
    let clauses = if each { ir::Clauses::Each } else { ir::Clauses::Whole };
    let (mut allowed, mut denied) = (Vec::new(), Vec::new());
    for (at, intent) in blocks() {
        for rule in &intent.rules {
            let rule = ir::Rule { when: names.when(at, rule.when), ..rule.clone() };
            match rule.action {
                ir::Action::Allow => add(&mut allowed, rule),
                ir::Action::Deny => add(&mut denied, rule),
            }
        }
    }
    for (at, part) in parts.iter().enumerate() {
        let others_allow = blocks().any(|(other, intent)| {
            other != at && intent.rules.iter().any(|rule| rule.action == ir::Action::Allow)
        });
        let never = part.masque.ensures.iter().filter(|ensure| ensure.claim == ir::Claim::Never);
        for ensure in never.filter(|_| others_allow) {
            let because = format!("{} promises never to", part.name());
            for (mode, pattern) in &ensure.patterns {
                let mut rule = ir::Rule::plain(ir::Action::Deny, *mode, pattern);
                rule.when = names.when(at, ensure.when);
                rule.because = Some(because.clone());
                // Together they are one set, as the claim has them.
                rule.set = (ensure.patterns.len() > 1).then(|| promise_set(part));
                add(&mut denied, rule);
            }
        }
    }
    allowed.retain(|rule| {
        let denied = denied.iter().any(|deny| overrules(deny, rule));
        if denied {
            left_out.push(format!("`{}`, which one part allows and another denies", rule.pattern));
        }
        !denied
    });
    if allowed.is_empty() {
        return Err(BlendError::NothingAllowed);
    }
    allowed.extend(denied);
    Ok(Some(ir::Intent { clauses, rules: allowed }))
}

fn promise_set(part: &Part) -> String {
    format!("{} never", part.name())
}

/// Adds a rule, unless it is there already, or is there for every session.
fn add(rules: &mut Vec<ir::Rule>, rule: ir::Rule) {
    let same = |known: &ir::Rule| {
        automata::normalise(&known.pattern) == automata::normalise(&rule.pattern)
            && known.mode == rule.mode
            && known.set == rule.set
            && (known.when.is_none() || known.when == rule.when)
    };
    if !rules.iter().any(same) {
        rules.push(rule);
    }
}

/// Whether a deny rule takes, wherever the allow rule is there, all that its text says.
fn overrules(deny: &ir::Rule, allow: &ir::Rule) -> bool {
    automata::normalise(&deny.pattern) == automata::normalise(&allow.pattern)
        && (deny.mode == allow.mode || deny.mode == ir::MatchMode::Verb)
        && (deny.when.is_none() || deny.when == allow.when)
}

/// The credentials that every part asks for: the shortest life, and all the conditions.
pub(super) fn access(
    parts: &[Part],
    names: &mut Names,
    left_out: &mut Vec<String>,
) -> Vec<ir::Guarded<ir::Grant>> {
    let of = |at: usize, part: &Part, names: &Names| -> Vec<(ir::Grant, Vec<ir::ConditionId>)> {
        let grants = part.masque.access.iter();
        grants.map(|grant| (grant.value.clone(), names.when(at, grant.when).into_iter().collect())).collect()
    };
    let mut shared = of(0, &parts[0], names);
    for (at, part) in parts.iter().enumerate().skip(1) {
        let own = of(at, part, names);
        let mut both = Vec::new();
        for (grant, conditions) in &shared {
            let same = |(other, _): &&(ir::Grant, Vec<_>)| {
                (&other.provider, &other.role) == (&grant.provider, &grant.role)
            };
            for (other, more) in own.iter().filter(same) {
                let mut conditions = conditions.clone();
                conditions.extend(
                    more.iter().filter(|more| !conditions.contains(more)).copied().collect::<Vec<_>>(),
                );
                let grant = ir::Grant { ttl: shorter(grant.ttl, other.ttl), ..grant.clone() };
                if !both.contains(&(grant.clone(), conditions.clone())) {
                    both.push((grant, conditions));
                }
            }
        }
        shared = both;
    }
    let mut lost: Vec<&str> = parts
        .iter()
        .flat_map(|part| &part.masque.access)
        .map(|grant| grant.value.role.as_str())
        .filter(|role| !shared.iter().any(|(grant, _)| grant.role == *role))
        .collect();
    lost.sort_unstable();
    lost.dedup();
    left_out.extend(
        lost.into_iter().map(|role| format!("the credential `{role}`, which not every part asks for")),
    );
    shared
        .into_iter()
        .map(|(grant, conditions)| ir::Guarded { value: grant, when: names.all(&conditions) })
        .collect()
}

fn shorter(one: ir::Ttl, other: ir::Ttl) -> ir::Ttl {
    match (one, other) {
        (ir::Ttl::Seconds(one), ir::Ttl::Seconds(other)) => ir::Ttl::Seconds(one.min(other)),
        (ir::Ttl::Seconds(seconds), ir::Ttl::Session) | (ir::Ttl::Session, ir::Ttl::Seconds(seconds)) => {
            ir::Ttl::Seconds(seconds)
        }
        (ir::Ttl::Session, ir::Ttl::Session) => ir::Ttl::Session,
    }
}

/// What all parts claim never to allow. That something is always allowed need not hold beside others' denies.
pub(super) fn promises(parts: &[Part], names: &mut Names, left_out: &mut Vec<String>) -> Vec<ir::Ensure> {
    let mut all: Vec<ir::Ensure> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        for ensure in &part.masque.ensures {
            let ensure = ir::Ensure {
                when: names.when(at, ensure.when),
                place: ir::Place::default(),
                ..ensure.clone()
            };
            match ensure.claim {
                ir::Claim::Never if !all.contains(&ensure) => all.push(ensure),
                ir::Claim::Never => {}
                ir::Claim::Always => {
                    left_out.push(format!("what {} claims always to allow", part.name()));
                }
            }
        }
    }
    left_out.dedup();
    all
}
