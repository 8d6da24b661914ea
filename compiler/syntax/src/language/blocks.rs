//! The blocks of a masque that hold statements: rules, pointers, credentials; and the sets of a file.

use masque_diagnostics::Spanned;
use pest::iterators::Pair;

use super::expressions::{expression, range};
use super::grammar::Rule;
use super::reader::Reader;
use super::recovery::Block;
use crate::ast::{self, Field};
use crate::problems;

/// `intent { … }`.
pub(super) fn intent(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::Intent {
    let span = reader.text.span(range(&pair));
    let mut intent = ast::Intent::default();
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::rule_statement => rule(pair, &mut intent, reader),
            Rule::match_mode => {
                let word = second(pair, reader);
                let read = reader.word("match", &word);
                replace(&mut intent.mode, read, "match", reader);
            }
            Rule::clauses => {
                let word = second(pair, reader);
                let read = reader.word("clauses", &word);
                replace(&mut intent.clauses, read, "clauses", reader);
            }
            Rule::close => reader.close(&pair, "`intent`", span),
            Rule::invalid_statement => reader.invalid(&pair, Block::Intent, span),
            _ => {}
        }
    }
    intent
}

fn second(pair: Pair<'_, Rule>, reader: &Reader<'_>) -> Spanned<String> {
    reader.name(&pair.into_inner().nth(1).expect("the statement has a word behind its first"))
}

fn replace<T>(field: &mut Field<T>, read: Field<T>, what: &str, reader: &mut Reader<'_>) {
    match (&*field, &read) {
        (Field::Given(first), Field::Given(again)) => {
            let (place, first) = (again.span, first.span);
            reader.findings.error(problems::item_twice(what, place, first));
        }
        _ => *field = read,
    }
}

/// One statement: as many rules as it has patterns.
fn rule(pair: Pair<'_, Rule>, intent: &mut ast::Intent, reader: &mut Reader<'_>) {
    let (mut rules, mut shared) = (Vec::new(), ast::RulePattern::default());
    let (mut denies, mut also) = (false, false);
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::kw_deny => denies = true,
            Rule::kw_also => also = true,
            Rule::rule_pattern => {
                let span = reader.text.span(range(&pair));
                rules.push(Spanned::new(rule_pattern(pair, reader), span));
            }
            Rule::when => {
                let read = when(pair, reader);
                replace(&mut shared.when, read, "when", reader);
            }
            Rule::because => {
                let read = because(pair, reader);
                replace(&mut shared.because, read, "because", reader);
            }
            _ => {}
        }
    }
    let list = match (denies, also) {
        (true, _) => &mut intent.denied,
        (false, true) => &mut intent.also_allowed,
        (false, false) => &mut intent.allowed,
    };
    for mut rule in rules {
        rule.value.when.clone_from(&shared.when);
        rule.value.because.clone_from(&shared.because);
        super::items::push(list, rule);
    }
}

/// A pattern with its mode, or the name of a set.
pub(super) fn rule_pattern(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::RulePattern {
    let inner = pair.into_inner().next().expect("a rule has a pattern or a set");
    pattern_or_set(inner, reader)
}

fn pattern_or_set(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::RulePattern {
    let mut rule = ast::RulePattern::default();
    if pair.as_rule() == Rule::set_path {
        rule.set = reader.given(&pair);
        return rule;
    }
    for pair in pair.into_inner() {
        let span = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::kw_exact => rule.mode = Field::Given(Spanned::new(ast::MatchMode::Exact, span)),
            Rule::kw_verb => rule.mode = Field::Given(Spanned::new(ast::MatchMode::Verb, span)),
            _ => rule.pattern = reader.given(&pair),
        }
    }
    rule
}

/// `when …`.
pub(super) fn when(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Field<ast::Expression> {
    let condition = pair.into_inner().nth(1).expect("`when` has a condition");
    Field::Given(expression(condition, &reader.text, reader.findings))
}

fn because(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::Text {
    reader.given(&pair.into_inner().nth(1).expect("`because` has a text"))
}

/// `knowledge { … }`.
pub(super) fn knowledge(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Vec<Spanned<ast::Pointer>> {
    let span = reader.text.span(range(&pair));
    let mut pointers = Vec::new();
    for pair in pair.into_inner() {
        let place = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::pointer => {
                let mut pairs = pair.into_inner();
                let uri = reader.given(&pairs.next().expect("a pointer has a URI"));
                let when = pairs.next().map_or(Field::Absent, |pair| when(pair, reader));
                pointers.push(Spanned::new(ast::Pointer { uri, when }, place));
            }
            Rule::close => reader.close(&pair, "`knowledge`", span),
            Rule::invalid_statement => reader.invalid(&pair, Block::Knowledge, span),
            _ => {}
        }
    }
    pointers
}

/// `access { … }`.
pub(super) fn access(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Vec<Spanned<ast::Access>> {
    let span = reader.text.span(range(&pair));
    let mut grants = Vec::new();
    for pair in pair.into_inner() {
        let place = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::grant => {
                let mut grant = ast::Access::default();
                for pair in pair.into_inner() {
                    match pair.as_rule() {
                        Rule::string => grant.vault_role = reader.given(&pair),
                        Rule::ttl => grant.ttl = ttl(pair, reader),
                        Rule::when => grant.when = when(pair, reader),
                        _ => {}
                    }
                }
                grants.push(Spanned::new(grant, place));
            }
            Rule::close => reader.close(&pair, "`access`", span),
            Rule::invalid_statement => reader.invalid(&pair, Block::Access, span),
            _ => {}
        }
    }
    grants
}

/// How long a credential lives.
pub(super) fn ttl(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> ast::Text {
    reader.given(&pair.into_inner().next().expect("a ttl is one of its kinds"))
}

/// `set name { … }`.
pub(super) fn set(pair: Pair<'_, Rule>, reader: &mut Reader<'_>) -> Spanned<ast::Set> {
    let span = reader.text.span(range(&pair));
    let mut pairs = pair.into_inner().skip(1);
    let name = reader.name(&pairs.next().expect("a set has a name"));
    let mut set =
        ast::Set { name, because: Field::Absent, members: Field::Given(Spanned::new(Vec::new(), span)) };
    for pair in pairs {
        let place = reader.text.span(range(&pair));
        match pair.as_rule() {
            Rule::because => set.because = because(pair, reader),
            Rule::member => {
                let mut pairs = pair.into_inner();
                let mut member =
                    pattern_or_set(pairs.next().expect("a member is a pattern or a set"), reader);
                if let Some(reason) = pairs.next() {
                    member.because = because(reason, reader);
                }
                if let Field::Given(members) = &mut set.members {
                    members.value.push(Spanned::new(member, place));
                }
            }
            Rule::close => reader.close(&pair, "a set", span),
            Rule::invalid_member => reader.invalid(&pair, Block::Set, span),
            _ => {}
        }
    }
    Spanned::new(set, span)
}
