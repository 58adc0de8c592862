//! How far a map of the data can be trusted.

use crate::neighbours::{Metric, nearest_others, rows};
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Distances in memory at a time.
const PAIRS: i64 = 1 << 22;

/// Whether points that are near are near in the data too, 0 to 1 (Venna and Kaski 2001).
///
/// `x` are the data `[n, d]`, `y` the map `[n, 2]`. Each of the `k` nearest points costs by how far down
/// the list of the data's neighbours it comes; 1 where none is below place `k`.
/// As scikit-learn's `trustworthiness`. Time `n² (d + log n)`.
/// Errors: other than equally many rows, `k` of 0 or not below `n / 2`.
///
/// ```
/// use convlens::embedding::trustworthiness;
/// use tch::Tensor;
/// let column = |v: [f32; 5]| Tensor::from_slice(&v).view([5, 1]);
/// let x = column([0.0, 1.0, 2.1, 3.3, 9.0]);
/// assert_eq!(trustworthiness(&x, &x, 2)?, 1.0);
/// // Nearest of 0 becomes 9, place 4 for k = 1: 3 too far down; nearest of 9 becomes 0: likewise.
/// let y = column([0.0, 1.0, 2.1, 3.3, -0.5]);
/// assert!((trustworthiness(&x, &y, 1)? - (1.0 - 2.0 / (5.0 * 6.0) * 6.0)).abs() < 1e-12);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn trustworthiness(x: &Tensor, y: &Tensor, k: usize) -> Result<f64> {
    let n = paired(x, y)?;
    if k == 0 || k as u64 >= (n as u64).div_ceil(2) {
        let advice = "take fewer neighbours";
        return Err(Error::argument("k", format!("1 to below {n} / 2"), k, advice));
    }
    let near = nearest_others(y, k, Metric::L2)?;
    let index: Vec<i64> = near.index.iter().flatten().map(|&i| i as i64).collect();
    let near = Tensor::f_from_slice(&index)?.f_reshape([n, k as i64])?;
    let mut penalty = 0.0;
    let block = (PAIRS / n).max(1);
    for start in (0..n).step_by(block as usize) {
        let count = block.min(n - start);
        let ranks = ranks(x, start, count)?.f_gather(1, &near.f_narrow(0, start, count)?, false)?;
        let too_far = ranks.f_sub_scalar(k as i64)?.f_clamp_min(0)?;
        penalty += too_far.f_sum(Kind::Double)?.f_double_value(&[])?;
    }
    let (n, k) = (n as f64, k as f64);
    Ok(1.0 - penalty * 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0)))
}

/// The place of every row in the list of neighbours of some rows; the row itself has place 0.
fn ranks(x: &Tensor, start: i64, count: i64) -> Result<Tensor> {
    let x = x.f_to_kind(Kind::Double)?;
    let far = Tensor::f_cdist(&x.f_narrow(0, start, count)?, &x, 2.0, 2)?;
    // The row itself comes first, also among rows that are equal to it.
    let own = Tensor::f_arange_start(start, start + count, (Kind::Int64, x.device()))?;
    let far = far.f_scatter_value(1, &own.f_unsqueeze(1)?, -1.0)?;
    let order = far.f_argsort_stable(true, 1, false)?;
    let places = Tensor::f_arange(x.size()[0], (Kind::Int64, x.device()))?.f_expand_as(&order)?;
    Ok(order.f_zeros_like()?.f_scatter(1, &order, &places)?)
}

/// The share of each row's `k` nearest neighbours that are among its `k` nearest in the map, 0 to 1.
///
/// Data `[n, d]`, map `[n, 2]`; a map of chance has `k / (n - 1)`. Errors: as [`nearest_others`].
///
/// ```
/// use convlens::embedding::neighbours_kept;
/// use tch::Tensor;
/// let x = Tensor::from_slice(&[0f32, 1.0, 2.1, 9.0]).view([4, 1]);
/// let y = Tensor::from_slice(&[0f32, 1.0, 9.0, 2.1]).view([4, 1]); // the last two swapped
/// assert_eq!(neighbours_kept(&x, &y, 1)?, 0.5); // 0 and 1 keep theirs
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn neighbours_kept(x: &Tensor, y: &Tensor, k: usize) -> Result<f64> {
    let n = paired(x, y)?;
    let (a, b) = (nearest_others(x, k, Metric::L2)?, nearest_others(y, k, Metric::L2)?);
    let kept = |(a, b): (&Vec<usize>, &Vec<usize>)| a.iter().filter(|i| b.contains(i)).count();
    let kept: usize = a.index.iter().zip(&b.index).map(kept).sum();
    Ok(kept as f64 / (n as f64 * k as f64))
}

/// How well groups are apart, −1 to 1: the mean of `(b - a) / max(a, b)` (Rousseeuw 1987).
///
/// `a` is a point's mean distance to the others of its group, `b` that to the nearest other group.
/// A point alone in its group counts 0. As scikit-learn's `silhouette_score`. Time `n²`.
/// Errors: other than one name for each point, fewer than two groups.
///
/// ```
/// use convlens::embedding::silhouette;
/// use tch::Tensor;
/// let points = Tensor::from_slice(&[0f32, 1.0, 4.0, 5.0]).view([4, 1]);
/// let groups = ["a", "a", "b", "b"].map(String::from);
/// // a is 1 for all; b is 4.5 outside, 3.5 inside.
/// let expected = (3.5 / 4.5 + 2.5 / 3.5) / 2.0;
/// assert!((silhouette(&points, &groups)? - expected).abs() < 1e-9);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn silhouette(points: &Tensor, groups: &[String]) -> Result<f64> {
    let [n, _] = rows(points, "points")?;
    let mut names: Vec<&String> = groups.iter().collect();
    names.sort();
    names.dedup();
    if groups.len() as i64 != n || names.len() < 2 {
        let got = format!("{} names of {} groups", groups.len(), names.len());
        let expected = format!("{n} names of at least 2 groups");
        return Err(Error::argument("groups", expected, got, "give each point its group"));
    }
    let group = |name| names.binary_search(&name).unwrap_or_default() as i64;
    let group: Vec<i64> = groups.iter().map(group).collect();
    let group = Tensor::f_from_slice(&group)?;
    let sizes = group.f_bincount(None::<&Tensor>, 0)?.f_to_kind(Kind::Double)?;
    let points = points.f_to_kind(Kind::Double)?;
    let member = group.f_one_hot(names.len() as i64)?.f_to_kind(Kind::Double)?;
    let mut sum = 0.0;
    let block = (PAIRS / n).max(1);
    for start in (0..n).step_by(block as usize) {
        let count = block.min(n - start);
        let some = points.f_narrow(0, start, count)?;
        let far = Tensor::f_cdist(&some, &points, 2.0, 2)?.f_matmul(&member)?;
        let own = group.f_narrow(0, start, count)?.f_unsqueeze(1)?;
        let others =
            sizes.f_gather(0, &own.f_squeeze()?.f_reshape([count])?, false)?.f_sub_scalar(1.0)?;
        let a = far.f_gather(1, &own, false)?.f_squeeze_dim(1)?.f_div(&others.f_clamp_min(1.0)?)?;
        let b = far.f_div(&sizes)?.f_scatter_value(1, &own, f64::INFINITY)?;
        let b = b.f_amin([1i64].as_slice(), false)?;
        let larger = a.f_maximum(&b)?.f_clamp_min(f64::MIN_POSITIVE)?;
        let alone = others.f_eq(0.0)?;
        let each = b.f_sub(&a)?.f_div(&larger)?.f_masked_fill(&alone, 0.0)?;
        sum += each.f_sum(Kind::Double)?.f_double_value(&[])?;
    }
    Ok(sum / n as f64)
}

fn paired(x: &Tensor, y: &Tensor) -> Result<i64> {
    let ([n, _], [points, _]) = (rows(x, "x")?, rows(y, "y")?);
    if n != points {
        let advice = "give the data and their own map";
        return Err(Error::argument("y", format!("{n} rows"), points, advice));
    }
    Ok(n)
}
