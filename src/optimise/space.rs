//! What is moved: the pixels, or waves that add up to them.

use crate::{Error, Result};
use tch::{Kind, Tensor};

/// What the steps of a climb move.
///
/// The same image can be written in many ways, and the same gradient means another step in each. The
/// score's peaks stay where they are, but a climb reaches others first (Olah, Mordvintsev and Schubert
/// 2017, "Feature visualization", section "Preconditioning").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Space {
    /// The pixels. Nothing keeps neighbours alike.
    #[default]
    Pixels,
    /// Waves across the picture, each scaled by its wavelength as they are in photos (1/f), in three
    /// colours that vary independently in photos; a sigmoid keeps pixels within 0..1.
    ///
    /// Lucid's `image(fft=True, decorrelate=True)`: an orthonormal real Fourier transform, divided by
    /// 4. The shortest frequency counts as 1 over the longer side. A given image is written exactly,
    /// but for pixels beyond 0.001..0.999, which a sigmoid does not reach.
    Fourier,
}

/// Square root of the colours' covariance over ImageNet, from lucid (`color_correlation_svd_sqrt`).
const COLOURS: [[f32; 3]; 3] = [[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]];

impl Space {
    /// The image `[n, 3, h, w]` that parameters stand for.
    pub(super) fn image(self, parameters: &Tensor, size: [i64; 2]) -> Result<Tensor> {
        match self {
            Space::Pixels => Ok(parameters.shallow_clone()),
            Space::Fourier => {
                let scaled =
                    parameters.f_mul(&wavelengths(size, parameters)?)?.f_view_as_complex()?;
                let waves = scaled.f_fft_irfft2(size.as_slice(), [-2, -1], "ortho")? / 4.0;
                Ok(mixed(&colours(parameters)?, &waves)?.f_sigmoid()?)
            }
        }
    }

    /// The parameters of an image: what [`Space::image`] turns back into it.
    pub(super) fn parameters(self, image: &Tensor) -> Result<Tensor> {
        match self {
            Space::Pixels => Ok(image.f_contiguous()?),
            Space::Fourier => {
                let [_, _, h, w] = crate::pixels::rgb_size(image, "image")?;
                let waves = mixed(&colours(image)?.f_inverse()?, &image.f_logit(1e-3)?)? * 4.0;
                let spectrum = waves.f_fft_rfft2(None::<&[i64]>, [-2, -1], "ortho")?;
                Ok(spectrum.f_view_as_real()?.f_div(&wavelengths([h, w], image)?)?)
            }
        }
    }

    /// An image that this space can write: three colours for waves.
    pub(super) fn check(self, channels: i64) -> Result<()> {
        if self == Space::Pixels || channels == 3 {
            return Ok(());
        }
        let advice = "climb other images with `Space::Pixels`";
        Err(Error::argument("image", "3 colours for `Space::Fourier`", channels, advice))
    }
}

/// The wavelength in pixels of every wave, `[h, w / 2 + 1, 1]`; at most the longer side.
pub(crate) fn wavelengths([h, w]: [i64; 2], like: &Tensor) -> Result<Tensor> {
    let options = (Kind::Float, like.device());
    let down = Tensor::f_fft_fftfreq(h, 1.0, options)?.f_view([-1, 1])?;
    let across = Tensor::f_fft_rfftfreq(w, 1.0, options)?;
    let frequency = down.f_square()?.f_add(&across.f_square()?)?.f_sqrt()?;
    let longest = 1.0 / h.max(w) as f64;
    Ok(frequency.f_clamp_min(longest)?.f_reciprocal()?.f_unsqueeze(-1)?)
}

/// Columns: brightness, blue to yellow and so on, as red, green and blue; the longest has length 1.
fn colours(like: &Tensor) -> Result<Tensor> {
    let root = Tensor::f_from_slice(COLOURS.as_flattened())?.f_view([3, 3])?;
    let lengths = root.f_square()?.f_sum_dim_intlist([0i64].as_slice(), false, Kind::Float)?;
    Ok(root.f_div(&lengths.f_max()?.f_sqrt()?)?.f_to_device(like.device())?)
}

/// Every pixel's colours times a matrix.
fn mixed(matrix: &Tensor, x: &Tensor) -> Result<Tensor> {
    Ok(Tensor::f_einsum("ij,njhw->nihw", &[matrix, x], None::<&[i64]>)?)
}
