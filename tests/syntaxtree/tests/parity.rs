//! Both parsers read one language: what is well-formed gives the same tree, and what is not is a mistake to both.

mod support;

use support::{Node, pest_tree, samples, shown, sitter_tree};

/// What the two make of a text, if it is not the same.
fn difference(text: &str) -> Result<(), String> {
    let front = pest_tree::front(text);
    let tree = sitter_tree::parse(text);
    let mistakes = sitter_tree::mistakes(&tree);
    if front.malformed.is_empty() != mistakes.is_empty() {
        return Err(format!(
            "the compiler says {:?}, tree-sitter has mistakes at {mistakes:?}",
            front.malformed
        ));
    }
    if !mistakes.is_empty() {
        return Ok(());
    }
    let (ours, theirs) = (pest_tree::nodes(text), sitter_tree::nodes(&tree));
    if ours != theirs {
        let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        let few = |nodes: &[Node]| {
            shown(&nodes[at.saturating_sub(2).min(nodes.len())..(at + 4).min(nodes.len())], text)
        };
        return Err(format!("the compiler has\n{}tree-sitter has\n{}", few(&ours), few(&theirs)));
    }
    let theirs = sitter_tree::holes(&tree);
    if front.holes != theirs {
        return Err(format!("the compiler has holes {:?}, tree-sitter {theirs:?}", front.holes));
    }
    Ok(())
}

#[test]
fn every_text_of_the_repository_gives_the_same_tree() {
    let samples = samples();
    assert!(samples.len() >= 20, "the texts were lost");
    let mut nodes = 0;
    for sample in samples {
        let front = pest_tree::front(&sample.text);
        assert_eq!(front.malformed, <Vec<String>>::new(), "{}", sample.place);
        difference(&sample.text).unwrap_or_else(|found| panic!("{}: {found}", sample.place));
        nodes += sitter_tree::nodes(&sitter_tree::parse(&sample.text)).len();
    }
    assert!(nodes > 2_000, "{nodes} nodes were compared");
}

/// What an edit puts in. Two differences are known and left out: white space of other scripts, which the compiler takes around what a hole
/// holds, and a `#` in a hole, behind which the compiler sees the hole's end and tree-sitter a comment.
const PIECES: &[&str] = &[
    "", "\"", "\"\"\"", "{", "}", "{{", "}}", "{end}", "{else}", "{if x}", "[", "]", "(", ")", ",", ":", "=",
    "\n", " ", "\\", "when ", "because ", "allow ", "deny ", "and ", "or ", "not ", "param ", "let ", "a",
    "1", "15m", "1.0.0", "-", "/", "//", "://", ".", "*", "é", "@", "in ", "matches ", "session ", "test ",
    "masque ", "use ", "\r\n", "\t", "x.y ", ";", "<", "==",
];

#[test]
fn an_edit_is_a_mistake_to_both_or_to_none() {
    let (mut edits, mut mistakes) = (0, 0);
    for sample in samples() {
        let before = sitter_tree::parse(&sample.text);
        let places: Vec<usize> =
            sample.text.char_indices().map(|(at, _)| at).chain([sample.text.len()]).collect();
        for (turn, from) in (0..places.len()).step_by(5).enumerate() {
            // Insert, replace a few characters, or take them away, each piece in its turn.
            let piece = PIECES[turn % PIECES.len()];
            let length = if piece.is_empty() { 1 + turn % 7 } else { turn % 3 };
            let to = (from + length).min(places.len() - 1);
            let mut text = sample.text.clone();
            text.replace_range(places[from]..places[to], piece);
            difference(&text).unwrap_or_else(|found| {
                panic!("{}, byte {}, {piece:?} for {length}: {found}\n{text}", sample.place, places[from]);
            });
            let edit = places[from]..places[to];
            let again = sitter_tree::parse_again(&before, &sample.text, edit, &text);
            let fresh = sitter_tree::parse(&text);
            let is_mistake = !sitter_tree::mistakes(&fresh).is_empty();
            assert_eq!(!sitter_tree::mistakes(&again).is_empty(), is_mistake, "{}: {text}", sample.place);
            // How a parser gets over a mistake may depend on where it comes from.
            if !is_mistake {
                assert_eq!(
                    sitter_tree::nodes(&again),
                    sitter_tree::nodes(&fresh),
                    "{}: {text}",
                    sample.place
                );
            }
            edits += 1;
            mistakes += usize::from(!pest_tree::front(&text).malformed.is_empty());
        }
    }
    // Otherwise the test would show nothing about mistakes, or nothing about anything else.
    assert!(mistakes > 1_000 && edits - mistakes > 1_000, "{mistakes} of {edits} edits are mistakes");
}
