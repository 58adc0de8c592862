//! What t-SNE minimises, computed exactly.

use crate::Result;
use bhtsne::SparseAffinities;
use tch::{Kind, Tensor};

/// Distances in memory at a time.
const PAIRS: i64 = 1 << 22;

/// The similarities of the data, `p`, as pairs of rows and their values, which sum to 1.
pub(super) struct Similarities {
    from: Tensor,
    to: Tensor,
    p: Tensor,
}

impl Similarities {
    pub fn new(affinities: &SparseAffinities<f32>) -> Result<Self> {
        let ends = affinities.rows().windows(2).enumerate();
        let from: Vec<i64> = ends.flat_map(|(i, e)| vec![i as i64; e[1] - e[0]]).collect();
        let to: Vec<i64> = affinities.columns().iter().map(|&j| i64::from(j)).collect();
        let p = Tensor::f_from_slice(affinities.values())?.f_to_kind(Kind::Double)?;
        let p = p.f_div(&p.f_sum(Kind::Double)?)?;
        Ok(Self { from: Tensor::f_from_slice(&from)?, to: Tensor::f_from_slice(&to)?, p })
    }

    /// The Kullback-Leibler divergence `sum p log(p / q)` of points `[n, 2]`.
    ///
    /// With `q = 1 / (1 + |y_i - y_j|²) / Z` (van der Maaten and Hinton 2008, equation 4). `Z` is summed
    /// over all pairs, not estimated.
    pub fn divergence(&self, y: &Tensor) -> Result<f64> {
        let of = |index: &Tensor| y.f_index_select(0, index);
        let apart = of(&self.from)?.f_sub(&of(&self.to)?)?.f_to_kind(Kind::Double)?.f_square()?;
        let apart = apart.f_sum_dim_intlist([1i64].as_slice(), false, Kind::Double)?.f_log1p()?;
        let log_p = self.p.f_clamp_min(f64::MIN_POSITIVE)?.f_log()?;
        let sum = self.p.f_mul(&log_p.f_add(&apart)?)?.f_sum(Kind::Double)?;
        Ok(sum.f_double_value(&[])? + normaliser(y)?.ln())
    }
}

/// The sum of `1 / (1 + |y_i - y_j|²)` over all pairs of different points.
fn normaliser(y: &Tensor) -> Result<f64> {
    let n = y.size()[0];
    let axes = [y.f_select(1, 0)?, y.f_select(1, 1)?];
    let mut sum = -(n as f64);
    let block = (PAIRS / n).max(1);
    for start in (0..n).step_by(block as usize) {
        let part = |axis: &Tensor| -> Result<Tensor> {
            let some = axis.f_narrow(0, start, block.min(n - start))?.f_unsqueeze(1)?;
            Ok(some.f_sub(axis)?.f_square_()?)
        };
        let far = part(&axes[0])?.f_add_(&part(&axes[1])?)?.f_add_scalar_(1.0)?.f_reciprocal_()?;
        let each = far.f_sum_dim_intlist([1i64].as_slice(), false, Kind::Float)?;
        sum += each.f_sum(Kind::Double)?.f_double_value(&[])?;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::super::engine::affinities;
    use super::*;
    use crate::neighbours::{Metric, nearest_others};
    use serde_json::Value;

    /// `formula` of tests/parity/formula.rs.
    fn formula(rows: i64, columns: i64, seed: i64) -> Tensor {
        let value = |i: i64| {
            let mixed = 40503 * i * i + 2_654_435_761 * i + 1_013_904_223 * seed;
            (mixed.rem_euclid(1 << 32) as f64 / 2f64.powi(31) - 1.0) as f32
        };
        let values: Vec<f32> = (0..rows * columns).map(value).collect();
        Tensor::from_slice(&values).view([rows, columns])
    }

    /// Made by tests/parity/make_embedding.py, with a root finder of SciPy's for the bandwidths.
    #[test]
    fn the_divergence_is_that_of_exact_similarities() {
        let expected: Value =
            serde_json::from_str(include_str!("../../../tests/parity/embedding.json")).unwrap();
        let group = Tensor::from_slice(&(0..40).map(|i| i % 4).collect::<Vec<i64>>());
        let x = formula(40, 6, 1) + formula(4, 6, 2).index_select(0, &group) * 2.0;
        let near = nearest_others(&x, 15, Metric::L2).unwrap();
        let similarities = Similarities::new(&affinities(&near, 5.0).unwrap()).unwrap();
        let ours = similarities.divergence(&(formula(40, 2, 3) * 3.0)).unwrap();
        let theirs = expected["divergence"].as_f64().unwrap();
        assert!((ours / theirs - 1.0).abs() < 1e-4, "{ours} for {theirs}");
    }

    #[test]
    fn by_hand_on_four_points_in_a_square() {
        let y = Tensor::from_slice(&[0f32, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0]).view([4, 2]);
        // Each point sees two at distance 1 and one at the root of 2.
        assert!((normaliser(&y).unwrap() - 4.0 * (0.5 + 0.5 + 1.0 / 3.0)).abs() < 1e-6);
    }
}
