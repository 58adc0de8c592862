//! Where on the way from a baseline to an image the gradient is read.

use std::f64::consts::PI;

/// A rule for the integral of a function over 0..1 from its values at a few points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrature {
    /// Points and weights that are exact for polynomials of degree up to `2 * steps - 1` (captum's
    /// default).
    GaussLegendre,
    /// The middles of equal intervals.
    Midpoint,
    /// The right ends of equal intervals (Sundararajan et al. 2017, equation 3).
    Right,
}

impl Quadrature {
    /// `steps` points in 0..1, each with its weight; the weights add up to 1.
    pub(super) fn points(self, steps: usize) -> Vec<(f64, f64)> {
        let width = 1.0 / steps as f64;
        let even = |offset: f64| (0..steps).map(|i| ((i as f64 + offset) * width, width)).collect();
        match self {
            Quadrature::GaussLegendre => (0..steps).map(|i| gauss(i, steps)).collect(),
            Quadrature::Midpoint => even(0.5),
            Quadrature::Right => even(1.0),
        }
    }
}

/// The `i`-th zero of the Legendre polynomial of degree `n`, and its weight, for 0..1 (Abramowitz and
/// Stegun 1964, 25.4.29).
fn gauss(i: usize, n: usize) -> (f64, f64) {
    let mut x = -(PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
    for _ in 0..10 {
        let [value, slope] = legendre(x, n);
        x -= value / slope;
    }
    let slope = legendre(x, n)[1];
    (0.5 + 0.5 * x, 1.0 / ((1.0 - x * x) * slope * slope))
}

/// The Legendre polynomial of degree `n` and its derivative, by their recurrence.
fn legendre(x: f64, n: usize) -> [f64; 2] {
    let (mut before, mut value) = (0.0, 1.0);
    for k in 0..n {
        let k = k as f64;
        (before, value) = (value, ((2.0 * k + 1.0) * x * value - k * before) / (k + 1.0));
    }
    [value, n as f64 * (x * value - before) / (x * x - 1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integral(rule: Quadrature, steps: usize, power: i32) -> f64 {
        rule.points(steps).iter().map(|(at, weight)| weight * at.powi(power)).sum()
    }

    #[test]
    fn gauss_is_exact_up_to_its_degree_and_not_beyond() {
        for steps in [1, 2, 5, 50] {
            for power in 0..2 * steps {
                let error = integral(Quadrature::GaussLegendre, steps, power as i32)
                    - 1.0 / (power as f64 + 1.0);
                assert!(error.abs() < 1e-13, "{steps} steps, power {power}: {error}");
            }
        }
        // Two points miss the fourth power by 1/180.
        let missed = 0.2 - integral(Quadrature::GaussLegendre, 2, 4);
        assert!((missed - 1.0 / 180.0).abs() < 1e-14, "{missed}");
    }

    #[test]
    fn equal_intervals() {
        assert_eq!(Quadrature::Midpoint.points(2), [(0.25, 0.5), (0.75, 0.5)]);
        assert_eq!(Quadrature::Right.points(2), [(0.5, 0.5), (1.0, 0.5)]);
    }
}
