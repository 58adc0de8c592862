//! Patch after patch, sewn along the cheapest cut.

use super::canvas::{Canvas, Source};
use super::search::{drawn, nearest};
use super::sheet::Sheet;
use super::{Collage, share, some_pixels};
use crate::chance::uniform;
use crate::show::progress;
use crate::{Error, Result};
use tch::Tensor;

/// How patches come together (Efros and Freeman 2001, figure 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seams {
    /// Any patch anywhere, over the edge of those before.
    Random,
    /// A patch that agrees with its neighbours where they overlap, over the edge of those before.
    Overlap,
    /// The same, cut where it agrees best.
    Cut,
}

/// Texture sewn from square patches of the source, from left to right and top to bottom.
///
/// Each overlaps those to its left and above. Of all patches, one within `1 + tolerance` of the
/// smallest sum of squared differences there is drawn, and cut along [`boundary_cut`](super::boundary_cut).
///
/// Source: Efros and Freeman 2001, section 2: "image quilting". Where both cuts meet in a corner, the new
/// patch keeps what lies beyond both.
/// Cost: for each patch one look at all patches of the source; below a second for 200x200 from 100x100.
///
/// ```
/// use convlens::texture::Quilting;
/// use tch::Tensor;
/// // A patch as large as the image: a piece of the source.
/// let source = Tensor::from_slice(&[0f32, 1., 2., 3., 4., 5.]).expand([1, 3, 4, 6], false) / 5.0;
/// let piece = Quilting { patch: 3, overlap: 1, size: [3, 3], ..Quilting::default() }.run(&source)?;
/// assert_eq!(piece.torn()?, 0.0);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quilting {
    /// Side of the patches: it should hold the largest thing that repeats.
    pub patch: i64,
    /// How many pixels of a patch lie over its neighbours.
    pub overlap: i64,
    /// How much worse than the best a patch may be to be drawn, as a share of its distance.
    /// From 0 to 1 000 000.
    pub tolerance: f64,
    /// How patches come together.
    pub seams: Seams,
    /// Height and width of the image to make. At most 64 million pixels.
    pub size: [i64; 2],
    /// Which patches are drawn.
    pub seed: u64,
}

impl Default for Quilting {
    /// The paper's overlap of a sixth of the patch, tolerance of 0.1 and cuts; patches of 24, 192x192.
    fn default() -> Self {
        let (patch, overlap, seams) = (24, 4, Seams::Cut);
        Quilting { patch, overlap, tolerance: 0.1, seams, size: [192, 192], seed: 0 }
    }
}

impl Quilting {
    /// `size` pixels sewn from patches of the source, `[1, 3, h, w]`.
    ///
    /// Shows its progress; after Stop, the patches so far. Errors: a patch larger than the source, an
    /// overlap that is not smaller than the patch.
    pub fn run(&self, source: &Tensor) -> Result<Collage> {
        let source = Source::of(source, "source")?;
        let (tolerance, size) = (share(self.tolerance)?, some_pixels(self.size, 1)?);
        let [patch, overlap] = self.sides(source.size)?;
        let counts = size.map(|side| 1 + side.saturating_sub(patch).div_ceil(patch - overlap));
        let mut sheet = Sheet {
            canvas: Canvas::empty(counts.map(|count| patch + (count - 1) * (patch - overlap))),
            source: &source,
            patch,
            overlap,
        };
        let corners = source.corners([patch; 2]);
        let draws = uniform(&[self.seed], &counts.map(|count| count as i64))?;
        for block in progress("quilting", 0..counts[0] * counts[1]) {
            let [row, column] = [block / counts[1], block % counts[1]];
            let at = [row, column].map(|place| place * (patch - overlap));
            let known = if self.seams == Seams::Random { vec![] } else { sheet.known(at) };
            let near = nearest(&source.pixels, &corners, &known, tolerance);
            let chosen = drawn(&near, draws.double_value(&[row as i64, column as i64]));
            sheet.sew(at, chosen, self.seams == Seams::Cut);
        }
        sheet.canvas.collage(size, source.size[1])
    }

    /// Patch and overlap, if they fit into the source and each other.
    fn sides(&self, [h, w]: [usize; 2]) -> Result<[usize; 2]> {
        if self.patch < 1 || self.patch as usize > h.min(w) {
            let expected = format!("a side of 1 or more that fits into the {h}x{w} source");
            let advice = "change it, or take a larger source";
            return Err(Error::argument("patch", expected, self.patch, advice));
        }
        if self.overlap < 0 || self.overlap >= self.patch {
            let expected = format!("0..{}, less than the patch", self.patch);
            return Err(Error::argument(
                "overlap",
                expected,
                self.overlap,
                "a sixth of it is usual",
            ));
        }
        Ok([self.patch as usize, self.overlap as usize])
    }
}
