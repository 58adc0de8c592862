//! Things cut out and put somewhere else, so that their true masks are known.

use super::{Decode, Photos, batch_size, centre_crop, load_alpha, resize, rgb_size};
use crate::chance::uniform;
use crate::check::size_within;
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use tch::{Kind, Tensor};

/// How cut-outs are put on backgrounds.
///
/// Each cut-out goes on one background at one place, both drawn from the seed and its number in the
/// list. [`Scenes::bundled`] names the ones in `data`.
///
/// ```no_run
/// use convlens::pixels::Scenes;
/// let scenes = Scenes { size: [160, 224], ..Scenes::bundled("data")? };
/// let scene = scenes.scene(7)?;
/// assert_eq!((scene.category.as_str(), scene.mask.size()), ("big_cat", vec![1, 1, 160, 224]));
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scenes {
    /// Pictures with an alpha channel; their folders are their categories.
    pub cutouts: Vec<PathBuf>,
    /// Photos of places, which cover the whole scene: enlarged or reduced, then cut at the middle.
    pub backgrounds: Vec<PathBuf>,
    /// Height and width of the scene; 224 x 224 by default.
    pub size: [i64; 2],
    /// How much of the scene's height or width the thing takes, whichever it meets first; 0.75 by
    /// default.
    pub fill: f64,
    /// The same seed gives the same backgrounds and places.
    pub seed: u64,
}

impl Default for Scenes {
    fn default() -> Self {
        Self { cutouts: vec![], backgrounds: vec![], size: [224; 2], fill: 0.75, seed: 0 }
    }
}

/// A thing in a place.
#[derive(Debug)]
pub struct Scene {
    /// `[1, 3, h, w]`.
    pub image: Tensor,
    /// 1 where at least half of the pixel is the thing, else 0; `[1, 1, h, w]`.
    pub mask: Tensor,
    /// What the thing is: the folder of its file. Not an ImageNet class: `cattle` and `deer` are none,
    /// `fowl` is several. Ask the network for its own name (`net.top`), and score that.
    pub category: String,
    /// The cut-out's file.
    pub file: PathBuf,
    /// The file of the background.
    pub background: PathBuf,
}

impl Scenes {
    /// The cut-outs of the repository's `data` folder, on its three grey textures, a photo (`home`) and a
    /// painting, none of which shows an animal, a plant or a car.
    ///
    /// Errors: no such folder.
    pub fn bundled(data: impl AsRef<Path>) -> Result<Scenes> {
        let data = data.as_ref();
        let cutouts = Photos::in_folder(data.join("cutouts"))?.files;
        let mut backgrounds = Photos::in_folder(data.join("textures"))?.files;
        backgrounds
            .extend(["photos/home.jpg", "paintings/starry_night.jpg"].map(|name| data.join(name)));
        Ok(Scenes { cutouts, backgrounds, ..Scenes::default() })
    }

    /// The scene of one cut-out.
    ///
    /// The colours are blended by the alpha channel (Porter and Duff 1984, "over"), soft edges and all.
    /// Errors: no such cut-out, no backgrounds, a fill outside 0..1, a file that cannot be read or that
    /// is transparent all over, a size of more than 64 million pixels.
    pub fn scene(&self, index: usize) -> Result<Scene> {
        size_within("size", self.size)?;
        let all = self.cutouts.len();
        let none = || Error::argument("cut-out", format!("0..{all}"), index, "see `cutouts`");
        let file = self.cutouts.get(index).ok_or_else(none)?;
        let chance = Vec::<f64>::try_from(uniform(&[self.seed, index as u64], &[3])?)?;
        let (place, background) = self.place(chance[0])?;
        let [colour, alpha] = self.thing(file)?;
        let [_, _, h, w] = rgb_size(&colour, "cut-out")?;
        let [above, left] = [(0, h), (1, w)].map(|(side, length)| {
            ((self.size[side] - length + 1) as f64 * chance[side + 1]) as i64
        });
        let part = |x: &Tensor| Ok::<_, Error>(x.f_narrow(2, above, h)?.f_narrow(3, left, w)?);
        let mask = place.f_narrow(1, 0, 1)?.f_zeros_like()?;
        part(&mask)?.f_copy_(&alpha.f_ge(0.5)?)?;
        let behind = part(&place)?.f_mul(&alpha.f_neg()?.f_add_scalar(1.0)?)?;
        part(&place)?.f_copy_(&colour.f_add(&behind)?)?;
        let category = file.parent().and_then(Path::file_name).unwrap_or_default();
        let category = category.to_string_lossy().into_owned();
        let image = place.f_clamp(0.0, 1.0)?;
        Ok(Scene { image, mask, category, file: file.clone(), background })
    }

    /// The scenes of all cut-outs, in their order.
    ///
    /// Memory: four numbers for each pixel; 51 MB for the 64 bundled ones. Errors: as [`Scenes::scene`].
    pub fn all(&self) -> Result<Vec<Scene>> {
        (0..self.cutouts.len()).map(|index| self.scene(index)).collect()
    }

    /// One of the backgrounds, `[1, 3, h, w]`, and its file.
    fn place(&self, chance: f64) -> Result<(Tensor, PathBuf)> {
        let pick = (chance * self.backgrounds.len() as f64) as usize;
        let none = || Error::argument("backgrounds", "at least one", 0, "take `Scenes::bundled`");
        let file = self.backgrounds.get(pick).ok_or_else(none)?;
        let photo = Decode::default().load(file)?;
        let factor = self.factor(&photo, f64::max)?;
        let [_, _, h, w] = batch_size(&photo, "background")?;
        let covering = |all: i64, side: i64| ((all as f64 * factor).round() as i64).max(side);
        let [height, width] = self.size;
        let photo = resize(&photo, [covering(h, height), covering(w, width)])?;
        Ok((centre_crop(&photo, self.size)?, file.clone()))
    }

    /// The thing's colours, times its opacity, and its opacity, at their size in the scene.
    fn thing(&self, file: &Path) -> Result<[Tensor; 2]> {
        if !(self.fill > 0.0 && self.fill <= 1.0) {
            return Err(Error::argument("fill", "a share, 0..1", self.fill, "try 0.75"));
        }
        let black = Decode { background: [0.0; 3], ..Decode::default() };
        let both = trimmed(&Tensor::f_cat(&[black.load(file)?, load_alpha(file)?], 1)?)
            .map_err(|_| Error::file(file, "is transparent all over", "take another cut-out"))?;
        let factor = self.fill * self.factor(&both, f64::min)?;
        let [_, _, h, w] = batch_size(&both, "cut-out")?;
        let side = |all: i64| ((all as f64 * factor).round() as i64).max(1);
        let both = resize(&both, [side(h), side(w)])?;
        Ok([both.f_narrow(1, 0, 3)?, both.f_narrow(1, 3, 1)?])
    }

    /// How much larger the scene is than a picture, by rows or columns, as `choose` says.
    fn factor(&self, picture: &Tensor, choose: fn(f64, f64) -> f64) -> Result<f64> {
        let [_, _, h, w] = batch_size(picture, "picture")?;
        Ok(choose(self.size[0] as f64 / h as f64, self.size[1] as f64 / w as f64))
    }
}

/// The part of a picture `[1, 4, h, w]` that is not transparent.
fn trimmed(picture: &Tensor) -> Result<Tensor> {
    let opaque = picture.f_select(1, 3)?.f_select(0, 0)?.f_gt(0.0)?;
    let mut part = picture.shallow_clone();
    for (side, other) in [(0, 1i64), (1, 0)] {
        let used = opaque.f_any_dim(other, false)?.f_to_kind(Kind::Int64)?.f_nonzero()?;
        let [first, last] = [used.f_min()?, used.f_max()?].map(|i| i.int64_value(&[]));
        part = part.f_narrow(2 + side, first, last - first + 1)?;
    }
    Ok(part)
}
