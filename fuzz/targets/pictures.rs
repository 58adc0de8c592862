//! Pictures: what loads is an image of finite values.
#![no_main]

use convlens::pixels::Decode;
use convlens_fuzz::{read, seeds};
use image::{DynamicImage, ImageFormat, RgbaImage};
use libfuzzer_sys::fuzz_target;
use std::io::Cursor;

fuzz_target!(init: seeds(pictures), |data: &[u8]| {
    let small = Decode { max_pixels: 1 << 18, ..Decode::default() };
    if let Some(image) = read(data, |path| small.load(path)) {
        let size = image.size();
        assert!(size[..2] == [1, 3] && size[2] * size[3] <= 1 << 18, "{size:?}");
        assert!(image.isfinite().all().int64_value(&[]) == 1);
    }
});

fn pictures() -> Vec<Vec<u8>> {
    let pixel =
        |x: u32, y: u32| image::Rgba([(x * 40) as u8, (y * 50) as u8, 99, (x * y * 9) as u8]);
    let colour = DynamicImage::from(RgbaImage::from_fn(7, 5, pixel));
    let kinds = [
        (ImageFormat::Png, colour.clone()),
        (ImageFormat::Png, colour.to_rgb8().into()),
        (ImageFormat::Png, colour.to_rgba16().into()),
        (ImageFormat::Png, colour.to_luma8().into()),
        (ImageFormat::Png, colour.to_luma_alpha16().into()),
        (ImageFormat::Jpeg, colour.to_rgb8().into()),
        (ImageFormat::Jpeg, colour.to_luma8().into()),
        (ImageFormat::WebP, colour.clone()),
        (ImageFormat::WebP, colour.to_rgb8().into()),
        (ImageFormat::Gif, colour.clone()),
    ];
    let encoded = |(format, picture): &(ImageFormat, DynamicImage)| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, *format).expect("a seed can be encoded");
        bytes.into_inner()
    };
    kinds.iter().map(encoded).collect()
}
