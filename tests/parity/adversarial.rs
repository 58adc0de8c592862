//! Attacks against foolbox: the same pictures after the same steps from the same start, in double precision,
//! so that no sign hangs on rounding.

use crate::common::{double, wide};
use crate::formula::{assert_same, formula, image};
use convlens::adversarial::minimum_norm::{CarliniWagner, DeepFool};
use convlens::adversarial::{Attacked, Goal, Norm, Pgd};
use convlens::net::{Conv2d, Net, Op};
use serde_json::Value;
use tch::Tensor;

const EPSILON: f64 = 0.02;

struct Given {
    net: Net,
    x: Tensor,
    expected: Value,
}

/// Weights and biases from the formula: seeds from 11 and from 21.
fn network() -> Net {
    let weight = |shape: &[i64], seed| {
        let fan_in = shape[1..].iter().product::<i64>() as f64;
        formula(shape, seed) * (6.0 / fan_in).sqrt()
    };
    let conv = |shape: &[i64], seed| {
        Conv2d::new(weight(shape, seed), Some(formula(&shape[..1], seed + 10) / 10.0))
    };
    let last = Op::Linear { weight: weight(&[10, 72], 13), bias: formula(&[10], 23) / 10.0 };
    let ops = [
        Op::Conv2d(conv(&[8, 3, 5, 5], 11).stride(2)),
        Op::Relu,
        Op::Conv2d(conv(&[12, 8, 3, 3], 12)),
        Op::Relu,
        Op::AdaptiveAvgPool2d { out: [2, 3] },
        Op::Flatten,
        last,
    ];
    let layer = |net: Net, (i, op)| net.then(&format!("layer{i}"), op).unwrap();
    let net = (0..).zip(ops).fold(Net::new("formula"), layer);
    net.with_classes((0..10).map(|i| i.to_string()).collect())
}

impl Given {
    fn new() -> Self {
        let expected: Value = serde_json::from_str(include_str!("adversarial.json")).unwrap();
        Given { net: double(&network()), x: wide(&image(&expected)), expected }
    }

    fn goals(&self) -> [(&'static str, Goal); 2] {
        let of = |name: &str| {
            self.expected[name].as_array().unwrap().iter().map(|v| v.as_i64().unwrap()).collect()
        };
        [("away", Goal::Away(of("labels"))), ("towards", Goal::Towards(of("targets")))]
    }

    fn compare(&self, found: &Attacked, goal: &str, name: &str) {
        let expected = &self.expected[goal][name];
        assert_same(&(&found.images - &self.x), &expected["change"], &format!("{name}, {goal}"));
        let fooled = expected["fooled"].as_array().unwrap().iter().map(|v| v.as_bool().unwrap());
        assert_eq!(found.fooled, fooled.collect::<Vec<_>>(), "{name}, {goal}");
    }

    fn within(&self, name: &str, pgd: &Pgd) {
        for (way, goal) in self.goals() {
            if self.expected[way].get(name).is_some() {
                self.compare(&pgd.run(&self.net, &self.x, &goal).unwrap(), way, name);
            }
        }
    }
}

#[test]
fn attacks_within_epsilon() {
    let given = Given::new();
    let still = |pgd: Pgd| Pgd { random_start: false, ..pgd };
    let long = 20.0 * EPSILON;
    given.within("FGSM", &Pgd::fgsm(EPSILON));
    given.within("FGSM, L2", &Pgd { norm: Norm::L2, ..Pgd::fgsm(long) });
    given.within("BIM", &Pgd::bim(EPSILON));
    given.within("MI-FGSM", &Pgd::mi_fgsm(EPSILON));
    given.within("PGD", &still(Pgd::linf(EPSILON)));
    given.within("PGD, L2", &still(Pgd::l2(long)));
    given.within("PGD from a start", &Pgd { steps: 10, ..Pgd::linf(EPSILON) });
    given.within("PGD, L2, from a start", &Pgd { steps: 10, ..Pgd::l2(long) });
}

#[test]
fn deep_fool() {
    let given = Given::new();
    let short = DeepFool { steps: 3, candidates: 4, overshoot: -0.4, ..DeepFool::default() };
    let linf = DeepFool { norm: Norm::Linf, ..DeepFool::default() };
    for (name, attack) in
        [("DeepFool", DeepFool::default()), ("DeepFool, short", short), ("DeepFool, Linf", linf)]
    {
        given.compare(&attack.run(&given.net, &given.x).unwrap(), "away", name);
    }
}

#[test]
fn carlini_wagner() {
    let given = Given::new();
    let few =
        CarliniWagner { searches: 4, steps: 25, rate: 0.02, constant: 1.0, ..Default::default() };
    let few = CarliniWagner { abort_early: false, ..few };
    let confident = CarliniWagner { confidence: 0.05, ..few.clone() };
    let abort = CarliniWagner { searches: 10, steps: 20, abort_early: true, ..few.clone() };
    for (name, attack) in [("C&W", few), ("C&W, confident", confident), ("C&W, abort", abort)] {
        for (way, goal) in given.goals() {
            given.compare(&attack.run(&given.net, &given.x, &goal).unwrap(), way, name);
        }
    }
}
