//! Session tests: what the compiled masque answers, asked in the sandbox.

use masque_host::abi::{self, Decision, Grant, manifest};
use masque_host::{CallError, Explanation, JudgeError, Masque, Ring, Session};
use masque_ir::{self as ir, Assertion, Because, ExpectedDecision, ExpectedIntent, Place, SessionTest, Ttl};

use super::outcome::{About, Failure, MatchedRule};

/// Everything that is not as the test says.
pub(crate) fn failures(masque: &ir::Masque, loaded: &Masque, test: &SessionTest) -> Vec<Failure> {
    let session = abi::Session {
        intent: test.intent.clone(),
        ring: ring(test.ring.unwrap_or(masque.identity.ring)),
        agent: test.agent.clone(),
        params: test.params.clone(),
    };
    let mut worn = match loaded.session(session) {
        Ok(worn) => worn,
        Err(error) => return vec![Failure::without_answer(test.place, error.to_string())],
    };
    let mut failures: Vec<Failure> =
        test.intents.iter().filter_map(|expected| judge(&mut worn, expected)).collect();
    failures.extend(
        offers(&mut worn, test)
            .unwrap_or_else(|error| vec![Failure::without_answer(test.place, error.to_string())]),
    );
    failures
}

/// Every assertion that the text does not meet.
pub(crate) fn unmet<'a>(
    about: About,
    text: &'a str,
    assertions: &'a [Assertion],
    place: Place,
) -> impl Iterator<Item = Failure> + 'a {
    assertions.iter().filter_map(move |assertion| {
        let (holds, expected) = match assertion {
            Assertion::Contains(wanted) => (text.contains(wanted), format!("contains `{wanted}`")),
            Assertion::NotContains(unwanted) => {
                (!text.contains(unwanted), format!("does not contain `{unwanted}`"))
            }
        };
        (!holds).then(|| Failure::new(place, about, expected, beginning(text)))
    })
}

/// The host's ring of this name.
pub(crate) fn ring(ring: ir::Ring) -> Ring {
    match ring {
        ir::Ring::Outsider => Ring::Outsider,
        ir::Ring::Guest => Ring::Guest,
        ir::Ring::Player => Ring::Player,
        ir::Ring::Admin => Ring::Admin,
    }
}

fn judge(worn: &mut Session, expected: &ExpectedIntent) -> Option<Failure> {
    let wanted = match expected.decision {
        ExpectedDecision::Allowed => Decision::Allowed,
        ExpectedDecision::Denied => Decision::Denied,
        ExpectedDecision::Unmatched => Decision::Unmatched,
    };
    let failure = |expected_text: String, got: String, rules| {
        Some(Failure {
            intent: Some(expected.intent.clone()),
            rules,
            ..Failure::new(expected.place, About::Intent, expected_text, got)
        })
    };
    let decision = match worn.judge(&expected.intent) {
        Ok(decision) => decision,
        // No masque ever sees such an intent, so nothing that it says can be right.
        Err(JudgeError::Refused(refusal)) => {
            return failure(wanted.to_string(), format!("the host refuses it: {refusal}"), Vec::new());
        }
        Err(JudgeError::Failed(error)) => return failure(wanted.to_string(), error.to_string(), Vec::new()),
    };
    let explanation = explain(worn, &expected.intent);
    let rules = explanation.as_ref().map(|explanation| matched(worn, explanation)).unwrap_or_default();
    if let Some(explanation) = &explanation
        && explanation.decision != decision
    {
        let got = format!("the program says {decision}, but its rules say {}", explanation.decision);
        return failure(wanted.to_string(), got, rules);
    }
    if decision != wanted {
        return failure(wanted.to_string(), decision.to_string(), rules);
    }
    let because = expected.because.as_ref()?;
    if rules.iter().any(|rule| is_named(rule, because)) {
        return None;
    }
    let named = match because {
        Because::Text(text) => format!("{wanted} because `{text}`"),
        Because::Set(path) => format!("{wanted} by a rule of the set `{path}`"),
    };
    let got = if rules.is_empty() {
        format!("{decision}, by no rule")
    } else {
        format!("{decision} by other rules")
    };
    failure(named, got, rules)
}

/// Why the masque decides as it does; `None` of a pure lens, which has no rules.
fn explain(worn: &Session, intent: &str) -> Option<Explanation> {
    worn.explain(intent).ok().flatten()
}

fn is_named(rule: &MatchedRule, because: &Because) -> bool {
    match because {
        Because::Text(text) => rule.pattern == *text || rule.because.as_ref() == Some(text),
        Because::Set(path) => rule.set.as_ref() == Some(path),
    }
}

/// The rules that decided, as the shipped manifest has them.
fn matched(worn: &Session, explanation: &Explanation) -> Vec<MatchedRule> {
    let masque = worn.masque();
    let inherited = masque.manifest().map(|manifest| manifest.inherited.as_slice()).unwrap_or_default();
    let file_of = |rule: &manifest::Rule| {
        let position = (rule.file as usize).checked_sub(1)?;
        Some(inherited.get(position)?.file.clone())
    };
    let shown = |rule: &manifest::Rule| MatchedRule {
        action: match rule.action {
            manifest::Action::Allow => "allow",
            manifest::Action::Deny => "deny",
        },
        pattern: rule.pattern.clone(),
        because: rule.because.clone(),
        set: rule.set.clone(),
        file: file_of(rule),
        line: rule.at.line,
        column: rule.at.column,
    };
    explanation.deciding.iter().map(|deciding| shown(&deciding.rule)).collect()
}

/// What the masque has for its wearer, against what the test says of it.
fn offers(worn: &mut Session, test: &SessionTest) -> Result<Vec<Failure>, CallError> {
    let mut failures = Vec::new();
    if let Some(expected) = &test.knowledge {
        let (mut wanted, mut got) = (expected.clone(), worn.knowledge()?);
        wanted.sort_unstable();
        got.sort_unstable();
        if wanted != got {
            failures.push(Failure::new(test.place, About::Knowledge, listed(wanted), listed(got)));
        }
    }
    if let Some(expected) = &test.access {
        let got = worn.access()?;
        if !are_granted(expected, &got) {
            let wanted = expected.iter().map(|(role, ttl)| shown(role, *ttl)).collect();
            let got = got.iter().map(|grant| shown(&grant.role, Some(ttl(grant)))).collect();
            failures.push(Failure::new(test.place, About::Access, listed(wanted), listed(got)));
        }
    }
    if !test.context.is_empty() {
        failures.extend(unmet(About::Context, &worn.context()?, &test.context, test.place));
    }
    if !test.lens.is_empty() {
        failures.extend(unmet(About::Lens, &worn.lens()?, &test.lens, test.place));
    }
    Ok(failures)
}

/// Whether these are exactly the expected ones. Those that name a life choose first: the others take any.
fn are_granted(expected: &[(String, Option<Ttl>)], got: &[Grant]) -> bool {
    let mut left: Vec<&Grant> = got.iter().collect();
    let (timed, untimed): (Vec<_>, Vec<_>) = expected.iter().partition(|(_, life)| life.is_some());
    timed.into_iter().chain(untimed).all(|(role, life)| {
        let fits = |grant: &&Grant| grant.role == *role && life.is_none_or(|life| life == ttl(grant));
        left.iter().position(fits).map(|position| left.swap_remove(position)).is_some()
    }) && left.is_empty()
}

fn ttl(grant: &Grant) -> Ttl {
    match grant.ttl {
        abi::Ttl::Session => Ttl::Session,
        abi::Ttl::Seconds(seconds) => Ttl::Seconds(seconds),
    }
}

fn shown(role: &str, ttl: Option<Ttl>) -> String {
    match ttl {
        None => role.to_owned(),
        Some(Ttl::Session) => format!("{role} for session"),
        Some(Ttl::Seconds(seconds)) => format!("{role} for {seconds}s"),
    }
}

fn listed(items: Vec<String>) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    items.into_iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}

/// As much of a text as helps to see what it is.
fn beginning(text: &str) -> String {
    const CHARACTERS: usize = 400;
    let text = text.trim();
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None if text.is_empty() => "nothing".to_owned(),
        None => text.to_owned(),
    }
}
