//! Convolutions that reflect the image at its edges.

use crate::Result;
use tch::Tensor;

/// Vector units hold this many numbers: a convolution to fewer channels takes as long.
const LANES: i64 = 16;

/// `x` reflected at its edges by half a window, through the window `weight`, `[out, in, side, side]`.
pub(super) fn reflected(x: &Tensor, weight: &Tensor, stride: i64) -> Result<Tensor> {
    let size = weight.size();
    let even = x.size()[2..].iter().all(|side| side % 2 == 0);
    if even && stride == 2 && size[2] == 3 {
        return halved(x, weight);
    }
    let padded = x.f_reflection_pad2d([size[2] / 2; 4])?;
    match even && stride == 1 && size[0] < LANES {
        true => four_at_once(&padded, weight),
        false => convolved(&padded, weight, stride),
    }
}

/// Windows of 3 at every other pixel of an even size: only the first row and column look over the edge.
///
/// They see zeros there, and then what the reflected row and column add: a padded copy of the
/// network's largest map is not made.
fn halved(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let through = |x: &Tensor, weight: &Tensor, stride: [i64; 2], zeros: [i64; 2]| {
        x.f_conv2d(weight, None::<&Tensor>, stride, zeros, [1, 1], 1)
    };
    let made = through(x, weight, [2, 2], [1, 1])?;
    let row = x.f_narrow(2, 1, 1)?.f_reflection_pad2d([1, 0, 0, 0])?;
    let above = through(&row, &weight.f_narrow(2, 0, 1)?, [1, 2], [0, 0])?;
    let _ = made.f_narrow(2, 0, 1)?.f_add_(&above)?;
    let column = x.f_narrow(3, 1, 1)?;
    let beside = through(&column, &weight.f_narrow(3, 0, 1)?, [2, 1], [1, 0])?;
    let _ = made.f_narrow(3, 0, 1)?.f_add_(&beside)?;
    Ok(made)
}

/// The same after every pixel became four, `[n, c, h, w]` to `[n, out, 2 h, 2 w]`.
///
/// For windows of 3 the four are never made. Two neighbours of three are copies of one pixel, so each of the
/// four places sees the small image through a window of its own: four times as many channels, which
/// are then put side by side (Shi et al. 2016, section 3.2). A reflected copy is the edge itself.
pub(super) fn enlarged(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    if weight.size()[2] != 3 {
        let size = [2, 3].map(|dim| 2 * x.size()[dim]);
        return reflected(&x.f_upsample_nearest2d(size, None, None)?, weight, 1);
    }
    let made = convolved(&x.f_replication_pad2d([1; 4])?, &windows_of_four(weight)?, 1)?;
    Ok(made.f_pixel_shuffle(2)?)
}

fn convolved(x: &Tensor, weight: &Tensor, stride: i64) -> Result<Tensor> {
    Ok(x.f_conv2d(weight, None::<&Tensor>, [stride; 2], [0, 0], [1, 1], 1)?)
}

/// Two by two neighbours as four times as many channels: one window more wide and high, at every other
/// pixel. As exact, and for three colours three times as fast.
fn four_at_once(x: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let places = [[0, 0], [0, 1], [1, 0], [1, 1]];
    let moved =
        |[down, right]: [i64; 2]| weight.f_constant_pad_nd([right, 1 - right, down, 1 - down]);
    let windows = places.map(moved).into_iter().collect::<std::result::Result<Vec<_>, _>>()?;
    let windows = Tensor::f_stack(&windows, 1)?.f_flatten(0, 1)?;
    Ok(convolved(x, &windows, 2)?.f_pixel_shuffle(2)?)
}

/// `[out, in, 3, 3]` to `[4 out, in, 3, 3]`: the window of each of the four places on the small image.
fn windows_of_four(weight: &Tensor) -> Result<Tensor> {
    // For both places along an axis, which of the three small pixels each of three neighbours copies.
    let copies: [f32; 18] =
        [1., 0., 0., 0., 1., 1., 0., 0., 0., 0., 0., 0., 1., 1., 0., 0., 0., 1.];
    let copies = Tensor::f_from_slice(&copies)?
        .f_view([2, 3, 3])?
        .f_to_device(weight.device())?
        .f_to_kind(weight.kind())?;
    let axes = [&copies, &copies, weight];
    let windows = Tensor::f_einsum("ayk,bxl,oikl->oabiyx", &axes, None::<&[i64]>)?;
    Ok(windows.f_flatten(0, 2)?)
}
