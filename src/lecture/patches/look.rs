//! Looking for better patches in some more photos.

use super::cut::{inner, margins, peaks, pixels};
use super::{Found, Patch, Row};
use crate::chance::uniform;
use crate::check::finite;
use crate::net::Net;
use crate::objective::pick;
use crate::pixels::finite_rgb;
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use tch::{Kind, Tensor};

impl Found {
    /// Looks for better patches in `photos`, `[n, 3, h, w]`; `files` names them.
    ///
    /// A unit at exactly 0 is left out: after a ReLU it is off, and its patch means nothing. On a
    /// fully connected layer, `[n, channels]`, the patch is the whole photo. How the photos come in
    /// batches moves values by rounding only.
    /// Errors: unknown channels, a neuron outside the map, NaN, another number of names.
    pub fn look(&mut self, net: &Net, photos: &Tensor, files: &[PathBuf]) -> Result<()> {
        let [n, ..] = finite_rgb(photos, "photos")?;
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

    /// The maps of the channels asked for, `[n, rows, h, w]`.
    fn maps(&self, activation: &Tensor) -> Result<Tensor> {
        finite(activation, "activations")?;
        let channel = |row: &Row| pick(activation, 1, row.channel, "channel");
        let maps = self.rows.iter().map(channel).collect::<Result<Vec<_>>>()?;
        let maps = Tensor::f_stack(&maps, 1)?;
        Ok(if maps.dim() == 2 { maps.f_unsqueeze(2)?.f_unsqueeze(3)? } else { maps })
    }

    fn look_at(&mut self, row: usize, map: &Tensor, photo: &Tensor, file: &Path) -> Result<()> {
        let map = map.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Double)?;
        let image = [photo.size()[2], photo.size()[3]];
        let (first, map) = self.allowed(&map, image)?;
        let ranks = self.ranks(&map, row)?;
        for (rank, at) in peaks(&ranks, &self.field, self.settings.per_image)? {
            let patches = &mut self.rows[row].patches;
            let place = patches.partition_point(|p| p.rank >= rank);
            if place == self.settings.top {
                break;
            }
            let unit = [0, 1].map(|d| first[d] + at[d]);
            let crop = self.field.crop(unit, image);
            let (pixels, margins) = (pixels(photo, &crop)?, margins(&self.field, unit, &crop));
            let (file, value, padding) = (file.to_path_buf(), map.double_value(&at), self.padding);
            let patch = Patch { file, unit, value, crop, pixels, margins, padding, rank };
            patches.insert(place, patch);
            patches.truncate(self.settings.top);
        }
        Ok(())
    }

    /// The part of a map whose units may count, and its first unit.
    fn allowed(&self, map: &Tensor, image: [i64; 2]) -> Result<([i64; 2], Tensor)> {
        let size = [map.size()[0], map.size()[1]];
        let [(row, rows), (column, columns)] = match (self.settings.neuron, self.settings.border) {
            (Some([row, column]), _) => {
                let _exists = pick(&pick(map, 0, row, "row")?, 0, column, "column")?;
                [(row, 1), (column, 1)]
            }
            (None, true) => size.map(|side| (0, side)),
            (None, false) => inner(&self.field, size, image),
        };
        Ok(([row, column], map.f_narrow(0, row, rows)?.f_narrow(1, column, columns)?))
    }

    fn ranks(&self, map: &Tensor, row: usize) -> Result<Tensor> {
        match self.settings.random {
            Some(seed) => uniform(&[seed, self.photos as u64, row as u64], &map.size()),
            None => Ok(map.f_masked_fill(&map.f_eq(0.0)?, f64::NEG_INFINITY)?),
        }
    }
}
