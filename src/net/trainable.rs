//! The numbers of a network that training may change.

use super::{Conv2d, Layer, Net, Op};
use crate::{Error, Result};
use std::rc::Rc;
use tch::Tensor;

impl Net {
    /// The weights and biases of convolutions and fully connected layers, in order.
    ///
    /// Errors: a network without any, or with BatchNorm, which training would have to measure.
    pub(crate) fn parameters(&self) -> Result<Vec<Tensor>> {
        let advice = "write one with `Net::new(..).then(..)`, such as `zoo::digit_net`";
        let expected = "one with convolutions or fully connected layers, without BatchNorm";
        let refused = |got: &str| Err(Error::argument("network", expected, got, advice));
        if self.layers.iter().any(|l| matches!(l.op, Op::BatchNorm { .. })) {
            return refused("one with BatchNorm");
        }
        let parameters: Vec<Tensor> = self.layers.iter().flat_map(|l| of_layer(&l.op)).collect();
        if parameters.is_empty() { refused("one with neither") } else { Ok(parameters) }
    }

    /// The same network with other numbers, as many as [`Net::parameters`]; gradients flow to them.
    pub(crate) fn with_parameters(&self, parameters: &[Tensor]) -> Net {
        let mut rest = parameters.iter().map(Tensor::shallow_clone);
        let layers = self.layers.iter().map(|layer| renewed(layer, &mut rest)).collect();
        Net { name: self.name.clone(), layers, classes: self.classes.clone() }
    }
}

fn of_layer(op: &Op) -> Vec<Tensor> {
    match op {
        Op::Conv2d(conv) => {
            [Some(&conv.weight), conv.bias.as_ref()].into_iter().flatten().map(shared).collect()
        }
        Op::Linear { weight, bias } => vec![shared(weight), shared(bias)],
        _ => vec![],
    }
}

fn shared(x: &Tensor) -> Tensor {
    x.shallow_clone()
}

fn renewed(layer: &Rc<Layer>, rest: &mut impl Iterator<Item = Tensor>) -> Rc<Layer> {
    let mut next = |old: &Tensor| rest.next().unwrap_or_else(|| old.shallow_clone());
    let op = match &layer.op {
        Op::Conv2d(conv) => {
            let weight = next(&conv.weight);
            Op::Conv2d(Conv2d { weight, bias: conv.bias.as_ref().map(next), ..conv.share() })
        }
        Op::Linear { weight, bias } => {
            let weight = next(weight);
            Op::Linear { weight, bias: next(bias) }
        }
        _ => return Rc::clone(layer),
    };
    Rc::new(Layer { name: layer.name.clone(), op, inputs: layer.inputs.clone(), folded: None })
}
