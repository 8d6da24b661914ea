//! The answer as people read it. The same text, colour apart, on a terminal and in a pipe.

use std::fmt::Write as _;

use masque_abi::manifest::{Action, MatchMode, Place};
use masque_abi::{Decision, Grant, Ttl};
use masque_host::{Deciding, Explanation};
use masquec::output::{Ink, Paint, printable, section};

use super::{Answer, Offer, Trial, Why};

/// More deciding rules than this are counted, not listed.
const MOST_RULES: usize = 10;
/// Characters of an intent that are shown again.
const MOST_CHARACTERS: usize = 200;

pub(super) fn render(trial: &Trial, paint: Paint) -> String {
    let mut out = String::new();
    let (word, ink) = match &trial.answer {
        Answer::Refused(_) => ("refused", Ink::Bad),
        Answer::Judged { decision, .. } => (decision.name(), ink(*decision)),
    };
    let who = match &trial.manifest {
        Some(manifest) => format!("{} {}", manifest.identity.name, manifest.identity.version),
        None => trial.file.clone(),
    };
    let intent = paint.with(Ink::Heading, &quoted(&trial.intent));
    line(
        &mut out,
        &format!("{}  {intent}  {}", paint.with(ink, word), paint.with(Ink::Faint, &format!("by {who}"))),
    );
    match &trial.answer {
        Answer::Refused(refusal) => {
            line(&mut out, &format!("  {refusal}"));
            line(&mut out, &paint.with(Ink::Faint, "  the host refuses it before the masque is asked"));
        }
        Answer::Judged { decision, why, offer } => {
            reasons(&mut out, trial, *decision, why, paint);
            if *decision != Decision::Allowed {
                let note = "  nothing is handed out for it; an allowed intent gets what follows";
                line(&mut out, &paint.with(Ink::Faint, note));
            }
            show_offer(&mut out, offer, paint);
        }
    }
    ring_note(&mut out, trial, paint);
    out
}

fn ink(decision: Decision) -> Ink {
    match decision {
        Decision::Allowed => Ink::Good,
        Decision::Denied => Ink::Bad,
        Decision::Unmatched => Ink::Neutral,
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An intent on one line; of a long one, the start.
fn quoted(intent: &str) -> String {
    let line = one_line(intent);
    match line.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("\"{}…\"", &line[..end]),
        None => format!("\"{line}\""),
    }
}

fn reasons(out: &mut String, trial: &Trial, decision: Decision, why: &Why, paint: Paint) {
    match why {
        Why::NoRules => line(out, "  it has no rules, so every intent is allowed"),
        Why::Unknown => {
            line(out, "  masquec did not make this component, so nothing is known about its reasons");
        }
        Why::Rules(Explanation { deciding, clauses, intent, same_verbs, .. }) => {
            if deciding.is_empty() && clauses.is_empty() {
                debug_assert_eq!(decision, Decision::Unmatched, "every other decision has a rule");
                line(out, "  no rule matches it");
            }
            for clause in clauses {
                let text = quoted(&intent[clause.range.clone()]);
                // Colour has no width: the column is filled before it.
                let verdict = paint.with(ink(clause.decision), &format!("{:9}", clause.decision.name()));
                line(out, &format!("  {verdict}  clause {}", printable(&text)));
            }
            for rule in deciding.iter().take(MOST_RULES) {
                place(out, trial, rule, paint);
            }
            if deciding.len() > MOST_RULES {
                line(out, &format!("  … and {} more", deciding.len() - MOST_RULES));
            }
            if !same_verbs {
                line(
                    out,
                    &paint.with(
                        Ink::Note,
                        "note: it was compiled with another table of irregular verbs; compile it again",
                    ),
                );
            }
        }
    }
}

/// A rule with its place, the line of the source where there is one, and its reason.
fn place(out: &mut String, trial: &Trial, Deciding { rule, .. }: &Deciding, paint: Paint) {
    let action = match rule.action {
        Action::Allow => "allow",
        Action::Deny => "deny",
    };
    let mode = match rule.mode {
        MatchMode::Verb => "",
        MatchMode::Exact => " (exact)",
    };
    let at = paint.with(Ink::Note, &format!("{}:{}:{}", trial.file_of(rule), rule.at.line, rule.at.column));
    let set = rule.set.as_ref().map(|set| format!("  of {}", printable(set))).unwrap_or_default();
    line(out, &format!("  {at}  {action} \"{}\"{mode}{set}", printable(&rule.pattern)));
    let source = trial.source.as_deref().filter(|_| rule.file == 0);
    if let Some(snippet) = source.and_then(|source| Snippet::new(source, rule.at)) {
        let number = rule.at.line.to_string();
        let gutter =
            |text: &str| paint.with(Ink::Faint, &format!("{text:>width$} | ", width = number.len().max(5)));
        line(out, &format!("{}{}", gutter(&number), printable(&snippet.text)));
        let mark = paint.with(ink_of(rule.action), &"^".repeat(snippet.length));
        line(out, &format!("{}{:indent$}{mark}", gutter(""), "", indent = snippet.start));
    }
    if let Some(condition) = trial.condition(rule) {
        line(out, &format!("        when {}", printable(&one_line(condition))));
    }
    if let Some(because) = &rule.because {
        line(out, &format!("        because {}", printable(&one_line(because))));
    }
}

fn ink_of(action: Action) -> Ink {
    match action {
        Action::Allow => Ink::Good,
        Action::Deny => Ink::Bad,
    }
}

/// The line of a rule, cut to what fits, and where the rule is in it.
struct Snippet {
    text: String,
    /// In characters.
    start: usize,
    /// In characters, at least 1.
    length: usize,
}

impl Snippet {
    /// Characters that are shown of a line.
    const ROOM: usize = 96;

    fn new(source: &str, at: Place) -> Option<Self> {
        let (start, end) = (at.start as usize, at.end as usize);
        let before = source.get(..start)?;
        let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = source[begin..].lines().next()?;
        // One character is one place, so that the mark stands under it.
        let all: Vec<char> = line.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
        let first = source[begin..start].chars().count();
        let marked = source.get(start..end.min(begin + line.len()))?.chars().count().max(1);
        let from = match all.len() > Self::ROOM {
            true => first.saturating_sub(Self::ROOM / 4).min(all.len() - Self::ROOM),
            false => 0,
        };
        let shown: String = all[from..].iter().take(Self::ROOM).collect();
        Some(Self { text: shown, start: first - from, length: marked.min(Self::ROOM - (first - from)) })
    }
}

fn show_offer(out: &mut String, offer: &Offer, paint: Paint) {
    let Offer { knowledge, access, context, lens } = offer;
    let knowledge: Vec<String> = knowledge.iter().map(|uri| printable(uri)).collect();
    let width = |field: fn(&Grant) -> &String| {
        access.iter().map(|grant| field(grant).chars().count()).max().unwrap_or(0)
    };
    let (provider, role) = (width(|grant| &grant.provider), width(|grant| &grant.role));
    let access: Vec<String> = access
        .iter()
        .map(|grant| {
            format!(
                "{:provider$}  {:role$}  {}",
                printable(&grant.provider),
                printable(&grant.role),
                lifetime(grant.ttl)
            )
        })
        .collect();
    let (context, lens) = (printable(context), printable(lens));
    let sections: [(&str, Vec<&str>); 4] = [
        ("knowledge", knowledge.iter().map(String::as_str).collect()),
        ("access", access.iter().map(String::as_str).collect()),
        ("context", context.trim_end().lines().collect()),
        ("lens", lens.trim_end().lines().collect()),
    ];
    for (heading, lines) in sections {
        out.push('\n');
        match lines.is_empty() {
            true => section(out, paint, heading, [paint.with(Ink::Faint, "none")]),
            false => section(out, paint, heading, lines),
        }
    }
}

/// `for the session`, `for 1 h 30 min`.
fn lifetime(ttl: Ttl) -> String {
    let Ttl::Seconds(seconds) = ttl else { return "for the session".to_owned() };
    let mut text = "for".to_owned();
    let mut rest = seconds;
    for (unit, size) in [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)] {
        if rest >= size {
            write!(text, " {} {unit}", rest / size).expect("memory takes all writes");
            rest %= size;
        }
    }
    if seconds == 0 { "for 0 s".to_owned() } else { text }
}

fn ring_note(out: &mut String, trial: &Trial, paint: Paint) {
    let Some(manifest) = &trial.manifest else { return };
    let (needed, ring) = (manifest.identity.ring, trial.ring);
    if ring < needed {
        let note = format!("note: {needed} is needed to wear it; the agent is {ring}");
        line(out, &format!("\n{}", paint.with(Ink::Note, &note)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(source: &str, text: &str) -> Place {
        let start = u32::try_from(source.find(text).unwrap()).unwrap();
        Place { line: 1, column: 1, start, end: start + u32::try_from(text.len()).unwrap() }
    }

    #[test]
    fn a_snippet_marks_the_rule_in_its_line() {
        let source = "intent:\r\n\tallowed: [\"🚀 deploy *\"]\r\nlens: x";
        let snippet = Snippet::new(source, at(source, "\"🚀 deploy *\"")).unwrap();
        assert_eq!(
            (snippet.text.as_str(), snippet.start, snippet.length),
            (" allowed: [\"🚀 deploy *\"]", 11, 12)
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_rule() {
        let source = format!("[{}deploy *{}]", "\"x\", ".repeat(100), ", y".repeat(100));
        let snippet = Snippet::new(&source, at(&source, "deploy *")).unwrap();
        assert_eq!(snippet.text.chars().count(), Snippet::ROOM);
        assert_eq!(&snippet.text[snippet.start..snippet.start + snippet.length], "deploy *");
    }

    #[test]
    fn a_place_outside_of_the_source_has_no_snippet() {
        let place = Place { line: 9, column: 1, start: 900, end: 910 };
        assert!(Snippet::new("short", place).is_none());
    }

    #[test]
    fn lifetimes_read_well() {
        for (ttl, expected) in [
            (Ttl::Session, "for the session"),
            (Ttl::Seconds(0), "for 0 s"),
            (Ttl::Seconds(900), "for 15 min"),
            (Ttl::Seconds(5400), "for 1 h 30 min"),
            (Ttl::Seconds(90_061), "for 1 d 1 h 1 min 1 s"),
        ] {
            assert_eq!(lifetime(ttl), expected);
        }
    }
}
