//! A mistake spoils its own place: what stands before and behind it is still read as what it is.

mod support;

use support::{pest_tree, sitter_tree};

/// A text with a mistake, and statements that an editor has to go on showing.
const CASES: &[(&str, &[(&str, &str)])] = &[
    (
        "masque A {\n  version 1.0.0\n  lens \"x\n  tone [\"dry\"]\n}\n",
        &[("field", "version 1.0.0"), ("field", "tone [\"dry\"]")],
    ),
    (
        "masque A {\n  intent {\n    allow \"a\" wen true\n    deny \"b\"\n  }\n  ensure never \"b\"\n}\n",
        &[("rule_statement", "deny \"b\""), ("ensure", "ensure never \"b\"")],
    ),
    (
        "masque A {\n  param x int\n  let y = 1\n  lens \"x\"\n}\n",
        &[("let_item", "let y = 1"), ("prose", "lens \"x\"")],
    ),
    ("masque A {\n  index\n  ring player\n}\n", &[("bare_field", "index"), ("field", "ring player")]),
    ("masque A {\n  access { vault homelab for session }\n  widen ring\n}\n", &[("widen", "widen ring")]),
    ("masque A {\n  lens \"{if x} a\"\n  test { allow \"a\" }\n}\n", &[("test", "test { allow \"a\" }")]),
    ("masque A {\n  lens \"a {b\"\n  test { allow \"a\" }\n}\n", &[("test", "test { allow \"a\" }")]),
    (
        "masque A {\n  knowledge { mcp://a wen x mcp://b }\n  ring guest\n}\n",
        &[("pointer", "mcp://b"), ("field", "ring guest")],
    ),
    ("set a { \"x\" 5 }\nmasque A { version 1.0.0 }\n", &[("masque", "masque A { version 1.0.0 }")]),
    ("masque A { version 1.0.0\n", &[("field", "version 1.0.0")]),
    ("masque A {\n  lens \"\"\"\n  x\n}\n", &[]),
    ("maske A { }\n", &[]),
    ("masque A { lens \"\\q\" }\n", &[]),
    ("masque A { lens \"{}\" }\n", &[]),
    ("masque A { lens \"{if a}b{else ifit}c{end}\" }\n", &[]),
    ("masque A { lens \"a {end} {else}\" }\n", &[]),
];

fn has(node: tree_sitter::Node<'_>, text: &str, kind: &str, written: &str) -> bool {
    (node.kind() == kind && &text[node.byte_range()] == written)
        || sitter_tree::children(node).into_iter().any(|child| has(child, text, kind, written))
}

#[test]
fn the_rest_of_a_file_with_a_mistake_is_still_read() {
    for (text, kept) in CASES {
        assert!(!pest_tree::front(text).malformed.is_empty(), "no mistake to the compiler: {text}");
        let tree = sitter_tree::parse(text);
        assert!(!sitter_tree::mistakes(&tree).is_empty(), "no mistake to tree-sitter: {text}");
        for (kind, written) in *kept {
            let shown = tree.root_node().to_sexp();
            assert!(has(tree.root_node(), text, kind, written), "{kind} {written:?} in\n{text}\n{shown}");
        }
    }
}

#[test]
fn unrelated_mistakes_are_places_of_their_own() {
    let text = "masque A {\n  version 1.0.0\n  intnet ; { }\n  param x ; int\n  let y = 2\n  intent {\n    allow \"a\" wen true\n    deny \"b\"\n  }\n  lens \"x\"\n}\n";
    let tree = sitter_tree::parse(text);
    let mistakes = sitter_tree::mistakes(&tree);
    let lines: std::collections::BTreeSet<usize> =
        mistakes.iter().map(|range| text[..range.start].matches('\n').count() + 1).collect();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), [3, 4, 7], "{}", tree.root_node().to_sexp());
    assert!(has(tree.root_node(), text, "prose", "lens \"x\""));
}

/// Editors parse on every key.
#[test]
#[allow(clippy::disallowed_types, reason = "the test measures")]
fn hostile_texts_take_no_more_than_their_length() {
    for piece in ["{", "[", "\"", "(", "masque A {", "{if x}", "\"\"\"", "set a {", "not ", "}", "\\{"] {
        let text = format!("masque A {{ lens \"x\" let x = {}", piece.repeat(200_000 / piece.len()));
        let begun = std::time::Instant::now();
        sitter_tree::parse(&text);
        assert!(begun.elapsed().as_secs() < 10, "{piece:?} took {:?}", begun.elapsed());
    }
}
