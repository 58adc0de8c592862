//! Bad input is one sentence.

use super::*;
use crate::Objective;

#[test]
fn bad_input_is_one_clear_sentence() {
    let (net, x) = (every_op().unwrap(), image(1, 20, 30));
    let says = |result: Result<Tensor>, words: &str| {
        let message = result.unwrap_err().to_string();
        assert!(message.contains(words) && !message.contains('\n'), "{message}");
    };
    says(
        net.tap(&x, "relu9"),
        "expected a layer of every op, got `relu9`; it has: input, normalize",
    );
    let add = |net: Net, i| net.then(&format!("layer{i}.relu"), Op::Relu).unwrap();
    let deep = (0..45).fold(Net::new("deep"), add);
    says(
        deep.tap(&x, "layer44.relu1"),
        "got `layer44.relu1`; closest are: layer44.relu, layer4.relu,",
    );
    says(deep.tap(&x, "layer44.relu1"), "; printing the network lists all 46");
    says(net.tap(&image(1, 1, 30), "fc2"), "room for a window of 3 pixels, got [1, 3, 1, 30]");
    says(
        net.tap(&x.get(0), "fc2"),
        "expected a [n, c, h, w] tensor with no size of 0, got [3, 20, 30]",
    );
    says(net.tap(&x.narrow(1, 0, 1), "fc2"), "expected 3 channels, got [1, 1, 20, 30]");
    says(net.gradient(&x, &Objective::class(3), ReluRule::Guided), "class: expected 0..3, got 3");
    says(
        net.gradient(&x, &Objective::neuron("add", 0, [0, 99]), ReluRule::Gradient),
        "column: expected 0..7, got 99",
    );
    says(Net::new("empty").logits(&x), "a classifier");
    says(
        net.tap(&Tensor::zeros([1, 3, 0, 5], (Kind::Float, Device::Cpu)), "conv1"),
        "with no size of 0, got [1, 3, 0, 5]",
    );
}
