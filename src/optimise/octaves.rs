//! One size after another.

use super::Climb;
use crate::Result;
use crate::pixels::resize;
use tch::Tensor;

impl Climb {
    /// An octave's image at another size; `start` is what the climb began with.
    pub(super) fn enlarged(
        &self,
        image: &Tensor,
        start: &Tensor,
        size: [i64; 2],
    ) -> Result<Tensor> {
        let now = [2, 3].map(|dim| image.size()[dim]);
        if !self.keep_start || now == size {
            return resize(image, size);
        }
        let change = image.f_sub(&resize(&start.detach(), now)?)?;
        Ok(resize(&change, size)?.f_add(&resize(&start.detach(), size)?)?)
    }

    /// The size of an octave: the last one's is the image's own.
    pub(crate) fn side(&self, octave: usize, size: [i64; 2]) -> [i64; 2] {
        let smaller = self.octave_scale.powi((self.octaves - 1 - octave) as i32);
        size.map(|side| ((side as f64 / smaller).round() as i64).max(1))
    }
}
