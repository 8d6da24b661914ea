//! Expressions, from any text: a file of the language, or the `when` of another notation.

use masque_diagnostics::{Reported, Spanned};
use pest::Parser;
use pest::iterators::Pair;

use super::grammar::{Grammar, Rule};
use super::recovery;
use super::strings;
use super::templates;
use super::text::Text;
use crate::ast::{Expression, Operator};
use crate::findings::Findings;
use crate::problems;

/// How deep expressions may be nested; also the longest run of `not`.
pub(crate) const MAX_NESTING: usize = 64;

/// The most operands that one operator joins.
const LONGEST_CHAIN: usize = 256;

/// The expression that a whole text is.
pub(crate) fn whole(text: &Text, findings: &mut Findings) -> Result<Spanned<Expression>, Reported> {
    if let Some(deep) = too_deep(&text.text) {
        return Err(findings.error(problems::nested_too_deeply(text.span(deep..deep + 1), MAX_NESTING)));
    }
    match Grammar::parse(Rule::whole_expression, &text.text) {
        Ok(mut pairs) => {
            let whole = pairs.next().expect("a whole expression is one pair");
            let inner = whole.into_inner().next().expect("a whole expression holds an expression");
            Ok(expression(inner, text, findings))
        }
        Err(error) => Err(findings.error(recovery::unexpected(&error, text, "an expression"))),
    }
}

/// Where brackets outside of strings go deeper than is read.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'(' | b'[' if !quoted => {
                depth += 1;
                if depth > MAX_NESTING {
                    return Some(at);
                }
            }
            b')' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The expression of a pair of `expression`; places are found through `text`, which the pair was parsed from.
pub(super) fn expression(pair: Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Spanned<Expression> {
    chain(pair, Operator::Or, text, findings, |pair, findings| {
        chain(pair, Operator::And, text, findings, |pair, findings| negation(pair, text, findings))
    })
}

/// Operands with one operator between them, which binds to the left.
fn chain(
    pair: Pair<'_, Rule>,
    operator: Operator,
    text: &Text,
    findings: &mut Findings,
    mut operand: impl FnMut(Pair<'_, Rule>, &mut Findings) -> Spanned<Expression>,
) -> Spanned<Expression> {
    let whole = range(&pair);
    // Both operands and operators.
    if pair.clone().into_inner().count() > 2 * LONGEST_CHAIN {
        let place = text.span(whole);
        let reported = findings.error(problems::long_chain(operator.symbol(), place, LONGEST_CHAIN));
        return Spanned::new(Expression::Error(reported), place);
    }
    let mut pairs = pair.into_inner();
    let first = pairs.next().expect("a chain has a first operand");
    let mut left = operand(first, findings);
    while let Some(word) = pairs.next() {
        let right = operand(pairs.next().expect("an operator has a right operand"), findings);
        let span = left.span.to(right.span);
        let operator = Spanned::new(operator, text.span(range(&word)));
        left =
            Spanned::new(Expression::Binary { left: Box::new(left), operator, right: Box::new(right) }, span);
    }
    left
}

fn negation(pair: Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Spanned<Expression> {
    let end = range(&pair).end;
    let mut nots = Vec::new();
    let mut inner = None;
    for pair in pair.into_inner() {
        match pair.as_rule() {
            Rule::kw_not => nots.push(range(&pair).start),
            _ => inner = Some(comparison(pair, text, findings)),
        }
    }
    let mut inner = inner.expect("a negation holds a comparison");
    if let Some(&deep) = nots.get(MAX_NESTING) {
        let place = text.span(deep..deep + 3);
        let reported = findings.error(problems::nested_too_deeply(place, MAX_NESTING));
        return Spanned::new(Expression::Error(reported), place);
    }
    for start in nots.into_iter().rev() {
        inner = Spanned::new(Expression::Not(Box::new(inner)), text.span(start..end.max(start)));
        inner.span.end = inner.span.end.max(inner.span.start);
    }
    inner
}

fn comparison(pair: Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Spanned<Expression> {
    let mut pairs = pair.into_inner();
    let left = primary(pairs.next().expect("a comparison has a left side"), text, findings);
    let Some(operator) = pairs.next() else { return left };
    let place = text.span(range(&operator));
    let right = pairs.next().expect("a comparison has a right side");
    let (operator, right) = match operator.as_rule() {
        Rule::kw_matches => (Operator::Matches, pattern_or_set(&right, text, findings)),
        _ => (symbol(operator.as_str()), primary(right, text, findings)),
    };
    let span = left.span.to(right.span);
    let operator = Spanned::new(operator, place);
    Spanned::new(Expression::Binary { left: Box::new(left), operator, right: Box::new(right) }, span)
}

fn symbol(symbol: &str) -> Operator {
    match symbol {
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        _ => Operator::In,
    }
}

/// Behind `matches` a string is a pattern, in which braces are the glob's.
fn pattern_or_set(pair: &Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Spanned<Expression> {
    let span = text.span(range(pair));
    match pair.as_rule() {
        Rule::string => {
            let plain = string(pair, text, findings).text;
            let template = crate::ast::Template::plain(Spanned::new(plain, span));
            Spanned::new(Expression::Text(template), span)
        }
        _ => Spanned::new(Expression::Set(pair.as_str().to_owned()), span),
    }
}

fn primary(pair: Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Spanned<Expression> {
    let whole = text.span(range(&pair));
    let inner = pair.into_inner().next().expect("a primary is one of its kinds");
    let span = text.span(range(&inner));
    let written = inner.as_str();
    let value = match inner.as_rule() {
        Rule::string => {
            let decoded = string(&inner, text, findings);
            Expression::Text(templates::read(&decoded, templates::Lines::Inline, findings))
        }
        Rule::array => {
            let items = inner.into_inner().filter(|pair| pair.as_rule() == Rule::expression);
            Expression::List(items.map(|item| expression(item, text, findings)).collect())
        }
        // Parentheses are part of the place.
        Rule::expression => {
            let mut inner = expression(inner, text, findings);
            inner.span = whole;
            return inner;
        }
        Rule::duration => Expression::Duration(written.to_owned()),
        Rule::version => Expression::Version(written.to_owned()),
        Rule::integer => match written.parse() {
            Ok(number) => Expression::Int(number),
            Err(_) => Expression::Error(findings.error(problems::number_too_large(written, span))),
        },
        Rule::truth => Expression::Bool(written == "true"),
        Rule::set_value => Expression::Set(written.to_owned()),
        Rule::call => {
            let mut pairs = inner.into_inner();
            let name = pairs.next().expect("a call has a name");
            let function = Spanned::new(name.as_str().to_owned(), text.span(range(&name)));
            Expression::Call {
                function,
                arguments: pairs
                    .filter(|pair| pair.as_rule() == Rule::expression)
                    .map(|argument| expression(argument, text, findings))
                    .collect(),
            }
        }
        _ => {
            let names = inner.into_inner();
            Expression::Name(
                names.map(|name| Spanned::new(name.as_str().to_owned(), text.span(range(&name)))).collect(),
            )
        }
    };
    Spanned::new(value, span)
}

/// A string inside of `text`, decoded, with places of the source.
pub(super) fn string(pair: &Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Text {
    sound_string(pair, text, findings).0
}

/// The same, with the proof that something about it was reported: then it is not what its author meant.
pub(super) fn sound_string(
    pair: &Pair<'_, Rule>,
    text: &Text,
    findings: &mut Findings,
) -> (Text, Option<Reported>) {
    let mut reported = None;
    let at = range(pair);
    let kind = pair.clone().into_inner().next().expect("a string is one of its kinds");
    let opening = text.span(at.clone());
    match kind.as_rule() {
        Rule::unclosed_line => {
            reported = Some(findings.error(problems::unclosed_string(opening)));
        }
        Rule::unclosed_block => {
            reported = Some(findings.error(problems::unclosed_block(text.span(at.start..at.start + 3))));
        }
        _ => {}
    }
    let (decoded, bad) = strings::decode(opening.source, pair.as_str(), at.start);
    for bad in bad {
        let place = at.start + bad.0.start..at.start + bad.0.end;
        reported =
            Some(findings.error(problems::unknown_escape(&text.text[place.clone()], text.span(place))));
    }
    (text.outer(&decoded), reported)
}

/// Where a pair stands in the text that it was parsed from.
pub(super) fn range(pair: &Pair<'_, Rule>) -> std::ops::Range<usize> {
    let span = pair.as_span();
    let written = span.as_str();
    // White space behind the last token of a rule may be part of its match.
    span.start()..span.start() + written.trim_end().len()
}
