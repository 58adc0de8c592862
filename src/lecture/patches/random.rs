//! Chance with a seed, to compare with.

use crate::Result;
use crate::activations::Activations;
use tch::Tensor;

/// A channel of a layer drawn by chance, the same one for the same seed.
///
/// A picture of one well chosen channel proves little: look at some that nobody chose.
pub fn random_channel(layer: &Activations, seed: u64) -> i64 {
    (mixed(seed) % layer.maps.size()[1] as u64) as i64
}

/// Numbers in 0..1 that depend on `seeds` and nothing else.
pub(super) fn noise(seeds: [u64; 3], size: &[i64]) -> Result<Tensor> {
    let first = seeds.into_iter().fold(0, |state, seed| mixed(state ^ seed));
    let unit = |i: u64| (mixed(first.wrapping_add(i)) >> 11) as f64 / (1u64 << 53) as f64;
    let values: Vec<f64> = (0..size.iter().product::<i64>() as u64).map(unit).collect();
    Ok(Tensor::f_from_slice(&values)?.f_view(size)?)
}

/// SplitMix64's step (Steele, Lea and Flood 2014, figure 18): neighbours become unlike.
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
