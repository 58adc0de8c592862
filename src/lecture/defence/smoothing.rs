//! Randomised smoothing: a vote under noise, and how far it cannot be changed.

use crate::chance::normal;
use crate::check::within;
use crate::net::Net;
use crate::pixels::finite_rgb;
use crate::show::progress;
use crate::{Error, Result};
use statrs::distribution::{Beta, ContinuousCDF, Normal};
use tch::{Kind, Tensor};

/// The class that a network gives most noisy copies of an image, with a radius in which no attack
/// changes it.
///
/// Cohen et al. 2019, algorithm 2 (`Certify`) and theorem 1: `first` copies choose the class, `samples`
/// others are counted. With probability 1 − `alpha` at least the share `lower` of all copies has that
/// class (Clopper and Pearson's bound), and then the vote of *all* noise is the same within the radius
/// `sigma * Φ⁻¹(lower)`, Euclidean over all pixels and colours. It abstains where `lower` is not above
/// 1/2. The network should have learned under the same noise.
///
/// ```
/// use convlens::{defence::Smoothing, net::{Net, Op}};
/// use tch::{Device, Kind, Tensor};
/// // Red or green, whichever is more: all copies of a picture this red are red.
/// let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0.]).view([2, 3]);
/// let fc = Op::Linear { weight, bias: Tensor::zeros([2], (Kind::Float, Device::Cpu)) };
/// let net = Net::new("colours").then("flatten", Op::Flatten)?.then("fc", fc)?
///     .with_classes(vec!["red".into(), "green".into()]);
/// let red = Tensor::from_slice(&[1f32, 0.0, 0.0]).view([1, 3, 1, 1]);
/// let vote = Smoothing { sigma: 0.1, samples: 100, ..Smoothing::default() };
/// let found = &vote.certify(&net, &red)?[0];
/// // 100 of 100: the lower bound is 0.001^(1/100) = 0.9333, which is 1.501 deviations.
/// assert_eq!((found.class, found.hits), (Some(0), 100));
/// assert!((found.radius - 0.1501).abs() < 1e-4);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothing {
    /// Standard deviation of the noise, in units of the image's values in 0..1. From 1e-6 to 1e6.
    pub sigma: f64,
    /// How many copies choose the class. From 1 to 10 million.
    pub first: usize,
    /// How many copies are counted. From 1 to 10 million.
    pub samples: usize,
    /// The probability that a certificate claims too much. 1e-12 to 0.5.
    pub alpha: f64,
    /// The most copies in one pass. From 1 to 10 million.
    pub batch: usize,
    /// Where the noise comes from; the same for every image.
    pub seed: u64,
}

impl Default for Smoothing {
    /// The paper's noise of 0.25, 100 copies to choose and 99.9 % confidence; it counts 100 000 copies,
    /// here are 1000, whose radius ends at 2.46 deviations (theirs at 3.81).
    fn default() -> Self {
        Smoothing { sigma: 0.25, first: 100, samples: 1000, alpha: 1e-3, batch: 250, seed: 0 }
    }
}

/// What is certain about an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The class, or none where the vote is too close: it abstains.
    pub class: Option<i64>,
    /// How many of the counted copies had the chosen class.
    pub hits: usize,
    /// The share of all copies that have it, at least.
    pub lower: f64,
    /// No picture nearer than this (L2) has another vote; 0 where it abstains.
    pub radius: f64,
}

impl Smoothing {
    /// A certificate for each image of `x`, `[n, 3, h, w]`.
    ///
    /// Cost: `first + samples` passes forward for each image, shown with [`progress`]; after Stop, the
    /// certificates so far. Memory: the activations of `batch` images. Errors: a sigma that is not above
    /// 0, an alpha outside 0..1, no copies, a network without classes.
    pub fn certify(&self, net: &Net, x: &Tensor) -> Result<Vec<Certificate>> {
        let [n, ..] = finite_rgb(x, "image")?;
        self.check()?;
        net.require_classes()?;
        let mut found = vec![];
        for i in progress("certifying", 0..n) {
            let image = x.f_narrow(0, i, 1)?;
            let class = self.votes(net, &image, [1, self.first])?.f_argmax(0, false)?;
            let class = class.f_int64_value(&[])?;
            let hits =
                self.votes(net, &image, [2, self.samples])?.f_int64_value(&[class])? as usize;
            found.push(self.certificate(class, hits)?);
        }
        Ok(found)
    }

    /// How many noisy copies of one image have each class, `[classes]`; `draw` tells apart two counts.
    fn votes(&self, net: &Net, image: &Tensor, [draw, copies]: [usize; 2]) -> Result<Tensor> {
        let classes = net.classes().len() as i64;
        let mut votes = Tensor::f_zeros([classes], (Kind::Int64, image.device()))?;
        let all: Vec<u64> = (0..copies as u64).collect();
        for some in all.chunks(self.batch) {
            let copy = |&i: &u64| self.noisy(image, &[self.seed, draw as u64, i]);
            let seen = Tensor::f_cat(&some.iter().map(copy).collect::<Result<Vec<_>>>()?, 0)?;
            let said = net.logits(&seen)?.f_argmax(1, false)?;
            votes = votes.f_add(&said.f_one_hot(classes)?.f_sum_dim_intlist(
                [0i64].as_slice(),
                false,
                Kind::Int64,
            )?)?;
        }
        Ok(votes)
    }

    fn noisy(&self, image: &Tensor, seeds: &[u64]) -> Result<Tensor> {
        let noise = (normal(seeds, &image.size())? * self.sigma).f_to_kind(image.kind())?;
        Ok(image.f_add(&noise.f_to_device(image.device())?)?)
    }

    fn certificate(&self, class: i64, hits: usize) -> Result<Certificate> {
        let lower = lower_bound(hits, self.samples, self.alpha)?;
        let sure = lower > 0.5;
        let radius = if sure { self.sigma * quantile(lower) } else { 0.0 };
        Ok(Certificate { class: sure.then_some(class), hits, lower, radius })
    }

    fn check(&self) -> Result<()> {
        let advice = "the network learned under some noise: take the same";
        within("sigma", self.sigma, 1e-6..=1e6, advice)?;
        let advice = "the paper accepts one false certificate in 1000: 0.001";
        within("alpha", self.alpha, 1e-12..=0.5, advice)?;
        let counts = [self.first, self.samples, self.batch];
        if !counts.iter().all(|count| (1..=10_000_000).contains(count)) {
            let got = format!("{}, {} and {}", self.first, self.samples, self.batch);
            let (what, advice) = ("first, samples and batch", "start with `Smoothing::default()`");
            return Err(Error::argument(what, "1 to 10000000 of each", got, advice));
        }
        Ok(())
    }
}

/// The share of images that are certainly right at `radius`: the label's certificate reaches that far.
///
/// Errors: other than one label for each certificate.
pub fn certified_accuracy(found: &[Certificate], labels: &[i64], radius: f64) -> Result<f64> {
    within("radius", radius, 0.0..=f64::MAX, "it is a distance: 0.25, for example")?;
    if found.is_empty() || found.len() != labels.len() {
        let (expected, got) = (format!("{} of them", found.len()), labels.len());
        return Err(Error::argument("labels", expected, got, "give one for each certificate"));
    }
    let right = |(c, label): &(&Certificate, &i64)| c.class == Some(**label) && c.radius >= radius;
    let count = found.iter().zip(labels).filter(right).count();
    Ok(count as f64 / found.len() as f64)
}

/// The smallest share under which `hits` or more of `n` still happen with probability `alpha` (Clopper
/// and Pearson 1934): a quantile of the beta distribution.
pub(super) fn lower_bound(hits: usize, n: usize, alpha: f64) -> Result<f64> {
    if hits == 0 {
        return Ok(0.0);
    }
    let beta = Beta::new(hits as f64, (n - hits + 1) as f64);
    let beta = beta.map_err(|e| Error::argument("hits", format!("1 to {n}"), hits, e))?;
    Ok(beta.inverse_cdf(alpha))
}

/// `Φ⁻¹`: how many deviations above the mean the normal distribution has passed this share.
pub(super) fn quantile(share: f64) -> f64 {
    Normal::standard().inverse_cdf(share)
}
