//! Gram matrices by hand.

use super::*;
use crate::net::{Conv2d, Op};
use crate::{Method, gram_matrix};

fn pixels() -> Net {
    Net::new("pixels")
}

fn of_input(weight: f64) -> GramTexture {
    GramTexture { layers: vec![("input".to_string(), weight)], scales: 1, ..GramTexture::slide(0) }
}

/// `[1, 3, 1, 1]`.
fn pixel(colour: [f32; 3]) -> Tensor {
    Tensor::from_slice(&colour).view([1, 3, 1, 1])
}

#[test]
fn the_loss_is_the_papers() {
    // One pixel (1, 0, 0): G = 1 at red and red. Another (0, 0, 2): 4 at blue and blue. Sums squared: 17.
    // Gatys et al. 2015, equation 4: 17 / (4 N^2 M^2) with N = 3 channels, M = 1 position.
    let score = |texture: GramTexture| {
        let wish = texture.objective(&pixels(), &pixel([0.0, 0.0, 2.0])).unwrap();
        wish.score(&pixels(), &pixel([1.0, 0.0, 0.0])).unwrap().double_value(&[0])
    };
    let papers = GramTexture { relative: false, ..of_input(1.0 / 4.0) };
    assert!((score(papers) + 17.0 / 36.0).abs() < 1e-6);
    // As a share of the target's 16.
    assert!((score(of_input(3.0)) + 3.0 * 17.0 / 16.0).abs() < 1e-6);
}

#[test]
fn layers_add_up() {
    let weight = Tensor::from_slice(&[2f32, 0., 0.]).view([1, 3, 1, 1]);
    let net = pixels().then("conv", Op::Conv2d(Conv2d::new(weight, None))).unwrap();
    let mut texture = of_input(3.0);
    texture.layers.push(("conv".to_string(), 5.0));
    // At conv the target is (2 * 1)^2 = 4; made 0: one whole share. At the input: 1 of 1, and 1 more.
    let wish = texture.objective(&net, &pixel([1.0, 0.0, 0.0])).unwrap();
    let got = wish.score(&net, &pixel([0.0, 1.0, 0.0])).unwrap().double_value(&[0]);
    assert!((got + 3.0 * 2.0 + 5.0).abs() < 1e-5, "{got}");
    let apart =
        gram_distances(&net, &pixel([0.0, 1.0, 0.0]), &pixel([1.0, 0.0, 0.0]), &["conv", "input"]);
    let apart = apart.unwrap();
    assert_eq!((apart[0].0.as_str(), apart[0].1, apart[1].0.as_str()), ("conv", 1.0, "input"));
    assert!((apart[1].1 - 2f64.sqrt()).abs() < 1e-6);
}

#[test]
fn colours_go_together_as_in_the_source() {
    // Half the source is violet, half green: the Gram matrix at the pixels forgets which half.
    let source = Tensor::cat(&[pixel([0.8, 0.2, 0.7]), pixel([0.3, 0.6, 0.1])], 3);
    let mut texture = GramTexture { size: [4, 6], ..of_input(1.0) };
    texture.climb.steps = 200;
    let made = texture.run(&pixels(), &source).unwrap();
    assert_eq!(made.image.size(), [1, 3, 4, 6]);
    let difference = gram_matrix(&made.image).unwrap() - gram_matrix(&source).unwrap();
    let most = difference.abs().max().double_value(&[]);
    assert!(most < 1e-4, "{most} after {:?}", made.scores.last());
    let again = texture.run(&pixels(), &source).unwrap();
    assert!(again.image.equal(&made.image));
    texture.climb.seed = 1;
    assert!(!texture.run(&pixels(), &source).unwrap().image.equal(&made.image));
}

#[test]
fn scales_follow_each_other() {
    let mut texture = GramTexture { size: [5, 14], scales: 3, ..of_input(1.0) };
    texture.climb.steps = 4;
    let made = texture.run(&pixels(), &colourful(16, 8)).unwrap();
    assert_eq!((made.image.size(), made.scores.len()), (vec![1, 3, 5, 14], 15));
    // No steps: what is left is the smallest noise, 1x4, enlarged twice.
    texture.climb.steps = 0;
    let start = texture.run(&pixels(), &colourful(16, 8)).unwrap().image;
    let rows = start.narrow(2, 1, 4) - start.narrow(2, 0, 4);
    // Between equal rows w a + (1 - w) a is a: but for three roundings in each of two enlargements.
    let largest = start.abs().max().double_value(&[]);
    let rounding = f64::from(f32::EPSILON) / 2.0 * largest;
    assert!(rows.abs().max().double_value(&[]) <= 2.0 * 6.0 * rounding, "{rows}");
}

#[test]
fn presets_are_the_papers() {
    let names = |texture: &GramTexture| -> Vec<String> {
        texture.layers.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&GramTexture::slide(3)), ["relu1_1", "relu2_1", "relu3_1"]);
    assert_eq!(GramTexture::default().layers.len(), 5);
    let paper = GramTexture::deep_textures();
    assert_eq!(names(&paper), ["relu1_1", "pool1", "pool2", "pool3", "pool4"]);
    assert_eq!((paper.layers[2].1, paper.relative, paper.scales), (1.0, true, 1));
    assert_eq!((paper.climb.steps, paper.size), (2000, [256, 256]));
    assert_eq!(paper.climb.method, Method::Lbfgs { rate: 1.0, history: 20 });
}

#[test]
fn shuffled_blocks_by_hand() {
    // 2x4 in blocks of 2: two blocks, which stay or change places.
    let x = Tensor::from_slice(&[0f32, 1., 2., 3., 4., 5., 6., 7.]).view([1, 1, 2, 4]);
    let changed = [2f32, 3., 0., 1., 6., 7., 4., 5.];
    let mut seen = [0; 2];
    for seed in 0..20 {
        let made = numbers(&Shuffle { block: 2, seed }.run(&x).unwrap());
        assert!(made == numbers(&x) || made == changed, "{made:?}");
        seen[usize::from(made == changed)] += 1;
    }
    assert!(seen[0] > 3 && seen[1] > 3, "{seen:?}");
    let mut all = numbers(&Shuffle::default().run(&x).unwrap());
    all.sort_by(f32::total_cmp);
    assert_eq!(all, numbers(&x));
    // All channels and images together.
    let both = Tensor::cat(&[&x, &(&x + 8.0)], 1);
    let made = Shuffle { block: 1, seed: 3 }.run(&both).unwrap();
    assert!((made.narrow(1, 1, 1) - 8.0).equal(&made.narrow(1, 0, 1)));
}

#[test]
fn a_layer_cannot_see_its_own_shuffle_but_the_next_can() {
    let weight = Tensor::arange(54, (Kind::Float, Device::Cpu)).sin().view([2, 3, 3, 3]);
    let net = pixels().then("conv", Op::Conv2d(Conv2d::new(weight, None).padding(1))).unwrap();
    let net = net.precision(crate::net::Precision::Double).unwrap();
    let x = colourful(8, 10).to_kind(Kind::Double);
    let moved = Shuffle::default().run(&x).unwrap();
    let apart = gram_distances(&net, &moved, &x, &["input", "conv"]).unwrap();
    assert!(apart[0].1 < 1e-12 && apart[1].1 > 0.01, "{apart:?}");
}
