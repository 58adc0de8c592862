use super::*;
use crate::net::{Conv2d, Op, Pool};
use crate::{Method, gram_matrix};
use tch::Device;

/// Three colours, two channels of them after a pool.
fn tiny() -> Net {
    let weight = Tensor::from_slice(&[1f32, -1.0, 0.5, 0.0, 2.0, 1.0]).view([2, 3, 1, 1]);
    Net::new("tiny")
        .then("conv1", Op::Conv2d(Conv2d::new(weight, None)))
        .and_then(|net| net.then("relu1", Op::Relu))
        .and_then(|net| net.then("pool1", Op::MaxPool2d(Pool::square(2))))
        .unwrap()
}

fn wave(h: i64, w: i64, speed: f64) -> Tensor {
    let x = Tensor::arange(3 * h * w, (Kind::Double, Device::Cpu)) * speed;
    (x.sin() * 0.4 + 0.5).to_kind(Kind::Float).view([1, 3, h, w])
}

/// Colours with any covariance, far from 0 and 1.
fn speckled(seed: u64, dark: f64) -> Tensor {
    let x = crate::chance::uniform(&[seed], &[1, 3, 5, 7]).unwrap() * 0.2 + dark;
    (&x + x.roll([0, 1], [2, 1]) * 0.5).to_kind(Kind::Float)
}

fn style(measure: Measure) -> Style {
    Style {
        content: vec![("relu1".into(), 3.0)],
        style: vec![("relu1".into(), 0.0), ("pool1".into(), 7.0)],
        total_variation: 0.25,
        measure,
        ..Style::default()
    }
}

fn number(x: Tensor) -> f64 {
    x.sum(Kind::Double).double_value(&[])
}

/// The loss at `image` by the formulas of the table in `Measure`.
fn by_table(measure: Measure, image: &Tensor, photo: &Tensor, painting: &Tensor) -> f64 {
    let net = tiny();
    let [f, p] = [image, photo].map(|x| net.tap(x, "relu1").unwrap());
    let [g, a] = [image, painting].map(|x| gram_matrix(&net.tap(x, "pool1").unwrap()).unwrap());
    let steps = |dim| number(image.diff(1, dim, None::<Tensor>, None::<Tensor>).square());
    let (content, style) = (number((&f - &p).square()), number((&g - &a).square()));
    let (rough, positions) = (steps(2) + steps(3), f.numel() as f64);
    let mean = |layer, x| net.tap(x, layer).unwrap().mean(Kind::Double).double_value(&[]);
    let [content, style, rough] = match measure {
        Measure::Relative => [
            1e3 * content / number(p.square()),
            1e3 * style / number(a.square()),
            1e3 * rough / image.numel() as f64,
        ],
        Measure::Gatys => [
            content / positions / mean("relu1", photo).powi(2),
            style / mean("pool1", painting).powi(4),
            rough,
        ],
        Measure::Cs231n => [content, style, rough / 0.226 / 0.226],
        Measure::Johnson => [content / positions, style / 4.0, rough * 255.0 * 255.0 / 2.0],
    };
    3.0 * content + 7.0 * style + 0.25 * rough
}

#[test]
fn every_measure_is_what_its_table_says() {
    let (image, photo, painting) = (wave(4, 6, 0.7), wave(4, 6, 1.1), wave(4, 6, 2.3));
    for measure in [Measure::Relative, Measure::Gatys, Measure::Cs231n, Measure::Johnson] {
        let wish = style(measure).wish(&tiny(), &photo, &[Painting::new(&painting)]).unwrap();
        let got = wish.score(&tiny(), &image).unwrap().double_value(&[0]);
        let expected = by_table(measure, &image, &photo, &painting);
        assert!((got / expected - 1.0).abs() < 1e-4, "{measure:?}: {got} for {expected}");
    }
}

#[test]
fn two_paintings_pull_like_their_mean() {
    let (image, photo) = (wave(4, 6, 0.7), wave(4, 6, 1.1));
    let [a, b] = [wave(4, 6, 2.3), wave(4, 6, 0.3)];
    let only = Style { content: vec![], total_variation: 0.0, ..style(Measure::Cs231n) };
    let both = [Painting::new(&a).weight(1.0), Painting::new(&b).weight(3.0)];
    let got = only.wish(&tiny(), &photo, &both).unwrap().score(&tiny(), &image).unwrap();
    let gram = |x: &Tensor| gram_matrix(&tiny().tap(x, "pool1").unwrap()).unwrap();
    let mean = gram(&a) * 0.25 + gram(&b) * 0.75;
    let expected = 7.0 * number((gram(&image) - mean).square());
    assert!((got.double_value(&[0]) / expected - 1.0).abs() < 1e-4);
}

#[test]
fn a_mask_of_half_the_photo_is_that_half_alone() {
    // At the layer's full size the mask keeps its hard edge.
    let (image, painting) = (wave(4, 8, 0.7), wave(4, 8, 2.3));
    let left = Tensor::zeros([1, 1, 4, 8], (Kind::Float, Device::Cpu));
    let _ = left.narrow(3, 0, 4).fill_(1.0);
    let layer = vec![("relu1".into(), 7.0)];
    let base = style(Measure::Cs231n);
    let only = Style { content: vec![], style: layer, total_variation: 0.0, ..base };
    let placed = Painting::new(&painting).place(&left).part(&left);
    let got = only.wish(&tiny(), &image, &[placed]).unwrap().score(&tiny(), &image).unwrap();
    let gram = |x: &Tensor| gram_matrix(&tiny().tap(&x.narrow(3, 0, 4), "relu1").unwrap()).unwrap();
    let expected = 7.0 * number((gram(&image) - gram(&painting)).square());
    assert!((got.double_value(&[0]) / expected - 1.0).abs() < 1e-4);
}

#[test]
fn distances_are_zero_at_home() {
    let (photo, painting) = (wave(4, 6, 1.1), wave(4, 6, 2.3));
    let style = style(Measure::Gatys);
    let far =
        |x: &Tensor| style.distances(&tiny(), x, &photo, &[Painting::new(&painting)]).unwrap();
    assert_eq!(far(&photo)[0], 0.0);
    assert!(far(&photo)[1] > 0.01);
    assert!(far(&painting)[1] < 1e-9);
}

#[test]
fn coarse_sizes_come_first_and_each_has_its_own_targets() {
    let climb = Climb {
        steps: 2,
        method: Method::Adam { rate: 0.01 },
        frames_every: 1,
        ..Climb::default()
    };
    let style = Style { coarse: vec![(0.5, 3)], climb, ..style(Measure::Relative) };
    let made = style.run(&tiny(), &wave(6, 10, 1.1), &wave(5, 7, 2.3)).unwrap();
    assert_eq!((made.losses.len(), made.frames.len()), (4 + 3, 5));
    assert!(made.frames.iter().all(|f| f.size() == [1, 3, 6, 10]));
    let whole = Style { coarse: vec![], ..style };
    let first = whole.run(&tiny(), &wave(6, 10, 1.1), &wave(5, 7, 2.3)).unwrap().losses[0];
    assert!((made.losses[4] - first).abs() > 1e-3, "the coarse steps came to something");
}

#[test]
fn colours_of_the_photo_stay() {
    let photo = wave(4, 6, 1.1);
    let run = |colour| {
        let climb = Climb { steps: 3, ..style(Measure::Relative).climb };
        Style { colour, climb, ..style(Measure::Relative) }
            .run(&tiny(), &photo, &wave(4, 6, 2.3))
            .unwrap()
            .image
    };
    // Luminance: where nothing is clamped, colour differences are the photo's.
    let made = run(Colour::Luminance);
    let chroma = |x: &Tensor| x.narrow(1, 0, 2) - x.narrow(1, 1, 2);
    let inside =
        (made.ge(1e-3) * made.le(0.999)).to_kind(Kind::Float).amin([1i64].as_slice(), true);
    let apart = (chroma(&made) - chroma(&photo)) * &inside;
    assert!(apart.abs().max().double_value(&[]) < 1e-5 && number(inside) > 6.0);
    assert!(!made.allclose(&run(Colour::Painting), 1e-3, 1e-3, false));
}

#[test]
fn matched_colours_have_the_photo_s_moments() {
    let (painting, photo) = (speckled(1, 0.2), speckled(2, 0.4));
    let moments = |x: &Tensor| {
        let points = x.transpose(0, 1).reshape([3, -1]).to_kind(Kind::Double);
        let off = &points - points.mean_dim([1i64].as_slice(), true, Kind::Double);
        (
            points.mean_dim([1i64].as_slice(), true, Kind::Double),
            off.matmul(&off.tr()) / points.size()[1],
        )
    };
    for how in [Transport::Cholesky, Transport::Pca, Transport::Symmetric] {
        let made = match_colours(&painting, &photo, how).unwrap();
        let ((mean, spread), (goal, wanted)) = (moments(&made), moments(&photo));
        assert!(mean.allclose(&goal, 1e-3, 1e-5, false), "{how:?}");
        assert!(spread.allclose(&wanted, 1e-2, 1e-5, false), "{how:?}: {spread} for {wanted}");
    }
    let same = match_colours(&photo, &photo, Transport::Pca).unwrap();
    assert!(same.allclose(&photo, 1e-4, 1e-5, false));
}

#[test]
fn symmetric_transport_moves_colours_least() {
    let (painting, photo) = (speckled(1, 0.2), speckled(2, 0.4));
    let moved = |how| number((match_colours(&painting, &photo, how).unwrap() - &painting).square());
    let least = moved(Transport::Symmetric);
    assert!(least < moved(Transport::Cholesky) && least <= moved(Transport::Pca) + 1e-6);
}

#[test]
fn wrong_inputs_are_told() {
    let (photo, painting) = (wave(4, 6, 1.1), wave(4, 6, 2.3));
    let says = |style: Style, paintings: &[Painting]| {
        style.run_with(&tiny(), &photo, paintings).unwrap_err().to_string()
    };
    let one = || [Painting::new(&painting)];
    let base = || style(Measure::Relative);
    let none = Style { style: vec![("relu9".into(), 1.0)], ..base() };
    assert!(says(none, &one()).starts_with("layer: expected a layer of tiny, got `relu9`"));
    let zero = Style {
        content: vec![],
        style: vec![("pool1".into(), 0.0)],
        total_variation: 0.0,
        ..base()
    };
    assert!(says(zero, &one()).starts_with("weights: expected some above 0, none below"));
    let small = Style { memory: 1000, ..base() };
    assert!(says(small, &one()).starts_with("memory: expected at most 0 MB"));
    let mask = Tensor::ones([1, 1, 5, 6], (Kind::Float, Device::Cpu));
    let got = says(base(), &[Painting::new(&painting).place(&mask)]);
    assert!(got.starts_with("place: expected a mask [1, 1, 4, 6], got [1, 1, 5, 6]"), "{got}");
    assert!(
        says(base(), &[Painting::new(&painting).weight(0.0)]).starts_with("paintings: expected")
    );
    assert!(says(base(), &[]).starts_with("paintings: expected"));
    let thin = base().run(&tiny(), &wave(1, 6, 1.0), &painting).unwrap_err().to_string();
    assert!(thin.contains("room for a window of 2 pixels"), "{thin}");
}
