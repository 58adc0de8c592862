//! The fooling image, one pixel, one change for all, and accuracy over epsilon.

use crate::common::{EXACT, apart};
use crate::tiny::{exact_pictures, grey, linear, pictures, scattered, two_classes};
use convlens::adversarial::{FoolingImage, Goal, Norm, OnePixel, Pgd, Universal, predicted};
use tch::{Kind, Tensor};

#[test]
fn a_fooling_image_climbs_by_its_rate_and_stops_when_it_fools() {
    let (net, w) = two_classes();
    let said = predicted(&net, &grey()).unwrap()[0];
    let found = FoolingImage { rate: 0.01, ..FoolingImage::default() };
    let found = found.run(&net, &grey(), 1 - said).unwrap();
    // The scores are 2 w and -w: the length of the target's slope is what a step of 1 gains.
    let slope = if said == 0 { 1.0 } else { 2.0 };
    for pair in found.scores.windows(2) {
        assert!((pair[1] - pair[0] - 0.01 * slope).abs() < 1e-5);
    }
    let steps = found.scores.len() - 1;
    assert!((found.attacked.l2[0] - 0.01 * steps as f64).abs() < 1e-5);
    assert!(found.attacked.fooled[0]);
    assert_eq!(found.scores[steps], found.highest[steps]);
    assert!(found.scores[steps - 1] < found.highest[steps - 1]);
    assert_eq!(w.size(), grey().size());
}

#[test]
fn fooling_ends_after_its_steps() {
    let (net, x, labels) = pictures(1);
    let short = FoolingImage { rate: 1e-6, steps: 2 };
    let found = short.run(&net, &x, (labels[0] + 1) % 5).unwrap();
    assert_eq!((found.scores.len(), found.attacked.fooled[0]), (3, false));
    let error = short.run(&net, &x, labels[0]).unwrap_err().to_string();
    assert!(error.starts_with("target: expected another class"), "{error}");
    let error = short.run(&net, &Tensor::cat(&[&x, &x], 0), (labels[0] + 1) % 5).unwrap_err();
    assert!(error.to_string().starts_with("image: expected one"), "{error}");
}

/// Class 0 counts red pixel 0 ten times; everything else hardly matters.
fn one_matters() -> convlens::net::Net {
    let weight = scattered(&[2, 18], 2.0) * 0.001;
    let _ = weight.get(0).get(4).fill_(10.0);
    let net = linear(&weight);
    assert_eq!(predicted(&net, &grey()).unwrap(), [0]);
    net
}

#[test]
fn one_pixel_is_the_one_that_matters() {
    let net = one_matters();
    let attack = OnePixel { candidates: 20, ..OnePixel::default() };
    let found = attack.run(&net, &grey(), &Goal::away(&[0])).unwrap();
    assert!(found.fooled[0]);
    let changed = (&found.images - grey()).abs().amax([1i64].as_slice(), false).flatten(0, -1);
    let at = Vec::<f64>::try_from(changed.to_kind(Kind::Double)).unwrap();
    let moved: Vec<usize> = (0..6).filter(|&i| at[i] > 0.0).collect();
    assert_eq!(moved, [4], "row 1, column 1");
    let whole = (found.images * 255.0).get(0).select(1, 1).select(1, 1);
    assert!((&whole - whole.round()).abs().max().double_value(&[]) < 1e-4);
}

#[test]
fn pixels_are_as_many_as_asked_for_and_hang_on_the_seed_alone() {
    let (net, x, labels) = exact_pictures(2);
    let attack = |seed, batch| {
        let attack = OnePixel { pixels: 3, candidates: 12, generations: 4, batch, seed };
        attack.run(&net, &x, &Goal::away(&labels)).unwrap().images
    };
    let found = attack(1, 5);
    let changed = (&found - &x).abs().amax([1i64].as_slice(), false).gt(0.0);
    for i in 0..2 {
        let count = changed.get(i).sum(Kind::Int64).int64_value(&[]);
        assert!((1..=3).contains(&count), "{count}");
    }
    assert!(apart(&found, &attack(1, 12)) < EXACT);
    assert!(!found.equal(&attack(2, 5)));
}

#[test]
fn more_generations_are_never_worse() {
    let (net, x, labels) = pictures(1);
    let goal = Goal::away(&labels);
    let sure = |generations| {
        let attack = OnePixel { candidates: 8, generations, ..OnePixel::default() };
        let found = attack.run(&net, &x, &goal).unwrap();
        net.logits(&found.images).unwrap().softmax(1, Kind::Double).double_value(&[0, labels[0]])
    };
    let sure: Vec<f64> = [1, 3, 9].into_iter().map(sure).collect();
    assert!(sure[0] >= sure[1] && sure[1] >= sure[2] && sure[2] < sure[0], "{sure:?}");
}

#[test]
fn one_change_for_all_follows_the_weights_they_share() {
    let (net, w) = two_classes();
    let x = scattered(&[5, 3, 2, 3], 3.0) * 0.1 + 0.5;
    let said = predicted(&net, &x).unwrap();
    assert!(said.iter().all(|&class| class == said[0]), "the test wants one class: {said:?}");
    let sign = if said[0] == 0 { -1.0 } else { 1.0 };
    let found = Universal { epsilon: 0.2, epochs: 6, batch: 2, ..Universal::default() };
    let change = found.run(&net, &x).unwrap().change;
    assert!(change.allclose(&(w.sign() * (0.2 * sign)), 0.0, 1e-6, false));
    let long = Universal { norm: Norm::L2, epsilon: 0.5, ..found.clone() }.run(&net, &x).unwrap();
    assert!(long.change.allclose(&(&w * (0.5 * sign)), 0.0, 1e-5, false));
    let on = long.on(&net, &x).unwrap();
    assert!(on.images.equal(&(&x + &long.change).clamp(0.0, 1.0)));
    let now = predicted(&net, &on.images).unwrap();
    let changed = now.iter().zip(&said).filter(|(a, b)| a != b).count();
    assert_eq!(on.success(), changed as f64 / 5.0);
}

#[test]
fn one_change_for_all_goes_through_every_image_in_an_order_by_seed() {
    let (net, x, _) = pictures(5);
    let change = |seed| {
        let attack = Universal { epochs: 2, batch: 2, seed, step: 0.3, ..Universal::default() };
        attack.run(&net, &x).unwrap().change
    };
    assert!(change(1).equal(&change(1)) && !change(1).equal(&change(2)));
    assert!(change(1).abs().max().double_value(&[]) <= 10.0 / 255.0 + 1e-8);
    let error = Universal { epsilon: -1.0, ..Universal::default() }.run(&net, &x).unwrap_err();
    assert!(error.to_string().starts_with("epsilon: expected 0 or more"), "{error}");
    let found = Universal { epochs: 1, ..Universal::default() }.run(&net, &x).unwrap();
    let error = found.on(&net, &x.narrow(3, 0, 5)).unwrap_err().to_string();
    assert!(error.starts_with("image: expected [3, 6, 9], got [3, 6, 5]"), "{error}");
}

#[test]
fn accuracies_are_what_the_network_says_of_each_epsilons_pictures() {
    let (net, x, labels) = pictures(6);
    let mut wrong = labels.clone();
    wrong[2] = (labels[2] + 1) % 5;
    let pgd = Pgd { steps: 5, ..Pgd::linf(0.5) };
    let epsilons = [0.0, 0.02, 0.1, 0.3];
    let found = pgd.accuracies(&net, &x, &wrong, &epsilons).unwrap();
    assert_eq!(found[0], 5.0 / 6.0);
    for (&epsilon, &accuracy) in epsilons.iter().zip(&found).skip(1) {
        let made = Pgd { epsilon, ..pgd.clone() }.run(&net, &x, &Goal::away(&wrong)).unwrap();
        let said = predicted(&net, &made.images).unwrap();
        let right = said.iter().zip(&wrong).filter(|(a, b)| a == b).count();
        assert!((accuracy - right as f64 / 6.0).abs() < 1e-12);
    }
    let error = pgd.accuracies(&net, &x, &wrong, &[]).unwrap_err().to_string();
    assert!(error.starts_with("epsilons: expected at least one"), "{error}");
}
