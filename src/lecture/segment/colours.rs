//! Which colours a region has: a mixture of Gaussians, each pixel in the one that suits it best.

use crate::chance::mixed;
use crate::{Error, Result};
use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::KMeans;
use ndarray::Array2;
use ndarray_rand::rand::{SeedableRng, rngs::StdRng};

/// The variance of a colour that was rounded to 8 bits.
const ROUNDING: f64 = 1.0 / (12.0 * 255.0 * 255.0);

pub(super) type Colour = [f64; 3];

/// Gaussians over colours.
pub(super) struct Mixture(Vec<Gaussian>);

struct Gaussian {
    /// The cost of its share and its spread.
    base: f64,
    mean: Colour,
    precision: [[f64; 3]; 3],
}

impl Mixture {
    /// `k` Gaussians, from the clusters that k-means finds.
    pub fn clustered(colours: &[Colour], k: usize, seed: u64) -> Result<Self> {
        fn unfit(e: impl ToString) -> Error {
            Error::argument("colours", "ones that form clusters", e, "take fewer components")
        }
        let flat = colours.as_flattened().to_vec();
        let data = Array2::from_shape_vec((colours.len(), 3), flat).map_err(unfit)?;
        let settings = KMeans::params_with_rng(k, StdRng::seed_from_u64(mixed(seed)));
        let settings = settings.n_runs(1).max_n_iterations(10);
        let data = DatasetBase::from(data);
        let member = settings.fit(&data).map_err(unfit)?.predict(&data.records);
        Ok(Self::of(colours, &member.to_vec(), k))
    }

    /// The Gaussians of the colours, each colour in the Gaussian that was best for it.
    pub fn refitted(&self, colours: &[Colour]) -> Self {
        let member: Vec<usize> = colours.iter().map(|colour| self.best(colour).0).collect();
        Self::of(colours, &member, self.0.len())
    }

    fn of(colours: &[Colour], member: &[usize], k: usize) -> Self {
        let one = |k: usize| {
            let own = colours.iter().zip(member).filter(|(_, member)| **member == k);
            let own: Vec<Colour> = own.map(|(colour, _)| *colour).collect();
            Gaussian::of(&own, own.len() as f64 / colours.len() as f64)
        };
        Mixture((0..k).map(one).collect())
    }

    /// What a colour costs in its best Gaussian: the negative logarithm of its share and density there,
    /// without the constant, averaged over what was rounded away.
    pub fn cost(&self, colour: &Colour) -> f64 {
        self.best(colour).1
    }

    fn best(&self, colour: &Colour) -> (usize, f64) {
        let costs = self.0.iter().map(|gaussian| gaussian.cost(colour)).enumerate();
        costs.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, f64::INFINITY))
    }
}

impl Gaussian {
    /// Mean and covariance of the colours; one without colours costs infinitely much.
    fn of(colours: &[Colour], share: f64) -> Self {
        let n = (colours.len() as f64).max(1.0);
        let mean = [0, 1, 2].map(|i| colours.iter().map(|c| c[i]).sum::<f64>() / n);
        let mut covariance = [[0.0; 3]; 3];
        for colour in colours {
            let off = [0, 1, 2].map(|i| colour[i] - mean[i]);
            for (row, a) in covariance.iter_mut().zip(off) {
                row.iter_mut().zip(off).for_each(|(sum, b)| *sum += a * b / n);
            }
        }
        for (i, row) in covariance.iter_mut().enumerate() {
            row[i] += ROUNDING;
        }
        let (determinant, precision) = inverse(&covariance);
        let rounded = ROUNDING * (precision[0][0] + precision[1][1] + precision[2][2]);
        Gaussian { base: 0.5 * (determinant.ln() + rounded) - share.ln(), mean, precision }
    }

    fn cost(&self, colour: &Colour) -> f64 {
        let off = [0, 1, 2].map(|i| colour[i] - self.mean[i]);
        let row = |row: &Colour| row[0] * off[0] + row[1] * off[1] + row[2] * off[2];
        let [x, y, z] = self.precision.each_ref().map(row);
        self.base + 0.5 * (x * off[0] + y * off[1] + z * off[2])
    }
}

/// Determinant and inverse of a symmetric matrix, by cofactors.
fn inverse(m: &[[f64; 3]; 3]) -> (f64, [[f64; 3]; 3]) {
    let minor = |i: usize, j: usize| {
        let [a, b] = [(i + 1) % 3, (i + 2) % 3];
        let [c, d] = [(j + 1) % 3, (j + 2) % 3];
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    (determinant, [0, 1, 2].map(|i| [0, 1, 2].map(|j| minor(i, j) / determinant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_gaussian_by_hand() {
        // Two greens 0.2 apart: variance 0.01; the other colours only have what rounding leaves.
        let gaussian = Gaussian::of(&[[0.5, 0.2, 0.1], [0.5, 0.4, 0.1]], 0.5);
        assert!((gaussian.mean[1] - 0.3).abs() < 1e-12);
        let green = 0.01 + ROUNDING;
        let spread = 0.5 * (ROUNDING * ROUNDING * green).ln() + 0.5 * (2.0 + ROUNDING / green);
        assert!((gaussian.cost(&[0.5, 0.3, 0.1]) - (spread - 0.5f64.ln())).abs() < 1e-9);
        let beside = gaussian.cost(&[0.5, 0.5, 0.1]) - gaussian.cost(&[0.5, 0.3, 0.1]);
        assert!((beside - 0.5 * 0.04 / green).abs() < 1e-6, "{beside}");
    }

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let m = [[4.0, 1.0, 0.5], [1.0, 3.0, -1.0], [0.5, -1.0, 2.0]];
        let (determinant, inverse) = inverse(&m);
        // 4 * (6 - 1) - 1 * (2 + 0.5) + 0.5 * (-1 - 1.5)
        assert!((determinant - 16.25).abs() < 1e-12);
        for (i, row) in m.iter().enumerate() {
            for j in 0..3 {
                let product: f64 = row.iter().zip(&inverse).map(|(a, column)| a * column[j]).sum();
                assert!((product - f64::from(i == j)).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn more_gaussians_than_colours_leave_some_empty() {
        let colours = [[0.1, 0.2, 0.3], [0.1, 0.2, 0.3], [0.9, 0.8, 0.7]];
        let mixture = Mixture::clustered(&colours, 5, 0).unwrap().refitted(&colours);
        assert!(colours.iter().all(|colour| mixture.cost(colour).is_finite()));
        assert!(mixture.cost(&colours[0]) < mixture.cost(&colours[2]), "two of three");
    }
}
