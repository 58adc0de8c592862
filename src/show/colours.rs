//! The two colour maps: 33 colours each, with straight lines between.

use image::Rgb;

/// What NaN and infinities are painted with: in neither map.
pub(super) const NOT_A_NUMBER: Rgb<u8> = Rgb([255, 0, 255]);

/// Black, purple, orange, pale yellow at equal perceived steps: matplotlib's `inferno` (CC0).
const INFERNO: [u32; 33] = [
    0x000004, 0x040312, 0x0B0724, 0x150B37, 0x210C4A, 0x2F0A5B, 0x3D0965, 0x4A0C6B, 0x57106E,
    0x64156E, 0x71196E, 0x7D1E6D, 0x8A226A, 0x972766, 0xA32C61, 0xB0315B, 0xBC3754, 0xC73E4C,
    0xD24644, 0xDB503B, 0xE45A31, 0xEB6628, 0xF1731D, 0xF68013, 0xF98E09, 0xFB9D07, 0xFCAC11,
    0xFBBC21, 0xF9CB35, 0xF5DB4C, 0xF2EA69, 0xF3F68A, 0xFCFFA4,
];

/// Blue, white, red with white in the middle: ColorBrewer's `RdBu`, turned round (Apache-2.0).
const BLUE_WHITE_RED: [u32; 33] = [
    0x053061, 0x0E4179, 0x175290, 0x1F63A8, 0x2A71B2, 0x3480B9, 0x3F8EC0, 0x529DC8, 0x6BACD1,
    0x84BCD9, 0x9BC9E0, 0xAED3E6, 0xC2DDEC, 0xD4E6F1, 0xE0ECF3, 0xECF2F5, 0xF7F7F7, 0xF9EEE7,
    0xFBE5D8, 0xFDDCC9, 0xFBCCB4, 0xF8BB9E, 0xF5AA89, 0xEE9677, 0xE48066, 0xDB6B55, 0xD05548,
    0xC53E3D, 0xBA2832, 0xAB162A, 0x930E26, 0x7C0722, 0x67001F,
];

/// The colour of a value from 0 (lowest) to 1 (highest).
pub(super) fn sequential(t: f64) -> Rgb<u8> {
    between(&INFERNO, t)
}

/// The colour of a value from 0 (most negative) through 0.5 (zero) to 1 (most positive).
pub(super) fn diverging(t: f64) -> Rgb<u8> {
    between(&BLUE_WHITE_RED, t)
}

fn between(table: &[u32; 33], t: f64) -> Rgb<u8> {
    let at = t.clamp(0.0, 1.0) * 32.0;
    let i = (at as usize).min(31);
    let share = at - i as f64;
    let channel = |colour: u32, c: usize| f64::from(colour.to_be_bytes()[c + 1]);
    Rgb(std::array::from_fn(|c| {
        let (a, b) = (channel(table[i], c), channel(table[i + 1], c));
        (a + share * (b - a)).round() as u8
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `matplotlib.colormaps["inferno"]` and `["RdBu_r"]`, version 3.
    #[test]
    fn the_ends_and_middles_are_matplotlibs() {
        assert_eq!(sequential(0.0), Rgb([0, 0, 4]));
        assert_eq!(sequential(0.5), Rgb([188, 55, 84]));
        assert_eq!(sequential(1.0), Rgb([252, 255, 164]));
        assert_eq!(diverging(0.0), Rgb([5, 48, 97]));
        assert_eq!(diverging(0.5), Rgb([247, 247, 247]));
        assert_eq!(diverging(1.0), Rgb([103, 0, 31]));
        // Half way between entries 0 and 1 of inferno: (0, 0, 4) and (4, 3, 18).
        assert_eq!(sequential(1.0 / 64.0), Rgb([2, 2, 11]));
    }

    #[test]
    fn brightness_rises_through_the_sequential_map() {
        let luma = |Rgb([r, g, b]): Rgb<u8>| {
            0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)
        };
        let all: Vec<f64> = (0..=64).map(|i| luma(sequential(f64::from(i) / 64.0))).collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
