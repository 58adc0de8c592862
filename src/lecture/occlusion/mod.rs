//! Lecture: "Which pixels matter: saliency via occlusion".

mod baseline;
mod occluded;
mod positions;
mod reading;

pub use baseline::{Baseline, Shape};
pub use occluded::Occluded;

use crate::net::Net;
use crate::net::incremental::{Incremental, NEARLY_ALL, Patched, Windows, cut};
use crate::pixels::finite_rgb;
use crate::show::progress;
use crate::{Error, Objective, Result};
use reading::Reading;
use tch::Tensor;

/// A patch that slides over an image, and how a score is read under it.
///
/// Zeiler and Fergus 2014, section 4.2. Positions and maps are those of captum 0.9's `Occlusion`: the
/// last row and column of positions may hang over the edge, and are cut off there. Unlike captum's,
/// baselines are pixels in 0..1, before the network's own normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Occlusion {
    /// Height and width of the patch, in pixels.
    pub patch: [i64; 2],
    /// Rows and columns from one position to the next; at most the patch, so that all is covered.
    pub stride: [i64; 2],
    /// What part of the patch's rectangle covers the image.
    pub shape: Shape,
    /// What is seen in place of the image.
    pub baseline: Baseline,
    /// The most positions computed at once. From 1 to 100 000.
    pub batch: usize,
    /// Compute only what a patch can change; if false, a whole pass for each position. The results
    /// differ only by rounding.
    pub incremental: bool,
}

impl Default for Occlusion {
    /// The lecture's grey square; its size, 32 in steps of 16, is ours and fits 224 x 224 images.
    fn default() -> Self {
        Occlusion {
            patch: [32; 2],
            stride: [16; 2],
            shape: Shape::Square,
            baseline: Baseline::Grey,
            batch: 32,
            incremental: true,
        }
    }
}

/// How far a score falls when a grey 32 x 32 square covers a pixel, `[n, 1, h, w]`.
///
/// The mean over all squares, 16 pixels apart, that cover it; positive where the picture speaks for
/// the score. `x` is `[n, 3, h, w]`. [`Occlusion`] has the settings, costs and errors.
pub fn occlusion(net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
    let mut found = Occlusion::default().run(net, x, std::slice::from_ref(objective))?;
    Ok(found.maps.remove(0))
}

impl Occlusion {
    /// Slide the patch over each image of `x`, `[n, 3, h, w]`, and read all the scores under it.
    ///
    /// Cost: a pass for each image, and for each position the part of a pass that its patch can
    /// change. Memory: all activations of one image and, for each position of a batch, the largest
    /// changed window. Shows its [`progress`]; positions that Stop leaves out are NaN.
    /// Errors: a patch larger than the image, or a stride of 0 or larger than the patch.
    ///
    /// ```
    /// use convlens::{Objective, net::Net, occlusion::{Baseline, Occlusion}};
    /// use tch::Tensor;
    /// let x = Tensor::from_slice(&[1f32, 2.0, 3.0]).view([1, 1, 1, 3]).expand([1, 3, 1, 3], false);
    /// let pair = Occlusion {
    ///     patch: [1, 2], stride: [1, 1], baseline: Baseline::Zero, ..Occlusion::default()
    /// };
    /// // The mean of the pixels is 2. Without the first two it is 1, without the last two 1/3.
    /// let found = pair.run(&Net::new("pixels"), &x, &[Objective::channel("input", 0)])?;
    /// let fall = Vec::<f32>::try_from(found.fall(0)?.flatten(0, -1)).unwrap();
    /// assert!((fall[0] - 1.0).abs() < 1e-6 && (fall[1] - 5.0 / 3.0).abs() < 1e-6);
    /// // Both pairs cover the middle pixel.
    /// assert!((found.maps[0].double_value(&[0, 0, 0, 1]) - 4.0 / 3.0).abs() < 1e-6);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn run(&self, net: &Net, x: &Tensor, objectives: &[Objective]) -> Result<Occluded> {
        let [n, _, h, w] = finite_rgb(x, "image")?;
        if objectives.is_empty() {
            let advice = "pass `&[Objective::class(281)]`, for example";
            return Err(Error::argument("objectives", "at least one", 0, advice));
        }
        let positions = self.positions([h, w])?;
        let batches = positions.batches(self.batch);
        let mut found = Reading::new(n, objectives, positions);
        let mut ticks = progress("occluding", 0..n as usize * batches.len());
        for i in 0..n {
            let image = x.f_narrow(0, i, 1)?;
            let passes = self.passes(net, &image, objectives)?;
            found.clean(net, &passes.clean()?)?;
            let baseline = self.baseline.image(&image)?;
            for (batch, _) in batches.iter().zip(ticks.by_ref()) {
                let patches = self.patches(&image, &baseline, &found.positions.at(batch))?;
                found.covered(net, &passes.read(patches)?, batch)?;
            }
        }
        ticks.for_each(drop);
        found.finish(self, x.kind())
    }

    fn passes<'a>(
        &self,
        net: &'a Net,
        image: &Tensor,
        objectives: &[Objective],
    ) -> Result<Incremental<'a>> {
        let mut layers: Vec<String> = objectives.iter().flat_map(|o| o.layers(net)).collect();
        layers.sort();
        layers.dedup();
        net.incremental(image, &layers, if self.incremental { NEARLY_ALL } else { 0.0 })
    }

    /// What is seen at each position: the baseline under the patch, the image beside it.
    fn patches(&self, image: &Tensor, baseline: &Tensor, at: &[[i64; 2]]) -> Result<Patched> {
        let [h, w] = [image.size()[2], image.size()[3]];
        let last = [h - self.patch[0], w - self.patch[1]];
        let inside = |at: &[i64; 2]| [0, 1].map(|d| at[d].min(last[d]));
        let windows = Windows { at: at.iter().map(inside).collect(), size: self.patch };
        let mask = self.shape.mask(self.patch)?;
        let moved =
            at.iter().zip(&windows.at).map(|(a, b)| shifted(&mask, [a[0] - b[0], a[1] - b[1]]));
        let mask =
            Tensor::f_cat(&moved.collect::<Result<Vec<_>>>()?, 0)?.f_to_device(image.device())?;
        let values =
            cut(baseline, &windows)?.f_where_self(&mask.f_gt(0.0)?, &cut(image, &windows)?)?;
        Ok(Patched { windows, values })
    }
}

/// A mask `[1, 1, h, w]` moved down and right; what leaves it at the far edge is lost.
fn shifted(mask: &Tensor, by: [i64; 2]) -> Result<Tensor> {
    let [h, w] = [mask.size()[2], mask.size()[3]];
    let moved = mask.f_constant_pad_nd([by[1], 0, by[0], 0])?;
    Ok(moved.f_narrow(2, 0, h)?.f_narrow(3, 0, w)?)
}
