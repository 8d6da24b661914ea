//! What is said about the word under a caret.

use std::ops::Range;

use masque_automata::verbs::inflections;
use masque_syntax::ast::{self, Field, Notation};
use masque_syntax::{Described, field_at};

use crate::context::{Spot, caret};

/// An explanation and the text that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub text: String,
    /// What it is about.
    pub range: Range<usize>,
}

/// Explains what stands at `offset`: a pattern, or else a field.
pub fn hover(notation: Notation, text: &str, masque: Option<&ast::Masque>, offset: usize) -> Option<Hover> {
    masque.and_then(|masque| pattern(masque, offset)).or_else(|| field(notation, text, offset))
}

fn field(notation: Notation, text: &str, offset: usize) -> Option<Hover> {
    let caret = caret(notation, text, offset);
    let mut path: Vec<&str> = caret.path.iter().map(String::as_str).collect();
    let word = &text[caret.word.clone()];
    if caret.spot == Spot::Name || field_at(&path).is_none() {
        path.push(word);
    }
    let described = field_at(&path)?;
    Some(Hover { text: shown(described), range: caret.word })
}

fn shown(field: Described) -> String {
    let mut out = format!("**`{}`** — {}\n\n{}", field.name(), field.takes(), field.doc());
    if !field.words().is_empty() {
        let words: Vec<String> = field.words().iter().map(|word| format!("`{word}`")).collect();
        out.push_str(&format!("\n\n{}", words.join(", ")));
    }
    let others: Vec<String> = field.names().skip(1).map(|name| format!("`{name}`")).collect();
    if !others.is_empty() {
        out.push_str(&format!("\n\nAlso called {}.", others.join(", ")));
    }
    out
}

/// What a rule's pattern takes.
fn pattern(masque: &ast::Masque, offset: usize) -> Option<Hover> {
    let intent = masque.intent.get()?;
    let default = intent.value.mode.get().map(|mode| mode.value);
    let lists =
        [(&intent.value.allowed, true), (&intent.value.also_allowed, true), (&intent.value.denied, false)];
    for (list, allows) in lists {
        for rule in list.get().into_iter().flat_map(|list| &list.value) {
            let Field::Given(pattern) = &rule.value.pattern else { continue };
            if !pattern.span.range().contains(&offset) {
                continue;
            }
            let mode =
                rule.value.mode.get().map(|mode| mode.value).or(default).unwrap_or(ast::MatchMode::Verb);
            let what = if allows { "allows" } else { "denies" };
            let text = examples(&pattern.value, mode).map_or_else(
                || format!("This rule {what} intents that match `{}`.", pattern.value),
                |examples| format!("This rule {what} intents such as\n\n{examples}"),
            );
            return Some(Hover { text, range: pattern.span.range() });
        }
    }
    None
}

/// Intents that a pattern takes, as a Markdown list: each form of its verb, with something in a star's place.
fn examples(pattern: &str, mode: ast::MatchMode) -> Option<String> {
    masque_automata::Pattern::parse(pattern).ok()?;
    let (first, rest) = pattern.split_once(' ').unwrap_or((pattern, ""));
    let words: Vec<&str> = first.trim_matches(['{', '}']).split(',').map(str::trim).collect();
    let are_verbs =
        words.iter().all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()));
    if mode == ast::MatchMode::Exact || !are_verbs {
        return Some(format!("- {}", pattern.replace('*', "…")));
    }
    let rest = rest.replace('*', "…");
    let forms = words.iter().flat_map(|word| std::iter::once((*word).to_owned()).chain(inflections(word)));
    let mut lines: Vec<String> =
        forms.map(|form| format!("- {}", format!("{form} {rest}").trim_end())).collect();
    lines.dedup();
    Some(lines.join("\n"))
}
