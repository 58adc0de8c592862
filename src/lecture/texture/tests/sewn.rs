//! Efros and Freeman: patch after patch.

use super::super::canvas::{Canvas, Source, squared};
use super::super::search::{Known, nearest};
use super::super::sheet::Sheet;
use super::*;

#[test]
fn a_cut_by_hand() {
    let cut = |costs: &[f32], columns: i64| {
        boundary_cut(&Tensor::from_slice(costs).view([-1, columns])).unwrap()
    };
    // Sums from above: 1 4 3 9, then 6 2 12 12, then 7 4 3 13: back from the 3 to the 2 to the 1.
    assert_eq!(cut(&[1., 4., 3., 9., 5., 1., 9., 9., 5., 2., 1., 1.], 4), [0, 1, 2]);
    // From the last row's 0 the cheapest next step, the 1, leads to a 9.
    assert_eq!(cut(&[9., 9., 0., 1., 9., 2., 9., 0., 9.], 3), [2, 2, 1]);
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

/// Where the first column (or row) of a sheet comes from after two patches of 4, an overlap of 3 apart.
fn sewn(source: Tensor, size: [usize; 2], at: [usize; 2], chosen: usize) -> Vec<usize> {
    let source = Source::of(&source, "source").unwrap();
    let canvas = Canvas::empty(size);
    let mut sheet = Sheet { canvas, source: &source, patch: 4, overlap: 3 };
    sheet.sew([0, 0], 0, true);
    sheet.sew(at, chosen, true);
    let step = if at[0] > 0 { size[1] } else { 1 };
    (0..5).map(|i| sheet.canvas.from[i * step].unwrap()).collect()
}

#[test]
fn a_cut_goes_where_two_patches_agree() {
    // All rows alike, so every cut is straight. The left patch ends 5 1 9, the right begins 0 1 4: they
    // agree in the middle. The new patch is kept from there on.
    let row = Tensor::from_slice(&[3f32, 5., 1., 9., 0., 1., 4., 2.]) / 10.0;
    let across = row.expand([1, 3, 4, 8], false);
    assert_eq!(sewn(across, [4, 5], [0, 1], 4), [0, 1, 5, 6, 7]);
    let down = row.view([8, 1]).expand([1, 3, 8, 4], false);
    assert_eq!(sewn(down, [5, 4], [1, 0], 16), [0, 4, 20, 24, 28]);
}

#[test]
fn what_is_given_up_is_never_among_the_nearest() {
    let source: Vec<[f32; 3]> = numbers(&colourful(20, 30)).as_chunks::<3>().0.to_vec();
    let candidates: Vec<usize> = (0..500).rev().collect();
    for start in [0, 17, 60] {
        let colour = |i: usize| source[start + i * 13 % 90];
        let known =
            |i| Known { offset: i as isize * 3, weight: 1.0 / (i + 1) as f32, colour: colour(i) };
        let known: Vec<Known> = (0..30).map(known).collect();
        let whole = |&at: &usize| -> f32 {
            let one = |k: &Known| k.weight * squared(source[at + k.offset as usize], k.colour);
            known.iter().map(one).sum()
        };
        let all: Vec<f32> = candidates.iter().map(whole).collect();
        let best = all.iter().copied().fold(f32::INFINITY, f32::min);
        for tolerance in [0.0, 0.1, 1.0] {
            let near = candidates.iter().zip(&all).filter(|(_, d)| **d <= best * (1.0 + tolerance));
            let near: Vec<usize> = near.map(|(at, _)| *at).collect();
            assert_eq!(nearest(&source, &candidates, &known, tolerance), near);
        }
    }
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
