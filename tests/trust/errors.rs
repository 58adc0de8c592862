//! Wrong input.

use super::{net, picture, scene, sentence};
use convlens::Objective;
use convlens::attribution::Attribution;
use convlens::trust::{
    InsertionDeletion, Sanity, Trial, points_at, rank_correlation, recognised,
    structural_similarity,
};
use tch::{Device, Kind, Tensor};

#[test]
fn wrong_input_is_named() {
    let (net, x, score) = (net(), picture(), Objective::class(1));
    let zeros = |size: &[i64]| Tensor::zeros(size, (Kind::Float, Device::Cpu));
    let sanity = Sanity { stops: vec!["middle".into()], ..Sanity::default() };
    let gradient = [Attribution::Gradient];
    let unknown = sentence(sanity.run(&net, &x, &score, &gradient));
    assert!(unknown.contains("expected one of: fc, high, low, got `middle`"), "{unknown}");
    assert!(sentence(Sanity::default().run(&net, &x, &score, &[])).contains("at least one"));
    let small = sentence(Sanity::default().run(&net, &x.narrow(2, 0, 10), &score, &gradient));
    assert!(small.contains("11 x 11 or more"), "{small}");
    let cam = Attribution::GradCam { layer: "deep".into() };
    assert!(sentence(cam.map(&net, &x, &score)).contains("`deep`"));
    let curves =
        |settings: InsertionDeletion, map: &Tensor| sentence(settings.run(&net, &x, &score, map));
    let plain = InsertionDeletion::default;
    assert!(
        curves(plain(), &zeros(&[1, 1, 13, 16]))
            .contains("expected [1, 1, 13, 17], got [1, 1, 13, 16]")
    );
    assert!(curves(plain(), &(zeros(&[1, 1, 13, 17]) / 0.0)).contains("NaN"));
    let none = InsertionDeletion { steps: 0, ..plain() };
    assert!(
        curves(none, &zeros(&[1, 1, 13, 17])).starts_with("steps: expected 1 to 100000, got 0")
    );
    let map = zeros(&[1, 1, 13, 17]);
    assert!(
        sentence(points_at(&map, &map, 15.0))
            .contains("mask 0: expected a pixel of the thing, got only 0")
    );
    assert!(sentence(points_at(&map, &zeros(&[1, 1, 13, 16]), 15.0)).contains("same picture"));
    assert!(sentence(points_at(&x, &x, 15.0)).contains("[n, 1, h, w]"));
    assert!(sentence(rank_correlation(&map, &x)).contains("got [1, 3, 13, 17]"));
    assert!(sentence(structural_similarity(&x, &x)).contains("[n, 1, h, w] of 11 x 11"));
    assert!(sentence(Trial::default().run(&net, &[], &gradient)).contains("0 scenes, 1 methods"));
    assert!(
        sentence(recognised(&net.upto("pool").unwrap(), vec![scene(0.9)])).contains("classifier")
    );
}
