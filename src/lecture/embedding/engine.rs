//! The crates that move the points.

use super::Tsne;
use crate::neighbours::Neighbours;
use crate::{Error, Result};
use bhtsne::{Neighbor, SparseAffinities, tSNE};
use linfa::traits::Transformer;
use linfa_tsne::TSneParams;
use ndarray::Array2;
use ndarray_rand::rand::{Rng, SeedableRng, rngs::StdRng};
use ndarray_rand::rand_distr::StandardNormal;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use tch::{Kind, Tensor};

/// openTSNE's, from the first iteration on.
const MOMENTUM: f32 = 0.8;

/// Iterations with the same parameters.
pub(super) struct Stretch {
    pub exaggeration: f64,
    pub iterations: usize,
    pub rate: f64,
}

impl Stretch {
    /// The points after it; `watch` sees them after each iteration, and stops it by saying false.
    ///
    /// bhtsne has no other way to stop than to unwind from its callback.
    pub fn run(
        &self,
        choices: &Tsne,
        affinities: SparseAffinities<f32>,
        points: Vec<f32>,
        mut watch: impl FnMut(&[f32]) -> bool + Send,
    ) -> Result<Vec<f32>> {
        let rows = vec![(); points.len() / 2];
        let distance = |_: &(), _: &()| 0.0; // never asked for: the affinities are given
        threads(choices.threads)?.install(|| {
            let mut stopped = None;
            let mut engine = tSNE::<f32, (), 2>::new(&rows);
            engine.with_affinities(affinities).initial_embedding(points).epochs(self.iterations);
            engine.early_exaggeration(self.exaggeration as f32).stop_lying_epoch(usize::MAX);
            engine.learning_rate(self.rate as f32).momentum(MOMENTUM).final_momentum(MOMENTUM);
            engine.epoch_callback(|_, points| {
                if !watch(points) {
                    stopped = Some(points.to_vec());
                    resume_unwind(Box::new("stopped"));
                }
            });
            let ended = catch_unwind(AssertUnwindSafe(|| match choices.engine {
                super::Engine::FitSne => engine.fit_sne(distance).embedding(),
                _ => engine.barnes_hut(choices.theta as f32, distance).embedding(),
            }));
            drop(engine);
            Ok(stopped.unwrap_or_else(|| ended.unwrap_or_else(|panic| resume_unwind(panic))))
        })
    }
}

/// The similarities of rows to their neighbours, symmetric, of the perplexity asked for.
pub(super) fn affinities(near: &Neighbours, perplexity: f64) -> Result<SparseAffinities<f32>> {
    let table: Vec<Vec<Neighbor<f32>>> =
        near.index.iter().zip(&near.distance).map(|(index, far)| row(index, far)).collect();
    let rows = vec![(); table.len()];
    let affinities = threads(1)?.install(|| {
        let mut engine = tSNE::<f32, (), 2>::new(&rows);
        engine.perplexity(perplexity as f32).early_exaggeration(1.0).epochs(0);
        engine.barnes_hut_with_neighbors(0.5, &table).affinities()
    });
    affinities.ok_or_else(|| Error::argument("perplexity", "similar rows", "none", "raise it"))
}

/// One row's neighbours with `d² - d_nearest²` in place of `d²`.
///
/// That leaves the similarities as they are, but keeps their sum from vanishing against what bhtsne
/// adds to it.
fn row(index: &[usize], far: &[f64]) -> Vec<Neighbor<f32>> {
    let nearest = far.first().copied().unwrap_or_default();
    let beyond = |d: f64| ((d - nearest) * (d + nearest)).max(0.0).sqrt() as f32;
    index.iter().zip(far).map(|(&index, &d)| Neighbor { index, distance: beyond(d) }).collect()
}

fn threads(count: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new().num_threads(count.max(1)).build().map_err(|e| {
        Error::argument("threads", "as many as the machine can start", e, "take fewer")
    })
}

/// `[n, 2]` normal numbers of standard deviation 0.0001.
pub(super) fn random_points(n: i64, seed: u64) -> Result<Tensor> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut next = || random.sample::<f32, _>(StandardNormal) * 1e-4;
    let points: Vec<f32> = (0..2 * n).map(|_| next()).collect();
    Ok(Tensor::f_from_slice(&points)?.f_reshape([n, 2])?)
}

/// linfa-tsne from start to end.
pub(super) fn linfa(choices: &Tsne, x: &Tensor) -> Result<Tensor> {
    let refused = |e: &dyn std::fmt::Display| {
        Error::argument("linfa-tsne", "rows it can embed", e, "use another engine")
    };
    let shape = [0, 1].map(|axis| x.size()[axis] as usize);
    let values = Vec::<f32>::try_from(x.f_to_kind(Kind::Float)?.f_reshape([-1])?)?;
    let data = Array2::from_shape_vec(shape, values).map_err(|e| refused(&e))?;
    let engine = TSneParams::embedding_size_with_rng(2, StdRng::seed_from_u64(choices.seed))
        .perplexity(choices.perplexity as f32)
        .approx_threshold(choices.theta as f32)
        .max_iter(choices.exaggerated + choices.iterations)
        .preliminary_iter(choices.exaggerated);
    let points = engine.transform(data).map_err(|e| refused(&e))?;
    let points: Vec<f32> = points.into_iter().collect();
    Ok(Tensor::f_from_slice(&points)?.f_reshape([-1, 2])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedding::Engine;
    use crate::neighbours::{Metric, nearest_others};

    #[test]
    fn stopped_after_three_iterations_it_is_where_three_lead() -> Result<()> {
        let x = random_points(40, 1)?;
        let affinities = affinities(&nearest_others(&x, 15, Metric::L2)?, 5.0)?;
        let start: Vec<f32> = Vec::try_from(x.reshape([-1]))?;
        for engine in [Engine::BarnesHut, Engine::FitSne] {
            let choices = Tsne { engine, ..Tsne::default() };
            let after = |iterations, most: usize| {
                let stretch = Stretch { exaggeration: 12.0, iterations, rate: 10.0 };
                let mut seen = 0;
                let watch = |_: &[f32]| {
                    seen += 1;
                    seen < most
                };
                stretch.run(&choices, affinities.clone(), start.clone(), watch)
            };
            let stopped = after(9, 3)?;
            assert_eq!(stopped, after(3, 9)?, "{engine:?}");
            assert_ne!(stopped, after(9, 99)?, "{engine:?}");
        }
        Ok(())
    }
}
