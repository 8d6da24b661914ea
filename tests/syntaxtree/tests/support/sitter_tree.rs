//! tree-sitter's tree.

use std::ops::Range;

use tree_sitter::{InputEdit, Language, Node as Sitter, Parser, Point, Tree};

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

/// The tree of a text that was another one with a tree, as editors parse: what an edit leaves alone is not parsed again.
pub(crate) fn parse_again(before: &Tree, old: &str, edit: Range<usize>, new: &str) -> Tree {
    let point = |text: &str, at: usize| {
        let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        Point { row: text[..at].matches('\n').count(), column: at - line_start }
    };
    let end = edit.end + new.len() - old.len();
    let mut before = before.clone();
    before.edit(&InputEdit {
        start_byte: edit.start,
        old_end_byte: edit.end,
        new_end_byte: end,
        start_position: point(old, edit.start),
        old_end_position: point(old, edit.end),
        new_end_position: point(new, end),
    });
    let mut parser = Parser::new();
    parser.set_language(&language()).expect("the parser was generated for this runtime");
    parser.parse(new, Some(&before)).expect("parsing has no deadline")
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
