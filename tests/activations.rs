//! Activation maps: numbers by hand, places by identity.

use convlens::activations::{Activations, activations};
use convlens::net::{Conv2d, Net, Op};
use convlens::show::{self, HeatMap, Scale};
use image::{Rgb, RgbImage};
use tch::{Device, Kind, Tensor};

const CPU: (Kind, Device) = (Kind::Float, Device::Cpu);

/// A filter that picks the red of its middle pixel, 3x3, with a step of 2.
fn red_middle() -> Conv2d {
    let weight = Tensor::zeros([1, 3, 3, 3], CPU);
    let _ = weight.get(0).get(0).get(1).get(1).fill_(1.0);
    Conv2d::new(weight, None).stride(2)
}

fn one(conv: Conv2d) -> Net {
    Net::new("one").then("conv", Op::Conv2d(conv)).unwrap()
}

/// A photo that gets redder to the right and below.
fn ramp([h, w]: [i64; 2]) -> Tensor {
    let rows = Tensor::arange(h, CPU).view([1, 1, h, 1]) * 0.02;
    let columns = Tensor::arange(w, CPU).view([1, 1, 1, w]) * 0.03;
    (rows + columns).expand([1, 3, h, w], false).contiguous()
}

#[test]
fn a_map_lies_where_its_units_look() {
    // Between the outer centres a ramp picked at every second pixel comes back as it was, whichever
    // side the network pads: centres begin at 1 without padding, at 0 with one pixel before.
    for (before, after, first) in [([0, 0], [1, 1], 1), ([1, 1], [1, 1], 0), ([1, 0], [0, 1], 0)] {
        let photo = ramp([9, 14]);
        let maps = activations(&one(red_middle().borders(before, after)), &photo, "conv").unwrap();
        let placed = maps.on_photo(0).unwrap();
        assert_eq!(placed.size(), [1, 1, 9, 14]);
        let inner = |x: &Tensor| x.narrow(2, first, 7 - first).narrow(3, 1, 11);
        let off = (inner(&placed) - inner(&photo.narrow(1, 0, 1))).abs().max().double_value(&[]);
        assert!(off < 1e-6, "{before:?}: {off}");
    }
}

#[test]
fn beyond_the_outer_units_a_map_is_constant() {
    // 4x6, centres at rows 1 and 3, columns 1, 3 and 5.
    let maps =
        activations(&one(red_middle().borders([0; 2], [1; 2])), &ramp([4, 6]), "conv").unwrap();
    assert_eq!(maps.maps.size(), [1, 1, 2, 3]);
    let placed = maps.on_photo(0).unwrap();
    for (pixel, by_hand) in [([0, 0], 0.05), ([1, 1], 0.05), ([2, 4], 0.16), ([3, 5], 0.21)] {
        let value = placed.double_value(&[0, 0, pixel[0], pixel[1]]);
        assert!((value - by_hand).abs() < 1e-6, "{pixel:?}: {value}");
    }
}

/// Three channels: red - 0.5, green - 0.5, both turned off below zero, and never anything.
fn three_channels() -> Net {
    let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0., 0., 0., 0.]).view([3, 3, 1, 1]);
    let conv = Conv2d::new(weight, Some(Tensor::from_slice(&[-0.5f32, -0.5, 0.])));
    one(conv).then("relu", Op::Relu).unwrap()
}

fn two_photos() -> Tensor {
    let red = [1f32, 0.5, 0.75, 0., 0., 0., 0., 0., 0.];
    let green = [0f32, 0., 0., 1., 1., 0., 0., 0., 0.];
    Tensor::from_slice(&[red, green].concat()).view([2, 3, 1, 3])
}

#[test]
fn strength_by_hand_and_photo_by_photo() {
    let (net, photos) = (three_channels(), two_photos());
    let strengths = |x: &Tensor| activations(&net, x, "relu").unwrap().strengths().unwrap();
    let both = strengths(&photos);
    assert_eq!(both.mean, [0.75 / 6.0, 1.0 / 6.0, 0.0]);
    assert_eq!(both.largest, [0.5, 0.5, 0.0]);
    assert_eq!((both.sorted(), both.silent()), (vec![1, 0, 2], vec![2]));

    let [first, second] = [0, 1].map(|i| strengths(&photos.narrow(0, i, 1)));
    assert_eq!((first.silent(), second.silent()), (vec![1, 2], vec![0, 2]));
    let joined = first.and(&second).unwrap().and(&both).unwrap();
    assert_eq!((&joined.mean, &joined.largest), (&both.mean, &both.largest));
    assert_eq!(joined.photos, 4);
    // One photo with 1/4 in the mean, two with 1/8: each photo counts a third.
    let three = first.and(&both).unwrap();
    assert!((three.mean[0] - 1.0 / 6.0).abs() < 1e-12 && three.photos == 3, "{three:?}");
}

#[test]
fn strength_counts_negative_answers_too() {
    let maps = activations(&three_channels(), &two_photos(), "conv").unwrap();
    let mean = maps.strengths().unwrap().mean[0];
    assert!((mean - (0.5 + 0. + 0.25 + 3. * 0.5) / 6.0).abs() < 1e-12, "{mean}");
}

#[test]
fn channels_without_difference_keep_their_order() {
    let maps = Tensor::ones([1, 5, 2, 3], CPU);
    let same =
        Activations { maps, ..activations(&three_channels(), &two_photos(), "relu").unwrap() };
    assert_eq!(same.strengths().unwrap().sorted(), [0, 1, 2, 3, 4]);
}

fn pixels(png: &[u8]) -> RgbImage {
    image::load_from_memory(png).unwrap().into_rgb8()
}

#[test]
fn a_grid_scales_its_tiles_alike_or_each_by_itself() {
    let photo = Tensor::from_slice(&[0.5f32, 1., 0.5, 0.75, 0., 0.]).view([1, 3, 1, 2]);
    let maps = activations(&three_channels(), &photo, "relu").unwrap();
    // Tiles of 84x168 (height x width), 6 apart: the right half of each.
    let right = |x: &RgbImage| [126, 300].map(|column| *x.get_pixel(column, 42));
    let shared = maps.grid(&[0, 1], Scale::Shared).unwrap();
    let [strong, weak] = right(&pixels(&shared.bytes));
    assert_ne!(strong, weak);
    let own = pixels(&maps.grid(&[0, 1], Scale::PerFilter).unwrap().bytes);
    assert_eq!(right(&own), [strong; 2]);
    assert_eq!(
        shared.alt,
        "2 maps, 1x2 (height x width), values 0 to 0.5, one scale for all: 0: 0.5, 1: 0.25"
    );
}

#[test]
fn a_map_without_differences_is_dark_and_signed_maps_are_white_at_zero() {
    let photo = Tensor::zeros([1, 3, 1, 2], CPU);
    let silent = activations(&three_channels(), &photo, "relu").unwrap();
    let silent = pixels(&silent.grid(&[2], Scale::PerFilter).unwrap().bytes);
    let Rgb(dark) = *silent.get_pixel(100, 50);
    assert!(dark.iter().all(|&v| v < 90), "{dark:?}");
    let signed = Tensor::from_slice(&[1f32, 0., 0., 0., 0., 0.]).view([1, 3, 1, 2]);
    let signed = activations(&three_channels(), &signed, "conv").unwrap();
    let signed = pixels(&signed.grid(&[0, 2], Scale::PerFilter).unwrap().bytes);
    let Rgb(zero) = *signed.get_pixel(240, 50);
    assert!(zero.iter().all(|&v| v > 240), "{zero:?}");
}

#[test]
fn one_channel_over_several_photos_has_one_scale() {
    let (net, photos) = (three_channels(), two_photos());
    let maps = activations(&net, &photos, "relu").unwrap();
    let figures = maps.over(&photos, 0).unwrap();
    let range = Some([0.0, 0.5]);
    let label = "relu, channel 0".to_string();
    let alike = HeatMap { range, label, signed: Some(false), ..HeatMap::default() };
    for i in 0..2 {
        let expected = alike.overlay(&photos.narrow(0, i, 1), &maps.on_photo(0).unwrap().get(i));
        assert_eq!(figures[i as usize].bytes, expected.unwrap().bytes);
    }
}

#[test]
fn what_has_no_place_says_so() {
    let net = three_channels()
        .then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] })
        .and_then(|net| net.then("flatten", Op::Flatten))
        .unwrap();
    let photos = two_photos();
    let message = activations(&net, &photos, "flatten").unwrap_err().to_string();
    assert!(message.contains("expected maps") && message.contains("[2, 3]"), "{message}");
    let pooled = activations(&net, &photos, "pool").unwrap();
    assert_eq!(pooled.strengths().unwrap().photos, 2);
    let message = pooled.on_photo(0).unwrap_err().to_string();
    assert!(message.contains("whole photo") && message.contains("global pool"), "{message}");
}

#[test]
fn wrong_arguments_say_what_is_right() {
    let (net, photos) = (three_channels(), two_photos());
    let both = activations(&net, &photos, "relu").unwrap();
    let first = activations(&net, &photos.narrow(0, 0, 1), "relu").unwrap();
    let says = |e: convlens::Error, what: &str| assert!(e.to_string().contains(what), "{e}");
    says(both.grid(&[0], Scale::Shared).unwrap_err(), "expected 1 photo");
    says(first.grid(&[], Scale::Shared).unwrap_err(), "0 channels");
    says(first.grid(&[3], Scale::Shared).unwrap_err(), "channel: expected 0..3, got 3");
    let colour = show::map_grid(&photos, &["a".into(), "b".into()], Scale::Shared);
    says(colour.unwrap_err(), "expected [n, 1, h, w] and n captions, got [2, 3, 1, 3] and 2");
    let unnamed = show::map_grid(&photos.narrow(1, 0, 1), &[], Scale::Shared);
    says(unnamed.unwrap_err(), "got [2, 1, 1, 3] and 0 captions");
    says(first.over(&photos, 0).unwrap_err(), "expected [1, 3, 1, 3], got [2, 3, 1, 3]");
    says(activations(&net, &(photos / 0.0), "relu").unwrap_err(), "NaN");
    let other = Activations { maps: Tensor::ones([1, 5, 2, 3], CPU), ..first };
    let five = other.strengths().unwrap();
    says(both.strengths().unwrap().and(&five).unwrap_err(), "expected 3 channels, got 5");
}
