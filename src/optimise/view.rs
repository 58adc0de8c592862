//! How the network sees the image in one step: shifted, turned, nearer or further.

use super::GREY;
use crate::Result;
use crate::chance::uniform;
use tch::Tensor;

/// Random movements of the image before each look, so that nothing depends on exact places.
///
/// Each is drawn evenly between minus and plus its limit, the same for all images of the batch. What
/// comes in from outside is mid-grey. (Olah, Mordvintsev and Schubert 2017, "Transformation
/// robustness". Lucid pads, crops and draws from short lists instead.)
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Warp {
    /// Largest shift down and across, in pixels.
    pub shift: f64,
    /// Largest change of scale: 0.1 for 0.9 to 1.1 times the size.
    pub scale: f64,
    /// Largest turn, in degrees.
    pub turn: f64,
}

/// One movement: shift in pixels down and across, scale, turn in degrees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move {
    pub shift: [f64; 2],
    pub scale: f64,
    pub turn: f64,
}

impl Warp {
    pub(super) fn drawn(self, seed: u64, step: usize) -> Result<Move> {
        let draws = uniform(&[seed, step as u64, 1], &[4])? * 2.0 - 1.0;
        let [down, across, scale, turn] = [0, 1, 2, 3].map(|i| draws.double_value(&[i]));
        let shift = [down * self.shift, across * self.shift];
        Ok(Move { shift, scale: 1.0 + scale * self.scale, turn: turn * self.turn })
    }
}

impl Move {
    /// The image `[n, c, h, w]` turned anticlockwise and enlarged about its middle, then shifted.
    pub(crate) fn of(self, x: &Tensor) -> Result<Tensor> {
        let theta = Tensor::f_from_slice(&self.backwards(x)).and_then(|t| t.f_view([1, 2, 3]))?;
        let n = x.size()[0];
        let theta = theta.f_to_device(x.device())?.f_expand([n, 2, 3], false)?;
        let places = Tensor::f_affine_grid_generator(&theta, x.size(), false)?;
        Ok((x - GREY).f_grid_sampler_2d(&places, 0, 0, false)? + GREY)
    }

    /// Where a pixel of the result comes from: rows for x and y, in units of half the image's sides.
    fn backwards(self, x: &Tensor) -> [f32; 6] {
        let [h, w] = [2, 3].map(|dim| x.size()[dim] as f64);
        let (sin, cos) = self.turn.to_radians().sin_cos();
        let [cos, sin] = [cos / self.scale, sin / self.scale];
        let [down, across] = [self.shift[0] * 2.0 / h, self.shift[1] * 2.0 / w];
        let (over, under) = (-sin * h / w, sin * w / h);
        let x = [cos, over, -(cos * across + over * down)];
        let y = [under, cos, -(under * across + cos * down)];
        [x[0], x[1], x[2], y[0], y[1], y[2]].map(|v| v as f32)
    }
}

/// The image rolled around its edges by up to `most` pixels down and across.
pub(super) fn jittered(x: &Tensor, most: i64, seed: u64, step: usize) -> Result<Tensor> {
    let draws = uniform(&[seed, step as u64, 0], &[2])?;
    let shift = |i| (draws.double_value(&[i]) * (2 * most + 1) as f64).floor() as i64 - most;
    Ok(x.f_roll([shift(0), shift(1)], [2i64, 3])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::{Device, Kind};

    fn picture(h: i64, w: i64) -> Tensor {
        Tensor::arange(h * w, (Kind::Float, Device::Cpu)).view([1, 1, h, w])
    }

    fn close(got: &Tensor, by_hand: &[f32]) {
        let got = Vec::<f32>::try_from(got.contiguous().flatten(0, -1)).unwrap();
        let same = got.iter().zip(by_hand).all(|(a, b)| (a - b).abs() < 1e-4);
        assert!(same && got.len() == by_hand.len(), "{got:?}");
    }

    #[test]
    fn movements_by_hand() {
        let (still, x) = (Move { shift: [0.0; 2], scale: 1.0, turn: 0.0 }, picture(2, 3));
        close(&still.of(&x).unwrap(), &[0., 1., 2., 3., 4., 5.]);
        let down = Move { shift: [1.0, 0.0], ..still };
        close(&down.of(&x).unwrap(), &[0.5, 0.5, 0.5, 0., 1., 2.]);
        let left = Move { shift: [0.0, -1.0], ..still };
        close(&left.of(&x).unwrap(), &[1., 2., 0.5, 4., 5., 0.5]);
        let over = Move { turn: 180.0, ..still };
        close(&over.of(&x).unwrap(), &[5., 4., 3., 2., 1., 0.]);
    }

    #[test]
    fn a_quarter_turn_goes_anticlockwise_and_keeps_pixels_square() {
        // 3x5: the middle 3x3 turns onto itself, the left and right columns leave.
        let quarter = Move { shift: [0.0; 2], scale: 1.0, turn: 90.0 };
        let by_hand = [0.5, 3., 8., 13., 0.5, 0.5, 2., 7., 12., 0.5, 0.5, 1., 6., 11., 0.5];
        close(&quarter.of(&picture(3, 5)).unwrap(), &by_hand);
    }

    #[test]
    fn twice_the_size_looks_at_the_middle() {
        // Four pixels in a row become eight half steps; we see the middle four.
        let twice = Move { shift: [0.0; 2], scale: 2.0, turn: 0.0 };
        close(&twice.of(&picture(1, 4)).unwrap().narrow(2, 0, 1), &[0.75, 1.25, 1.75, 2.25]);
    }

    #[test]
    fn draws_stay_within_their_limits_and_reach_them() {
        let warp = Warp { shift: 4.0, scale: 0.1, turn: 10.0 };
        let moves: Vec<Move> = (0..200).map(|step| warp.drawn(1, step).unwrap()).collect();
        let most = |of: fn(&Move) -> f64| moves.iter().map(of).fold(0.0, f64::max);
        let near = |got: f64, limit: f64| assert!(got <= limit && got > 0.95 * limit, "{got}");
        near(most(|m| m.shift[0].abs()), 4.0);
        near(most(|m| m.shift[1].abs()), 4.0);
        near(most(|m| (m.scale - 1.0).abs()), 0.1);
        near(most(|m| m.turn.abs()), 10.0);
    }

    #[test]
    fn jitter_rolls_by_whole_pixels_and_by_each_equally_often() {
        let x = picture(3, 5);
        let mut seen = [[0; 3]; 3];
        for step in 0..900 {
            let first = jittered(&x, 1, 7, step).unwrap().double_value(&[0, 0, 1, 2]) as i64;
            let [row, column] = [first / 5, first % 5 - 1];
            seen[row as usize][column as usize] += 1;
        }
        assert!(seen.iter().flatten().all(|&times| (70..130).contains(&times)), "{seen:?}");
    }
}
