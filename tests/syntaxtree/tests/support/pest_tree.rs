//! The compiler's parser: the tree of `grammar/masque.pest`, and whether the front end found the text well-formed.

use masque_diagnostics::codes::language as codes;
use masque_diagnostics::{Code, Sources};
use masque_syntax::ast::{Document, Notation, Piece, Template};
use pest::Parser;
use pest::iterators::Pair;

use super::Node;

mod grammar {
    #![allow(missing_docs, reason = "the rules are documented in the grammar")]

    use pest_derive::Parser;

    #[derive(Parser)]
    #[grammar = "../../grammar/masque.pest"]
    pub(super) struct Grammar;
}

use grammar::{Grammar, Rule};

fn file(text: &str) -> Pair<'_, Rule> {
    Grammar::parse(Rule::file, text).expect("the grammar takes every text").next().expect("one file")
}

fn pairs(text: &str) -> impl Iterator<Item = Pair<'_, Rule>> {
    file(text).into_inner().flatten()
}

/// The nodes that both parsers have.
pub(crate) fn nodes(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    for pair in file(text).into_inner() {
        add(&pair, 0, Rule::file, &mut nodes);
    }
    nodes
}

fn add(pair: &Pair<'_, Rule>, depth: usize, parent: Rule, nodes: &mut Vec<Node>) {
    let rule = pair.as_rule();
    let kind = kind(pair, parent);
    if let Some(kind) = kind {
        let span = pair.as_span();
        nodes.push(Node { depth, kind: kind.to_owned(), range: span.start()..end(pair) });
    }
    let depth = depth + usize::from(kind.is_some());
    for inner in pair.clone().into_inner() {
        add(&inner, depth, rule, nodes);
    }
}

/// Where the last token of a pair ends: white space and comments before an optional part that is not there belong to its match.
fn end(pair: &Pair<'_, Rule>) -> usize {
    match pair.clone().into_inner().last() {
        Some(last) => end(&last),
        None => pair.as_span().end(),
    }
}

fn kind(pair: &Pair<'_, Rule>, parent: Rule) -> Option<&'static str> {
    // Layers of the grammar that stand for nothing by themselves.
    let layered = |word: Rule| pair.clone().into_inner().any(|inner| inner.as_rule() == word);
    Some(match pair.as_rule() {
        Rule::expression if layered(Rule::kw_or) => "or_expression",
        Rule::conjunction if layered(Rule::kw_and) => "and_expression",
        Rule::negation if layered(Rule::kw_not) => "not_expression",
        Rule::comparison if pair.clone().into_inner().count() > 1 => "comparison",
        Rule::primary if pair.as_str().starts_with('(') => "parenthesized",
        Rule::string if parent == Rule::prose => "template",
        rule => return SAME.iter().find(|(known, _)| *known == rule).map(|(_, kind)| *kind),
    })
}

macro_rules! same {
    ($($rule:ident)*) => { &[$((Rule::$rule, stringify!($rule))),*] };
}

/// Rules that are nodes of the same name.
const SAME: &[(Rule, &str)] = same! {
    use_item set_item member library library_version library_about masque title reference bare_reference
    param param_type let_item intent match_mode clauses rule_statement rule_pattern pattern when because
    knowledge pointer access grant ttl prose ensure widen skills skill
    test given setting expect_intents expect_knowledge expect_access expect_grant expect_text test_input expect_answer
    field bare_field field_name list map entry key operator array call path truth integer version duration
    name set_path set_value uri bare string
};

/// Codes that say a text is not of the language, whatever it may mean.
const MALFORMED: &[Code] = &[
    codes::UNEXPECTED_TEXT,
    codes::UNKNOWN_ITEM,
    codes::UNCLOSED_STRING,
    codes::UNCLOSED_BLOCK,
    codes::UNCLOSED_BRACE,
    codes::UNKNOWN_ESCAPE,
    codes::UNCLOSED_HOLE,
    codes::EMPTY_HOLE,
    codes::STRAY_TAG,
    codes::UNCLOSED_IF,
];

/// What the front end makes of a text.
pub(crate) struct Front {
    /// The messages about its form.
    pub(crate) malformed: Vec<String>,
    /// Of `lens` and `context`: holes by their expressions, choices as wholes.
    pub(crate) holes: Vec<(&'static str, std::ops::Range<usize>)>,
}

/// Asks the front end.
pub(crate) fn front(text: &str) -> Front {
    let mut sources = Sources::new();
    let id = sources.add("a.masque", text);
    let parsed = masque_syntax::parse_as(Notation::Language, id, text);
    let of_form = parsed.diagnostics.iter().filter(|found| MALFORMED.contains(&found.code));
    // That a field is written otherwise in the language is no matter of form.
    let of_form = of_form.filter(|found| !found.message.contains("is written otherwise"));
    let mut malformed: Vec<String> =
        of_form.map(|found| format!("{} {}", found.code, found.message)).collect();
    let bare = pairs(text).filter(|pair| pair.as_rule() == Rule::bare_field);
    malformed.extend(bare.map(|field| format!("`{}` has no value", field.as_str())));
    let mut holes = Vec::new();
    if let Some(Document::Masque(masque)) = &parsed.document {
        for template in [&masque.context, &masque.lens].into_iter().filter_map(|prose| prose.get()) {
            add_holes(&template.value, &mut holes);
        }
    }
    // The end of a choice is mapped to where the text behind it begins, which in lines that end in `\r\n` is not where the tag ends.
    for (_, range) in &mut holes {
        range.end = range.start + text[range.clone()].trim_end().len();
    }
    holes.sort_by_key(|(kind, range)| (range.start, std::cmp::Reverse(range.end), *kind));
    Front { malformed, holes }
}

fn add_holes(template: &Template, holes: &mut Vec<(&'static str, std::ops::Range<usize>)>) {
    for piece in &template.pieces {
        match &piece.value {
            Piece::Value(_) => holes.push(("value", piece.span.range())),
            Piece::If { branches, otherwise } => {
                holes.push(("choice", piece.span.range()));
                for (condition, template) in branches {
                    holes.push(("condition", condition.span.range()));
                    add_holes(template, holes);
                }
                if let Some(template) = otherwise {
                    add_holes(template, holes);
                }
            }
            Piece::Text(_) | Piece::Error(_) => {}
        }
    }
}
