//! An image made of another image's pixels.

use crate::pixels::finite_rgb;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// An image whose every pixel is copied from a source, and from where.
#[derive(Debug)]
pub struct Collage {
    /// The image, `[1, 3, h, w]`; mid-grey where Stop came before the pixel.
    pub image: Tensor,
    /// Row and column in the source of each pixel, `[1, 2, h, w]`, whole numbers; -1 where there is none.
    pub from: Tensor,
}

impl Collage {
    /// Where the pixels come from as colours, `[1, 3, h, w]`: red for the source's lower rows, green for
    /// its columns to the right. A piece copied in one is a smooth piece of the same colours.
    pub fn origins(&self) -> Result<Tensor> {
        self.check()?;
        let most = self.from.f_amax([0i64, 2, 3].as_slice(), true)?.f_clamp_min(1)?;
        let shares = self.from.f_div(&most)?.f_clamp(0.0, 1.0)?.f_to_kind(Kind::Float)?;
        let blue = shares.f_narrow(1, 0, 1)?.f_full_like(0.35)?;
        Ok(Tensor::f_cat(&[shares, blue], 1)?)
    }

    /// The share of neighbours, side by side and one above the other, that were not neighbours in the
    /// source: 0 for a piece of the source, near 1 where every pixel comes from somewhere else.
    ///
    /// ```
    /// use convlens::texture::Collage;
    /// use tch::{Kind, Tensor};
    /// let image = Tensor::zeros([1, 3, 1, 4], (Kind::Float, tch::Device::Cpu));
    /// // Columns 5 and 6 of row 2, then columns 0 and 1 of row 7: one tear between three pairs.
    /// let from = Tensor::from_slice(&[2i64, 2, 7, 7, 5, 6, 0, 1]).view([1, 2, 1, 4]);
    /// let collage = Collage { image, from };
    /// assert_eq!(collage.torn()?, 1.0 / 3.0);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn torn(&self) -> Result<f64> {
        self.check()?;
        let [down, across] = [self.tears(2)?, self.tears(3)?];
        let pairs = (down.numel() + across.numel()).max(1) as f64;
        let torn = down.f_sum(Kind::Double)?.f_add(&across.f_sum(Kind::Double)?)?;
        Ok(torn.f_double_value(&[])? / pairs)
    }

    /// The image with what [`Collage::torn`] counts in red: pixels torn from the one above or to the left.
    pub fn seams(&self) -> Result<Tensor> {
        self.check()?;
        let above = self.tears(2)?.f_constant_pad_nd([0, 0, 1, 0])?;
        let left = self.tears(3)?.f_constant_pad_nd([1, 0, 0, 0])?;
        let red = Tensor::f_from_slice(&[1f32, 0.1, 0.1])?.f_view([1, 3, 1, 1])?;
        Ok(red.f_where_self(&above.f_logical_or(&left)?, &self.image)?)
    }

    /// Which pairs of neighbours along an axis do not come from neighbours.
    fn check(&self) -> Result<()> {
        let [_, _, h, w] = finite_rgb(&self.image, "image")?;
        if self.from.size() == [1, 2, h, w] {
            return Ok(());
        }
        let (expected, got) = (format!("[1, 2, {h}, {w}]"), format!("{:?}", self.from.size()));
        Err(Error::argument("from", expected, got, "take both from one collage"))
    }

    fn tears(&self, axis: i64) -> Result<Tensor> {
        let step = Tensor::f_from_slice(&[i64::from(axis == 2), i64::from(axis == 3)])?;
        let same = self.from.f_diff(1, axis, None::<Tensor>, None::<Tensor>)?;
        let same = same.f_eq_tensor(&step.f_view([1, 2, 1, 1])?)?;
        Ok(same.f_all_dim(1, true)?.f_logical_not()?)
    }
}
