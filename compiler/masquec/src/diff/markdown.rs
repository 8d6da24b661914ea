//! For a pull request.

use std::fmt::Write as _;

use masque_proof::Intents;

use super::words::{Stretch, words};
use super::{Compared, wording};
use crate::output::printable;

/// A code span that nothing in the text ends.
fn code(text: &str) -> String {
    let text = printable(text).replace(['\n', '\t'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

pub(super) fn render(compared: &Compared) -> String {
    let mut out = String::new();
    let [old, new] = &compared.labels;
    let _ = writeln!(out, "### {}\n", capital(wording::relation(compared)));
    let _ = writeln!(out, "{} {} → {} {}", code(old), compared.versions[0], code(new), compared.versions[1]);
    match &compared.diff.intents {
        Ok(all) => all.iter().for_each(|some| intents(&mut out, some)),
        Err(unknown) => {
            let _ = writeln!(out, "\n#### Intents: not known\n\n{}.\n", capital(&wording::unknown(unknown)));
            for (from, to, intent) in &unknown.found {
                let _ = writeln!(out, "- {}: {}", wording::became(*from, *to), code(intent));
            }
        }
    }
    for same in compared.diff.changes.chunk_by(|one, other| one.aspect == other.aspect) {
        let _ = writeln!(out, "\n#### {}\n", capital(wording::aspect(same[0].aspect)));
        for change in same {
            let what = match wording::thing_sign(change) {
                '+' => "added",
                '-' => "removed",
                _ => "changed",
            };
            let _ = writeln!(out, "- {what}: {}", wording::thing(change, code));
        }
    }
    for text in &compared.diff.texts {
        let shown: String = words(&text.before, &text.after).iter().map(stretch).collect();
        let _ = writeln!(out, "\n#### {}\n\n<pre>{}</pre>", capital(text.field), shown.trim_end());
    }
    if !compared.diff.described.is_empty() {
        let _ = writeln!(out, "\nAlso: {}.", compared.diff.described.join(", "));
    }
    let _ = writeln!(out, "\n**Version**: {}.", wording::version(compared));
    out
}

/// The version alone.
pub(super) fn version(compared: &Compared) -> String {
    format!("{}. **Version**: {}.\n", capital(wording::relation(compared)), wording::version(compared))
}

fn intents(out: &mut String, some: &Intents) {
    let when = wording::when(&some.when, code).map(|when| format!(" {when}")).unwrap_or_default();
    let _ = writeln!(out, "\n#### Intents{when}");
    for change in &some.changes {
        let _ = writeln!(out, "\n{}:\n", capital(&wording::became(change.from, change.to)));
        for item in &change.items {
            let _ =
                writeln!(out, "- {}, {}", wording::item(change, item, code), wording::examples(item, code));
        }
    }
    let _ =
        writeln!(out, "\nGained: {}. Lost: {}.", wording::counts(&some.gained), wording::counts(&some.lost));
}

fn stretch(stretch: &Stretch) -> String {
    let safe = |text: &str| printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    match stretch {
        Stretch::Stays(text) => safe(text),
        Stretch::Old(text) => format!("<del>{}</del>", safe(text)),
        Stretch::New(text) => format!("<ins>{}</ins>", safe(text)),
        Stretch::Gap => " … ".to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
