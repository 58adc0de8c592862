//! What is in the file, read back by a decoder.

use super::*;
use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use tch::{Device, Kind};

fn flat(level: f64, [h, w]: [i64; 2]) -> Tensor {
    Tensor::full([1, 3, h, w], level, (Kind::Float, Device::Cpu))
}

fn noise(n: usize, size: [i64; 2]) -> Vec<Tensor> {
    let one = |i| crate::chance::uniform(&[i as u64], &[1, 3, size[0], size[1]]).unwrap();
    (0..n).map(|i| one(i).to_kind(Kind::Float)).collect()
}

/// The size, first pixel and milliseconds of every frame.
fn read(figure: &Figure) -> Vec<([u32; 2], [u8; 3], u32)> {
    let decoder = GifDecoder::new(std::io::Cursor::new(&figure.bytes)).unwrap();
    let frames = decoder.into_frames().collect_frames().unwrap();
    let one = |frame: &image::Frame| {
        let (pixels, (ms, per)) = (frame.buffer(), frame.delay().numer_denom_ms());
        let [r, g, b, _] = pixels.get_pixel(0, 0).0;
        ([pixels.height(), pixels.width()], [r, g, b], ms / per)
    };
    frames.iter().map(one).collect()
}

#[test]
fn frames_follow_each_other_and_the_last_one_stays() {
    let frames = [0.0, 0.2, 1.0].map(|level| flat(level, [20, 30]));
    let figure = Animation { rate: 5.0, ..Animation::default() }.draw(&frames).unwrap();
    // 20x30 is shown five times as large, over a line of 3 and a gap of 1.
    let size = [104, 150];
    let expected = [(size, [0; 3], 200), (size, [51; 3], 200), (size, [255; 3], 1500)];
    assert_eq!(read(&figure), expected);
    assert!(figure.bytes.windows(11).any(|w| w == b"NETSCAPE2.0"), "no loop");
    assert_eq!((figure.size(), figure.picture.get_pixel(0, 0).0), ([100, 150], [255; 3]));
}

#[test]
fn a_line_beneath_says_how_far() {
    let frames = noise(4, [8, 40]);
    let figure = animation(&frames).unwrap();
    let decoder = GifDecoder::new(std::io::Cursor::new(&figure.bytes)).unwrap();
    let frames = decoder.into_frames().collect_frames().unwrap();
    for (i, frame) in (1..).zip(frames) {
        let (w, h) = frame.buffer().dimensions();
        let dark = (0..w).filter(|&x| frame.buffer().get_pixel(x, h - 1).0[0] < 128).count();
        assert_eq!(dark as u32, w * i / 4, "frame {i}");
    }
}

#[test]
fn what_is_too_large_loses_frames_and_then_pixels() {
    let frames = noise(33, [64, 96]);
    let with = |most_bytes| Animation { most_bytes, ..Animation::default() }.draw(&frames).unwrap();
    let (all, fewer, least) = (with(1_000_000), with(200_000), with(30_000));
    assert_eq!(read(&all).len(), 33);
    // 33 frames, one in 2 and the last: 17. They stay twice as long.
    let kept = read(&fewer);
    assert_eq!((kept.len(), kept[0].2, kept[16].2), (17, 250, 1500), "{fewer}");
    assert_eq!(fewer.picture, all.picture);
    assert!(fewer.bytes.len() <= 200_000 && fewer.alt.contains("one in 2 kept"), "{fewer}");
    let kept = read(&least);
    assert!(kept.len() == 5 && kept[0].0[1] < 96 && least.bytes.len() <= 30_000, "{least}");
    assert!(least.alt.contains("one in 8 kept, at ") && least.size() == all.size(), "{least}");
}

#[test]
fn frames_of_several_sizes_share_one() {
    let figures = [[40, 20], [20, 60]].map(|size| crate::show::image(&flat(0.0, size)).unwrap());
    let figure = Animation::default().of(&figures).unwrap();
    // Enlarged to 320x160 and 100x300.
    assert_eq!(read(&figure)[1].0, [324, 300]);
}

#[test]
fn it_is_saved_as_it_is_and_a_still_is_not_a_gif() {
    let folder = tempfile::tempdir().unwrap();
    let [moving, png] = ["x.gif", "x.png"].map(|name| folder.path().join(name));
    let figure = animation(&noise(2, [8, 12])).unwrap();
    figure.save(&moving).unwrap();
    assert_eq!(std::fs::read(&moving).unwrap(), figure.bytes);
    figure.save(&png).unwrap();
    assert_eq!(image::open(&png).unwrap().into_rgb8(), figure.picture);
    let still = crate::show::image(&flat(0.0, [2, 3])).unwrap().save(&moving).unwrap_err();
    assert!(still.to_string().contains(".png"), "{still}");
}

#[test]
fn wrong_settings_are_named() {
    let with = |change: fn(&mut Animation)| {
        let mut animation = Animation::default();
        change(&mut animation);
        animation.draw(&noise(1, [4, 6])).unwrap_err().to_string()
    };
    assert!(with(|a| a.rate = 0.0).contains("rate"));
    assert!(with(|a| a.rate = 60.0).contains("50 frames"));
    assert!(with(|a| a.hold = f64::NAN).contains("hold"));
    assert!(with(|a| a.most_bytes = 10).contains("most_bytes"));
    assert!(with(|a| a.columns = 0).contains("columns"));
    assert!(animation(&[]).unwrap_err().to_string().contains("frames_every"));
}
