//! What masks are made of, measured by and shown with.

use crate::check::finite;
use crate::pixels::{finite_batch, finite_rgb};
use crate::{Error, Result};
use pathfinding::directed::bfs::bfs_reach;
use tch::{Kind, Tensor};

/// Intersection over union of two masks of one shape: 1 where they agree, 0 where they have nothing in
/// common.
///
/// Masks are 1 on the thing and 0 elsewhere. Errors: other shapes, two empty masks, NaN.
///
/// ```
/// use convlens::segment::iou;
/// use tch::Tensor;
/// let [a, b] = [[1f32, 1.0, 0.0], [0.0, 1.0, 1.0]].map(|m| Tensor::from_slice(&m).view([1, 1, 1, 3]));
/// assert_eq!(iou(&a, &b)?, 1.0 / 3.0);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn iou(mask: &Tensor, truth: &Tensor) -> Result<f64> {
    if mask.size() != truth.size() {
        let (mask, truth) = (format!("{:?}", mask.size()), format!("{:?}", truth.size()));
        return Err(Error::argument("mask", truth, mask, "compare masks of one picture"));
    }
    [mask, truth].iter().try_for_each(|x| finite(x, "mask"))?;
    let [mask, truth] = [mask.f_gt(0.5)?, truth.f_gt(0.5)?];
    let count = |x: Tensor| Ok::<f64, Error>(x.f_sum(Kind::Double)?.f_double_value(&[])?);
    let both = count(mask.f_logical_and(&truth)?)?;
    let any = count(mask.f_logical_or(&truth)?)?;
    if any == 0.0 {
        return Err(Error::argument("masks", "something in one of them", "nothing", "see `mask`"));
    }
    Ok(both / any)
}

/// The mask of a map's largest values, `[1, 1, h, w]`, as many as make up `share` of the picture.
///
/// What a map says without colours. Of equal values the first are taken. Errors: a share outside 0..1.
pub fn strongest(map: &Tensor, share: f64) -> Result<Tensor> {
    finite_batch(map, "map")?;
    if !(0.0..=1.0).contains(&share) {
        return Err(Error::argument("share", "a part of the picture, 0..1", share, "try 0.2"));
    }
    let count = (share * map.numel() as f64).round() as i64;
    let best = map.f_flatten(0, -1)?.f_sort_stable(true, 0, true)?.1.f_narrow(0, 0, count)?;
    let mask = Tensor::f_zeros([map.numel() as i64], (Kind::Float, map.device()))?;
    Ok(mask.f_index_fill(0, &best, 1.0)?.f_view(map.size().as_slice())?)
}

/// The largest connected part of a mask `[1, 1, h, w]`, neighbours by sides and corners.
///
/// Simonyan et al. 2014, section 3.2: that part is taken for the object. Errors: several masks.
pub fn largest_part(mask: &Tensor) -> Result<Tensor> {
    let [n, channels, h, w] = finite_batch(mask, "mask")?;
    if [n, channels] != [1, 1] {
        let got = format!("{:?}", mask.size());
        let advice = "take one with `.narrow(0, i, 1)`";
        return Err(Error::argument("mask", "one, [1, 1, h, w]", got, advice));
    }
    let on = Vec::<bool>::try_from(mask.f_gt(0.5)?.f_flatten(0, -1)?)?;
    let near = |&i: &i64| {
        let (rows, columns) = ((i / w - 1)..=(i / w + 1), (i % w - 1)..=(i % w + 1));
        let inside = |&(y, x): &(i64, i64)| (0..h).contains(&y) && (0..w).contains(&x);
        let all = rows.flat_map(move |y| columns.clone().map(move |x| (y, x))).filter(inside);
        all.map(|(y, x)| y * w + x).filter(|&i| on[i as usize]).collect::<Vec<_>>()
    };
    let (mut best, mut seen) = (vec![], vec![false; on.len()]);
    for i in 0..h * w {
        if on[i as usize] && !seen[i as usize] {
            let part: Vec<i64> = bfs_reach(i, near).collect();
            part.iter().for_each(|&j| seen[j as usize] = true);
            best = if part.len() > best.len() { part } else { best };
        }
    }
    let flat = mask.f_zeros_like()?.f_flatten(0, -1)?;
    Ok(flat.f_index_fill(0, &Tensor::f_from_slice(&best)?, 1.0)?.f_view([1, 1, h, w])?)
}

/// Photos `[n, 3, h, w]` with the outlines of their masks `[n, 1, h, w]`: two pixels of yellow around
/// them.
pub fn outlined(photo: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let mask = fitting(photo, mask)?;
    let wide = mask.f_max_pool2d([5, 5], [1, 1], [2, 2], [1, 1], false)?;
    let yellow = Tensor::f_from_slice(&[1f32, 0.9, 0.0])?.f_view([1, 3, 1, 1])?;
    let line = wide.f_sub(&mask)?.f_gt(0.5)?;
    Ok(yellow.f_to_kind(photo.kind())?.f_where_self(&line, photo)?)
}

/// Photos `[n, 3, h, w]`, white outside their masks `[n, 1, h, w]`.
pub fn cut_out(photo: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let inside = fitting(photo, mask)?.f_gt(0.5)?;
    Ok(photo.f_where_self(&inside, &photo.f_ones_like()?)?)
}

/// A mask that belongs to a photo, of its kind.
fn fitting(photo: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let [n, _, h, w] = finite_rgb(photo, "photo")?;
    if finite_batch(mask, "mask")? != [n, 1, h, w] {
        let got = format!("{:?}", mask.size());
        let advice = "take the mask of this photo, at its size";
        return Err(Error::argument("mask", format!("[{n}, 1, {h}, {w}]"), got, advice));
    }
    Ok(mask.f_to_kind(photo.kind())?)
}
