//! Bad files and bad tensors each give one sentence that names the file, the cause and a way out.

use convlens::pixels::{self, Decode, Fill, Margins, Rect};
use image::{DynamicImage, ImageFormat, RgbImage};
use std::path::Path;
use tch::{Device, Kind, Tensor};

fn complaint(path: &Path) -> String {
    let error = pixels::load(path).expect_err("a bad file must not load").to_string();
    assert!(!error.contains('\n') && error.contains(&*path.display().to_string()), "{error}");
    assert!(error.contains("; "), "no advice: {error}");
    error
}

fn write(name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = tempfile::tempdir().unwrap().keep().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let noise =
        |x: u32, y: u32| image::Rgb([(x * 37 + y * 91) as u8, (x * y) as u8, (x ^ y) as u8]);
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = DynamicImage::from(RgbImage::from_fn(60, 40, noise));
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PNG's signature and header, then an empty picture.
fn png_header(w: u32, h: u32) -> Vec<u8> {
    let mut bytes = encoded(ImageFormat::Png);
    bytes[16..20].copy_from_slice(&w.to_be_bytes());
    bytes[20..24].copy_from_slice(&h.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |c: u32, _| {
        if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 }
    };
    !bytes.iter().fold(!0u32, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), step))
}

#[test]
fn files_that_are_not_there_or_hold_nothing() {
    assert!(complaint(Path::new("nowhere/cat.jpg")).contains("there is no such file"));
    assert!(complaint(Path::new("src")).contains("is a folder"));
    assert!(complaint(&write("empty.png", b"")).contains("the file is empty"));
}

#[test]
fn files_that_are_no_pictures() {
    let text = complaint(&write("cat.jpg", b"Dear reader,\nno cat here"));
    assert!(
        text.contains("is not a picture, its content starts with \"Dear reader,.no cat"),
        "{text}"
    );
    let bitmap = complaint(&write("cat.bmp", b"BM\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    assert!(bitmap.contains("is a Bmp picture; PNG, JPEG, WebP and GIF"), "{bitmap}");
}

#[test]
fn files_that_were_cut_short_or_damaged() {
    use ImageFormat::{Gif, Jpeg, Png, WebP};
    for format in [Png, Jpeg, WebP, Gif] {
        let whole = encoded(format);
        for kept in [20, whole.len() / 2, whole.len() - 40] {
            let error = complaint(&write("cut", &whole[..kept]));
            assert!(error.contains("damaged"), "{format:?}, {kept} bytes: {error}");
        }
    }
    let mut flipped = encoded(Png);
    flipped[60] ^= 0xFF;
    assert!(complaint(&write("flipped.png", &flipped)).contains("damaged"));
}

#[test]
fn sizes_no_photo_has() {
    let nothing = complaint(&write("nothing.png", &png_header(0, 0)));
    assert!(nothing.contains("damaged") || nothing.contains("no pixels"), "{nothing}");
    // 3.6 gigapixels in a file of a few hundred bytes.
    let bomb = complaint(&write("bomb.png", &png_header(60_000, 60_000)));
    assert!(bomb.contains("60000x60000") || bomb.contains("memory"), "{bomb}");
    let path = write("small.png", &encoded(ImageFormat::Png));
    let strict = Decode { max_pixels: 2399, ..Decode::default() };
    let error = strict.load(&path).unwrap_err().to_string();
    assert!(error.contains("40x60 (height x width) is over 2399 pixels"), "{error}");
    assert!(Decode { max_pixels: 2400, ..strict }.load(&path).is_ok());
}

#[test]
fn tensors_that_are_no_pictures() {
    let path = tempfile::tempdir().unwrap().keep().join("x.png");
    let zeros = |size: &[i64]| Tensor::zeros(size, (Kind::Float, Device::Cpu));
    let error = |x: &Tensor| pixels::save(x, &path).unwrap_err().to_string();
    assert!(error(&zeros(&[3, 4, 5])).contains("got [3, 4, 5]"));
    assert!(error(&zeros(&[1, 3, 0, 5])).contains("got [1, 3, 0, 5]"));
    assert!(error(&zeros(&[2, 3, 4, 5])).contains("got 2 images"));
    assert!(error(&zeros(&[1, 4, 4, 5])).contains("3 channels"));
    assert!(error(&zeros(&[1, 3, 4, 5]).to_kind(Kind::Int64)).contains("got Int64"));
    assert!(error(&(zeros(&[1, 3, 4, 5]) / 0.0)).contains("60 of 60 values NaN"));
    assert!(!path.exists(), "a failed save leaves no file");
    let wrong = pixels::save(&zeros(&[1, 3, 4, 5]), path.with_extension("tiff")).unwrap_err();
    assert!(wrong.to_string().contains("\".tiff\""), "{wrong}");
    let nowhere = pixels::save(&zeros(&[1, 3, 4, 5]), "nowhere/x.png").unwrap_err().to_string();
    assert!(nowhere.contains("folder exists"), "{nowhere}");
}

#[test]
fn sizes_and_parts_that_do_not_fit() {
    let x = Tensor::zeros([1, 3, 4, 6], (Kind::Float, Device::Cpu));
    assert!(pixels::resize(&x, [0, 5]).unwrap_err().to_string().contains("got [0, 5]"));
    assert!(pixels::resize_short(&x, -1).is_err());
    let wide = Rect { top: 0, left: 3, height: 4, width: 4 };
    assert!(pixels::crop(&x, wide).unwrap_err().to_string().contains("4x6 image"));
    assert!(pixels::crop(&x, Rect { top: i64::MAX, ..wide }).is_err());
    assert!(pixels::centre_crop(&x, [5, 5]).is_err());
    assert!(pixels::pad(&x, Margins::all(4), Fill::Reflect).is_err());
    assert!(pixels::pad(&x, Margins::all(-1), Fill::Replicate).is_err());
    assert!(pixels::to_grey(&pixels::to_grey(&x).unwrap()).is_err());
    assert!(pixels::to_rgb(&x).is_err());
}
