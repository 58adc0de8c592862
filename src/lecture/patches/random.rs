//! Chance with a seed, to compare with.

use crate::activations::Activations;
use crate::chance::mixed;

/// A channel of a layer drawn by chance, the same one for the same seed.
///
/// A picture of one well chosen channel proves little: look at some that nobody chose.
pub fn random_channel(layer: &Activations, seed: u64) -> i64 {
    (mixed(seed) % (layer.maps.size()[1].max(1)) as u64) as i64
}
