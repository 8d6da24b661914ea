//! For people.

use masque_automata::Decision;
use masque_proof::{Proof, Unproved};

use super::{Again, Compiled, Verified};
use crate::output::{Ink, Paint, counted, printable, section};

pub(super) fn render(verified: &Verified, paint: Paint) -> String {
    let mut out = String::new();
    section(&mut out, paint, "file", [printable(&verified.file), verified.sha256.clone()]);
    section(&mut out, paint, "program", [again(verified.again, paint)]);
    section(&mut out, paint, "rules", rules(verified, paint));
    if let Some((file, compiled)) = &verified.source {
        section(&mut out, paint, "source", [printable(file), source(compiled, paint)]);
    }
    out
}

fn again(again: Again, paint: Paint) -> String {
    match again {
        Again::Same => format!(
            "{}: its code is canonical, and what was read is written again as the same bytes",
            paint.with(Ink::Good, "proved")
        ),
        Again::Differs { at } => format!(
            "{}: what was read is written again as other bytes, from byte {at} on",
            paint.with(Ink::Bad, "not proved")
        ),
    }
}

fn rules(verified: &Verified, paint: Paint) -> Vec<String> {
    let bad = |what: &str| paint.with(Ink::Bad, what);
    match &verified.rules {
        Ok(Proof { rules: 0, .. }) => {
            vec![format!("{}: there are none, and every intent is allowed", paint.with(Ink::Good, "proved"))]
        }
        Ok(Proof { rules, worlds, comparisons, pairs }) => vec![
            format!("{}: the program decides every intent as they say", paint.with(Ink::Good, "proved")),
            format!(
                "{} in {}: {}, {} of states",
                counted(*rules, "rule"),
                counted(*worlds, "valuation"),
                counted(*comparisons, "comparison"),
                counted(*pairs, "pair")
            ),
        ],
        Err(Unproved::Differs { intent, program, rules, conditions }) => {
            let mut lines = vec![
                format!("{}: the shortest intent on which they differ is", bad("refuted")),
                format!("`{}`", printable(intent)),
                format!("the program says {}, the rules say {}", name(*program), name(*rules)),
            ];
            lines.extend(conditions.iter().map(|&(condition, holds)| {
                let text = printable(&verified.conditions[condition]);
                format!("where `{text}` {}", if holds { "holds" } else { "does not hold" })
            }));
            lines
        }
        Err(error) => vec![format!("{}: {}", bad("not proved"), printable(&error.to_string()))],
    }
}

fn source(compiled: &Compiled, paint: Paint) -> String {
    match compiled {
        Compiled::Same => format!("{}: it compiles to these bytes", paint.with(Ink::Good, "proved")),
        Compiled::Differs { what } => format!("{}: it compiles to {what}", paint.with(Ink::Bad, "refuted")),
        Compiled::Nothing => format!("{}: it compiles to no masque", paint.with(Ink::Bad, "refuted")),
    }
}

pub(super) fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::Denied => "denied",
        Decision::Unmatched => "unmatched",
    }
}
