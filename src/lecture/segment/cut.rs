//! The cheapest division of a grid in two: a minimum cut, found as a maximum flow.
//!
//! Boykov and Kolmogorov 2004, section 3: two trees grow through the links that have room, one from the
//! sources and one from the sinks. Where they touch there is a path; flow fills it, full links break
//! their branch off, and broken-off branches look for a new parent in their own tree. It is written here
//! because general graph crates need seconds for a photo's grid; this needs about a tenth of one.

use super::flow::{Flow, Tree};
use super::grid::Grid;

/// Which pixels are on the source's side of the grid's minimum cut.
///
/// A pixel of excess `e` costs `e` on the sink's side; `-e` on the source's, if `e` is negative.
pub(super) fn min_cut(grid: &Grid, excess: &[f64]) -> Vec<bool> {
    let [h, w] = grid.size;
    let wide = w + 2;
    let at = |i: usize| (i / w + 1) * wide + i % w + 1;
    let mut flow = Flow::new((h + 2) * wide, wide as isize);
    excess.iter().enumerate().for_each(|(i, &excess)| flow.join(at(i), excess));
    grid.each(|a, b, pair| {
        flow.room[at(a)][2 * pair] = grid.links[a][pair];
        flow.room[at(b)][2 * pair + 1] = grid.links[a][pair];
    });
    flow.run();
    (0..h * w).map(|i| flow.tree[at(i)] == Tree::Source).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pathfinding::directed::edmonds_karp::edmonds_karp_sparse;
    use proptest::prelude::*;

    /// What a division costs.
    fn cost(grid: &Grid, excess: &[f64], source: &[bool]) -> f64 {
        let sides = excess.iter().zip(source);
        let own = sides.map(|(e, source)| if *source { (-e).max(0.0) } else { e.max(0.0) });
        own.sum::<f64>() + grid.outline(source)
    }

    /// The maximum flow that another algorithm of another library finds.
    fn maximum_flow(grid: &Grid, excess: &[f64]) -> i64 {
        let (n, mut caps) = (excess.len(), vec![]);
        grid.each(|a, b, pair| {
            let link = grid.links[a][pair] as i64;
            caps.extend([((a, b), link), ((b, a), link)]);
        });
        for (i, &e) in excess.iter().enumerate() {
            caps.push(if e > 0.0 { ((n, i), e as i64) } else { ((i, n + 1), -e as i64) });
        }
        let nodes: Vec<usize> = (0..n + 2).collect();
        edmonds_karp_sparse(&nodes, &n, &(n + 1), caps).1
    }

    fn sides(size: [usize; 2], excess: &[f64], links: &[[f64; 4]]) -> Vec<bool> {
        min_cut(&Grid { size, links: links.to_vec() }, excess)
    }

    #[test]
    fn by_hand_on_three_in_a_row() {
        // 5 -> 3 wanted, 0, -4: the cheaper link breaks, and the flow stops at 2.
        let right = |v: f64| [v, 9.0, 9.0, 9.0];
        let links = [right(3.0), right(2.0), right(7.0)];
        assert_eq!(sides([1, 3], &[5.0, 0.0, -4.0], &links), [true, true, false]);
        let links = [right(1.0), right(2.0), right(7.0)];
        assert_eq!(sides([1, 3], &[5.0, 0.0, -4.0], &links), [true, false, false]);
        // Links as strong as the sources: the weaker pull gives way.
        let links = [right(8.0), right(8.0), right(0.0)];
        assert_eq!(sides([1, 3], &[5.0, 0.0, -4.0], &links), [true; 3]);
        assert_eq!(sides([1, 3], &[3.0, 0.0, -4.0], &links), [false; 3]);
    }

    #[test]
    fn diagonals_lead_down_on_both_sides() {
        // 2 x 2: only the links from the top corners to the opposite bottom corners are there.
        let links = [[0.0, 0.0, 3.0, 0.0], [0.0, 0.0, 0.0, 3.0], [0.0; 4], [0.0; 4]];
        let found = sides([2, 2], &[5.0, -5.0, -1.0, 1.0], &links);
        assert_eq!(found, [true, false, false, true]);
        let found = sides([2, 2], &[5.0, -5.0, 1.0, -1.0], &links);
        assert_eq!(found, [true, false, false, true]);
    }

    proptest! {
        #[test]
        fn a_cut_costs_what_another_library_s_maximum_flow_carries(
            (h, w) in (1usize..6, 1usize..8),
            numbers in prop::collection::vec((-9i32..10, [0i32..5, 0..5, 0..5, 0..5]), 35),
        ) {
            let excess: Vec<f64> = numbers[..h * w].iter().map(|(e, _)| f64::from(*e)).collect();
            let links: Vec<[f64; 4]> =
                numbers[..h * w].iter().map(|(_, links)| links.map(f64::from)).collect();
            let grid = Grid { size: [h, w], links };
            let found = cost(&grid, &excess, &min_cut(&grid, &excess));
            prop_assert_eq!(found, maximum_flow(&grid, &excess) as f64);
        }
    }
}
