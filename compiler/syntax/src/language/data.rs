//! Plain data of describing fields, as the generic tree that every notation is read into.

use std::borrow::Cow;

use masque_diagnostics::Spanned;
use pest::iterators::Pair;

use super::expressions::{range, string};
use super::grammar::Rule;
use super::text::Text;
use crate::findings::Findings;
use crate::tree::{Entry, Kind, Node, Style};

/// A value. The grammar bounds its depth.
pub(super) fn data(pair: Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Node<'static> {
    let span = text.span(range(&pair));
    let kind = match pair.as_rule() {
        Rule::data | Rule::data_value => {
            let inner = pair.into_inner().next().expect("a value is one of its kinds");
            return data(inner, text, findings);
        }
        Rule::string => scalar(string(&pair, text, findings).text, Style::Text),
        Rule::list => {
            let items = pair.into_inner().filter(|pair| pair.as_rule() == Rule::data);
            Kind::List(items.map(|item| data(item, text, findings)).collect())
        }
        Rule::map => {
            let entries = pair.into_inner().filter(|pair| pair.as_rule() == Rule::entry);
            Kind::Map(entries.map(|pair| entry(pair, text, findings)).collect())
        }
        Rule::uri => scalar(pair.as_str().to_owned(), Style::Text),
        _ => scalar(pair.as_str().to_owned(), Style::Plain),
    };
    Node { span, kind }
}

fn scalar(text: String, style: Style) -> Kind<'static> {
    Kind::Scalar { text: Cow::Owned(text), style }
}

fn entry(pair: Pair<'_, Rule>, text: &Text, findings: &mut Findings) -> Entry<'static> {
    let mut pairs = pair.into_inner();
    let key = pairs.next().expect("an entry has a key");
    let value = pairs.nth(1).expect("an entry has a value");
    let place = text.span(range(&key));
    let inner = key.into_inner().next().expect("a key is one of its kinds");
    let name = match inner.as_rule() {
        Rule::string => string(&inner, text, findings).text,
        _ => inner.as_str().to_owned(),
    };
    Entry { key: Spanned::new(Cow::Owned(name), place), value: data(value, text, findings) }
}
