use super::convolution::{enlarged, reflected};
use super::network::{normalised, styled};
use super::*;
use crate::chance::{normal, uniform};
use crate::net::{Conv2d, Net, Op};

fn photo(h: i64, w: i64, seed: u64) -> Tensor {
    uniform(&[seed], &[1, 3, h, w]).unwrap().to_kind(Kind::Float)
}

fn little(styles: &[&str]) -> FastStyle {
    network(Plan::johnson(2, 1), styles)
}

fn network(plan: Plan, styles: &[&str]) -> FastStyle {
    let size = [styles.len() as i64, plan.channels()];
    let drawn = |seed| normal(&[seed], &size).unwrap().to_kind(Kind::Float);
    let names = styles.iter().map(|name| name.to_string()).collect();
    FastStyle { weights: plan.start(5).unwrap(), plan, names, scale: drawn(1), shift: drawn(2) }
}

/// The same network in double precision: normalising can make any rounding larger, as it does what is seen.
fn double(fast: &FastStyle) -> FastStyle {
    let wide = |t: &Tensor| t.to_kind(Kind::Double);
    FastStyle {
        plan: fast.plan.clone(),
        weights: fast.weights.iter().map(wide).collect(),
        names: fast.names.clone(),
        scale: wide(&fast.scale),
        shift: wide(&fast.shift),
    }
}

fn apart(a: &Tensor, b: &Tensor) -> f64 {
    (a - b).abs().max().double_value(&[])
}

/// As [`apart`], far below what a rounding of `Float` would do.
const EXACT: f64 = 1e-12;

#[test]
fn any_size_comes_back_as_it_was() {
    for [h, w] in [[24, 32], [25, 38], [31, 27]] {
        let x = Tensor::cat(&[photo(h, w, 1), photo(h, w, 2)], 0);
        let y = little(&["a"]).run(&x, "a").unwrap();
        assert_eq!(y.size(), [2, 3, h, w]);
        let alone = little(&["a"]).run(&x.narrow(0, 1, 1), "a").unwrap();
        assert!(y.narrow(0, 1, 1).equal(&alone), "an image is painted the same in any company");
    }
}

#[test]
fn convolutions_to_few_channels_and_of_enlarged_images_are_plain_ones() {
    let plain = |x: &Tensor, w: &Tensor, stride: i64| {
        let x = x.reflection_pad2d([w.size()[2] / 2; 4]);
        x.conv2d(w, None::<&Tensor>, [stride; 2], [0, 0], [1, 1], 1)
    };
    let same = |a: &Tensor, b: &Tensor| {
        assert_eq!(a.size(), b.size());
        assert!(apart(a, b) < EXACT);
    };
    for [h, w] in [[10, 14], [9, 14], [10, 11]] {
        let x = uniform(&[1], &[2, 3, h, w]).unwrap();
        for [out, side] in [[2, 3], [20, 3], [3, 5]] {
            let weight = normal(&[7], &[out, 3, side, side]).unwrap();
            for stride in [1, 2] {
                // Odd sizes, many channels and windows of 5 take the plain way, the others a short one.
                same(&reflected(&x, &weight, stride).unwrap(), &plain(&x, &weight, stride));
            }
            let large = x.upsample_nearest2d([2 * h, 2 * w], None, None);
            same(&enlarged(&x, &weight).unwrap(), &plain(&large, &weight, 1));
        }
    }
}

#[test]
fn all_ways_to_normalise_agree_with_the_formula() {
    let x = uniform(&[3], &[1, 3, 5, 7]).unwrap() * 3.0 - 1.0;
    let [scale, shift] = [1, 2].map(|s| uniform(&[s], &[1, 3, 1, 1]).unwrap());
    let one = normalised(&x, [&scale, &shift]).unwrap();
    let in_place = styled(x.copy(), [&scale, &shift]).unwrap();
    let twice = normalised(&Tensor::cat(&[&x, &x], 0), [&scale, &shift]).unwrap();
    for c in 0..3 {
        let channel = x.select(1, c);
        let off = &channel - channel.mean(Kind::Double);
        let expected = &off / (off.square().mean(Kind::Double) + 1e-5).sqrt()
            * scale.double_value(&[0, c, 0, 0])
            + shift.double_value(&[0, c, 0, 0]);
        assert!(apart(&one.select(1, c), &expected) < EXACT);
        assert!(apart(&twice.narrow(0, 1, 1).select(1, c), &expected) < EXACT);
        assert!(apart(&in_place.select(1, c), &expected) < EXACT);
    }
}

#[test]
fn blending_goes_through_the_styles_numbers() {
    let (fast, x) = (double(&little(&["a", "b"])), photo(18, 22, 1).to_kind(Kind::Double));
    let blended = |shares: &[(&str, f64)]| fast.blend(&x, shares).unwrap();
    assert!(blended(&[("a", 0.0), ("b", 1.0)]).equal(&fast.run(&x, "b").unwrap()));
    assert!(!fast.run(&x, "a").unwrap().allclose(&fast.run(&x, "b").unwrap(), 1e-2, 1e-2, false));
    let half = |t: &Tensor| (t.narrow(0, 0, 1) + t.narrow(0, 1, 1)) * 0.5;
    let middle = FastStyle {
        names: vec!["m".into()],
        scale: half(&fast.scale),
        shift: half(&fast.shift),
        ..double(&little(&["m"]))
    };
    assert!(apart(&blended(&[("a", 0.5), ("b", 0.5)]), &middle.run(&x, "m").unwrap()) < EXACT);
}

#[test]
fn a_saved_network_is_the_same_to_16_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("styles.safetensors");
    let fast = little(&["a", "b"]);
    let x = photo(18, 22, 1).to_kind(Kind::Double);
    fast.save(&path).unwrap();
    let back = FastStyle::load(&path).unwrap();
    assert_eq!(back.styles(), fast.styles());
    let half = |t: &Tensor| t.to_kind(Kind::Half).to_kind(Kind::Double);
    let rounded = FastStyle {
        weights: fast.weights.iter().map(half).collect(),
        scale: half(&fast.scale),
        shift: half(&fast.shift),
        ..double(&fast)
    };
    let [back, rounded] = [double(&back), rounded].map(|fast| fast.run(&x, "b").unwrap());
    assert!(apart(&back, &rounded) < EXACT);
}

#[test]
fn how_wide_and_deep_a_network_is_comes_back_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("styles.safetensors");
    let [down, up] = [vec![5, 6, 7], vec![4, 3]];
    for (normalises_colours, channels) in [(false, 53), (true, 56)] {
        let (down, up) = (down.clone(), up.clone());
        let plan = Plan { down, blocks: 2, up, windows: [5, 3], normalises_colours };
        // 5 + 6 + 7, twice two times 7, 4 + 3, and 3 colours.
        assert_eq!(plan.channels(), channels);
        let fast = network(plan, &["a", "b"]);
        fast.save(&path).unwrap();
        let back = FastStyle::load(&path).unwrap();
        assert_eq!(back.plan, fast.plan);
        let weights = back.weights.iter().zip(&fast.weights);
        assert!(
            weights.into_iter().all(|(a, b)| a.equal(&b.to_kind(Kind::Half).to_kind(Kind::Float)))
        );
        assert_eq!(back.run(&photo(19, 26, 1), "b").unwrap().size(), [1, 3, 19, 26]);
    }
}

#[test]
fn a_file_of_another_network_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.safetensors");
    let load = |sizes: &[(&str, &[i64])]| {
        let zeros = |size: &[i64]| Tensor::zeros(size, (Kind::Float, Device::Cpu));
        let tensors: Vec<_> = sizes.iter().map(|(name, size)| (*name, zeros(size))).collect();
        Tensor::write_safetensors(&tensors, &path).unwrap();
        FastStyle::load(&path).unwrap_err().to_string()
    };
    let out: (&str, &[i64]) = ("out.weight", &[3, 2, 3, 3]);
    let style: [(&str, &[i64]); 2] = [("a.scale", &[2]), ("a.shift", &[2])];
    for other in ["features.0.weight", "down2.weight"] {
        let why = load(&[(other, &[2, 3, 3, 3]), out, style[0], style[1]]);
        assert!(why.contains("expected the weights of a `FastStyle`"), "{why}");
    }
    let why = load(&[("down1.weight", &[2, 3, 4, 4]), out, style[0], style[1]]);
    assert!(why.contains("expected the weights of a `FastStyle`"), "{why}");
    let why = load(&[("down1.weight", &[2, 1, 3, 3]), out, style[0], style[1]]);
    assert!(
        why.contains("expected `down1.weight` of shape [2, 3, 3, 3], got [2, 1, 3, 3]"),
        "{why}"
    );
}

#[test]
fn adain_of_itself_is_itself_and_takes_moments_from_another() {
    let [x, y] = [photo(5, 7, 1), photo(4, 3, 2) * 2.0];
    assert!(adain(&x, &x).unwrap().allclose(&x, 1e-4, 1e-5, false));
    let made = adain(&x, &y).unwrap();
    let moments = |t: &Tensor| t.var_mean_dim([2i64, 3].as_slice(), false, false);
    assert!(moments(&made).0.allclose(&moments(&y).0, 1e-3, 1e-4, false));
    assert!(moments(&made).1.allclose(&moments(&y).1, 1e-4, 1e-5, false));
    let wrong = adain(&x, &y.narrow(1, 0, 2)).unwrap_err().to_string();
    assert!(wrong.starts_with("y: expected [1 or 1, 3, h, w], got [1, 2, 4, 3]"), "{wrong}");
}

#[test]
fn still_pixels_keep_what_was_painted() {
    let (fast, x) = (little(&["a"]), photo(18, 22, 1));
    let film = Film { smoothing: 0.75, ..Film::default() };
    // The same photo twice is the same picture twice; one that jumps is painted afresh.
    let bright = (&x + 0.5).clamp(0.0, 1.5);
    let made = film
        .run(&fast, &[x.shallow_clone(), x.shallow_clone(), bright.shallow_clone()], "a")
        .unwrap();
    assert!(made.frames[1].allclose(&made.frames[0], 1e-5, 1e-6, false));
    assert!(made.frames[2].allclose(&fast.run(&bright, "a").unwrap(), 1e-4, 1e-5, false));
    // Colours that change at the same luma count as still: a quarter of the new, three of the old.
    let hue = Tensor::from_slice(&[0.587f32, -0.299, 0.0]).view([1, 3, 1, 1]);
    let near = &x + hue * uniform(&[9], &[1, 1, 18, 22]).unwrap().to_kind(Kind::Float);
    let made = film.run(&fast, &[x.shallow_clone(), near.shallow_clone()], "a").unwrap();
    let [old, new] = [fast.run(&x, "a").unwrap(), fast.run(&near, "a").unwrap()];
    assert!(!new.allclose(&old, 1e-2, 1e-2, false));
    assert!(made.frames[1].allclose(&(new * 0.25 + old * 0.75), 1e-4, 1e-5, false));
}

/// One layer of three channels that sees single pixels.
fn eye() -> Net {
    let weight =
        Tensor::from_slice(&[1f32, -1.0, 0.5, 0.0, 2.0, 1.0, 0.3, 0.3, 0.3]).view([3, 3, 1, 1]);
    let conv = Op::Conv2d(Conv2d::new(weight, None));
    Net::new("eye").then("conv1", conv).and_then(|n| n.then("relu1", Op::Relu)).unwrap()
}

fn training() -> StyleTraining {
    StyleTraining {
        width: 2,
        blocks: 1,
        size: 16,
        steps: 40,
        rate: 0.02,
        content: "conv1".into(),
        style: vec!["relu1".into()],
        ..StyleTraining::default()
    }
}

#[test]
fn training_reaches_a_style_and_repeats_itself() {
    let photos = [photo(20, 24, 1), photo(18, 30, 2)];
    let styles = [("dark", photo(8, 8, 3) * 0.2), ("light", photo(9, 7, 4) * 0.2 + 0.8)];
    let trained = || {
        let mut trainer = training().start(&eye(), &photos, &styles).unwrap();
        let losses: Vec<[f64; 3]> = (0..40).map(|_| trainer.step().unwrap()).collect();
        (trainer.network, losses)
    };
    let (fast, losses) = trained();
    assert_eq!(losses, trained().1);
    let light = |style| fast.run(&photos[0], style).unwrap().mean(Kind::Double).double_value(&[]);
    // The styles' own means are 0.1 and 0.9; before training both are painted alike.
    let [dark, light] = [light("dark"), light("light")];
    assert!(dark < 0.2 && light > dark + 0.15, "{dark} {light}");
}

#[test]
fn adam_s_first_step_moves_every_number_by_the_rate() {
    let styles = [("a", photo(8, 8, 3))];
    let mut trainer = training().start(&eye(), &[photo(20, 24, 1)], &styles).unwrap();
    let copies = |t: &Trainer| [t.network.weights[0].copy(), t.network.scale.copy()];
    let before = copies(&trainer);
    trainer.step().unwrap();
    for (before, after) in before.iter().zip(copies(&trainer)) {
        let moved = (after - before).abs();
        assert!(moved.max().double_value(&[]) < 0.02 * 1.001);
        assert!(moved.median().double_value(&[]) > 0.02 * 0.99);
    }
}

#[test]
fn wrong_inputs_are_told() {
    let fast = little(&["a", "b"]);
    let says = |e: Error| e.to_string();
    let unknown = says(fast.run(&photo(16, 18, 1), "c").unwrap_err());
    assert_eq!(unknown, "style: expected a, b, got `c`; ask `styles()` for them");
    let tiny = says(fast.run(&photo(15, 40, 1), "a").unwrap_err());
    assert!(tiny.starts_with("image: expected 16 rows and columns or more, got 15x40"), "{tiny}");
    let film = |frames: &[Tensor]| says(Film::default().run(&fast, frames, "a").unwrap_err());
    assert!(film(&[]).starts_with("frames: expected one or more"));
    assert!(film(&[photo(16, 16, 1), photo(16, 17, 1)]).starts_with("frames: expected all of"));
    let no_layer = StyleTraining { style: vec!["relu9".into()], ..training() };
    let none = no_layer.start(&eye(), &[photo(20, 20, 1)], &[("a", photo(8, 8, 1))]);
    assert!(says(none.unwrap_err()).starts_with("layer: expected a layer of eye, got `relu9`"));
    let start = |photos: &[Tensor], styles: &[(&str, Tensor)]| {
        says(training().start(&eye(), photos, styles).unwrap_err())
    };
    assert!(start(&[], &[("a", photo(8, 8, 1))]).starts_with("photos: expected one or more"));
    assert!(start(&[photo(20, 20, 1)], &[]).starts_with("styles: expected one or more"));
}
