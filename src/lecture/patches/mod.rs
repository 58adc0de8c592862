//! Lecture: "Maximally activating patches".

mod cut;
mod figure;
mod found;
mod look;
mod random;
mod signals;

pub use found::{Found, Patch, Row};
pub use random::random_channel;

use crate::net::Net;
use crate::pixels::Photos;
use crate::show::progress;
use crate::{Error, Result};
use std::path::PathBuf;

/// The search, over many photos, for what makes channels answer most.
///
/// A patch is all that its unit sees: the receptive field by arithmetic, not by guess, and where it
/// reaches over the photo's edge the colour that the network pads with.
///
/// Source: Zeiler and Fergus 2014, figure 2; the lecture's picture is from Springenberg et al.
/// 2015. The deep visualization toolbox crops by a table made for one network.
///
/// ```
/// use convlens::{net::{Conv2d, Net, Op}, patches::Patches};
/// use tch::Tensor;
/// let redder_than_its_left = Tensor::from_slice(&[-1f32, 1., 0., 0., 0., 0.]).view([1, 3, 1, 2]);
/// let net = Net::new("tiny").then("conv1", Op::Conv2d(Conv2d::new(redder_than_its_left, None)))?;
/// let photo = Tensor::zeros([1, 3, 1, 4], (tch::Kind::Float, tch::Device::Cpu));
/// let _ = photo.get(0).get(0).get(0).get(2).fill_(0.5); // red: 0, 0, 0.5, 0
/// let mut found = Patches { top: 2, ..Patches::default() }.start(&net, "conv1", &[0])?;
/// found.look(&net, &photo, &["photo".into()])?;
/// let best = &found.rows[0].patches[0];
/// assert_eq!((best.unit, best.value), ([0, 1], 0.5));
/// assert_eq!(Vec::<f32>::try_from(best.seen()?.select(1, 0).flatten(0, -1)).unwrap(), [0.0, 0.5]);
/// assert_eq!(found.rows[0].patches.len(), 1); // at most one from each photo
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Patches {
    /// How many patches to keep for each channel. From 1 to 100 000.
    pub top: usize,
    /// How many of them may come from one photo. Two of one photo are at least half a patch apart.
    /// From 1 to 100 000.
    pub per_image: usize,
    /// Only the unit at this row and column of the map (one *neuron*); by default all of them (the
    /// *channel*).
    pub neuron: Option<[i64; 2]>,
    /// Whether units that look over the edge of the photo count; by default they do.
    pub border: bool,
    /// With a seed: units drawn at random instead of the highest, to compare with.
    pub random: Option<u64>,
}

impl Default for Patches {
    /// The 9 of Zeiler and Fergus, all from different photos.
    fn default() -> Self {
        Self { top: 9, per_image: 1, neuron: None, border: true, random: None }
    }
}

impl Patches {
    /// The patches for some channels of any layer, over all photos.
    ///
    /// Shows its [`progress`]; after Stop, the patches of the photos seen so far. Cost: one pass
    /// forward for each photo, as far as the layer. Memory does not grow with the number of photos:
    /// some batches, and `channels * top` patches of 12 bytes a pixel of the photo that they show.
    /// Errors: as [`Patches::start`] and [`Found::look`]; unreadable files as `photos` says, those
    /// left out are in [`Found::skipped`].
    pub fn run(&self, net: &Net, layer: &str, channels: &[i64], photos: &Photos) -> Result<Found> {
        let mut found = self.start(net, layer, channels)?;
        let mut batches = photos.batches()?;
        for batch in progress("looking for patches", batches.by_ref()) {
            let batch = batch?;
            let files: Vec<PathBuf> =
                batch.index.iter().map(|&i| photos.files[i].clone()).collect();
            found.look(net, &batch.images, &files)?;
        }
        found.skipped = batches.skipped.iter().map(Error::to_string).collect();
        Ok(found)
    }

    /// A search that has seen nothing yet; [`Found::look`] shows it photos of any size.
    ///
    /// Errors: an unknown layer, no channels, `top` or `per_image` of 0.
    pub fn start(&self, net: &Net, layer: &str, channels: &[i64]) -> Result<Found> {
        let counts = [self.top, self.per_image];
        if channels.is_empty() || !counts.iter().all(|count| (1..=100_000).contains(count)) {
            let got = [self.top, self.per_image, channels.len()];
            let got = format!("top {}, per_image {} and {} channels", got[0], got[1], got[2]);
            return Err(Error::argument("patches", "1 to 100000 of each", got, "look for some"));
        }
        Found::new(self.clone(), net, layer, channels)
    }
}
