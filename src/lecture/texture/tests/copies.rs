//! Efros and Leung: pixel after pixel.

use super::super::order::order;
use super::super::window::window;
use super::*;

/// Whether an image continues a periodic pattern: it is one of its shifts.
fn is_shift(image: &Tensor, value: fn(i64, i64) -> bool, period: [i64; 2]) -> bool {
    let [h, w] = [2, 3].map(|axis| image.size()[axis]);
    let wide = pattern(h + period[0], w + period[1], value);
    let shifts = (0..period[0]).flat_map(|y| (0..period[1]).map(move |x| (y, x)));
    shifts.into_iter().any(|(y, x)| wide.narrow(2, y, h).narrow(3, x, w).equal(image))
}

#[test]
fn periodic_patterns_go_on_exactly() {
    type Pattern = fn(i64, i64) -> bool;
    let patterns: [(Pattern, [i64; 2]); 3] = [
        (|y, x| (y + x) % 2 == 0, [2, 2]),
        (|_, x| x % 4 < 2, [1, 4]),
        (|y, x| (y + x) % 3 == 0, [3, 3]),
    ];
    for (value, period) in patterns {
        let source = pattern(9, 12, value);
        for seed in 0..3 {
            let grow = EfrosLeung { window: 5, size: [13, 17], seed, ..EfrosLeung::default() };
            let made = grow.run(&source).unwrap();
            assert_eq!(made.image.size(), [1, 3, 13, 17]);
            assert!(is_shift(&made.image, value, period), "{period:?}, seed {seed}");
        }
    }
}

#[test]
fn a_window_too_small_for_the_pattern_loses_it() {
    // Stripes 4 wide: inside one, a window of 3 cannot know how far it has come.
    let value = |_, x| x % 8 < 4;
    let lost = (0..6).filter(|&seed| {
        let grow = EfrosLeung { window: 3, size: [9, 31], seed, ..EfrosLeung::default() };
        !is_shift(&grow.run(&pattern(12, 24, value)).unwrap().image, value, [1, 8])
    });
    assert_eq!(lost.count(), 6);
}

#[test]
fn every_pixel_is_one_of_the_source() {
    let source = colourful(9, 14);
    for tolerance in [0.0, 5.0] {
        let grow = EfrosLeung { window: 5, size: [8, 11], tolerance, seed: 4 };
        let made = grow.run(&source).unwrap();
        assert_eq!(made.from.size(), [1, 2, 8, 11]);
        assert!(is_copied(&made, &source));
        assert!(made.image.equal(&grow.run(&source).unwrap().image), "the same seed");
        let other = EfrosLeung { seed: 5, ..grow }.run(&source).unwrap();
        assert!(!made.image.equal(&other.image), "another seed");
    }
}

#[test]
fn tolerance_is_a_share_of_the_best_distance() {
    // Left of the hole the image has 0.1; windows say 0.2 -> red, 0.3 -> green: distances 1 to 4.
    let row = |x: &[f32]| Tensor::from_slice(x).view([1, 1, 1, -1]);
    let red = row(&[0.1, 0.0, 0.2, 1.0, 0.3, 0.5]);
    let image = red.expand([1, 3, 3, 6], false).contiguous();
    let hole = Tensor::zeros([1, 1, 3, 6], (Kind::Float, Device::Cpu));
    let _ = hole.narrow(3, 1, 1).fill_(1.0);
    let used = |tolerance| {
        let fill =
            |seed| EfrosLeung { window: 3, tolerance, seed, size: [1, 1] }.fill(&image, &hole);
        let values = (0..40).map(|seed| fill(seed).unwrap().image.double_value(&[0, 0, 1, 1]));
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values.len()
    };
    // Whole windows are columns 2-4 and 3-5: neighbours 0.2 and 0.3 about 1.0, or 1.0 and 0.5 about 0.3.
    assert_eq!([used(0.1), used(1000.0)], [1, 2]);
}

#[test]
fn a_hole_is_filled_and_the_rest_left_alone() {
    let value = |y: i64, x: i64| (y + x) % 3 == 0;
    let whole = pattern(12, 15, value);
    let hole = Tensor::zeros([1, 1, 12, 15], (Kind::Float, Device::Cpu));
    let _ = hole.narrow(2, 7, 4).narrow(3, 8, 7).fill_(1.0);
    let torn = whole.where_self(&hole.eq(0.0), &Tensor::from(0.5f32));
    let filled = EfrosLeung { window: 5, ..EfrosLeung::default() }.fill(&torn, &hole).unwrap();
    assert!(filled.image.equal(&whole));
    let here = filled.from.select(1, 0) * 15 + filled.from.select(1, 1);
    let same = here
        .view([12, 15])
        .eq_tensor(&Tensor::arange(180, (Kind::Int64, Device::Cpu)).view([12, 15]));
    assert!(
        same.where_self(&hole.view([12, 15]).eq(0.0), &Tensor::from(true)).all().int64_value(&[])
            == 1
    );
}

#[test]
fn rings_grow_outwards_and_corners_last() {
    // 3x4 with the middle two known: the sides next to both come first, corners see one only.
    let known = [false, false, false, false, false, true, true, false, false, false, false, false];
    let chances: Vec<f64> = (0..12).map(|i| f64::from(i) / 12.0).collect();
    assert_eq!(order(&known, [3, 4], &chances), [1, 2, 9, 10, 0, 3, 4, 7, 8, 11]);
    let backwards: Vec<f64> = chances.iter().map(|c| 1.0 - c).collect();
    assert_eq!(order(&known, [3, 4], &backwards), [10, 9, 2, 1, 11, 8, 7, 4, 3, 0]);
    // One known of five in a row: each ring is one pixel.
    let row = [true, false, false, false, false];
    assert_eq!(order(&row, [1, 5], &chances), [1, 2, 3, 4]);
    assert!(order(&[false; 4], [2, 2], &chances).is_empty());
}

#[test]
fn the_window_is_a_gaussian_from_its_middle_out() {
    let taps = window(5);
    assert_eq!((taps.len(), taps[0].place, taps[0].weight), (25, [0, 0], 1.0));
    // One step from the middle: exp(-1 / (2 * (5 / 6.4)^2)); a corner: 8 times that exponent.
    let step = (-0.5f32 * (6.4f32 / 5.0).powi(2)).exp();
    assert!((taps[1].weight - step).abs() < 1e-6 && (taps[24].weight - step.powi(8)).abs() < 1e-6);
}
