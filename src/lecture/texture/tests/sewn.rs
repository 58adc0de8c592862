//! Efros and Freeman: patch after patch.

use super::super::search::{Known, nearest};
use super::*;

#[test]
fn a_cut_by_hand() {
    let cut = |costs: &[f32], columns: i64| {
        boundary_cut(&Tensor::from_slice(costs).view([-1, columns])).unwrap()
    };
    // Sums from above: 1 4 3 0 / 6 2 9 0+9 / 2+5 2+2 2+1 9+1: back from 3 over 2 to 1.
    assert_eq!(cut(&[1., 4., 3., 9., 5., 1., 9., 9., 5., 2., 1., 1.], 4), [0, 1, 2]);
    // The cheapest cell of a row may be out of reach.
    assert_eq!(cut(&[0., 5., 5., 5., 5., 5., 5., 1., 5., 5., 5., 0.], 4), [2, 3, 3]);
    assert_eq!(cut(&[3., 3., 3., 3.], 2), [0, 0]);
    assert_eq!(cut(&[7., 2., 1.], 1), [0, 0, 0]);
    assert_eq!(cut(&[7., 2., 1.], 3), [2]);
}

#[test]
fn a_patch_as_large_as_the_image_is_a_piece_of_the_source() {
    let source = colourful(9, 13);
    for seams in [Seams::Random, Seams::Overlap, Seams::Cut] {
        let quilt = Quilting { patch: 6, overlap: 2, size: [6, 6], seams, ..Quilting::default() };
        let made = quilt.run(&source).unwrap();
        let [y, x] = [0, 1].map(|axis| made.from.int64_value(&[0, axis, 0, 0]));
        assert!(made.image.equal(&source.narrow(2, y, 6).narrow(3, x, 6)));
        assert_eq!(made.torn().unwrap(), 0.0);
    }
}

#[test]
fn every_pixel_is_one_of_the_source() {
    let source = colourful(10, 13);
    for seams in [Seams::Random, Seams::Overlap, Seams::Cut] {
        for overlap in [0, 2, 4] {
            let quilt =
                Quilting { patch: 5, overlap, size: [12, 17], seams, ..Quilting::default() };
            let made = quilt.run(&source).unwrap();
            assert_eq!(made.image.size(), [1, 3, 12, 17]);
            assert!(is_copied(&made, &source));
            assert!(made.image.equal(&quilt.run(&source).unwrap().image), "the same seed");
            let other = Quilting { seed: 1, ..quilt }.run(&source).unwrap();
            assert!(!made.image.equal(&other.image), "another seed");
        }
    }
}

#[test]
fn patches_that_agree_continue_a_pattern() {
    let stripes = pattern(9, 16, |y, x| (y + x) % 4 < 2);
    let quilt = Quilting { patch: 7, overlap: 3, size: [15, 26], ..Quilting::default() };
    let wide = pattern(19, 30, |y, x| (y + x) % 4 < 2);
    let goes_on = |seams| {
        let made = Quilting { seams, ..quilt }.run(&stripes).unwrap().image;
        (0..4).any(|x| wide.narrow(2, 0, 15).narrow(3, x, 26).equal(&made))
    };
    assert!(goes_on(Seams::Overlap) && goes_on(Seams::Cut) && !goes_on(Seams::Random));
}

#[test]
fn a_cut_goes_where_two_patches_agree() {
    // Overlap of 3; sources are rows, so every cut is straight. Left patch ends 5 1 9, right begins 0 1 4:
    // they agree in the middle. The new patch is kept from there on.
    let source = Tensor::from_slice(&[3f32, 5., 1., 9., 0., 1., 4., 2.]) / 10.0;
    let source =
        super::super::canvas::Source::of(&source.expand([1, 3, 4, 8], false), "source").unwrap();
    let canvas = super::super::canvas::Canvas::empty([4, 5]);
    let mut sheet = super::super::sheet::Sheet { canvas, source: &source, patch: 4, overlap: 3 };
    sheet.sew([0, 0], 0, true);
    sheet.sew([0, 1], 4, true);
    let row: Vec<usize> = sheet.canvas.from[..5].iter().map(|from| from.unwrap()).collect();
    assert_eq!(row, [0, 1, 5, 6, 7]);
}

#[test]
fn seams_cross_both_sides() {
    // The same patch below itself: costs 0 everywhere, so the leftmost and topmost cut, all new.
    let source = super::super::canvas::Source::of(&colourful(4, 5), "source").unwrap();
    let canvas = super::super::canvas::Canvas::empty([5, 4]);
    let mut sheet = super::super::sheet::Sheet { canvas, source: &source, patch: 3, overlap: 2 };
    sheet.sew([0, 0], 0, true);
    sheet.sew([1, 0], 5, true);
    let column: Vec<usize> = (0..4).map(|y| sheet.canvas.from[y * 4].unwrap()).collect();
    assert_eq!(column, [0, 5, 10, 15]);
}

#[test]
fn the_nearest_by_hand() {
    let source = [[0.0; 3], [1.0; 3], [2.0; 3], [4.0; 3]];
    let known = |weight, colour| Known { offset: 1, weight, colour: [colour; 3] };
    // Right of 0, 1, 2 stand 1, 2 and 4: from 1.5 squared 0.25, 0.25 and 6.25, times three colours.
    let find = |tolerance| nearest(&source, &[0, 1, 2], &[known(1.0, 1.5)], tolerance);
    assert_eq!((find(0.0), find(23.9), find(24.1)), (vec![0, 1], vec![0, 1], vec![0, 1, 2]));
    let two = [known(1.0, 1.0), known(3.0, 2.0)];
    // 0 + 3, 1 + 0 and 9 + 12, three colours each: one within 3 of 1, not within 2.
    assert_eq!(nearest(&source, &[0, 1, 2], &two, 1.9), [1]);
    assert_eq!(nearest(&source, &[0, 1, 2], &two, 2.1), [0, 1]);
    assert_eq!(nearest(&source, &[2, 0, 1], &[], 0.1), [2, 0, 1]);
}
