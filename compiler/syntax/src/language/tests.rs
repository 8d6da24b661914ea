//! `test { … }`: of the masque, or of a model that wears it.

use masque_diagnostics::{Span, Spanned};
use pest::iterators::Pair;

use super::blocks;
use super::expressions::range;
use super::grammar::Rule;
use super::items::push;
use super::reader::Reader;
use super::recovery::Block;
use crate::ast::{self, Field};
use crate::problems;

/// Reads one test.
pub(super) fn test(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::Test {
    let span = reader.text.span(range(&pair));
    let (mut session, mut prompt) = (ast::SessionTest::default(), ast::PromptTest::default());
    let (mut of_masque, mut of_model): (Option<Span>, Option<Span>) = (None, None);
    for pair in pair.into_inner() {
        let place = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::string => {
                let name = reader.given(&pair);
                session.name.clone_from(&name);
                prompt.name = name;
            }
            Rule::given => session.given = given(pair, reader),
            Rule::expect_intents => {
                of_masque.get_or_insert(place);
                intents(pair, &mut session.intents, reader);
            }
            Rule::expect_knowledge => {
                of_masque.get_or_insert(place);
                let uris = pair.into_inner().skip(1).filter(|pair| pair.as_rule() != Rule::end_bracket);
                let uris = uris.map(|uri| reader.string(&uri)).collect();
                session.knowledge = Field::Given(Spanned::new(uris, place));
            }
            Rule::expect_access => {
                of_masque.get_or_insert(place);
                let grants = pair.into_inner().filter(|pair| pair.as_rule() == Rule::expect_grant);
                let grants = grants.map(|pair| grant(pair, reader)).collect();
                session.access = Field::Given(Spanned::new(grants, place));
            }
            Rule::expect_text => {
                of_masque.get_or_insert(place);
                let mut pairs = pair.into_inner();
                let word = pairs.next().expect("the statement begins with its word").as_rule();
                let wanted = assertion(pairs, place, reader);
                push(if word == Rule::kw_lens { &mut session.lens } else { &mut session.context }, wanted);
            }
            Rule::test_input => {
                of_model.get_or_insert(place);
                prompt.input = reader.given(&pair.into_inner().nth(1).expect("`input` has a text"));
            }
            Rule::expect_answer => {
                of_model.get_or_insert(place);
                let wanted = assertion(pair.into_inner(), place, reader);
                push(&mut prompt.assertions, wanted);
            }
            Rule::close => reader.close(&pair, "a test", span),
            Rule::invalid_statement => reader.invalid(&pair, Block::Test, span),
            _ => {}
        }
    }
    if let (Some(masque), Some(model)) = (of_masque.or(session.given.get().map(|given| given.span)), of_model)
    {
        reader.findings.error(problems::mixed_test(model, masque));
    }
    if of_model.is_some() { ast::Test::Prompt(prompt) } else { ast::Test::Session(Box::new(session)) }
}

fn given(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Field<Vec<ast::Setting>> {
    let span = reader.text.span(range(&pair));
    let mut settings = Vec::new();
    for pair in pair.into_inner().filter(|pair| pair.as_rule() == Rule::setting) {
        let mut pairs = pair.into_inner();
        let name = reader.name(&pairs.next().expect("a setting has a name"));
        let value = reader.string(&pairs.nth(1).expect("a setting has a value"));
        settings.push(ast::Setting { name, value });
    }
    Field::Given(Spanned::new(settings, span))
}

fn intents(pair: Pair<'_, Rule>, test: &mut ast::IntentTest, reader: &mut Reader<'_>) {
    let mut pairs = pair.into_inner();
    let list = match pairs.next().map(|word| word.as_rule()) {
        Some(Rule::kw_allow) => &mut test.allowed,
        Some(Rule::kw_deny) => &mut test.denied,
        _ => &mut test.unmatched,
    };
    let (mut intents, mut because, mut set, mut reason) = (Vec::new(), Field::Absent, Field::Absent, false);
    for pair in pairs {
        match pair.as_rule() {
            Rule::kw_because => reason = true,
            Rule::set_path => set = reader.given(&pair),
            _ if reason => because = reader.given(&pair),
            _ => intents.push(reader.string(&pair)),
        }
    }
    for intent in intents {
        let span = intent.span;
        let expected = ast::ExpectedIntent {
            intent: Field::Given(intent),
            because: because.clone(),
            because_set: set.clone(),
        };
        push(list, Spanned::new(expected, span));
    }
}

fn grant(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Spanned<ast::ExpectedGrant> {
    let span = reader.text.span(range(&pair));
    let mut grant = ast::ExpectedGrant::default();
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::string => grant.vault_role = reader.given(&pair),
            Rule::ttl => grant.ttl = blocks::ttl(pair, reader),
            _ => {}
        }
    }
    Spanned::new(grant, span)
}

/// `contains "…"` or `lacks "…"`.
fn assertion<'p>(
    mut pairs: impl Iterator<Item = Pair<'p, Rule>>,
    place: Span,
    reader: &mut Reader<'_>,
) -> Spanned<ast::Assertion> {
    let word = pairs.next().expect("the assertion begins with its word").as_rule();
    let text = reader.string(&pairs.next().expect("the assertion has a text")).value;
    let assertion = match word {
        Rule::kw_contains => ast::Assertion::Contains(text),
        _ => ast::Assertion::NotContains(text),
    };
    Spanned::new(assertion, place)
}
