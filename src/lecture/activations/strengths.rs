//! Which channels of a layer answer most, and which never do.

use super::Activations;
use crate::check::within;
use crate::pixels::batch_size;
use crate::{Error, Result};
use tch::Kind;

/// How strongly each channel of a layer answers, over all positions of some photos.
#[derive(Clone, Debug)]
pub struct Strengths {
    /// Mean of |activation| for each channel, which after a ReLU is the mean.
    pub mean: Vec<f64>,
    /// Largest activation of each channel.
    pub largest: Vec<f64>,
    /// How many photos that was.
    pub photos: i64,
}

impl Activations {
    /// How strongly each channel answers, over all photos and positions.
    pub fn strengths(&self) -> Result<Strengths> {
        batch_size(&self.maps, "maps")?;
        let all = [0i64, 2, 3];
        let mean = self.maps.f_abs()?.f_mean_dim(all.as_slice(), false, Kind::Double)?;
        let largest = self.maps.f_amax(all.as_slice(), false)?.f_to_kind(Kind::Double)?;
        let [mean, largest] = [mean, largest].map(Vec::<f64>::try_from);
        Ok(Strengths { mean: mean?, largest: largest?, photos: self.maps.size()[0] })
    }
}

impl Strengths {
    /// The channels by mean |activation|, strongest first; equal ones by number.
    pub fn sorted(&self) -> Vec<i64> {
        let mut channels: Vec<i64> = (0..self.mean.len() as i64).collect();
        channels.sort_by(|&a, &b| self.mean[b as usize].total_cmp(&self.mean[a as usize]));
        channels
    }

    /// The channels never above zero in these photos.
    ///
    /// After a ReLU such a channel may be dead: silent for every photo there is. Silence in a few
    /// photos does not prove that; more photos can only shorten the list.
    pub fn silent(&self) -> Vec<i64> {
        let silent = |&c: &i64| self.largest[c as usize] <= 0.0;
        (0..self.largest.len() as i64).filter(silent).collect()
    }

    /// The same layer over these photos and others, every photo counting alike.
    ///
    /// Errors: another number of channels.
    pub fn and(&self, others: &Strengths) -> Result<Strengths> {
        let [ours, theirs] = [self, others].map(|s| s.mean.len());
        if ours != theirs {
            let advice = "join strengths of one layer only";
            return Err(Error::argument("strengths", format!("{ours} channels"), theirs, advice));
        }
        let photos = self.photos.saturating_add(others.photos);
        within("photos", photos, 1..=i64::MAX, "join strengths of photos")?;
        let share = others.photos as f64 / photos as f64;
        let mean = self.mean.iter().zip(&others.mean).map(|(a, b)| a + (b - a) * share);
        let largest = self.largest.iter().zip(&others.largest).map(|(a, b)| a.max(*b));
        Ok(Strengths { mean: mean.collect(), largest: largest.collect(), photos })
    }
}
