//! What a layer may be: looked at once, when it is appended.

use super::{Conv2d, Op, Pool};
use crate::check::{finite, within};
use crate::{Error, Result};
use tch::Tensor;

/// The largest stride, border, dilation, window and number of parts, each way.
const MOST: i64 = 4096;
const ADVICE: &str = "look at the layer's own numbers";

impl Op {
    /// Fails where the operation of the layer `name` cannot be computed on any image.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let what = |part: &str| format!("{name}'s {part}");
        match self {
            Op::Normalize { mean, std, .. } => {
                for (mean, std) in mean.iter().zip(std) {
                    within(&what("mean"), *mean, -1e6..=1e6, ADVICE)?;
                    within(&what("deviation"), *std, 1e-6..=1e6, ADVICE)?;
                }
                Ok(())
            }
            Op::Conv2d(conv) => conv.check(&what),
            Op::BatchNorm { scale, shift, mean, var, eps } => {
                let parts = [(scale, "scale"), (shift, "shift"), (mean, "mean"), (var, "variance")];
                norm(&parts, *eps, &what)
            }
            Op::MaxPool2d(pool) | Op::AvgPool2d(pool) => pool.check(&what),
            Op::AdaptiveAvgPool2d { out } => each(&what("parts"), out, 1),
            Op::LocalResponseNorm { size, alpha, beta, k } => {
                within(&what("channels"), *size, 1..=MOST, ADVICE)?;
                within(&what("alpha"), *alpha, 0.0..=1e6, ADVICE)?;
                within(&what("beta"), *beta, 0.0..=100.0, ADVICE)?;
                within(&what("k"), *k, 1e-6..=1e6, ADVICE)
            }
            Op::Linear { weight, bias } => {
                shaped(&what("weight"), weight, 2, "[out, in]")?;
                sized(&what("bias"), bias, weight.size()[0])
            }
            Op::Input | Op::Relu | Op::Relu6 | Op::Flatten | Op::Add | Op::Concat => Ok(()),
        }
    }
}

impl Conv2d {
    fn check(&self, what: &dyn Fn(&str) -> String) -> Result<()> {
        shaped(&what("weight"), &self.weight, 4, "[out, in / groups, height, width]")?;
        let out = self.weight.size()[0];
        if let Some(bias) = &self.bias {
            sized(&what("bias"), bias, out)?;
        }
        each(&what("stride"), &self.stride, 1)?;
        each(&what("dilation"), &self.dilation, 1)?;
        each(&what("border"), &self.before, 0)?;
        each(&what("border"), &self.after, 0)?;
        within(&what("groups"), self.groups, 1..=out, ADVICE)?;
        if out % self.groups != 0 {
            let expected = format!("a divisor of its {out} channels");
            return Err(Error::argument(what("groups"), expected, self.groups, ADVICE));
        }
        Ok(())
    }
}

impl Pool {
    fn check(&self, what: &dyn Fn(&str) -> String) -> Result<()> {
        each(&what("window"), &self.size, 1)?;
        each(&what("stride"), &self.stride, 1)?;
        for (padding, size) in self.padding.iter().zip(self.size) {
            let advice = "a border may be half of the window";
            within(&what("border"), *padding, 0..=size / 2, advice)?;
        }
        Ok(())
    }
}

/// BatchNorm's four rows of numbers, the last of which is the variance.
fn norm(parts: &[(&Tensor, &str); 4], eps: f64, what: &dyn Fn(&str) -> String) -> Result<()> {
    let channels = parts[0].0.numel() as i64;
    for (values, part) in parts {
        sized(&what(part), values, channels)?;
    }
    let least = parts[3].0.f_min()?.f_double_value(&[])? + eps;
    if least > 0.0 && least.is_finite() {
        return Ok(());
    }
    let expected = "above 0 together with eps";
    Err(Error::argument(what("variance"), expected, least, ADVICE))
}

/// Both directions of something, `[height, width]`.
fn each(what: &str, sides: &[i64; 2], least: i64) -> Result<()> {
    sides.iter().try_for_each(|&side| within(what, side, least..=MOST, ADVICE))
}

/// A tensor of floats with so many axes, none of them empty.
fn shaped(what: &str, x: &Tensor, axes: usize, expected: &str) -> Result<()> {
    let size = x.size();
    if size.len() == axes && !size.contains(&0) && x.is_floating_point() {
        return finite(x, what);
    }
    let got = format!("{size:?} of kind {:?}", x.kind());
    Err(Error::argument(what, format!("{expected}, floats, no size of 0"), got, ADVICE))
}

/// A row of so many floats.
fn sized(what: &str, x: &Tensor, count: i64) -> Result<()> {
    if x.size() == [count] && count > 0 && x.is_floating_point() {
        return finite(x, what);
    }
    let got = format!("{:?} of kind {:?}", x.size(), x.kind());
    Err(Error::argument(what, format!("[{count}], floats"), got, ADVICE))
}
