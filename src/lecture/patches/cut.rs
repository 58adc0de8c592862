//! From a map to its highest units, from a unit to what it saw.

use super::Patch;
use crate::Result;
use crate::net::{Crop, Field, Net, Op};
use crate::pixels::Margins;
use tch::Tensor;

/// The colour that zero padding means: zeros are added after the normalisation, so its mean.
pub(super) fn padding(net: &Net) -> [f64; 3] {
    match net.layers().get(1).map(|layer| &layer.op) {
        Some(Op::Normalize { mean, .. }) => *mean,
        _ => [0.0; 3],
    }
}

/// How far a unit of a field looks over the edges of the part that lies in the photo.
pub(super) fn margins(field: &Field, unit: [i64; 2], crop: &Crop) -> Margins {
    let Field::Window { size, stride, start } = field else { return Margins::default() };
    let visible = [(crop.top, crop.bottom), (crop.left, crop.right)];
    let [(top, bottom), (left, right)] = [0, 1].map(|d| {
        let (first, last) = visible[d];
        let before = (first - start[d] - unit[d] * stride[d]).clamp(0, size[d]);
        (before, size[d] - before - (last - first))
    });
    Margins { top, bottom, left, right }
}

/// The pixels of the photo `[1, 3, h, w]` in a crop; a crop beside the photo has none.
pub(super) fn pixels(photo: &Tensor, crop: &Crop) -> Result<Tensor> {
    let rows = photo.f_narrow(2, crop.top, crop.bottom - crop.top)?;
    Ok(rows.f_narrow(3, crop.left, crop.right - crop.left)?.f_alias_copy()?)
}

impl Patch {
    /// Everything the unit saw, `[1, 3, h, w]`: the photo's part in a border of the padding's colour.
    pub fn seen(&self) -> Result<Tensor> {
        self.framed(self.margins)
    }

    /// The photo's part with other margins.
    pub(super) fn framed(&self, margins: Margins) -> Result<Tensor> {
        let Margins { top, bottom, left, right } = margins;
        let padding = Tensor::f_from_slice(&self.padding)?.f_view([1, 3, 1, 1])?;
        let padding = padding.f_to_kind(self.pixels.kind())?.f_to_device(self.pixels.device())?;
        let around = self.pixels.f_sub(&padding)?.f_constant_pad_nd([left, right, top, bottom])?;
        Ok(around.f_add(&padding)?)
    }
}

/// The units of a map that look over no edge: the first along each side, and how many there are.
pub(super) fn inner(field: &Field, map: [i64; 2], photo: [i64; 2]) -> [(i64, i64); 2] {
    let Field::Window { size, stride, start } = field else { return map.map(|side| (0, side)) };
    [0, 1].map(|d| {
        let first = (stride[d] - 1 - start[d]).div_euclid(stride[d]).max(0);
        let last = (photo[d] - size[d] - start[d]).div_euclid(stride[d]);
        (first.min(map[d]), (last + 1 - first).max(0))
    })
}

/// The highest units of a map `[h, w]` with their ranks, at most `most`, half a field apart.
///
/// Equal ones by row, then by column; units of rank −∞ do not count.
pub(super) fn peaks(ranks: &Tensor, field: &Field, most: usize) -> Result<Vec<(f64, [i64; 2])>> {
    let [h, w] = [0, 1].map(|d| ranks.size()[d]);
    let (left, mut found) = (ranks.f_alias_copy()?, vec![]);
    let reach = reach(field, [h, w]);
    while found.len() < most && left.numel() > 0 {
        let best = left.f_argmax(None, false)?.int64_value(&[]);
        let at = [best / w, best % w];
        let rank = left.double_value(&at);
        if rank == f64::NEG_INFINITY {
            break;
        }
        found.push((rank, at));
        let near = |d: usize, side: i64| {
            let first = (at[d] - reach[d]).max(0);
            (first, (at[d] + reach[d] + 1).min(side) - first)
        };
        let ((row, rows), (column, columns)) = (near(0, h), near(1, w));
        let _ = left
            .f_narrow(0, row, rows)?
            .f_narrow(1, column, columns)?
            .f_fill_(f64::NEG_INFINITY)?;
    }
    Ok(found)
}

/// How many units further a field is still less than half a field away.
fn reach(field: &Field, map: [i64; 2]) -> [i64; 2] {
    match field {
        Field::WholeImage => map,
        Field::Window { size, stride, .. } => {
            [0, 1].map(|d| (size[d] + 2 * stride[d] - 1) / (2 * stride[d]) - 1)
        }
    }
}
