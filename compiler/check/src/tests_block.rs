//! The `tests` block: what the author expects of the masque. Whether it holds is shown by running the tests, not here.

use crate::context::Context;
use crate::{limits, problems};
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast;

/// Checks the tests.
pub(crate) fn check(cx: &mut Context<'_>, list: &ast::List<ast::Test>) -> Vec<ir::Expectation> {
    let items = cx.items(list, "tests", limits::ITEMS);
    items
        .iter()
        .filter_map(|item| match &item.value {
            ast::Test::Session(test) => Some(session(cx, test, item.span)),
            ast::Test::Prompt(test) => prompt(cx, test, item.span),
        })
        .collect()
}

fn session(cx: &mut Context<'_>, test: &ast::SessionTest, span: Span) -> ir::Expectation {
    let name = cx.optional_line(&test.name, "tests.name");
    let lists = [
        (&test.intents.allowed, "tests.allowed", ir::ExpectedDecision::Allowed),
        (&test.intents.denied, "tests.denied", ir::ExpectedDecision::Denied),
        (&test.intents.unmatched, "tests.unmatched", ir::ExpectedDecision::Unmatched),
    ];
    if !lists.iter().any(|(list, ..)| cx.has_items(list)) {
        let place = cx.missing_from(Some(span));
        cx.report(problems::empty_test(
            name.as_deref(),
            "intents under `allowed`, `denied` or `unmatched`",
            place,
        ));
    }
    // A blank intent is an intent: what becomes of it may well be tested.
    let mut intents = Vec::new();
    for (list, path, decision) in lists {
        for item in cx.items(list, path, limits::ITEMS) {
            let Some(intent) = cx.given(&item.value.intent) else { continue };
            let Some(written) = text(cx, intent, path) else { continue };
            let place = cx.place(intent.span);
            intents.push(ir::ExpectedIntent { intent: written, decision, because: None, place });
        }
    }
    ir::Expectation::Session(ir::SessionTest {
        name,
        ring: None,
        agent: String::new(),
        intent: String::new(),
        params: Vec::new(),
        intents,
        knowledge: None,
        access: None,
        context: Vec::new(),
        lens: Vec::new(),
        place: cx.place(span),
    })
}

fn prompt(cx: &mut Context<'_>, test: &ast::PromptTest, span: Span) -> Option<ir::Expectation> {
    let name = cx.optional_line(&test.name, "tests.name");
    let mut assertions = Vec::new();
    if !cx.has_items(&test.assertions) {
        let place = cx.missing_from(Some(span));
        cx.report(problems::empty_test(name.as_deref(), "`assertions`", place));
    }
    for item in cx.items(&test.assertions, "tests.assertions", limits::ITEMS) {
        let (ast::Assertion::Contains(wanted) | ast::Assertion::NotContains(wanted)) = &item.value;
        // An empty text is contained in every answer: the assertion would always hold, or never.
        if wanted.is_empty() {
            cx.report(problems::blank_value("tests.assertions", item.span));
            continue;
        }
        assertions.push(match &item.value {
            ast::Assertion::Contains(text) => ir::Assertion::Contains(text.clone()),
            ast::Assertion::NotContains(text) => ir::Assertion::NotContains(text.clone()),
        });
    }
    let input = cx.required(&test.input, Some(span), "tests.input", "input: …")?;
    let input = text(cx, input, "tests.input")?;
    Some(ir::Expectation::Prompt(ir::PromptTest { name, input, assertions, place: cx.place(span) }))
}

fn text(cx: &mut Context<'_>, text: &Spanned<String>, path: &str) -> Option<String> {
    cx.fits(text, path, limits::PROSE).then(|| text.value.clone())
}
