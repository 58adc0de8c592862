//! Where a style comes from, and where it goes.

use crate::pixels::{finite_batch, finite_rgb};
use crate::{Error, Result};
use tch::Tensor;

/// A painting, what of it counts, and where in the photo.
///
/// Those without a `place` are mixed by their weights all over the photo: between two of them,
/// `[0.3, 0.7]` interpolates. Those with one are kept to it (Gatys et al. 2017, "Controlling perceptual
/// factors", section 4). A mask is `[1, 1, h, w]`, 0 to 1.
#[derive(Debug)]
pub struct Painting {
    /// `[1, 3, any, any]`.
    pub image: Tensor,
    /// Its share.
    pub weight: f64,
    /// The part of the painting that counts; all of it by default.
    pub part: Option<Tensor>,
    /// Where in the photo it goes; everywhere by default.
    pub place: Option<Tensor>,
}

impl Painting {
    /// All of it, everywhere, at weight 1.
    pub fn new(image: &Tensor) -> Self {
        Painting { image: image.shallow_clone(), weight: 1.0, part: None, place: None }
    }

    /// At another weight.
    pub fn weight(self, weight: f64) -> Self {
        Painting { weight, ..self }
    }

    /// Only where the mask of the photo is 1.
    pub fn place(self, mask: &Tensor) -> Self {
        Painting { place: Some(mask.shallow_clone()), ..self }
    }

    /// Only what the mask of the painting covers.
    pub fn part(self, mask: &Tensor) -> Self {
        Painting { part: Some(mask.shallow_clone()), ..self }
    }
}

pub(super) fn check(paintings: &[Painting], photo: [i64; 2]) -> Result<()> {
    let total: f64 = paintings.iter().map(|p| p.weight).sum();
    if paintings.iter().any(|p| p.weight < 0.0) || !(total > 0.0 && total.is_finite()) {
        let got = format!("{:?}", paintings.iter().map(|p| p.weight).collect::<Vec<_>>());
        return Err(Error::argument("paintings", "weights, some above 0", got, "use 1"));
    }
    for painting in paintings {
        let [n, _, h, w] = finite_rgb(&painting.image, "painting")?;
        if n != 1 {
            let advice = "pass each as a `Painting` of its own";
            return Err(Error::argument("painting", "one image", format!("{n} images"), advice));
        }
        check_mask(painting.part.as_ref(), "part", [h, w])?;
        check_mask(painting.place.as_ref(), "place", photo)?;
    }
    Ok(())
}

fn check_mask(mask: Option<&Tensor>, what: &str, [h, w]: [i64; 2]) -> Result<()> {
    let Some(mask) = mask else { return Ok(()) };
    if finite_batch(mask, what)? != [1, 1, h, w] {
        let (expected, got) = (format!("a mask [1, 1, {h}, {w}]"), format!("{:?}", mask.size()));
        let advice = "`part` has the size of its painting, `place` that of the photo";
        return Err(Error::argument(what, expected, got, advice));
    }
    if mask.f_max()?.f_double_value(&[])? <= 0.0 || mask.f_min()?.f_double_value(&[])? < 0.0 {
        let advice = "mark what counts with 1";
        return Err(Error::argument(what, "0 to 1, not 0 everywhere", "another mask", advice));
    }
    Ok(())
}
