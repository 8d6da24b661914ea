//! The answer as JSON. The names of the fields are a promise to scripts.

use masque_abi::manifest::{Action, MatchMode};
use masque_abi::{Grant, Ttl};
use masque_host::Deciding;
use serde::Serialize;

use super::{Answer, Offer, Trial, Why};

/// The one object that `masque try --json` prints.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    /// `allowed`, `denied` or `unmatched`; null when the host refused the intent before the masque was asked.
    decision: Option<&'static str>,
    /// Why the host refused the intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refused>,
    /// The rules that decided. Empty when none matched, or when the component was not made by masquec.
    rules: Vec<Rule<'a>>,
    /// Clause by clause, where the masque judges clauses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clauses: Vec<Clause<'a>>,
    /// Null when the component was not made by masquec.
    masque: Option<Identity<'a>>,
    /// The agent's ring in this trial.
    ring: &'static str,
    /// MCP URIs. This and the three below are what a wearer gets once an intent is allowed, whatever the decision on this one; null
    /// when the host refused the intent.
    knowledge: Option<&'a [String]>,
    access: Option<Vec<Request<'a>>>,
    context: Option<&'a str>,
    lens: Option<&'a str>,
}

#[derive(Serialize)]
struct Refused {
    /// `malformed` or `too-long`.
    kind: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Rule<'a> {
    /// `allow` or `deny`.
    action: &'static str,
    /// `verb` or `exact`.
    r#match: &'static str,
    pattern: &'a str,
    /// The condition that holds in this session; absent of a rule that is always there.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    because: Option<&'a str>,
    /// The path of the intent set that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<&'a str>,
    file: &'a str,
    /// From 1.
    line: u32,
    /// From 1, in characters.
    column: u32,
}

#[derive(Serialize)]
struct Clause<'a> {
    text: &'a str,
    decision: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Identity<'a> {
    id: &'a str,
    name: &'a str,
    version: &'a str,
    /// The least ring that may wear it.
    ring: &'static str,
}

#[derive(Serialize)]
struct Request<'a> {
    provider: &'a str,
    role: &'a str,
    ttl: Lifetime,
}

/// `"session"`, or a number of seconds.
#[derive(Serialize)]
#[serde(untagged)]
enum Lifetime {
    Session(&'static str),
    Seconds(u64),
}

impl<'a> Report<'a> {
    pub(super) fn new(trial: &'a Trial) -> Self {
        let rules = |deciding: &'a [Deciding]| deciding.iter().map(|rule| Rule::new(rule, trial)).collect();
        let (mut report_rules, mut clauses) = (Vec::new(), Vec::new());
        if let Answer::Judged { why: Why::Rules(why), .. } = &trial.answer {
            report_rules = rules(&why.deciding);
            clauses.extend(why.clauses.iter().map(|clause| Clause {
                text: &why.intent[clause.range.clone()],
                decision: clause.decision.name(),
                rules: rules(&clause.deciding),
            }));
        }
        let (decision, refused, offer) = match &trial.answer {
            Answer::Refused(refusal) => {
                (None, Some(Refused { kind: refusal.name(), message: refusal.to_string() }), None)
            }
            Answer::Judged { decision, offer, .. } => (Some(decision.name()), None, Some(offer)),
        };
        Self {
            decision,
            refused,
            rules: report_rules,
            clauses,
            masque: trial.manifest.as_ref().map(|manifest| Identity {
                id: &manifest.identity.id,
                name: &manifest.identity.name,
                version: &manifest.identity.version,
                ring: manifest.identity.ring.name(),
            }),
            ring: trial.ring.name(),
            knowledge: offer.map(|offer: &Offer| offer.knowledge.as_slice()),
            access: offer.map(|offer| offer.access.iter().map(Request::new).collect()),
            context: offer.map(|offer| offer.context.as_str()),
            lens: offer.map(|offer| offer.lens.as_str()),
        }
    }
}

impl<'a> Rule<'a> {
    fn new(Deciding { rule, .. }: &'a Deciding, trial: &'a Trial) -> Self {
        Self {
            action: match rule.action {
                Action::Allow => "allow",
                Action::Deny => "deny",
            },
            r#match: match rule.mode {
                MatchMode::Verb => "verb",
                MatchMode::Exact => "exact",
            },
            pattern: &rule.pattern,
            when: trial.condition(rule),
            because: rule.because.as_deref(),
            set: rule.set.as_deref(),
            file: trial.file_of(rule),
            line: rule.at.line,
            column: rule.at.column,
        }
    }
}

impl<'a> Request<'a> {
    fn new(grant: &'a Grant) -> Self {
        let ttl = match grant.ttl {
            Ttl::Session => Lifetime::Session("session"),
            Ttl::Seconds(seconds) => Lifetime::Seconds(seconds),
        };
        Self { provider: &grant.provider, role: &grant.role, ttl }
    }
}
