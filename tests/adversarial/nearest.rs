//! Attacks for the nearest picture, by hand and by identities.

use crate::common::apart;
use crate::tiny::{exact_pictures, grey, linear, pictures, scattered, two_classes};
use convlens::adversarial::minimum_norm::{CarliniWagner, DeepFool};
use convlens::adversarial::{Goal, Norm, predicted};
use tch::{Kind, Tensor};

/// How far two runs of one attack may be apart in double precision: each of a few dozen steps starts where
/// the last one ended, and a bend makes of a difference at most some times as much.
const AFTER_STEPS: f64 = 1e-9;

fn few() -> CarliniWagner {
    CarliniWagner { searches: 5, steps: 100, constant: 1.0, ..CarliniWagner::default() }
}

/// By how much class 0 leads in grey, and the weights of that lead (of length 3).
fn lead() -> (f64, Tensor) {
    let (net, w) = two_classes();
    let logits = net.logits(&grey()).unwrap();
    (logits.double_value(&[0, 0]) - logits.double_value(&[0, 1]), w * 3.0)
}

#[test]
fn deep_fool_goes_straight_over_a_straight_edge() {
    let ((net, _), (lead, w)) = (two_classes(), lead());
    for (norm, steepness) in
        [(Norm::L2, 3.0), (Norm::Linf, w.abs().sum(Kind::Double).double_value(&[]))]
    {
        let attack = DeepFool { norm, ..DeepFool::default() };
        let found = attack.run(&net, &grey()).unwrap();
        let wanted = (lead.abs() / steepness + 1e-4) * 1.02;
        let size = if norm == Norm::L2 { found.l2[0] } else { found.linf[0] };
        assert!(found.fooled[0] && (size - wanted).abs() < 1e-6, "{size} for {wanted}");
        let way = if norm == Norm::L2 { &w / 3.0 } else { w.sign() };
        let change = &found.images - grey();
        assert!(change.allclose(&(way * (-lead.signum() * wanted)), 0.0, 1e-6, false));
    }
}

#[test]
fn deep_fool_takes_the_nearest_of_several_edges() {
    // Class 0 leads class 1 by 0.5 with a slope of sqrt 3, and class 2 by 1 with one of 10.
    let weight = Tensor::zeros([3, 18], (Kind::Float, tch::Device::Cpu));
    for (class, pixel, value) in
        [(0, 0, 8.0), (1, 0, 8.0), (1, 1, -1.0), (1, 2, -1.0), (1, 3, 1.0), (2, 4, 6.0)]
    {
        let _ = weight.get(class).get(pixel).fill_(value);
    }
    let net = linear(&weight);
    let found = DeepFool::default().run(&net, &grey()).unwrap();
    assert_eq!(found.after[0].class, 2);
    assert!((found.l2[0] - 1.02 * (0.1 + 1e-4)).abs() < 1e-6);
    let two = DeepFool { candidates: 2, ..DeepFool::default() }.run(&net, &grey()).unwrap();
    assert_eq!(two.after[0].class, 1);
    assert!((two.l2[0] - 1.02 * (0.5 / 3f64.sqrt() + 1e-4)).abs() < 1e-6);
}

#[test]
fn a_batch_is_its_images() {
    let (net, x, labels) = exact_pictures(3);
    let cw = CarliniWagner { searches: 2, steps: 12, ..few() };
    let (deep, near) = (
        DeepFool::default().run(&net, &x).unwrap(),
        cw.run(&net, &x, &Goal::away(&labels)).unwrap(),
    );
    for i in 0..3 {
        let one = x.narrow(0, i, 1);
        let alone = DeepFool::default().run(&net, &one).unwrap();
        assert!(apart(&alone.images, &deep.images.narrow(0, i, 1)) < AFTER_STEPS);
        let alone = cw.run(&net, &one, &Goal::away(&labels[i as usize..][..1])).unwrap();
        assert!(apart(&alone.images, &near.images.narrow(0, i, 1)) < AFTER_STEPS);
    }
}

#[test]
fn carlini_and_wagner_find_the_nearest_point_of_a_straight_edge() {
    let ((net, _), (lead, w)) = (two_classes(), lead());
    let said = predicted(&net, &grey()).unwrap();
    let nearest = lead.abs() / 3.0;
    for goal in [Goal::away(&said), Goal::towards(1 - said[0])] {
        let found = few().run(&net, &grey(), &goal).unwrap();
        assert!(found.fooled[0]);
        assert!((found.l2[0] / nearest - 1.0).abs() < 0.02, "{} for {nearest}", found.l2[0]);
        let way = (&found.images - grey()) / found.l2[0];
        let along = (way * &w / 3.0).sum(Kind::Double).double_value(&[]).abs();
        assert!(along > 0.995, "{along}");
    }
    // Ahead by 0.3 on top: farther by 0.1.
    let sure = CarliniWagner { confidence: 0.3, ..few() };
    let found = sure.run(&net, &grey(), &Goal::away(&said)).unwrap();
    assert!((found.l2[0] / (nearest + 0.1) - 1.0).abs() < 0.02, "{}", found.l2[0]);
}

#[test]
fn the_nearest_pictures_are_in_range_and_fool() {
    let (net, x, labels) = pictures(2);
    let deep = DeepFool::default().run(&net, &x).unwrap();
    let near = CarliniWagner { searches: 6, steps: 150, ..few() };
    let near = near.run(&net, &x, &Goal::away(&labels)).unwrap();
    for found in [&deep, &near] {
        assert_eq!(found.fooled, [true; 2]);
        assert!(found.images.min().double_value(&[]) >= 0.0);
        assert!(found.images.max().double_value(&[]) <= 1.0);
    }
    let [deep, near] = [&deep, &near].map(|found| found.l2.iter().sum::<f64>());
    assert!(near < deep, "the patient search is nearer: {near}, {deep}");
}

#[test]
fn an_image_that_is_never_fooled_stays() {
    let net =
        linear(&(scattered(&[2, 18], 4.0) * 0.0 + Tensor::from_slice(&[1f32, 0.0]).view([2, 1])));
    let short = CarliniWagner { searches: 1, steps: 2, ..few() };
    let found = short.run(&net, &grey(), &Goal::away(&[0])).unwrap();
    assert!(!found.fooled[0] && found.images.equal(&grey()));
    assert_eq!(found.l2, [0.0]);
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let (net, x, labels) = pictures(1);
    let error = DeepFool { candidates: 1, ..DeepFool::default() }.run(&net, &x).unwrap_err();
    assert!(error.to_string().starts_with("DeepFool: expected 1 to 1000000 steps"), "{error}");
    let error = DeepFool::default().run(&net, &(&x * 2.0)).unwrap_err();
    assert!(error.to_string().starts_with("image: expected values in 0..1"), "{error}");
    let own = Goal::Towards(labels.clone());
    let error = few().run(&net, &x, &own).unwrap_err().to_string();
    assert!(error.starts_with("target: expected another class"), "{error}");
    let error =
        CarliniWagner { rate: 0.0, ..few() }.run(&net, &x, &Goal::away(&labels)).unwrap_err();
    assert!(error.to_string().starts_with("Carlini and Wagner: expected all settings"), "{error}");
}
