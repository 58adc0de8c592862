//! What every function looks at at its door: values, sizes, counts.

use crate::{Error, Result};
use std::fmt::{Debug, Display};
use std::ops::RangeInclusive;
use tch::{Kind, Tensor};

/// An image made here has at most so many pixels, as many as a photo that is loaded: with three
/// channels 768 MB.
pub(crate) const MOST_PIXELS: i64 = 64_000_000;

/// Fails where a tensor holds NaN or an infinity.
///
/// One such value shows in the sum, which reads each value once and stores none; they are counted only
/// if it does (or if the sum overflows).
pub(crate) fn finite(x: &Tensor, what: &str) -> Result<()> {
    at_most(what, &x.size(), MOST_READ)?;
    if x.f_sum(Kind::Float)?.f_double_value(&[])?.is_finite() {
        return Ok(());
    }
    let bad = x.f_isfinite()?.f_logical_not()?.f_sum(Kind::Int64)?.f_int64_value(&[])?;
    if bad == 0 {
        return Ok(());
    }
    let got = format!("{bad} of {} values NaN or infinite", x.numel());
    Err(Error::argument(what, "finite values", got, "look where the computation overflowed"))
}

/// Fails where a count, a size or another number is not in its range; NaN is in none.
pub(crate) fn within<T>(what: &str, value: T, range: RangeInclusive<T>, advice: &str) -> Result<()>
where
    T: PartialOrd + Display + Debug,
{
    if range.contains(&value) {
        return Ok(());
    }
    let expected = format!("{} to {}", short(range.start()), short(range.end()));
    Err(Error::argument(what, expected, short(&value), advice))
}

/// `1e30` instead of a one with thirty zeros; numbers of everyday size as they are.
fn short<T: Display + Debug>(value: &T) -> String {
    let plain = value.to_string();
    if plain.len() > 12 { format!("{value:?}") } else { plain }
}

/// So many values fit one tensor that is made here: 2 GB.
pub(crate) const MOST_VALUES: i64 = 1 << 29;

/// Fails where a tensor of this size would hold more than [`MOST_VALUES`].
pub(crate) fn values_within(what: &str, size: &[i64]) -> Result<()> {
    at_most(what, size, MOST_VALUES)
}

/// So many values are looked at: an expanded tensor may claim more than anybody waits for.
const MOST_READ: i64 = 1 << 32;

fn at_most(what: &str, size: &[i64], most: i64) -> Result<()> {
    let values = size.iter().fold(1i128, |all, &side| all.saturating_mul(i128::from(side)));
    if size.iter().all(|&side| side >= 0) && values <= i128::from(most) {
        return Ok(());
    }
    let expected = format!("at most {most} values in all");
    Err(Error::argument(what, expected, format!("{size:?}"), "use smaller numbers"))
}

/// Fails where an image of `[height, width]` is empty or has more than [`MOST_PIXELS`].
pub(crate) fn size_within(what: &str, [h, w]: [i64; 2]) -> Result<()> {
    let pixels = i128::from(h) * i128::from(w);
    if h > 0 && w > 0 && pixels <= i128::from(MOST_PIXELS) {
        return Ok(());
    }
    let expected =
        format!("[height, width] of at least [1, 1] and at most {MOST_PIXELS} pixels in all");
    let advice = if h > 0 && w > 0 { "use smaller numbers" } else { "use larger numbers" };
    Err(Error::argument(what, expected, format!("[{h}, {w}]"), advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_and_infinities_are_counted() {
        let x = Tensor::from_slice(&[1.0, f64::NAN, f64::INFINITY]);
        let said = finite(&x, "image").unwrap_err().to_string();
        assert!(said.contains("got 2 of 3 values NaN or infinite"), "{said}");
        assert!(finite(&Tensor::from_slice(&[1e300, 1e300]), "large").is_ok());
        let endless = Tensor::from_slice(&[1f32]).expand([1 << 30, 1 << 30, 4], false);
        assert!(finite(&endless, "endless").unwrap_err().to_string().contains("at most"));
    }

    #[test]
    fn numbers_have_ranges_and_sizes_an_end() {
        let said = within("steps", 0, 1..=9, "use 5").unwrap_err().to_string();
        assert_eq!(said, "steps: expected 1 to 9, got 0; use 5");
        assert!(within("share", f64::NAN, 0.0..=1.0, "use 0.5").is_err());
        assert!(size_within("size", [8000, 8000]).is_ok());
        for size in [[0, 1], [-1, -1], [8001, 8000], [i64::MAX, i64::MAX], [i64::MIN, 2]] {
            assert!(size_within("size", size).unwrap_err().to_string().contains("64000000"));
        }
        assert!(values_within("batch", &[1, 3, 0, 9]).is_ok());
        for size in [[i64::MAX; 3], [-1, -1, 1], [1 << 20, 1 << 10, 1]] {
            assert!(values_within("batch", &size).unwrap_err().to_string().contains("at most"));
        }
    }
}
