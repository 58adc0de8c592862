//! Octaves, steps, colours and zooms, with numbers done by hand.

use super::*;
use crate::net::{Conv2d, Op};
use crate::pixels::to_grey;

fn pixels() -> Net {
    Net::new("pixels")
}

fn numbers(x: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(x.contiguous().flatten(0, -1)).unwrap()
}

/// `[n, 3, h, w]` in 0.1..0.9, every value another.
fn colourful(n: i64, h: i64, w: i64) -> Tensor {
    let x = Tensor::arange(n * 3 * h * w, (Kind::Float, Device::Cpu)) * 0.7;
    (x.sin() * 0.4 + 0.5).view([n, 3, h, w])
}

fn google(change: impl Fn(&mut Climb)) -> Dream {
    let mut dream = Dream::google();
    change(&mut dream.climb);
    dream
}

#[test]
fn no_steps_are_the_photo_exactly() {
    let x = colourful(2, 31, 44);
    let dream = google(|climb| climb.steps = 0);
    assert!(dream.run(&pixels(), &x, &Objective::layer("input")).unwrap().image.equal(&x));
}

#[test]
fn only_what_was_dreamt_is_enlarged() {
    // A slope that is 1 all over: a step of 0.1 in each of two octaves is 0.2 everywhere, and the
    // photo's pixels, finer than the first octave, are all still there.
    let bright = || Objective::channel("sum", 0);
    let sum = Op::Conv2d(Conv2d::new(Tensor::ones([1, 3, 1, 1], (Kind::Float, Device::Cpu)), None));
    let net = Net::new("tiny").then("sum", sum).unwrap();
    let x = colourful(1, 14, 21) * 0.5;
    let change = |climb: &mut Climb| {
        (climb.steps, climb.octaves, climb.method) = (1, 2, Method::MeanNormalised { rate: 0.1 });
    };
    let dreamt = google(change).run(&net, &x, &bright()).unwrap().image;
    assert!(dreamt.allclose(&(&x + 0.2), 0.0, 1e-5, false));
    let blurred = google(|climb| {
        change(climb);
        climb.keep_start = false;
    });
    let blurred = blurred.run(&net, &x, &bright()).unwrap().image;
    assert!(!blurred.allclose(&(&x + 0.2), 0.0, 0.1, false), "without it the photo is blurred");
}

#[test]
fn presets_are_their_sources() {
    let Dream { climb, original_colour } = Dream::google();
    assert_eq!((climb.steps, climb.octaves, climb.octave_scale, climb.jitter), (10, 4, 1.4, 32));
    assert_eq!(climb.method, Method::MeanNormalised { rate: 1.5 / 255.0 });
    assert!(climb.keep_start && !original_colour);
    assert_eq!(Zoom::default(), Zoom { frames: 100, share: 0.05 });
    // 400x300 by 1.4, 1.96 and 2.744.
    let sizes = [0, 1, 2, 3].map(|octave| climb.side(octave, [300, 400]));
    assert_eq!(sizes, [[109, 146], [153, 204], [214, 286], [300, 400]]);
}

#[test]
fn original_colour_keeps_the_chroma() {
    let x = colourful(1, 9, 13) * 0.2 + 0.4;
    let dream = Dream { original_colour: true, ..google(|climb| climb.octaves = 1) };
    let dreamt = dream.run(&pixels(), &x, &Objective::channel("input", 0)).unwrap().image;
    assert!(!dreamt.allclose(&x, 0.0, 0.05, false), "it did dream");
    let chroma = |x: &Tensor| x - to_grey(x).unwrap();
    assert!(chroma(&dreamt).allclose(&chroma(&x), 0.0, 1e-6, false));
    let free = Dream { original_colour: false, ..dream };
    let free = free.run(&pixels(), &x, &Objective::channel("input", 0)).unwrap().image;
    assert!(!chroma(&free).allclose(&chroma(&x), 0.0, 0.1, false));
    assert!(to_grey(&free).unwrap().allclose(&to_grey(&dreamt).unwrap(), 0.0, 1e-5, false));
}

#[test]
fn a_zoom_shows_the_middle_of_the_last_dream() {
    // 4x8 by one half: the middle 2x4, each pixel of the result 3/4 and 1/4 of two neighbours.
    let x = Tensor::arange(32, (Kind::Float, Device::Cpu)).view([1, 1, 4, 8]) / 32.0;
    let x = Tensor::cat(&[&x, &x, &x], 1);
    let still = google(|climb| (climb.steps, climb.octaves) = (0, 1));
    let zoom = Zoom { frames: 3, share: 0.5 };
    let frames = still.zoom(&pixels(), &x, &Objective::layer("input"), zoom).unwrap();
    assert_eq!(frames.len(), 3);
    assert!(frames[0].equal(&x));
    let row = numbers(&frames[1].get(0).get(0).get(0));
    // Row 0 of the result lies at 0.75 of the rows, columns at 1.75, 2.25 and so on.
    let by_hand = [0, 1, 2, 3, 4, 5, 6, 7].map(|i| (0.75 * 8.0 + 1.75 + 0.5 * i as f32) / 32.0);
    assert!(row.iter().zip(by_hand).all(|(a, b)| (a - b).abs() < 1e-5), "{row:?}");
}

#[test]
fn frames_of_a_zoom_have_seeds_of_their_own() {
    let x = colourful(1, 12, 17);
    let short = google(|climb| (climb.steps, climb.octaves, climb.jitter) = (2, 1, 5));
    let at = Objective::neuron("input", 0, [3, 4]);
    let alone = |seed| {
        let mut dream = short.clone();
        dream.climb.seed = seed;
        dream.run(&pixels(), &x, &at).unwrap().image
    };
    let still = Zoom { frames: 1, share: 0.0 };
    assert!(short.zoom(&pixels(), &x, &at, still).unwrap()[0].equal(&alone(0)));
    let two = short.zoom(&pixels(), &x, &at, Zoom { frames: 2, share: 0.0 }).unwrap();
    let mut again = short.clone();
    again.climb.seed = 1;
    assert!(two[1].allclose(
        &again.run(&pixels(), &alone(0), &at).unwrap().image,
        0.0,
        1e-6,
        false
    ));
}

#[test]
fn clouds_are_blue_and_white_and_hang_on_the_seed() {
    let sky = clouds([60, 80], 1).unwrap();
    assert_eq!(sky.size(), [1, 3, 60, 80]);
    assert!(sky.equal(&clouds([60, 80], 1).unwrap()) && !sky.equal(&clouds([60, 80], 2).unwrap()));
    let [low, high] =
        [sky.amin([2i64, 3].as_slice(), false), sky.amax([2i64, 3].as_slice(), false)];
    for (found, by_hand) in numbers(&low).iter().zip([0.27, 0.48, 0.78]) {
        assert!((found - by_hand).abs() < 1e-5, "the lowest is blue sky");
    }
    for (found, by_hand) in numbers(&high).iter().zip([0.96, 0.97, 0.98]) {
        assert!((found - by_hand).abs() < 1e-5, "the highest is white");
    }
    assert_eq!(clouds([1, 1], 0).unwrap().size(), [1, 3, 1, 1]);
    assert!(clouds([0, 4], 0).is_err());
}

#[test]
fn what_cannot_be_dreamt_is_one_sentence() {
    let weight = Tensor::ones([1, 3, 5, 5], (Kind::Float, Device::Cpu));
    let net = Net::new("tiny").then("conv", Op::Conv2d(Conv2d::new(weight, None))).unwrap();
    let says = |x: &Tensor, layer: &str, words: &str| {
        let error = Dream::google().run(&net, x, &Objective::layer(layer)).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    says(&colourful(1, 12, 30), "conv", "got 12x30, which starts at 4x11; take fewer octaves");
    says(&colourful(1, 3, 30), "conv", "larger image");
    says(&colourful(1, 20, 30), "conv7", "expected a layer of tiny, got `conv7`");
    let wide = Zoom { frames: 1, share: 0.7 };
    let x = colourful(1, 20, 30);
    let error = Dream::google().zoom(&net, &x, &Objective::layer("conv"), wide).unwrap_err();
    assert!(error.to_string().contains("share: expected 0 to 0.5, got 0.7"));
}
