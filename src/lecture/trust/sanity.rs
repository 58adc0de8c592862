//! Sanity checks: a map of what a network learned must change when the network forgets it.

use super::alike::{normalised, rank_correlation, structural_similarity};
use crate::attribution::Attribution;
use crate::net::Net;
use crate::pixels::finite_rgb;
use crate::show::{Figure, Lines, progress};
use crate::{Error, Objective, Result};
use tch::Tensor;

/// Which parts are as before training at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// All from the top down to the stop.
    Cascading,
    /// The stop alone.
    Independent,
}

/// Maps of a network before and after parts of it forget what they learned.
///
/// Adebayo et al. 2018, sections 2 and 3. A map that hardly changes does not explain what the network
/// learned. The paper's first version said that guided backprop never changes; by its erratum it ignores
/// the higher layers only, and new lower ones do distort it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sanity {
    /// Parts of the network, the top first; none: all of [`Net::parts`].
    pub stops: Vec<String>,
    /// Whether the parts above a stop are new as well.
    pub order: Order,
    /// The same seed draws the same weights.
    pub seed: u64,
}

impl Default for Sanity {
    /// The paper's first test, on all parts.
    fn default() -> Self {
        Sanity { stops: vec![], order: Order::Cascading, seed: 0 }
    }
}

/// What is compared of two maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The order of the pixels by size.
    Ranks,
    /// The order of the pixels by value, with its sign.
    SignedRanks,
    /// How alike the drawn sizes look.
    Structure,
}

/// How alike each method's maps stay: for each method, a value in -1..1 at each stop.
///
/// Mean over the images; NaN where a map has only one value. The first stop is the trained network, where
/// all are 1.
#[derive(Clone, Debug)]
pub struct SanityChecked {
    /// Which parts were new at a stop.
    pub order: Order,
    /// `trained`, then the parts.
    pub stops: Vec<String>,
    /// [`rank_correlation`] of the sizes; NaN where a map has one value everywhere, and so no ranks.
    pub ranks: Vec<(String, Vec<f64>)>,
    /// [`rank_correlation`] of the values, colours summed.
    pub signed_ranks: Vec<(String, Vec<f64>)>,
    /// [`structural_similarity`] of the [`normalised`] maps.
    pub structure: Vec<(String, Vec<f64>)>,
}

impl Sanity {
    /// Compares the maps of `objective` on images `x`, `[n, 3, h, w]`, by each method.
    ///
    /// Parts are new as by [`Net::reinitialised`]. Cost: for each stop a pass and the maps, shown with
    /// [`progress`]; Stop keeps the stops so far. Errors: no methods, an unknown part, an image with fewer
    /// than 11 rows or columns, those of the methods.
    pub fn run(
        &self,
        net: &Net,
        x: &Tensor,
        objective: &Objective,
        methods: &[Attribution],
    ) -> Result<SanityChecked> {
        finite_rgb(x, "image")?;
        let stops = self.new_parts(net)?;
        let signals = |net: &Net| -> Result<Vec<Tensor>> {
            methods.iter().map(|method| method.signal(net, x, objective)).collect()
        };
        let trained = signals(net)?;
        let mut found = SanityChecked::new(self.order, methods)?;
        for (stop, parts) in progress("re-drawing", stops) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let new = signals(&net.reinitialised(&parts, x, self.seed)?)?;
            found.stops.push(stop);
            for (method, (before, after)) in trained.iter().zip(&new).enumerate() {
                found.add(method, likeness(before, after)?);
            }
        }
        Ok(found)
    }

    /// Each stop with the parts that are new there.
    fn new_parts(&self, net: &Net) -> Result<Vec<(String, Vec<String>)>> {
        let top_first: Vec<String> = net.parts().into_iter().rev().collect();
        let stops = if self.stops.is_empty() { &top_first } else { &self.stops };
        let one = |stop: &String| {
            let at = top_first.iter().position(|part| part == stop).ok_or_else(|| {
                let expected = format!("one of: {}", top_first.join(", "));
                let advice = "`net.parts()` lists them from the bottom";
                Error::argument("stop", expected, format!("`{stop}`"), advice)
            })?;
            let first = if self.order == Order::Cascading { 0 } else { at };
            Ok((stop.clone(), top_first[first..=at].to_vec()))
        };
        stops.iter().map(one).collect()
    }
}

/// The three likenesses of two signals, each the mean over the images.
fn likeness(before: &Tensor, after: &Tensor) -> Result<[f64; 3]> {
    let n = before.size()[0];
    let mut sums = [0.0; 3];
    for i in 0..n {
        let [a, b] = [before.f_narrow(0, i, 1)?, after.f_narrow(0, i, 1)?];
        let summed = |x: &Tensor| x.f_sum_dim_intlist([1i64].as_slice(), true, x.kind());
        let sizes = |x: &Tensor| summed(&x.f_abs()?);
        sums[0] += ranked(&sizes(&a)?, &sizes(&b)?)?;
        sums[1] += ranked(&summed(&a)?, &summed(&b)?)?;
        sums[2] += structural_similarity(&normalised(&a)?, &normalised(&b)?)?;
    }
    Ok(sums.map(|sum| sum / n as f64))
}

/// The rank correlation; NaN, a gap in the curve, where one of the maps has no ranks.
fn ranked(a: &Tensor, b: &Tensor) -> Result<f64> {
    for map in [a, b] {
        if map.f_min()?.f_eq_tensor(&map.f_max()?)?.f_is_nonzero()? {
            return Ok(f64::NAN);
        }
    }
    rank_correlation(a, b)
}

impl SanityChecked {
    fn new(order: Order, methods: &[Attribution]) -> Result<Self> {
        if methods.is_empty() {
            let advice = "take `Attribution::all` and `Attribution::baselines`";
            return Err(Error::argument("methods", "at least one", 0, advice));
        }
        let curves: Vec<_> = methods.iter().map(|m| (m.to_string(), vec![1.0])).collect();
        let stops = vec!["trained".to_string()];
        let [ranks, signed_ranks] = [curves.clone(), curves.clone()];
        Ok(SanityChecked { order, stops, ranks, signed_ranks, structure: curves })
    }

    fn add(&mut self, method: usize, [ranks, signed, structure]: [f64; 3]) {
        self.ranks[method].1.push(ranks);
        self.signed_ranks[method].1.push(signed);
        self.structure[method].1.push(structure);
    }

    /// A line for each method over the stops. Errors: more than ten methods.
    pub fn figure(&self, likeness: Likeness) -> Result<Figure> {
        let (label, series) = match likeness {
            Likeness::Ranks => ("rank correlation, sizes", &self.ranks),
            Likeness::SignedRanks => ("rank correlation, signed", &self.signed_ranks),
            Likeness::Structure => ("structural similarity", &self.structure),
        };
        let x: Vec<f64> = (0..self.stops.len()).map(|i| i as f64).collect();
        let x_label = match self.order {
            Order::Cascading => "drawn anew from the top down to",
            Order::Independent => "drawn anew alone",
        };
        let (x_label, y_label) = (x_label.to_string(), label.to_string());
        Lines { x_label, y_label, x_names: self.stops.clone(), ..Lines::default() }.draw(&x, series)
    }
}
