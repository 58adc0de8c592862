//! Lecture: "Saliency maps: segmentation without supervision".

mod colours;
mod cut;
mod flow;
mod grid;
mod masks;
mod orphans;
mod seeds;

pub use masks::{cut_out, iou, largest_part, outlined, strongest};

use crate::check::within;
use crate::pixels::{finite_rgb, rgb_size};
use crate::show::{self, Figure};
use crate::{Error, Result};
use colours::{Colour, Mixture};
use grid::Grid;
use tch::{Kind, Tensor};

/// From a saliency map to a mask: colours of sure pixels, and the cheapest outline between them.
///
/// Lecture: segmentation without supervision. Sources: Simonyan et al. 2014, section 3.2 (a map's
/// quantiles as seeds); Rother et al. 2004 (GrabCut). Pixels where the map is highest say what colours
/// the thing has, those where it is lowest what colours its surroundings have. A minimum cut then gives
/// each pixel to one of the two: each pays for unlikely colours, and for outlines that run where
/// neighbours are alike. Colours and cut take turns until nothing changes.
///
/// OpenCV's `grabCut` has the same costs, but adds the Gaussians up where the paper (and this) takes the
/// best, and begins with all pixels on one of the sides.
///
/// ```
/// use convlens::segment::GrabCut;
/// use tch::Tensor;
/// // Dark, dark, bright, bright; the map is highest on the second pixel and lowest on the last.
/// let photo = Tensor::from_slice(&[0.1f32, 0.1, 0.9, 0.9]).view([1, 1, 1, 4]).repeat([1, 3, 1, 1]);
/// let map = Tensor::from_slice(&[1f32, 4.0, 2.0, 0.0]).view([1, 1, 1, 4]);
/// let found = GrabCut::default().run(&photo, &map)?;
/// let numbers = |x: &Tensor| Vec::<f32>::try_from(x.flatten(0, -1)).unwrap();
/// assert_eq!(numbers(&found.seeds), [0.5, 1.0, 0.5, 0.0]);
/// assert_eq!(numbers(&found.mask), [1.0, 1.0, 0.0, 0.0]); // like goes with like
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GrabCut {
    /// The quantile of the map above which a pixel is a seed of the thing.
    pub foreground: f64,
    /// The quantile below which a pixel is a seed of the background.
    pub background: f64,
    /// Whether seeds stay what they are; else they only lend their colours to begin with.
    pub hold_seeds: bool,
    /// Gaussians on each side. From 1 to 1000.
    pub components: usize,
    /// What it costs to divide neighbours of one colour, in nats. From 0 to 1e9.
    pub gamma: f64,
    /// The most rounds of colours and cut; it ends when a round changes nothing. From 1 to 10 000.
    pub rounds: usize,
    /// Whether only the largest connected part of the thing is kept (8 neighbours).
    pub largest: bool,
    /// The same seed gives the same clusters to begin with.
    pub seed: u64,
}

impl Default for GrabCut {
    /// Simonyan's quantiles, 95 % and 30 %, and largest part; Rother's 5 Gaussians and gamma 50.
    fn default() -> Self {
        GrabCut {
            foreground: 0.95,
            background: 0.3,
            hold_seeds: false,
            components: 5,
            gamma: 50.0,
            rounds: 10,
            largest: true,
            seed: 0,
        }
    }
}

/// What belongs to the thing.
#[derive(Debug)]
pub struct Segmented {
    /// 1 on the thing, else 0, `[1, 1, h, w]`.
    pub mask: Tensor,
    /// The map's sure pixels: 1 on the thing's seeds, 0 on those of the background, 0.5 elsewhere.
    pub seeds: Tensor,
    /// The cost of the division after each round, in nats; it never rises.
    pub energies: Vec<f64>,
    /// Whether the last round changed nothing.
    pub settled: bool,
}

impl GrabCut {
    /// The mask of the thing in `photo`, `[1, 3, h, w]`, that `map`, `[1, 1, h, w]`, points at.
    ///
    /// Any map where large means thing, of any unit: only the order of its values counts. Cost: up to
    /// `rounds` fits and cuts, together some tenths of a second for 224 x 224 pixels; no pass through
    /// a network. Errors: several photos, a map of another size, with NaN or without differences,
    /// quantiles out of order.
    pub fn run(&self, photo: &Tensor, map: &Tensor) -> Result<Segmented> {
        self.check()?;
        let [n, _, h, w] = finite_rgb(photo, "photo")?;
        if n != 1 {
            let advice = "take one with `.narrow(0, i, 1)`";
            let got = format!("{n} photos");
            return Err(Error::argument("photo", "one, [1, 3, h, w]", got, advice));
        }
        within(
            "largest value of the photo",
            photo.f_abs()?.f_max()?.f_double_value(&[])?,
            0.0..=1e3,
            "give RGB in 0..1",
        )?;
        let seeds = self.seeds(map)?;
        if map.size()[2..] != [h, w] {
            let advice = "resize the map to the photo with `resize`";
            let got = format!("{:?}", map.size());
            return Err(Error::argument("map", format!("[1, 1, {h}, {w}]"), got, advice));
        }
        self.settle(photo, &seeds)
    }

    /// Colours and cuts in turn.
    fn settle(&self, photo: &Tensor, seeds: &Tensor) -> Result<Segmented> {
        let [_, _, h, w] = rgb_size(photo, "photo")?;
        let seed = Vec::<f32>::try_from(seeds.f_flatten(0, -1)?)?;
        let colours = pixels(photo)?;
        let grid = Grid::new([h as usize, w as usize], &colours, self.gamma);
        let first = |side: f32| {
            let own = chosen(&colours, seed.iter().map(|seed| *seed == side));
            Mixture::clustered(&own, self.components, self.seed)
        };
        let mut models = [first(1.0)?, first(0.0)?];
        let (mut mask, mut energies, mut settled) = (vec![], vec![], false);
        for _ in 0..self.rounds {
            let costs = models.each_ref().map(|m| colours.iter().map(|c| m.cost(c)).collect());
            let next = cut::min_cut(&grid, &self.pull(&costs, &seed));
            energies.push(energy(&grid, &costs, &next));
            settled = next == mask;
            mask = next;
            let sides = [true, false].map(|side| chosen(&colours, mask.iter().map(|m| *m == side)));
            if settled || sides.iter().any(Vec::is_empty) {
                break;
            }
            models = [models[0].refitted(&sides[0]), models[1].refitted(&sides[1])];
        }
        let mask = Tensor::f_from_slice(&mask)?.f_to_kind(Kind::Float)?.f_view([1, 1, h, w])?;
        let mask = if self.largest { largest_part(&mask)? } else { mask };
        Ok(Segmented { mask, seeds: seeds.shallow_clone(), energies, settled })
    }

    /// How much more each pixel would cost in the background than in the thing.
    fn pull(&self, costs: &[Vec<f64>; 2], seeds: &[f32]) -> Vec<f64> {
        // More than all eight links of a pixel together.
        let firm = 9.0 * self.gamma + 1.0;
        let one = |((thing, rest), seed): ((&f64, &f64), &f32)| match self.hold_seeds {
            true if *seed != 0.5 => firm * f64::from(2.0 * seed - 1.0),
            _ => rest - thing,
        };
        costs[0].iter().zip(&costs[1]).zip(seeds).map(one).collect()
    }
}

/// The colours of a photo `[1, 3, h, w]`, row by row.
fn pixels(photo: &Tensor) -> Result<Vec<Colour>> {
    let flat =
        photo.f_detach()?.f_to_kind(Kind::Double)?.f_permute([0, 2, 3, 1])?.f_reshape([-1])?;
    Ok(Vec::<f64>::try_from(flat)?.as_chunks().0.to_vec())
}

fn chosen(colours: &[Colour], which: impl Iterator<Item = bool>) -> Vec<Colour> {
    colours.iter().zip(which).filter(|(_, chosen)| *chosen).map(|(colour, _)| *colour).collect()
}

/// What a division costs: each pixel on its side, and the outline.
fn energy(grid: &Grid, costs: &[Vec<f64>; 2], mask: &[bool]) -> f64 {
    let own = mask.iter().enumerate().map(|(i, thing)| costs[usize::from(!thing)][i]);
    own.sum::<f64>() + grid.outline(mask)
}

impl Segmented {
    /// Seeds, mask, outline over the photo, and cut-out, side by side; an empty mask says so.
    pub fn figure(&self, photo: &Tensor) -> Result<Figure> {
        let pictures = [
            (crate::pixels::to_rgb(&self.seeds)?, "seeds"),
            (crate::pixels::to_rgb(&self.mask)?, "mask"),
            (outlined(photo, &self.mask)?, "outline"),
            (cut_out(photo, &self.mask)?, "cut-out"),
        ];
        let captions = pictures.each_ref().map(|(_, name)| name.to_string());
        let all = pictures.each_ref().map(|(picture, _)| picture);
        let figure = show::captioned(&Tensor::f_cat(&all, 0)?, &captions, 4)?;
        if self.mask.f_any()?.f_is_nonzero()? {
            return Ok(figure);
        }
        figure.titled("nothing: any outline would cost more than it gains")
    }
}
