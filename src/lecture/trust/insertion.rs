//! Insertion and deletion: does the score hang on the pixels that a map calls important?

use super::alike::same_size;
use crate::check::within;
use crate::net::Net;
use crate::occlusion::Baseline;
use crate::pixels::{finite_batch, finite_rgb, rgb_size};
use crate::saliency::pairs::{in_batches, stopped};
use crate::{Error, Objective, Result};
use tch::{Kind, Tensor};

/// The pixels of an image, taken away or put back in the order of a map, and the score meanwhile.
///
/// Petsiuk et al. 2018 (RISE), section 4.1. A map that knows what the score hangs on makes it fall fast
/// when its best pixels go (deletion) and rise fast when they come (insertion). Their code deletes to 0
/// after the network's normalisation, nearly grey, and blurs with a deviation of 5 pixels.
///
/// ```
/// use convlens::{Objective, net::Net, trust::InsertionDeletion};
/// use tch::Tensor;
/// // The score is red: 1 in the first pixel, 0.5 in the second, mean 0.75; grey counts 0.5.
/// let x = Tensor::from_slice(&[1f32, 0.5, 0.0, 0.0, 0.0, 0.0]).view([1, 3, 1, 2]);
/// let red = Objective::channel("input", 0);
/// let map = Tensor::from_slice(&[2f32, 1.0]).view([1, 1, 1, 2]);
/// let found = InsertionDeletion { steps: 2, ..InsertionDeletion::default() }
///     .run(&Net::new("pixels"), &x, &red, &map)?;
/// let deleted = Vec::<f32>::try_from(found.deleted.flatten(0, -1)).unwrap();
/// assert_eq!(deleted, [0.75, 0.5, 0.5]); // none, the first pixel, both
/// assert_eq!(found.deletion()?, [(0.75 / 2.0 + 0.5 + 0.5 / 2.0) / 2.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct InsertionDeletion {
    /// In how many equal parts the pixels go or come. From 1 to 100 000.
    pub steps: usize,
    /// What deleted pixels become.
    pub deletion: Baseline,
    /// What the picture is before its pixels are inserted.
    pub insertion: Baseline,
    /// The most pictures in one pass. From 1 to 100 000.
    pub batch: usize,
}

impl Default for InsertionDeletion {
    /// The authors' 224 parts, grey, and blur.
    fn default() -> Self {
        let (deletion, insertion) = (Baseline::Grey, Baseline::Blur { sigma: 5.0 });
        InsertionDeletion { steps: 224, deletion, insertion, batch: 16 }
    }
}

/// The score of each image over the share of its pixels.
#[derive(Debug)]
pub struct Curves {
    /// The shares, from 0 to 1.
    pub shares: Vec<f64>,
    /// The scores with that share taken away, `[n, steps + 1]`.
    pub deleted: Tensor,
    /// The scores with that share put back, `[n, steps + 1]`.
    pub inserted: Tensor,
}

impl InsertionDeletion {
    /// The curves of each image of `x`, `[n, 3, h, w]`, in the order of its map, `[n, 1, h, w]`.
    ///
    /// The objective should be in 0..1, as [`Objective::probability`], for areas that compare. Largest values
    /// first; equal ones in reading order. Cost: `2 (steps + 1)` passes for each image, shown with
    /// [`progress`](crate::show::progress). Memory: a pass of `batch` pictures. Errors: a map of another
    /// size, NaN, no steps, an empty batch, Stop before the end.
    pub fn run(
        &self,
        net: &Net,
        x: &Tensor,
        objective: &Objective,
        map: &Tensor,
    ) -> Result<Curves> {
        finite_rgb(x, "image")?;
        within("steps", self.steps, 1..=100_000, "224 is usual")?;
        within("batch", self.batch, 1..=100_000, "16 is usual")?;
        finite_batch(map, "map")?;
        same_size(&x.f_narrow(1, 0, 1)?, map)?;
        let rank = ranks(map)?;
        let walk = |label: &str, from: &Tensor, to: &Tensor| {
            self.walk(label, [from, to, &rank], |x| objective.score(net, x))
        };
        let deleted = walk("deleting", x, &self.deletion.images(x)?)?;
        let inserted = walk("inserting", &self.insertion.images(x)?, x)?;
        let shares = (0..=self.steps).map(|step| step as f64 / self.steps as f64).collect();
        Ok(Curves { shares, deleted, inserted })
    }

    /// The scores on the way from one picture to another, `[n, steps + 1]`.
    fn walk(
        &self,
        label: &str,
        [from, to, rank]: [&Tensor; 3],
        score: impl Fn(&Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let [n, _, h, w] = rgb_size(from, "image")?;
        let (versions, pixels) = (self.steps as i64 + 1, (h * w) as f64);
        let mut scores = vec![];
        let done = in_batches(label, [n, versions], self.batch, |some| {
            let at = some.images(from)?;
            let share = some.versions(from)?.f_to_kind(Kind::Double)? / self.steps as f64;
            let count = (share * pixels).f_round()?.f_view([-1, 1, 1, 1])?;
            let moved = rank.f_index_select(0, &at)?.f_lt_tensor(&count)?;
            let mixed =
                to.f_index_select(0, &at)?.f_where_self(&moved, &from.f_index_select(0, &at)?)?;
            scores.push(score(&mixed)?);
            Ok(())
        })?;
        if done < n * versions {
            return Err(stopped("InsertionDeletion", n * versions, done));
        }
        Ok(Tensor::f_cat(&scores, 0)?.f_view([versions, n])?.f_transpose(0, 1)?.f_contiguous()?)
    }
}

/// The place of each pixel in its map's order, 0 the largest, `[n, 1, h, w]`.
fn ranks(map: &Tensor) -> Result<Tensor> {
    let order = map.f_flatten(1, -1)?.f_argsort_stable(true, 1, true)?;
    Ok(order.f_argsort_stable(true, 1, false)?.f_view_as(map)?)
}

impl Curves {
    /// The area under each deletion curve, by trapezoids: low for a good map.
    pub fn deletion(&self) -> Result<Vec<f64>> {
        area(&self.deleted)
    }

    /// The area under each insertion curve, by trapezoids: high for a good map.
    pub fn insertion(&self) -> Result<Vec<f64>> {
        area(&self.inserted)
    }
}

fn area(scores: &Tensor) -> Result<Vec<f64>> {
    let size = scores.size();
    if size.len() != 2 || size[1] < 2 {
        let advice = "take them from `InsertionDeletion::run`";
        let got = format!("{size:?}");
        return Err(Error::argument("scores", "[n, steps + 1], 1 step or more", got, advice));
    }
    let steps = size[1] - 1;
    let all = scores.f_to_kind(Kind::Double)?;
    let middle = |from: i64| {
        all.f_narrow(1, from, steps)?.f_mean_dim([1i64].as_slice(), false, Kind::Double)
    };
    Ok(Vec::<f64>::try_from((middle(0)? + middle(1)?) / 2.0)?)
}
