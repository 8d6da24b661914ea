//! Heights under an order: every node as close to the middle of its neighbours as its column lets it be.

use super::{Extent, Layered};

const ROUNDS: usize = 24;
/// Room between two in a column.
const GAP: f64 = 10.0;
/// How much more a piece of a long edge counts than a node: long edges should be straight.
const STRAIGHTNESS: f64 = 4.0;

/// The height of every node, the topmost edge of all at 0.
pub(super) fn heights(graph: &Layered, layers: &[Vec<usize>], extents: &[Extent]) -> Vec<f64> {
    let mut heights = vec![0.0; extents.len()];
    for layer in layers {
        let mut at = 0.0;
        for &node in layer {
            heights[node] = at + extents[node].above;
            at = heights[node] + extents[node].below + GAP;
        }
        for &node in layer {
            heights[node] -= at / 2.0;
        }
    }
    for round in 0..ROUNDS {
        for step in 0..layers.len() {
            let layer = if round % 2 == 0 { step } else { layers.len() - 1 - step };
            settle(graph, &layers[layer], extents, &mut heights);
        }
    }
    let top =
        (0..heights.len()).map(|node| heights[node] - extents[node].above).fold(f64::INFINITY, f64::min);
    heights.iter().map(|height| height - top).collect()
}

/// Moves a column to where its neighbours want it, by least squares under its order: an isotonic regression once the distances that
/// must be kept are taken out, solved by pooling adjacent violators (M. Ayer et al., 1955).
fn settle(graph: &Layered, column: &[usize], extents: &[Extent], heights: &mut [f64]) {
    struct Pool {
        sum: f64,
        weight: f64,
        nodes: usize,
    }
    let mut kept = Vec::with_capacity(column.len());
    let mut pools: Vec<Pool> = Vec::new();
    let mut distance = 0.0;
    for (index, &node) in column.iter().enumerate() {
        if index > 0 {
            distance += extents[column[index - 1]].below + GAP + extents[node].above;
        }
        kept.push(distance);
        let neighbours = &graph.neighbours[node];
        let wanted = match neighbours.len() {
            0 => heights[node],
            count => neighbours.iter().map(|&next| heights[next]).sum::<f64>() / count as f64,
        };
        // Only pieces and nodes in the middle of a chain have one neighbour on each side; both are better straight.
        let weight = if neighbours.len() == 2 { STRAIGHTNESS } else { 1.0 };
        pools.push(Pool { sum: (wanted - distance) * weight, weight, nodes: 1 });
        while let [.., upper, lower] = &pools[..] {
            if upper.sum / upper.weight <= lower.sum / lower.weight {
                break;
            }
            let Some(lower) = pools.pop() else { break };
            if let Some(upper) = pools.last_mut() {
                upper.sum += lower.sum;
                upper.weight += lower.weight;
                upper.nodes += lower.nodes;
            }
        }
    }
    let mut at = 0;
    for pool in pools {
        for _ in 0..pool.nodes {
            heights[column[at]] = pool.sum / pool.weight + kept[at];
            at += 1;
        }
    }
}
