//! Cutting windows out of maps that differ from a clean one in a window each.

use super::super::precision::{at_least_float, least_float};
use super::windows::Windows;
use crate::Result;
use tch::{Device, Kind, Tensor};

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
        let edge = Tensor::f_full([1, c], padding, (least_float(clean.kind()), clean.device()))?;
        let table = Tensor::f_cat(&[pixels(clean)?, edge, pixels(&self.values)?], 0)?;
        let rows = self.rows([h, w], wanted)?.f_reshape([-1])?.f_to_device(clean.device())?;
        let [height, width] = wanted.size;
        let cut = table.f_index_select(0, &rows)?.f_view([-1, height, width, c])?;
        Ok(cut.f_permute([0, 3, 1, 2])?)
    }

    /// Which row of the table each wanted pixel is, `[n, height, width]`.
    fn rows(&self, map: [i64; 2], wanted: &Windows) -> Result<Tensor> {
        let [height, width] = self.windows.size;
        let (at, own) = (wanted.pixels(), self.windows.starts());
        let within = [0, 1].map(|d| &at[d] - &own[d]);
        let changed = inside(&within, self.windows.size)?;
        let first = Tensor::f_arange(self.windows.at.len() as i64, INDEX)?.f_view([-1, 1, 1])?;
        let window = (first * height + &within[0]) * width + &within[1] + (map[0] * map[1] + 1);
        let clean = &at[0] * map[1] + &at[1];
        let clean = clean.f_where_self(&inside(&at, map)?, &Tensor::from(map[0] * map[1]))?;
        Ok(window.f_where_self(&changed, &clean)?)
    }
}

const INDEX: (Kind, Device) = (Kind::Int64, Device::Cpu);

impl Windows {
    /// The first row and the first column of each window, `[n, 1, 1]` each.
    fn starts(&self) -> [Tensor; 2] {
        [0, 1].map(|d| {
            let starts: Vec<i64> = self.at.iter().map(|at| at[d]).collect();
            Tensor::from_slice(&starts).view([-1, 1, 1])
        })
    }

    /// The rows `[n, height, 1]` and the columns `[n, 1, width]` of all pixels.
    fn pixels(&self) -> [Tensor; 2] {
        let [rows, columns] = self.starts();
        let [down, right] = self.size.map(|side| Tensor::arange(side, INDEX));
        [rows + down.view([1, -1, 1]), columns + right.view([1, 1, -1])]
    }
}

/// Which of the pixels lie in a rectangle of this size that begins at 0.
fn inside(at: &[Tensor; 2], size: [i64; 2]) -> Result<Tensor> {
    let [rows, columns] = [0, 1].map(|d| at[d].ge(0).logical_and(&at[d].lt(size[d])));
    Ok(rows.f_logical_and(&columns)?)
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
    at_least_float(&x.f_permute([0, 2, 3, 1])?.f_reshape([-1, x.size()[1]])?)
}
