//! t-SNE: the loop.

use super::divergence::{Similarities, affinities};
use super::engine::{self, Stretch};
use super::{Engine, Init, Tsne, pca};
use crate::check::within;
use crate::neighbours::rows;
use crate::show::progress;
use crate::{Error, Result};
use bhtsne::SparseAffinities;
use tch::{Kind, Tensor};

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
        rows(x, "x")?;
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
        let (points, snapshots) = self.walk(&affinities, &start)?;
        let value = |(done, points): &(usize, Vec<f32>)| -> Result<(usize, f64)> {
            Ok((*done, similarities.divergence(&plane(points)?)?))
        };
        let curve = snapshots.iter().map(value).collect::<Result<Vec<_>>>()?;
        let points = plane(&points)?;
        let divergence = match curve.last() {
            Some(&(_, last)) => last,
            None => similarities.divergence(&points)?,
        };
        Ok(Embedded { points, divergence, curve })
    }

    /// The last points, and those after every so many iterations and at the end.
    fn walk(&self, affinities: &SparseAffinities<f32>, start: &Tensor) -> Result<Walk> {
        let mut points = Vec::try_from(start.f_reshape([-1])?)?;
        let (mut snapshots, mut done) = (vec![], 0);
        let all = self.exaggerated + self.iterations;
        let mut bar = progress("t-SNE", 0..all);
        let mut goes_on = bar.next().is_some();
        for stretch in self.stretches(start.size()[0] as f64) {
            if !goes_on {
                break;
            }
            let watch = |points: &[f32]| {
                done += 1;
                goes_on = bar.next().is_some();
                if done % self.every == 0 || !goes_on {
                    snapshots.push((done, points.to_vec()));
                }
                goes_on || done == all
            };
            points = stretch.run(self, affinities.clone(), points, watch)?;
        }
        Ok((points, snapshots))
    }

    fn stretches(&self, n: f64) -> [Stretch; 2] {
        let stretch = |exaggeration, iterations, pace: f64| {
            let rate = self.learning_rate.unwrap_or(pace * n);
            Stretch { exaggeration, iterations, rate }
        };
        [
            stretch(self.exaggeration, self.exaggerated, 1.0 / self.exaggeration),
            stretch(1.0, self.iterations, 4.0),
        ]
    }

    fn check(&self) -> Result<()> {
        let advice = "begin with `Tsne::default()`";
        within("threads", self.threads, 1..=256, "take as many as the machine has")?;
        within("iterations", self.iterations, 0..=1_000_000, advice)?;
        within("exaggerated", self.exaggerated, 0..=1_000_000, advice)?;
        let positive = [self.exaggeration, self.theta, self.learning_rate.unwrap_or(1.0)];
        if positive.iter().any(|v| !(*v > 0.0 && *v <= 1e9)) || self.every == 0 {
            let expected = "exaggeration, theta, learning_rate and every above 0, none over 1e9";
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

/// Points, and earlier ones with the number of iterations done.
type Walk = (Vec<f32>, Vec<(usize, Vec<f32>)>);

fn plane(points: &[f32]) -> Result<Tensor> {
    Ok(Tensor::f_from_slice(points)?.f_reshape([-1, 2])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_that_of_opentsne() {
        let stretches = Tsne::default().stretches(1200.0);
        let numbers = stretches.map(|s| (s.exaggeration, s.iterations, s.rate));
        assert_eq!(numbers, [(12.0, 250, 100.0), (1.0, 500, 4800.0)]);
        let given = Tsne { learning_rate: Some(7.0), ..Tsne::default() }.stretches(1200.0);
        assert_eq!(given.map(|s| s.rate), [7.0; 2]);
    }
}
