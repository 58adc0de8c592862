//! t-SNE: what there is to choose.

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
    /// For so many iterations. At most 1 000 000.
    pub exaggerated: usize,
    /// Iterations after that. At most 1 000 000.
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
    /// Iterations between two values of [`Embedded::curve`], which cost `n²` operations each.
    pub every: usize,
    /// Threads of bhtsne. One, the default, gives the same bits for the same seed; two are nearly
    /// twice as fast, but add up in an order of chance. From 1 to 256.
    pub threads: usize,
}

impl Default for Tsne {
    /// openTSNE's perplexity, exaggeration, iterations and start.
    ///
    /// `theta` is 0.4 where openTSNE has 0.5: bhtsne takes larger cells for far at the same value, and
    /// ended 3 % higher on 5000 digits; with 0.4 it ends 1.6 % higher.
    /// After the exaggeration steps are four times openTSNE's `n`, because bhtsne lets a step grow to
    /// no more than twice its size: that ends lowest, from 90 rows to 5000.
    fn default() -> Self {
        Self {
            perplexity: 30.0,
            exaggeration: 12.0,
            exaggerated: 250,
            iterations: 500,
            learning_rate: None,
            theta: 0.4,
            engine: Engine::BarnesHut,
            init: Init::Pca,
            seed: 0,
            every: 50,
            threads: 1,
        }
    }
}
