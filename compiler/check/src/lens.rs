//! The lens: as written, or composed from the structured prompt of a mask definition.
//!
//! The composed form is Markdown and depends on nothing but the source. After the base text (`lens` or `prompt.persona`, of which a
//! masque has exactly one) come, as far as they are given, each after an empty line:
//!
//! ```text
//! You are a literary professor.
//!
//! Constraints:
//! - Cite textual evidence
//! - Keep feedback under five paragraphs
//!
//! Style guidelines:
//! - Prefer questions to verdicts
//!
//! Format: markdown
//! ```
//!
//! Texts are trimmed, further lines of an item are indented under it, and the lens ends with one line break. A `lens` that nothing
//! follows is kept as it is written. `prompt.examples` are no part of it.

use crate::context::Context;
use crate::{limits, problems};
use masque_diagnostics::Spanned;
use masque_syntax::ast;
use std::fmt::Write as _;

/// Checks the lens and everything of the prompt that goes into it.
pub(crate) fn check(
    cx: &mut Context<'_>,
    lens: &ast::Field<ast::Template>,
    prompt: &ast::Field<ast::Prompt>,
) -> Option<String> {
    let lens = plain(lens);
    let base = base(cx, &lens, prompt);
    let mut text = String::new();
    if let Some(prompt) = cx.given(prompt).map(|prompt| &prompt.value) {
        section(cx, &mut text, "Constraints", &prompt.constraints, "prompt.constraints");
        section(cx, &mut text, "Style guidelines", &prompt.style_guidelines, "prompt.style_guidelines");
        if let Some(format) = cx.prose(&prompt.format, "prompt.format", limits::PROSE) {
            let format = format.trim();
            let separator = if format.contains('\n') { '\n' } else { ' ' };
            let _ = writeln!(text, "\nFormat:{separator}{format}");
        }
    }
    let base = base?;
    if text.is_empty() {
        return Some(base.value.clone());
    }
    text.insert_str(0, &format!("{}\n", base.value.trim()));
    let whole = Spanned::new(text, base.span);
    cx.fits(&whole, "lens", limits::LENS).then_some(whole.value)
}

pub(crate) fn plain(template: &ast::Field<ast::Template>) -> ast::Text {
    match template {
        ast::Field::Given(template) => {
            let text = template.value.as_plain().unwrap_or_default().to_owned();
            ast::Field::Given(Spanned::new(text, template.span))
        }
        ast::Field::Absent => ast::Field::Absent,
        ast::Field::Error(reported) => ast::Field::Error(*reported),
    }
}

/// The text that the lens begins with.
fn base<'f>(
    cx: &mut Context<'_>,
    lens: &'f ast::Text,
    prompt: &'f ast::Field<ast::Prompt>,
) -> Option<&'f Spanned<String>> {
    const NONE: &ast::Text = &ast::Field::Absent;
    let persona = prompt.get().map_or(NONE, |prompt| &prompt.value.persona);
    let prompt_is_error = prompt.get().is_none() && !prompt.is_absent();
    if lens.is_absent() && persona.is_absent() && !prompt_is_error {
        let place = cx.missing_from(None);
        cx.report(problems::missing_lens(place));
    }
    let (lens, persona) = (cx.given(lens), cx.given(persona));
    if let (Some(lens), Some(persona)) = (lens, persona) {
        let places = (cx.missing_from(Some(persona.span)), cx.missing_from(Some(lens.span)));
        cx.report(problems::two_lenses(places.0, places.1));
    }
    let (text, path) =
        lens.map(|lens| (lens, "lens")).or(persona.map(|persona| (persona, "prompt.persona")))?;
    if text.value.trim().is_empty() {
        cx.report(problems::blank_value(path, text.span));
        return None;
    }
    cx.fits(text, path, limits::LENS).then_some(text)
}

fn section(cx: &mut Context<'_>, text: &mut String, title: &str, list: &ast::List<String>, path: &str) {
    let mut heading = Some(title);
    for item in cx.items(list, path, limits::ITEMS) {
        let line = item.value.trim();
        if line.is_empty() {
            cx.report(problems::blank_value(path, item.span));
            continue;
        }
        if let Some(title) = heading.take() {
            let _ = writeln!(text, "\n{title}:");
        }
        let _ = writeln!(text, "- {}", line.replace('\n', "\n  "));
    }
}
