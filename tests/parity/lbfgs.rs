//! L-BFGS against torch.optim.LBFGS, both in double precision: the same losses and the same images after 20
//! steps, to the six digits that were kept.

use crate::common::{double, wide};
use crate::formula::{assert_same, formula};
use convlens::net::{Conv2d, Net, Op};
use convlens::{Climb, Method, Objective, gram_matrix};
use serde_json::Value;

#[test]
fn twenty_steps_of_lbfgs() {
    let expected: Value = serde_json::from_str(include_str!("lbfgs.json")).unwrap();
    let size = expected["size"].as_array().unwrap().iter().map(|v| v.as_i64().unwrap());
    let [n, h, w] = size.collect::<Vec<_>>()[..] else { panic!("three sizes") };
    let start = wide(&(formula(&[n, 3, h, w], 1000) / 2.0 + 0.5));
    let conv = Op::Conv2d(Conv2d::new(formula(&[4, 3, 3, 3], 7), None));
    let net = double(&Net::new("one convolution").then("conv", conv).unwrap());
    let goal = net.tap(&start.flip([0, 3]), "conv").unwrap();
    let loss = Objective::features("conv", &goal)
        + 300.0 * Objective::gram("conv", &gram_matrix(&goal).unwrap())
        + 0.5 * Objective::total_variation();
    let method = Method::Lbfgs { rate: 0.8, history: 5 };
    let climb = Climb { steps: 20, method, clip: None, ..Climb::default() };
    let made = climb.run(&net, &start, &-loss).unwrap();
    let of = |i: usize| &expected["climbs"][i];
    for i in 0..n as usize {
        let x = made.image.narrow(0, i as i64, 1);
        assert_same(&x, &of(i)["image"], &format!("image {i} after 20 steps"));
    }
    for (step, score) in made.scores[..20].iter().enumerate() {
        let wanted: f64 = (0..2).map(|i| of(i)["losses"][step].as_f64().unwrap()).sum();
        assert!((score + wanted).abs() <= 5e-6 * wanted, "step {step}: {score}, torch -{wanted}");
    }
}
