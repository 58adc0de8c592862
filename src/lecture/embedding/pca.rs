//! Principal component analysis.

use crate::check::within;
use crate::neighbours::rows;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// The directions in which data vary most.
#[derive(Debug)]
pub struct Pca {
    /// The mean of the data, `[d]`.
    pub mean: Tensor,
    /// Orthogonal directions of length 1, `[k, d]`, the one of the largest variance first.
    pub components: Tensor,
    /// The variance along each of them, over `n - 1`.
    pub variance: Vec<f64>,
    /// The share of all the variance that each of them has.
    pub ratio: Vec<f64>,
}

/// The first `k` principal components of the rows of `x`, `[n, d]` (Pearson 1901).
///
/// By singular value decomposition of the centred data, `X - mean = U S V'`: the components are the
/// rows of `V'`, the variances `S² / (n - 1)`. A component's sign has no meaning; here, as in
/// scikit-learn 1.5 and later, its value furthest from 0 is positive.
/// Cost and memory: `n d min(n, d)` products, the data twice in double precision.
/// Errors: fewer than two rows, `k` of 0 or above `min(n, d)`, NaN.
///
/// ```
/// use convlens::embedding::pca;
/// use tch::Tensor;
/// // On the line y = x, and a little off it.
/// let x = Tensor::from_slice(&[-2f64, -2.0, 2.0, 2.0, -1.0, 1.0, 1.0, -1.0]).view([4, 2]);
/// let p = pca(&x, 2)?;
/// assert!((p.variance[0] - 16.0 / 3.0).abs() < 1e-9); // (8 + 8) / 3
/// assert!((p.ratio[1] - 0.2).abs() < 1e-9); // 4 of 20
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn pca(x: &Tensor, k: usize) -> Result<Pca> {
    let [n, d] = rows(x, "x")?;
    if n < 2 {
        return Err(Error::argument("x", "at least 2 rows", n, "a single one does not vary"));
    }
    let most = n.min(d);
    within("k", k, 1..=most as usize, "ask for at most as many as there are rows and columns")?;
    let x = x.f_to_kind(Kind::Double)?;
    let mean = x.f_mean_dim([0i64].as_slice(), false, Kind::Double)?;
    let (_, s, v) = x.f_sub(&mean)?.f_svd(true, true)?;
    let variance = Vec::<f64>::try_from(s.f_square()?.f_div_scalar((n - 1) as f64)?)?;
    let total: f64 = variance.iter().sum();
    let components = upright(&v.f_transpose(0, 1)?.f_narrow(0, 0, k as i64)?)?;
    let ratio = variance[..k].iter().map(|v| if total > 0.0 { v / total } else { 0.0 }).collect();
    Ok(Pca { mean, components, variance: variance[..k].to_vec(), ratio })
}

/// Directions turned so that their value furthest from 0 is positive.
fn upright(v: &Tensor) -> Result<Tensor> {
    let at = v.f_abs()?.f_argmax(1, true)?;
    Ok(v.f_mul(&v.f_gather(1, &at, false)?.f_sign()?)?)
}

impl Pca {
    /// Where rows `[n, d]` lie along the components: `[n, k]`, of the kind of `x`.
    pub fn project(&self, x: &Tensor) -> Result<Tensor> {
        let ([_, d], width) = (rows(x, "x")?, self.mean.size()[0]);
        within("columns of x", d, width..=width, "take the same layer")?;
        let centred = x.f_to_kind(Kind::Double)?.f_sub(&self.mean)?;
        Ok(centred.f_matmul(&self.components.f_transpose(0, 1)?)?.f_to_kind(x.kind())?)
    }

    /// Rows `[n, k]` of coordinates back as rows `[n, d]`: as near as `k` components come.
    pub fn restore(&self, y: &Tensor) -> Result<Tensor> {
        let ([_, d], k) = (rows(y, "y")?, self.components.size()[0]);
        within("columns of y", d, k..=k, "take what `project` made")?;
        let y64 = y.f_to_kind(Kind::Double)?;
        Ok(y64.f_matmul(&self.components)?.f_add(&self.mean)?.f_to_kind(y.kind())?)
    }
}
