//! The `tests` block: what the author expects of the masque. Whether it holds is shown by running the tests, not here.

use crate::context::Context;
use crate::expression::Scope;
use crate::{access, limits, params, problems};
use masque_diagnostics::{Span, Spanned};
use masque_ir as ir;
use masque_syntax::ast;

/// Checks the tests.
pub(crate) fn check(
    cx: &mut Context<'_>,
    scope: &mut Scope<'_>,
    list: &ast::List<ast::Test>,
) -> Vec<ir::Expectation> {
    let items = cx.items(list, "tests", limits::ITEMS);
    items
        .iter()
        .filter_map(|item| match &item.value {
            ast::Test::Session(test) => Some(session(cx, scope, test, item.span)),
            ast::Test::Prompt(test) => prompt(cx, test, item.span),
        })
        .collect()
}

fn session(cx: &mut Context<'_>, scope: &Scope<'_>, test: &ast::SessionTest, span: Span) -> ir::Expectation {
    let name = cx.optional_line(&test.name, "tests.name");
    let lists = [
        (&test.intents.allowed, "tests.allowed", ir::ExpectedDecision::Allowed),
        (&test.intents.denied, "tests.denied", ir::ExpectedDecision::Denied),
        (&test.intents.unmatched, "tests.unmatched", ir::ExpectedDecision::Unmatched),
    ];
    let lists_intents = lists.iter().any(|(list, ..)| cx.has_items(list));
    let says_more = !test.knowledge.is_absent()
        || !test.access.is_absent()
        || cx.has_items(&test.context)
        || cx.has_items(&test.lens);
    if !lists_intents && !says_more {
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
            let because = because(cx, scope, &item.value);
            let Some(intent) = cx.given(&item.value.intent) else { continue };
            let Some(written) = text(cx, intent, path) else { continue };
            let place = cx.place(intent.span);
            intents.push(ir::ExpectedIntent { intent: written, decision, because, place });
        }
    }
    let given = given(cx, scope, &test.given, span);
    let knowledge =
        cx.given(&test.knowledge).map(|list| list.value.iter().map(|uri| uri.value.clone()).collect());
    ir::Expectation::Session(ir::SessionTest {
        name,
        ring: given.ring,
        agent: given.agent,
        intent: given.intent,
        params: given.params,
        intents,
        knowledge,
        access: access(cx, &test.access),
        context: assertions(cx, &test.context, "tests.context"),
        lens: assertions(cx, &test.lens, "tests.lens"),
        place: cx.place(span),
    })
}

/// The session that a test sets up.
#[derive(Default)]
struct Given {
    ring: Option<ir::Ring>,
    agent: String,
    intent: String,
    params: Vec<(String, String)>,
}

fn given(
    cx: &mut Context<'_>,
    scope: &Scope<'_>,
    settings: &ast::Field<Vec<ast::Setting>>,
    span: Span,
) -> Given {
    let mut given = Given::default();
    let broken = settings.get().is_none() && !settings.is_absent();
    let settings = cx.given(settings).map_or(&[][..], |settings| &settings.value);
    for (at, setting) in settings.iter().enumerate() {
        let (name, value) = (setting.name.value.as_str(), &setting.value);
        if let Some(first) = settings[..at].iter().find(|first| first.name.value == name) {
            cx.report(problems::setting_twice(name, setting.name.span, first.name.span));
            continue;
        }
        let wrong = |wanted: &str| problems::invalid_setting(name, &value.value, wanted, value.span);
        match name {
            "agent" => given.agent = text(cx, value, "tests.given.agent").unwrap_or_default(),
            "intent" => given.intent = text(cx, value, "tests.given.intent").unwrap_or_default(),
            "ring" => match ir::Ring::ALL.into_iter().find(|ring| ring.name() == value.value) {
                Some(ring) => given.ring = Some(ring),
                None => cx.report(wrong("one of outsider, guest, player, admin")),
            },
            _ => match scope.logic.params.iter().find(|(param, _)| param.name == name) {
                Some((param, _)) => match params::canonical(&param.kind, &value.value) {
                    Some(text) => given.params.push((name.to_owned(), text)),
                    None => cx.report(wrong(&params::describe(&param.kind))),
                },
                None if scope.logic.refused.iter().any(|refused| refused == name) => {}
                None => {
                    let known = scope.logic.params.iter().map(|(param, _)| param.name.as_str());
                    let near = masque_diagnostics::nearest(name, known.chain(["ring", "agent", "intent"]));
                    cx.report(problems::unknown_setting(name, near, setting.name.span));
                }
            },
        }
    }
    for (param, declared) in scope.logic.params.iter().filter(|(param, _)| param.default.is_none()) {
        if !broken && !settings.iter().any(|setting| setting.name.value == param.name) {
            let place = cx.missing_from(Some(span));
            cx.report(problems::unset_param(&param.name, place, *declared));
        }
    }
    given
}

fn because(cx: &mut Context<'_>, scope: &Scope<'_>, item: &ast::ExpectedIntent) -> Option<ir::Because> {
    if let Some(path) = cx.given(&item.because_set) {
        let Some(members) = scope.sets.find(path) else {
            cx.broken();
            return None;
        };
        // The file may call the set by another path than its own.
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let own = members.iter().find(|member| last(&member.set) == last(&path.value)).or(members.first());
        return Some(ir::Because::Set(own.map_or_else(|| path.value.clone(), |member| member.set.clone())));
    }
    let because = cx.given(&item.because)?;
    text(cx, because, "tests.because").map(ir::Because::Text)
}

fn access(
    cx: &mut Context<'_>,
    list: &ast::List<ast::ExpectedGrant>,
) -> Option<Vec<(String, Option<ir::Ttl>)>> {
    cx.given(list)?;
    let mut grants = Vec::new();
    for item in cx.items(list, "tests.access", limits::ITEMS) {
        let path = "tests.access.vault_role";
        let role = cx.required_line(&item.value.vault_role, item.span, path, "vault_role: …");
        let ttl = cx.given(&item.value.ttl).and_then(|written| access::read_ttl(cx, written));
        grants.extend(role.map(|role| (role, ttl)));
    }
    Some(grants)
}

/// What a text must show. An empty text is contained in every text: the assertion would always hold, or never.
fn assertions(cx: &mut Context<'_>, list: &ast::List<ast::Assertion>, path: &str) -> Vec<ir::Assertion> {
    let mut assertions = Vec::new();
    for item in cx.items(list, path, limits::ITEMS) {
        let (ast::Assertion::Contains(wanted) | ast::Assertion::NotContains(wanted)) = &item.value;
        if wanted.is_empty() {
            cx.report(problems::blank_value(path, item.span));
            continue;
        }
        assertions.push(match &item.value {
            ast::Assertion::Contains(text) => ir::Assertion::Contains(text.clone()),
            ast::Assertion::NotContains(text) => ir::Assertion::NotContains(text.clone()),
        });
    }
    assertions
}

fn prompt(cx: &mut Context<'_>, test: &ast::PromptTest, span: Span) -> Option<ir::Expectation> {
    let name = cx.optional_line(&test.name, "tests.name");
    if !cx.has_items(&test.assertions) {
        let place = cx.missing_from(Some(span));
        cx.report(problems::empty_test(name.as_deref(), "`assertions`", place));
    }
    let assertions = assertions(cx, &test.assertions, "tests.assertions");
    let input = cx.required(&test.input, Some(span), "tests.input", "input: …")?;
    let input = text(cx, input, "tests.input")?;
    Some(ir::Expectation::Prompt(ir::PromptTest { name, input, assertions, place: cx.place(span) }))
}

fn text(cx: &mut Context<'_>, text: &Spanned<String>, path: &str) -> Option<String> {
    cx.fits(text, path, limits::PROSE).then(|| text.value.clone())
}
