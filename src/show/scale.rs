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
    pub signed: bool,
    /// No value is finite.
    pub empty: bool,
    /// What a reader must know before trusting the picture.
    pub notes: Vec<String>,
}

impl Colouring {
    pub fn of(values: &[f64], settings: &HeatMap) -> Result<Self> {
        let mut finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        let (low, high) = match finite[..] {
            [] => (0.0, 0.0),
            [only] => (only, only),
            [low, .., high] => (low, high),
        };
        let signed = settings.signed.unwrap_or(low < 0.0 && high > 0.0);
        let range = settings.bounds(&finite, signed)?;
        let mut notes = warnings(values.len(), finite.len(), [low, high]);
        let outside = [(low, low < range[0]), (high, high > range[1])];
        let reach: Vec<_> =
            outside.iter().filter(|(_, out)| *out).map(|(v, _)| short(*v)).collect();
        if !reach.is_empty() && !finite.is_empty() {
            notes.push(format!("values reach {}, beyond the colours", reach.join(" and ")));
        }
        Ok(Self { range, signed, empty: finite.is_empty(), notes })
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
    /// The values at the ends of the colours, for finite values in rising order.
    fn bounds(&self, rising: &[f64], signed: bool) -> Result<[f64; 2]> {
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
                let mut sizes: Vec<f64> = rising.iter().map(|v| v.abs()).collect();
                sizes.sort_by(f64::total_cmp);
                [0.0, percentile(&sizes, self.clip_percentile)]
            }
            None => {
                let low = rising.first().copied().unwrap_or(0.0);
                [low, percentile(rising, self.clip_percentile)]
            }
        };
        let most = low.abs().max(high.abs());
        Ok(if signed { [-most, most] } else { [low, high] })
    }
}

/// The value below which `percent` of rising values lie, linear between neighbours (numpy's).
fn percentile(rising: &[f64], percent: f64) -> f64 {
    let Some(last) = rising.len().checked_sub(1) else { return 0.0 };
    let at = percent / 100.0 * last as f64;
    let i = at as usize;
    let next = rising[(i + 1).min(last)];
    rising[i] + (at - i as f64) * (next - rising[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_numpys() {
        // numpy.percentile([1, 2, 4, 8], [50, 90, 100])
        let x = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(percentile(&x, 50.0), 3.0);
        assert!((percentile(&x, 90.0) - 6.8).abs() < 1e-12);
        assert_eq!(percentile(&x, 100.0), 8.0);
        assert_eq!(percentile(&[], 99.0), 0.0);
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
