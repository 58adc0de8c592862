//! Cutting windows out of maps that differ from a clean one in a window each.

use super::windows::Windows;
use crate::Result;
use tch::{Kind, Tensor};

/// A batch of maps that are the clean one except for a window each.
#[derive(Debug)]
pub(crate) struct Patched {
    /// Where each map differs.
    pub windows: Windows,
    /// What is there instead, `[n, c, h, w]`.
    pub values: Tensor,
}

impl Patched {
    /// The pixels of each map inside `wanted`, `[n, c, h, w]`; outside the map, `padding`.
    ///
    /// Each pixel is a row of a table: first those of the clean map, then one of padding, then those
    /// of all windows.
    pub fn gather(&self, clean: &Tensor, wanted: &Windows, padding: f64) -> Result<Tensor> {
        if *wanted == self.windows {
            return Ok(self.values.shallow_clone());
        }
        let [_, c, h, w] = sizes(clean);
        let edge = Tensor::f_full([1, c], padding, (clean.kind(), clean.device()))?;
        let table = Tensor::f_cat(&[pixels(clean)?, edge, pixels(&self.values)?], 0)?;
        let rows = Tensor::from_slice(&self.rows([h, w], wanted)).to_device(clean.device());
        let [height, width] = wanted.size;
        let cut = table.f_index_select(0, &rows)?.f_view([-1, height, width, c])?;
        Ok(cut.f_permute([0, 3, 1, 2])?)
    }

    /// Which row of the table each wanted pixel is.
    fn rows(&self, [h, w]: [i64; 2], wanted: &Windows) -> Vec<i64> {
        let Windows { at, size: [height, width] } = &self.windows;
        let mut rows = Vec::with_capacity(at.len() * (wanted.size[0] * wanted.size[1]) as usize);
        let mut first = h * w + 1;
        for (&[top, left], &[y0, x0]) in at.iter().zip(&wanted.at) {
            for y in y0..y0 + wanted.size[0] {
                for x in x0..x0 + wanted.size[1] {
                    let changed =
                        (top..top + height).contains(&y) && (left..left + width).contains(&x);
                    let inside = (0..h).contains(&y) && (0..w).contains(&x);
                    rows.push(match (changed, inside) {
                        (true, _) => first + (y - top) * width + x - left,
                        (false, true) => y * w + x,
                        (false, false) => h * w,
                    });
                }
            }
            first += height * width;
        }
        rows
    }
}

/// Cut-outs of one image `[1, c, h, w]`, `[n, c, height, width]`; all inside it.
pub(crate) fn cut(image: &Tensor, windows: &Windows) -> Result<Tensor> {
    let [height, width] = windows.size;
    let part = |&[top, left]: &[i64; 2]| -> Result<Tensor> {
        Ok(image.f_narrow(2, top, height)?.f_narrow(3, left, width)?)
    };
    Ok(Tensor::f_cat(&windows.at.iter().map(part).collect::<Result<Vec<_>>>()?, 0)?)
}

pub(super) fn sizes(x: &Tensor) -> [i64; 4] {
    [0, 1, 2, 3].map(|d| x.size()[d])
}

/// One row of channels for each pixel.
fn pixels(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_permute([0, 2, 3, 1])?.f_reshape([-1, x.size()[1]])?.f_to_kind(Kind::Float)?)
}
