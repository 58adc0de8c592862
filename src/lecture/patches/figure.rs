//! The lecture's picture: one row for each channel.

use super::{Found, Row};
use crate::Result;
use crate::show::{Figure, captioned, grid, short};
use tch::{Device, Kind, Tensor};

impl Found {
    /// One row for each channel, its patches from the highest value on, the value under each.
    ///
    /// Values are comparable along a row, not between channels.
    pub fn figure(&self) -> Result<Figure> {
        let rows = self.rows.iter().map(|row| self.strip(row)).collect::<Result<Vec<_>>>()?;
        grid(&rows, 1)
    }

    fn strip(&self, row: &Row) -> Result<Figure> {
        let size = self.tile();
        let blank = Tensor::f_ones([1, 3, size[0], size[1]], (Kind::Float, Device::Cpu))?;
        let tiles = row.patches.iter().map(|p| centred(&p.pixels, &blank));
        let mut tiles = tiles.collect::<Result<Vec<_>>>()?;
        tiles.resize_with(self.settings.top, || blank.shallow_clone());
        let mut captions: Vec<String> = row.patches.iter().map(|p| short(p.value)).collect();
        captions.resize(self.settings.top, String::new());
        let strip = captioned(&Tensor::f_cat(&tiles, 0)?, &captions, self.settings.top)?;
        strip.titled(&self.title(row))
    }

    /// Height and width that every patch fits into: a whole photo is as large as it is.
    fn tile(&self) -> [i64; 2] {
        let sizes = || self.rows.iter().flat_map(|row| &row.patches).map(|p| p.pixels.size());
        [2, 3].map(|d| sizes().map(|size| size[d]).max().unwrap_or(1))
    }

    fn title(&self, row: &Row) -> String {
        let what = format!("{}, channel {}", self.layer, row.channel);
        match (row.patches.is_empty(), self.settings.random) {
            (true, _) => format!("{what}: 0 everywhere in {} photos", self.photos),
            (false, Some(seed)) => format!("{what}: units drawn by chance, seed {seed}"),
            (false, None) => what,
        }
    }
}

/// A picture in the middle of a white tile.
fn centred(pixels: &Tensor, tile: &Tensor) -> Result<Tensor> {
    let [h, w] = [2, 3].map(|d| pixels.size()[d as usize]);
    let [top, left] = [(2, h), (3, w)].map(|(d, side)| (tile.size()[d] - side) / 2);
    let out = tile.f_alias_copy()?;
    out.f_narrow(2, top, h)?.f_narrow(3, left, w)?.f_copy_(pixels)?;
    Ok(out)
}
