//! What a layer computes.

use super::{Conv2d, Pool};
use tch::Tensor;

/// One operation on `[n, c, h, w]` activations (`[n, c]` after [`Op::Flatten`]).
///
/// All sizes are `[height, width]`.
#[derive(Debug)]
pub enum Op {
    /// The image itself; always layer 0.
    Input,
    /// `(x - mean) / std` per colour, given in RGB order, then RGB to BGR if the weights expect it.
    Normalize {
        /// Mean of red, green, blue in 0..1.
        mean: [f64; 3],
        /// Standard deviation of red, green, blue in 0..1.
        std: [f64; 3],
        /// Whether the layers above eat blue first (networks born in Caffe).
        bgr: bool,
    },
    /// Cross-correlation, as every deep-learning library means by convolution.
    Conv2d(Conv2d),
    /// `scale * (x - mean) / sqrt(var + eps) + shift`, with the statistics of training.
    BatchNorm {
        /// Learned scale, `[c]`.
        scale: Tensor,
        /// Learned shift, `[c]`.
        shift: Tensor,
        /// Running mean, `[c]`.
        mean: Tensor,
        /// Running variance, `[c]`.
        var: Tensor,
        /// Added to the variance.
        eps: f64,
    },
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, 0), 6)`.
    Relu6,
    /// Largest value of each window.
    MaxPool2d(Pool),
    /// Mean of each window, the padding counted as zeros (torchvision's default).
    AvgPool2d(Pool),
    /// Mean of `out` equal parts of the image, whatever its size.
    AdaptiveAvgPool2d {
        /// Height and width of the result.
        out: [i64; 2],
    },
    /// AlexNet's `x / (k + alpha / size * sum of squares over size channels)^beta`.
    LocalResponseNorm {
        /// Number of neighbouring channels.
        size: i64,
        /// Weight of the sum.
        alpha: f64,
        /// Exponent.
        beta: f64,
        /// Added to the sum.
        k: f64,
    },
    /// `x Wᵀ + b` on `[n, c]`.
    Linear {
        /// `[out, in]`.
        weight: Tensor,
        /// `[out]`.
        bias: Tensor,
    },
    /// `[n, c, h, w]` to `[n, c*h*w]`.
    Flatten,
    /// Sum of all inputs (a skip connection).
    Add,
    /// Inputs one after the other along the channels.
    Concat,
}
