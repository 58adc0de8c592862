//! Distances: all of them by matrix products, a few of them exactly.

use super::Metric;
use crate::Result;
use tch::{Kind, Tensor};

/// Values in memory when candidates are measured.
const VALUES: i64 = 1 << 18;

/// The length of each row.
pub(super) fn lengths(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_norm_scalaropt_dim(2.0, [1i64].as_slice(), false)?)
}

/// Pairs `[2, pairs]` of query and row: the `k` nearest by matrix product, and whatever rounding may
/// have kept from being among them.
pub(super) fn candidates(
    bank: &Tensor,
    lengths_of_bank: &Tensor,
    queries: &Tensor,
    (k, metric): (i64, Metric),
) -> Result<Tensor> {
    let products = queries.f_matmul(&bank.f_transpose(0, 1)?)?;
    let own = lengths(queries)?.f_unsqueeze(1)?;
    // The error of a sum of d products grows like the root of d.
    let unsure = 4.0 * f64::from(f32::EPSILON) * (bank.size()[1] as f64).sqrt();
    let (far, unsure) = match metric {
        Metric::L2 => {
            let squares = lengths_of_bank.f_square()?;
            let largest = squares.f_max()?.f_add(&own.f_square()?)?;
            (squares.f_sub(&products.f_mul_scalar(2.0)?)?, largest.f_mul_scalar(unsure)?)
        }
        Metric::Cosine => {
            let both = own.f_mul(lengths_of_bank)?.f_clamp_min(f64::from(f32::MIN_POSITIVE))?;
            (products.f_div(&both)?.f_neg()?, own.f_full_like(unsure)?)
        }
    };
    let (smallest, _) = far.f_topk(k, 1, false, false)?;
    let limit = smallest.f_amax([1i64].as_slice(), true)?.f_add(&unsure)?;
    Ok(far.f_le_tensor(&limit)?.f_nonzero()?.f_transpose(0, 1)?)
}

/// The distance of each pair, in double precision.
pub(super) fn measured(
    bank: &Tensor,
    queries: &Tensor,
    pairs: &Tensor,
    metric: Metric,
) -> Result<Vec<f64>> {
    let mut distances = vec![];
    let (count, block) = (pairs.size()[1], (VALUES / bank.size()[1]).max(1));
    for start in (0..count).step_by(block as usize) {
        let some = pairs.f_narrow(1, start, block.min(count - start))?;
        let of = |x: &Tensor, row: i64| -> Result<Tensor> {
            Ok(x.f_index_select(0, &some.f_select(0, row)?)?.f_to_kind(Kind::Double)?)
        };
        let (q, x) = (of(queries, 0)?, of(bank, 1)?);
        let far = match metric {
            Metric::L2 => lengths(&q.f_sub(&x)?)?,
            Metric::Cosine => {
                let product =
                    q.f_mul(&x)?.f_sum_dim_intlist([1i64].as_slice(), false, Kind::Double)?;
                let both = lengths(&q)?.f_mul(&lengths(&x)?)?.f_clamp_min(f64::MIN_POSITIVE)?;
                product.f_div(&both)?.f_neg()?.f_add_scalar(1.0)?
            }
        };
        distances.extend(Vec::<f64>::try_from(far)?);
    }
    Ok(distances)
}
