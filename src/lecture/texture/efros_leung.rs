//! Pixel after pixel: what usually stands in such surroundings?

use super::canvas::{Canvas, Source};
use super::order::order;
use super::search::{drawn, nearest};
use super::window::window;
use super::{Collage, share, some_pixels};
use crate::chance::uniform;
use crate::check::finite;
use crate::show::progress;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Texture grown pixel by pixel: each is copied from a place whose surroundings look alike.
///
/// The known pixels in a window around the new one are compared with every window of the source, by
/// the sum of squared differences under a Gaussian; one of those within `1 + tolerance` of the best is
/// drawn. No network, nothing learned: nearest neighbours in pixels.
///
/// Source: Efros and Leung 1999, sections 2 and 3. The Gaussian's deviation is `window / 6.4` and the
/// order ring by ring, most known neighbours first, as in the authors' pseudocode; it also puts off
/// pixels whose best match is poor, here each is filled when its turn comes.
/// Cost: for each pixel one look at every window of the source, each given up as soon as it is worse
/// than the best so far: about a second for 96x96 from 48x48 in a notebook.
///
/// ```
/// use convlens::texture::EfrosLeung;
/// use tch::Tensor;
/// // Columns black, white, black, white ... go on exactly as they must.
/// let row = Tensor::from_slice(&[0f32, 1., 0., 1., 0., 1.]).expand([1, 3, 4, 6], false);
/// let more = EfrosLeung { window: 3, size: [5, 9], ..EfrosLeung::default() }.run(&row)?;
/// let down = more.image.narrow(2, 1, 4) - more.image.narrow(2, 0, 4);
/// let across = more.image.narrow(3, 1, 8) - more.image.narrow(3, 0, 8);
/// assert!(down.eq(0.0).all().int64_value(&[]) == 1 && across.abs().eq(1.0).all().int64_value(&[]) == 1);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EfrosLeung {
    /// Side of the window, an odd number: it should hold the largest thing that repeats.
    pub window: i64,
    /// How much worse than the best a match may be to be drawn, as a share of its distance.
    /// From 0 to 1 000 000.
    pub tolerance: f64,
    /// Height and width of the image to grow. At most 64 million pixels.
    pub size: [i64; 2],
    /// Where the first pixels come from, and which match is drawn.
    pub seed: u64,
}

/// The side of the piece of the source that growth starts from.
const START: usize = 3;

impl Default for EfrosLeung {
    /// Windows of 11, the paper's tolerance of 0.1, 96x96.
    fn default() -> Self {
        EfrosLeung { window: 11, tolerance: 0.1, size: [96, 96], seed: 0 }
    }
}

impl EfrosLeung {
    /// `size` pixels grown around a random 3x3 piece of the source, `[1, 3, h, w]`.
    ///
    /// Shows its progress; after Stop, the pixels grown so far. Errors: a window that is even, or larger
    /// than the source.
    pub fn run(&self, source: &Tensor) -> Result<Collage> {
        let source = Source::of(source, "source")?;
        let window = self.window_in(source.size)?;
        let size = some_pixels(self.size, START as i64)?;
        let mut canvas = Canvas::empty(size);
        let piece =
            drawn(&source.corners([START; 2]), uniform(&[self.seed, 0], &[1])?.double_value(&[0]));
        let corner = size.map(|side| (side - START) / 2);
        for (y, x) in (0..START).flat_map(|y| (0..START).map(move |x| (y, x))) {
            let at = (corner[0] + y) * size[1] + corner[1] + x;
            canvas.put(at, &source, piece + y * source.size[1] + x);
        }
        let centre = window / 2 * (source.size[1] + 1);
        let centres = source.corners([window; 2]).iter().map(|corner| corner + centre).collect();
        self.grow(&source, centres, canvas)
    }

    /// The image, `[1, 3, h, w]`, with every pixel where `hole`, `[1, 1, h, w]`, is not 0 grown from the
    /// rest; `size` does not matter. Pad an image and call the margins a hole to extend it.
    ///
    /// Errors: a hole of another size, or no window of the image without hole.
    pub fn fill(&self, image: &Tensor, hole: &Tensor) -> Result<Collage> {
        let source = Source::of(image, "image")?;
        let window = self.window_in(source.size)?;
        let whole = known(hole, source.size)?;
        let mut canvas = Canvas::empty(source.size);
        (0..whole.len()).filter(|&at| whole[at]).for_each(|at| canvas.put(at, &source, at));
        let width = source.size[1];
        let in_window = |corner: usize| {
            (0..window * window).map(move |i| corner + i / window * width + i % window)
        };
        let corners = source.corners([window; 2]).into_iter();
        let corners = corners.filter(|&corner| in_window(corner).all(|at| whole[at]));
        let centres: Vec<usize> = corners.map(|corner| corner + window / 2 * (width + 1)).collect();
        if centres.is_empty() {
            let expected = format!("a {window}x{window} window of the image left whole");
            return Err(Error::argument("hole", expected, "none", "make hole or window smaller"));
        }
        self.grow(&source, centres, canvas)
    }

    fn grow(&self, source: &Source, centres: Vec<usize>, mut canvas: Canvas) -> Result<Collage> {
        let tolerance = share(self.tolerance)?;
        let chances = |which| -> Result<Vec<f64>> {
            Ok(Vec::try_from(uniform(&[self.seed, which], &[canvas.from.len() as i64])?)?)
        };
        let (ties, draws) = (chances(1)?, chances(2)?);
        let whole: Vec<bool> = canvas.from.iter().map(Option::is_some).collect();
        let (taps, width) = (window(self.window as isize), source.size[1]);
        for &at in progress("growing pixels", &order(&whole, canvas.size, &ties)) {
            let known = taps.iter().filter_map(|tap| tap.seen(&canvas, at, width));
            let known = known.collect::<Vec<_>>();
            let near = nearest(&source.pixels, &centres, &known, tolerance);
            canvas.put(at, source, drawn(&near, draws[at]));
        }
        canvas.collage(canvas.size, width)
    }

    fn window_in(&self, [h, w]: [usize; 2]) -> Result<usize> {
        if self.window >= 3 && self.window % 2 == 1 && self.window as usize <= h.min(w) {
            return Ok(self.window as usize);
        }
        let expected = format!("an odd side of 3 or more that fits into the {h}x{w} source");
        Err(Error::argument("window", expected, self.window, "change it, or take a larger source"))
    }
}

/// Where there is no hole.
fn known(hole: &Tensor, [h, w]: [usize; 2]) -> Result<Vec<bool>> {
    let size = [1, 1, h as i64, w as i64];
    if hole.size() != size {
        let got = format!("{:?}", hole.size());
        let advice = "make it of zeros, and ones where pixels shall grow";
        return Err(Error::argument(
            "hole",
            format!("{size:?}, as large as the image"),
            got,
            advice,
        ));
    }
    finite(hole, "hole")?;
    Ok(Vec::try_from(
        hole.f_eq(0.0)?.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Bool)?.f_reshape([-1])?,
    )?)
}
