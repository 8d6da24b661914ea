//! The drawing as a self-contained SVG: no fonts, scripts or files from elsewhere, readable on light and dark ground.

use std::fmt::Write as _;

use masque_automata::Decision;

use super::drawing::{Drawing, Edge, Kind};
use super::layout::{Extent, Layout, Point, layout};
use super::palette;
use super::thinning::{Thinned, thin};

/// A node.
const RADIUS: f64 = 15.0;
/// What a loop takes above its node.
const LOOP: f64 = 26.0;
/// Around everything.
const MARGIN: f64 = 28.0;
/// Above the drawing: the title; below: the legend.
const HEADER: f64 = 44.0;
const LEGEND_LINE: f64 = 18.0;
/// Narrower sheets would cut the title and the legend off.
const LEAST_WIDTH: f64 = 760.0;
/// Labels of an edge longer than this are cut; the tooltip has them whole.
const LABEL: usize = 14;
/// The height of an edge that is written under its source.
const NOTE: f64 = 12.0;

const STYLE: &str = "\
svg{background:#fff;color:#1d2025}\
text{font:12px system-ui,sans-serif;fill:currentColor}\
.title{font-size:16px;font-weight:600}\
.state text{fill:#fff;text-anchor:middle;dominant-baseline:central}\
.edge path{fill:none;stroke:currentColor;stroke-opacity:.55;stroke-width:1.2}\
.edge text{font-size:11px;text-anchor:middle;stroke:#fff;stroke-width:3px;paint-order:stroke}\
.note{font-size:10px;text-anchor:middle;fill-opacity:.8}\
.edge:hover path{stroke-opacity:1;stroke-width:2.4}\
.ring{fill:none;stroke-width:1.6}\
marker path{fill:currentColor;fill-opacity:.75}\
@media(prefers-color-scheme:dark){svg{background:#16181c;color:#e6e7e9}.edge text{stroke:#16181c}}";

/// The text of an `.svg` file.
pub(crate) fn render(drawing: &Drawing, title: &str) -> String {
    let Thinned { drawn, noted, undrawn } = thin(drawing);
    let mut extents = vec![Extent { above: RADIUS + 3.0, below: RADIUS + 3.0 }; drawing.states.len()];
    for edge in drawn.iter().filter(|edge| edge.from == edge.to) {
        extents[usize::from(edge.from)].above = RADIUS + LOOP;
    }
    for edge in &noted {
        extents[usize::from(edge.from)].below += NOTE;
    }
    let ends: Vec<(usize, usize)> = drawn.iter().map(|edge| (edge.from.into(), edge.to.into())).collect();
    let layout = layout(&extents, &ends, drawing.start.into());
    let legend = legend(undrawn, !noted.is_empty());
    let sheet = Sheet { layout, legend, noted };

    let mut out = String::new();
    sheet.begin(&mut out, title);
    for (index, edge) in drawn.iter().enumerate() {
        sheet.edge(&mut out, edge, index);
    }
    for number in 0..drawing.states.len() {
        sheet.state(&mut out, drawing, number);
    }
    sheet.end(&mut out);
    out
}

fn legend(undrawn: Option<u16>, has_notes: bool) -> Vec<String> {
    let mut lines = vec![
        "A number is a state, its colour what is decided if the intent ends there; a double ring ends the run at once.".to_owned(),
        "␣ is any white space, a letter stands for both of its cases, `other` is every character without an edge of its own."
            .to_owned(),
    ];
    if has_notes {
        lines.push("`x → 7` under a state is an edge to a state that too many edges lead to.".to_owned());
    }
    if let Some(to) = undrawn {
        lines.push(format!("On a character that none of a state's edges takes, the run goes to state {to}: those edges are not drawn."));
    }
    lines
}

struct Sheet<'a> {
    layout: Layout,
    legend: Vec<String>,
    /// By source.
    noted: Vec<&'a Edge>,
}

impl Sheet<'_> {
    fn begin(&self, out: &mut String, title: &str) {
        let width = (self.layout.width + 2.0 * (MARGIN + RADIUS) + 20.0).max(LEAST_WIDTH);
        let legend = LEGEND_LINE * (self.legend.len() + 1) as f64;
        let height = self.layout.height + HEADER + 2.0 * MARGIN + legend;
        put(
            out,
            format_args!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n"
            ),
        );
        put(out, format_args!("<title>{}</title>\n<style>{STYLE}</style>\n", escaped(title)));
        put(
            out,
            format_args!(
                "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
            ),
        );
        put(
            out,
            format_args!(
                "<text class=\"title\" x=\"{MARGIN}\" y=\"{:.1}\">{}</text>\n",
                MARGIN + 6.0,
                escaped(title)
            ),
        );
    }

    fn end(&self, out: &mut String) {
        let mut y = HEADER + MARGIN + self.layout.height + LEGEND_LINE;
        let mut x = MARGIN;
        for decision in [Decision::Allowed, Decision::Denied, Decision::Unmatched] {
            let (fill, word) = (palette::fill(decision), palette::word(decision));
            put(
                out,
                format_args!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\" fill=\"{fill}\"/>", x + 5.0, y - 4.0),
            );
            put(out, format_args!("<text x=\"{:.1}\" y=\"{y:.1}\">{word}</text>\n", x + 15.0));
            x += 90.0;
        }
        for line in &self.legend {
            y += LEGEND_LINE;
            put(out, format_args!("<text x=\"{MARGIN}\" y=\"{y:.1}\">{}</text>\n", escaped(line)));
        }
        out.push_str("</svg>\n");
    }

    fn place(&self, point: Point) -> Point {
        Point { x: point.x + MARGIN + RADIUS + 20.0, y: point.y + HEADER + MARGIN / 2.0 }
    }

    fn node(&self, state: u16) -> Point {
        self.place(self.layout.nodes[usize::from(state)])
    }

    fn state(&self, out: &mut String, drawing: &Drawing, number: usize) {
        let state = &drawing.states[number];
        let number = u16::try_from(number).expect("an automaton counts its states in 16 bits");
        let Point { x, y } = self.node(number);
        let (fill, word) = (palette::fill(state.decision), palette::word(state.decision));
        let mut about = format!("state {number}: {word} if the intent ends here");
        if state.kind == Kind::Sink {
            about = format!("state {number}: {word}, whatever follows");
        }
        for edge in drawing.edges_of(number) {
            put(&mut about, format_args!("\n{} → {}", edge.on.text(), edge.to));
        }
        put(
            out,
            format_args!("<g class=\"state {word}\" id=\"s{number}\"><title>{}</title>", escaped(&about)),
        );
        if drawing.start == number {
            put(
                out,
                format_args!(
                    "<path d=\"M{:.1} {y:.1}H{:.1}\" stroke=\"currentColor\" marker-end=\"url(#tip)\"/>",
                    x - RADIUS - 22.0,
                    x - RADIUS - 2.0
                ),
            );
        }
        put(out, format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\" fill=\"{fill}\"/>"));
        if state.kind == Kind::Sink {
            put(
                out,
                format_args!(
                    "<circle class=\"ring\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" stroke=\"{fill}\"/>",
                    RADIUS + 3.0
                ),
            );
        }
        put(out, format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\">{number}</text></g>\n"));
        let begin = self.noted.partition_point(|edge| edge.from < number);
        let notes = self.noted[begin..].iter().take_while(|edge| edge.from == number);
        let mut y = y + RADIUS + NOTE - 1.0;
        for edge in notes {
            let note = escaped(&format!("{} → {}", cut(edge.on.text()), edge.to));
            put(out, format_args!("<text class=\"note\" x=\"{x:.1}\" y=\"{y:.1}\">{note}</text>\n"));
            y += NOTE;
        }
    }

    fn edge(&self, out: &mut String, edge: &Edge, index: usize) {
        let Path { d, label } =
            if edge.from == edge.to { self.round(edge.from) } else { self.path(edge, index) };
        let text = edge.on.text();
        let about = escaped(&format!("{} → {} on {text}", edge.from, edge.to));
        put(
            out,
            format_args!(
                "<g class=\"edge\"><title>{about}</title><path d=\"{d}\" marker-end=\"url(#tip)\"/>"
            ),
        );
        let (x, y) = (label.x, label.y);
        put(out, format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\">{}</text></g>\n", escaped(&cut(text))));
    }

    /// A loop above its node.
    fn round(&self, state: u16) -> Path {
        let Point { x, y } = self.node(state);
        let (foot, top) = (y - RADIUS, y - RADIUS - LOOP);
        let d = format!(
            "M{:.1} {:.1}C{:.1} {top:.1} {:.1} {top:.1} {:.1} {:.1}",
            x - 6.0,
            foot + 1.0,
            x - 16.0,
            x + 16.0,
            x + 6.0,
            foot + 0.5
        );
        Path { d, label: Point { x, y: foot - LOOP * 0.75 - 1.0 } }
    }

    /// A curve from node to node through the bends, level wherever it crosses a column.
    fn path(&self, edge: &Edge, index: usize) -> Path {
        let (from, to) = (self.node(edge.from), self.node(edge.to));
        let direction = if self.layout.backward[index] { -1.0 } else { 1.0 };
        let begin = Point { x: from.x + direction * RADIUS, y: from.y };
        let end = Point { x: to.x - direction * (RADIUS + 3.0), y: to.y };
        let bends = &self.layout.bends[index];
        // Without a bend, an edge and the one back would lie on each other.
        let bow = if direction < 0.0 && bends.is_empty() { 26.0 } else { 0.0 };
        let mut d = format!("M{:.1} {:.1}", begin.x, begin.y);
        let (mut at, mut label) = (begin, None);
        for next in bends.iter().map(|&bend| self.place(bend)).chain([end]) {
            let half = (next.x - at.x) / 2.0;
            put(
                &mut d,
                format_args!(
                    "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
                    at.x + half,
                    at.y + bow,
                    next.x - half,
                    next.y + bow,
                    next.x,
                    next.y
                ),
            );
            // Near the source edges fan out, so that labels are apart.
            label.get_or_insert(Point {
                x: (at.x + next.x) / 2.0,
                y: (at.y + next.y) / 2.0 + bow * 0.75 + 4.0,
            });
            at = next;
        }
        Path { d, label: label.unwrap_or(begin) }
    }
}

struct Path {
    d: String,
    label: Point,
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("memory takes all writes");
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Text between tags. Characters that XML does not have, not even escaped, are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("<a & \"b\">\u{0}\u{ffff}\n"), "&lt;a &amp; &quot;b&quot;&gt;\u{fffd}\u{fffd}\n");
    }

    #[test]
    fn long_labels_are_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut("äöüäöüäöüäöüäöüäöü"), "äöüäöüäöüäöüäö…");
    }
}
