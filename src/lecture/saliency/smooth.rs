//! SmoothGrad: the mean gradient of noisy copies.

use super::magnitude;
use super::pairs::{Pairs, in_batches, stopped};
use crate::chance::normal;
use crate::check::within;
use crate::net::{Net, ReluRule};
use crate::pixels::finite_rgb;
use crate::{Objective, Result};
use tch::Tensor;

/// The mean gradient of an image with noise: what neighbouring images agree on.
///
/// Lecture: saliency via backprop. Source: Smilkov et al. 2017, section 3. As in the paper, `noise` is
/// a fraction of each image's range; captum's `NoiseTunnel` wants the standard deviation itself. Noisy
/// copies may leave 0..1, as in both.
///
/// ```
/// use convlens::{Objective, net::{Conv2d, Net, Op}, saliency::SmoothGrad};
/// use tch::Tensor;
/// let weight = Tensor::from_slice(&[1f32, -4.0, 2.0]).view([1, 3, 1, 1]);
/// let net = Net::new("tiny").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let x = Tensor::from_slice(&[1f32, 0.5, 0.25]).view([1, 3, 1, 1]);
/// let score = Objective::neuron("conv1", 0, [0, 0]);
/// let smooth = SmoothGrad { samples: 3, ..SmoothGrad::default() }.run(&net, &x, &score)?;
/// // A linear network has the same gradient everywhere.
/// assert_eq!(Vec::<f32>::try_from(smooth.gradient.flatten(0, -1)).unwrap(), [1.0, -4.0, 2.0]);
/// assert_eq!(smooth.map()?.double_value(&[0, 0, 0, 0]), 4.0);
/// assert_eq!(smooth.variance()?.abs().max().double_value(&[]), 0.0);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SmoothGrad {
    /// How many noisy copies of each image. From 1 to 1 000 000.
    pub samples: usize,
    /// Standard deviation of the noise, as a share of the range (largest less smallest value) of the
    /// image. From 0 to 1 000 000.
    pub noise: f64,
    /// The most copies in one pass. From 1 to 100 000.
    pub batch: usize,
    /// The same seed gives the same noise, whatever the batch.
    pub seed: u64,
}

impl Default for SmoothGrad {
    /// 25 copies with 15 % noise, as the authors' own code; the paper finds 10 to 20 % best.
    fn default() -> Self {
        SmoothGrad { samples: 25, noise: 0.15, batch: 8, seed: 0 }
    }
}

/// What the gradients of noisy copies have in common; each `[n, 3, h, w]`.
#[derive(Debug)]
pub struct Smoothed {
    /// Their mean: SmoothGrad.
    pub gradient: Tensor,
    /// The mean of their squares (SmoothGrad-Squared; Hooker et al. 2019, section 3.2).
    pub squared: Tensor,
    /// How many copies were read of each image; fewer than asked for after Stop.
    pub samples: usize,
}

impl SmoothGrad {
    /// The mean gradient of `objective` over noisy copies of each image of `x`, `[n, 3, h, w]`.
    ///
    /// Cost: `samples` passes forward and back for each image, shown with
    /// [`progress`](crate::show::progress); Stop keeps the copies that every image has. Memory: the
    /// activations of `batch` images. Errors: no samples, an empty batch, negative noise, Stop before
    /// the first copy of every image.
    pub fn run(&self, net: &Net, x: &Tensor, objective: &Objective) -> Result<Smoothed> {
        let [n, ..] = finite_rgb(x, "image")?;
        self.check()?;
        let spread = spread(x)?.f_mul_scalar(self.noise)?;
        let mut sums =
            Smoothed { gradient: x.f_zeros_like()?, squared: x.f_zeros_like()?, samples: 0 };
        let done = in_batches("noisy copies", [n, self.samples as i64], self.batch, |some| {
            let at = some.images(x)?;
            let noise = self.noise(x, some)?.f_mul(&spread.f_index_select(0, &at)?)?;
            let noisy = x.f_index_select(0, &at)?.f_add(&noise)?;
            sums.add(&at, &net.gradient(&noisy, objective, ReluRule::Gradient)?)
        })?;
        sums.mean(done)
    }

    fn check(&self) -> Result<()> {
        within("samples", self.samples, 1..=1_000_000, "25 are enough for most")?;
        within("batch", self.batch, 1..=100_000, "8 is usual")?;
        within("noise", self.noise, 0.0..=1e6, "a share of the range: try 0.15")
    }

    /// Noise of deviation 1 for each copy: it hangs on the seed, the image's number and the copy's.
    fn noise(&self, x: &Tensor, some: &Pairs) -> Result<Tensor> {
        let one = |(&image, &copy): (&i64, &i64)| {
            normal(&[self.seed, image as u64, copy as u64], &x.size()[1..])
        };
        let all = some.image.iter().zip(&some.version).map(one).collect::<Result<Vec<_>>>()?;
        Ok(Tensor::f_stack(&all, 0)?.f_to_kind(x.kind())?.f_to_device(x.device())?)
    }
}

/// Largest less smallest value of each image, `[n, 1, 1, 1]`.
fn spread(x: &Tensor) -> Result<Tensor> {
    let all = [1i64, 2, 3];
    Ok(x.f_amax(all.as_slice(), true)?.f_sub(&x.f_amin(all.as_slice(), true)?)?)
}

impl Smoothed {
    fn add(&mut self, at: &Tensor, g: &Tensor) -> Result<()> {
        let _ = self.gradient.f_index_add_(0, at, g)?;
        let _ = self.squared.f_index_add_(0, at, &g.f_square()?)?;
        Ok(())
    }

    /// The sums of `done` copies, the first copy of every image first, as means.
    fn mean(self, done: i64) -> Result<Self> {
        let n = self.gradient.size()[0];
        if done < n {
            return Err(stopped("SmoothGrad", n, done));
        }
        let counts: Vec<i64> = (0..n).map(|i| done / n + i64::from(i < done % n)).collect();
        let counts = Tensor::f_from_slice(&counts)?.f_view([n, 1, 1, 1])?;
        let counts = counts.f_to_device(self.gradient.device())?;
        let [gradient, squared] = [&self.gradient, &self.squared].map(|sum| sum.f_div(&counts));
        Ok(Smoothed { gradient: gradient?, squared: squared?, samples: (done / n) as usize })
    }

    /// How much each pixel matters: the largest |mean derivative| of its colours, `[n, 1, h, w]`.
    pub fn map(&self) -> Result<Tensor> {
        magnitude(&self.gradient)
    }

    /// How far the copies disagree: the variance of each derivative (VarGrad; Adebayo et al. 2018,
    /// section 2), `[n, 3, h, w]`.
    pub fn variance(&self) -> Result<Tensor> {
        Ok(self.squared.f_sub(&self.gradient.f_square()?)?)
    }
}
