//! Why a text is decided as it is: which rules match it, clause by clause.
//!
//! This simulates the patterns one by one and knows nothing of automata, so it is also what they are tested against.

use crate::expand::{Expanded, expand};
use crate::matcher::Matcher;
use crate::text;
use crate::{Action, Clauses, Decision, Rule, normalise};
use std::ops::Range;

/// A decision and its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What was decided.
    pub decision: Decision,
    /// The rules that decided: the denies that match if it was denied, the allows that match if it was allowed; indices, ascending.
    pub deciding: Vec<usize>,
    /// What was decided on each clause; empty under [`Clauses::Whole`].
    pub clause: Vec<ClauseVerdict>,
}

/// The decision on one clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseVerdict {
    /// The clause, as bytes of the given text.
    pub range: Range<usize>,
    /// What was decided on it alone.
    pub decision: Decision,
    /// The rules that decided that; indices, ascending.
    pub rules: Vec<usize>,
}

/// Explains the decision on a text, which need not be normalised (NFKC apart). Linear in the length of the text times the size of the
/// patterns.
#[must_use]
pub fn explain(rules: &[Rule], clauses: Clauses, text: &str) -> Explanation {
    let expanded: Vec<Expanded<'_>> = rules.iter().map(expand).collect();
    let matchers: Vec<(Action, Matcher<'_>)> =
        rules.iter().zip(&expanded).map(|(rule, expanded)| (rule.action, Matcher::new(expanded))).collect();
    let whole = judge(&matchers, text);
    if clauses == Clauses::Whole {
        return Explanation { decision: whole.0, deciding: whole.1, clause: Vec::new() };
    }
    let verdicts: Vec<ClauseVerdict> = text::clauses(text)
        .into_iter()
        .map(|range| {
            let (decision, rules) = judge(&matchers, &text[range.clone()]);
            ClauseVerdict { range, decision, rules }
        })
        .collect();
    let is = |decision| move |verdict: &ClauseVerdict| verdict.decision == decision;
    let decision = if whole.0 == Decision::Denied || verdicts.iter().any(is(Decision::Denied)) {
        Decision::Denied
    } else if !verdicts.is_empty() && verdicts.iter().all(is(Decision::Allowed)) {
        Decision::Allowed
    } else {
        Decision::Unmatched
    };
    let mut deciding = if whole.0 == Decision::Denied { whole.1 } else { Vec::new() };
    if decision != Decision::Unmatched {
        let verdicts = verdicts.iter().filter(|verdict| verdict.decision == decision);
        deciding.extend(verdicts.flat_map(|verdict| &verdict.rules));
    }
    deciding.sort_unstable();
    deciding.dedup();
    Explanation { decision, deciding, clause: verdicts }
}

/// The decision on one text as a whole, and the rules that decide it.
fn judge(matchers: &[(Action, Matcher<'_>)], text: &str) -> (Decision, Vec<usize>) {
    let normal: Vec<char> = normalise(text).chars().collect();
    let matching: Vec<usize> = (0..matchers.len()).filter(|&rule| matchers[rule].1.takes(&normal)).collect();
    for (action, decision) in [(Action::Deny, Decision::Denied), (Action::Allow, Decision::Allowed)] {
        let deciding: Vec<usize> =
            matching.iter().copied().filter(|&rule| matchers[rule].0 == action).collect();
        if !deciding.is_empty() {
            return (decision, deciding);
        }
    }
    (Decision::Unmatched, Vec::new())
}
