//! Transforms, attacks through them, and votes, with numbers done by hand.

use super::*;
use crate::Error;
use crate::adversarial::{Goal, Norm, Pgd, Step};
use crate::net::{Conv2d, Op};
use crate::train::Labelled;
use smoothing::{lower_bound, quantile};
use tch::{Device, Kind};

/// Red or green, whichever is more on the whole of a 2 x 3 picture.
fn colours() -> Net {
    let sum = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0.]).view([2, 3, 1, 1]);
    let net = Net::new("colours").then("sum", Op::Conv2d(Conv2d::new(sum, None))).unwrap();
    let net = net.then("mean", Op::AdaptiveAvgPool2d { out: [1, 1] }).unwrap();
    let net = net.then("flatten", Op::Flatten).unwrap();
    net.with_classes(vec!["red".into(), "green".into()])
}

/// A 4 x 6 ramp, the same in all colours: 0, 1, ..., 23 over 23.
fn ramp() -> Tensor {
    let values: Vec<f32> = (0..24).map(|v| v as f32 / 23.0).collect();
    Tensor::from_slice(&values).view([1, 1, 4, 6]).repeat([1, 3, 1, 1])
}

/// A picture of one colour, 2 x 3.
fn plain(rgb: [f32; 3]) -> Tensor {
    Tensor::from_slice(&rgb).view([1, 3, 1, 1]).repeat([1, 1, 2, 3])
}

fn numbers(x: &Tensor) -> Vec<f64> {
    Vec::<f64>::try_from(x.to_kind(Kind::Double).contiguous().flatten(0, -1)).unwrap()
}

/// The derivative of `sum(seen * weight)` by the picture.
fn slope(defence: &Defence, x: &Tensor, weight: &Tensor) -> Tensor {
    let x = x.detach().set_requires_grad(true);
    let total = (defence.followed(&x, 7).unwrap() * weight).sum(Kind::Float);
    Tensor::run_backward(&[total], &[&x], false, false).remove(0)
}

const ALL: [Defence; 7] = [
    Defence::None,
    Defence::Jpeg { quality: 50 },
    Defence::BitDepth { bits: 3 },
    Defence::Median { size: 3 },
    Defence::TotalVariation { share: 0.5, weight: 0.1 },
    Defence::ResizePad { extra: 4 },
    Defence::Noise { sigma: 0.1 },
];

#[test]
fn a_median_leaves_a_ramp_and_takes_a_dot() {
    // Away from the edges the middle of nine values of a ramp is the one in the middle.
    let seen = Defence::Median { size: 3 }.apply(&ramp(), 0).unwrap();
    let inner = |x: &Tensor| x.narrow(2, 1, 2).narrow(3, 1, 4);
    assert!(inner(&seen).equal(&inner(&ramp())));
    let dot = Tensor::zeros([1, 3, 4, 6], (Kind::Float, Device::Cpu));
    let _ = dot.narrow(2, 0, 1).narrow(3, 0, 1).fill_(1.0);
    // In the corner it is four of nine, since edges repeat.
    assert_eq!(numbers(&Defence::Median { size: 3 }.apply(&dot, 0).unwrap()), vec![0.0; 72]);
    let bright = plain([1.0, 0.5, 0.2]);
    assert!(Defence::Median { size: 3 }.apply(&bright, 0).unwrap().equal(&bright), "edges too");
    assert!(Defence::Median { size: 1 }.apply(&dot, 0).unwrap().equal(&dot));
}

#[test]
fn a_median_s_slope_goes_to_the_pixel_it_chose() {
    // One row: the middle of (0, 0.5, 0.2) is 0.2, of the edges' (0, 0, 0.5) 0, of (0.5, 0.2, 0.2) 0.2.
    let x = Tensor::from_slice(&[0f32, 0.5, 0.2]).view([1, 1, 1, 3]).repeat([1, 3, 1, 1]);
    let weight = Tensor::from_slice(&[1f32, 2.0, 4.0]).view([1, 1, 1, 3]);
    let g = numbers(&slope(&Defence::Median { size: 3 }, &x, &weight));
    assert_eq!(g, [1.0, 0.0, 6.0].repeat(3));
}

#[test]
fn jpeg_is_blind_to_what_its_quality_rounds_away() {
    let flat = plain([0.5; 3]);
    let checks = &flat
        + Tensor::from_slice(&[0.01f32, -0.01])
            .view([1, 1, 1, 2])
            .repeat([1, 1, 1, 3])
            .narrow(3, 0, 3);
    let [low, high] = [10, 100].map(|quality| {
        let seen = |x| Defence::Jpeg { quality }.apply(x, 0).unwrap();
        (seen(&flat) - seen(&checks)).abs().max().double_value(&[])
    });
    assert_eq!(low, 0.0);
    assert!(high > 0.0);
    assert!(Defence::Jpeg { quality: 100 }.apply(&ramp(), 0).unwrap().allclose(
        &ramp(),
        0.0,
        0.02,
        false
    ));
}

#[test]
fn a_flat_picture_stays_flat_and_a_step_shrinks_by_the_weight() {
    let tv = |share, weight| Defence::TotalVariation { share, weight };
    let flat = plain([0.2, 0.5, 0.9]);
    assert!(tv(0.3, 0.5).apply(&flat, 1).unwrap().allclose(&flat, 0.0, 1e-6, false));
    // A step from a to b between columns of one row: each side of two pixels moves by weight / 4, where
    // 2 * 2 * (y - x) = weight.
    let x = Tensor::from_slice(&[0.2f32, 0.2, 0.8, 0.8]).view([1, 1, 1, 4]).repeat([1, 3, 1, 1]);
    let seen = numbers(&tv(1.0, 0.4).apply(&x, 1).unwrap());
    let by_hand = [0.3, 0.3, 0.7, 0.7].repeat(3);
    assert!(seen.iter().zip(&by_hand).all(|(a, b)| (a - b).abs() < 0.01), "{seen:?}");
}

#[test]
fn a_resized_picture_lies_whole_on_a_black_ground() {
    let white = Tensor::ones([2, 3, 8, 10], (Kind::Float, Device::Cpu));
    let mut places = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let seen = Defence::ResizePad { extra: 3 }.apply(&white, seed).unwrap();
        assert_eq!(seen.size(), [2, 3, 11, 13]);
        assert!(seen.get(0).equal(&seen.get(1)), "one draw for all images");
        let lit = |dim| seen.get(0).get(0).sum_dim_intlist([dim].as_slice(), false, None).gt(0.0);
        let [rows, columns] = [lit(1i64), lit(0)].map(|lit| Vec::<bool>::try_from(lit).unwrap());
        let size = |lit: &[bool]| lit.iter().filter(|lit| **lit).count();
        let (height, width) = (size(&rows), size(&columns));
        assert_eq!(width, height + 2, "as much more of each");
        assert!(
            (seen.sum(Kind::Double).double_value(&[]) - (6 * height * width) as f64).abs() < 1e-3
        );
        let first = |lit: &[bool]| lit.iter().position(|lit| *lit).unwrap();
        places.insert((height, first(&rows), first(&columns)));
    }
    assert!(
        places.iter().all(|(h, top, left)| (8..=11).contains(h) && top + h <= 11 && left + h <= 11)
    );
    assert!(
        places.iter().any(|p| p.0 == 8) && places.iter().any(|p| p.0 == 11) && places.len() > 10
    );
}

#[test]
fn random_defences_hang_on_the_seed_alone() {
    for defence in ALL {
        let seen = |seed| defence.apply(&ramp(), seed).unwrap();
        assert!(seen(1).equal(&seen(1)), "{defence:?}");
        let differs = (2..20).any(|seed| !seen(seed).equal(&seen(1)));
        assert_eq!(differs, defence.is_random(), "{defence:?}");
        let two = defence.apply(&Tensor::cat(&[ramp() * 0.5, ramp()], 0), 1).unwrap();
        assert!(
            two.narrow(0, 1, 1).allclose(&seen(1), 0.0, 1e-6, false),
            "{defence:?} and a neighbour"
        );
    }
}

#[test]
fn what_has_no_slope_is_followed_as_if_it_did_nothing() {
    let weight = ramp() + 1.0;
    for defence in [&ALL[1], &ALL[2], &ALL[4], &ALL[0], &ALL[6]] {
        assert!(slope(defence, &ramp(), &weight).equal(&weight), "{defence:?}");
        let there = defence.followed(&ramp(), 3).unwrap();
        assert!(
            there.allclose(&defence.apply(&ramp(), 3).unwrap(), 0.0, 1e-6, false),
            "{defence:?}"
        );
    }
}

#[test]
fn a_resized_picture_is_followed_by_its_true_slope() {
    // The mean of an enlarged picture hangs on all its pixels: numerically, and by autograd.
    let defence = Defence::ResizePad { extra: 4 };
    let weight =
        Defence::None.apply(&Tensor::ones([1, 3, 8, 10], (Kind::Float, Device::Cpu)), 0).unwrap();
    let g = slope(&defence, &ramp(), &weight);
    let total = |x: &Tensor| defence.apply(x, 7).unwrap().sum(Kind::Double).double_value(&[]);
    let nudged = ramp();
    let _ = nudged.narrow(2, 1, 1).narrow(3, 2, 1).narrow(1, 0, 1).g_add_scalar_(0.5);
    let expected = (total(&nudged) - total(&ramp())) / 0.5;
    assert!((g.double_value(&[0, 0, 1, 2]) - expected).abs() < 1e-3, "{expected}");
}

#[test]
fn an_attack_that_knows_the_defence_gets_through() {
    // Red 0.62 and green 0.38 are 1 and 0 in one bit, and its own slope is 0. By hand: 0.15 less red and
    // more green give 0.47 and 0.53, seen as 0 and 1.
    let (net, x, goal) = (colours(), plain([0.62, 0.38, 0.0]), Goal::away(&[0]));
    let attack = |epsilon| Adaptive { attack: Pgd::fgsm(epsilon), ..Adaptive::default() };
    let bit = Defence::BitDepth { bits: 1 };
    let [near, far] = [0.11, 0.15].map(|e| attack(e).run(&net, &bit, &x, &goal).unwrap());
    assert_eq!((near.fooled[0], far.fooled[0]), (false, true));
    assert!(far.images.allclose(&plain([0.47, 0.53, 0.0]), 0.0, 1e-6, false));
}

#[test]
fn a_mean_over_draws_finds_what_one_draw_misses() {
    // Noise of deviation 1 on a slope that hangs on where the ReLU is: the mean of many draws is
    // sigma-smoothed, 1/2 at 0; a single draw gives 0 or 1 for each pixel.
    let (net, x) = (Net::new("lit").then("relu", Op::Relu).unwrap(), plain([0.0; 3]));
    let net = net.then("mean", Op::AdaptiveAvgPool2d { out: [1, 1] }).unwrap();
    let net = net.then("flatten", Op::Flatten).unwrap().with_classes(vec![
        "r".into(),
        "g".into(),
        "b".into(),
    ]);
    let run = |draws| {
        let pgd = Pgd {
            epsilon: 1.0,
            norm: Norm::L2,
            steps: 1,
            step: Step::Absolute(0.5),
            random_start: false,
            ..Pgd::default()
        };
        let found = Adaptive { attack: pgd, draws }.run(
            &net,
            &Defence::Noise { sigma: 0.5 },
            &x,
            &Goal::towards(1),
        );
        found.map(|found| numbers(&found.images.narrow(1, 1, 1)))
    };
    let spread = |v: Vec<f64>| {
        let (low, high) = v.iter().fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
        (high - low) / high
    };
    let Ok(many) = run(400) else { panic!("noise leaves the likeliest class to chance") };
    assert!(spread(many) < 0.3);
    assert!(spread(run(1).unwrap()) > 0.6);
}

#[test]
fn a_trial_has_three_shares() {
    // Two pictures, red by 0.24 and by 0.06. Within 0.04 only the second changes; behind one bit the
    // oblivious pictures (0.58 and 0.42; 0.49 and 0.51) are seen as red and as green.
    let images = Tensor::cat(&[plain([0.62, 0.38, 0.0]), plain([0.53, 0.47, 0.0])], 0);
    let asked = Labelled { images, labels: Tensor::from_slice(&[0i64, 0]) };
    let attack = Adaptive { attack: Pgd::fgsm(0.04), ..Adaptive::default() };
    let bare = attack.attack.run(&colours(), &asked.images, &Goal::away(&[0])).unwrap().images;
    let trial = Defence::BitDepth { bits: 1 }.trial(&colours(), &asked, &bare, &attack).unwrap();
    assert_eq!(trial, Trial { clean: 1.0, oblivious: 0.5, adaptive: 0.5 });
    assert_eq!(trial.row(), [1.0, 0.5, 0.5]);
}

#[test]
fn a_cooled_network_s_scores_are_all_divided() {
    let net = crate::zoo::digit_net(1).unwrap();
    let mut numbers = net.parameters().unwrap();
    numbers.iter_mut().for_each(|p| *p = &*p + 0.01);
    let (net, x) =
        (net.with_parameters(&numbers), Tensor::ones([1, 3, 20, 20], (Kind::Float, Device::Cpu)));
    let same = cooled(&net, 4.0).unwrap().logits(&x).unwrap() * 4.0;
    assert!(same.allclose(&net.logits(&x).unwrap(), 1e-5, 1e-5, false));
}

#[test]
fn defences_print_what_they_are() {
    let names = ALL.map(|defence| defence.to_string());
    let expected =
        ["none", "JPEG 50", "3 bits", "median 3x3", "total variation", "resize, pad", "noise 0.1"];
    assert_eq!(names, expected);
    assert_eq!(Defence::BitDepth { bits: 1 }.to_string(), "1 bit");
}

#[test]
fn bounds_and_quantiles_are_scipys() {
    // scipy 1.17.1: beta.ppf(alpha, hits, n - hits + 1), norm.ppf of it.
    let known = [
        ((100, 100, 1e-3), 0.933254300796991, 1.5004750241206364),
        ((99, 100, 1e-3), 0.9113731112960424, 1.3492590388103902),
        ((60, 100, 0.05), 0.5129758202538943, 0.032531294921923276),
        ((990, 1000, 1e-3), 0.9760361871553114, 1.9780095821411994),
        ((1, 10, 0.05), 0.005116196891823701, -2.5678753685925715),
        ((99_990, 100_000, 1e-3), 0.9997586773435911, 3.4902076801466233),
        ((51_000, 100_000, 1e-3), 0.5051093492440559, 0.012807589418927094),
    ];
    for ((hits, n, alpha), share, deviations) in known {
        let found = lower_bound(hits, n, alpha).unwrap();
        assert!((found - share).abs() < 1e-9, "{hits} of {n}: {found}");
        assert!((quantile(found) - deviations).abs() < 1e-6, "{hits} of {n}");
    }
    assert_eq!(lower_bound(0, 10, 1e-3).unwrap(), 0.0);
}

#[test]
fn votes_are_the_share_that_noise_leaves() {
    // One pixel: red leads by 0.1; noise of 0.1 on each of two colours makes a difference of deviation
    // 0.1 sqrt(2): red wins Phi(1 / sqrt(2)) = 0.760 of the votes.
    let x = Tensor::from_slice(&[0.5f32, 0.4, 0.0]).view([1, 3, 1, 1]);
    let vote = |batch, seed| {
        let smoothing =
            Smoothing { sigma: 0.1, samples: 2000, batch, seed, ..Smoothing::default() };
        smoothing.certify(&colours(), &x).unwrap().remove(0)
    };
    let found = vote(2000, 0);
    assert!((found.hits as f64 / 2000.0 - 0.760).abs() < 0.03, "{}", found.hits);
    assert_eq!(found.class, Some(0));
    assert!((found.radius - 0.1 * quantile(found.lower)).abs() < 1e-12);
    // The true radius is the distance to where both are as much: 0.1 / sqrt(2).
    assert!(found.radius < 0.0708 && found.radius > 0.055, "{}", found.radius);
    assert_eq!(vote(7, 0), found);
    assert_ne!(vote(7, 1).hits, found.hits);
}

#[test]
fn a_tie_abstains_and_certificates_are_counted() {
    let even = plain([0.5, 0.5, 0.0]);
    let found =
        Smoothing { samples: 200, ..Smoothing::default() }.certify(&colours(), &even).unwrap();
    assert_eq!((found[0].class, found[0].radius), (None, 0.0));
    let sure = |class, radius| Certificate { class, hits: 1, lower: 0.9, radius };
    let all = [sure(Some(1), 0.5), sure(Some(2), 0.9), sure(None, 0.0), sure(Some(0), 0.1)];
    let share = |radius| certified_accuracy(&all, &[1, 0, 0, 0], radius).unwrap();
    assert_eq!([share(0.0), share(0.1), share(0.3), share(0.6)], [0.5, 0.5, 0.25, 0.0]);
}

#[test]
fn wrong_settings_are_one_sentence() {
    let says = |error: Error, words: &str| {
        let error = error.to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    let refused = |defence: Defence| defence.apply(&ramp(), 0).unwrap_err();
    says(refused(Defence::Jpeg { quality: 0 }), "quality: expected 1 to 100, got 0");
    says(refused(Defence::Jpeg { quality: 101 }), "quality: expected 1 to 100, got 101");
    says(refused(Defence::BitDepth { bits: 0 }), "bits: expected 1 to 8, got 0");
    says(refused(Defence::BitDepth { bits: 9 }), "bits: expected 1 to 8, got 9");
    says(
        refused(Defence::Median { size: 2 }),
        "size: expected an odd window of 1 to 99 pixels, got 2",
    );
    says(
        refused(Defence::Median { size: -1 }),
        "size: expected an odd window of 1 to 99 pixels, got -1",
    );
    says(refused(Defence::ResizePad { extra: -1 }), "extra: expected 0 to 4096, got -1");
    says(refused(Defence::Noise { sigma: 0.0 }), "sigma: expected above 0, at most 1000000, got 0");
    for (share, weight) in [(0.0, 0.5), (1.5, 0.5), (0.5, -1.0), (0.5, f64::NAN)] {
        says(refused(Defence::TotalVariation { share, weight }), "share and weight: expected");
    }
    says(Defence::None.apply(&ramp().narrow(1, 0, 1), 0).unwrap_err(), "3 channels");
    let none = Adaptive { draws: 0, ..Adaptive::default() };
    let goal = Goal::away(&[0]);
    says(
        none.run(&colours(), &Defence::None, &ramp(), &goal).unwrap_err(),
        "draws: expected 1 to 100000, got 0",
    );
    let base = Smoothing::default;
    let certify = |vote: Smoothing| vote.certify(&colours(), &ramp()).unwrap_err();
    says(
        certify(Smoothing { sigma: -0.1, ..base() }),
        "sigma: expected 0.000001 to 1000000, got -0.1",
    );
    for alpha in [0.0, 1.0, f64::NAN] {
        says(certify(Smoothing { alpha, ..base() }), "alpha: expected 1e-12 to 0.5, got");
    }
    says(
        certify(Smoothing { samples: 0, ..base() }),
        "first, samples and batch: expected 1 to 10000000",
    );
    says(
        certify(Smoothing { batch: 0, ..base() }),
        "first, samples and batch: expected 1 to 10000000",
    );
    says(certified_accuracy(&[], &[], 0.1).unwrap_err(), "labels: expected 0 of them, got 0");
    says(cooled(&colours(), 2.0).unwrap_err(), "ends in a fully connected layer, got colours");
    says(
        cooled(&crate::zoo::digit_net(0).unwrap(), 0.0).unwrap_err(),
        "temperature: expected 0.000001 to 1000000, got 0",
    );
}
