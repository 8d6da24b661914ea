//! A masque as the fields of YAML and JSON.

use masque_diagnostics::Spanned;

use super::data::{self, Data, Entries, Entry, Node, node};
use super::{Lost, expressions};
use crate::ast::{
    Access, Assertion, Claim, Ensure, ExpectedIntent, Expression, Field, Intent, List, Masque, Param,
    ParamType, Pointer, RulePattern, Template, Test, Use,
};
use crate::fields::{
    Field as Named, access, assertion, claimed, ensure, expected, expected_grant, intent, library, masque,
    param, pointer, rule, test,
};

/// All fields, in the order of the source; those of a masque that was made, in the order of the table.
pub(super) fn of(masque: &Masque, lost: &mut Vec<Lost>) -> Vec<Entry> {
    let mut lose = |what: String, place| lost.push(Lost { what, place });
    for item in &masque.lets {
        lose(format!("the name `{}`", item.value.name.value), item.span);
    }
    for set in &masque.sets {
        lose(format!("the set `{}`", set.value.name.value), set.span);
    }
    for (word, field) in [("context", &masque.context), ("lens", &masque.lens)] {
        if let Field::Given(template) = field
            && template.value.as_plain().is_none()
        {
            lose(format!("what `{word}` says by conditions and values"), template.span);
        }
    }
    for param in masque.params.get().into_iter().flat_map(|params| &params.value) {
        if let Field::Given(default) = &param.value.default
            && let Expression::Text(template) = &default.value
            && template.as_plain().is_none()
        {
            lose("a default that is made of other values".to_owned(), default.span);
        }
    }

    let mut entries = Entries::default();
    entries.text(&masque::NAME, &masque.identity.name);
    data::identity(&masque.identity, &mut entries);
    entries.text(&masque::EXTENDS, &masque.extends);
    entries.push(&masque::WIDEN, &masque.widen, |words| {
        Data::List(words.iter().map(|word| node(word, |word| Data::Word(data::word(*word)))).collect())
    });
    entries.list(&masque::USE, &masque.uses, used);
    data::about(&masque.about, &mut entries);
    entries.list(&masque::PARAMS, &masque.params, parameter);
    entries.push(&masque::INTENT, &masque.intent, rules);
    prose(&mut entries, &masque::CONTEXT, &masque.context);
    entries.list(&masque::KNOWLEDGE, &masque.knowledge, pointed);
    entries.push(&masque::ACCESS, &masque.access, |grants| match grants.as_slice() {
        [grant] => granted(&grant.value),
        grants => Data::List(grants.iter().map(|grant| node(grant, granted)).collect()),
    });
    prose(&mut entries, &masque::LENS, &masque.lens);
    entries.push(&masque::PROMPT, &masque.prompt, data::prompt);
    entries.list(&masque::ENSURE, &masque.ensures, claim);
    entries.list(&masque::TESTS, &masque.tests, tested);
    let mut entries = entries.0;
    entries.sort_by_key(|entry| entry.value.at);
    entries
}

fn prose(entries: &mut Entries, field: &Named, template: &Field<Template>) {
    entries.push(field, template, |template| Data::Text(template.as_plain().unwrap_or_default().to_owned()));
}

fn condition(entries: &mut Entries, field: &Named, condition: &Field<Expression>) {
    entries.push(field, condition, |condition| Data::Text(expressions::text(condition)));
}

fn used(used: &Use) -> Data {
    match (&used.library, &used.alias) {
        (Field::Given(library), Field::Absent) => Data::Text(library.value.clone()),
        _ => {
            let mut entries = Entries::default();
            entries.text(&library::LIBRARY, &used.library);
            entries.text(&library::AS, &used.alias);
            entries.map()
        }
    }
}

fn parameter(declared: &Param) -> Data {
    let mut entries = Entries::default();
    entries.text(&param::NAME, &declared.name);
    match declared.kind.get().map(|kind| (&kind.value, kind.span.start)) {
        Some((ParamType::OneOf(values), at)) => {
            let values = values.iter().map(|value| node(value, |text| Data::Text(text.clone()))).collect();
            let value = Node { at, data: Data::List(values) };
            entries.0.push(Entry { key: param::ONE_OF.name, value });
        }
        Some((kind, at)) => {
            let word = match kind {
                ParamType::Bool => "bool",
                ParamType::Int => "int",
                ParamType::Duration => "duration",
                ParamType::Ring => "ring",
                ParamType::Version => "version",
                ParamType::String | ParamType::OneOf(_) => "string",
            };
            entries.0.push(Entry { key: param::TYPE.name, value: Node { at, data: Data::Word(word) } });
        }
        None => {}
    }
    entries.push(&param::DEFAULT, &declared.default, |default| match default {
        Expression::Text(template) => Data::Text(template.as_plain().unwrap_or_default().to_owned()),
        Expression::Bool(value) => Data::Bool(*value),
        Expression::Int(value) => Data::Number(value.to_string()),
        other => Data::Text(expressions::text(other)),
    });
    entries.map()
}

fn rules(rules: &Intent) -> Data {
    let mut entries = Entries::default();
    entries.word(&intent::MATCH, &rules.mode);
    entries.word(&intent::CLAUSES, &rules.clauses);
    entries.list(&intent::ALLOWED, &rules.allowed, ruled);
    entries.list(&intent::ALSO_ALLOWED, &rules.also_allowed, ruled);
    entries.list(&intent::DENIED, &rules.denied, ruled);
    entries.map()
}

fn ruled(written: &RulePattern) -> Data {
    let bare = written.mode.is_absent() && written.when.is_absent() && written.because.is_absent();
    if let (true, Field::Given(pattern)) = (bare, &written.pattern) {
        return Data::Text(pattern.value.clone());
    }
    let mut entries = Entries::default();
    entries.text(&rule::PATTERN, &written.pattern);
    entries.text(&rule::SET, &written.set);
    entries.word(&rule::MATCH, &written.mode);
    condition(&mut entries, &rule::WHEN, &written.when);
    entries.text(&rule::BECAUSE, &written.because);
    entries.map()
}

fn pointed(pointed: &Pointer) -> Data {
    match (&pointed.uri, &pointed.when) {
        (Field::Given(uri), Field::Absent) => Data::Text(uri.value.clone()),
        _ => {
            let mut entries = Entries::default();
            entries.text(&pointer::URI, &pointed.uri);
            condition(&mut entries, &pointer::WHEN, &pointed.when);
            entries.map()
        }
    }
}

fn granted(grant: &Access) -> Data {
    let mut entries = Entries::default();
    entries.text(&access::VAULT_ROLE, &grant.vault_role);
    entries.text(&access::TTL, &grant.ttl);
    condition(&mut entries, &access::WHEN, &grant.when);
    entries.map()
}

fn claim(claim: &Ensure) -> Data {
    let mut entries = Entries::default();
    let field = match claim.claim.get().map(|claim| claim.value) {
        Some(Claim::Always) => &ensure::ALWAYS,
        Some(Claim::Never) | None => &ensure::NEVER,
    };
    entries.text(field, &claim.pattern);
    entries.push(field, &claim.set, |set| {
        let set = Spanned::new(set.clone(), claim.set.get().expect("it is given").span);
        let mut inner = Entries::default();
        inner.text(&claimed::SET, &Field::Given(set));
        inner.map()
    });
    entries.word(&ensure::MATCH, &claim.mode);
    condition(&mut entries, &ensure::WHEN, &claim.when);
    entries.map()
}

fn tested(tested: &Test) -> Data {
    let mut entries = Entries::default();
    match tested {
        Test::Prompt(prompt) => {
            entries.text(&test::NAME, &prompt.name);
            entries.text(&test::INPUT, &prompt.input);
            assertions(&mut entries, &test::ASSERTIONS, &prompt.assertions);
        }
        Test::Session(session) => {
            entries.text(&test::NAME, &session.name);
            entries.push(&test::GIVEN, &session.given, |settings| {
                let setting = |setting: &crate::ast::Setting| {
                    (setting.name.value.clone(), node(&setting.value, |text| Data::Text(text.clone())))
                };
                Data::Map(settings.iter().map(setting).collect())
            });
            entries.list(&test::ALLOWED, &session.intents.allowed, expectation);
            entries.list(&test::DENIED, &session.intents.denied, expectation);
            entries.list(&test::UNMATCHED, &session.intents.unmatched, expectation);
            entries.texts(&test::KNOWLEDGE, &session.knowledge);
            entries.list(&test::ACCESS, &session.access, |grant| {
                let mut entries = Entries::default();
                entries.text(&expected_grant::VAULT_ROLE, &grant.vault_role);
                entries.text(&expected_grant::TTL, &grant.ttl);
                entries.map()
            });
            assertions(&mut entries, &test::CONTEXT, &session.context);
            assertions(&mut entries, &test::LENS, &session.lens);
        }
    }
    entries.map()
}

fn expectation(expectation: &ExpectedIntent) -> Data {
    match (&expectation.intent, &expectation.because, &expectation.because_set) {
        (Field::Given(intent), Field::Absent, Field::Absent) => Data::Text(intent.value.clone()),
        _ => {
            let mut entries = Entries::default();
            entries.text(&expected::INTENT, &expectation.intent);
            entries.text(&expected::BECAUSE, &expectation.because);
            entries.text(&expected::BECAUSE_SET, &expectation.because_set);
            entries.map()
        }
    }
}

fn assertions(entries: &mut Entries, field: &Named, assertions: &List<Assertion>) {
    entries.push(field, assertions, |assertions| {
        let asserted = |asserted: &Spanned<Assertion>| {
            let (field, text) = match &asserted.value {
                Assertion::Contains(text) => (&assertion::CONTAINS, text),
                Assertion::NotContains(text) => (&assertion::NOT_CONTAINS, text),
            };
            let text = Node { at: asserted.span.start, data: Data::Text(text.clone()) };
            Node { at: asserted.span.start, data: Data::Map(vec![(field.name.to_owned(), text)]) }
        };
        Data::List(assertions.iter().map(asserted).collect())
    });
}
