//! How alike two images are, in decibels.

use super::finite_batch;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// The peak signal-to-noise ratio of two batches of images in 0..1, `[n]`, in decibels.
///
/// `-10 log10` of the mean squared difference over pixels and colours: 20 for an error of 0.1 all over,
/// infinity for equal images. It compares place by place, so it does not see what we see: a picture
/// moved by one pixel scores low. `other` may be one image for all. Errors: other sizes, NaN.
///
/// ```
/// use convlens::{pixels::psnr, prelude::*};
/// let x = Tensor::full([1, 3, 2, 3], 0.5, (Kind::Float, Device::Cpu));
/// assert!((psnr(&(&x + 0.1), &x)?.double_value(&[0]) - 20.0).abs() < 1e-4);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn psnr(image: &Tensor, other: &Tensor) -> Result<Tensor> {
    let [n, c, h, w] = finite_batch(image, "image")?;
    if ![[n, c, h, w], [1, c, h, w]].contains(&finite_batch(other, "other image")?) {
        let (expected, got) = (format!("{:?}", image.size()), format!("{:?}", other.size()));
        let advice = "resize one to the size of the other";
        return Err(Error::argument("other image", expected, got, advice));
    }
    let squares = image.f_to_kind(Kind::Double)?.f_sub(other)?.f_square()?;
    Ok(squares.f_mean_dim([1i64, 2, 3].as_slice(), false, Kind::Double)?.f_log10()? * -10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decibels_by_hand() {
        // Squared differences 0.01 and 0 of one image, 0.04 and 0.09 of the other: means 0.005, 0.065.
        let x = Tensor::from_slice(&[0.5f32, 0.5, 0.6, 0.1]).view([2, 1, 1, 2]);
        let y = Tensor::from_slice(&[0.6f32, 0.5, 0.8, 0.4]).view([2, 1, 1, 2]);
        let found = psnr(&x, &y).unwrap();
        for (i, by_hand) in [23.0103, 11.8709].into_iter().enumerate() {
            assert!((found.double_value(&[i as i64]) - by_hand).abs() < 1e-3, "{found:?}");
        }
        assert_eq!(psnr(&x, &x).unwrap().double_value(&[1]), f64::INFINITY);
        assert_eq!(psnr(&x, &y.narrow(0, 0, 1)).unwrap().size(), [2]);
    }

    #[test]
    fn sizes_must_agree() {
        let [a, b] = [3, 4].map(|w| Tensor::zeros([2, 3, 2, w], (Kind::Float, tch::Device::Cpu)));
        let error = psnr(&a, &b).unwrap_err().to_string();
        assert!(error.contains("expected [2, 3, 2, 3], got [2, 3, 2, 4]"), "{error}");
    }
}
