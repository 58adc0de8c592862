//! The pointing game: does the brightest spot of a map lie on the thing?

use super::alike::same_size;
use crate::check::within;
use crate::pixels::finite_batch;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// For each map `[n, 1, h, w]`, whether its largest value lies nearer than `tolerance` pixels to the
/// thing: a pixel above 0 of its mask, as large.
///
/// Zhang et al. 2016, section 4.1; 15 pixels there and in TorchRay. The first of equal values counts, in
/// reading order. Errors: other shapes, different sizes, a mask without pixels, NaN, a tolerance outside
/// 0..=1e6.
///
/// ```
/// use convlens::trust::points_at;
/// use tch::Tensor;
/// let map = Tensor::from_slice(&[0f32, 0.0, 0.0, 9.0]).view([1, 1, 1, 4]);
/// let mask = Tensor::from_slice(&[1f32, 0.0, 0.0, 0.0]).view([1, 1, 1, 4]);
/// assert_eq!(points_at(&map, &mask, 3.0)?, [false]); // 3 pixels are not nearer than 3
/// assert_eq!(points_at(&map, &mask, 3.5)?, [true]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn points_at(map: &Tensor, mask: &Tensor, tolerance: f64) -> Result<Vec<bool>> {
    let [n, channels, _, w] = finite_batch(map, "map")?;
    finite_batch(mask, "mask")?;
    same_size(map, mask)?;
    within("tolerance", tolerance, 0.0..=1e6, "Zhang et al. take 15 pixels")?;
    if channels != 1 {
        let got = format!("{:?}", map.size());
        return Err(Error::argument("map", "[n, 1, h, w]", got, "take `map` instead of `signal`"));
    }
    let places = Vec::<i64>::try_from(map.f_reshape([n, -1])?.f_argmax(1, false)?)?;
    let near = |(i, place): (i64, &i64)| {
        let thing = mask.f_select(0, i)?.f_select(0, 0)?.f_gt(0.0)?.f_nonzero()?;
        if thing.size()[0] == 0 {
            let (what, got) = (format!("mask {i}"), "only 0");
            return Err(Error::argument(what, "a pixel of the thing", got, "leave the image out"));
        }
        let at = Tensor::f_from_slice(&[place / w, place % w])?.f_to_device(map.device())?;
        let far = thing.f_sub(&at)?.f_square()?.f_sum_dim_intlist(
            [1i64].as_slice(),
            false,
            Kind::Double,
        )?;
        Ok(far.f_min()?.f_double_value(&[])? < tolerance * tolerance)
    };
    (0..n).zip(&places).map(near).collect()
}
