//! What the backward rules send to the pixels.

use crate::formula::{assert_close, image};
use crate::networks::{build, networks};
use convlens::Objective;
use convlens::net::ReluRule;

#[test]
fn vgg16_sends_captums_signals_by_every_rule() {
    let (model, expected) = networks("features").remove(1);
    let net = build(model, &expected);
    let wish = Objective::neuron("pool5", 495, [1, 2]);
    for rule in [ReluRule::Gradient, ReluRule::Guided, ReluRule::Deconvnet] {
        let sent = net.gradient(&image(&expected), &wish, rule).unwrap();
        let name = format!("{rule:?}");
        assert_close(&sent, &expected["neuron"][&name], 1e-5, &name);
    }
}
