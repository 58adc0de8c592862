//! Planned or not, walked or differentiated: the same numbers.

use super::*;
use crate::Objective;

#[test]
fn planning_and_folding_change_nothing() {
    let (net, x) = (double(&every_op().unwrap()), wide(&image(2, 23, 30)));
    let names = net.names();
    let all = net.taps(&x, &names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    for name in names {
        assert_close(&net.tap(&x, &name).unwrap(), &all.at(&name).unwrap(), &name);
    }
    assert!(all.at("input").unwrap().equal(&x));
}

#[test]
fn walking_with_the_gradient_rule_is_autograd() {
    let (net, x) = (double(&every_op().unwrap()), wide(&image(2, 21, 34)));
    for wish in [
        Objective::class(1),
        Objective::neuron("add", 2, [1, 3]),
        Objective::layer("relu2") - Objective::channel("left", 3),
        Objective::class(0) + 2.0 * Objective::channel("input", 1),
    ] {
        let autograd = net.gradient(&x, &wish, ReluRule::Gradient).unwrap();
        let walked = net.walk(&x, &wish, ReluRule::Gradient).unwrap();
        assert!(autograd.abs().max().double_value(&[]) > 0.0, "{wish}: nothing to compare");
        assert_close(&walked, &autograd, &wish.to_string());
    }
}

#[test]
fn without_relus_all_rules_agree() {
    let net = Net::new("linear")
        .then("conv1", Op::Conv2d(conv(4, 3, 3, 1)))
        .and_then(|net| net.then("pool", Op::AvgPool2d(Pool::square(2))))
        .unwrap();
    let net = double(&net);
    let (x, wish) = (wide(&image(1, 9, 14)), Objective::neuron("pool", 2, [1, 5]));
    let gradient = net.gradient(&x, &wish, ReluRule::Gradient).unwrap();
    for rule in [ReluRule::Guided, ReluRule::Deconvnet] {
        assert_close(&net.gradient(&x, &wish, rule).unwrap(), &gradient, "rule");
    }
}

#[test]
fn the_gradient_is_the_slope() {
    let (net, x) = (double(&every_op().unwrap()), wide(&image(1, 20, 27)));
    let (score, gradient) = net.score_and_gradient(&x, &Objective::class(2)).unwrap();
    let step = wide(&wave(&[1, 3, 20, 27], 12)) * 1e-8;
    let (there, _) = net.score_and_gradient(&(&x + &step), &Objective::class(2)).unwrap();
    let predicted = (gradient * step).sum(Kind::Double);
    let moved = there - score;
    let error = ((&moved - &predicted) / &predicted).abs().double_value(&[0]);
    assert!(error < 1e-4, "{error}: moved {moved} predicted {predicted}");
}

#[test]
fn a_prefix_shares_its_weights_and_agrees() {
    let (net, x) = (every_op().unwrap(), image(1, 23, 30));
    let trunk = net.upto("add").unwrap();
    assert!(trunk.tap(&x, "add").unwrap().equal(&net.tap(&x, "add").unwrap()));
    assert!(trunk.logits(&x).is_err() && trunk.layer("fc1").is_err());
    let pointer = |net: &Net| match &net.layer("mix").unwrap().op {
        Op::Conv2d(conv) => conv.weight.data_ptr(),
        _ => std::ptr::null_mut(),
    };
    assert_eq!(pointer(&trunk), pointer(&net));
}
