//! All pictures that are near enough to an image.

use super::norm::{Norm, PIXELS};
use crate::chance::{normal, uniform};
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// The pictures in 0..1 within `epsilon` of each image of `x`, `[n, 3, h, w]`.
pub(crate) struct Ball {
    pub(super) norm: Norm,
    pub(super) epsilon: f64,
    pub(super) centre: Tensor,
    /// The least and the largest value of each pixel.
    pub(super) bounds: [Tensor; 2],
}

impl Ball {
    pub(crate) fn around(x: &Tensor, norm: Norm, epsilon: f64) -> Result<Self> {
        if !(epsilon >= 0.0 && epsilon.is_finite()) {
            let advice = "it is a distance between images in 0..1: 8.0 / 255.0, for example";
            return Err(Error::argument("epsilon", "0 or more", epsilon, advice));
        }
        let bounds = match norm {
            Norm::Linf => [inner(x, -epsilon)?, inner(x, epsilon)?],
            Norm::L2 => [x.f_zeros_like()?, x.f_ones_like()?],
        };
        Ok(Ball { norm, epsilon, centre: x.shallow_clone(), bounds })
    }

    /// The nearest picture in the ball, as far as the last digit goes.
    pub(crate) fn project(&self, y: &Tensor) -> Result<Tensor> {
        match self.norm {
            Norm::Linf => self.bounded(y),
            Norm::L2 => self.shrunk(y, self.epsilon),
        }
    }

    /// The same, and not a digit farther than `epsilon` when measured in double precision.
    pub(crate) fn settle(&self, y: &Tensor) -> Result<Tensor> {
        let mut inside = self.project(y)?;
        let mut slack = 1e-7;
        while self.norm == Norm::L2 && !self.holds(&inside, 0.0)?.into_iter().all(|near| near) {
            inside = self.shrunk(&inside, self.epsilon * f64::max(1.0 - slack, 0.0))?;
            slack *= 2.0;
        }
        Ok(inside)
    }

    /// Whether each picture is in the ball, with so much tolerance.
    pub(super) fn holds(&self, y: &Tensor, tolerance: f64) -> Result<Vec<bool>> {
        let distances = self.norm.distances(y, &self.centre)?;
        Ok(distances.into_iter().map(|d| d <= self.epsilon + tolerance).collect())
    }

    fn shrunk(&self, y: &Tensor, epsilon: f64) -> Result<Tensor> {
        let change = self.norm.within(&y.f_sub(&self.centre)?, epsilon)?;
        self.bounded(&self.centre.f_add(&change)?)
    }

    fn bounded(&self, y: &Tensor) -> Result<Tensor> {
        Ok(y.f_maximum(&self.bounds[0])?.f_minimum(&self.bounds[1])?)
    }

    /// A picture anywhere in the ball, the same change for every image: what becomes of an image does
    /// not hang on the images beside it.
    pub(crate) fn anywhere(&self, seeds: [u64; 2]) -> Result<Tensor> {
        let size = &self.centre.size()[1..];
        let change = match self.norm {
            Norm::Linf => uniform(&seeds, size)? * 2.0 - 1.0,
            Norm::L2 => {
                let way = normal(&seeds, size)?;
                let radius = uniform(&[seeds[0], seeds[1], 1], &[1])?.double_value(&[0]);
                let dimensions = size.iter().product::<i64>() as f64;
                way.f_div(&way.f_norm()?)? * radius.powf(1.0 / dimensions)
            }
        };
        let change = (change * self.epsilon).f_to_kind(self.centre.kind())?;
        self.project(&self.centre.f_add(&change.f_to_device(self.centre.device())?)?)
    }
}

/// `x + change` in 0..1, rounded towards `x`.
fn inner(x: &Tensor, change: f64) -> Result<Tensor> {
    let exact = x.f_to_kind(Kind::Double)?.f_add_scalar(change)?.f_clamp(0.0, 1.0)?;
    let near = exact.f_to_kind(x.kind())?;
    let apart = near.f_to_kind(Kind::Double)?.f_sub(&exact)?;
    let outside = if change < 0.0 { apart.f_lt(0.0)? } else { apart.f_gt(0.0)? };
    Ok(near.f_nextafter(x)?.f_where_self(&outside, &near)?)
}

/// Sums over all axes but the first keep their shape `[n, 1, 1, 1]`.
pub(super) fn absolute_sum(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_abs()?.f_sum_dim_intlist(PIXELS.as_slice(), true, x.kind())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_settled_is_inside_to_the_last_digit() {
        let x = uniform(&[1], &[30, 3, 5, 7]).unwrap().to_kind(Kind::Float);
        let far = uniform(&[2], &[30, 3, 5, 7]).unwrap().to_kind(Kind::Float);
        let mut over = 0;
        for epsilon in [0.0, 1e-9, 1e-6, 0.01, 0.1, 0.3, 1.0] {
            for norm in [Norm::Linf, Norm::L2] {
                let ball = Ball::around(&x, norm, epsilon).unwrap();
                let near = ball.project(&far).unwrap();
                over += ball.holds(&near, 0.0).unwrap().iter().filter(|inside| !**inside).count();
                let settled = ball.settle(&far).unwrap();
                assert!(ball.holds(&settled, 0.0).unwrap().iter().all(|inside| *inside));
                assert!(settled.allclose(&near, 0.0, 1e-6, false));
            }
        }
        assert!(over > 0, "projection alone must miss somewhere, or the test says nothing");
    }
}
