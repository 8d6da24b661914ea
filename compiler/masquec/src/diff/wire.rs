//! As JSON.

use masque_automata::MatchMode;
use masque_proof::{Change, Counts, Declared, Effect, Fact, Glob, Item, Scope, TextChange, When};
use serde::Serialize;

use super::words::{Stretch, words};
use super::{Compared, wording};

#[derive(Serialize)]
pub(super) struct Report<'a> {
    from: Masque<'a>,
    to: Masque<'a>,
    /// `same`, `text`, `narrower`, `wider`, `incomparable`, `unknown`.
    relation: &'static str,
    /// Whether anything is granted that was not; `null` where that is not known.
    widened: Option<bool>,
    version: Version,
    /// `null` where they are not known.
    intents: Option<Vec<Intents<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Unknown<'a>>,
    changes: Vec<Other<'a>>,
    texts: Vec<Text<'a>>,
    described: &'a [&'static str],
}

#[derive(Serialize)]
struct Masque<'a> {
    file: &'a str,
    version: String,
}

#[derive(Serialize)]
pub(super) struct Version {
    /// `none`, `patch`, `minor`, `major`, `unknown`.
    bump: &'static str,
    old: String,
    new: String,
    /// Whether the new version says enough; `null` where that is not known.
    enough: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<String>,
}

#[derive(Serialize)]
struct Intents<'a> {
    when: Vec<Vec<Condition<'a>>>,
    session: &'a [String],
    changes: Vec<Decided<'a>>,
    gained: Numbers,
    lost: Numbers,
}

#[derive(Serialize)]
struct Condition<'a> {
    condition: &'a str,
    holds: bool,
}

#[derive(Serialize)]
struct Decided<'a> {
    from: &'static str,
    to: &'static str,
    exact: bool,
    /// `intents` or `clauses`.
    scope: &'static str,
    items: Vec<Described<'a>>,
}

#[derive(Serialize)]
struct Described<'a> {
    all_of: Vec<Pattern<'a>>,
    unless: Vec<Pattern<'a>>,
    exact: bool,
    shortest: &'a str,
    natural: &'a str,
}

#[derive(Serialize)]
struct Pattern<'a> {
    pattern: &'a str,
    #[serde(rename = "match")]
    mode: &'static str,
}

/// Exact numbers in decimal digits, which do not fit the numbers of JSON.
#[derive(Serialize)]
struct Numbers {
    total: String,
    /// Of the length 1 first.
    by_length: Vec<String>,
}

#[derive(Serialize)]
struct Unknown<'a> {
    reason: String,
    found: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    from: &'static str,
    to: &'static str,
    shortest: &'a str,
}

#[derive(Serialize)]
struct Other<'a> {
    aspect: &'static str,
    subject: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    when: Vec<Vec<Condition<'a>>>,
    wider: bool,
    narrower: bool,
    breaks: bool,
}

#[derive(Serialize)]
struct Text<'a> {
    field: &'static str,
    before: &'a str,
    after: &'a str,
    words: Vec<Words>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Words {
    Same(String),
    Removed(String),
    Added(String),
    /// Words that stay and are left out here.
    Omitted,
}

impl<'a> Report<'a> {
    pub(super) fn new(compared: &'a Compared) -> Self {
        let diff = &compared.diff;
        let masque =
            |at: usize| Masque { file: &compared.labels[at], version: compared.versions[at].to_string() };
        let found = |(from, to, shortest): &'a (_, _, String)| Found {
            from: wording::decision(*from),
            to: wording::decision(*to),
            shortest,
        };
        Self {
            from: masque(0),
            to: masque(1),
            relation: wording::relation_word(diff.relation()),
            widened: diff.widened(),
            version: Version::new(compared),
            intents: diff.intents.as_ref().ok().map(|all| all.iter().map(Intents::new).collect()),
            unknown: diff.intents.as_ref().err().map(|unknown| Unknown {
                reason: wording::unknown(unknown),
                found: unknown.found.iter().map(found).collect(),
            }),
            changes: diff.changes.iter().map(Other::new).collect(),
            texts: diff.texts.iter().map(Text::new).collect(),
            described: &diff.described,
        }
    }
}

impl Version {
    pub(super) fn new(compared: &Compared) -> Self {
        let declared = compared.declared();
        let least = match &declared {
            Some(Declared::TooLittle { least } | Declared::Backwards { least }) => Some(least.to_string()),
            _ => None,
        };
        let [old, new] = &compared.versions;
        Self {
            bump: wording::bump(compared.diff.bump()),
            old: old.to_string(),
            new: new.to_string(),
            enough: declared.map(|declared| declared == Declared::Enough),
            least,
        }
    }
}

impl<'a> Intents<'a> {
    fn new(some: &'a masque_proof::Intents) -> Self {
        let change = |change: &'a masque_proof::IntentChange| Decided {
            from: wording::decision(change.from),
            to: wording::decision(change.to),
            exact: change.exact,
            scope: match change.scope {
                Scope::Intents => "intents",
                Scope::Clauses => "clauses",
            },
            items: change.items.iter().map(Described::new).collect(),
        };
        Self {
            when: when(&some.when),
            session: &some.session,
            changes: some.changes.iter().map(change).collect(),
            gained: Numbers::new(&some.gained),
            lost: Numbers::new(&some.lost),
        }
    }
}

impl<'a> Described<'a> {
    fn new(item: &'a Item) -> Self {
        let globs = |globs: &'a [Glob]| globs.iter().map(Pattern::new).collect();
        Self {
            all_of: globs(&item.all_of),
            unless: globs(&item.unless),
            exact: item.exact,
            shortest: &item.shortest,
            natural: &item.natural,
        }
    }
}

impl<'a> Condition<'a> {
    fn new(fact: &'a Fact) -> Self {
        Self { condition: &fact.condition, holds: fact.holds }
    }
}

impl<'a> Pattern<'a> {
    fn new(glob: &'a Glob) -> Self {
        let mode = match glob.mode {
            MatchMode::Verb => "verb",
            MatchMode::Exact => "exact",
        };
        Self { pattern: &glob.pattern, mode }
    }
}

impl Numbers {
    fn new(counts: &Counts) -> Self {
        let by_length = counts.by_length.iter().map(ToString::to_string).collect();
        Self { total: counts.total().to_string(), by_length }
    }
}

impl<'a> Other<'a> {
    fn new(change: &'a Change) -> Self {
        let Effect { wider, narrower, breaks } = change.effect;
        Self {
            aspect: wording::aspect(change.aspect),
            subject: &change.subject,
            before: change.before.as_deref(),
            after: change.after.as_deref(),
            when: when(&change.when),
            wider,
            narrower,
            breaks,
        }
    }
}

impl<'a> Text<'a> {
    fn new(text: &'a TextChange) -> Self {
        let word = |stretch| match stretch {
            Stretch::Stays(text) => Words::Same(text),
            Stretch::Old(text) => Words::Removed(text),
            Stretch::New(text) => Words::Added(text),
            Stretch::Gap => Words::Omitted,
        };
        let words = words(&text.before, &text.after).into_iter().map(word).collect();
        Self { field: text.field, before: &text.before, after: &text.after, words }
    }
}

/// One list of conditions for each way in which it is so; none where it is so in all sessions.
fn when(when: &When) -> Vec<Vec<Condition<'_>>> {
    let When::Where(any) = when else { return Vec::new() };
    any.iter().map(|all| all.iter().map(Condition::new).collect()).collect()
}
