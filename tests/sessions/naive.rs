//! The checked form taken at its word: every definition in its documentation, as plainly as it can be written down.

use masque_abi::{Decision, Grant, Session, Ttl};
use masque_automata as automata;
use masque_ir as ir;

pub(crate) fn decide(masque: &ir::Masque, session: &Session, intent: &str) -> Decision {
    let Some(rules) = &masque.intent else { return Decision::Allowed };
    let there = rules.rules.iter().filter(|rule| holds(masque, session, rule.when));
    let there: Vec<automata::Rule> = there
        .map(|rule| {
            let action = match rule.action {
                ir::Action::Allow => automata::Action::Allow,
                ir::Action::Deny => automata::Action::Deny,
            };
            automatic(action, rule.mode, &rule.pattern)
        })
        .collect();
    let clauses = match rules.clauses {
        ir::Clauses::Whole => automata::Clauses::Whole,
        ir::Clauses::Each => automata::Clauses::Each,
    };
    match automata::explain(&there, clauses, intent).decision {
        automata::Decision::Allowed => Decision::Allowed,
        automata::Decision::Denied => Decision::Denied,
        automata::Decision::Unmatched => Decision::Unmatched,
    }
}

fn automatic(action: automata::Action, mode: ir::MatchMode, pattern: &str) -> automata::Rule {
    let mode = match mode {
        ir::MatchMode::Verb => automata::MatchMode::Verb,
        ir::MatchMode::Exact => automata::MatchMode::Exact,
    };
    automata::Rule { action, mode, pattern: automata::Pattern::parse(pattern).expect("a sound pattern") }
}

pub(crate) fn knowledge(masque: &ir::Masque, session: &Session) -> Vec<String> {
    let there = masque.knowledge.iter().filter(|item| holds(masque, session, item.when));
    there.map(|item| item.value.clone()).collect()
}

pub(crate) fn access(masque: &ir::Masque, session: &Session) -> Vec<Grant> {
    let there = masque.access.iter().filter(|item| holds(masque, session, item.when));
    let grant = |grant: &ir::Grant| Grant {
        provider: grant.provider.clone(),
        role: grant.role.clone(),
        ttl: match grant.ttl {
            ir::Ttl::Session => Ttl::Session,
            ir::Ttl::Seconds(seconds) => Ttl::Seconds(seconds),
        },
    };
    there.map(|item| grant(&item.value)).collect()
}

pub(crate) fn show(masque: &ir::Masque, session: &Session, template: &ir::Template) -> String {
    let piece = |piece: &ir::Piece| match piece {
        ir::Piece::Constant(text) => text.clone(),
        ir::Piece::Text(looked_at) => text(masque, session, looked_at),
        ir::Piece::If { condition, then, otherwise } => {
            let branch = if holds(masque, session, Some(*condition)) { then } else { otherwise };
            show(masque, session, branch)
        }
    };
    template.pieces.iter().map(piece).collect()
}

fn holds(masque: &ir::Masque, session: &Session, condition: Option<ir::ConditionId>) -> bool {
    condition
        .is_none_or(|ir::ConditionId(condition)| test(masque, session, &masque.conditions[condition].test))
}

fn test(masque: &ir::Masque, session: &Session, tested: &ir::Test) -> bool {
    let text = |looked_at| text(masque, session, looked_at);
    match tested {
        ir::Test::Not(inner) => !test(masque, session, inner),
        ir::Test::All(tests) => tests.iter().all(|tested| test(masque, session, tested)),
        ir::Test::Any(tests) => tests.iter().any(|tested| test(masque, session, tested)),
        ir::Test::Ring(rings) => rings.contains(ir::Ring::ALL[session.ring as usize]),
        ir::Test::Equal(first, second) => text(first) == text(second),
        ir::Test::Less(first, second) => match (number(&text(first)), number(&text(second))) {
            (Some(first), Some(second)) => first < second,
            _ => false,
        },
        ir::Test::Matches { text: looked_at, patterns } => patterns.iter().any(|(mode, pattern)| {
            let rule = automatic(automata::Action::Allow, *mode, pattern);
            let explained = automata::explain(&[rule], automata::Clauses::Whole, &text(looked_at));
            explained.decision == automata::Decision::Allowed
        }),
    }
}

fn text(masque: &ir::Masque, session: &Session, text: &ir::Text) -> String {
    let source = match &text.source {
        ir::TextSource::Constant(text) => text.clone(),
        ir::TextSource::SessionIntent => session.intent.clone(),
        ir::TextSource::SessionAgent => session.agent.clone(),
        ir::TextSource::SessionRing => session.ring.to_string(),
        ir::TextSource::Param(ir::ParamId(param)) => {
            let param = &masque.params[*param];
            let given = session.params.iter().find(|(name, _)| *name == param.name);
            given.map(|(_, value)| value.clone()).or(param.default.clone()).unwrap_or_default()
        }
    };
    match text.form {
        ir::TextForm::AsIs => source,
        ir::TextForm::Lower => source.to_ascii_lowercase(),
        ir::TextForm::Upper => source.to_ascii_uppercase(),
        ir::TextForm::Trim => source.trim_ascii().to_owned(),
    }
}

/// Digits in groups that dots part; in 128 bits nothing is too large before it is refused.
fn number(text: &str) -> Option<i128> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let text = text.strip_suffix('s').unwrap_or(text);
    let groups: Vec<&str> = text.split('.').collect();
    let bound = if groups.len() == 1 { 1 << 53 } else { 1 << 20 };
    let mut value = 0;
    for group in &groups {
        let digits = !group.is_empty() && group.chars().all(|c| c.is_ascii_digit());
        let group: i128 = if digits && group.len() < 30 { group.parse().ok()? } else { return None };
        value = value * (1 << 20) + group;
        if group >= bound {
            return None;
        }
    }
    (groups.len() <= 3).then_some(sign * value)
}
