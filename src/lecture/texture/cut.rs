//! Where two patches that overlap are best cut apart.

use crate::check::finite;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// The cheapest cut from top to bottom through a table of costs, `[rows, columns]`: for each row the
/// column it passes, one further left or right at most from row to row.
///
/// Dynamic programming: the cheapest way to a cell is its own cost and the cheapest of the three above.
/// Where two ways cost the same, the left one is taken.
///
/// Source: Efros and Freeman 2001, section 2.1, "Minimum error boundary cut".
///
/// ```
/// use convlens::texture::boundary_cut;
/// use tch::Tensor;
/// let costs = Tensor::from_slice(&[9f32, 9., 0., 1., 9., 2., 9., 0., 9.]).view([3, 3]);
/// // From the 0 below to the 0 above by the 2: the 1 is cheaper, but leads to a 9.
/// assert_eq!(boundary_cut(&costs)?, [2, 2, 1]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn boundary_cut(costs: &Tensor) -> Result<Vec<i64>> {
    let size = costs.size();
    if size.len() != 2 || size.contains(&0) {
        let advice = "sum the squared differences over the colours first";
        let got = format!("{size:?}");
        return Err(Error::argument("costs", "a table, [rows, columns]", got, advice));
    }
    finite(costs, "costs")?;
    let flat =
        Vec::<f32>::try_from(costs.f_to_kind(Kind::Float)?.f_contiguous()?.f_reshape([-1])?)?;
    let rows: Vec<Vec<f32>> = flat.chunks(size[1] as usize).map(<[f32]>::to_vec).collect();
    Ok(cut(rows).into_iter().map(|column| column as i64).collect())
}

/// The same on rows of costs.
pub(super) fn cut(mut costs: Vec<Vec<f32>>) -> Vec<usize> {
    for row in 1..costs.len() {
        for column in 0..costs[row].len() {
            let above = best_near(&costs[row - 1], column, 1);
            costs[row][column] += costs[row - 1][above];
        }
    }
    let mut path = vec![];
    for row in costs.iter().rev() {
        let (from, reach) = path.last().map_or((0, row.len()), |&below| (below, 1));
        path.push(best_near(row, from, reach));
    }
    path.reverse();
    path
}

/// The cheapest column at most `reach` from `column`, the leftmost of equals.
fn best_near(row: &[f32], column: usize, reach: usize) -> usize {
    let near = column.saturating_sub(reach)..(column + reach + 1).min(row.len());
    near.min_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(column)
}
