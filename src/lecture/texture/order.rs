//! In which order pixels grow.

use std::cmp::Reverse;

const AROUND: [[isize; 2]; 8] =
    [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]];

/// The pixels that are not known, ring by ring outwards from those that are.
///
/// In a ring, those with most known neighbours of their 8 come first; `chances` settles ties. Empty
/// where nothing is known.
pub(super) fn order(known: &[bool], size: [usize; 2], chances: &[f64]) -> Vec<usize> {
    let mut known = known.to_vec();
    let mut order = vec![];
    loop {
        let unknown = (0..known.len()).filter(|&at| !known[at]);
        let counted = unknown.map(|at| (neighbours(&known, size, at), at));
        let mut ring: Vec<(usize, usize)> = counted.filter(|(count, _)| *count > 0).collect();
        if ring.is_empty() {
            return order;
        }
        ring.sort_by(|(count_a, a), (count_b, b)| {
            Reverse(count_a).cmp(&Reverse(count_b)).then(chances[*a].total_cmp(&chances[*b]))
        });
        for (_, at) in ring {
            known[at] = true;
            order.push(at);
        }
    }
}

/// How many of a pixel's 8 neighbours are known.
fn neighbours(known: &[bool], [h, w]: [usize; 2], at: usize) -> usize {
    let there = |[down, across]: [isize; 2]| {
        let y = (at / w).checked_add_signed(down).filter(|&y| y < h)?;
        let x = (at % w).checked_add_signed(across).filter(|&x| x < w)?;
        known[y * w + x].then_some(())
    };
    AROUND.into_iter().filter_map(there).count()
}
