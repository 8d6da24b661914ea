//! Why an intent is decided as it is, from the manifest's rules.

use std::ops::Range;
use std::sync::LazyLock;

use masque_abi::{Decision, manifest};
use masque_automata as automata;
use sha2::{Digest, Sha256};

/// A decision with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What the rules decide.
    pub decision: Decision,
    /// The rules that decide it: the denies that match where it is denied, the allows that match where it is allowed, in the order of
    /// the source.
    pub deciding: Vec<Deciding>,
    /// What is decided on each clause, where clauses are judged one by one.
    pub clauses: Vec<Clause>,
    /// The normalised intent, which the ranges of clauses refer to.
    pub intent: String,
    /// Whether the masque was compiled with this host's table of irregular verbs. Where not, the program may know other inflections
    /// than this explanation.
    pub same_verbs: bool,
}

/// A rule with its place in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// Position among the rules.
    pub index: usize,
    /// The rule.
    pub rule: manifest::Rule,
}

/// One clause of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Bytes of [`Explanation::intent`].
    pub range: Range<usize>,
    /// What is decided on it alone.
    pub decision: Decision,
    /// The rules that decide that.
    pub deciding: Vec<Deciding>,
}

/// Explains what the rules say to a normalised intent where some conditions hold; a rule whose condition does not hold is not there.
/// `None` when a pattern can't be read, which no compiler of ours writes.
pub(crate) fn explain(
    intent: &manifest::Intent,
    holds: impl Fn(usize) -> bool,
    text: &str,
) -> Option<Explanation> {
    let there = |(_, rule): &(usize, &manifest::Rule)| rule.when.is_none_or(&holds);
    let places: Vec<usize> = intent.rules.iter().enumerate().filter(there).map(|(place, _)| place).collect();
    let rules: Vec<automata::Rule> =
        places.iter().map(|&place| rule(&intent.rules[place])).collect::<Option<_>>()?;
    let clauses = match intent.clauses {
        manifest::Clauses::Whole => automata::Clauses::Whole,
        manifest::Clauses::Each => automata::Clauses::Each,
    };
    let explained = automata::explain(&rules, clauses, text);
    let deciding = |indices: Vec<usize>| {
        let places = indices.into_iter().map(|index| places[index]);
        places.map(|index| Deciding { index, rule: intent.rules[index].clone() }).collect()
    };
    let clause = |clause: automata::ClauseVerdict| Clause {
        range: clause.range,
        decision: decision(clause.decision),
        deciding: deciding(clause.rules),
    };
    Some(Explanation {
        decision: decision(explained.decision),
        deciding: deciding(explained.deciding),
        clauses: explained.clause.into_iter().map(clause).collect(),
        intent: text.to_owned(),
        same_verbs: intent.verbs_sha256 == *VERBS_SHA256,
    })
}

/// SHA-256 of this host's table of irregular verbs.
static VERBS_SHA256: LazyLock<String> =
    LazyLock::new(|| masque_abi::hex(&Sha256::digest(automata::verbs::TABLE)));

fn rule(rule: &manifest::Rule) -> Option<automata::Rule> {
    Some(automata::Rule {
        action: match rule.action {
            manifest::Action::Allow => automata::Action::Allow,
            manifest::Action::Deny => automata::Action::Deny,
        },
        mode: match rule.mode {
            manifest::MatchMode::Verb => automata::MatchMode::Verb,
            manifest::MatchMode::Exact => automata::MatchMode::Exact,
        },
        pattern: automata::Pattern::parse(&rule.pattern).ok()?,
    })
}

fn decision(decision: automata::Decision) -> Decision {
    match decision {
        automata::Decision::Allowed => Decision::Allowed,
        automata::Decision::Denied => Decision::Denied,
        automata::Decision::Unmatched => Decision::Unmatched,
    }
}
