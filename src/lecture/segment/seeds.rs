//! The pixels of which a map is sure.

use super::GrabCut;
use crate::check::within;
use crate::pixels::finite_batch;
use crate::{Error, Result};
use tch::{Kind, Tensor};

impl GrabCut {
    /// 1 where a map `[1, 1, h, w]` is sure of the thing, 0 where of the background, else 0.5.
    pub(super) fn seeds(&self, map: &Tensor) -> Result<Tensor> {
        let [n, channels, ..] = finite_batch(map, "map")?;
        if [n, channels] != [1, 1] {
            let advice = "take one with `.narrow(0, i, 1)`, or reduce the colours with `magnitude`";
            let got = format!("{:?}", map.size());
            return Err(Error::argument("map", "one map, [1, 1, h, w]", got, advice));
        }
        let map = map.f_detach()?.f_to_kind(Kind::Double)?;
        let quantile = |q: f64| -> Result<f64> {
            Ok(map.f_quantile_scalar(q, None::<i64>, false, "linear")?.f_double_value(&[])?)
        };
        let [low, high] = [quantile(self.background)?, quantile(self.foreground)?];
        let above = if high > low { map.f_ge(high)? } else { map.f_gt(high)? };
        if !above.f_any()?.f_is_nonzero()? {
            let got = format!("{high} in {} % of it", 100.0 * (1.0 - self.background));
            let advice = "it marks no pixel as the thing: try another layer, method or class";
            return Err(Error::argument(
                "map",
                "one that differs from pixel to pixel",
                got,
                advice,
            ));
        }
        let [above, below] = [above, map.f_le(low)?].map(|side| side.f_to_kind(Kind::Float));
        Ok(above?.f_sub(&below?)?.f_mul_scalar(0.5)?.f_add_scalar(0.5)?)
    }

    pub(super) fn check(&self) -> Result<()> {
        let (low, high) = (self.background, self.foreground);
        if !(0.0 <= low && low <= high && high < 1.0) {
            let got = format!("{low} and {high}");
            let advice = "take 0.3 and 0.95, as in the paper";
            let expected = "quantiles in 0..1, the background's first";
            return Err(Error::argument("background and foreground", expected, got, advice));
        }
        within("gamma", self.gamma, 0.0..=1e9, "take the papers' 50")?;
        within("components", self.components, 1..=1000, "take the paper's 5")?;
        within("rounds", self.rounds, 1..=10_000, "10 are enough for most")
    }
}
