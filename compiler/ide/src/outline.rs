//! How a source is made up: its symbols, what can be folded, what a selection grows to.

use std::ops::Range;

use masque_diagnostics::Spanned;
use masque_syntax::ast::{Document, Field, List, Masque, Test};

/// A part of a source that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub range: Range<usize>,
    /// The part that a caret is put at.
    pub focus: Range<usize>,
    /// What it holds.
    pub children: Vec<Symbol>,
}

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A masque.
    Masque,
    /// A library.
    Library,
    /// A block of rules, pointers or credentials, or a text.
    Block,
    /// A rule, a pointer or a credential.
    Entry,
    /// A parameter, or a named value.
    Value,
    /// An intent set.
    Set,
    /// A test.
    Test,
}

/// Lines that can be folded into the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From somewhere in the first line to somewhere in the last one.
    pub range: Range<usize>,
    /// Whether it is comments.
    pub comment: bool,
}

/// The outermost symbols of a source: the masque or library, with all parts below it.
pub fn symbols(document: &Document) -> Vec<Symbol> {
    let symbol = match document {
        Document::Masque(masque) => {
            let name = masque.identity.name.get();
            let focus = name.map_or(masque.insert_at.range(), |name| name.span.range());
            let name = name.map_or_else(|| "masque".to_owned(), |name| name.value.clone());
            let children = parts(masque);
            Symbol { name, kind: SymbolKind::Masque, range: masque.span.range(), focus, children }
        }
        Document::Library(library) => Symbol {
            name: library.name.value.clone(),
            kind: SymbolKind::Library,
            range: library.span.range(),
            focus: library.name.span.range(),
            children: library
                .sets
                .iter()
                .map(|set| named(&set.value.name, SymbolKind::Set, set.span.range()))
                .collect(),
        },
    };
    vec![symbol]
}

fn named(name: &Spanned<String>, kind: SymbolKind, range: Range<usize>) -> Symbol {
    Symbol { name: name.value.clone(), kind, range, focus: name.span.range(), children: Vec::new() }
}

fn block<T>(name: &str, field: &Field<T>, children: Vec<Symbol>) -> Option<Symbol> {
    let range = field.get()?.span.range();
    let focus = range.start..range.start;
    Some(Symbol { name: name.to_owned(), kind: SymbolKind::Block, range, focus, children })
}

fn parts(masque: &Masque) -> Vec<Symbol> {
    fn each<T>(list: &List<T>) -> impl Iterator<Item = &Spanned<T>> {
        list.get().into_iter().flat_map(|list| &list.value)
    }
    let entry = |name: &Spanned<String>, word: &str, range| Symbol {
        name: format!("{word}{}", name.value),
        ..named(name, SymbolKind::Entry, range)
    };
    let mut found = Vec::new();
    for param in each(&masque.params) {
        found.extend(param.value.name.get().map(|name| named(name, SymbolKind::Value, param.span.range())));
    }
    found
        .extend(masque.lets.iter().map(|item| named(&item.value.name, SymbolKind::Value, item.span.range())));
    found.extend(masque.sets.iter().map(|set| named(&set.value.name, SymbolKind::Set, set.span.range())));
    if let Field::Given(intent) = &masque.intent {
        let lists = [
            ("allow ", &intent.value.allowed),
            ("allow ", &intent.value.also_allowed),
            ("deny ", &intent.value.denied),
        ];
        let rules = lists.into_iter().flat_map(|(word, list)| each(list).map(move |rule| (word, rule)));
        let rules = rules.filter_map(|(word, rule)| {
            let name = rule.value.pattern.get().or(rule.value.set.get())?;
            Some(entry(name, word, rule.span.range()))
        });
        let mut rules: Vec<Symbol> = rules.collect();
        rules.sort_by_key(|rule| rule.range.start);
        found.extend(block("intent", &masque.intent, rules));
    }
    let pointers = each(&masque.knowledge)
        .filter_map(|pointer| pointer.value.uri.get().map(|uri| entry(uri, "", pointer.span.range())));
    found.extend(block("knowledge", &masque.knowledge, pointers.collect()));
    let grants = each(&masque.access)
        .filter_map(|grant| grant.value.vault_role.get().map(|role| entry(role, "", grant.span.range())));
    found.extend(block("access", &masque.access, grants.collect()));
    found.extend(block("context", &masque.context, Vec::new()));
    found.extend(block("lens", &masque.lens, Vec::new()));
    for test in each(&masque.tests) {
        let name = match &test.value {
            Test::Session(test) => &test.name,
            Test::Prompt(test) => &test.name,
        };
        let unnamed = Spanned::new("test".to_owned(), test.span);
        found.push(named(name.get().unwrap_or(&unnamed), SymbolKind::Test, test.span.range()));
    }
    found.sort_by_key(|symbol| symbol.range.start);
    found
}

/// Everything that takes several lines, and every run of comment lines.
pub fn folds(document: &Document, text: &str) -> Vec<Fold> {
    fn visit(symbol: &Symbol, text: &str, found: &mut Vec<Fold>) {
        if text[symbol.range.clone()].trim_end().contains('\n') {
            found.push(Fold { range: symbol.range.clone(), comment: false });
        }
        symbol.children.iter().for_each(|child| visit(child, text, found));
    }
    let mut found = Vec::new();
    for symbol in symbols(document) {
        symbol.children.iter().for_each(|child| visit(child, text, &mut found));
        if matches!(symbol.kind, SymbolKind::Masque | SymbolKind::Library)
            && text[symbol.range.clone()].contains('{')
        {
            found.push(Fold { range: symbol.focus.start..symbol.range.end, comment: false });
        }
    }
    let comments = match document {
        Document::Masque(masque) => &masque.comments,
        Document::Library(library) => &library.comments,
    };
    let mut run: Option<Range<usize>> = None;
    for comment in comments {
        let range = comment.span.range();
        match &mut run {
            Some(run) if text[run.end..range.start].trim().is_empty() => run.end = range.end,
            run => {
                let done = run.replace(range);
                found.extend(
                    done.filter(|run| text[run.clone()].contains('\n'))
                        .map(|range| Fold { range, comment: true }),
                );
            }
        }
    }
    found.extend(
        run.filter(|run| text[run.clone()].contains('\n')).map(|range| Fold { range, comment: true }),
    );
    found
}

/// What a selection at `offset` grows to, smallest first: the word, each part around it, the whole text.
pub fn selections(document: Option<&Document>, text: &str, offset: usize) -> Vec<Range<usize>> {
    fn visit(symbol: &Symbol, offset: usize, found: &mut Vec<Range<usize>>) {
        if symbol.range.start <= offset && offset <= symbol.range.end {
            found.push(symbol.range.clone());
            found.push(symbol.focus.clone());
            symbol.children.iter().for_each(|child| visit(child, offset, found));
        }
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let offset = offset.min(text.len());
    let start = text.get(..offset).map_or(0, |before| before.trim_end_matches(is_part).len());
    let end = offset + text.get(offset..).map_or(0, |rest| rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
    let mut found = vec![0..text.len(), start..end.max(start)];
    for symbol in document.map(symbols).unwrap_or_default() {
        visit(&symbol, offset, &mut found);
    }
    found.retain(|range| range.start <= offset && offset <= range.end);
    found.sort_by_key(|range| (range.len(), range.start));
    found.dedup();
    // Each has to hold the one before.
    let mut nested: Vec<Range<usize>> = Vec::new();
    for range in found {
        if nested.last().is_none_or(|inner| range.start <= inner.start && inner.end <= range.end) {
            nested.push(range);
        }
    }
    nested
}
