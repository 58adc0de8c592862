//! Animated GIFs: what is too large is refused by its size and its number of frames.

use convlens::fast_style::frames;
use image::codecs::gif::GifEncoder;
use image::{Frame, RgbaImage};
use std::path::PathBuf;
use std::time::Instant;

fn write(bytes: &[u8]) -> PathBuf {
    let path = tempfile::tempdir().unwrap().keep().join("film.gif");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn gif(count: usize, [h, w]: [u32; 2]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
    let pixel = image::Rgba([9, 99, 199, 255]);
    encoder.encode_frame(Frame::new(RgbaImage::from_pixel(w, h, pixel))).unwrap();
    for _ in 1..count {
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(1, 1, pixel))).unwrap();
    }
    drop(encoder);
    bytes
}

/// The same film on a screen of another size.
fn on_screen(mut bytes: Vec<u8>, [h, w]: [u16; 2]) -> Vec<u8> {
    bytes[6..8].copy_from_slice(&w.to_le_bytes());
    bytes[8..10].copy_from_slice(&h.to_le_bytes());
    bytes
}

#[track_caller]
fn says(bytes: &[u8]) -> String {
    let said = frames(write(bytes)).expect_err("must be refused").to_string();
    assert!(!said.contains('\n') && said.contains("; "), "{said}");
    said
}

#[test]
fn films_are_read_as_they_are() {
    let made = frames(write(&gif(3, [4, 6]))).unwrap();
    assert_eq!(made.len(), 3);
    for frame in &made {
        assert_eq!(frame.size(), [1, 3, 4, 6]);
        assert!((frame.double_value(&[0, 2, 0, 0]) - 199.0 / 255.0).abs() < 1e-6);
    }
}

#[test]
fn sizes_no_film_has() {
    let film = gif(2, [4, 6]);
    let said = says(&on_screen(film.clone(), [65535, 65535]));
    assert!(said.contains("65535x65535 (height x width) is over 64000000 pixels"), "{said}");
    assert!(says(&on_screen(film.clone(), [0, 0])).contains("it has no pixels"));
    assert!(says(&on_screen(film, [4, 0])).contains("it has no pixels"));
}

#[test]
fn more_frames_than_fit_are_refused_before_they_are_read() {
    let started = Instant::now();
    let said = says(&on_screen(gif(400, [4, 6]), [3000, 3000]));
    assert!(said.contains("400 frames of 3000x3000"), "{said}");
    assert!(started.elapsed().as_secs() < 20, "400 frames of 9 million pixels take longer");
}

/// Found by `cargo xtask fuzz`: it took 17 GB.
#[test]
fn frames_larger_than_their_film() {
    let mut film = gif(1, [4, 6]);
    let frame = film.windows(9).position(|w| w == [0x2C, 0, 0, 0, 0, 6, 0, 4, 0]).unwrap();
    film[frame + 5..frame + 9].copy_from_slice(&[0xF9, 0xFF, 0xFF, 0xFF]);
    assert!(says(&film).contains("65535x65529 (height x width) is over 64000000 pixels"));
}

#[test]
fn what_is_no_film() {
    let whole = gif(3, [40, 60]);
    assert!(says(&whole[..whole.len() / 2]).contains("damaged"));
    assert!(says(&whole[..13]).contains("damaged"));
    let none = says(&[&whole[..10], &[0, 0, 0, 0x3B]].concat());
    assert!(none.contains("damaged"), "{none}");
    assert!(says(b"Dear reader, no film").contains("is not a picture"));
    assert!(frames("data/photos/chelsea.jpg").unwrap_err().to_string().contains("animated GIF"));
    assert!(frames("no/such.gif").unwrap_err().to_string().contains("no such file"));
}
