//! Exact search for the nearest rows.

use crate::pixels::finite;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// How far apart two vectors are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The Euclidean distance.
    L2,
    /// One minus the cosine of the angle between them; 1 where one of them is zero.
    Cosine,
}

/// The nearest rows of each query, nearest first; where distances are equal, in the rows' order.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// Which rows, a list for each query.
    pub index: Vec<Vec<usize>>,
    /// How far away they are.
    pub distance: Vec<Vec<f64>>,
}

/// Distances in memory at a time.
const PAIRS: i64 = 1 << 24;
/// Values in memory when candidates are measured once more.
const VALUES: i64 = 1 << 24;

/// The `k` rows of `bank` nearest to each row of `queries`, by comparing with all of them.
///
/// `bank` is `[n, d]`, `queries` `[m, d]`. Matrix products give all distances but for rounding; those
/// that may belong to the nearest are measured again, value by value in double precision. Memory:
/// the two tensors and about 0.5 GB, however many rows there are.
/// Errors: `k` of 0 or above `n`, rows of unequal length, NaN.
///
/// ```
/// use convlens::neighbours::{Metric, nearest};
/// use tch::Tensor;
/// let bank = Tensor::from_slice(&[0f32, 0.0, 3.0, 4.0, 6.0, 8.0]).view([3, 2]);
/// let query = Tensor::from_slice(&[3f32, 0.0]).view([1, 2]);
/// let found = nearest(&bank, &query, 2, Metric::L2)?;
/// assert_eq!(found.index[0], [0, 1]);
/// assert_eq!(found.distance[0], [3.0, 4.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn nearest(bank: &Tensor, queries: &Tensor, k: usize, metric: Metric) -> Result<Neighbours> {
    let [n, d] = rows(bank, "bank")?;
    let [m, width] = rows(queries, "queries")?;
    if d != width {
        let advice = "take both from the same layer, of photos of the same size";
        return Err(Error::argument("queries", format!("{d} columns"), width, advice));
    }
    if k == 0 || k as i64 > n {
        let advice = "take fewer neighbours or more photos";
        return Err(Error::argument("k", format!("1..={n}"), k, advice));
    }
    let bank = bank.f_to_kind(Kind::Float)?;
    let lengths = lengths(&bank)?;
    let mut found = Neighbours { index: vec![], distance: vec![] };
    let block = (PAIRS / n).max(1);
    for start in (0..m).step_by(block as usize) {
        let some = queries.f_narrow(0, start, block.min(m - start))?.f_to_kind(Kind::Float)?;
        let near = candidates(&bank, &lengths, &some, (k as i64, metric))?;
        let distances = measured(&bank, &some, &near, metric)?;
        found.take(near, distances, (some.size()[0], k))?;
    }
    Ok(found)
}

/// The `k` nearest other rows of each row: [`nearest`], without the row itself.
///
/// Errors: as [`nearest`]; `k` must be below the number of rows.
pub fn nearest_others(bank: &Tensor, k: usize, metric: Metric) -> Result<Neighbours> {
    let [n, _] = rows(bank, "bank")?;
    if k == 0 || k as i64 >= n {
        let advice = format!("each of {n} rows has {} others", n - 1);
        return Err(Error::argument("k", format!("1..{n}"), k, advice));
    }
    let mut found = nearest(bank, bank, k + 1, metric)?;
    for (own, (index, distance)) in found.index.iter_mut().zip(&mut found.distance).enumerate() {
        // Among many equal rows the row itself may not be in its own list.
        let at = index.iter().position(|&i| i == own).unwrap_or(k);
        index.remove(at);
        distance.remove(at);
    }
    Ok(found)
}

pub(crate) fn rows(x: &Tensor, what: &str) -> Result<[i64; 2]> {
    let expected = "a [rows, columns] tensor with no size of 0";
    let size = x.size();
    match size[..] {
        [n, d] if n > 0 && d > 0 => finite(x, what).map(|()| [n, d]),
        _ => {
            let advice = "flatten maps with `.flatten(1, -1)`";
            Err(Error::argument(what, expected, format!("{size:?}"), advice))
        }
    }
}

fn lengths(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_norm_scalaropt_dim(2.0, [1i64].as_slice(), false)?)
}

/// Pairs `[2, pairs]` of query and row: the `k` nearest by matrix product, and whatever rounding may
/// have kept from being among them.
fn candidates(
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
fn measured(bank: &Tensor, queries: &Tensor, pairs: &Tensor, metric: Metric) -> Result<Vec<f64>> {
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

impl Neighbours {
    /// Adds the best `k` pairs of each of some queries.
    fn take(&mut self, pairs: Tensor, far: Vec<f64>, (queries, k): (i64, usize)) -> Result<()> {
        let of = |row: i64| -> Result<Vec<i64>> { Ok(Vec::try_from(pairs.f_select(0, row)?)?) };
        let (query, row) = (of(0)?, of(1)?);
        let mut start = 0;
        for q in 0..queries {
            let end = start + query[start..].iter().take_while(|&&other| other == q).count();
            let mut best: Vec<(f64, i64)> = (start..end).map(|i| (far[i], row[i])).collect();
            best.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            best.truncate(k);
            self.index.push(best.iter().map(|&(_, i)| i as usize).collect());
            self.distance.push(best.iter().map(|&(d, _)| d).collect());
            start = end;
        }
        Ok(())
    }
}
