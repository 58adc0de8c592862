//! Pixels as loops read and write them.

use super::{Collage, one_image};
use crate::{Error, Result};

use tch::{Device, Kind, Tensor};

/// Red, green and blue.
pub(super) type Colour = [f32; 3];

/// The squared distance of two colours.
pub(super) fn squared(a: Colour, b: Colour) -> f32 {
    let [r, g, b] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    r * r + g * g + b * b
}

/// An image to read, row after row.
pub(super) struct Source {
    pub size: [usize; 2],
    pub pixels: Vec<Colour>,
}

impl Source {
    /// From one image, `[1, 3, h, w]`.
    pub(super) fn of(x: &Tensor, what: &str) -> Result<Self> {
        let [h, w] = one_image(x, what)?;
        let largest = x.f_abs()?.f_max()?.f_double_value(&[])?;
        if largest > 1e3 {
            let advice = "give RGB in 0..1";
            return Err(Error::argument(what, "values of at most 1000", largest, advice));
        }
        let plain = x.f_detach()?.f_to_device(Device::Cpu)?.f_to_kind(Kind::Float)?;
        let values = plain.f_permute([0, 2, 3, 1])?.f_contiguous()?.f_reshape([-1])?;
        let values = Vec::<f32>::try_from(&values)?;
        let pixels = values.as_chunks::<3>().0.to_vec();
        Ok(Source { size: [h as usize, w as usize], pixels })
    }

    /// All places where a part of this size fits, by its top left pixel.
    pub(super) fn corners(&self, part: [usize; 2]) -> Vec<usize> {
        let [h, w] = self.size;
        let rows = 0..=h - part[0];
        rows.flat_map(|y| (0..=w - part[1]).map(move |x| y * w + x)).collect()
    }
}

/// An image in the making.
pub(super) struct Canvas {
    pub size: [usize; 2],
    pub pixels: Vec<Colour>,
    /// Where in the source each pixel comes from; none where there is no pixel yet.
    pub from: Vec<Option<usize>>,
}

impl Canvas {
    pub(super) fn empty(size: [usize; 2]) -> Self {
        let count = size[0] * size[1];
        Canvas { size, pixels: vec![[0.5; 3]; count], from: vec![None; count] }
    }

    /// Copies the source's pixel `from` to the pixel `at`.
    pub(super) fn put(&mut self, at: usize, source: &Source, from: usize) {
        self.pixels[at] = source.pixels[from];
        self.from[at] = Some(from);
    }

    /// The pixel so far down and across from another, if it is in the image and known.
    pub(super) fn known(&self, at: usize, [down, across]: [isize; 2]) -> Option<Colour> {
        let [h, w] = self.size;
        let y = (at / w).checked_add_signed(down).filter(|&y| y < h)?;
        let x = (at % w).checked_add_signed(across).filter(|&x| x < w)?;
        self.from[y * w + x].map(|_| self.pixels[y * w + x])
    }

    /// The top left part of that size, which came from a source so many pixels wide.
    pub(super) fn collage(&self, [h, w]: [usize; 2], width: usize) -> Result<Collage> {
        let kept = (0..h).flat_map(|y| (0..w).map(move |x| y * self.size[1] + x));
        let places = |&at: &usize| match self.from[at] {
            Some(from) => [(from / width) as i64, (from % width) as i64],
            None => [-1, -1],
        };
        let kept: Vec<usize> = kept.collect();
        let colours: Vec<Colour> = kept.iter().map(|&at| self.pixels[at]).collect();
        let from: Vec<[i64; 2]> = kept.iter().map(places).collect();
        let planes = |values: Tensor, depth: i64| -> Result<Tensor> {
            let rows = values.f_view([1, h as i64, w as i64, depth])?;
            Ok(rows.f_permute([0, 3, 1, 2])?.f_contiguous()?)
        };
        let image = planes(Tensor::f_from_slice(colours.as_flattened())?, 3)?;
        Ok(Collage { image, from: planes(Tensor::f_from_slice(from.as_flattened())?, 2)? })
    }
}
