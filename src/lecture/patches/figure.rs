//! The lecture's picture: one row for each channel.

use super::{Found, Patch, Row};
use crate::pixels::{Margins, rgb_size};
use crate::show::{Figure, captioned, grid, image, short};
use crate::{Error, Result};
use tch::{Device, Kind, Tensor};

impl Found {
    /// One row for each channel, its patches from the highest value on, the value under each.
    ///
    /// Values compare along a row, not between channels. A border of padding that all patches of the
    /// figure have, as when a field is larger than the photos, is left out.
    pub fn figure(&self) -> Result<Figure> {
        let common = self.common();
        let framed = |p: &Patch| p.framed(less(p.margins, common));
        let tiles = |row: &Row| row.patches.iter().map(framed).collect::<Result<Vec<_>>>();
        let tiles = self.rows.iter().map(tiles).collect::<Result<Vec<_>>>()?;
        let side = |d| tiles.iter().flatten().map(|t: &Tensor| t.size()[d]).max().unwrap_or(1);
        let blank = Tensor::f_ones([1, 3, side(2), side(3)], (Kind::Float, Device::Cpu))?;
        let strips =
            self.rows.iter().zip(&tiles).map(|(row, tiles)| self.strip(row, tiles, &blank));
        grid(&strips.collect::<Result<Vec<_>>>()?, 1)
    }

    /// The padding that every patch has.
    fn common(&self) -> Margins {
        let all = || self.rows.iter().flat_map(|row| &row.patches).map(|p| p.margins);
        let least = |side: fn(&Margins) -> i64| all().map(|m| side(&m)).min().unwrap_or(0);
        Margins {
            top: least(|m| m.top),
            bottom: least(|m| m.bottom),
            left: least(|m| m.left),
            right: least(|m| m.right),
        }
    }

    fn strip(&self, row: &Row, tiles: &[Tensor], blank: &Tensor) -> Result<Figure> {
        let top = self.settings.top;
        let mut tiles = tiles.iter().map(|t| centred(t, blank)).collect::<Result<Vec<_>>>()?;
        tiles.resize_with(top, || blank.shallow_clone());
        let mut captions: Vec<String> = row.patches.iter().map(|p| short(p.value)).collect();
        captions.resize(top, String::new());
        let strip = captioned(&Tensor::f_cat(&tiles, 0)?, &captions, top)?;
        strip.titled(&self.title(row))
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

impl Patch {
    /// Where the patch lies: its photo, `[1, 3, h, w]` as the network got it, dim all around.
    ///
    /// Errors: a smaller photo.
    pub fn in_photo(&self, photo: &Tensor) -> Result<Figure> {
        let [_, _, h, w] = rgb_size(photo, "photo")?;
        if self.crop.bottom > h || self.crop.right > w {
            let expected = format!("at least {}x{}", self.crop.bottom, self.crop.right);
            let advice = "pass the photo that the network got, for example `Photos::image`";
            return Err(Error::argument("photo", expected, format!("{h}x{w}"), advice));
        }
        let dim = photo.f_mul_scalar(0.35)?;
        let [_, _, height, width] = rgb_size(&self.pixels, "patch")?;
        dim.f_narrow(2, self.crop.top, height)?
            .f_narrow(3, self.crop.left, width)?
            .f_copy_(&self.pixels)?;
        image(&dim)
    }
}

fn less(margins: Margins, common: Margins) -> Margins {
    Margins {
        top: margins.top - common.top,
        bottom: margins.bottom - common.bottom,
        left: margins.left - common.left,
        right: margins.right - common.right,
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
