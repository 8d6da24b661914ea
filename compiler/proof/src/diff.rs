//! What a change of a masque changes: two programs compared by what they do, not by their texts.
//!
//! Intents are compared in the product of both programs' automata ([`product`]), in every kind of session that their conditions tell
//! apart ([`sessions`]). So nothing that changed is missed; and nothing is guessed: where the product is too large, that is the answer
//! ([`Unknown`]). A change may be reported of a session that a person can rule out, as with [`worlds`](crate::worlds).
//!
//! Decisions are ordered by what they let through: denied, unmatched, allowed. A denial that becomes a gap is counted as wider, since
//! whoever builds on the masque may now allow what was denied before.

mod bump;
mod count;
mod describe;
mod intents;
mod product;
mod rights;
mod search;
mod sessions;
mod texts;
mod when;
mod witness;

use masque_automata::{Decision, MatchMode, Rule};
use masque_decode::Component;

pub use self::bump::{Bump, Declared, declared};
pub use self::count::{Count, Counts, LONGEST};
pub use self::product::MOST_CELLS;
use self::sessions::Sessions;
pub use self::when::{Fact, When};

/// All that is different between two masques.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Intents that are decided otherwise: one entry for each kind of session in which they are.
    pub intents: Result<Vec<Intents>, Unknown>,
    /// Whatever else matters: ring, knowledge, credentials, servers, parameters, conditions, claims.
    pub changes: Vec<Change>,
    /// Texts that people and models read, as they were and are.
    pub texts: Vec<TextChange>,
    /// Other fields that only describe, by their names in the manifest.
    pub described: Vec<&'static str>,
}

/// Intents that are decided otherwise in some sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intents {
    /// In which sessions.
    pub when: When,
    /// An example of such a session, for people; empty where nothing needs to be so.
    pub session: Vec<String>,
    /// What became of them.
    pub changes: Vec<IntentChange>,
    /// How many are allowed that were not.
    pub gained: Counts,
    /// How many were allowed that are not.
    pub lost: Counts,
}

/// All intents that were decided in one way and are decided in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntentChange {
    /// As it was.
    pub from: Decision,
    /// As it is.
    pub to: Decision,
    /// Which intents these are; at least one item.
    pub items: Vec<Item>,
    /// Whether the items are all of them, no more and no less.
    pub exact: bool,
    /// What the items speak of.
    pub scope: Scope,
}

/// What patterns are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Whole intents.
    Intents,
    /// Intents of one clause. Those of several are decided clause by clause, and change with their clauses.
    Clauses,
}

/// Some intents: what all these patterns take, and none of the exceptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Patterns that take all of them; without any, these are intents that no pattern describes.
    pub all_of: Vec<Glob>,
    /// Patterns that take none of them.
    pub unless: Vec<Glob>,
    /// Whether that is all: otherwise there are some of these intents that did not change.
    pub exact: bool,
    /// The shortest of them.
    pub shortest: String,
    /// One that a person would type.
    pub natural: String,
}

/// A pattern of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// As the author wrote it.
    pub pattern: String,
    /// How its first word is read.
    pub mode: MatchMode,
}

impl Glob {
    fn of(rule: &Rule) -> Self {
        Self { pattern: rule.pattern.text().to_owned(), mode: rule.mode }
    }
}

/// The comparison of intents was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Why.
    pub why: TooLarge,
    /// What was found before: changes that there are, each with the shortest intent. There may be others.
    pub found: Vec<(Decision, Decision, String)>,
}

/// What was too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// The pair of programs: more than [`MOST_CELLS`] transitions.
    Product,
    /// There are too many kinds of sessions. Knowledge and credentials have not been compared either.
    Sessions,
}

/// Something other than an intent that is there and was not, or was there and is not, or is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of thing.
    pub aspect: Aspect,
    /// Which one; empty where there is only one of its kind.
    pub subject: String,
    /// As it was; nothing where it was not there.
    pub before: Option<String>,
    /// As it is; nothing where it is not there.
    pub after: Option<String>,
    /// In which sessions.
    pub when: When,
    /// What that means to whoever relies on the masque.
    pub effect: Effect,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// What references name.
    Identity,
    /// The least ring that may wear it.
    Ring,
    /// MCP URIs.
    Knowledge,
    /// Credentials and how long they live.
    Access,
    /// Bundled MCP servers.
    Server,
    /// What whoever dons it sets.
    Param,
    /// Conditions of rules, lists and templates.
    Condition,
    /// Proved claims.
    Claim,
}

/// What a change means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Something is granted that was not.
    pub wider: bool,
    /// Something was granted that is not.
    pub narrower: bool,
    /// Sessions that were possible are refused, or references lead nowhere.
    pub breaks: bool,
}

impl Effect {
    const NONE: Self = Self { wider: false, narrower: false, breaks: false };
    const WIDER: Self = Self { wider: true, ..Self::NONE };
    const NARROWER: Self = Self { narrower: true, ..Self::NONE };
    const EITHER: Self = Self { wider: true, narrower: true, breaks: false };
    const BREAKS: Self = Self { breaks: true, ..Self::NONE };

    fn or(self, other: Self) -> Self {
        Self {
            wider: self.wider | other.wider,
            narrower: self.narrower | other.narrower,
            breaks: self.breaks | other.breaks,
        }
    }
}

/// A text that became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    /// Which one: `lens`, `context`, `rubric`.
    pub field: &'static str,
    /// As it was, holes and conditions in the language's notation.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// How the new masque stands to the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Nothing changed.
    Same,
    /// Nothing but text changed.
    Text,
    /// It grants less.
    Narrower,
    /// It grants more.
    Wider,
    /// It grants more here and less there, or takes other sessions.
    Incomparable,
}

impl Diff {
    /// How the new one stands to the old one; nothing where that is not known.
    #[must_use]
    pub fn relation(&self) -> Option<Relation> {
        let effect = self.effect();
        let is_known = self.intents.is_ok();
        match effect {
            Effect { breaks: true, .. } | Effect { wider: true, narrower: true, .. } => {
                Some(Relation::Incomparable)
            }
            _ if !is_known => None,
            Effect { wider: true, .. } => Some(Relation::Wider),
            Effect { narrower: true, .. } => Some(Relation::Narrower),
            _ if self.is_same() => Some(Relation::Same),
            _ => Some(Relation::Text),
        }
    }

    /// Whether something is granted that was not; nothing where that is not known.
    #[must_use]
    pub fn widened(&self) -> Option<bool> {
        let is_wider = self.effect().wider;
        (is_wider || self.intents.is_ok()).then_some(is_wider)
    }

    /// The least part of the version that has to change; nothing where that is not known.
    #[must_use]
    pub fn bump(&self) -> Option<Bump> {
        let effect = self.effect();
        if effect.wider || effect.breaks {
            return Some(Bump::Major);
        }
        Some(match self.relation()? {
            Relation::Same => Bump::Nothing,
            Relation::Text => Bump::Patch,
            Relation::Narrower => Bump::Minor,
            Relation::Wider | Relation::Incomparable => Bump::Major,
        })
    }

    /// What is known of all changes together.
    fn effect(&self) -> Effect {
        let kinds: Vec<(Decision, Decision)> = match &self.intents {
            Ok(all) => {
                all.iter().flat_map(|some| &some.changes).map(|change| (change.from, change.to)).collect()
            }
            Err(unknown) => unknown.found.iter().map(|&(from, to, _)| (from, to)).collect(),
        };
        let of_kind = |(from, to): (Decision, Decision)| {
            if rank(to) > rank(from) { Effect::WIDER } else { Effect::NARROWER }
        };
        let kinds = kinds.into_iter().map(of_kind);
        kinds.chain(self.changes.iter().map(|change| change.effect)).fold(Effect::NONE, Effect::or)
    }

    fn is_same(&self) -> bool {
        let Self { intents, changes, texts, described } = self;
        intents.as_ref().is_ok_and(Vec::is_empty)
            && changes.is_empty()
            && texts.is_empty()
            && described.is_empty()
    }
}

/// How much a decision lets through.
fn rank(decision: Decision) -> u8 {
    match decision {
        Decision::Denied => 0,
        Decision::Unmatched => 1,
        Decision::Allowed => 2,
    }
}

/// Compares two masques.
#[must_use]
pub fn diff(old: &Component, new: &Component) -> Diff {
    let sessions = Sessions::new(old, new);
    let intents = match &sessions {
        Some(sessions) => intents::compare(old, new, sessions),
        None if old.program == new.program => Ok(Vec::new()),
        None => Err(Unknown { why: TooLarge::Sessions, found: Vec::new() }),
    };
    let changes = rights::compare(old, new, sessions.as_ref());
    let (texts, mut described) = texts::compare(old, new);
    let rules = |component: &Component| {
        let written = |rule: &masque_abi::manifest::Rule| {
            (rule.action, rule.mode, rule.pattern.clone(), rule.when, rule.because.clone())
        };
        let intent = component.manifest.intent.as_ref()?;
        Some((intent.clauses, intent.rules.iter().map(written).collect::<Vec<_>>()))
    };
    if intents.as_ref().is_ok_and(Vec::is_empty) && rules(old) != rules(new) {
        described.push("rules");
    }
    Diff { intents, changes, texts, described }
}
