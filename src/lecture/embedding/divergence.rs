//! What t-SNE minimises, computed exactly.

use super::engine;
use crate::neighbours::{Metric, nearest_others, rows};
use crate::{Error, Result};
use bhtsne::SparseAffinities;
use tch::{Kind, Tensor};

/// Distances in memory at a time.
const PAIRS: i64 = 1 << 18;

/// How badly points tell the similarities of the data: `sum p log(p / q)`, in nats.
///
/// `x` are the data `[n, d]`, `points` `[n, 2]`, however they were made. `p` comes from Gaussians of
/// the given perplexity over the `3 * perplexity` nearest rows, symmetric; `q = 1 / (1 + d²) / Z`
/// (van der Maaten and Hinton 2008, equations 4 and 5). `Z` is summed over all pairs, not estimated:
/// time `n²`. Compare at equal data and perplexity only.
/// Errors: a perplexity that does not fit `n`, other than one point for each row.
pub fn divergence(x: &Tensor, points: &Tensor, perplexity: f64) -> Result<f64> {
    let ([n, _], size) = (rows(x, "x")?, rows(points, "points")?);
    if size != [n, 2] {
        let advice = "give the data and their own map";
        return Err(Error::argument("points", format!("[{n}, 2]"), format!("{size:?}"), advice));
    }
    let affinities = affinities(x, perplexity)?;
    Similarities::new(&affinities)?.divergence(&points.f_to_kind(Kind::Float)?)
}

/// The similarities of rows, for bhtsne.
pub(super) fn affinities(x: &Tensor, perplexity: f64) -> Result<SparseAffinities<f32>> {
    let most = (rows(x, "x")?[0] - 1) as f64 / 3.0;
    if !(1.0..=most).contains(&perplexity) {
        let expected = format!("1 to {most:.1}, a third of the other rows");
        let advice = "take a smaller perplexity or more rows";
        return Err(Error::argument("perplexity", expected, perplexity, advice));
    }
    let near = nearest_others(x, (3.0 * perplexity) as usize, Metric::L2)?;
    engine::affinities(&near, perplexity)
}

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

    /// [`divergence`] of points `[n, 2]`.
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
    use super::*;

    #[test]
    fn by_hand_on_four_points_in_a_square() {
        let y = Tensor::from_slice(&[0f32, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0]).view([4, 2]);
        // Each point sees two at distance 1 and one at the root of 2.
        assert!((normaliser(&y).unwrap() - 4.0 * (0.5 + 0.5 + 1.0 / 3.0)).abs() < 1e-6);
    }
}
