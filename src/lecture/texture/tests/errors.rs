//! Wrong input: one sentence each.

use super::*;
use crate::Result;

fn says<T>(failed: Result<T>, words: &str) {
    let error = failed.err().unwrap().to_string();
    assert!(error.contains(words) && !error.contains('\n'), "{error}");
}

#[test]
fn windows_that_do_not_fit() {
    let grow = EfrosLeung { size: [6, 8], ..EfrosLeung::default() };
    let source = colourful(9, 12);
    let with = |window| EfrosLeung { window, ..grow }.run(&source);
    says(
        with(11),
        "window: expected an odd side of 3 or more that fits into the 9x12 source, got 11",
    );
    says(with(4), "got 4");
    says(with(1), "got 1");
    says(with(-5), "got -5");
    let grow = EfrosLeung { window: 3, ..grow };
    says(EfrosLeung { size: [2, 8], ..grow }.run(&source), "expected 3x3 pixels or more, got 2x8");
    says(EfrosLeung { size: [0, 8], ..grow }.run(&source), "got 0x8");
    says(
        EfrosLeung { tolerance: -0.1, ..grow }.run(&source),
        "tolerance: expected 0 to 1000000, got -0.1",
    );
    says(EfrosLeung { tolerance: f64::NAN, ..grow }.run(&source), "got NaN");
    says(grow.run(&source.narrow(1, 0, 1)), "turn grey into colour");
    says(grow.run(&Tensor::cat(&[&source, &source], 0)), "expected one image, got 2 images");
    says(grow.run(&(&source / 0.0)), "NaN or infinite");
}

#[test]
fn holes_that_leave_nothing() {
    let grow = EfrosLeung { window: 3, ..EfrosLeung::default() };
    let (image, hole) = (colourful(6, 7), Tensor::ones([1, 1, 6, 7], (Kind::Float, Device::Cpu)));
    says(grow.fill(&image, &hole), "hole: expected a 3x3 window of the image left whole, got none");
    says(grow.fill(&image, &hole.narrow(3, 0, 6)), "got [1, 1, 6, 6]; make it of zeros");
    let none = EfrosLeung { window: 3, ..grow }.fill(&image, &hole.zeros_like()).unwrap();
    assert!(none.image.equal(&image));
}

#[test]
fn patches_that_do_not_fit() {
    let source = colourful(9, 12);
    let quilt = Quilting { patch: 6, overlap: 2, size: [10, 14], ..Quilting::default() };
    let patch = |patch| Quilting { patch, overlap: 0, ..quilt }.run(&source);
    says(patch(10), "patch: expected a side of 1 or more that fits into the 9x12 source, got 10");
    says(patch(0), "got 0");
    let overlap = |overlap| Quilting { overlap, ..quilt }.run(&source);
    says(overlap(6), "overlap: expected 0..6, less than the patch, got 6");
    says(overlap(-1), "got -1");
    says(Quilting { size: [0, 3], ..quilt }.run(&source), "expected 1x1 pixels or more, got 0x3");
    says(Quilting { tolerance: f64::INFINITY, ..quilt }.run(&source), "tolerance");
    says(boundary_cut(&Tensor::ones([4], (Kind::Float, Device::Cpu))), "a table, [rows, columns]");
    says(boundary_cut(&Tensor::ones([0, 4], (Kind::Float, Device::Cpu))), "got [0, 4]");
    says(boundary_cut(&Tensor::full([2, 2], f64::NAN, (Kind::Float, Device::Cpu))), "costs");
}

#[test]
fn layers_that_are_not_there() {
    let (net, source) = (Net::new("pixels"), colourful(6, 7));
    let base =
        GramTexture { layers: vec![("input".into(), 1.0)], scales: 1, ..GramTexture::slide(0) };
    let with = |layers: &[(&str, f64)]| {
        let layers = layers.iter().map(|(name, weight)| (name.to_string(), *weight)).collect();
        GramTexture { layers, ..base.clone() }.run(&net, &source)
    };
    says(with(&[]), "layers: expected 1 to 1000, got none or more");
    says(
        with(&[("relu1_1", 1.0)]),
        "layer: expected a layer of pixels, got `relu1_1`; it has: input",
    );
    says(with(&[("input", 0.0)]), "weight of `input`: expected above 0, got 0");
    says(with(&[("input", f64::NAN)]), "got NaN");
    says(
        GramTexture { scales: 0, ..base.clone() }.run(&net, &source),
        "scales: expected 1..=16, got 0",
    );
    says(GramTexture { noise: -1.0, ..base.clone() }.run(&net, &source), "noise");
    says(GramTexture { size: [4, 0], ..base.clone() }.run(&net, &source), "got 4x0");
    says(base.run(&net, &source.zeros_like()), "`input`: expected a layer that the source lights");
    let two = Tensor::cat(&[&source, &source], 0);
    says(base.run(&net, &two), "source: expected one image, got 2 images");
    says(gram_distances(&net, &source, &source, &["pool9"]), "got `pool9`");
    says(
        Shuffle { block: 4, seed: 0 }.run(&source),
        "block: expected a side that divides the 6x7 image, got 4",
    );
    says(Shuffle { block: 0, seed: 0 }.run(&source), "got 0");
}
