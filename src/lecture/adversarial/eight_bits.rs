//! Pictures whose values a PNG file can hold.

use super::ball::Ball;
use super::norm::Norm;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// What a value in single precision may be off.
const DIGIT: f64 = 4e-7;

impl Ball {
    /// Values `k / 255` near those of `y`, still in the ball (to the last digit of single precision).
    ///
    /// Errors: a ball without such a picture, around an image that is itself none.
    pub(crate) fn in_8_bits(&self, y: &Tensor) -> Result<Tensor> {
        let rounded = match self.norm {
            Norm::Linf => self.rounded_each(y)?,
            Norm::L2 => self.rounded_together(y)?,
        };
        if self.holds(&rounded, DIGIT)?.into_iter().all(|near| near) {
            return Ok(rounded);
        }
        let expected = "a ball with room for a picture of 8 bits";
        let advice = "raise epsilon, or attack the picture as `save` and `load` round it";
        Err(Error::argument("epsilon", expected, self.epsilon, advice))
    }

    /// Every value by itself.
    fn rounded_each(&self, y: &Tensor) -> Result<Tensor> {
        let [low, high] = &self.bounds;
        let least = levels(low)?.f_sub_scalar(255.0 * DIGIT)?.f_ceil()?;
        let most = levels(high)?.f_add_scalar(255.0 * DIGIT)?.f_floor()?;
        let level = levels(y)?.f_round()?.f_maximum(&least)?.f_minimum(&most)?;
        values(&level, y.kind())
    }

    /// The largest share of the change, in steps of 2 %, that stays in the ball when rounded.
    fn rounded_together(&self, y: &Tensor) -> Result<Tensor> {
        let change = y.f_sub(&self.centre)?;
        let nearest = |share: f64| {
            let part = self.centre.f_add(&change.f_mul_scalar(share)?)?;
            values(&levels(&part)?.f_round()?.f_clamp(0.0, 255.0)?, y.kind())
        };
        let mut found = nearest(0.0)?;
        for share in 1..=50 {
            let more = nearest(f64::from(share) / 50.0)?;
            let near = Tensor::f_from_slice(&self.holds(&more, DIGIT)?)?;
            let near = near.f_to_device(y.device())?.f_view([-1, 1, 1, 1])?;
            found = more.f_where_self(&near, &found)?;
        }
        Ok(found)
    }
}

fn levels(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_to_kind(Kind::Double)?.f_mul_scalar(255.0)?)
}

fn values(levels: &Tensor, kind: Kind) -> Result<Tensor> {
    Ok(levels.f_to_kind(kind)?.f_div_scalar(255.0)?)
}
