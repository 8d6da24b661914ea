//! Which edges a picture can do without.
//!
//! Nearly every state of a rule set has an edge to the same few states: to "nothing matches any more", and where a pattern has a star
//! inside, back to its beginning. Drawn, those edges hide all others.

use std::collections::{BTreeMap, VecDeque};

use super::drawing::{Drawing, Edge, Label};

/// If more edges than this lead to one state on `other`, the legend names it instead.
const UNDRAWN: usize = 6;
/// If more edges than this lead to a state, all but the first are noted beside the states that they leave.
const NOTED: usize = 8;

/// The edges by how they are shown.
pub(super) struct Thinned<'a> {
    pub(super) drawn: Vec<&'a Edge>,
    /// Written under their source.
    pub(super) noted: Vec<&'a Edge>,
    /// Where the `other` edges that are not shown at all lead.
    pub(super) undrawn: Option<u16>,
}

pub(super) fn thin(drawing: &Drawing) -> Thinned<'_> {
    let undrawn = undrawn_target(drawing);
    let shown: Vec<&Edge> =
        drawing.edges.iter().filter(|edge| edge.on != Label::Other || Some(edge.to) != undrawn).collect();
    let mut entering: BTreeMap<u16, usize> = BTreeMap::new();
    for edge in shown.iter().filter(|edge| edge.from != edge.to) {
        *entering.entry(edge.to).or_default() += 1;
    }
    let discoverers = discoverers(drawing, &shown);
    let (noted, drawn) = shown.into_iter().partition(|edge| {
        let crowded = entering.get(&edge.to).is_some_and(|&count| count > NOTED);
        crowded && edge.from != edge.to && discoverers.get(&edge.to) != Some(&edge.from)
    });
    Thinned { drawn, noted, undrawn }
}

/// The target of so many `other` edges that drawing them would hide the rest.
fn undrawn_target(drawing: &Drawing) -> Option<u16> {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for edge in drawing.edges.iter().filter(|edge| edge.on == Label::Other && edge.from != edge.to) {
        *counts.entry(edge.to).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|&(to, count)| (count, std::cmp::Reverse(to)));
    most.filter(|&(_, count)| count > UNDRAWN).map(|(to, _)| to)
}

/// From which state each is first reached, breadth first: that edge is drawn, so that no state hangs in the air.
fn discoverers(drawing: &Drawing, shown: &[&Edge]) -> BTreeMap<u16, u16> {
    let mut found = BTreeMap::new();
    let mut open = VecDeque::from([drawing.start]);
    while let Some(state) = open.pop_front() {
        let begin = shown.partition_point(|edge| edge.from < state);
        for edge in shown[begin..].iter().take_while(|edge| edge.from == state) {
            if edge.to != drawing.start && !found.contains_key(&edge.to) {
                found.insert(edge.to, state);
                open.push_back(edge.to);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::drawing::{Kind, State};
    use masque_automata::Decision;

    /// A chain in which every state also leads to the last state on `x`, and to state 0 on `other`.
    fn chain(states: u16) -> Drawing {
        let edge = |from, to, on| Edge { from, to, on };
        let edges = (1..states - 1).flat_map(|from| {
            let to_last = (from + 1 < states - 1).then(|| edge(from, states - 1, Label::On("x".into())));
            [edge(from, 0, Label::Other), edge(from, from + 1, Label::On("a".into()))]
                .into_iter()
                .chain(to_last)
        });
        let state = |_| State { decision: Decision::Unmatched, kind: Kind::Inner };
        Drawing { states: (0..states).map(state).collect(), start: 1, edges: edges.collect() }
    }

    #[test]
    fn a_small_drawing_is_drawn_whole() {
        let drawing = chain(6);
        let thinned = thin(&drawing);
        assert_eq!(
            (thinned.drawn.len(), thinned.noted.len(), thinned.undrawn),
            (drawing.edges.len(), 0, None)
        );
    }

    #[test]
    fn crowds_are_thinned_and_nothing_is_lost() {
        let drawing = chain(20);
        let thinned = thin(&drawing);
        assert_eq!(thinned.undrawn, Some(0));
        assert_eq!(thinned.noted.len(), 17, "of 18 edges to the last state, the first is drawn");
        assert_eq!(thinned.drawn.iter().filter(|edge| edge.to == 19).count(), 1);
        assert_eq!(thinned.drawn.len() + thinned.noted.len() + 18, drawing.edges.len());
    }
}
