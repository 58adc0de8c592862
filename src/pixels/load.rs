//! Picture files into tensors.

use super::png::leave_out_unused;
use super::{cifar10, file};
use crate::check::within;
use crate::{Error, Result};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::path::Path;
use tch::{Device, Kind, Tensor};

/// How a picture file becomes an image.
///
/// ```no_run
/// use convlens::pixels::Decode;
/// let grey = Decode { background: [0.5; 3], ..Decode::default() };
/// let cat = grey.load("data/cutouts/dog/dog.webp")?;
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Decode {
    /// Red, green and blue in 0..1 behind transparent pixels; white by default.
    pub background: [f64; 3],
    /// Pictures with more pixels than this are refused before they are decoded; 64 million by
    /// default: 0.8 GB as a tensor, and while they are read up to 1.4 GB (of 16 bits and an alpha
    /// channel) and the file itself.
    pub max_pixels: u64,
}

impl Default for Decode {
    fn default() -> Self {
        Self { background: [1.0; 3], max_pixels: 64_000_000 }
    }
}

/// A photo as a `[1, 3, h, w]` image: PNG, JPEG, WebP or the first frame of a GIF.
///
/// The format is told by the content, not by the name. The camera's orientation (EXIF) is applied,
/// 16-bit and grey pictures work, transparent pixels show white ([`Decode`] sets another colour),
/// and colour profiles are ignored.
/// Errors: a file that is missing, empty, damaged, cut short, too large or no picture.
///
/// ```no_run
/// let cat = convlens::pixels::load("data/photos/chelsea.jpg")?;
/// assert_eq!(cat.size(), [1, 3, 300, 451]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn load(path: impl AsRef<Path>) -> Result<Tensor> {
    Decode::default().load(path)
}

/// The opacity of a picture as a `[1, 1, h, w]` map, 1 where it is opaque: the mask of a cut-out.
///
/// A picture without an alpha channel is 1 everywhere. Errors: as [`load`].
pub fn load_alpha(path: impl AsRef<Path>) -> Result<Tensor> {
    let picture = Decode::default().decode(path.as_ref())?;
    tensor(&picture, 1, |part| part.into_rgba32f().chunks_exact(4).map(|p| p[3]).collect())
}

impl Decode {
    /// A photo as a `[1, 3, h, w]` image, as [`load`] describes, with these settings.
    ///
    /// Errors: also a background outside 0..1.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Tensor> {
        for value in self.background {
            within("background", value, 0.0..=1.0, "use 1 for white, 0.5 for grey")?;
        }
        let picture = self.decode(path.as_ref())?;
        if picture.color().has_alpha() {
            return tensor(&picture, 3, |part| over(&part.into_rgba32f(), self.background));
        }
        tensor(&picture, 3, |part| part.into_rgb32f().into_raw())
    }

    fn decode(&self, path: &Path) -> Result<DynamicImage> {
        if let Some(picture) = cifar10::picture(path)? {
            return Ok(picture.into());
        }
        let most = self.limits().max_alloc.unwrap_or(u64::MAX);
        let (mut bytes, format) = file::read(path, most)?;
        if format == ImageFormat::Png {
            leave_out_unused(&mut bytes);
        }
        let mut reader = ImageReader::with_format(Cursor::new(&bytes), format);
        reader.limits(self.limits());
        let mut decoder = reader.into_decoder().map_err(|e| file::unreadable(path, e))?;
        self.check_pixels(path, decoder.dimensions())?;
        let orientation = decoder.orientation().map_err(|e| file::unreadable(path, e))?;
        let mut picture =
            DynamicImage::from_decoder(decoder).map_err(|e| file::unreadable(path, e))?;
        picture.apply_orientation(orientation);
        Ok(picture)
    }

    /// Room for 16-bit RGBA twice over, which no decoder needs for a picture of `max_pixels`.
    fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        limits.max_alloc = Some(self.max_pixels.saturating_mul(16).max(1 << 24));
        limits
    }

    pub(super) fn check_pixels(&self, path: &Path, (w, h): (u32, u32)) -> Result<()> {
        let pixels = u64::from(w) * u64::from(h);
        if pixels == 0 {
            let why = format!("the picture is {h}x{w} (height x width), it has no pixels");
            return Err(Error::file(path, why, "use a picture of at least 1x1"));
        }
        if pixels > self.max_pixels {
            let why = format!("{h}x{w} (height x width) is over {} pixels", self.max_pixels);
            return Err(Error::file(path, why, "save it smaller, or raise `Decode::max_pixels`"));
        }
        Ok(())
    }
}

/// So many pixels are turned into floats at a time.
const AT_A_TIME: u32 = 1 << 20;

/// A picture as `[1, channels, h, w]`, part by part: the only large copy is the result.
fn tensor(
    picture: &DynamicImage,
    channels: i64,
    values: impl Fn(DynamicImage) -> Vec<f32>,
) -> Result<Tensor> {
    let (w, h) = (picture.width(), picture.height());
    let size = [1, channels, i64::from(h), i64::from(w)];
    let all = Tensor::f_empty(size, (Kind::Float, Device::Cpu))?;
    let columns = w.min(AT_A_TIME);
    let rows = (AT_A_TIME / columns).max(1);
    for top in (0..h).step_by(rows as usize) {
        for left in (0..w).step_by(columns as usize) {
            let [high, wide] = [rows.min(h - top), columns.min(w - left)];
            let part = Tensor::f_from_slice(&values(picture.crop_imm(left, top, wide, high)))?;
            let [top, left, high, wide] = [top, left, high, wide].map(i64::from);
            let part = part.f_view([1, high, wide, channels])?.f_permute([0, 3, 1, 2])?;
            all.f_narrow(2, top, high)?.f_narrow(3, left, wide)?.f_copy_(&part)?;
        }
    }
    Ok(all)
}

/// Porter and Duff's "over" with a plain colour behind: red, green and blue out of RGBA.
fn over(picture: &[f32], background: [f64; 3]) -> Vec<f32> {
    let back = background.map(|v| v as f32);
    let mut out = Vec::with_capacity(picture.len() / 4 * 3);
    for p in picture.chunks_exact(4) {
        out.extend((0..3).map(|c| p[3] * p[c] + (1.0 - p[3]) * back[c]));
    }
    out
}
