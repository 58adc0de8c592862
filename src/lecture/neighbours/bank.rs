//! What one layer says about many photos.

use super::search::rows;
use crate::net::Net;
use crate::pixels::{Batch, Photos};
use crate::show::progress;
use crate::{Error, Result};
use tch::{Device, Tensor};

/// One vector for each of many photos.
#[derive(Debug)]
pub struct Bank {
    /// Where the vectors come from: a layer's name; `input` are the pixels themselves.
    pub layer: String,
    /// The photos' files, in the order of the rows.
    pub files: Vec<String>,
    /// The category of each photo: the name of its folder.
    pub categories: Vec<String>,
    /// The vectors, `[photos, values]`.
    pub features: Tensor,
    /// Why photos were left out, one sentence each ([`crate::pixels::Unreadable::Skip`]).
    pub skipped: Vec<String>,
}

impl Bank {
    /// A name and a category for every row: what readers of a bank count on.
    pub(super) fn check(&self) -> Result<()> {
        let [n, _] = rows(&self.features, "features")?;
        for (what, names) in [("files", &self.files), ("categories", &self.categories)] {
            if names.len() as i64 != n {
                let advice = "give one for each row of the features";
                return Err(Error::argument(what, format!("{n} names"), names.len(), advice));
            }
        }
        Ok(())
    }
}

/// What becomes of a map `[channels, h, w]` in a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Positions {
    /// Every value at every position: what is where.
    All,
    /// The mean of each channel over its positions: what is there, wherever it is.
    Mean,
}

/// The features of photos at one layer, every value of it; the layer `input` gives the pixels.
///
/// As [`feature_banks`] with one layer and [`Positions::All`].
pub fn feature_bank(net: &Net, layer: &str, photos: &Photos) -> Result<Bank> {
    let mut banks = feature_banks(net, &[layer], Positions::All, photos)?;
    Ok(banks.remove(0))
}

/// The features of photos at several layers, one bank for each, from one pass over the photos.
///
/// A layer's `[n, c, h, w]` become rows of `c * h * w` values, or of `c` with [`Positions::Mean`].
/// Use a layer after its ReLU, so that a value says how much of something is there. Photos are
/// decoded while the network works. Stop keeps the photos read so far.
/// Memory: four batches of photos and the banks, 4 bytes a value.
/// Errors: an unknown layer, a photo that cannot be read, or not one that can.
///
/// ```no_run
/// use convlens::prelude::*;
/// let net = zoo::efficientnet_lite0()?;
/// let photos = Photos::in_folder("data/cutouts")?;
/// let banks = feature_banks(&net, &["input", "pool"], Positions::All, &photos)?;
/// assert_eq!(banks[0].features.size()[1], 3 * 224 * 224); // pixels
/// assert_eq!(banks[1].features.size()[1], 1280);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn feature_banks(
    net: &Net,
    layers: &[&str],
    positions: Positions,
    photos: &Photos,
) -> Result<Vec<Bank>> {
    some_layers(layers)?;
    let mut index = vec![];
    let mut rows: Vec<Vec<Tensor>> = layers.iter().map(|_| vec![]).collect();
    let mut batches = photos.batches()?;
    for batch in progress("reading photos", &mut batches) {
        let Batch { index: read, images } = batch?;
        let taps = net.taps(&images, layers)?;
        for (rows, layer) in rows.iter_mut().zip(layers) {
            rows.push(flat(&taps.at(layer)?, positions)?);
        }
        index.extend(read);
    }
    if index.is_empty() {
        let advice = "run the cell again and let it finish its first photos";
        return Err(Error::argument("photos", "at least one batch", "Stop before it", advice));
    }
    let skipped: Vec<String> = batches.skipped.iter().map(Error::to_string).collect();
    let all = photos.categories();
    let bank = |(layer, rows): (&&str, Vec<Tensor>)| {
        Ok(Bank {
            layer: layer.to_string(),
            files: index.iter().map(|&i| photos.files[i].display().to_string()).collect(),
            categories: index.iter().map(|&i| all[i].clone()).collect(),
            features: Tensor::f_cat(&rows, 0)?,
            skipped: skipped.clone(),
        })
    };
    layers.iter().zip(rows).map(bank).collect()
}

/// A layer's values as one row for each photo.
pub(super) fn some_layers(layers: &[&str]) -> Result<()> {
    match layers {
        [] => {
            let advice = "printing the network lists them";
            Err(Error::argument("layers", "at least one", 0, advice))
        }
        _ => Ok(()),
    }
}

fn flat(x: &Tensor, positions: Positions) -> Result<Tensor> {
    let x = x.f_detach()?.f_to_device(Device::Cpu)?;
    let x = match positions {
        Positions::Mean if x.dim() == 4 => x.f_mean_dim([2i64, 3].as_slice(), false, x.kind())?,
        _ => x,
    };
    Ok(x.f_flatten(1, -1)?.f_contiguous()?)
}
