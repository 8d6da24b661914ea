//! The order inside layers: few crossings.

use super::Layered;

/// Sweeps over all layers before the best order so far stands.
const SWEEPS: usize = 16;

/// The nodes of every layer, from top to bottom.
pub(super) fn order(graph: &Layered) -> Vec<Vec<usize>> {
    let mut layers = vec![Vec::new(); graph.layer_count()];
    for node in depth_first(graph) {
        layers[graph.layer_of[node]].push(node);
    }
    let mut position = positions(&layers, graph.layer_of.len());
    let (mut best, mut fewest) = (layers.clone(), crossings(graph, &layers, &position));
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let rightward = sweep % 2 == 0;
        for step in 1..layers.len() {
            let layer = if rightward { step } else { layers.len() - 1 - step };
            sort(graph, layer, rightward, &mut layers[layer], &mut position);
        }
        let found = crossings(graph, &layers, &position);
        if found < fewest {
            (best, fewest) = (layers.clone(), found);
        }
    }
    best
}

/// A first order in which what hangs together stands together.
fn depth_first(graph: &Layered) -> Vec<usize> {
    let count = graph.layer_of.len();
    let (mut seen, mut order) = (vec![false; count], Vec::with_capacity(count));
    let mut roots: Vec<usize> = (0..count).collect();
    roots.sort_by_key(|&node| graph.layer_of[node]);
    for root in roots {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                order.push(node);
                open.extend(graph.neighbours[node].iter().rev().copied().filter(|&next| !seen[next]));
            }
        }
    }
    order
}

fn positions(layers: &[Vec<usize>], count: usize) -> Vec<usize> {
    let mut position = vec![0; count];
    for layer in layers {
        for (place, &node) in layer.iter().enumerate() {
            position[node] = place;
        }
    }
    position
}

/// Sorts a layer by the barycentres of its nodes' neighbours on one side. Who has none there stays where it is.
fn sort(graph: &Layered, layer: usize, look_left: bool, nodes: &mut [usize], position: &mut [usize]) {
    let beside = if look_left { layer.wrapping_sub(1) } else { layer + 1 };
    let barycentre = |node: usize| {
        let places = graph.neighbours[node].iter().filter(|&&next| graph.layer_of[next] == beside);
        let (sum, count) = places.fold((0, 0), |(sum, count), &next| (sum + position[next], count + 1));
        if count == 0 { position[node] as f64 } else { sum as f64 / f64::from(count) }
    };
    let mut keyed: Vec<(f64, usize)> = nodes.iter().map(|&node| (barycentre(node), node)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (place, (slot, (_, node))) in nodes.iter_mut().zip(keyed).enumerate() {
        *slot = node;
        position[node] = place;
    }
}

/// How many pairs of edges cross. Inversions, counted with a tree of partial sums (P. M. Fenwick, 1994).
fn crossings(graph: &Layered, layers: &[Vec<usize>], position: &[usize]) -> usize {
    let mut total = 0;
    for (layer, nodes) in layers.iter().enumerate() {
        let Some(next) = layers.get(layer + 1) else { break };
        let mut tree = vec![0_usize; next.len() + 1];
        let mut placed = 0;
        for &node in nodes {
            let ends = graph.neighbours[node].iter().filter(|&&end| graph.layer_of[end] == layer + 1);
            let mut ends: Vec<usize> = ends.map(|&end| position[end]).collect();
            ends.sort_unstable();
            for &end in &ends {
                let (mut not_below, mut at) = (0, end + 1);
                while at > 0 {
                    not_below += tree[at];
                    at &= at - 1;
                }
                total += placed - not_below;
            }
            for end in ends {
                let mut at = end + 1;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
                placed += 1;
            }
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_layers(edges: &[(usize, usize)]) -> Layered {
        let mut graph = Layered { layer_of: vec![0, 0, 0, 1, 1, 1], neighbours: vec![Vec::new(); 6] };
        for &edge in edges {
            graph.connect(edge);
        }
        graph
    }

    #[test]
    fn crossings_are_counted() {
        let layers = [vec![0, 1, 2], vec![3, 4, 5]];
        for (edges, expected) in [
            (&[(0, 3), (1, 4), (2, 5)][..], 0),
            (&[(0, 5), (1, 4), (2, 3)], 3),
            (&[(0, 4), (1, 3), (2, 5)], 1),
            (&[(0, 3), (0, 4), (1, 3), (1, 4)], 1),
        ] {
            let graph = two_layers(edges);
            assert_eq!(crossings(&graph, &layers, &positions(&layers, 6)), expected, "{edges:?}");
        }
    }

    #[test]
    fn what_can_be_untangled_is() {
        let graph = two_layers(&[(0, 5), (1, 3), (2, 4)]);
        let layers = order(&graph);
        assert_eq!(crossings(&graph, &layers, &positions(&layers, 6)), 0);
    }
}
