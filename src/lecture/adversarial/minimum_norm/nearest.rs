//! The nearest picture that fooled so far.

use crate::Result;
use crate::adversarial::norm::PIXELS;
use tch::Tensor;

pub(super) struct Nearest {
    /// For each image the nearest picture, or the image itself.
    pub(super) images: Tensor,
    squares: Tensor,
}

impl Nearest {
    pub(super) fn new(images: &Tensor) -> Result<Self> {
        let squares = squares(images, images)?.f_full_like(f64::INFINITY)?;
        Ok(Nearest { images: images.shallow_clone(), squares })
    }

    pub(super) fn see(&mut self, made: &Tensor, originals: &Tensor, fooled: &[bool]) -> Result<()> {
        let squares = squares(made, originals)?;
        let fooled = Tensor::f_from_slice(fooled)?.f_to_device(squares.device())?;
        let better = squares.f_lt_tensor(&self.squares)?.f_logical_and(&fooled)?;
        self.squares = squares.f_where_self(&better, &self.squares)?;
        self.images = made.f_where_self(&better.f_view([-1, 1, 1, 1])?, &self.images)?;
        Ok(())
    }
}

/// The squared Euclidean distance of each two images, `[n]`.
pub(super) fn squares(x: &Tensor, y: &Tensor) -> Result<Tensor> {
    let squares = x.f_sub(y)?.f_square()?;
    Ok(squares.f_sum_dim_intlist(PIXELS.as_slice(), false, squares.kind())?)
}
