//! The same parts at other places: what a Gram matrix cannot see.

use crate::chance::uniform;
use crate::pixels::finite_batch;
use crate::{Error, Result};
use tch::Tensor;

/// Moves the positions of an image or a feature map to random places, all channels together.
///
/// With single positions no sum over positions changes, so neither does the Gram matrix of the shuffled
/// layer; those of layers that see more than one position at once do. Larger blocks keep what lies
/// within them.
///
/// ```
/// use convlens::{gram_matrix, texture::Shuffle};
/// use tch::{Device, Kind, Tensor};
/// let map = Tensor::arange(40, (Kind::Float, Device::Cpu)).view([1, 2, 4, 5]);
/// let moved = Shuffle::default().run(&map)?;
/// assert!(!moved.equal(&map) && moved.sum(Kind::Float) == map.sum(Kind::Float));
/// assert!(gram_matrix(&moved)?.allclose(&gram_matrix(&map)?, 1e-6, 0.0, false));
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shuffle {
    /// Side of the square blocks that stay together.
    pub block: i64,
    /// The same seed gives the same order.
    pub seed: u64,
}

impl Default for Shuffle {
    /// Single positions.
    fn default() -> Self {
        Shuffle { block: 1, seed: 0 }
    }
}

impl Shuffle {
    /// `x`, `[n, c, h, w]`, in another order, the same for every image.
    ///
    /// Errors: a block that does not divide height and width.
    pub fn run(&self, x: &Tensor) -> Result<Tensor> {
        let [n, c, h, w] = finite_batch(x, "image")?;
        let side = self.block;
        if side < 1 || h % side != 0 || w % side != 0 {
            let expected = format!("a side that divides the {h}x{w} image");
            return Err(Error::argument("block", expected, side, "crop the image, or change it"));
        }
        let (rows, columns) = (h / side, w / side);
        let blocks =
            x.f_reshape([n, c, rows, side, columns, side])?.f_permute([0, 1, 3, 5, 2, 4])?;
        let order = uniform(&[self.seed], &[rows * columns])?.f_argsort(0, false)?;
        let order = order.f_to_device(x.device())?;
        let moved = blocks.f_reshape([n, c, side, side, -1])?.f_index_select(4, &order)?;
        let moved =
            moved.f_view([n, c, side, side, rows, columns])?.f_permute([0, 1, 4, 2, 5, 3])?;
        Ok(moved.f_reshape([n, c, h, w])?)
    }
}
