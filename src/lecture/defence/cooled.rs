//! The same answers at another temperature.

use crate::check::within;
use crate::net::{Net, Op};
use crate::{Error, Result};
use tch::Tensor;

/// The same network with its scores divided by `temperature`: the same answers, less sure of them.
///
/// A network from defensive distillation is so sure that its gradients vanish in rounding; an attack on
/// the cooled one finds its way, and its pictures fool the other as well (Carlini and Wagner 2016,
/// "Defensive distillation is not robust to adversarial examples"). Shares all weights but the last.
/// Errors: a temperature outside 1e-6..=1e6, a network that does not end in a fully connected layer.
///
/// ```
/// use convlens::{defence::cooled, zoo::digit_net};
/// use tch::{Device, Kind, Tensor};
/// let (net, x) = (digit_net(1)?, Tensor::ones([1, 3, 20, 20], (Kind::Float, Device::Cpu)));
/// let same = cooled(&net, 10.0)?.logits(&x)? * 10.0;
/// assert!(same.allclose(&net.logits(&x)?, 1e-5, 1e-5, false));
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn cooled(net: &Net, temperature: f64) -> Result<Net> {
    within("temperature", temperature, 1e-6..=1e6, "take that of the distillation")?;
    if !matches!(net.layers().last().map(|l| &l.op), Some(Op::Linear { .. })) {
        let (expected, got) = ("one that ends in a fully connected layer", net.name());
        return Err(Error::argument("network", expected, got, "or divide its scores yourself"));
    }
    let mut parameters = net.parameters()?;
    let last = parameters.len() - 2;
    let divided = |x: &Tensor| Ok(x.f_div_scalar(temperature)?);
    let end = parameters[last..].iter().map(divided).collect::<Result<Vec<_>>>()?;
    parameters.splice(last.., end);
    Ok(net.with_parameters(&parameters))
}
