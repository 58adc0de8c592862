use super::*;
use crate::net::Net;
use tch::{Device, Kind};

fn score(wish: Objective, x: &[f32], size: [i64; 4]) -> f64 {
    let x = Tensor::from_slice(x).view(size);
    wish.score(&Net::new("pixels"), &x).unwrap().double_value(&[0])
}

#[test]
fn roughness_of_any_power() {
    // 0 3 / 4 0: at the corner 3 to the right and 4 below, length 5; then 3 below, and 4 to the right.
    let of = |beta| score(Objective::total_variation_beta(beta), &[0., 3., 4., 0.], [1, 1, 2, 2]);
    assert!((of(1.0) - 12.0).abs() < 1e-4);
    assert_eq!(of(2.0), 50.0);
    assert!((of(3.0) - (125.0 + 27.0 + 64.0)).abs() < 1e-3);
}

#[test]
fn a_flat_image_pulls_nowhere() {
    let flat = Tensor::full([1, 3, 2, 3], 0.25, (Kind::Float, Device::Cpu));
    let wish = Objective::total_variation_beta(1.0);
    let g = Net::new("pixels").gradient(&flat, &wish, crate::net::ReluRule::Gradient).unwrap();
    assert_eq!(g.abs().sum(Kind::Double).double_value(&[]), 0.0);
}

#[test]
fn alpha_norms() {
    let of = |alpha| score(Objective::alpha_norm(alpha), &[0.5, 0.0, 1.5], [1, 3, 1, 1]);
    assert_eq!(of(1.0), 1.5);
    assert_eq!(of(2.0), 1.25);
    assert_eq!(of(6.0), 1.0 + 0.5f64.powi(6));
}

#[test]
fn a_gram_matrix_forgets_where() {
    let x = Tensor::arange(24, (Kind::Float, Device::Cpu)).sin().view([1, 3, 2, 4]);
    let moved =
        x.view([1, 3, 8]).index_select(2, &Tensor::from_slice(&[5i64, 0, 7, 2, 1, 6, 3, 4]));
    let [a, b] = [&x, &moved.view([1, 3, 4, 2])].map(|x| gram_matrix(x).unwrap());
    assert!(a.allclose(&b, 1e-6, 1e-7, false));
    let apart = Objective::gram("input", &(&a + 1.0)).score(&Net::new("pixels"), &x).unwrap();
    assert!((apart.double_value(&[0]) - 9.0).abs() < 1e-5);
}

#[test]
fn one_target_for_all_or_one_for_each() {
    let x = Tensor::from_slice(&[0f32, 1., 2., 5., 5., 5.]).view([2, 3, 1, 1]);
    let to = |target: &Tensor| {
        let apart = Objective::features("input", target).score(&Net::new("pixels"), &x).unwrap();
        Vec::<f32>::try_from(apart).unwrap()
    };
    assert_eq!(to(&x.narrow(0, 0, 1)), [0.0, 25.0 + 16.0 + 9.0]);
    assert_eq!(to(&x.flip([0])), [50.0, 50.0]);
}

#[test]
fn weights_of_channels_places_and_images() {
    let x =
        Tensor::from_slice(&[1f32, 2., 3., 4., 5., 6., 0., 0., 0., 0., 0., 1.]).view([2, 3, 1, 2]);
    let apart = |weight: &[f32], size: [i64; 4]| {
        let weight = Tensor::from_slice(weight).view(size);
        let wish = Objective::weighted_features("input", &x.narrow(0, 0, 1).zeros_like(), &weight);
        Vec::<f32>::try_from(wish.score(&Net::new("pixels"), &x).unwrap()).unwrap()
    };
    assert_eq!(apart(&[0., 1., 0.5], [1, 3, 1, 1]), [9. + 16. + 12.5 + 18., 0.5]);
    assert_eq!(apart(&[1., 0.], [1, 1, 1, 2]), [1. + 9. + 25., 0.]);
    assert_eq!(apart(&[2., 10.], [2, 1, 1, 1]), [182., 10.]);
}

#[test]
fn every_place_finds_its_best_match() {
    // Guide places (1, 0, 0), (0, 1, 0), (0, 0, 3). Two images of one place each: (2, 1, 0) takes the
    // first and gains 2, (0, 1, 1) the third and gains 3.
    let guide = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0., 0., 0., 3.]).view([1, 3, 1, 3]);
    let x = Tensor::from_slice(&[2f32, 1., 0., 0., 1., 1.]).view([2, 3, 1, 1]);
    let wish = Objective::best_match("input", &guide);
    let found = wish.score(&Net::new("pixels"), &x).unwrap();
    assert_eq!(Vec::<f32>::try_from(found).unwrap(), [2.0, 3.0]);
    let g = Net::new("pixels").gradient(&x, &wish, crate::net::ReluRule::Gradient).unwrap();
    assert_eq!(Vec::<f32>::try_from(g.flatten(0, -1)).unwrap(), [1., 0., 0., 0., 0., 3.]);
    for size in [[2i64, 3, 1, 1], [1, 2, 1, 1]] {
        let guide = Tensor::zeros(size, (Kind::Float, Device::Cpu));
        let failed = Objective::best_match("input", &guide).score(&Net::new("pixels"), &x);
        let message = failed.unwrap_err().to_string();
        assert!(message.contains("guide of `input`: expected [1, 3, h, w]"), "{message}");
    }
}

#[test]
fn targets_of_another_size() {
    let x = Tensor::zeros([3, 3, 2, 2], (Kind::Float, Device::Cpu));
    for size in [&[1, 3, 2, 3][..], &[2, 3, 2, 2], &[3, 2, 2]] {
        let target = Tensor::zeros(size, (Kind::Float, Device::Cpu));
        let failed = Objective::features("input", &target).score(&Net::new("pixels"), &x);
        let message = failed.unwrap_err().to_string();
        assert!(message.contains("target of `input`"), "{message}");
        assert!(message.contains(&format!("{size:?}")), "{message}");
    }
    for size in [&[1, 3, 2, 3][..], &[2, 3, 2, 2], &[3, 2, 2]] {
        let weight = Tensor::zeros(size, (Kind::Float, Device::Cpu));
        let failed =
            Objective::weighted_features("input", &x, &weight).score(&Net::new("pixels"), &x);
        let message = failed.unwrap_err().to_string();
        assert!(
            message.contains("weight of `input`") && message.contains("or 1 in any"),
            "{message}"
        );
    }
    for wish in [Objective::total_variation_beta(0.0), Objective::alpha_norm(f64::NAN)] {
        assert!(wish.score(&Net::new("pixels"), &x).is_err());
    }
}

#[test]
fn they_print_themselves() {
    let target = Tensor::zeros([1], (Kind::Float, Device::Cpu));
    let wish = -Objective::features("relu4_2", &target) - Objective::gram("relu1_1", &target)
        + Objective::l2()
        + Objective::alpha_norm(6.0)
        + Objective::total_variation_beta(1.0)
        + Objective::weighted_features("fc6", &target, &target)
        + Objective::best_match("relu3_3", &target);
    let text = "-1 * distance of relu4_2 + -1 * distance of relu1_1's Gram matrix + l2 + alpha norm 6 + \
                total variation of power 1 + weighted distance of fc6 + best matches of relu3_3";
    assert_eq!(wish.to_string(), text);
}

#[test]
fn gram_matrices_of_a_batch_are_its_images_own() {
    let x = Tensor::arange(48, (Kind::Float, Device::Cpu)).sin().view([2, 3, 2, 4]);
    let last = x.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2]);
    for batch in [gram_matrix(&x).unwrap(), gram_matrix(&last).unwrap()] {
        assert_eq!(batch.size(), [2, 3, 3]);
        for i in 0..2 {
            let own = gram_matrix(&x.narrow(0, i, 1)).unwrap();
            assert!((batch.narrow(0, i, 1) - own).abs().max().double_value(&[]) < 1e-6);
        }
    }
}

/// One number of one pixel, over and over.
fn unit(i: i64) -> Objective {
    Objective::neuron("input", i % 3, [0, 0])
}

#[test]
fn twenty_thousand_terms_add_up_however_they_are_nested() {
    let (net, x) = (Net::new("pixels"), Tensor::ones([1, 3, 1, 1], (Kind::Float, Device::Cpu)));
    let score = |wish: &Objective| wish.score(&net, &x).unwrap().double_value(&[0]);
    let mut left = unit(0);
    let mut right = unit(0);
    let mut scaled = unit(0);
    for i in 1..20_000 {
        left = left + unit(i);
        right = unit(i) + right;
        scaled = -(scaled + unit(i));
    }
    for wish in [&left, &right] {
        assert_eq!(score(wish), 20_000.0);
        assert_eq!(wish.layers(&net), ["input"]);
        assert_eq!(wish.to_string().matches(" of input").count(), 20_000);
    }
    let both = left.clone() + right;
    assert_eq!(score(&both), 40_000.0);
    // 1, -(1 + 1), -(-2 + 1), ...: after an odd number of steps -2, then 1.
    assert_eq!(score(&scaled), -2.0);
    assert!(scaled.clone().to_string().len() > 20_000);
}

#[test]
fn sums_of_sums_are_one_list_in_their_order() {
    let wish = (unit(0) + unit(1)) + (unit(2) + unit(0)) - 2.0 * (unit(1) + unit(2));
    let text = "neuron 0 of input at row 0, column 0 + neuron 1 of input at row 0, column 0 + \
                neuron 2 of input at row 0, column 0 + neuron 0 of input at row 0, column 0 + \
                -2 * (neuron 1 of input at row 0, column 0 + neuron 2 of input at row 0, column 0)";
    assert_eq!(wish.to_string(), text);
}

#[test]
fn scores_that_are_no_numbers_are_refused() {
    let (net, x) = (Net::new("pixels"), Tensor::ones([2, 3, 2, 2], (Kind::Float, Device::Cpu)));
    let says = |wish: Objective, x: &Tensor| wish.score(&net, x).unwrap_err().to_string();
    assert!(says(f64::NAN * unit(0), &x).contains("score: expected finite values"));
    assert!(says(f64::INFINITY * Objective::l2(), &x).contains("finite"));
    assert!(says(unit(0), &(&x / 0.0)).contains("image: expected finite values"));
    let odd = Objective::custom("odd", &["input"], |taps| taps.at("input"));
    assert!(says(odd.clone(), &x).contains("one number for each image, [2]"));
    assert!(net.score_and_gradient(&x, &odd).is_err());
    let bad = gram_matrix(&(&x / 0.0)).unwrap_err().to_string();
    assert!(bad.contains("features: expected finite values"), "{bad}");
    let mask = Tensor::ones([1, 1, 2, 2], (Kind::Float, Device::Cpu));
    assert!(gram_matrix_within(&x, &(&mask / 0.0)).is_err());
    assert!(gram_matrix_within(&(&x / 0.0), &mask).is_err());
}
