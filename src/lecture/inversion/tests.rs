//! What is matched, what it costs and where it starts, with numbers done by hand.

use super::*;
use crate::net::{Conv2d, Op};
use crate::pixels::Rect;
use crate::{Method, Space};
use tch::Device;

fn pixels() -> Net {
    Net::new("pixels")
}

fn numbers(x: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(x.contiguous().flatten(0, -1)).unwrap()
}

/// `[1, 3, 2, 3]` in 0.1..0.9, every value another.
fn photo() -> Tensor {
    let x = Tensor::arange(18, (Kind::Float, Device::Cpu)) * 0.7;
    (x.sin() * 0.4 + 0.5).view([1, 3, 2, 3])
}

/// Straight to the photo: pixels are the layer, so the loss is a bowl.
fn plain() -> Inversion {
    let climb = Climb { steps: 10, space: Space::Pixels, ..Inversion::waves().climb };
    Inversion { climb, total_variation: 0.0, ..Inversion::waves() }
}

#[test]
fn the_loss_is_1_for_features_of_0_and_0_for_the_photo() {
    let matched = plain().matched(&photo(), "input").unwrap();
    let both = Tensor::cat(&[photo().zeros_like(), photo(), photo() * 0.5], 0);
    let found = numbers(&matched.score(&pixels(), &both).unwrap());
    for (found, by_hand) in found.into_iter().zip([1.0, 0.0, 0.25]) {
        assert!((found - by_hand).abs() < 1e-6, "{found}, by hand {by_hand}");
    }
}

#[test]
fn pixels_are_inverted_exactly() {
    let found = plain().run(&pixels(), &photo(), "input").unwrap();
    assert!(found.image.allclose(&photo(), 0.0, 1e-4, false));
    assert!(found.loss[0] < 1e-7 && found.layer == "input");
    // From grey noise: |0.5 - photo|^2 / |photo|^2.
    let size = |x: Tensor| x.square().sum(Kind::Double).double_value(&[]);
    let apart = size(photo() - 0.5) / size(photo());
    assert!((found.curve[0] - apart).abs() < 0.02, "{} and {apart}", found.curve[0]);
    assert_eq!(found.curve.len(), 11);
}

#[test]
fn only_the_part_is_matched() {
    // Green, or one place: noise 0 leaves all else at grey. Features of 0 have a loss of 1 all the same.
    let matched = Inversion { part: Part::Channels(1..2), ..plain() }.matched(&photo(), "input");
    let none = matched.unwrap().score(&pixels(), &photo().zeros_like()).unwrap();
    assert!((none.double_value(&[0]) - 1.0).abs() < 1e-6);
    let part = |part| {
        let found = Inversion { part, noise: 0.0, ..plain() }.run(&pixels(), &photo(), "input");
        found.unwrap().image
    };
    let green = part(Part::Channels(1..2));
    assert!(green.narrow(1, 1, 1).allclose(&photo().narrow(1, 1, 1), 0.0, 1e-4, false));
    for channel in [0, 2] {
        assert_eq!(numbers(&green.narrow(1, channel, 1)), [0.5; 6]);
    }
    let right = part(Part::Place(Rect { top: 0, left: 2, height: 1, width: 1 }));
    let matched = right.narrow(2, 0, 1).narrow(3, 2, 1);
    assert!(matched.allclose(&photo().narrow(2, 0, 1).narrow(3, 2, 1), 0.0, 1e-4, false));
    let changed = right.ne(0.5).to_kind(Kind::Float).sum(Kind::Float).double_value(&[]);
    assert_eq!(changed, 3.0);
}

#[test]
fn a_fully_connected_layer_has_channels_and_no_places() {
    let mask = |part: Part, size: &[i64]| part.mask(size);
    assert_eq!(numbers(&mask(Part::Channels(1..3), &[1, 4]).unwrap()), [0., 1., 1., 0.]);
    assert_eq!(numbers(&mask(Part::All, &[1, 4]).unwrap()), [1.0]);
    let place = Part::Place(Rect { top: 0, left: 0, height: 1, width: 1 });
    assert!(mask(place, &[1, 4]).is_err());
}

#[test]
fn priors_are_added_with_their_weights() {
    // Steps down and right of 0, 1 / 2, 4: 4 + 9 and 1 + 4; |x - 0.5|^2 = 0.25 + 0.25 +
    // 2.25 + 12.25.
    let x = Tensor::from_slice(&[0f32, 1.0, 2.0, 4.0]).view([1, 1, 2, 2]);
    let priors = Inversion { total_variation: 2.0, alpha_norm: 3.0, alpha: 2.0, ..plain() };
    let both = priors.with_priors(&(0.0 * Objective::l2()), 4.0).score(&pixels(), &x).unwrap();
    let by_hand = 2.0 * 18.0 + 3.0 * 15.0;
    assert!((both.double_value(&[0]) - by_hand).abs() < 1e-5);
}

#[test]
fn a_start_is_the_same_however_many_there_are() {
    let starts = |starts| Inversion { starts, noise: 0.1, ..plain() }.start(&photo()).unwrap();
    let three = starts(3);
    assert!(three.narrow(0, 0, 1).equal(&starts(1)));
    assert!(!three.get(0).equal(&three.get(1)) && !three.get(1).equal(&three.get(2)));
    let found = Inversion { starts: 3, noise: 0.1, ..plain() };
    let found = found.run(&pixels(), &photo(), "input").unwrap();
    assert_eq!((found.image.size(), found.loss.len()), (vec![3, 3, 2, 3], 3));
    let from_grey = |starts| Inversion { starts, noise: 0.0, ..plain() };
    let [one, three] =
        [1, 3].map(|n| from_grey(n).run(&pixels(), &photo(), "input").unwrap().curve[0]);
    assert!((one - three).abs() < 1e-6, "the curve is the mean over starts");
}

#[test]
fn what_a_layer_forgot_is_up_to_the_prior() {
    // The layer sees one pixel of two in a row: with total variation the other becomes like it.
    let weight = Tensor::from_slice(&[1f32, 0.0]).view([1, 1, 1, 2]);
    let net = Net::new("half").then("conv", Op::Conv2d(Conv2d::new(weight, None))).unwrap();
    let seen = net.tap(&Tensor::from_slice(&[0.8f32, 0.1]).view([1, 1, 1, 2]), "conv").unwrap();
    let energy = Inversion { total_variation: 0.01, ..plain() };
    let energy = energy.with_priors(&energy.matched(&seen, "conv").unwrap(), 2.0);
    let start = Tensor::full([1, 1, 1, 2], 0.5, (Kind::Float, Device::Cpu));
    let found = Climb { steps: 30, ..plain().climb }.run(&net, &start, &-energy).unwrap().image;
    assert!(numbers(&found).iter().all(|v| (v - 0.8).abs() < 1e-3), "{:?}", numbers(&found));
}

#[test]
fn presets_are_their_sources() {
    let paper = Inversion::deep_goggle();
    let Method::Momentum { rate, momentum } = paper.climb.method else { panic!("momentum") };
    assert!((rate - 2.916e-4).abs() < 1e-9 && momentum == 0.9, "{rate}");
    assert!((paper.total_variation - 6.86).abs() < 0.005 && (paper.alpha_norm - 23.2).abs() < 0.05);
    assert_eq!((paper.climb.steps, paper.beta, paper.alpha), (400, 2.0, 6.0));
    let rates = [0, 150, 350].map(|step| {
        let used = paper.climb.schedule.iter().filter(|(from, _)| *from <= step);
        used.map(|(_, factor)| factor).product::<f64>()
    });
    assert!((rates[1] - 0.1).abs() < 1e-12 && (rates[2] - 0.01).abs() < 1e-12 && rates[0] == 1.0);
    let course = Inversion::cs231n();
    assert_eq!((course.climb.steps, course.climb.blur_every, course.alpha), (500, 1, 2.0));
}

#[test]
fn every_preset_inverts_brightness() {
    let sum = Op::Conv2d(Conv2d::new(Tensor::ones([1, 3, 1, 1], (Kind::Float, Device::Cpu)), None));
    let net = Net::new("tiny").then("conv", sum).unwrap();
    let presets = [Inversion::waves(), Inversion::deep_goggle(), Inversion::cs231n()];
    for preset in presets {
        let mut none = Inversion { total_variation: 0.0, alpha_norm: 0.0, ..preset };
        none.climb.steps = 150;
        let found = none.run(&net, &photo(), "conv").unwrap();
        assert!(found.loss[0] < 0.01, "{:?}: {}", none.climb.method, found.loss[0]);
    }
}

#[test]
fn what_cannot_be_inverted_is_one_sentence() {
    let says = |inversion: Inversion, photo: &Tensor, layer: &str, words: &str| {
        let error = inversion.run(&pixels(), photo, layer).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    let (x, two) = (photo(), Tensor::cat(&[photo(), photo()], 0));
    says(plain(), &x, "conv9_9", "expected a layer of pixels, got `conv9_9`");
    says(plain(), &two, "input", "expected one, [1, 3, h, w], got [2, 3, 2, 3]");
    says(plain(), &x.zeros_like(), "input", "part: expected some unit that is not 0");
    says(Inversion { part: Part::Channels(2..4), ..plain() }, &x, "input", "got Channels(2..4)");
    says(
        Inversion { part: Part::Channels(1..1), ..plain() },
        &x,
        "input",
        "a part of [1, 3, 2, 3]",
    );
    let wide = Part::Place(Rect { top: 0, left: 2, height: 2, width: 2 });
    says(Inversion { part: wide, ..plain() }, &x, "input", "not of the image");
    says(Inversion { starts: 0, ..plain() }, &x, "input", "starts: expected 1 to 100000, got 0");
    says(Inversion { noise: -1.0, ..plain() }, &x, "input", "noise: expected 0 to 1000000, got -1");
    let moved = Climb { jitter: 2, ..plain().climb };
    says(Inversion { climb: moved, ..plain() }, &x, "input", "got 1 octaves, jitter 2");
}
