//! The drawing in the language of Graphviz: every state and every edge, whatever the size.

use std::fmt::Write as _;

use super::drawing::{Drawing, Kind};
use super::palette;

/// The text of a `.dot` file.
pub(crate) fn render(drawing: &Drawing, title: &str) -> String {
    let mut out = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| writeln!(out, "{text}").expect("memory takes all writes");
    line(format_args!("digraph {} {{", quoted(title)));
    line(format_args!(
        "  // `other` is every character that no other edge of its state is labelled with; ␣ is any white space;"
    ));
    line(format_args!("  // a letter stands for both of its cases."));
    line(format_args!("  graph [rankdir=LR, label={}, labelloc=t, fontname=\"sans-serif\"];", quoted(title)));
    line(format_args!("  node [style=filled, fontcolor=white, fontname=\"sans-serif\"];"));
    line(format_args!("  edge [fontname=\"sans-serif\"];"));
    line(format_args!("  begin [shape=point, fillcolor=black];"));
    line(format_args!("  begin -> s{};", drawing.start));
    for (number, state) in drawing.states.iter().enumerate() {
        let shape = match state.kind {
            Kind::Sink => "doublecircle",
            Kind::Inner => "circle",
        };
        let (colour, decision) = (palette::fill(state.decision), palette::word(state.decision));
        line(format_args!(
            "  s{number} [label=\"{number}\", shape={shape}, fillcolor=\"{colour}\", tooltip=\"{decision}\"];"
        ));
    }
    for edge in &drawing.edges {
        line(format_args!("  s{} -> s{} [label={}];", edge.from, edge.to, quoted(edge.on.text())));
    }
    line(format_args!("}}"));
    out
}

/// A quoted string of the language. Backslashes are doubled: in a label they begin an escape of its own.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_quoted() {
        assert_eq!(quoted(r#"a" \ <b>"#), r#""a\" \\ <b>""#);
        assert_eq!(quoted("a\nb"), "\"a\u{fffd}b\"");
    }
}
