//! t-SNE: what there is to choose, and the loop.

use super::divergence::{Similarities, affinities};
use super::engine;
use super::pca;
use crate::neighbours::rows;
use crate::show::progress;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Who moves the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The crate bhtsne: distant points push as one (van der Maaten 2014). Time `n log n`.
    BarnesHut,
    /// The crate bhtsne: forces interpolated on a grid (Linderman et al. 2019). Time `n`, and more
    /// the wider the points spread: for some ten thousand of them.
    FitSne,
    /// The crate linfa-tsne, Barnes-Hut, to compare with. It begins at random points, exaggerates by
    /// 12 and learns at rate 200; other values are errors. Its search for neighbours draws random
    /// numbers without a seed, so that runs differ a little; no progress, and Stop waits for the end.
    Linfa,
}

/// Where the points start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// On the first two principal components, of standard deviation 0.0001 along the first. Keeps
    /// some of the large order (Kobak and Berens 2019), and needs no luck.
    Pca,
    /// At normal random points of standard deviation 0.0001.
    Random,
}

/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008).
///
/// Every row of `[n, d]` becomes a point in the plane, so that rows that are near stay near: points
/// attract each other by the rows' similarity `p`, and all points repel each other. Distances
/// between groups, their sizes and densities mean little.
/// Similarities reach to the `3 * perplexity` nearest rows, found exactly.
/// Reduce many columns to 50 first ([`pca`]): it is faster, and less noise.
///
/// ```
/// use convlens::embedding::{Init, Tsne};
/// use tch::Tensor;
/// let x: Vec<f32> = (0..40).map(|i| (i % 2) as f32 * 100.0 + i as f32).collect(); // two groups
/// let x = Tensor::from_slice(&x).view([20, 2]);
/// let tsne = Tsne { perplexity: 3.0, iterations: 100, ..Tsne::default() };
/// let map = tsne.run(&x)?;
/// assert_eq!(map.points.size(), [20, 2]);
/// assert_eq!(map.points, tsne.run(&x)?.points); // the same seed, the same bits
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tsne {
    /// How many neighbours count, softly; at least 1 and at most `(n - 1) / 3`.
    pub perplexity: f64,
    /// What similarities are multiplied with at first, so that groups form.
    pub exaggeration: f64,
    /// For so many iterations.
    pub exaggerated: usize,
    /// Iterations after that.
    pub iterations: usize,
    /// The step size; none for `n / exaggeration` while exaggerated, and `4 n` after that.
    pub learning_rate: Option<f64>,
    /// For Barnes-Hut: cells count as far when their width is below `theta` of their distance.
    pub theta: f64,
    /// Who moves the points.
    pub engine: Engine,
    /// Where the points start.
    pub init: Init,
    /// For [`Init::Random`].
    pub seed: u64,
    /// Iterations between two values of [`Embedded::curve`], which cost `n²` operations each, and the
    /// longest that Stop waits.
    pub every: usize,
    /// Threads of bhtsne. One, the default, gives the same bits for the same seed; two are nearly
    /// twice as fast, but add up in an order of chance.
    pub threads: usize,
}

impl Default for Tsne {
    /// openTSNE's perplexity, exaggeration, start and theta, with 250 iterations more.
    ///
    /// After the exaggeration steps are four times openTSNE's `n`, because bhtsne lets a step grow to
    /// no more than twice its size: that ends lowest, from 90 rows to 5000.
    fn default() -> Self {
        Self {
            perplexity: 30.0,
            exaggeration: 12.0,
            exaggerated: 250,
            iterations: 750,
            learning_rate: None,
            theta: 0.5,
            engine: Engine::BarnesHut,
            init: Init::Pca,
            seed: 0,
            every: 50,
            threads: 1,
        }
    }
}

/// Where t-SNE put the rows.
#[derive(Debug)]
pub struct Embedded {
    /// One point for each row, `[n, 2]`. Only their distances mean something.
    pub points: Tensor,
    /// The Kullback-Leibler divergence in nats: how badly the points tell the similarities.
    /// Exact, and without exaggeration. Compare it at equal data and perplexity only.
    pub divergence: f64,
    /// Iterations done and the divergence then.
    pub curve: Vec<(usize, f64)>,
}

impl Tsne {
    /// Embeds the rows of `x`, `[n, d]`, `d` at least 2.
    ///
    /// Stop ends the loop and gives the points as they are.
    /// Errors: a perplexity that does not fit `n`, parameters the engine does not have, NaN, rows
    /// that are all equal.
    pub fn run(&self, x: &Tensor) -> Result<Embedded> {
        let [n, _] = rows(x, "x")?;
        self.check()?;
        let start = self.start(x)?;
        let affinities = affinities(x, self.perplexity)?;
        let similarities = Similarities::new(&affinities)?;
        if self.engine == Engine::Linfa {
            let points = engine::linfa(self, x)?;
            let divergence = similarities.divergence(&points)?;
            let curve = vec![(self.exaggerated + self.iterations, divergence)];
            return Ok(Embedded { points, divergence, curve });
        }
        let mut at = Vec::<f32>::try_from(start.f_reshape([-1])?)?;
        let mut points = start;
        let (mut done, mut curve) = (0, vec![]);
        for (exaggeration, iterations) in progress("t-SNE", self.stretches()) {
            let pace = if exaggeration > 1.0 { 1.0 / exaggeration } else { 4.0 };
            let rate = self.learning_rate.unwrap_or(pace * n as f64);
            let stretch = engine::Stretch { exaggeration, iterations, rate };
            at = stretch.run(self, affinities.clone(), at)?;
            points = Tensor::f_from_slice(&at)?.f_reshape([-1, 2])?;
            done += iterations;
            curve.push((done, similarities.divergence(&points)?));
        }
        let divergence = match curve.last() {
            Some(&(_, last)) => last,
            None => similarities.divergence(&points)?,
        };
        Ok(Embedded { points, divergence, curve })
    }

    /// Exaggeration and number of iterations of each stretch between two values of the curve.
    fn stretches(&self) -> Vec<(f64, usize)> {
        let parts = |all: usize, exaggeration: f64| {
            let starts = (0..all).step_by(self.every);
            starts.map(move |start| (exaggeration, self.every.min(all - start)))
        };
        parts(self.exaggerated, self.exaggeration).chain(parts(self.iterations, 1.0)).collect()
    }

    fn check(&self) -> Result<()> {
        let positive = [self.exaggeration, self.theta, self.learning_rate.unwrap_or(1.0)];
        if positive.iter().any(|v| !(v.is_finite() && *v > 0.0)) || self.every == 0 {
            let expected = "exaggeration, theta, learning_rate and every above 0";
            let got = format!("{positive:?} and {}", self.every);
            return Err(Error::argument("Tsne", expected, got, "begin with `Tsne::default()`"));
        }
        let given = (self.exaggeration, self.learning_rate.unwrap_or(200.0), self.init);
        if self.engine == Engine::Linfa && given != (12.0, 200.0, Init::Random) {
            let expected = "exaggeration 12, learning_rate none or 200, init Init::Random";
            let advice = "linfa-tsne has no others; use another engine";
            return Err(Error::argument("Tsne", expected, format!("{given:?}"), advice));
        }
        Ok(())
    }

    fn start(&self, x: &Tensor) -> Result<Tensor> {
        let first = pca(x, 2)?;
        if first.variance[0] == 0.0 {
            let advice = "look where the features come from";
            return Err(Error::argument("x", "rows that differ", "equal rows", advice));
        }
        if self.init == Init::Random {
            return engine::random_points(x.size()[0], self.seed);
        }
        let points = first.project(&x.f_to_kind(Kind::Double)?)?;
        Ok(points.f_mul_scalar(1e-4 / first.variance[0].sqrt())?.f_to_kind(Kind::Float)?)
    }
}
