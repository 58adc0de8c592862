//! What tells one network from another.

use super::{Net, Op};
use crate::Result;
use crate::digest::digits;
use sha2::{Digest, Sha256};
use tch::{Device, Tensor};

impl Net {
    /// A sha256 over the layers' names, operations and inputs and every weight.
    ///
    /// Cost: one look at each weight, 0.1 s for 60 MB.
    pub(crate) fn fingerprint(&self) -> Result<String> {
        let mut hasher = Sha256::new();
        for layer in &self.layers {
            hasher.update(format!("{} {:?} {:?}\n", layer.name, layer.op, layer.inputs));
            for weight in layer.op.weights() {
                hasher.update(bytes(weight)?);
            }
        }
        Ok(digits(hasher))
    }
}

impl Op {
    fn weights(&self) -> Vec<&Tensor> {
        match self {
            Op::Conv2d(conv) => {
                [Some(&conv.weight), conv.bias.as_ref()].into_iter().flatten().collect()
            }
            Op::Linear { weight, bias } => vec![weight, bias],
            Op::BatchNorm { scale, shift, mean, var, .. } => vec![scale, shift, mean, var],
            _ => vec![],
        }
    }
}

fn bytes(x: &Tensor) -> Result<Vec<u8>> {
    let x = x.f_detach()?.f_to_device(Device::Cpu)?.f_contiguous()?;
    let mut bytes = vec![0; x.numel() * x.kind().elt_size_in_bytes()];
    x.f_copy_data_u8(&mut bytes, x.numel())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Conv2d, Precision};
    use tch::Kind;

    fn net(weight: &[f32], stride: i64, name: &str) -> Net {
        let weight = Tensor::from_slice(weight).view([1, 3, 1, 1]);
        let conv = Conv2d::new(weight, Some(Tensor::zeros([1], (Kind::Float, Device::Cpu))));
        let net = Net::new("tiny").then(name, Op::Conv2d(conv.stride(stride))).unwrap();
        net.then("relu1", Op::Relu).unwrap()
    }

    #[test]
    fn equal_networks_have_one_fingerprint_and_others_their_own() {
        let plain = net(&[1., 2., 3.], 1, "conv1");
        let print = |net: &Net| net.fingerprint().unwrap();
        assert_eq!(print(&plain), print(&net(&[1., 2., 3.], 1, "conv1")));
        let others = [
            net(&[1., 2., 3.000001], 1, "conv1"),
            net(&[1., 2., 3.], 2, "conv1"),
            net(&[1., 2., 3.], 1, "conv2"),
            plain.precision(Precision::Bf16).unwrap(),
            plain.upto("conv1").unwrap(),
        ];
        let mut prints: Vec<String> = others.iter().map(print).collect();
        prints.push(print(&plain));
        prints.sort();
        prints.dedup();
        assert_eq!(prints.len(), 6);
    }
}
