//! tree-sitter's tree.

use std::ops::Range;

use tree_sitter::{Language, Node as Sitter, Parser, Tree};

use super::Node;

/// The language.
pub(crate) fn language() -> Language {
    masque_syntaxtree::LANGUAGE.into()
}

/// The tree of a text; there always is one.
pub(crate) fn parse(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&language()).expect("the parser was generated for this runtime");
    parser.parse(text, None).expect("parsing has no deadline")
}

/// The nodes that both parsers have.
pub(crate) fn nodes(tree: &Tree) -> Vec<Node> {
    let mut nodes = Vec::new();
    for child in children(tree.root_node()) {
        add(child, 0, &mut nodes);
    }
    nodes
}

pub(crate) fn children(node: Sitter<'_>) -> Vec<Sitter<'_>> {
    node.children(&mut node.walk()).collect()
}

/// The nodes without children, in the order of the text.
pub(crate) fn leaves<'t>(node: Sitter<'t>, found: &mut Vec<Sitter<'t>>) {
    let children = children(node);
    if children.is_empty() {
        found.push(node);
    }
    children.into_iter().for_each(|child| leaves(child, found));
}

fn add(node: Sitter<'_>, depth: usize, nodes: &mut Vec<Node>) {
    // Signs and words; comments, which the compiler collects apart; what stands inside of texts, which it reads afterwards.
    if !node.is_named() || node.is_extra() {
        return;
    }
    nodes.push(Node { depth, kind: node.kind().to_owned(), range: node.byte_range() });
    if !matches!(node.kind(), "string" | "template" | "set_path") {
        for child in children(node) {
            add(child, depth + 1, nodes);
        }
    }
}

/// Mistakes: stretches that fit nowhere, and what was missing where it is.
pub(crate) fn mistakes(tree: &Tree) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    add_mistakes(tree.root_node(), &mut found);
    found
}

fn add_mistakes(node: Sitter<'_>, found: &mut Vec<Range<usize>>) {
    // A field without a value is taken, so that it does not swallow the next one.
    if node.is_error() || node.is_missing() || node.kind() == "bare_field" {
        found.push(node.byte_range());
    } else {
        children(node).into_iter().for_each(|child| add_mistakes(child, found));
    }
}

/// Of `lens` and `context`: holes by their expressions, choices as wholes.
pub(crate) fn holes(tree: &Tree) -> Vec<(&'static str, Range<usize>)> {
    let mut holes = Vec::new();
    add_holes(tree.root_node(), false, &mut holes);
    holes.sort_by_key(|(kind, range)| (range.start, std::cmp::Reverse(range.end), *kind));
    holes
}

fn add_holes(node: Sitter<'_>, in_prose: bool, holes: &mut Vec<(&'static str, Range<usize>)>) {
    let in_prose = in_prose || node.kind() == "prose";
    let expression = || node.named_children(&mut node.walk()).find(|child| !child.is_extra());
    match node.kind() {
        "conditional" if in_prose => holes.push(("choice", node.byte_range())),
        "interpolation" if in_prose => holes.extend(expression().map(|found| ("value", found.byte_range()))),
        "if_tag" | "else_if_tag" if in_prose => {
            holes.extend(expression().map(|found| ("condition", found.byte_range())));
        }
        // Texts of expressions have holes of their own.
        "string" => return,
        _ => {}
    }
    children(node).into_iter().for_each(|child| add_holes(child, in_prose, holes));
}
