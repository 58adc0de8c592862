//! How alike two maps are.

use crate::check::finite;
use crate::pixels::finite_batch;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Spearman's rank correlation: 1 where two maps put all pixels in the same order, 0 where the orders
/// have nothing in common, -1 where they are opposite.
///
/// Two tensors of one size and any shape. Equal values share the mean of their ranks, as in
/// `scipy.stats.spearmanr`; NaN if one of the maps has only one value, as there.
/// Maps of any shape. Errors: different sizes, no values, NaN, a map of one value (it has no ranks).
///
/// ```
/// use convlens::trust::rank_correlation;
/// use tch::Tensor;
/// let [a, b] = [[1f32, 2.0, 3.0, 4.0], [10.0, 30.0, 20.0, 90.0]].map(|v| Tensor::from_slice(&v));
/// // Ranks 1 3 2 4 against 1 2 3 4: 1 - 6 (0 + 1 + 1 + 0) / (4 (16 - 1)).
/// assert!((rank_correlation(&a, &b)? - 0.8).abs() < 1e-12);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn rank_correlation(a: &Tensor, b: &Tensor) -> Result<f64> {
    same_size(a, b)?;
    let [a, b] = [ranks(a)?, ranks(b)?];
    let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let spread = (sum(&a, &a) * sum(&b, &b)).sqrt();
    if spread == 0.0 {
        let advice = "a constant has no ranks: is the layer dead?";
        return Err(Error::argument("map", "values that differ", "a constant", advice));
    }
    Ok(sum(&a, &b) / spread)
}

/// The rank of each value, counted from the mean rank.
fn ranks(x: &Tensor) -> Result<Vec<f64>> {
    if x.numel() == 0 || !x.is_floating_point() {
        let got = format!("{:?} of kind {:?}", x.size(), x.kind());
        return Err(Error::argument("map", "some values, floats", got, "see `Kind::Float`"));
    }
    finite(x, "map")?;
    let values = Vec::<f64>::try_from(x.f_reshape([-1])?.f_to_kind(Kind::Double)?)?;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for tied in order.chunk_by(|&i, &j| values[i] == values[j]) {
        let mean = first as f64 + (tied.len() as f64 - values.len() as f64) / 2.0;
        tied.iter().for_each(|&i| ranks[i] = mean);
        first += tied.len();
    }
    Ok(ranks)
}

/// How alike two maps `[n, 1, h, w]` with values in 0..1 look, the mean over images and places: 1 for
/// the same map, about 0 for unrelated ones.
///
/// Wang et al. 2004, section III: means, deviations and covariance in a Gaussian window of 11 x 11
/// pixels and deviation 1.5, constants 0.01 and 0.03, only windows that lie inside. As scikit-image's
/// `structural_similarity` with `gaussian_weights=True, use_sample_covariance=False, data_range=1`.
/// Errors: other shapes, different sizes, fewer than 11 rows or columns, NaN.
///
/// ```
/// use convlens::trust::structural_similarity;
/// use tch::{Device, Kind, Tensor};
/// let grey = |v: f64| Tensor::full([1, 1, 11, 12], v, (Kind::Float, Device::Cpu));
/// assert!((structural_similarity(&grey(0.5), &grey(0.5))? - 1.0).abs() < 1e-6);
/// // Flat maps differ by their means alone: (2 * 0 * 1 + 0.01²) / (0² + 1² + 0.01²).
/// assert!((structural_similarity(&grey(0.0), &grey(1.0))? - 1e-4).abs() < 1e-6);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn structural_similarity(a: &Tensor, b: &Tensor) -> Result<f64> {
    let [_, channels, h, w] = finite_batch(a, "map")?;
    finite_batch(b, "map")?;
    same_size(a, b)?;
    if channels != 1 || h < WINDOW || w < WINDOW {
        let (got, expected) = (a.size(), format!("[n, 1, h, w] of {WINDOW} x {WINDOW} or more"));
        return Err(Error::argument("map", expected, format!("{got:?}"), "enlarge it first"));
    }
    let [a, b] = [a.f_to_kind(Kind::Double)?, b.f_to_kind(Kind::Double)?];
    let window = bell(&a)?;
    let mean = |x: &Tensor| x.f_conv2d(&window, None::<Tensor>, [1], [0], [1], 1);
    let [ma, mb] = [mean(&a)?, mean(&b)?];
    let spread = |x: &Tensor, y: &Tensor, product: Tensor| mean(&x.f_mul(y)?)?.f_sub(&product);
    let [saa, sbb, sab] = [
        spread(&a, &a, ma.f_square()?)?,
        spread(&b, &b, mb.f_square()?)?,
        spread(&a, &b, ma.f_mul(&mb)?)?,
    ];
    let [c1, c2] = [1e-4, 9e-4];
    let above = (ma.f_mul(&mb)? * 2.0 + c1).f_mul(&(sab * 2.0 + c2))?;
    let below = (ma.f_square()? + mb.f_square()? + c1).f_mul(&(saa + sbb + c2))?;
    Ok(above.f_div(&below)?.f_mean(Kind::Double)?.f_double_value(&[])?)
}

const WINDOW: i64 = 11;

/// The window's weights, `[1, 1, 11, 11]`; they add up to 1.
fn bell(like: &Tensor) -> Result<Tensor> {
    let at = Tensor::f_arange(WINDOW, (Kind::Double, like.device()))? - (WINDOW / 2);
    let side = (at.f_square()? / (-2.0 * 1.5 * 1.5)).f_exp()?;
    let window = side.f_outer(&side)?;
    Ok(window.f_div(&window.f_sum(Kind::Double)?)?.f_view([1, 1, WINDOW, WINDOW])?)
}

/// A signal `[n, 3, h, w]` or `[n, 1, h, w]` as maps `[n, 1, h, w]` in 0..1, as one draws them.
///
/// As Adebayo et al. 2018 draw gradients: the sizes of the colours are added up; the smallest sum becomes
/// 0, the value that 99 % of them do not exceed 1, larger ones too. (Grad-CAM ends at its largest value
/// there.) Each image by itself; a signal of one value becomes all 0. Errors: other shapes, NaN.
pub fn normalised(signal: &Tensor) -> Result<Tensor> {
    let [n, ..] = finite_batch(signal, "signal")?;
    let sizes = signal.f_abs()?.f_sum_dim_intlist([1i64].as_slice(), true, signal.kind())?;
    let flat = sizes.f_reshape([n, -1])?;
    let low = flat.f_amin([1i64].as_slice(), true)?;
    let high = flat.f_quantile_scalar(0.99, 1, true, "linear")?;
    let reach = high.f_sub(&low)?.f_clamp_min(f64::from(f32::MIN_POSITIVE))?;
    let [low, reach] = [low, reach].map(|x| x.f_view([n, 1, 1, 1]));
    Ok(sizes.f_sub(&low?)?.f_div(&reach?)?.f_clamp(0.0, 1.0)?)
}

pub(super) fn same_size(a: &Tensor, b: &Tensor) -> Result<()> {
    if a.size() == b.size() {
        return Ok(());
    }
    let (expected, got) = (format!("{:?}", a.size()), format!("{:?}", b.size()));
    Err(Error::argument("map", expected, got, "compare maps of the same picture"))
}
