//! t-SNE: the loop.

use super::divergence::{Similarities, affinities};
use super::{Engine, Init, Tsne, engine, pca};
use crate::neighbours::rows;
use crate::show::progress;
use crate::{Error, Result};
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
        let mut divergence = similarities.divergence(&start)?;
        let mut points = start;
        let (mut done, mut curve) = (0, vec![]);
        for (exaggeration, iterations) in progress("t-SNE", self.stretches()) {
            let pace = if exaggeration > 1.0 { 1.0 / exaggeration } else { 4.0 };
            let rate = self.learning_rate.unwrap_or(pace * n as f64);
            let stretch = engine::Stretch { exaggeration, iterations, rate };
            points = stretch.run(self, affinities.clone(), &points)?;
            divergence = similarities.divergence(&points)?;
            done += iterations;
            curve.push((done, divergence));
        }
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
