//! Starts, penalties and presets, with numbers done by hand.

use super::*;
use crate::net::{Conv2d, Op};
use crate::{Method, Space};

fn pixels() -> Net {
    Net::new("pixels")
}

fn score(wish: &Objective, x: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(wish.score(&pixels(), x).unwrap()).unwrap()
}

fn weight() -> Tensor {
    image(&[1.0, -1.0, 0.5], [1, 3, 1, 1])
}

fn image(values: &[f32], shape: [i64; 4]) -> Tensor {
    Tensor::from_slice(values).view(shape)
}

#[test]
fn penalties_by_hand() {
    // 2x3: steps down 3, 3, 3 and across 1, 1, 1, 1 give 3 * 9 + 4; another image is flat.
    let x = image(&[0., 1., 2., 3., 4., 5.], [1, 1, 2, 3]);
    let both = Tensor::cat(&[&x, &x.full_like(0.7)], 0);
    assert_eq!(score(&Objective::total_variation(), &both), [31.0, 0.0]);
    // Distances from 0.5: -0.5, 0.5, ..., 4.5, squared 0.25 (1 + 1 + 9 + 25 + 49 + 81).
    let l2 = score(&Objective::l2(), &both);
    assert!((l2[0] - 41.5).abs() < 1e-5 && (l2[1] - 6.0 * 0.04).abs() < 1e-5, "{l2:?}");
    assert_eq!(Objective::diversity("conv1").to_string(), "diversity of conv1");
}

#[test]
fn diversity_by_hand() {
    // One place, two channels: Gram matrices of (1, 0), (0, 1) and (1, 1). Their cosines: the first two
    // share nothing; with the third 1 of length 1 against 4 ones of length 2 gives 1 / 2.
    let x = image(&[1., 0., 0., 1., 1., 1.], [3, 2, 1, 1]);
    let apart = Objective::diversity("input");
    assert_eq!(score(&apart, &x), [-0.25, -0.25, -0.5]);
    assert_eq!(score(&apart, &x.narrow(0, 0, 1)), [0.0]);
    let alike = Tensor::cat(&[x.narrow(0, 2, 1), x.narrow(0, 2, 1) * 3.0], 0);
    assert!(score(&apart, &alike).iter().all(|s| (s + 1.0).abs() < 1e-6));
}

#[test]
fn penalties_are_subtracted_and_named() {
    let ascent = Ascent { l2: 0.5, total_variation: 2.0, ..Ascent::fourier() };
    let tamed = ascent.tamed(&Objective::class(3)).to_string();
    assert_eq!(tamed, "class 3 + -0.5 * l2 + -2 * total variation");
    assert_eq!(Ascent::fourier().tamed(&Objective::class(3)).to_string(), "class 3");
}

#[test]
fn starts_are_grey_or_noise_of_the_deviation_asked_for() {
    let ascent = Ascent { size: [60, 80], count: 2, noise: 0.1, ..Ascent::simonyan() };
    let noise = ascent.start().unwrap();
    assert_eq!(noise.size(), [2, 3, 60, 80]);
    assert!((noise.mean(Kind::Double).double_value(&[]) - 0.5).abs() < 0.002);
    assert!((noise.std(true).double_value(&[]) - 0.1).abs() < 0.002);
    assert!(!noise.get(0).allclose(&noise.get(1), 0.0, 0.05, false), "images start apart");
    let grey = Ascent { noise: 0.0, ..ascent }.start().unwrap();
    assert!(grey.equal(&grey.full_like(0.5)));
}

#[test]
fn another_seed_is_another_start() {
    let start = |seed| {
        let mut ascent = Ascent { size: [4, 6], ..Ascent::cs231n() };
        ascent.climb.seed = seed;
        ascent.start().unwrap()
    };
    assert!(start(1).equal(&start(1)));
    assert!(!start(1).equal(&start(2)));
}

#[test]
fn presets_are_the_papers() {
    let cs231n = Ascent::cs231n();
    let Method::Normalised { rate } = cs231n.climb.method else { panic!("normalised steps") };
    // A step of 25 of normalised pixels, and weight 1e-3 of their squares.
    assert!((rate - 5.65).abs() < 1e-9 && (cs231n.l2 - 0.01958).abs() < 1e-5);
    assert_eq!((cs231n.climb.steps, cs231n.climb.jitter, cs231n.climb.blur_every), (100, 16, 10));
    let yosinski = Ascent::yosinski().climb;
    assert_eq!((yosinski.decay, yosinski.blur_sigma, yosinski.blur_every), (1e-4, 1.0, 4));
    let fourier = Ascent::fourier().climb;
    assert_eq!((fourier.method, fourier.space), (Method::Adam { rate: 0.05 }, Space::Fourier));
    assert_eq!((Ascent::simonyan().noise, Ascent::simonyan().climb.jitter), (0.0, 0));
}

#[test]
fn every_preset_climbs_and_ends_within_0_and_1() {
    let net = Net::new("tiny").then("conv", Op::Conv2d(Conv2d::new(weight(), None))).unwrap();
    let wish = Objective::channel("conv", 0);
    // Red - green + blue / 2: 0.25 for grey, 1.5 at most. Waves: Adam moves the mean of all three colour
    // directions by 0.05 a step, 2 in all, which is 2 * 13 / sqrt(130) / 4 times the sum of the matrix's
    // columns: (0.457, 0.272, 0.259), after the sigmoid (0.612, 0.567, 0.564).
    let presets: [(fn() -> Ascent, f64); 4] = [
        (Ascent::simonyan, 1.5),
        (Ascent::yosinski, 1.5),
        (Ascent::cs231n, 1.5),
        (Ascent::fourier, 0.327),
    ];
    for (preset, by_hand) in presets {
        let mut ascent = Ascent { size: [10, 13], l2: 0.0, count: 2, ..preset() };
        (ascent.climb.steps, ascent.climb.clip) = (40, None);
        let up = ascent.run(&net, &wish).unwrap();
        assert_eq!((up.image.size(), up.scores.len()), (vec![2, 3, 10, 13], 41));
        let [low, high] = [up.image.min(), up.image.max()].map(|v| v.double_value(&[]));
        assert!(low >= 0.0 && high <= 1.0, "{low} to {high}");
        let reached = wish.score(&net, &up.image).unwrap().double_value(&[0]);
        assert!((reached - by_hand).abs() < 0.015, "{reached}, by hand {by_hand}");
    }
}

#[test]
fn starting_from_images_uses_theirs() {
    let photos = image(&[0.2; 36], [2, 3, 2, 3]);
    let mut ascent = Ascent { size: [50, 50], ..Ascent::simonyan() };
    (ascent.climb.steps, ascent.l2) = (0, 0.0);
    let up = ascent.run_from(&pixels(), &Objective::l2(), &photos).unwrap();
    assert!(up.image.equal(&photos));
}

#[test]
fn no_image_and_negative_noise_are_one_sentence() {
    let says = |ascent: Ascent, words: &str| {
        let error = ascent.run(&pixels(), &Objective::l2()).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    let base = Ascent::fourier;
    says(Ascent { count: 0, ..base() }, "count: expected 1 to 100000, got 0; 1 image is usual");
    says(Ascent { size: [0, 4], ..base() }, "size: expected [height, width] of at least [1, 1]");
    says(Ascent { noise: -1.0, ..base() }, "noise: expected 0 to 1000000, got -1");
}
