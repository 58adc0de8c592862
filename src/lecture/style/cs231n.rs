//! The functions of CS231n's assignment 3 and of EECS 498's assignment 6, with their signatures.
//!
//! Images are what those notebooks pass: normalised, `[1, 3, h, w]`. All results are scalars that a
//! gradient flows through, except the Gram matrices.

use crate::check::{finite, within};
use crate::pixels::finite_batch;
use crate::{Error, Objective, Result, net::Net};
use tch::{Kind, Tensor};

/// `content_weight` times the squared distance of two layers, `[1, c, h, w]`.
///
/// ```
/// use convlens::style::cs231n::content_loss;
/// use tch::Tensor;
/// let layer = |x: &[f32]| Tensor::from_slice(x).view([1, 1, 1, 2]);
/// let loss = content_loss(0.5, &layer(&[1.0, 4.0]), &layer(&[0.0, 1.0]))?;
/// assert_eq!(loss.double_value(&[]), 0.5 * (1.0 + 9.0));
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn content_loss(
    content_weight: f64,
    content_current: &Tensor,
    content_original: &Tensor,
) -> Result<Tensor> {
    weight_within("content_weight", content_weight)?;
    same_size(content_current, content_original, "content_original")?;
    squares(content_current, content_original, content_weight)
}

/// The Gram matrix of `[n, c, h, w]`, `[n, c, c]`; divided by `c * h * w` if `normalize`.
pub fn gram_matrix(features: &Tensor, normalize: bool) -> Result<Tensor> {
    let [_, c, h, w] = finite_batch(features, "features")?;
    let gram = crate::gram_matrix(features)?;
    Ok(if normalize { gram } else { gram * (c * h * w) as f64 })
}

/// The weighted squared distances of the layers' Gram matrices from `style_targets`.
///
/// ```
/// use convlens::style::cs231n::{gram_matrix, style_loss};
/// use tch::Tensor;
/// // Channels (1, 2) and (3, 0): products 5, 3, 3 and 9 over 4.
/// let feats = [Tensor::from_slice(&[1f32, 2.0, 3.0, 0.0]).view([1, 2, 1, 2])];
/// assert_eq!(gram_matrix(&feats[0], false)?.double_value(&[0, 1, 1]), 9.0);
/// let nothing = [Tensor::zeros([1, 2, 2], (tch::Kind::Float, tch::Device::Cpu))];
/// let loss = style_loss(&feats, &[0], &nothing, &[2.0])?;
/// assert_eq!(loss.double_value(&[]), 2.0 * (25.0 + 9.0 + 9.0 + 81.0) / 16.0);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn style_loss(
    feats: &[Tensor],
    style_layers: &[usize],
    style_targets: &[Tensor],
    style_weights: &[f64],
) -> Result<Tensor> {
    let gram = |layer: usize| gram_matrix(pick(feats, layer, "feats")?, true);
    summed(&gram, style_layers, style_targets, style_weights)
}

/// `tv_weight` times the squared differences of neighbouring pixels of `[1, 3, h, w]`.
///
/// ```
/// use convlens::style::cs231n::tv_loss;
/// use tch::Tensor;
/// let x = Tensor::from_slice(&[0f32, 1.0, 2.0, 3.0]).view([1, 1, 2, 2]);
/// assert_eq!(tv_loss(&x, 0.5)?.double_value(&[]), 0.5 * (1.0 + 1.0 + 4.0 + 4.0));
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn tv_loss(img: &Tensor, tv_weight: f64) -> Result<Tensor> {
    finite_batch(img, "img")?;
    weight_within("tv_weight", tv_weight)?;
    let rough = Objective::total_variation().score(&Net::new("pixels"), img)?;
    Ok(rough.f_sum(Kind::Float)? * tv_weight)
}

/// Gram matrices of `r` regions, `[n, r, c, c]`: each of `features`, `[n, r, c, h, w]`, times its mask,
/// `[n, r, h, w]`; divided by `c * h * w` if `normalize`.
///
/// [`gram_matrix_within`](crate::gram_matrix_within) divides by the mask's own area instead, so that a
/// small region counts as much.
///
/// ```
/// use convlens::style::cs231n::guided_gram_matrix;
/// use tch::Tensor;
/// let features = Tensor::from_slice(&[1f32, 2.0, 3.0, 0.0]).view([1, 1, 2, 1, 2]);
/// let first = Tensor::from_slice(&[1f32, 0.0]).view([1, 1, 1, 2]);
/// let gram = guided_gram_matrix(&features, &first, false)?; // (1) and (3)
/// assert_eq!(Vec::<f32>::try_from(gram.flatten(0, -1)).unwrap(), [1.0, 3.0, 3.0, 9.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn guided_gram_matrix(features: &Tensor, masks: &Tensor, normalize: bool) -> Result<Tensor> {
    let (size, mask) = (features.size(), masks.size());
    let ([n, r, c, h, w], true) = (five(&size)?, mask == [&size[..2], &size[3..]].concat()) else {
        let expected = "[n, r, h, w] for features [n, r, c, h, w]";
        let got = format!("{mask:?} for {size:?}");
        return Err(Error::argument("masks", expected, got, "give each region its mask"));
    };
    finite(masks, "masks")?;
    let guided = features.f_mul(&masks.f_unsqueeze(2)?)?.f_reshape([n * r, c, h, w])?;
    Ok(gram_matrix(&guided, normalize)?.f_view([n, r, c, c])?)
}

/// [`style_loss`] region by region: `feats` as [`guided_gram_matrix`] takes them, `content_masks` the
/// masks for each of them.
///
/// ```
/// use convlens::style::cs231n::guided_style_loss;
/// use tch::{Device, Kind, Tensor};
/// let feats = [Tensor::from_slice(&[1f32, 2.0, 3.0, 0.0]).view([1, 1, 2, 1, 2])];
/// let first = [Tensor::from_slice(&[1f32, 0.0]).view([1, 1, 1, 2])];
/// let nothing = [Tensor::zeros([1, 1, 2, 2], (Kind::Float, Device::Cpu))];
/// // Of the first place alone (1) and (3): products 1, 3, 3 and 9 over 4.
/// let loss = guided_style_loss(&feats, &[0], &nothing, &[2.0], &first)?;
/// assert_eq!(loss.double_value(&[]), 2.0 * (1.0 + 9.0 + 9.0 + 81.0) / 16.0);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn guided_style_loss(
    feats: &[Tensor],
    style_layers: &[usize],
    style_targets: &[Tensor],
    style_weights: &[f64],
    content_masks: &[Tensor],
) -> Result<Tensor> {
    let gram = |layer: usize| {
        let mask = pick(content_masks, layer, "content_masks")?;
        guided_gram_matrix(pick(feats, layer, "feats")?, mask, true)
    };
    summed(&gram, style_layers, style_targets, style_weights)
}

fn summed(
    gram: &dyn Fn(usize) -> Result<Tensor>,
    layers: &[usize],
    targets: &[Tensor],
    weights: &[f64],
) -> Result<Tensor> {
    if layers.is_empty() || [targets.len(), weights.len()] != [layers.len(); 2] {
        let got = format!(
            "{} layers, {} targets, {} weights",
            layers.len(),
            targets.len(),
            weights.len()
        );
        let advice = "give each layer its target and its weight";
        return Err(Error::argument("style", "as many of each, at least one", got, advice));
    }
    let mut total = 0.0 * targets[0].f_sum(Kind::Float)?;
    weights.iter().try_for_each(|&weight| weight_within("style_weights", weight))?;
    for ((layer, target), weight) in layers.iter().zip(targets).zip(weights) {
        let gram = gram(*layer)?;
        same_size(&gram, target, "style_targets")?;
        total += squares(&gram, target, *weight)?;
    }
    Ok(total)
}

fn weight_within(what: &str, weight: f64) -> Result<()> {
    within(what, weight, -1e30..=1e30, "the assignment has 1e-2 to 1e5")
}

fn squares(a: &Tensor, b: &Tensor, weight: f64) -> Result<Tensor> {
    Ok(a.f_sub(b)?.f_square()?.f_sum(Kind::Float)? * weight)
}

fn same_size(a: &Tensor, b: &Tensor, what: &str) -> Result<()> {
    if a.size() == b.size() {
        return Ok(());
    }
    let (expected, got) = (format!("{:?}", a.size()), format!("{:?}", b.size()));
    Err(Error::argument(what, expected, got, "take both at the same layer"))
}

fn pick<'a>(list: &'a [Tensor], index: usize, what: &str) -> Result<&'a Tensor> {
    list.get(index).ok_or_else(|| {
        let expected = format!("0..{}", list.len());
        Error::argument(what, expected, index, "count the layers from 0")
    })
}

fn five(size: &[i64]) -> Result<[i64; 5]> {
    <[i64; 5]>::try_from(size).map_err(|_| {
        let got = format!("{size:?}");
        let advice = "add the axis of regions with `unsqueeze(1)`";
        Error::argument("features", "[n, r, c, h, w]", got, advice)
    })
}
