//! What the backward rules send to the pixels; in double precision, so that no ReLU is lit by rounding.

use crate::common::{double, wide};
use crate::formula::{assert_same, image};
use crate::networks::{build, networks};
use convlens::Objective;
use convlens::net::ReluRule;

#[test]
fn vgg16_sends_captums_signals_by_every_rule() {
    let (model, expected) = networks("features").remove(1);
    let (net, x) = (double(&build(model, &expected)), wide(&image(&expected)));
    let wish = Objective::neuron("pool5", 495, [1, 2]);
    for rule in [ReluRule::Gradient, ReluRule::Guided, ReluRule::Deconvnet] {
        let sent = net.gradient(&x, &wish, rule).unwrap();
        let name = format!("{rule:?}");
        assert_same(&sent, &expected["neuron"][&name], &name);
    }
}
