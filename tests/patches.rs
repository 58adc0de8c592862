//! Maximally activating patches: places and values by hand, patches by running them again.

mod common;

use common::{EXACT, double, wide};
use convlens::net::{Conv2d, Crop, Field, Net, Op, Pool};
use convlens::patches::{Found, Patches, random_channel};
use convlens::pixels::{self, Photos, Unreadable};
use convlens::{Result, activations::activations};
use proptest::prelude::*;
use std::path::PathBuf;
use tch::{Device, Kind, Tensor};

const CPU: (Kind, Device) = (Kind::Float, Device::Cpu);

fn one(conv: Conv2d) -> Net {
    Net::new("one").then("conv", Op::Conv2d(conv)).unwrap()
}

/// The red of each pixel, seen through a window of 3x3 with one pixel of padding.
fn red_window() -> Conv2d {
    let weight = Tensor::zeros([1, 3, 3, 3], CPU);
    let _ = weight.get(0).get(0).get(1).get(1).fill_(1.0);
    Conv2d::new(weight, None).padding(1)
}

fn red() -> Net {
    one(red_window())
}

/// Photos of which only the red is not 0.
fn reds(values: &[f32], [n, h, w]: [i64; 3]) -> Tensor {
    let red = Tensor::from_slice(values).view([n, 1, h, w]);
    Tensor::cat(&[&red, &red.zeros_like(), &red.zeros_like()], 1)
}

fn names(count: usize) -> Vec<PathBuf> {
    (0..count).map(|i| format!("photo {i}").into()).collect()
}

fn found(patches: &Patches, net: &Net, layer: &str, photos: &Tensor) -> Result<Found> {
    let mut found = patches.start(net, layer, &[0])?;
    found.look(net, photos, &names(photos.size()[0] as usize))?;
    Ok(found)
}

/// Fails unless both have the same patches, with values equal in double precision.
fn assert_same(a: &Found, b: &Found) {
    assert_eq!(a.rows.len(), b.rows.len());
    for (a, b) in a.rows.iter().zip(&b.rows) {
        assert_eq!((a.channel, a.patches.len()), (b.channel, b.patches.len()));
        for (a, b) in a.patches.iter().zip(&b.patches) {
            assert_eq!((&a.file, a.unit, a.crop), (&b.file, b.unit, b.crop));
            assert_eq!(a.seen().unwrap(), b.seen().unwrap());
            assert!((a.value - b.value).abs() <= EXACT * LARGE, "{} {}", a.value, b.value);
        }
    }
}

fn units(found: &Found) -> Vec<(usize, [i64; 2])> {
    let number = |p: &PathBuf| p.to_string_lossy()[6..].parse().unwrap();
    found.rows[0].patches.iter().map(|p| (number(&p.file), p.unit)).collect()
}

#[test]
fn the_best_patch_by_hand_at_the_border() {
    let photos = reds(&[0.25, 0.5, 0.75, 0.25, 1., 0.5, 0.25, 0.125, 0.25, 0.75], [1, 2, 5]);
    let net = Net::new("normalised")
        .then("normalize", Op::Normalize { mean: [0.5, 0.25, 0.75], std: [0.5; 3], bgr: false })
        .and_then(|net| {
            net.then(
                "conv",
                Op::Conv2d(Conv2d::new(Tensor::ones([1, 3, 3, 3], CPU), None).padding(1)),
            )
        })
        .and_then(|net| {
            net.then("only red", Op::Conv2d(Conv2d::new(Tensor::ones([1, 1, 1, 1], CPU), None)))
        })
        .unwrap();
    // Green and blue are 0.5 and 1.5 standard deviations below their means, and the pad at the mean:
    // the less of the photo a unit sees, the better. Of the corners, the right one above has the reds
    // 0.25, 1, 0.25, 0.75, in all 0.25 above four times 0.5, twice that normalised: 0.5 - 4 * 2.
    let found = found(&Patches::default(), &net, "only red", &photos).unwrap();
    let best = &found.rows[0].patches[0];
    assert_eq!((best.unit, best.value), ([0, 4], -7.5));
    assert_eq!(best.crop, Crop { top: 0, left: 3, bottom: 2, right: 5 });
    let red = [[0.5f32, 0.5, 0.5], [0.25, 1.0, 0.5], [0.25, 0.75, 0.5]].concat();
    let green = [[0.25f32, 0.25, 0.25], [0., 0., 0.25], [0., 0., 0.25]].concat();
    let blue = [[0.75f32, 0.75, 0.75], [0., 0., 0.75], [0., 0., 0.75]].concat();
    let expected = Tensor::from_slice(&[red, green, blue].concat()).view([1, 3, 3, 3]);
    assert_eq!(best.seen().unwrap(), expected);
    // The patch as a photo, under the unit in its middle: the padding is what the network pads with.
    let again = net.tap(&best.seen().unwrap(), "only red").unwrap().double_value(&[0, 0, 1, 1]);
    assert!((again - best.value).abs() < 1e-6, "{again}");
}

#[test]
fn a_unit_that_sees_only_padding_has_a_patch_of_it() {
    let brighter = Conv2d::new(-Tensor::ones([1, 3, 1, 1], CPU), Some(Tensor::from_slice(&[2f32])));
    let found =
        found(&Patches::default(), &one(brighter.padding(2)), "conv", &reds(&[0.5; 6], [1, 2, 3]));
    let best = &found.unwrap().rows[0].patches[0];
    assert_eq!((best.unit, best.value), ([0, 0], 2.0));
    assert_eq!(
        (best.seen().unwrap().size(), best.seen().unwrap().sum(Kind::Float)),
        (vec![1, 3, 1, 1], 0.0.into())
    );
}

#[test]
fn equal_values_come_in_the_order_of_photos_rows_and_columns() {
    let photos = reds(&[0., 0.5, 0., 0., 0.5, 0., 0., 0.75, 0., 0.5, 0., 0.5], [2, 2, 3]);
    let patches = Patches { top: 6, per_image: 6, ..Patches::default() };
    // A field of one pixel, so that patches of one photo are never too near.
    let weight = Tensor::from_slice(&[1f32, 0., 0.]).view([1, 3, 1, 1]);
    let found = found(&patches, &one(Conv2d::new(weight, None)), "conv", &photos).unwrap();
    let by_hand = [(1, [0, 1]), (0, [0, 1]), (0, [1, 1]), (1, [1, 0]), (1, [1, 2])];
    assert_eq!(units(&found), by_hand); // zeros are left out, so 5 are all there are
}

#[test]
fn a_photo_gives_no_more_than_it_may() {
    let photos =
        reds(&[0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.85, 0.1, 0.1, 0.1, 0.1, 0.1], [2, 1, 7]);
    let net = red();
    let of = |per_image| {
        let patches = Patches { top: 4, per_image, ..Patches::default() };
        units(&found(&patches, &net, "conv", &photos).unwrap())
    };
    assert_eq!(of(1), [(0, [0, 0]), (1, [0, 1])]);
    // Windows are 3 wide: the next of the same photo begins at least two further.
    assert_eq!(of(2), [(0, [0, 0]), (1, [0, 1]), (0, [0, 2]), (1, [0, 3])]);
    assert_eq!(of(3), [(0, [0, 0]), (1, [0, 1]), (0, [0, 2]), (0, [0, 4])]);
}

#[test]
fn without_the_border_every_unit_sees_photo_only() {
    // Windows of 3 with padding 1 and a step of 2 begin at -1, 1, 3 and so on: of 6 rows, 1 and 3
    // are left, of 5 columns only 1. The reds rise from left to right and from above.
    let photos = Tensor::arange(30, CPU).view([1, 1, 6, 5]) / 30.0;
    let photos = Tensor::cat(&[&photos, &photos.zeros_like(), &photos.zeros_like()], 1);
    let net = one(red_window().stride(2));
    let all = Patches { per_image: 9, ..Patches::default() };
    let of =
        |border| units(&found(&Patches { border, ..all.clone() }, &net, "conv", &photos).unwrap());
    assert_eq!(of(true)[0], (0, [2, 2]));
    assert_eq!(of(true).len(), 8); // the first unit is at 0
    assert_eq!(of(false), [(0, [2, 1]), (0, [1, 1])]);
    let small = found(&Patches { border: false, ..all }, &net, "conv", &photos.narrow(2, 0, 2));
    assert!(small.unwrap().rows[0].patches.is_empty());
}

#[test]
fn a_figure_leaves_out_the_padding_that_all_patches_have() {
    // A window of 7x9 on photos of 2x3 from corner to corner: every unit sees all of the photo.
    let weight = Tensor::ones([1, 3, 7, 9], CPU);
    let conv = Conv2d::new(weight, None).borders([3, 4], [3, 4]);
    let patches = Patches { top: 2, ..Patches::default() };
    let found = found(&patches, &one(conv), "conv", &reds(&[0.5; 12], [2, 2, 3])).unwrap();
    assert_eq!(found.rows[0].patches[0].seen().unwrap().size(), [1, 3, 7, 9]);
    let alt = found.figure().unwrap().alt;
    assert!(alt.contains(": 2 images, each 2x3 (height x width)"), "{alt}");
}

#[test]
fn a_patch_is_bright_in_its_dim_photo() {
    let photos = reds(&[0., 0., 0., 0., 0.8, 0.4], [1, 1, 6]);
    let weight = Tensor::from_slice(&[1f32, 0., 0.]).view([1, 3, 1, 1]);
    let found =
        found(&Patches::default(), &one(Conv2d::new(weight, None)), "conv", &photos).unwrap();
    let patch = &found.rows[0].patches[0];
    let bytes = patch.in_photo(&photos).unwrap().bytes;
    let picture = image::load_from_memory(&bytes).unwrap().into_rgb8();
    let [bright, dim] = [4, 5].map(|x| picture.get_pixel(x * picture.width() / 6, 0).0[0]);
    assert_eq!((bright, dim), (204, 36)); // 0.8 and 0.4 * 0.35, of 255
    let message = patch.in_photo(&photos.narrow(3, 0, 4)).unwrap_err().to_string();
    assert!(message.contains("at least 1x5, got 1x4"), "{message}");
}

#[test]
fn of_one_neuron_only_its_own_place_counts() {
    let photos = reds(&[0.1, 0.9, 0.3, 0.5, 0.2, 0.8, 0.7, 0.6, 0.4, 0.1, 0.6, 0.2], [2, 2, 3]);
    let patches = Patches { neuron: Some([1, 2]), ..Patches::default() };
    let here = found(&patches, &red(), "conv", &photos).unwrap();
    assert_eq!(units(&here), [(0, [1, 2]), (1, [1, 2])]);
    assert_eq!(here.rows[0].patches[0].value, f64::from(0.8f32));
    assert_eq!(here.rows[0].patches[0].crop, Crop { top: 0, left: 1, bottom: 2, right: 3 });
    let outside = Patches { neuron: Some([2, 0]), ..Patches::default() };
    let message = found(&outside, &red(), "conv", &photos).unwrap_err().to_string();
    assert!(message.contains("row: expected 0..2, got 2"), "{message}");
}

/// Weights that are no number's multiple of each other.
fn weight(shape: [i64; 4]) -> Tensor {
    let count: i64 = shape.iter().product();
    ((Tensor::arange(count, CPU) * 1.7 + 0.3).sin() * 0.5).view(shape)
}

/// The size of the numbers that the second convolution of [`deep`] adds up.
const LARGE: f64 = 100.0;

/// A convolution, a pool and a strided convolution with unlike borders, 4 channels; in double precision.
fn deep() -> Net {
    let first = Conv2d::new(weight([6, 3, 3, 3]), None).padding(1);
    let second = Conv2d::new(weight([4, 6, 3, 3]), None).stride(2).borders([0, 1], [1, 1]);
    let net = Net::new("deep")
        .then("normalize", Op::Normalize { mean: [0.4, 0.5, 0.6], std: [0.2; 3], bgr: true })
        .and_then(|net| net.then("conv1", Op::Conv2d(first)))
        .and_then(|net| net.then("relu1", Op::Relu))
        .and_then(|net| net.then("pool1", Op::MaxPool2d(Pool::square(2))))
        .and_then(|net| net.then("conv2", Op::Conv2d(second)))
        .and_then(|net| net.then("relu2", Op::Relu));
    double(&net.unwrap())
}

/// Photos in which every place is different.
fn varied([n, h, w]: [i64; 3]) -> Tensor {
    let wave = (Tensor::arange(n * 3 * h * w, CPU) * 2.3).sin()
        * (Tensor::arange(n * 3 * h * w, CPU) * 0.037).cos();
    wide(&(wave * 0.5 + 0.5).view([n, 3, h, w]))
}

#[test]
fn a_patch_by_itself_gives_its_value_again() {
    let (net, photos) = (deep(), varied([5, 31, 47]));
    let patches = Patches { top: 20, per_image: 4, ..Patches::default() };
    let mut found = patches.start(&net, "relu2", &[0, 1, 2, 3]).unwrap();
    found.look(&net, &photos, &names(5)).unwrap();
    let Field::Window { size, stride, start } = found.field else { panic!("a window") };
    assert_eq!((size, stride, start), ([8, 8], [4, 4], [-1, -3]));
    // The first unit whose window begins inside, and where: the patch goes there.
    let unit = [0, 1].map(|d: usize| (-start[d]).div_euclid(stride[d]) + 1);
    let first = [0, 1].map(|d| start[d] + unit[d] * stride[d]);
    let mut checked = 0;
    for patch in found.rows.iter().flat_map(|row| row.patches.iter().map(|p| (row.channel, p))) {
        let (channel, patch) = patch;
        if patch.crop.bottom - patch.crop.top < 8 || patch.crop.right - patch.crop.left < 8 {
            continue; // padding inside the network is not a colour
        }
        let alone = Tensor::zeros([1, 3, first[0] + 8, first[1] + 8], (Kind::Double, Device::Cpu));
        alone.narrow(2, first[0], 8).narrow(3, first[1], 8).copy_(&patch.seen().unwrap());
        let again = net.tap(&alone, "relu2").unwrap();
        let again = again.double_value(&[0, channel, unit[0], unit[1]]);
        assert!((again - patch.value).abs() <= EXACT * LARGE, "{again} {}", patch.value);
        checked += 1;
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn the_best_are_the_best_of_all_units_and_batches_do_not_matter() {
    let (net, photos) = (deep(), varied([7, 22, 35]));
    let of = |random, batches: &[(usize, usize)]| {
        let patches = Patches { top: 4, per_image: 2, random, ..Patches::default() };
        let mut found = patches.start(&net, "relu2", &[2, 0]).unwrap();
        for &(first, count) in batches {
            let files = &names(7)[first..first + count];
            found.look(&net, &photos.narrow(0, first as i64, count as i64), files).unwrap();
        }
        found
    };
    for random in [None, Some(3)] {
        let streamed = of(random, &[(0, 3), (3, 1), (4, 3)]);
        assert_same(&streamed, &of(random, &[(0, 7)]));
        assert_eq!(streamed.photos, 7);
    }
    let maps = net.tap(&photos, "relu2").unwrap();
    for row in &of(None, &[(0, 7)]).rows {
        let best = maps.select(1, row.channel).max().double_value(&[]);
        assert_eq!(row.patches[0].value, best);
        assert!(row.patches.is_sorted_by(|a, b| a.value >= b.value));
        assert_eq!(row.patches.len(), 4);
    }
}

#[test]
fn chance_is_a_seed_and_its_values_are_the_units_own() {
    let (net, photos) = (deep(), varied([7, 22, 35]));
    let of = |seed| {
        let patches = Patches { top: 5, random: Some(seed), ..Patches::default() };
        found(&patches, &net, "conv2", &photos).unwrap()
    };
    assert_same(&of(1), &of(1));
    assert_ne!(units(&of(1)), units(&of(2)));
    let places = |found: &Found| units(found).into_iter().map(|(_, unit)| unit).collect::<Vec<_>>();
    assert!(places(&of(1)).iter().any(|unit| *unit != places(&of(1))[0]), "{:?}", units(&of(1)));
    let maps = net.tap(&photos, "conv2").unwrap();
    for (patch, (photo, [y, x])) in of(1).rows[0].patches.iter().zip(units(&of(1))) {
        assert_eq!(maps.double_value(&[photo as i64, 0, y, x]), patch.value);
    }
    let drawn: Vec<i64> = (0..40)
        .map(|seed| random_channel(&activations(&net, &photos, "conv2").unwrap(), seed))
        .collect();
    assert!((0..4).all(|c| drawn.contains(&c)) && drawn.iter().all(|c| (0..4).contains(c)));
}

#[test]
fn a_fully_connected_unit_sees_whole_photos_of_any_shape() {
    let net = red()
        .then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] })
        .and_then(|net| net.then("flatten", Op::Flatten))
        .unwrap();
    let mut found = Patches::default().start(&net, "flatten", &[0]).unwrap();
    found.look(&net, &reds(&[0.5; 6], [1, 2, 3]), &names(1)).unwrap();
    found.look(&net, &reds(&[0.75; 8], [1, 4, 2]), &["tall".into()]).unwrap();
    let [tall, wide] = &found.rows[0].patches[..] else { panic!("two photos") };
    assert_eq!((tall.value, tall.unit, tall.file.to_str()), (0.75, [0, 0], Some("tall")));
    assert_eq!((tall.pixels.size(), wide.pixels.size()), (vec![1, 3, 4, 2], vec![1, 3, 2, 3]));
    let alt = found.figure().unwrap().alt;
    assert!(alt.starts_with("flatten, channel 0: 9 images, each 4x3 "), "{alt}");
    assert!(alt.ends_with(": 0.75, 0.5, , , , , , , "), "{alt}");
}

#[test]
fn silence_has_no_patches_and_says_so() {
    let off = Conv2d::new(Tensor::zeros([1, 3, 1, 1], CPU), None);
    let found = found(&Patches::default(), &double(&one(off)), "conv", &varied([3, 4, 5])).unwrap();
    assert!(found.rows[0].patches.is_empty());
    let alt = found.figure().unwrap().alt;
    assert!(alt.starts_with("conv, channel 0: 0 everywhere in 3 photos: "), "{alt}");
}

#[test]
fn wrong_arguments_say_what_is_right() {
    let (net, photos) = (double(&red()), varied([2, 4, 5]));
    let says = |e: convlens::Error, what: &str| assert!(e.to_string().contains(what), "{e}");
    let start = |patches: Patches, channels: &[i64]| patches.start(&net, "conv", channels);
    let none = Patches { top: 0, ..Patches::default() };
    says(start(none, &[0]).unwrap_err(), "top 0, per_image 1 and 1 channels");
    let none = Patches { per_image: 0, ..Patches::default() };
    says(start(none, &[0]).unwrap_err(), "per_image 0");
    says(start(Patches::default(), &[]).unwrap_err(), "0 channels");
    says(Patches::default().start(&net, "relu9", &[0]).unwrap_err(), "expected a layer of one");
    let mut unknown = start(Patches::default(), &[1]).unwrap();
    says(unknown.look(&net, &photos, &names(2)).unwrap_err(), "channel: expected 0..1, got 1");
    let mut found = start(Patches::default(), &[0]).unwrap();
    says(found.look(&net, &photos, &names(1)).unwrap_err(), "files: expected 2, got 1");
    says(found.look(&net, &(photos / 0.0), &names(2)).unwrap_err(), "NaN");
    assert_eq!(found.photos, 0);
}

#[test]
fn a_folder_with_a_broken_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    for (name, red) in [("a.png", 0.5), ("c.png", 1.0)] {
        pixels::save(&reds(&[red; 20], [1, 4, 5]), file(name)).unwrap();
    }
    std::fs::write(file("b.png"), "no picture").unwrap();
    let skip = Photos {
        size: 8,
        unreadable: Unreadable::Skip,
        ..Photos::in_folder(folder.path()).unwrap()
    };
    let found = Patches::default().run(&red(), "conv", &[0], &skip).unwrap();
    let files: Vec<&PathBuf> = found.rows[0].patches.iter().map(|p| &p.file).collect();
    assert_eq!(files, [&file("c.png"), &file("a.png")]);
    assert_eq!((found.photos, found.skipped.len()), (2, 1));
    assert!(found.skipped[0].contains("b.png"), "{}", found.skipped[0]);
    let strict = Photos { unreadable: Unreadable::Error, ..skip };
    let message = Patches::default().run(&red(), "conv", &[0], &strict).unwrap_err().to_string();
    assert!(message.contains("b.png"), "{message}");
}

proptest! {
    #[test]
    fn padding_included_a_patch_gives_its_value_again(
        sides in [5..12i64, 5..12i64], kernel in [1..5i64, 1..5i64],
        before in [0..3i64, 0..3i64], after in [0..3i64, 0..3i64], stride in 1..4i64,
    ) {
        let normalize = || Op::Normalize { mean: [0.4, 0.5, 0.6], std: [0.2; 3], bgr: true };
        let weight = || weight([2, 3, kernel[0], kernel[1]]);
        let net = |conv| Net::new("one").then("normalize", normalize())?.then("conv", Op::Conv2d(conv));
        let padded = net(Conv2d::new(weight(), None).stride(stride).borders(before, after)).unwrap();
        let (padded, bare) = (double(&padded), double(&net(Conv2d::new(weight(), None)).unwrap()));
        let patches = Patches { top: 6, per_image: 3, ..Patches::default() };
        let found = found(&patches, &padded, "conv", &varied([2, sides[0], sides[1]])).unwrap();
        for patch in &found.rows[0].patches {
            let again = bare.tap(&patch.seen().unwrap(), "conv").unwrap();
            prop_assert_eq!(again.size(), [1, 2, 1, 1]);
            let again = again.double_value(&[0, 0, 0, 0]);
            prop_assert!((again - patch.value).abs() <= EXACT * LARGE);
        }
    }
}
