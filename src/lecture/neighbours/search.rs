//! Exact search for the nearest rows.

use super::measure::{candidates, lengths, measured};
use crate::check::{finite, within};

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
/// The `k` rows of `bank` nearest to each row of `queries`, by comparing with all of them.
///
/// `bank` is `[n, d]`, `queries` `[m, d]`. Matrix products give all distances but for rounding; those
/// that may belong to the nearest are measured again, value by value in double precision. Memory:
/// the two tensors and about 0.5 GB, however many rows there are.
/// Errors: `k` of 0 or above `n`, rows of unequal length, NaN, values above 1e15.
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
    within("k", k, 1..=n as usize, "take fewer neighbours or more photos")?;
    let bank = bank.f_to_kind(Kind::Float)?;
    let lengths = lengths(&bank)?;
    let mut found = Neighbours { index: vec![], distance: vec![] };
    let block = (PAIRS / n).clamp(1, 256);
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
    if !(1..n as usize).contains(&k) {
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

/// Above it the squares of distances leave single precision.
const LARGEST: f64 = 1e15;

pub(crate) fn rows(x: &Tensor, what: &str) -> Result<[i64; 2]> {
    let expected = "a [rows, columns] tensor with no size of 0";
    let size = x.size();
    match size[..] {
        [n, d] if n > 0 && d > 0 && x.is_floating_point() => {
            finite(x, what)?;
            let largest = x.f_abs()?.f_max()?.f_double_value(&[])?;
            within(&format!("largest value of {what}"), largest, 0.0..=LARGEST, "divide the rows")?;
            Ok([n, d])
        }
        [_, _] if !x.is_floating_point() => {
            let (got, advice) = (format!("{:?}", x.kind()), "use `.to_kind(Kind::Float)`");
            Err(Error::argument(what, "floats", got, advice))
        }
        _ => {
            let advice = "flatten maps with `.flatten(1, -1)`";
            Err(Error::argument(what, expected, format!("{size:?}"), advice))
        }
    }
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
