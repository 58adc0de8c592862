//! From a map's values to colours: which range, signed or not, and what to warn of.

use super::colours::{NOT_A_NUMBER, diverging, sequential};
use super::heat::HeatMap;
use super::number::short;
use crate::{Error, Result};
use image::Rgb;

/// A decided colour scale.
pub(super) struct Colouring {
    /// The values at the two ends of the colours.
    pub range: [f64; 2],
    /// The lowest and the highest finite value.
    pub reach: [f64; 2],
    pub signed: bool,
    /// No value is finite.
    pub empty: bool,
    /// What a reader must know before trusting the picture.
    pub notes: Vec<String>,
}

impl Colouring {
    pub fn of(values: &[f64], settings: &HeatMap) -> Result<Self> {
        let mut finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        let (low, high) = match finite.first() {
            None => (0.0, 0.0),
            Some(&first) => finite.iter().fold((first, first), |(a, b), &v| (v.min(a), v.max(b))),
        };
        if !(high - low).is_finite() {
            let got = format!("{low:e} to {high:e}");
            return Err(Error::argument("map", "values of a finite range", got, "clamp them"));
        }
        let signed = settings.signed.unwrap_or(low < 0.0 && high > 0.0);
        let range = settings.bounds(&mut finite, low, signed)?;
        let mut notes = warnings(values.len(), finite.len(), [low, high]);
        let outside = [(low, low < range[0]), (high, high > range[1])];
        let reach: Vec<_> =
            outside.iter().filter(|(_, out)| *out).map(|(v, _)| short(*v)).collect();
        if !reach.is_empty() && !finite.is_empty() {
            notes.push(format!("values reach {}, beyond the colours", reach.join(" and ")));
        }
        Ok(Self { range, reach: [low, high], signed, empty: finite.is_empty(), notes })
    }

    /// Where a value stands between the two ends, 0 to 1; nothing for NaN and infinities.
    pub fn position(&self, v: f64) -> Option<f64> {
        let [low, high] = self.range;
        let quiet = if self.signed { 0.5 } else { 0.0 };
        let t = if low < high { (v - low) / (high - low) } else { quiet };
        v.is_finite().then(|| t.clamp(0.0, 1.0))
    }

    pub fn colour(&self, v: f64) -> Rgb<u8> {
        let map = if self.signed { diverging } else { sequential };
        self.position(v).map_or(NOT_A_NUMBER, map)
    }

    /// How far a value is from the quiet end, or from zero where values are signed: 0 to 1.
    pub fn strength(&self, v: f64) -> f64 {
        match self.position(v) {
            None => 1.0,
            Some(t) if self.signed => (2.0 * t - 1.0).abs(),
            Some(t) => t,
        }
    }
}

fn warnings(all: usize, finite: usize, [low, high]: [f64; 2]) -> Vec<String> {
    let mut notes = Vec::new();
    if finite == 0 {
        return vec!["every value is NaN or infinite: nothing to see".into()];
    }
    if finite < all {
        notes.push(format!("{} of {all} values are NaN or infinite (magenta)", all - finite));
    }
    if low == high {
        notes.push(format!("every value is {}: nothing to see", short(low)));
    } else if high < 0.0 {
        notes.push("every value is negative".into());
    }
    notes
}

impl HeatMap {
    /// The values at the ends of the colours, for finite values, the lowest of which is known.
    fn bounds(&self, finite: &mut [f64], lowest: f64, signed: bool) -> Result<[f64; 2]> {
        if !(self.clip_percentile > 0.0 && self.clip_percentile <= 100.0) {
            let advice = "use 100 to clip nothing, 99 to clip the largest hundredth";
            let got = self.clip_percentile;
            return Err(Error::argument("clip_percentile", "above 0, up to 100", got, advice));
        }
        let [low, high] = match self.range {
            Some([low, high]) if low < high && high - low < f64::INFINITY => [low, high],
            Some(range) => {
                let advice = "give the lower value first";
                let got = format!("{range:?}");
                return Err(Error::argument("range", "two rising numbers", got, advice));
            }
            None if signed => {
                finite.iter_mut().for_each(|v| *v = v.abs());
                [0.0, percentile(finite, self.clip_percentile)]
            }
            None => [lowest, percentile(finite, self.clip_percentile)],
        };
        let most = low.abs().max(high.abs());
        Ok(if signed { [-most, most] } else { [low, high] })
    }
}

/// The value below which `percent` of the values lie, linear between neighbours (numpy's). Their order is
/// lost.
fn percentile(values: &mut [f64], percent: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let at = percent / 100.0 * last as f64;
    let (_, &mut below, above) = values.select_nth_unstable_by(at as usize, f64::total_cmp);
    let next = above.iter().copied().min_by(f64::total_cmp).unwrap_or(below);
    below + (at - at.floor()) * (next - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_numpys() {
        // numpy.percentile([1, 2, 4, 8], [50, 90, 100])
        let mut x = [4.0, 1.0, 8.0, 2.0];
        assert_eq!(percentile(&mut x, 50.0), 3.0);
        assert!((percentile(&mut x, 90.0) - 6.8).abs() < 1e-12);
        assert_eq!(percentile(&mut x, 100.0), 8.0);
        assert_eq!(percentile(&mut [], 99.0), 0.0);
    }

    #[test]
    fn signed_values_put_zero_in_the_middle() {
        let of = |v: &[f64], settings: &HeatMap| Colouring::of(v, settings).unwrap();
        let plain = HeatMap::default();
        let scale = of(&[-1.0, 0.0, 3.0], &plain);
        assert!(scale.signed);
        assert_eq!(scale.range, [-3.0, 3.0]);
        assert_eq!(scale.position(0.0), Some(0.5));
        assert_eq!(of(&[1.0, 3.0], &plain).range, [1.0, 3.0]);
        let negative = of(&[-3.0, -1.0], &plain);
        assert_eq!((negative.range, negative.signed), ([-3.0, -1.0], false));
        assert_eq!(negative.notes, ["every value is negative"]);
        let forced = HeatMap { signed: Some(true), ..HeatMap::default() };
        assert_eq!(of(&[1.0, 3.0], &forced).range, [-3.0, 3.0]);
    }
}
