//! Where nodes and edges go: a layered layout.
//!
//! The frame is that of K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures"
//! (IEEE Trans. SMC 11(2), 1981): edges that close a cycle are turned around, nodes are put into layers by the longest path to them,
//! long edges are cut into one piece per layer, layers are ordered by barycentres, and heights follow by least squares under the
//! order. Layers are columns, from left to right. The same graph always gets the same layout.

mod heights;
mod order;

/// What a node takes above and below its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extent {
    pub(crate) above: f64,
    pub(crate) below: f64,
}

/// A place on the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// The whole sheet.
pub(crate) struct Layout {
    /// Centres of the nodes.
    pub(crate) nodes: Vec<Point>,
    /// For each edge, the places that it passes between its ends.
    pub(crate) bends: Vec<Vec<Point>>,
    /// For each edge, whether it goes against the direction of reading.
    pub(crate) backward: Vec<bool>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Distance of two columns.
const COLUMN: f64 = 92.0;
/// Edges are cut into pieces as long as there are no more pieces than this; later ones go straight, so that time stays bounded.
const MOST_PIECES: usize = 30_000;
/// What a piece of a long edge takes above and below.
const PIECE: Extent = Extent { above: 8.0, below: 8.0 };

/// Lays a graph out. Nodes that can't be reached from `start` go to the last layer.
pub(crate) fn layout(nodes: &[Extent], edges: &[(usize, usize)], start: usize) -> Layout {
    let backward = backward_edges(nodes.len(), edges, start);
    let forward: Vec<(usize, usize)> = edges
        .iter()
        .zip(&backward)
        .map(|(&(from, to), &back)| if back { (to, from) } else { (from, to) })
        .collect();
    let mut layer_of = longest_paths(nodes.len(), &forward);
    let last = layer_of.iter().copied().max().unwrap_or(0);
    for (node, layer) in layer_of.iter_mut().enumerate() {
        let alone =
            node != start && forward.iter().all(|&(from, to)| from == to || (from != node && to != node));
        if alone {
            *layer = last;
        }
    }

    let mut graph = Layered { layer_of, neighbours: vec![Vec::new(); nodes.len()] };
    let mut extents = nodes.to_vec();
    let chains: Vec<Vec<usize>> = forward.iter().map(|&edge| graph.connect(edge)).collect();
    extents.resize(graph.layer_of.len(), PIECE);

    let layers = order::order(&graph);
    let heights = heights::heights(&graph, &layers, &extents);
    let place = |node: usize| Point { x: graph.layer_of[node] as f64 * COLUMN, y: heights[node] };
    let bends = chains
        .iter()
        .zip(&backward)
        .map(|(chain, &back)| {
            let mut points: Vec<Point> = chain.iter().map(|&piece| place(piece)).collect();
            if back {
                points.reverse();
            }
            points
        })
        .collect();
    let bottom = |node: usize| heights[node] + extents[node].below;
    Layout {
        nodes: (0..nodes.len()).map(place).collect(),
        bends,
        backward,
        width: last as f64 * COLUMN,
        height: (0..extents.len()).map(bottom).fold(0.0, f64::max),
    }
}

/// Nodes and pieces in their layers.
struct Layered {
    layer_of: Vec<usize>,
    /// Nodes of the layers beside, by node.
    neighbours: Vec<Vec<usize>>,
}

impl Layered {
    /// Draws an edge through all layers between its ends and gives the pieces in between.
    fn connect(&mut self, (from, to): (usize, usize)) -> Vec<usize> {
        let (first, last) = (self.layer_of[from], self.layer_of[to]);
        let pieces = last.saturating_sub(first + 1);
        if first >= last || self.layer_of.len() + pieces > MOST_PIECES {
            return Vec::new();
        }
        let begin = self.layer_of.len();
        let chain: Vec<usize> = (begin..begin + pieces).collect();
        self.layer_of.extend(first + 1..last);
        self.neighbours.resize(begin + pieces, Vec::new());
        let mut before = from;
        for &next in chain.iter().chain([&to]) {
            self.neighbours[before].push(next);
            self.neighbours[next].push(before);
            before = next;
        }
        chain
    }

    fn layer_count(&self) -> usize {
        self.layer_of.iter().max().map_or(0, |last| last + 1)
    }
}

/// Edges that lead back to a node on the way to their source, in a depth-first walk; a loop is none of them.
fn backward_edges(nodes: usize, edges: &[(usize, usize)], start: usize) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        Unseen,
        OnTheWay,
        Done,
    }
    let mut leaving = vec![Vec::new(); nodes];
    for (index, &(from, to)) in edges.iter().enumerate() {
        leaving[from].push((index, to));
    }
    let mut backward = vec![false; edges.len()];
    let mut marks = vec![Mark::Unseen; nodes];
    for root in [start].into_iter().chain(0..nodes) {
        if marks[root] != Mark::Unseen {
            continue;
        }
        marks[root] = Mark::OnTheWay;
        let mut way = vec![(root, 0)];
        while let Some((node, next)) = way.last_mut() {
            let Some(&(edge, to)) = leaving[*node].get(*next) else {
                marks[*node] = Mark::Done;
                way.pop();
                continue;
            };
            *next += 1;
            match marks[to] {
                Mark::Unseen => {
                    marks[to] = Mark::OnTheWay;
                    way.push((to, 0));
                }
                Mark::OnTheWay => backward[edge] = edges[edge].0 != to,
                Mark::Done => {}
            }
        }
    }
    backward
}

/// The number of edges on the longest path to each node of a graph without cycles, loops apart.
fn longest_paths(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut leaving = vec![Vec::new(); nodes];
    let mut entering = vec![0; nodes];
    for &(from, to) in edges.iter().filter(|(from, to)| from != to) {
        leaving[from].push(to);
        entering[to] += 1;
    }
    let mut lengths = vec![0; nodes];
    let mut open: Vec<usize> = (0..nodes).filter(|&node| entering[node] == 0).collect();
    while let Some(node) = open.pop() {
        for &to in &leaving[node] {
            lengths[to] = lengths[to].max(lengths[node] + 1);
            entering[to] -= 1;
            if entering[to] == 0 {
                open.push(to);
            }
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: Extent = Extent { above: 16.0, below: 16.0 };

    /// A random graph of a fixed seed.
    fn graph(nodes: usize, edges: usize, mut seed: u64) -> Vec<(usize, usize)> {
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        (0..edges).map(|_| (next(nodes), next(nodes))).collect()
    }

    #[test]
    fn nodes_never_overlap_and_bends_lie_between_the_ends() {
        for seed in 0..20 {
            let edges = graph(60, 120, seed);
            let layout = layout(&[NODE; 60], &edges, 0);
            for (index, a) in layout.nodes.iter().enumerate() {
                for b in &layout.nodes[..index] {
                    assert!(a.x != b.x || (a.y - b.y).abs() >= 31.9, "seed {seed}: {a:?} and {b:?}");
                }
                assert!(a.y >= 15.9 && a.y <= layout.height - 15.9, "seed {seed}: {a:?}");
            }
            for ((from, to), bends) in edges.iter().zip(&layout.bends) {
                let (from, to) = (layout.nodes[*from].x, layout.nodes[*to].x);
                assert!(
                    bends.iter().all(|bend| from.min(to) < bend.x && bend.x < from.max(to)),
                    "seed {seed}"
                );
                assert!(bends.is_sorted_by(|a, b| (a.x < b.x) == (from < to)), "seed {seed}");
            }
        }
    }

    #[test]
    fn edges_lead_to_the_right_but_for_those_that_close_a_cycle() {
        let layout = layout(&[NODE; 5], &[(0, 1), (1, 2), (2, 0), (2, 2), (0, 2)], 0);
        assert_eq!(layout.backward, [false, false, true, false, false]);
        let columns: Vec<f64> = layout.nodes.iter().map(|node| node.x / COLUMN).collect();
        assert_eq!(columns, [0.0, 1.0, 2.0, 2.0, 2.0], "nodes 3 and 4 are not connected");
    }

    #[test]
    fn a_large_dense_graph_takes_bounded_time() {
        let edges = graph(2000, 20_000, 7);
        assert_eq!(layout(&[NODE; 2000], &edges, 0).nodes.len(), 2000);
    }
}
