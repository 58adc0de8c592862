//! The best patches so far.

use super::Patches;
use super::cut::{Frame, peaks};
use super::random::noise;
use crate::net::{Crop, Field, Net};
use crate::objective::pick;
use crate::pixels::{finite, rgb_size};
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use tch::{Kind, Tensor};

/// The patches of some channels of one layer, over the photos seen so far.
#[derive(Debug)]
pub struct Found {
    /// The layer's name.
    pub layer: String,
    /// One for each channel, in the order they were asked for.
    pub rows: Vec<Row>,
    /// How many photos were looked at.
    pub photos: usize,
    /// What was wrong with each file that was left out.
    pub skipped: Vec<String>,
    pub(super) settings: Patches,
    frame: Frame,
}

/// The patches of one channel, the highest value first; equal ones as they came.
#[derive(Debug)]
pub struct Row {
    /// The channel.
    pub channel: i64,
    /// At most [`Patches::top`]; fewer where there are not so many photos, or in silence.
    pub patches: Vec<Patch>,
}

/// What one unit saw, and what it answered.
#[derive(Debug)]
pub struct Patch {
    /// The photo's file.
    pub file: PathBuf,
    /// Row and column of the unit in its map.
    pub unit: [i64; 2],
    /// Its activation.
    pub value: f64,
    /// Where the patch lies in the photo as the network got it, without the padding.
    pub crop: Crop,
    /// Everything the unit saw, `[1, 3, h, w]`, the padding included.
    pub pixels: Tensor,
    rank: f64,
}

impl Found {
    pub(super) fn new(settings: Patches, net: &Net, layer: &str, channels: &[i64]) -> Result<Self> {
        let frame = Frame { field: net.receptive_field(layer)?, padding: Frame::padding(net)? };
        let row = |&channel: &i64| Row { channel, patches: vec![] };
        let rows = channels.iter().map(row).collect();
        Ok(Found { layer: layer.into(), rows, photos: 0, skipped: vec![], settings, frame })
    }

    /// The pixels that a unit of the layer sees.
    pub fn field(&self) -> Field {
        self.frame.field
    }

    /// Looks for better patches in `photos`, `[n, 3, h, w]`; `files` names them.
    ///
    /// A unit at exactly 0 is left out: after a ReLU it is off, and its patch means nothing. On a
    /// fully connected layer, `[n, channels]`, the patch is the whole photo. How photos
    /// come in batches moves values only by rounding.
    /// Errors: unknown channels, a neuron outside the map, NaN, another number of names.
    pub fn look(&mut self, net: &Net, photos: &Tensor, files: &[PathBuf]) -> Result<()> {
        let [n, ..] = rgb_size(photos, "photos")?;
        if files.len() as i64 != n {
            let advice = "name every photo of the batch";
            return Err(Error::argument("files", n, files.len(), advice));
        }
        let maps = self.maps(&net.tap(photos, &self.layer)?)?;
        for (i, file) in (0..n).zip(files) {
            let photo = photos.f_narrow(0, i, 1)?;
            for row in 0..self.rows.len() {
                let map = maps.f_get(i)?.f_get(row as i64)?;
                self.look_at(row, &map, &photo, file)?;
            }
            self.photos += 1;
        }
        Ok(())
    }

    /// The maps of the channels asked for, `[n, rows, h, w]`; of one neuron, h and w are 1.
    fn maps(&self, activation: &Tensor) -> Result<Tensor> {
        finite(activation, "activations")?;
        let channel = |row: &Row| pick(activation, 1, row.channel, "channel");
        let maps = self.rows.iter().map(channel).collect::<Result<Vec<_>>>()?;
        let maps = Tensor::f_stack(&maps, 1)?;
        let maps = if maps.dim() == 2 { maps.f_unsqueeze(2)?.f_unsqueeze(3)? } else { maps };
        let Some([row, column]) = self.settings.neuron else { return Ok(maps) };
        let rows = pick(&maps, 2, row, "row")?.f_unsqueeze(2)?;
        Ok(pick(&rows, 3, column, "column")?.f_unsqueeze(3)?)
    }

    fn look_at(&mut self, row: usize, map: &Tensor, photo: &Tensor, file: &Path) -> Result<()> {
        let map = map.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Double)?;
        let ranks = match self.settings.random {
            Some(seed) => noise([seed, self.photos as u64, row as u64], &map.size())?,
            None => map.f_masked_fill(&map.f_eq(0.0)?, f64::NEG_INFINITY)?,
        };
        for (rank, at) in peaks(&ranks, &self.frame.field, self.settings.per_image)? {
            let patches = &mut self.rows[row].patches;
            let place = patches.partition_point(|p| p.rank >= rank);
            if place == self.settings.top {
                break;
            }
            let first = self.settings.neuron.unwrap_or([0, 0]);
            let unit = [0, 1].map(|d| first[d] + at[d]);
            let (crop, pixels) = self.frame.cut(photo, unit)?;
            let (file, value) = (file.to_path_buf(), map.double_value(&at));
            patches.insert(place, Patch { file, unit, value, crop, pixels, rank });
            patches.truncate(self.settings.top);
        }
        Ok(())
    }
}
