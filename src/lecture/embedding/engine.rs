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
    /// The points `[n, 2]` after it.
    pub fn run(
        &self,
        choices: &Tsne,
        affinities: SparseAffinities<f32>,
        points: &Tensor,
    ) -> Result<Tensor> {
        let rows = vec![(); points.size()[0] as usize];
        let points = Vec::<f32>::try_from(points.f_reshape([-1])?)?;
        let distance = |_: &(), _: &()| 0.0; // never asked for: the affinities are given
        threads(choices.threads)?.install(|| {
            let mut engine = tSNE::<f32, (), 2>::new(&rows);
            engine.with_affinities(affinities).initial_embedding(points).epochs(self.iterations);
            engine.early_exaggeration(self.exaggeration as f32).stop_lying_epoch(usize::MAX);
            engine.learning_rate(self.rate as f32).momentum(MOMENTUM).final_momentum(MOMENTUM);
            match choices.engine {
                super::Engine::FitSne => engine.fit_sne(distance),
                _ => engine.barnes_hut(choices.theta as f32, distance),
            };
            Ok(Tensor::f_from_slice(&engine.embedding())?.f_reshape([-1, 2])?)
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
