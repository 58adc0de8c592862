//! The best patches so far.

use super::Patches;
use super::cut::padding;
use crate::Result;
use crate::net::{Crop, Field, Net};
use crate::pixels::Margins;
use std::path::PathBuf;
use tch::Tensor;

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
    /// The pixels that a unit of the layer sees.
    pub field: Field,
    pub(super) settings: Patches,
    pub(super) padding: [f64; 3],
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
    /// The part of the photo, as the network got it, that the unit saw.
    pub crop: Crop,
    /// Its pixels, `[1, 3, h, w]`; [`Patch::seen`] adds the padding.
    pub pixels: Tensor,
    /// How far the unit looked over the photo's edges.
    pub margins: Margins,
    pub(super) padding: [f64; 3],
    pub(super) rank: f64,
}

impl Found {
    pub(super) fn new(settings: Patches, net: &Net, layer: &str, channels: &[i64]) -> Result<Self> {
        let (field, padding) = (net.receptive_field(layer)?, padding(net));
        let row = |&channel: &i64| Row { channel, patches: vec![] };
        let rows = channels.iter().map(row).collect();
        let layer = layer.to_string();
        Ok(Found { layer, rows, photos: 0, skipped: vec![], field, settings, padding })
    }
}
