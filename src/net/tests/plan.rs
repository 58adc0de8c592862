//! What a plan runs, and in which order.

use super::*;
use crate::Objective;
use crate::net::plan::{Work, plan};

#[test]
fn a_plan_runs_only_what_leads_to_its_taps_and_holds_little() {
    let net = every_op().unwrap();
    let id = |name: &str| net.id(name).unwrap();
    let steps = plan(&net, &[id("right_relu")]);
    let ran: Vec<&str> = steps.iter().map(|s| net.layers[s.layer].name.as_str()).collect();
    assert_eq!(ran, ["normalize", "bn1", "relu1", "lrn", "pool1", "right", "right_relu"]);
    let (mut held, mut most) = (1i32, 1);
    for step in &steps {
        held += 1;
        most = most.max(held);
        held -= step.done.len() as i32;
    }
    assert_eq!((held, most), (1, 2));
}

/// Convolution, ReLU6, a max pool with a border, and something behind it.
fn stem() -> Net {
    let net = Net::new("stem").then("conv", Op::Conv2d(conv(4, 3, 3, 1)));
    let net = net.and_then(|net| net.then("relu", Op::Relu6));
    let pool = Op::MaxPool2d(Pool::square(3).stride(2).padding(1));
    let net = net.and_then(|net| net.then("pool", pool)?.then("mix", Op::Conv2d(conv(2, 4, 3, 2))));
    net.unwrap()
}

#[test]
fn a_max_pool_goes_before_the_relu_that_it_alone_reads() {
    let net = stem();
    let steps = plan(&net, &[net.id("mix").unwrap()]);
    assert!(matches!(steps[1].work, Work::Own(Op::MaxPool2d(_))));
    assert!(matches!(steps[2].work, Work::InPlace(Op::Relu6)));
    let steps = plan(&net, &[net.id("relu").unwrap(), net.id("mix").unwrap()]);
    assert!(matches!(steps[2].work, Work::Own(Op::MaxPool2d(_))));
    let two = stem().join("sum", Op::Add, &["relu", "conv"]).unwrap();
    let steps = plan(&two, &[two.id("mix").unwrap(), two.id("sum").unwrap()]);
    assert!(matches!(steps[2].work, Work::Own(Op::MaxPool2d(_))));
}

#[test]
fn the_order_of_max_pool_and_relu_changes_no_number() {
    let (net, x) = (stem(), image(2, 13, 18) * 4.0);
    let kept = net.taps(&x, &["relu", "mix"]).unwrap();
    assert!(net.tap(&x, "mix").unwrap().equal(&kept.at("mix").unwrap()));
    let [cut, lit] = [6.0, 0.0].map(|v| kept.at("relu").unwrap().eq(v).any().int64_value(&[]));
    assert_eq!((cut, lit), (1, 1), "both ends of ReLU6 must occur");
    let (net, x, wish) = (double(&net), wide(&x), Objective::neuron("mix", 1, [3, 4]));
    let walked = net.walk(&x, &wish, ReluRule::Gradient).unwrap();
    assert_close(&net.gradient(&x, &wish, ReluRule::Gradient).unwrap(), &walked, "gradient");
}
