//! Occlusion: numbers by hand, identities, and incremental passes on the networks people know.

mod common;

use common::{EXACT, Ways, apart, assert_same_ways, double, largest, wide};
use convlens::net::{Conv2d, Net, Op, Pool};
use convlens::occlusion::{Baseline, Occlusion, Shape, occlusion};
use convlens::pixels::{imagenet_crop, load};
use convlens::{Objective, Result, zoo};
use tch::{Device, Kind, Tensor};

const CPU: (Kind, Device) = (Kind::Float, Device::Cpu);

fn numbers(x: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(x.contiguous().flatten(0, -1)).unwrap()
}

fn pixels(h: i64, w: i64) -> Tensor {
    let grey = (Tensor::arange(h * w, CPU) * 0.37).sin() * 0.5 + 0.5;
    grey.view([1, 1, h, w]).repeat([1, 3, 1, 1])
        * Tensor::from_slice(&[1f32, 0.7, 0.4]).view([3, 1, 1])
}

/// Its score is the sum of all pixels of all colours.
fn sum() -> Net {
    let ones = Tensor::ones([1, 3, 1, 1], CPU);
    Net::new("sum").then("sum", Op::Conv2d(Conv2d::new(ones, None))).unwrap()
}

fn black(patch: [i64; 2], stride: [i64; 2]) -> Occlusion {
    Occlusion { patch, stride, baseline: Baseline::Zero, ..Occlusion::default() }
}

fn image(values: &[f32], h: i64, w: i64) -> Tensor {
    Tensor::from_slice(values).view([1, 1, h, w]).repeat([1, 3, 1, 1]) / 3.0
}

#[test]
fn the_last_position_hangs_over_the_edge() {
    // Rows 0 and 1; columns 0, 2 and 4, where one column of the patch is left. The mean over the 10
    // pixels falls by a tenth of what a patch covers.
    let x = image(&[1., 2., 3., 4., 5., 6., 7., 8., 9., 10.], 2, 5);
    let wish = [10.0 * Objective::channel("sum", 0)];
    let found = black([1, 2], [1, 2]).run(&sum(), &x, &wish).unwrap();
    let close = |a: &Tensor, b: &[f32]| {
        assert!(
            (a.flatten(0, -1) - Tensor::from_slice(b)).abs().max().double_value(&[]) < 1e-4,
            "{a}"
        );
    };
    close(&found.fall(0).unwrap(), &[3., 7., 5., 13., 17., 10.]);
    close(&found.scores[0], &[55.]);
    close(&found.covered[0], &[52., 48., 50., 42., 38., 45.]);
    close(&found.maps[0], &[3., 3., 7., 7., 5., 13., 13., 17., 17., 10.]);
    // In steps of one column, each inner pixel is the mean of the two patches on it.
    let found = black([2, 2], [1, 1]).run(&sum(), &x, &wish).unwrap();
    close(&found.maps[0], &[16., 18., 22., 26., 28., 16., 18., 22., 26., 28.]);
}

#[test]
fn a_patch_as_large_as_the_image_is_one_value() {
    let x = pixels(4, 7);
    let found = black([4, 7], [1, 1]).run(&sum(), &x, &[Objective::channel("sum", 0)]).unwrap();
    assert_eq!(found.covered[0].size(), [1, 1, 1, 1]);
    let mean = x.sum(Kind::Float).double_value(&[]) / 28.0;
    assert!((&found.maps[0] - mean).abs().max().double_value(&[]) < 1e-5);
}

#[test]
fn baselines_by_hand() {
    // Red 0, 0.3, 0.9, half of that green, a quarter blue; weights 1, 2 and 4 make a third of each.
    let colours = |values: [f32; 3]| Tensor::from_slice(&values).view([1, 3, 1, 1]);
    let x = Tensor::from_slice(&[0f32, 0.3, 0.9]).view([1, 1, 1, 3]) * colours([1.0, 0.5, 0.25]);
    let weights = Op::Conv2d(Conv2d::new(colours([1.0, 2.0, 4.0]), None));
    let net = Net::new("weighted").then("sum", weights).unwrap();
    let middle = |baseline| {
        let one = Occlusion { baseline, ..black([1, 1], [1, 1]) };
        let found = one.run(&net, &x, &[Objective::neuron("sum", 0, [0, 1])]).unwrap();
        found.covered[0].double_value(&[0, 0, 0, 1]) / 3.0
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    near(middle(Baseline::Grey), 0.5 * 7.0 / 3.0);
    near(middle(Baseline::Zero), 0.0);
    near(middle(Baseline::Mean), 0.4);
    // Weights exp(-d² / 2) of distances 0 to 3; the edges' 0 and 0.9 reach outwards.
    let [a, b, c] = [0.5f64, 2.0, 4.5].map(|d| (-d).exp());
    let blurred = (0.3 + 0.9 * (a + b + c)) / (1.0 + 2.0 * (a + b + c));
    near(middle(Baseline::Blur { sigma: 1.0 }), blurred);
    let noise = middle(Baseline::Noise { seed: 7 });
    assert_eq!(noise, middle(Baseline::Noise { seed: 7 }));
    assert!(noise != middle(Baseline::Noise { seed: 8 }) && (0.0..7.0 / 3.0).contains(&noise));
}

#[test]
fn a_round_patch_leaves_the_corners() {
    // A 4 x 4 circle covers all but its 4 corners: 12 of 16 pixels.
    let x = Tensor::full([1, 3, 4, 4], 1.0, CPU);
    let round = Occlusion { shape: Shape::Round, ..black([4, 4], [4, 4]) };
    let found = round.run(&sum(), &x, &[16.0 * Objective::channel("sum", 0)]).unwrap();
    assert_eq!(numbers(&found.fall(0).unwrap()), [36.0]);
    let map = &found.maps[0];
    let covered = [0., 1., 1., 0., 1., 1., 1., 1., 1., 1., 1., 1., 0., 1., 1., 0.];
    assert_eq!(numbers(&map.isnan().to_kind(Kind::Float)), covered.map(|c| 1.0 - c));
    assert_eq!(numbers(&map.nan_to_num(0.0, None, None)), covered.map(|c| 36.0 * c));
}

/// Six layers with two branches, all of whose weights are positive.
fn positive() -> Net {
    let weight = |o, i, h, w| (Tensor::arange(o * i * h * w, CPU).sin() + 1.1).view([o, i, h, w]);
    Net::new("positive")
        .then("conv1", Op::Conv2d(Conv2d::new(weight(2, 3, 5, 3), None).stride(2).padding(2)))
        .and_then(|net| net.then("a", Op::Conv2d(Conv2d::new(weight(2, 2, 3, 3), None).padding(1))))
        .and_then(|net| {
            net.join("b", Op::Conv2d(Conv2d::new(weight(2, 2, 1, 1), None)), &["conv1"])
        })
        .and_then(|net| net.join("add", Op::Add, &["a", "b"]))
        .and_then(|net| net.then("pool", Op::AvgPool2d(Pool::square(2))))
        .unwrap()
}

#[test]
fn the_field_by_occlusion_is_the_field_by_arithmetic() -> Result<()> {
    let (net, x) = (positive(), Tensor::cat(&[pixels(31, 40), pixels(31, 40).flip([3])], 0));
    for unit in [[0, 0], [3, 4], [6, 9]] {
        let expected = net.receptive_field("pool")?.crop(unit, [31, 40]);
        let wish = [Objective::neuron("pool", 1, unit)];
        let exact = black([3, 2], [1, 1]).run(&net, &x, &wish)?.field(0, 1e-6)?;
        assert_eq!(exact, expected);
        let rough = black([5, 6], [3, 4]).run(&net, &x, &wish)?.field(0, 1e-6)?;
        let near = |outer: i64, inner: i64, stride: i64| (0..stride).contains(&(inner - outer));
        assert!(
            near(rough.top, expected.top, 3) && near(rough.left, expected.left, 4),
            "{rough:?}"
        );
        let [bottom, right] = [-rough.bottom, -rough.right];
        assert!(near(bottom, -expected.bottom, 3) && near(right, -expected.right, 4), "{rough:?}");
    }
    Ok(())
}

#[test]
fn the_effect_is_the_mean_size_over_images() -> Result<()> {
    let x = Tensor::cat(&[image(&[1., 2.], 1, 2), image(&[-3., 0.], 1, 2)], 0);
    let found = black([1, 1], [1, 1]).run(&sum(), &x, &[2.0 * Objective::channel("sum", 0)])?;
    assert_eq!(numbers(&found.fall(0)?), [1., 2., -3., 0.]);
    assert_eq!(numbers(&found.effect(0)?), [2., 1.]);
    Ok(())
}

#[test]
fn one_sweep_reads_many_images_and_objectives() -> Result<()> {
    let net = double(&positive());
    let x = wide(&Tensor::cat(&[pixels(20, 27), pixels(20, 27).flip([2])], 0));
    let wishes = [Objective::neuron("b", 0, [3, 4]), Objective::channel("pool", 1)];
    let sweep = Occlusion { patch: [6, 5], stride: [4, 5], ..Occlusion::default() };
    let together = sweep.run(&net, &x, &wishes)?;
    for (k, wish) in wishes.iter().enumerate() {
        for i in 0..2 {
            let alone = sweep.run(&net, &x.narrow(0, i, 1), std::slice::from_ref(wish))?;
            assert!(together.maps[k].narrow(0, i, 1).equal(&alone.maps[0]));
        }
        let by_hand = wish.score(&net, &x.narrow(0, 1, 1))?;
        assert!(apart(&by_hand, &together.scores[k].narrow(0, 1, 1)) <= EXACT * largest(&by_hand));
    }
    Ok(())
}

#[test]
fn the_batch_changes_nothing() -> Result<()> {
    let wish = [Objective::channel("pool", 0)];
    let of = |net: &Net, x: &Tensor, batch, incremental| {
        let sweep =
            Occlusion { patch: [7, 4], stride: [3, 2], batch, incremental, ..Occlusion::default() };
        sweep.run(net, x, &wish).map(|mut found| found.maps.remove(0))
    };
    let (net, x) = (positive(), pixels(33, 26));
    let (net64, x64) = (double(&net), wide(&x));
    let score = largest(&wish[0].score(&net64, &x64)?);
    for batch in [1, 2, 7, 1000] {
        let ways = |net: &Net, x: &Tensor| -> Result<Ways> {
            Ok(Ways { plain: of(net, x, 1, false)?, other: of(net, x, batch, true)? })
        };
        assert_same_ways(&ways(&net, &x)?, &ways(&net64, &x64)?, score, &format!("batch {batch}"));
    }
    Ok(())
}

#[test]
fn probabilities_are_shares() -> Result<()> {
    // Two classes with scores of the pixel and of 0: e / (e + 1) where the pixel is 1, a half at 0.
    let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 0., 0.]).view([2, 3]);
    let net = Net::new("two classes").then("flat", Op::Flatten)?;
    let net = net.then("fc", Op::Linear { weight, bias: Tensor::zeros([2], CPU) })?;
    let net = net.with_classes(vec!["a".into(), "b".into()]);
    let x = Tensor::ones([1, 3, 1, 1], CPU);
    let found = black([1, 1], [1, 1]).run(&net, &x, &[Objective::probability(0)])?;
    let share = 1f64.exp() / (1f64.exp() + 1.0);
    assert!((found.scores[0].double_value(&[0]) - share).abs() < 1e-6);
    assert!((found.covered[0].double_value(&[0, 0, 0, 0]) - 0.5).abs() < 1e-6);
    assert_eq!(Objective::probability(3).to_string(), "probability of class 3");
    Ok(())
}

#[test]
fn the_default_is_a_grey_square() -> Result<()> {
    let (net, x, wish) = (sum(), pixels(40, 50), Objective::channel("sum", 0));
    let map = occlusion(&net, &x, &wish)?;
    assert_eq!(map.size(), [1, 1, 40, 50]);
    // The first square alone covers the first pixel: 32 x 32 pixels become 0.5 in 3 colours.
    let first = x.narrow(2, 0, 32).narrow(3, 0, 32).sum(Kind::Double).double_value(&[]);
    let fall = (first - 1.5 * 32.0 * 32.0) / 2000.0;
    assert!((map.double_value(&[0, 0, 0, 0]) - fall).abs() < 1e-4);
    Ok(())
}

#[test]
fn bad_settings_are_one_clear_sentence() {
    let says = |sweep: Occlusion, words: &str| {
        let wish = [Objective::channel("sum", 0)];
        let message = sweep.run(&sum(), &pixels(4, 7), &wish).unwrap_err().to_string();
        assert!(message.contains(words) && !message.contains('\n'), "{message}");
    };
    says(
        black([5, 1], [1, 1]),
        "patch: expected at least [1, 1] and at most the image's [4, 7], got [5, 1]",
    );
    says(black([0, 1], [1, 1]), "patch: expected");
    says(
        black([2, 3], [1, 0]),
        "stride: expected at least [1, 1] and at most the patch's [2, 3], got [1, 0]",
    );
    says(black([2, 3], [3, 3]), "uncovered");
    says(Occlusion { batch: 0, ..black([2, 2], [1, 1]) }, "batch: expected 1 or more, got 0");
    says(
        Occlusion { baseline: Baseline::Blur { sigma: 0.0 }, ..black([2, 2], [1, 1]) },
        "sigma: expected 0.01 to 256",
    );
    let flat = black([1, 1], [1, 1])
        .run(&sum(), &pixels(3, 2), &[0.0 * Objective::channel("sum", 0)])
        .unwrap();
    assert!(flat.field(0, 0.0).unwrap_err().to_string().contains("one that a patch moves"));
    assert!(flat.fall(1).unwrap_err().to_string().contains("objective: expected 0..1, got 1"));
}

/// Trained networks on a photo: whole passes and incremental ones.
fn assert_as_whole_passes(net: &Net, wishes: &[Objective]) -> Result<()> {
    let x = imagenet_crop(&load(concat!(env!("CARGO_MANIFEST_DIR"), "/data/photos/coffee.jpg"))?)?;
    let x = x.narrow(2, 60, 120).narrow(3, 30, 150);
    let ours = Occlusion { patch: [40, 30], stride: [37, 28], ..Occlusion::default() };
    let ways = |net: &Net, x: &Tensor| -> Result<Vec<Ways>> {
        let whole = Occlusion { incremental: false, ..ours.clone() }.run(net, x, wishes)?;
        let maps = whole.maps.into_iter().zip(ours.run(net, x, wishes)?.maps);
        Ok(maps.map(|(plain, other)| Ways { plain, other }).collect())
    };
    let (net64, x64) = (double(net), wide(&x));
    let (single, exact) = (ways(net, &x)?, ways(&net64, &x64)?);
    for (k, wish) in wishes.iter().enumerate() {
        let map = &exact[k].plain;
        assert!((map.max() - map.min()).double_value(&[]) > 0.0, "{wish}");
        let scale = largest(&wish.score(&net64, &x64)?).max(largest(map));
        assert_same_ways(&single[k], &exact[k], scale, &wish.to_string());
    }
    Ok(())
}

#[test]
fn efficientnet_lite0_on_a_photo() -> Result<()> {
    let wishes =
        [Objective::class(967), Objective::probability(967), Objective::channel("block6.add", 3)];
    assert_as_whole_passes(&zoo::efficientnet_lite0()?, &wishes)
}

#[test]
fn vgg16_features_on_a_photo() -> Result<()> {
    let wishes = [Objective::channel("pool5", 7), Objective::neuron("conv4_2", 5, [13, 9])];
    assert_as_whole_passes(&zoo::vgg16_features()?, &wishes)
}
