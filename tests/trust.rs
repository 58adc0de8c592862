//! Sanity checks, insertion and deletion, the pointing game: by hand and by identities.

use convlens::attribution::Attribution;
use convlens::net::{Conv2d, Net, Op};
use convlens::occlusion::Baseline;
use convlens::pixels::Scene;
use convlens::saliency::SmoothGrad;
use convlens::trust::{
    InsertionDeletion, Likeness, Order, Sanity, Trial, normalised, points_at, rank_correlation,
    recognised, structural_similarity,
};
use convlens::{Objective, Result};
use tch::{Device, Kind, Tensor};

/// Numbers in 0..1 without pattern.
fn noise(size: &[i64], seed: f64) -> Tensor {
    let count = size.iter().product::<i64>();
    let i = Tensor::arange(count, (Kind::Double, Device::Cpu)) + seed;
    let x: Tensor = i.sin() * 1e4;
    (&x - x.floor()).to_kind(Kind::Float).view(size)
}

fn conv(values: &Tensor) -> Op {
    Op::Conv2d(Conv2d::new(values.shallow_clone(), None))
}

/// Two convolutions and a classifier of three classes on 13 x 17 pictures.
fn net() -> Net {
    let last = Op::Linear { weight: noise(&[3, 6], 3.0) - 0.5, bias: noise(&[3], 4.0) };
    let net = Net::new("small").then("low.conv", conv(&(noise(&[5, 3, 3, 3], 1.0) - 0.5))).unwrap();
    let net = net.then("low.relu", Op::Relu).unwrap();
    let net = net.then("high.conv", conv(&(noise(&[6, 5, 3, 3], 2.0) - 0.5))).unwrap();
    let net = net.then("high.relu", Op::Relu).unwrap();
    let net = net.then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] }).unwrap();
    let net = net.then("flatten", Op::Flatten).unwrap().then("fc", last).unwrap();
    net.with_classes(vec!["a".into(), "b".into(), "c".into()])
}

fn picture() -> Tensor {
    noise(&[1, 3, 13, 17], 9.0)
}

fn numbers(x: &Tensor) -> Vec<f64> {
    Vec::<f64>::try_from(x.to_kind(Kind::Double).contiguous().flatten(0, -1)).unwrap()
}

fn sentence<T: std::fmt::Debug>(r: Result<T>) -> String {
    r.unwrap_err().to_string()
}

#[test]
fn methods_that_do_not_look_at_the_network_never_change() {
    let mut methods = Attribution::baselines();
    methods.extend([Attribution::Gradient, Attribution::GradCam { layer: "high.relu".into() }]);
    let found = Sanity::default().run(&net(), &picture(), &Objective::class(1), &methods).unwrap();
    assert_eq!(found.stops, ["trained", "fc", "high", "low"]);
    for curves in [&found.ranks, &found.signed_ranks, &found.structure] {
        for (name, values) in &curves[..3] {
            assert!(values.iter().all(|v| (v - 1.0).abs() < 1e-9), "{name}: {values:?}");
        }
        for (name, values) in &curves[3..] {
            assert!(values[0] == 1.0 && values[1..].iter().all(|&v| v < 0.9), "{name}: {values:?}");
        }
    }
    let figure = found.figure(Likeness::Structure).unwrap();
    let start = "lines of structural similarity over drawn anew from the top down to trained to low: \
                 edges from 1 to 1, centre from 1 to 1, chance from 1 to 1, gradient from 1 to ";
    assert!(figure.alt.starts_with(start), "{figure}");
}

#[test]
fn stops_draw_what_they_say() {
    let (net, x, score) = (net(), picture(), Objective::class(1));
    let methods = [Attribution::Gradient, Attribution::GradientXInput];
    let run = |order, stops: &[&str]| {
        let stops = stops.iter().map(|s| s.to_string()).collect();
        Sanity { stops, order, seed: 5 }.run(&net, &x, &score, &methods).unwrap()
    };
    let by_hand = |parts: &[&str], method: &Attribution| {
        let new = net.reinitialised(parts, &x, 5).unwrap();
        let [a, b] = [&net, &new].map(|net| method.signal(net, &x, &score).unwrap());
        let summed = |x: Tensor| x.sum_dim_intlist([1i64].as_slice(), true, Kind::Float);
        [
            rank_correlation(&summed(a.abs()), &summed(b.abs())).unwrap(),
            rank_correlation(&summed(a.copy()), &summed(b.copy())).unwrap(),
            structural_similarity(&normalised(&a).unwrap(), &normalised(&b).unwrap()).unwrap(),
        ]
    };
    for (order, new) in [(Order::Cascading, vec!["fc", "high"]), (Order::Independent, vec!["high"])]
    {
        let found = run(order, &["high"]);
        for (i, method) in methods.iter().enumerate() {
            let last = [&found.ranks, &found.signed_ranks, &found.structure].map(|c| c[i].1[1]);
            assert_eq!(last, by_hand(&new, method), "{order:?}, {method}");
        }
    }
    // Several images: the mean of each by itself.
    let both = Tensor::cat(&[&x, &x.flip([2])], 0);
    let sanity = Sanity { stops: vec!["fc".into()], ..Sanity::default() };
    let of = |x: &Tensor| sanity.run(&net, x, &score, &methods).unwrap().structure[1].1[1];
    let mean = (of(&x) + of(&x.flip([2]))) / 2.0;
    assert!((of(&both) - mean).abs() < 1e-6);
}

#[test]
fn curves_are_those_of_one_step_at_a_time() {
    let (net, x) = (net(), Tensor::cat(&[picture(), noise(&[1, 3, 13, 17], 50.0)], 0));
    let (score, map) = (Objective::probability(2), noise(&[2, 1, 13, 17], 70.0));
    let settings = |batch| InsertionDeletion {
        steps: 4,
        deletion: Baseline::Zero,
        insertion: Baseline::Mean,
        batch,
    };
    let found = settings(3).run(&net, &x, &score, &map).unwrap();
    assert_eq!(found.shares, [0.0, 0.25, 0.5, 0.75, 1.0]);
    for i in 0..2 {
        let [one, order] = [&x, &map].map(|x| x.narrow(0, i, 1));
        let mean = one.mean_dim([2i64, 3].as_slice(), true, Kind::Float).expand_as(&one);
        let sorted = order.flatten(0, -1).sort(0, true).0;
        for step in 0..=4i64 {
            // A quarter of 221 pixels: 55.25, 110.5, 165.75, rounded (halves to even).
            let count = [0, 55, 110, 166, 221][step as usize];
            let gone = match count {
                0 => order.gt(2.0),
                _ => order.ge(sorted.double_value(&[count - 1])),
            };
            let wanted = [one.zeros_like().where_self(&gone, &one), one.where_self(&gone, &mean)]
                .map(|x| score.score(&net, &x).unwrap().double_value(&[0]));
            let got = [&found.deleted, &found.inserted].map(|c| c.double_value(&[i, step]));
            assert!((0..2).all(|k| (got[k] - wanted[k]).abs() < 1e-6), "{i}, {step}: {got:?}");
        }
    }
    let whole = settings(64).run(&net, &x, &score, &map).unwrap();
    assert!(whole.deleted.allclose(&found.deleted, 1e-5, 1e-7, false), "the batch");
    let curve = numbers(&found.inserted.get(1));
    let area = (curve[0] / 2.0 + curve[1] + curve[2] + curve[3] + curve[4] / 2.0) / 4.0;
    assert!((found.insertion().unwrap()[1] - area).abs() < 1e-9);
}

#[test]
fn equal_values_go_in_reading_order() {
    let x = Tensor::from_slice(&[1f32, 2.0, 4.0, 8.0]).view([1, 1, 2, 2]).repeat([1, 3, 1, 1]);
    let score = Objective::channel("input", 0);
    let gone = InsertionDeletion { steps: 4, deletion: Baseline::Zero, ..Default::default() };
    let map = Tensor::from_slice(&[0f32, 0.0, 1.0, 0.0]).view([1, 1, 2, 2]);
    let found = gone.run(&Net::new("pixels"), &x, &score, &map).unwrap();
    assert_eq!(numbers(&found.deleted), [15.0, 11.0, 10.0, 8.0, 0.0].map(|v| v / 4.0));
}

#[test]
fn pointing_counts_rows_and_columns_of_each_image() {
    // The largest values: row 1, column 5 of the first image; row 0, column 0 of the second.
    let map = Tensor::zeros([2, 1, 4, 7], (Kind::Float, Device::Cpu));
    let _ = map.get(0).get(0).get(1).get(5).fill_(3.0);
    let _ = map.get(1).get(0).get(0).get(0).fill_(3.0);
    let mask = map.zeros_like();
    let _ = mask.get(0).get(0).get(3).get(6).fill_(1.0); // 2 rows and 1 column away
    let _ = mask.get(1).get(0).get(0).get(3).fill_(0.5); // 3 columns away
    assert_eq!(points_at(&map, &mask, 2.2).unwrap(), [false, false]);
    assert_eq!(points_at(&map, &mask, 2.3).unwrap(), [true, false]);
    assert_eq!(points_at(&map, &mask, 3.1).unwrap(), [true, true]);
    let flat = map.zeros_like();
    assert_eq!(points_at(&flat, &mask, 3.1).unwrap(), [false, true], "the first of equals");
}

#[test]
fn maps_of_baselines_are_what_they_say() {
    let (net, x) = (net(), Tensor::cat(&[picture(), picture()], 0));
    let map = |method: Attribution| method.map(&net, &x, &Objective::class(0)).unwrap();
    let centre = map(Attribution::Centre);
    assert_eq!(
        (centre.size(), centre.argmax(None, false).int64_value(&[])),
        (vec![2, 1, 13, 17], 6 * 17 + 8)
    );
    // Half of the way to an edge is one deviation: the middle of the first and the second quarter.
    let column = centre.double_value(&[0, 0, 6, 0]);
    let far = 2.0 - 2.0 / 17.0;
    assert!((column - f64::exp(-0.5 * far * far)).abs() < 1e-6);
    let chance = map(Attribution::Chance { seed: 3 });
    assert!(!chance.get(0).equal(&chance.get(1)), "each image has its own");
    assert!(chance.equal(&map(Attribution::Chance { seed: 3 })));
    assert!(!chance.equal(&map(Attribution::Chance { seed: 4 })));
    let flat = Attribution::Edges.map(&net, &(x.ones_like() * 0.3), &Objective::class(0)).unwrap();
    assert!(flat.abs().max().double_value(&[]) < 1e-6);
}

#[test]
fn all_methods_have_names_and_maps_of_one_size() {
    let mut all = Attribution::all("high.relu");
    all.extend(Attribution::baselines());
    let names: Vec<String> = all.iter().map(|m| m.to_string()).collect();
    assert_eq!(names[..2], ["gradient", "gradient × input"]);
    assert_eq!(names[6..9], ["Grad-CAM", "guided Grad-CAM", "edges"]);
    for method in &mut all {
        if let Attribution::SmoothGrad(settings) = method {
            *settings = SmoothGrad { samples: 2, ..SmoothGrad::default() };
        }
        let x = Tensor::cat(&[picture(), picture() * 0.5], 0);
        let map = method.map(&net(), &x, &Objective::class(1)).unwrap();
        assert_eq!(map.size(), [2, 1, 13, 17], "{method}");
        let signal = method.signal(&net(), &x, &Objective::class(1)).unwrap();
        let largest = signal.abs().amax([1i64].as_slice(), true);
        assert!(largest.equal(&map.abs()), "{method}");
    }
}

fn scene(thing: f64) -> Scene {
    let mask = Tensor::zeros([1, 1, 13, 17], (Kind::Float, Device::Cpu));
    let _ = mask.narrow(2, 2, 6).narrow(3, 3, 8).fill_(1.0);
    let image = picture() * (1.0 - &mask) * 0.1 + &mask * thing;
    let nowhere = std::path::PathBuf::new();
    Scene { image, mask, category: "thing".into(), file: nowhere.clone(), background: nowhere }
}

#[test]
fn a_trial_has_the_means_of_its_scenes() {
    let net = net();
    let known = recognised(&net, vec![scene(0.9), scene(0.2)]).unwrap();
    assert!(!known.is_empty());
    for k in &known {
        let shares = net.logits(&k.scene.image).unwrap().softmax(1, Kind::Float);
        assert!((k.probability - shares.double_value(&[0, k.class])).abs() < 1e-6);
        assert!((k.probability - shares.max().double_value(&[])).abs() < 1e-6);
    }
    let quick = InsertionDeletion { steps: 3, ..InsertionDeletion::default() };
    let trial = Trial { insertion_deletion: quick.clone(), tolerance: 1.0 };
    let methods = [Attribution::Centre, Attribution::Gradient];
    let found = trial.run(&net, &known, &methods).unwrap();
    assert_eq!((found.scenes, found.rows.len()), (known.len(), 2));
    let mut sums = [0.0; 2];
    for known in &known {
        let image = &known.scene.image;
        let map = Attribution::Gradient.map(&net, image, &Objective::class(known.class)).unwrap();
        let wish = Objective::probability(known.class);
        let curves = quick.run(&net, image, &wish, &map).unwrap();
        sums[0] += curves.deletion().unwrap()[0];
        sums[1] += curves.insertion().unwrap()[0];
    }
    let row = &found.rows[1];
    let n = known.len() as f64;
    assert!(
        (row.deletion - sums[0] / n).abs() < 1e-9 && (row.insertion - sums[1] / n).abs() < 1e-9
    );
    assert_eq!(found.rows[0].pointing, 1.0, "the middle lies on the thing");
    let table = found.to_string();
    let rows: Vec<&str> = table.lines().collect();
    assert!(rows[0].contains("deletion ↓  insertion ↑  pointing ↑") && rows.len() == 3, "{table}");
    assert!(rows[1].starts_with("centre") && rows[1].ends_with("1.00"), "{table}");
}

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
    assert!(curves(none, &zeros(&[1, 1, 13, 17])).starts_with("steps: expected 1 or more"));
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
