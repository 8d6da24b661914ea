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
use crate::expression::Scope;
use crate::part::Position;
use crate::{limits, problems, template};
use masque_diagnostics::Spanned;
use masque_ir::{Piece, Template};
use masque_syntax::ast;
use std::fmt::Write as _;

/// Checks the lens and everything of the prompt that goes into it.
pub(crate) fn check(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    lens: &ast::Field<ast::Template>,
    prompt: &ast::Field<ast::Prompt>,
    position: &Position,
) -> Option<Template> {
    let base = base(cx, scope, lens, prompt, position);
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
    let base = match base {
        Base::None if text.is_empty() => return None,
        // A child may add to its parent's lens without one of its own.
        Base::None => return Some(Template::constant(text.trim_start())),
        Base::Refused => return None,
        Base::Given(base) => base,
    };
    if text.is_empty() {
        return Some(base.value);
    }
    let mut pieces = trimmed(base.value.pieces);
    pieces.push(Piece::Constant(text));
    let whole = Template { pieces: template::joined(pieces) };
    template::fits(cx, &whole, base.span, "lens", limits::LENS).then_some(whole)
}

/// Checks the context; a blank one counts as left out.
pub(crate) fn context(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    written: &ast::Field<ast::Template>,
) -> Option<Template> {
    let written = cx.given(written)?;
    let context = template::check(cx, scope, written, "context", limits::CONTEXT)?;
    (!template::is_blank(&context)).then_some(context)
}

/// What the lens begins with.
enum Base {
    /// Nothing, and nothing is wrong with that.
    None,
    /// Nothing; that was reported.
    Refused,
    /// The lens or the persona.
    Given(Spanned<Template>),
}

fn base(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    lens: &ast::Field<ast::Template>,
    prompt: &ast::Field<ast::Prompt>,
    position: &Position,
) -> Base {
    const NONE: &ast::Text = &ast::Field::Absent;
    let persona = prompt.get().map_or(NONE, |prompt| &prompt.value.persona);
    let prompt_is_error = prompt.get().is_none() && !prompt.is_absent();
    if lens.is_absent() && persona.is_absent() && !prompt_is_error {
        if *position != Position::Root {
            return Base::None;
        }
        let place = cx.missing_from(None);
        let insertion = cx.insertion(None, "lens", "Say here how to think.");
        cx.report(problems::missing_lens(place, insertion));
    }
    let (lens, persona) = (cx.given(lens), cx.given(persona));
    if let (Some(lens), Some(persona)) = (lens, persona) {
        let places = (cx.missing_from(Some(persona.span)), cx.missing_from(Some(lens.span)));
        cx.report(problems::two_lenses(places.0, places.1));
    }
    let (text, path) = match (lens, persona) {
        (Some(lens), _) => (template::check(cx, scope, lens, "lens", limits::LENS), ("lens", lens.span)),
        (None, Some(persona)) => {
            let fits = cx.fits(persona, "prompt.persona", limits::LENS);
            let text = fits.then(|| Template::constant(&persona.value));
            (text, ("prompt.persona", persona.span))
        }
        (None, None) => return Base::Refused,
    };
    let (Some(text), (path, span)) = (text, path) else { return Base::Refused };
    if template::is_blank(&text) {
        cx.report(problems::blank_value(path, span));
        return Base::Refused;
    }
    Base::Given(Spanned::new(text, span))
}

/// Without the white space around it, as far as that is known.
fn trimmed(mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(Piece::Constant(first)) = pieces.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some(Piece::Constant(last)) = pieces.last_mut() {
        *last = last.trim_end().to_owned();
    }
    pieces.push(Piece::Constant("\n".to_owned()));
    pieces
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
