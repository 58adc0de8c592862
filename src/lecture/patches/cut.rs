//! From a map to its highest units, from a unit to what it saw.

use crate::Result;
use crate::net::{Crop, Field, Net, Op};
use tch::{Kind, Tensor};

/// How to cut out what a unit sees.
#[derive(Debug)]
pub(super) struct Frame {
    pub field: Field,
    /// The colour that a network pads with, `[1, 3, 1, 1]`.
    pub padding: Tensor,
}

impl Frame {
    /// Zeros are added after the normalisation, where they mean its mean colour.
    pub fn padding(net: &Net) -> Result<Tensor> {
        let mean = match net.layers().get(1).map(|layer| &layer.op) {
            Some(Op::Normalize { mean, .. }) => *mean,
            _ => [0.0; 3],
        };
        Ok(Tensor::f_from_slice(&mean)?.f_to_kind(Kind::Float)?.f_view([1, 3, 1, 1])?)
    }

    /// Where a unit looks in the photo `[1, 3, h, w]`, and all it sees there.
    pub fn cut(&self, photo: &Tensor, unit: [i64; 2]) -> Result<(Crop, Tensor)> {
        let image = [photo.size()[2], photo.size()[3]];
        let crop = self.field.crop(unit, image);
        let (height, width) = (crop.bottom - crop.top, crop.right - crop.left);
        let inside = photo.f_narrow(2, crop.top, height)?.f_narrow(3, crop.left, width)?;
        let Field::Window { size, stride, start } = self.field else {
            return Ok((crop, inside.f_alias_copy()?));
        };
        let visible = [crop.top, crop.left];
        let [above, before] =
            [0, 1].map(|d| (visible[d] - start[d] - unit[d] * stride[d]).clamp(0, size[d]));
        let margins = [before, size[1] - width - before, above, size[0] - height - above];
        let padding = self.padding.f_to_device(photo.device())?;
        let around = inside.f_sub(&padding)?.f_constant_pad_nd(margins)?;
        Ok((crop, around.f_add(&padding)?))
    }
}

/// The highest units of a map `[h, w]` with their ranks, at most `most`, half a field apart.
///
/// Equal ones by row, then by column; units of rank −∞ do not count.
pub(super) fn peaks(ranks: &Tensor, field: &Field, most: usize) -> Result<Vec<(f64, [i64; 2])>> {
    let [h, w] = [0, 1].map(|d| ranks.size()[d]);
    let (left, mut found) = (ranks.f_alias_copy()?, vec![]);
    let reach = reach(field, [h, w]);
    while found.len() < most {
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
