//! What came of a style transfer.

use tch::Tensor;

/// A photo in the style of a painting, and how it came to be.
#[derive(Debug)]
pub struct Stylised {
    /// `[1, 3, h, w]`, in 0..1.
    pub image: Tensor,
    /// The loss before the first step and after each, one size after the other.
    pub losses: Vec<f64>,
    /// The images that `climb.frames_every` kept, each `[1, 3, h, w]`.
    pub frames: Vec<Tensor>,
    /// How far its content layers are from the photo's, relative to these: 0 for the photo itself.
    pub content: f64,
    /// How far its Gram matrices are from the paintings', relative to these: 0 for the painting itself.
    pub style: f64,
}
