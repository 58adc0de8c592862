//! Heat maps and overlays.

use super::{cell, map, picture};
use convlens::show::{self, HeatMap};
use tch::Tensor;

const LOWEST: [u8; 3] = [0, 0, 4];
const MIDDLE: [u8; 3] = [188, 55, 84];
const HIGHEST: [u8; 3] = [252, 255, 164];
const WHITE: [u8; 3] = [247, 247, 247];
const MAGENTA: [u8; 3] = [255, 0, 255];

#[test]
fn unsigned_maps_run_from_their_smallest_to_their_largest_value() {
    // 320 / 3 = 106 pixels for each cell.
    let figure = show::heat_map(&map(&[1.0, 3.0, 2.0, 5.0, 4.0, 3.0], [2, 3])).unwrap();
    assert_eq!(cell(&figure, [0, 0], 106), LOWEST);
    assert_eq!(cell(&figure, [0, 1], 106), MIDDLE);
    assert_eq!(cell(&figure, [1, 0], 106), HIGHEST);
    assert_eq!(cell(&figure, [1, 2], 106), MIDDLE);
    assert_eq!(figure.alt, "value, 2x3 map (height x width), values 1 to 5");
    // The colour bar is 10 pixels right of the map, as high as it, highest value on top.
    let all = picture(&figure);
    assert_eq!(all.get_pixel(318 + 10 + 8, 0).0, HIGHEST);
    assert_eq!(all.get_pixel(318 + 10 + 8, 211).0, LOWEST);
}

#[test]
fn signed_maps_are_white_at_zero() {
    let figure = show::heat_map(&map(&[-1.0, 0.0, 2.0, 0.0, -2.0, 1.0], [2, 3])).unwrap();
    assert_eq!(cell(&figure, [0, 1], 106), WHITE);
    assert_eq!(cell(&figure, [1, 1], 106), [5, 48, 97]);
    assert_eq!(cell(&figure, [0, 2], 106), [103, 0, 31]);
    let forced = HeatMap { signed: Some(true), ..HeatMap::default() };
    let figure = forced.draw(&map(&[0.0, 2.0], [1, 2])).unwrap();
    assert_eq!(cell(&figure, [0, 0], 160), WHITE);
}

#[test]
fn ranges_and_percentiles_say_what_they_cut_off() {
    let settings = HeatMap { range: Some([0.0, 2.0]), ..HeatMap::default() };
    let figure = settings.draw(&map(&[1.0, 4.0], [1, 2])).unwrap();
    assert_eq!(cell(&figure, [0, 0], 160), MIDDLE);
    assert_eq!(cell(&figure, [0, 1], 160), HIGHEST);
    assert!(figure.alt.ends_with("values 1 to 4; values reach 4, beyond the colours"));
    // The median of 0, 1 and 9 is 1.
    let median = HeatMap { clip_percentile: 50.0, ..HeatMap::default() };
    let figure = median.draw(&map(&[0.0, 1.0, 9.0], [1, 3])).unwrap();
    assert_eq!(cell(&figure, [0, 1], 106), HIGHEST);
}

#[test]
fn maps_that_show_nothing_say_so() {
    let alt = |x: &Tensor| show::heat_map(x).unwrap().alt;
    assert!(alt(&map(&[0.0; 6], [2, 3])).ends_with("every value is 0: nothing to see"));
    assert!(alt(&map(&[-1.0, -2.0], [1, 2])).ends_with("every value is negative"));
    let nan = f32::NAN;
    let all = alt(&map(&[nan, f32::INFINITY], [1, 2]));
    assert!(all.contains("no finite values; every value is NaN or infinite"), "{all}");
    let figure = show::heat_map(&map(&[1.0, nan, 3.0], [1, 3])).unwrap();
    assert!(figure.alt.contains("values 1 to 3; 1 of 3 values are NaN or infinite (magenta)"));
    assert_eq!(cell(&figure, [0, 1], 106), MAGENTA);
}

#[test]
fn overlays_keep_the_photo_where_the_map_is_quiet() {
    // Luma of (1, 0.5, 0): 0.299 + 0.2935 = 0.5925, 151 of 255.
    let photo = map(&[1.0, 0.5, 0.0], [3, 1]).reshape([1, 3, 1, 1]).expand([1, 3, 2, 4], false);
    let quiet_left = map(&[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], [2, 4]);
    let figure = show::overlay(&photo, &quiet_left).unwrap();
    assert_eq!(cell(&figure, [1, 0], 80), [151, 151, 151]);
    // 0.9 of the highest colour (252, 255, 164) over 151.
    assert_eq!(cell(&figure, [0, 3], 80), [242, 245, 163]);
    let expected = "value, 2x4 map over a photo (height x width), values 0 to 1";
    assert_eq!(figure.alt, expected);
    let coarse = show::overlay(&photo, &map(&[0.0, 1.0], [1, 1 + 1])).unwrap();
    assert_eq!(cell(&coarse, [0, 0], 80), [151, 151, 151]);
}
