//! The `tests` block: what the author expects of the masque. Whether it holds is shown by running the tests, not here.

use crate::context::Context;
use crate::{limits, problems};
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast;

/// Checks the tests.
pub(crate) fn check(cx: &mut Context<'_>, list: &ast::List<ast::Test>) -> Vec<ir::Test> {
    let items = cx.items(list, "tests", limits::ITEMS);
    items
        .iter()
        .filter_map(|item| match &item.value {
            ast::Test::Intents(test) => Some(intents(cx, test, item.span)),
            ast::Test::Prompt(test) => prompt(cx, test, item.span),
        })
        .collect()
}

fn intents(cx: &mut Context<'_>, test: &ast::IntentTest, span: Span) -> ir::Test {
    let name = cx.optional_line(&test.name, "tests.name");
    let lists = [
        (&test.allowed, "tests.allowed"),
        (&test.denied, "tests.denied"),
        (&test.unmatched, "tests.unmatched"),
    ];
    if !lists.iter().any(|(list, _)| cx.has_items(list)) {
        let place = cx.missing_from(Some(span));
        cx.report(problems::empty_test(
            name.as_deref(),
            "intents under `allowed`, `denied` or `unmatched`",
            place,
        ));
    }
    // A blank intent is an intent: what becomes of it may well be tested.
    let [allowed, denied, unmatched] = lists.map(|(list, path)| {
        let intents = cx.items(list, path, limits::ITEMS);
        intents.iter().filter_map(|intent| text(cx, intent, path)).collect()
    });
    ir::Test::Intents { name, allowed, denied, unmatched }
}

fn prompt(cx: &mut Context<'_>, test: &ast::PromptTest, span: Span) -> Option<ir::Test> {
    let name = cx.optional_line(&test.name, "tests.name");
    let (mut contains, mut not_contains) = (Vec::new(), Vec::new());
    if !cx.has_items(&test.assertions) {
        let place = cx.missing_from(Some(span));
        cx.report(problems::empty_test(name.as_deref(), "`assertions`", place));
    }
    for item in cx.items(&test.assertions, "tests.assertions", limits::ITEMS) {
        let (list, wanted) = match &item.value {
            ast::Assertion::Contains(text) => (&mut contains, text),
            ast::Assertion::NotContains(text) => (&mut not_contains, text),
        };
        // An empty text is contained in every answer: the assertion would always hold, or never.
        if wanted.is_empty() {
            cx.report(problems::blank_value("tests.assertions", item.span));
            continue;
        }
        list.push(wanted.clone());
    }
    let input = cx.required(&test.input, Some(span), "tests.input", "input: …")?;
    Some(ir::Test::Prompt { name, input: text(cx, input, "tests.input")?, contains, not_contains })
}

fn text(cx: &mut Context<'_>, text: &Spanned<String>, path: &str) -> Option<String> {
    cx.fits(text, path, limits::PROSE).then(|| text.value.clone())
}
