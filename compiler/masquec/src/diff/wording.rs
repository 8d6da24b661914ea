//! The sentences that all forms of an answer share.

use masque_automata::{Decision, MatchMode};
use masque_proof::{
    Aspect, Bump, Change, Count, Counts, Declared, Glob, IntentChange, Item, LONGEST, MOST_CELLS, Relation,
    Scope, TooLarge, Unknown, When,
};

use super::Compared;
use crate::output::printable;

/// The most patterns that people are shown in one line; JSON has all.
const MOST_SHOWN: usize = 12;

/// How a text that comes from a masque is set off from ours.
pub(super) type Quote = fn(&str) -> String;

/// The answer in one sentence.
pub(super) fn relation(compared: &Compared) -> &'static str {
    match compared.diff.relation() {
        None => "unknown: the comparison was given up",
        Some(Relation::Same) => "nothing changed",
        Some(Relation::Text) => "nothing but text changed",
        Some(Relation::Narrower) => "narrower: it grants less, and nothing that it did not grant before",
        Some(Relation::Wider) => "wider: it grants more, and all that it granted before",
        Some(Relation::Incomparable) if compared.diff.widened() == Some(true) => {
            "incomparable: it grants some things that it did not grant, and not all that it granted or took"
        }
        Some(Relation::Incomparable) => {
            "incomparable: it does not take all sessions or references that it took"
        }
    }
}

/// One word for a script.
pub(super) fn relation_word(relation: Option<Relation>) -> &'static str {
    match relation {
        None => "unknown",
        Some(Relation::Same) => "same",
        Some(Relation::Text) => "text",
        Some(Relation::Narrower) => "narrower",
        Some(Relation::Wider) => "wider",
        Some(Relation::Incomparable) => "incomparable",
    }
}

pub(super) fn bump(bump: Option<Bump>) -> &'static str {
    match bump {
        None => "unknown",
        Some(Bump::Nothing) => "none",
        Some(Bump::Patch) => "patch",
        Some(Bump::Minor) => "minor",
        Some(Bump::Major) => "major",
    }
}

/// What the declared version is worth.
pub(super) fn version(compared: &Compared) -> String {
    let [old, new] = &compared.versions;
    let kind = match compared.diff.bump() {
        None => "an unknown change".to_owned(),
        Some(Bump::Nothing) => "no change".to_owned(),
        some => format!("a {} change", bump(some)),
    };
    match compared.declared() {
        None => format!("{new} after {old} for {kind}: only a major one would be certain to say enough"),
        Some(Declared::Enough) => format!("{new} after {old} says enough for {kind}"),
        Some(Declared::TooLittle { least }) => {
            format!("{new} after {old} says too little for {kind}: at least {least}")
        }
        Some(Declared::Backwards { least }) => format!("{new} is below {old}: at least {least}"),
    }
}

pub(super) fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::Denied => "denied",
        Decision::Unmatched => "unmatched",
    }
}

/// What became of some intents.
pub(super) fn became(from: Decision, to: Decision) -> String {
    let now = match to {
        Decision::Allowed => "newly allowed",
        Decision::Denied => "newly denied",
        Decision::Unmatched => "no longer covered",
    };
    format!("{now}, {} before", decision(from))
}

/// The sign of a change of decisions.
pub(super) fn sign(from: Decision, to: Decision) -> char {
    let rank = |decision| match decision {
        Decision::Denied => 0,
        Decision::Unmatched => 1,
        Decision::Allowed => 2,
    };
    if rank(to) > rank(from) { '+' } else { '-' }
}

fn globs(globs: &[Glob], between: &str, quote: Quote) -> String {
    let glob = |glob: &Glob| match glob.mode {
        MatchMode::Verb => quote(&glob.pattern),
        MatchMode::Exact => format!("exact {}", quote(&glob.pattern)),
    };
    let mut shown: Vec<String> = globs.iter().take(MOST_SHOWN).map(glob).collect();
    if globs.len() > MOST_SHOWN {
        shown.push(format!("… ({} more)", globs.len() - MOST_SHOWN));
    }
    shown.join(between)
}

/// Some intents, by patterns.
pub(super) fn item(change: &IntentChange, item: &Item, quote: Quote) -> String {
    if item.all_of.is_empty() {
        return "other intents".to_owned();
    }
    let mut text = if item.exact { String::new() } else { "some of ".to_owned() };
    text.push_str(&globs(&item.all_of, " that is also ", quote));
    if !item.unless.is_empty() {
        text.push_str(&format!(" unless {}", globs(&item.unless, ", ", quote)));
    }
    if change.scope == Scope::Clauses {
        text.push_str(", as a clause");
    }
    text
}

/// Examples of some intents.
pub(super) fn examples(item: &Item, quote: Quote) -> String {
    let shortest = match item.shortest.as_str() {
        "" => "the empty intent".to_owned(),
        shortest => quote(shortest),
    };
    if item.natural == item.shortest {
        format!("such as {shortest}")
    } else {
        format!("such as {}; the shortest is {shortest}", quote(&item.natural))
    }
}

/// The sessions in which something is so.
pub(super) fn when(when: &When, quote: Quote) -> Option<String> {
    let When::Where(any) = when else { return None };
    let all = |facts: &Vec<masque_proof::Fact>| {
        let fact = |fact: &masque_proof::Fact| {
            let not = if fact.holds { "" } else { "not " };
            format!("{not}{}", quote(&fact.condition))
        };
        facts.iter().map(fact).collect::<Vec<_>>().join(" and ")
    };
    Some(format!("when {}", any.iter().map(all).collect::<Vec<_>>().join(", or ")))
}

/// How many intents there are, from the shortest on.
pub(super) fn counts(counts: &Counts) -> String {
    let Some((length, count)) = counts.shortest() else {
        return format!("none of up to {LONGEST} printable ASCII characters");
    };
    let total = counts.total();
    let characters = if length == 1 { "character" } else { "characters" };
    format!("{} of {length} {characters}, {} of up to {LONGEST}", short(count), short(total))
}

/// A number; its first three digits where it is long.
fn short(count: Count) -> String {
    const SHOWN: usize = 12;
    let digits = count.to_string();
    if digits.len() <= SHOWN {
        return digits;
    }
    format!("about {}.{}·10^{}", &digits[..1], &digits[1..3], digits.len() - 1)
}

pub(super) fn aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Identity => "identity",
        Aspect::Ring => "ring",
        Aspect::Knowledge => "knowledge",
        Aspect::Access => "access",
        Aspect::Server => "servers",
        Aspect::Param => "params",
        Aspect::Condition => "conditions",
        Aspect::Claim => "claims",
    }
}

/// Something that is there, was there, or is another, without its sign.
pub(super) fn thing(change: &Change, quote: Quote) -> String {
    let subject = if change.subject.is_empty() { String::new() } else { quote(&change.subject) };
    let value = |value: &str| printable(value);
    let what = match (&change.before, &change.after) {
        (Some(before), Some(after)) if before.is_empty() && after.is_empty() => {
            "tests something else".to_owned()
        }
        (Some(before), Some(after)) => format!("{} → {}", value(before), value(after)),
        (Some(only), None) | (None, Some(only)) => value(only),
        (None, None) => String::new(),
    };
    let mut text = [subject, what].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some(when) = when(&change.when, quote) {
        text.push_str(&format!(", {when}"));
    }
    text
}

/// The sign of something that is there, was there, or is another.
pub(super) fn thing_sign(change: &Change) -> char {
    match (&change.before, &change.after) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    }
}

/// Why nothing is known.
pub(super) fn unknown(unknown: &Unknown) -> String {
    match unknown.why {
        TooLarge::Product => {
            format!("the two programs side by side have more than {MOST_CELLS} transitions")
        }
        TooLarge::Sessions => "their conditions tell too many kinds of sessions apart".to_owned(),
    }
}
