//! The parts of a source that come nearest to what is known.

use super::canvas::{Colour, squared};

/// A colour known at some offset from a candidate, in pixels of the source read row after row.
pub(super) struct Known {
    pub offset: isize,
    pub weight: f32,
    pub colour: Colour,
}

/// The candidates whose distance is at most `1 + tolerance` times the smallest, in their order.
///
/// The distance is the weighted sum of squared differences over all that is known. Exact: a sum is
/// given up only once it is larger than that, so the heaviest should come first.
pub(super) fn nearest(
    source: &[Colour],
    candidates: &[usize],
    known: &[Known],
    tolerance: f32,
) -> Vec<usize> {
    let mut limit = f32::INFINITY;
    let mut near = vec![];
    for &at in candidates {
        let distance = distance(source, at, known, limit);
        if distance <= limit {
            near.push((distance, at));
            limit = limit.min(distance * (1.0 + tolerance));
        }
    }
    near.into_iter().filter(|(distance, _)| *distance <= limit).map(|(_, at)| at).collect()
}

fn distance(source: &[Colour], at: usize, known: &[Known], limit: f32) -> f32 {
    let mut sum = 0.0;
    for Known { offset, weight, colour } in known {
        sum += weight * squared(source[at.wrapping_add_signed(*offset)], *colour);
        if sum > limit {
            break;
        }
    }
    sum
}

/// One of several, by a number in 0..1; `several` is not empty.
pub(super) fn drawn(several: &[usize], chance: f64) -> usize {
    let last = several.len() - 1;
    several[((chance * several.len() as f64) as usize).min(last)]
}
