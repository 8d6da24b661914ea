//! For people.

use masque_proof::{Intents, Relation};

use super::words::{Stretch, words};
use super::{Compared, wording};
use crate::output::{Ink, Paint, printable, section};

fn quote(text: &str) -> String {
    format!("`{}`", printable(text))
}

pub(super) fn render(compared: &Compared, paint: Paint) -> String {
    let mut out = String::new();
    let [old, new] = &compared.labels;
    section(&mut out, paint, "from", [format!("{} {}", printable(old), compared.versions[0])]);
    section(&mut out, paint, "to", [format!("{} {}", printable(new), compared.versions[1])]);
    let ink = match compared.diff.relation() {
        Some(Relation::Same | Relation::Text | Relation::Narrower) => Ink::Good,
        Some(Relation::Wider | Relation::Incomparable) => Ink::Bad,
        None => Ink::Neutral,
    };
    section(&mut out, paint, "all in all", [paint.with(ink, wording::relation(compared))]);
    match &compared.diff.intents {
        Ok(all) => {
            for some in all {
                section(&mut out, paint, "intents", intents(some, paint));
            }
        }
        Err(unknown) => {
            let mut lines = vec![format!("not known: {}", wording::unknown(unknown))];
            lines.extend(unknown.found.iter().map(|(from, to, intent)| {
                format!("{} {}: {}", wording::sign(*from, *to), wording::became(*from, *to), quote(intent))
            }));
            section(&mut out, paint, "intents", lines);
        }
    }
    for same in compared.diff.changes.chunk_by(|one, other| one.aspect == other.aspect) {
        let line = |change| signed(wording::thing_sign(change), &wording::thing(change, quote), paint);
        section(&mut out, paint, wording::aspect(same[0].aspect), same.iter().map(line));
    }
    for text in &compared.diff.texts {
        let shown = stretches(&words(&text.before, &text.after), paint);
        section(&mut out, paint, text.field, shown.trim_end().lines());
    }
    if !compared.diff.described.is_empty() {
        section(&mut out, paint, "also", [compared.diff.described.join(", ")]);
    }
    section(&mut out, paint, "version", [version_line(compared, paint)]);
    out
}

/// The version alone.
pub(super) fn version(compared: &Compared, paint: Paint) -> String {
    let mut out = String::new();
    section(&mut out, paint, "all in all", [wording::relation(compared)]);
    section(&mut out, paint, "version", [version_line(compared, paint)]);
    out
}

fn version_line(compared: &Compared, paint: Paint) -> String {
    let ink = match compared.declared() {
        Some(masque_proof::Declared::Enough) => Ink::Good,
        Some(_) => Ink::Bad,
        None => Ink::Neutral,
    };
    paint.with(ink, &wording::version(compared))
}

fn signed(sign: char, text: &str, paint: Paint) -> String {
    let ink = match sign {
        '+' => Ink::Good,
        '-' => Ink::Bad,
        _ => Ink::Neutral,
    };
    format!("{} {text}", paint.with(ink, &sign.to_string()))
}

fn intents(some: &Intents, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(when) = wording::when(&some.when, quote) {
        lines.push(when);
        if !some.session.is_empty() {
            let facts: Vec<String> = some.session.iter().map(|fact| printable(fact)).collect();
            lines.push(format!("(where {}, for one)", facts.join(", ")));
        }
    }
    for change in &some.changes {
        let (from, to) = (change.from, change.to);
        lines.push(wording::became(from, to));
        for item in &change.items {
            lines.push(signed(wording::sign(from, to), &wording::item(change, item, quote), paint));
            lines.push(format!("  {}", paint.with(Ink::Faint, &wording::examples(item, quote))));
        }
    }
    lines.push(format!("gained: {}", wording::counts(&some.gained)));
    lines.push(format!("lost: {}", wording::counts(&some.lost)));
    lines
}

/// Words as `git diff --word-diff` has them.
fn stretches(stretches: &[Stretch], paint: Paint) -> String {
    let marked = |ink, open: &str, text: &str, close: &str| {
        // A line end stays outside, so that every line closes what it opens.
        let lines = text.split('\n').map(|line| match line {
            "" => String::new(),
            line => paint.with(ink, &format!("{open}{line}{close}")),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let shown = |stretch: &Stretch| match stretch {
        Stretch::Stays(text) => printable(text),
        Stretch::Old(text) => marked(Ink::Bad, "[-", text, "-]"),
        Stretch::New(text) => marked(Ink::Good, "{+", text, "+}"),
        Stretch::Gap => " … ".to_owned(),
    };
    stretches.iter().map(shown).collect::<String>().trim_start().to_owned()
}
