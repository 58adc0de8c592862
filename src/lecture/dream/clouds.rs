//! Something to see things in.

use crate::Result;
use crate::chance::normal;
use crate::check::size_within;
use crate::optimise::wavelengths;
use crate::pixels::to_rgb;
use tch::{Kind, Tensor};

/// A sky with clouds of height and width `size`, `[1, 3, h, w]` in 0..1: nothing, in which one can see
/// anything.
///
/// Noise whose waves are the stronger the longer they are (amplitude: wavelength to the power 1.7),
/// white where it is high and blue where it is low. The edges fit together.
/// Errors: a size of 0 or less.
///
/// ```
/// let sky = convlens::dream::clouds([30, 40], 1)?;
/// assert_eq!(sky.size(), [1, 3, 30, 40]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn clouds(size: [i64; 2], seed: u64) -> Result<Tensor> {
    let [h, w] = size;
    size_within("size", size)?;
    let draws = normal(&[seed, 4], &[h, w / 2 + 1, 2])?.f_to_kind(Kind::Float)?;
    let waves = draws.f_mul(&wavelengths(size, &draws)?.f_pow_tensor_scalar(1.7)?)?;
    let _ = waves.f_get(0)?.f_get(0)?.f_zero_()?;
    let noise = waves.f_view_as_complex()?.f_fft_irfft2(size.as_slice(), [-2, -1], "ortho")?;
    let height = noise.f_div(&noise.f_std(false)?.f_clamp_min(1e-12)?)?;
    let cover = to_rgb(&(height * 0.35 + 0.4).f_clamp(0.0, 1.0)?.f_view([1, 1, h, w])?)?;
    let tint = |colour: [f32; 3]| Tensor::f_from_slice(&colour)?.f_view([1, 3, 1, 1]);
    let [blue, white] = [tint([0.27, 0.48, 0.78])?, tint([0.96, 0.97, 0.98])?];
    Ok(cover.f_mul(&(white - &blue))?.f_add(&blue)?)
}
