use super::*;
use crate::net::{Conv2d, Op};

fn tiny() -> Net {
    let weight = (Tensor::arange(24, (Kind::Float, Device::Cpu)) * 1.3).sin().view([2, 3, 2, 2]);
    let net = Net::new("tiny").then("conv", Op::Conv2d(Conv2d::new(weight, None))).unwrap();
    net.then("relu", Op::Relu).unwrap()
}

fn moved() -> Climb {
    let warp = Warp { shift: 1.0, scale: 0.1, turn: 10.0 };
    Climb { steps: 6, space: Space::Fourier, jitter: 2, warp, seed: 5, ..Climb::default() }
}

#[test]
fn same_seed_same_bits_and_another_seed_another_image() {
    let (net, wish, x) = (tiny(), Objective::channel("relu", 1), colourful(1, 6, 9));
    let of = |seed| Climb { seed, ..moved() }.run(&net, &x, &wish).unwrap();
    let (a, again, other) = (of(5), of(5), of(6));
    assert!(a.image.equal(&again.image) && a.scores == again.scores);
    assert!(!a.image.allclose(&other.image, 1e-3, 1e-3, false));
}

#[test]
fn images_climb_in_a_batch_as_they_do_alone() {
    let (net, wish, x) = (tiny(), Objective::channel("conv", 1), colourful(2, 6, 9));
    for space in [Space::Pixels, Space::Fourier] {
        let climb = Climb { space, blur_every: 2, small_norm: 20.0, decay: 0.1, ..moved() };
        let together = climb.run(&net, &x, &wish).unwrap().image;
        let alone = climb.run(&net, &x.narrow(0, 1, 1), &wish).unwrap().image;
        close(&together.narrow(0, 1, 1), &numbers(&alone));
    }
}

#[test]
fn jitter_is_undone() {
    // The score knows no places, so it makes no difference where the network sees the image.
    let x = colourful(1, 4, 7);
    let climb = Climb { steps: 5, ..Climb::default() };
    let still = climb.run(&Net::new("pixels"), &x, &Objective::l2()).unwrap();
    let rolled = Climb { jitter: 3, ..climb }.run(&Net::new("pixels"), &x, &Objective::l2());
    assert!(rolled.unwrap().image.equal(&still.image));
}

#[test]
fn jitter_moves_what_the_network_sees() {
    // A score of one place: after many steps every place within reach of it has been that place.
    let x = image(&[0.0; 21], 3, 7);
    let method = Method::Normalised { rate: 0.01 };
    let climb = Climb { steps: 80, jitter: 1, method, ..Climb::default() };
    let wish = Objective::neuron("input", 0, [1, 3]);
    let up = climb.run(&Net::new("pixels"), &x, &wish).unwrap().image;
    let touched = numbers(&up.gt(0.0).to_kind(Kind::Float));
    let row = [0., 0., 1., 1., 1., 0., 0.];
    assert_eq!(touched, [row, row, row].concat());
    assert!((up.sum(Kind::Double).double_value(&[]) - 0.8).abs() < 1e-5);
}

#[test]
fn octaves_grow_to_the_size_of_the_image() {
    let climb = Climb { octaves: 3, octave_scale: 2.0, ..Climb::default() };
    assert_eq!([0, 1, 2].map(|octave| climb.side(octave, [20, 31])), [[5, 8], [10, 16], [20, 31]]);
    let climb = Climb { steps: 4, frames_every: 3, ..climb };
    let wish = Objective::channel("relu", 0);
    let up = climb.run(&tiny(), &colourful(1, 20, 31), &wish).unwrap();
    assert_eq!(up.image.size(), [1, 3, 20, 31]);
    assert_eq!((up.scores.len(), up.frames.len()), (13, 4));
    assert!(up.frames.iter().all(|frame| frame.size() == [1, 3, 20, 31]));
    assert!(up.frames[3].equal(&up.image), "the twelfth step's frame is the last image");
}

#[test]
fn dark_layers_are_woken() {
    // relu6(a - 2): dark below 2. Alone, the gradient is 0; redirected, it climbs into the light.
    let weight = Tensor::ones([1, 1, 1, 1], (Kind::Float, Device::Cpu));
    let conv =
        |bias: f32| Op::Conv2d(Conv2d::new(weight.copy(), Some(Tensor::from_slice(&[bias]))));
    let method = Method::Normalised { rate: 0.5 };
    let climb = Climb { steps: 5, method, clip: None, ..Climb::default() };
    let up = |bias, wish: Objective| {
        let net = Net::new("dark").then("conv", conv(bias)).unwrap();
        climb.run(&net.then("relu6", Op::Relu6).unwrap(), &image(&[0.0, 0.0], 1, 2), &wish)
    };
    let unit = || Objective::neuron("relu6", 0, [0, 1]);
    close(&up(-2.0, unit()).unwrap().image, &[0.0, 2.5]);
    assert_eq!(up(-2.0, unit()).unwrap().scores[5], 0.5);
    // Above 6 the way into the light leads down.
    close(&up(7.0, -unit()).unwrap().image, &[0.0, -2.5]);
    // At 6 there is nothing more to get, which is no reason to go down.
    let error = up(7.0, unit()).unwrap_err().to_string();
    assert!(error.contains("got a gradient of 0 everywhere; start from noise"), "{error}");
}

#[test]
fn settings_out_of_range_are_one_sentence() {
    let says = |climb: Climb, words: &str| {
        let x = colourful(1, 2, 3);
        let error = climb.run(&Net::new("pixels"), &x, &Objective::l2()).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    let base = Climb::default;
    says(Climb { method: Method::Adam { rate: 0.0 }, ..base() }, "rate: expected above 0, got 0");
    says(Climb { decay: 1.5, ..base() }, "decay: expected 0..=1, got 1.5");
    says(Climb { small_norm: 101.0, ..base() }, "small_norm: expected 0..=100, got 101");
    says(Climb { small_contribution: f64::NAN, ..base() }, "expected 0..=100, got NaN");
    says(Climb { jitter: -1, ..base() }, "jitter: expected 0..=4096, got -1");
    says(Climb { octaves: 0, ..base() }, "octaves: expected 1..=16, got 0");
    says(Climb { octave_scale: 0.5, ..base() }, "octave_scale: expected 1..=4, got 0.5");
    says(
        Climb { blur_every: 1, blur_sigma: 0.0, ..base() },
        "blur_sigma: expected 0.01..=256, got 0",
    );
}

#[test]
fn absurd_counts_and_values_are_refused() {
    let says = |climb: Climb, words: &str| {
        let x = colourful(1, 2, 3);
        let error = climb.run(&Net::new("pixels"), &x, &Objective::l2()).unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    let base = Climb::default;
    says(Climb { steps: usize::MAX, octaves: 2, ..base() }, "steps: expected 0 to 1000000");
    says(Climb { octaves: usize::MAX, ..base() }, "octaves: expected 1..=16");
    says(Climb { jitter: i64::MAX, ..base() }, "jitter: expected 0..=4096");
    says(Climb { jitter: i64::MIN, ..base() }, "jitter: expected 0..=4096");
    for sigma in [1e-300, f64::NAN, 1e300] {
        says(
            Climb { blur_every: 1, blur_sigma: sigma, ..base() },
            "blur_sigma: expected 0.01..=256",
        );
    }
    for clip in [[f64::NAN, 1.0], [1.0, 0.0], [0.0, f64::INFINITY]] {
        says(Climb { clip: Some(clip), ..base() }, "clip: expected two finite numbers");
    }
    let lbfgs = |history| Method::Lbfgs { rate: 1.0, history };
    says(Climb { method: lbfgs(usize::MAX), ..base() }, "history: expected 1 to 10000");
    says(Climb { schedule: vec![(0, f64::NAN)], ..base() }, "schedule");
    let many = Climb { steps: 1_000_000, frames_every: 1, ..base() };
    let x = Tensor::zeros([1, 3, 1000, 1000], (Kind::Float, Device::Cpu));
    let error = many.run(&Net::new("pixels"), &x, &Objective::l2()).unwrap_err().to_string();
    assert!(error.contains("frames that are kept: expected at most"), "{error}");
    let bad = &colourful(1, 2, 3) / 0.0;
    let error = base().run(&Net::new("pixels"), &bad, &Objective::l2()).unwrap_err().to_string();
    assert!(error.contains("image: expected finite values"), "{error}");
}
