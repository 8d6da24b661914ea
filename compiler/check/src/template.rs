//! Templates: what the lens and the context show, in which the session leaves holes.

use crate::context::Context;
use crate::expression::{self, Scope, Value};
use crate::{limits, problems};
use masque_diagnostics::{Span, Spanned};
use masque_ir::{ConditionId, Piece, Template, TextSource};
use masque_syntax::ast;

/// The pieces that a template shows, without neighbouring constants; `None` where something about it was reported.
pub(crate) fn pieces(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    written: &ast::Template,
) -> Option<Vec<Piece>> {
    let mut all = Vec::new();
    let mut whole = true;
    for piece in &written.pieces {
        match one(cx, scope, piece) {
            Some(more) => all.extend(more),
            None => whole = false,
        }
    }
    whole.then(|| joined(all))
}

/// A template that stands at `span`, within the limits of `path`.
pub(crate) fn check(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    written: &Spanned<ast::Template>,
    path: &str,
    most: usize,
) -> Option<Template> {
    let template = Template { pieces: pieces(cx, scope, &written.value)? };
    fits(cx, &template, written.span, path, most).then_some(template)
}

/// Whether a template is within its limits; says so if it is not.
pub(crate) fn fits(cx: &mut Context<'_>, template: &Template, span: Span, path: &str, most: usize) -> bool {
    let size = Size::of(template);
    let place = cx.missing_from(Some(span));
    if size.bytes > most {
        cx.report(problems::over_limit(path, place, size.bytes, most));
    } else if size.pieces > limits::PIECES {
        cx.report(problems::too_many_items(path, place, size.pieces, limits::PIECES));
    } else if size.depth > limits::TEMPLATE_DEPTH {
        cx.report(problems::template_too_deep(path, place, limits::TEMPLATE_DEPTH));
    } else {
        return true;
    }
    false
}

/// Whether a template shows nothing in any session.
pub(crate) fn is_blank(template: &Template) -> bool {
    template.pieces.iter().all(|piece| match piece {
        Piece::Constant(text) => text.trim().is_empty(),
        Piece::Text(_) => false,
        Piece::If { then, otherwise, .. } => is_blank(then) && is_blank(otherwise),
    })
}

/// The pieces with neighbouring constants as one, and none that is empty.
pub(crate) fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (all.last_mut(), piece) {
            (_, Piece::Constant(text)) if text.is_empty() => {}
            (Some(Piece::Constant(last)), Piece::Constant(text)) => last.push_str(&text),
            (_, piece) => all.push(piece),
        }
    }
    all
}

fn one(cx: &mut Context<'_>, scope: &mut Scope<'_>, piece: &Spanned<ast::Piece>) -> Option<Vec<Piece>> {
    match &piece.value {
        ast::Piece::Text(text) => Some(vec![Piece::Constant(text.clone())]),
        ast::Piece::Value(value) => shown(cx, scope, value, piece.span),
        ast::Piece::If { branches, otherwise } => {
            if scope.depth >= limits::EXPRESSION_DEPTH {
                cx.report(problems::expression_too_deep(piece.span, limits::EXPRESSION_DEPTH));
                return None;
            }
            scope.depth += 1;
            let pieces = choice(cx, scope, branches, otherwise.as_ref());
            scope.depth -= 1;
            pieces
        }
        ast::Piece::Error(_) => {
            cx.broken();
            None
        }
    }
}

fn shown(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    value: &ast::Expression,
    span: Span,
) -> Option<Vec<Piece>> {
    // The value is cloned, since its place is the piece's.
    match expression::evaluate(cx, scope, &Spanned::new(value.clone(), span))? {
        Value::Text { text, .. } => Some(vec![match text.source {
            TextSource::Constant(text) => Piece::Constant(text),
            _ => Piece::Text(text),
        }]),
        Value::Composed(pieces) => Some(pieces),
        other @ (Value::Bool(_) | Value::List(_)) => {
            cx.report(problems::not_shown(cx.raw(span), &other.describe(), span));
            None
        }
    }
}

type Branch = (Spanned<ast::Expression>, ast::Template);

/// The branches that some session can reach, one in the other.
fn choice(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    branches: &[Branch],
    otherwise: Option<&ast::Template>,
) -> Option<Vec<Piece>> {
    let mut reached: Vec<(ConditionId, Vec<Piece>)> = Vec::new();
    let mut rest: Option<Vec<Piece>> = None;
    let mut whole = true;
    for (written, template) in branches {
        let holds = expression::condition(cx, scope, written);
        let content = pieces(cx, scope, template);
        whole &= holds.is_some() && content.is_some();
        let (Some(holds), Some(content)) = (holds, content) else { continue };
        let text = cx.raw(written.span);
        match holds {
            _ if rest.is_some() => cx.report(problems::branch_behind_all(text, written.span)),
            Err(true) => {
                cx.report(problems::always_holds(text, "this branch", written.span, None));
                rest = Some(content);
            }
            Err(false) => cx.report(problems::never_holds(text, "this branch", written.span, None)),
            Ok(condition) if reached.iter().any(|(known, _)| *known == condition) => {
                cx.report(problems::branch_asked_before(text, written.span));
            }
            Ok(condition) => reached.push((condition, content)),
        }
    }
    let last = otherwise.map(|template| pieces(cx, scope, template));
    whole &= !matches!(last, Some(None));
    if !whole {
        return None;
    }
    let end = rest.or(last.flatten()).unwrap_or_default();
    Some(reached.into_iter().rev().fold(end, |otherwise, (condition, then)| {
        let (then, otherwise) = (Template { pieces: then }, Template { pieces: otherwise });
        if then == otherwise { then.pieces } else { vec![Piece::If { condition, then, otherwise }] }
    }))
}

/// How much there is of a template.
#[derive(Default)]
struct Size {
    bytes: usize,
    pieces: usize,
    depth: usize,
}

impl Size {
    fn of(template: &Template) -> Self {
        let mut size = Self::default();
        for piece in &template.pieces {
            size.pieces += 1;
            match piece {
                Piece::Constant(text) => size.bytes += text.len(),
                Piece::Text(_) => {}
                Piece::If { then, otherwise, .. } => {
                    for part in [Self::of(then), Self::of(otherwise)] {
                        size.bytes += part.bytes;
                        size.pieces += part.pieces;
                        size.depth = size.depth.max(part.depth + 1);
                    }
                }
            }
        }
        size
    }
}
