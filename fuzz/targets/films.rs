//! Animated GIFs: frames of one size, or one sentence.
#![no_main]

use convlens::fast_style::frames;
use convlens_fuzz::{read, seeds};
use image::codecs::gif::GifEncoder;
use image::{Delay, Frame, RgbaImage};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: seeds(films), |data: &[u8]| {
    // Screens within the documented bound may still take gigabytes; here they are small.
    let side = |at: usize| data.get(at..at + 2).map_or(0, |b| u32::from(b[0]) + 256 * u32::from(b[1]));
    if side(6) * side(8) > 1 << 16 {
        return;
    }
    if let Some(frames) = read(data, |path| frames(path)) {
        assert!(!frames.is_empty() && frames.iter().all(|frame| frame.size() == frames[0].size()));
    }
});

fn films() -> Vec<Vec<u8>> {
    [(1, 3, 2), (3, 9, 7), (2, 1, 1)].map(|(count, w, h)| film(count, w, h)).to_vec()
}

fn film(count: u8, w: u32, h: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
    for i in 0..count {
        let pixel = |x: u32, y: u32| {
            image::Rgba([(x * 30) as u8, (y * 30) as u8, i * 60, 255 * u8::from(x != y)])
        };
        let picture = RgbaImage::from_fn(w, h, pixel);
        let frame = Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1));
        encoder.encode_frame(frame).expect("a seed can be encoded");
    }
    drop(encoder);
    bytes
}
