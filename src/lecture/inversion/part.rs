//! Which part of a layer counts.

use crate::pixels::Rect;
use crate::{Error, Result};
use std::ops::Range;
use tch::{Device, Kind, Tensor};

/// The part of a layer that a reconstruction has to match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Part {
    /// Every unit.
    #[default]
    All,
    /// All places of some channels: `Part::Channels(0..64)`.
    Channels(Range<i64>),
    /// All channels of some places, in the layer's rows and columns.
    Place(Rect),
}

impl Part {
    /// 1 for the units of the part, else 0, for a layer of `size`, `[1, c, ...]`.
    pub(super) fn mask(&self, size: &[i64]) -> Result<Tensor> {
        let ones = vec![1; size.len()];
        let along = |dim: usize, from, count| {
            let mut side = ones.clone();
            side[dim] = size[dim];
            let mask = Tensor::f_zeros(&side, (Kind::Float, Device::Cpu))?;
            let _ = mask.f_narrow(dim as i64, from, count)?.f_fill_(1.0)?;
            Ok::<_, Error>(mask)
        };
        match self {
            Part::All => Ok(Tensor::f_ones(&ones, (Kind::Float, Device::Cpu))?),
            Part::Channels(range) if inside(range.start, range.end, size[1]) => {
                along(1, range.start, range.end - range.start)
            }
            Part::Place(Rect { top, left, height, width })
                if size.len() == 4
                    && inside(*top, top.saturating_add(*height), size[2])
                    && inside(*left, left.saturating_add(*width), size[3]) =>
            {
                Ok(along(2, *top, *height)?.f_mul(&along(3, *left, *width)?)?)
            }
            _ => {
                let (expected, got) = (format!("a part of {size:?}"), format!("{self:?}"));
                let advice = "count channels, rows and columns of the layer, not of the image";
                Err(Error::argument("part", expected, got, advice))
            }
        }
    }
}

fn inside(start: i64, end: i64, all: i64) -> bool {
    0 <= start && start < end && end <= all
}
