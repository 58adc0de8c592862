//! Sizes, crops, colour, files, photos and scenes.

use crate::table::Table;
use crate::world::data;
use convlens::pixels::*;
use convlens::prelude::*;

const SIZE: &str = "size: expected";

pub fn rows(t: &mut Table) {
    sizes(t);
    colours(t);
    files(t);
    photos(t);
    scenes(t);
}

fn sizes(t: &mut Table) {
    t.images("resize", |_, x| resize(&to_three(x)?, [4, 6]));
    t.setting(
        "resize",
        "size",
        SIZE,
        &[[0, 5], [5, 0], [-1, 5], [i64::MAX, 2], [100_000, 100_000]],
        |w, v| resize(&w.image, v),
    );
    t.images("resize_short", |_, x| resize_short(&to_three(x)?, 8));
    t.setting(
        "resize_short",
        "short",
        "shorter side of a 20x24 image",
        &[0, -1, i64::MIN, i64::MAX, 1 << 40, 100_000],
        |w, v| resize_short(&w.image, v),
    );
    for side in [[10_000, 1], [1, 10_000], [1, 60_000]] {
        let thin = move || Tensor::zeros([1, 3, side[0], side[1]], (Kind::Float, Device::Cpu));
        t.refuses("imagenet_crop", format!("{side:?}"), "at most 64000000 pixels", move |_| {
            imagenet_crop(&thin())
        });
        t.refuses("resize_short", format!("{side:?}"), "at most 64000000 pixels", move |_| {
            resize_short(&thin(), 4096)
        });
    }
    t.images("imagenet_crop", |_, x| imagenet_crop(&to_three(x)?));
    t.images("crop", |_, x| crop(&to_three(x)?, Rect { top: 0, left: 0, height: 2, width: 3 }));
    let parts =
        [[0, 0, 21, 4], [-1, 0, 3, 3], [0, 25, 1, 1], [i64::MAX, 0, 1, 1], [1, 1, i64::MAX, 1]];
    t.setting(
        "crop",
        "part",
        "a part of the 20x24 image",
        &parts,
        |w, [top, left, height, width]| crop(&w.image, Rect { top, left, height, width }),
    );
    t.setting("crop", "size", SIZE, &[[0, 3], [3, -1]], |w, [height, width]| {
        crop(&w.image, Rect { top: 0, left: 0, height, width })
    });
    t.images("centre_crop", |_, x| centre_crop(&to_three(x)?, [2, 3]));
    t.setting(
        "centre_crop",
        "size",
        "expected",
        &[[0, 3], [21, 3], [i64::MIN, 3], [3, i64::MAX]],
        |w, v| centre_crop(&w.image, v),
    );
    t.images("pad", |_, x| pad(&to_three(x)?, Margins::all(1), Fill::Replicate));
    t.setting("pad", "margin", "margins: expected", &[-1, i64::MIN, i64::MAX, 1 << 40], |w, v| {
        pad(&w.image, Margins::all(v), Fill::Constant(0.0))
    });
    t.setting("Margins::all", "pixels", "margins: expected", &[-3, i64::MAX], |w, v| {
        pad(&w.image, Margins::all(v), Fill::Replicate)
    });
    t.setting("pad", "reflected", "reflected margins below", &[20, 24, 1000], |w, v| {
        pad(&w.image, Margins::all(v), Fill::Reflect)
    });
    t.setting("pad", "fill", "fill: expected", &[f64::NAN, f64::INFINITY], |w, v| {
        pad(&w.image, Margins::all(1), Fill::Constant(v))
    });
    t.images("blur", |_, x| blur(&to_three(x)?, 1.0));
    t.setting(
        "blur",
        "sigma",
        "sigma: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY, 1e12, 1e-300],
        |w, v| blur(&w.image, v),
    );
}

/// These functions take any number of channels; only the row for 2 channels needs them to be colours.
fn to_three(x: &Tensor) -> convlens::Result<Tensor> {
    if x.dim() == 4 && x.size()[1] == 2 { with_luma(x, x) } else { Ok(x.shallow_clone()) }
}

fn colours(t: &mut Table) {
    t.images("to_grey", |_, x| to_grey(x));
    t.images("with_luma", |w, x| with_luma(x, &w.image));
    t.images("with_luma", |w, x| with_luma(&w.image, x));
    t.maps("to_rgb", |_, x| to_rgb(x));
    t.refuses("to_rgb", "3 channels", "expected 1 channel", |w| to_rgb(&w.image));
    t.images("to_rgb8", |_, x| to_rgb8(x));
    t.refuses("to_rgb8", "two images", "image: expected one", |w| {
        to_rgb8(&Tensor::cat(&[&w.image, &w.image], 0))
    });
    t.refuses("from_rgb8", "no pixels", "picture: expected", |_| {
        from_rgb8(&image::RgbImage::new(0, 4))
    });
    t.images("psnr", |w, x| psnr(&to_three(x)?, &w.image));
    t.images("psnr", |w, x| psnr(&w.image, &to_three(x)?));
    t.refuses("psnr", "another size", "other image: expected", |w| {
        psnr(&w.image, &w.image.narrow(2, 0, 5))
    });
}

fn files(t: &mut Table) {
    let bad: [(&str, &[u8], &str); 6] = [
        ("empty.png", b"", "the file is empty"),
        ("text.png", b"not a picture at all", "is not a picture"),
        (
            "cut.jpg",
            b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\0\x08",
            "stop before their end",
        ),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "the picture is damaged"),
        ("cut.gif", b"GIF89a\xff\xff\xff\xff\0\0\0", "the picture is damaged"),
        ("page.tiff", b"II*\0\x08\0\0\0\0\0\0\0\0\0", "can be read"),
    ];
    for (name, bytes, part) in bad {
        t.refuses("load", name, part, move |w| load(w.file(name, bytes)));
        t.refuses("load_alpha", name, part, move |w| load_alpha(w.file(name, bytes)));
        t.refuses("Decode::load", name, part, move |w| Decode::default().load(w.file(name, bytes)));
    }
    for (name, part) in [
        ("missing.png", "there is no such file"),
        ("photos", "folder"),
        ("pipe.png", "not a regular file"),
    ] {
        t.refuses("load", name, part, move |w| load(special(w, name)));
        t.refuses("load_alpha", name, part, move |w| load_alpha(special(w, name)));
    }
    t.setting(
        "Decode::load",
        "background",
        "background: expected",
        &[f64::NAN, f64::INFINITY, -1.0, 2.0],
        |w, v| Decode { background: [0.5, v, 0.5], ..Decode::default() }.load(&w.photos.files[0]),
    );
    t.setting("Decode::load", "max_pixels", "pixels", &[0, 10], |w, v| {
        Decode { max_pixels: v, ..Decode::default() }.load(&w.photos.files[0])
    });
    t.images("save", |w, x| save(x, w.path("never.png")));
    for (name, part) in
        [("a.bmp", "not a format"), ("a", "not a format"), ("no/folder/a.png", "folder")]
    {
        t.refuses("save", name, part, move |w| save(&w.image, w.path(name)));
    }
}

/// A path; `pipe.png` is a FIFO that nobody writes to.
fn special(w: &crate::world::World, name: &str) -> std::path::PathBuf {
    let path = w.path(name);
    if name.starts_with("pipe") && !path.exists() {
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo");
    }
    path
}

fn photos(t: &mut Table) {
    t.refuses("Photos::in_folder", "missing", "cannot be read", |w| {
        Photos::in_folder(w.path("missing"))
    });
    t.refuses("Photos::in_folder", "no pictures", "holds no pictures", |w| {
        std::fs::create_dir_all(w.path("bare")).unwrap();
        Photos::in_folder(w.path("bare"))
    });
    t.setting("Photos::image", "index", "index: expected", &[4, usize::MAX], |w, v| {
        w.photos.image(v)
    });
    t.setting("Photos::image", "size", "size", &[0, -5, i64::MIN, i64::MAX, 1 << 33], |w, v| {
        Photos { size: v, ..w.photos.clone() }.image(0)
    });
    for fit in [Fit::Squash, Fit::Whole] {
        t.refuses("Photos::image", format!("{fit:?} of 1 << 40"), "size", move |w| {
            Photos { size: 1 << 40, fit, ..w.photos.clone() }.image(0)
        });
    }
    t.refuses("Photos::image", "background NaN", "background: expected", |w| {
        let decode = Decode { background: [f64::NAN; 3], ..Decode::default() };
        Photos { decode, fit: Fit::Whole, ..w.photos.clone() }.image(0)
    });
    t.refuses("Photos::batches", "no files", "at least one file", |_| Photos::default().batches());
    t.refuses("Photos::batches", "batch 0", "batches of 1 or more", |w| {
        Photos { batch: 0, ..w.photos.clone() }.batches()
    });
    t.setting("Photos::batches", "size", "expected 1 to 8000", &[0, i64::MIN, i64::MAX], |w, v| {
        Photos { size: v, ..w.photos.clone() }.batches()
    });
    t.answers("Photos::categories", "files without a folder", |_| {
        let photos = Photos { files: vec!["".into(), "a.png".into()], ..Photos::default() };
        Ok(vec![photos.categories().len() as f64])
    });
    t.answers("Photos::take_per_category", "none", |w| {
        Ok(vec![w.photos.take_per_category(0).files.len() as f64])
    });
}

fn scenes(t: &mut Table) {
    t.refuses("Scenes::bundled", "missing", "cannot be read", |w| {
        Scenes::bundled(w.path("missing"))
    });
    t.refuses("Scenes::scene", "index", "cut-out: expected", |_| Scenes::default().scene(0));
    t.refuses("Scenes::scene", "no backgrounds", "backgrounds: expected", |w| {
        Scenes { cutouts: w.photos.files.clone(), ..Scenes::default() }.scene(0)
    });
    t.setting("Scenes::scene", "size", "size", &[[0, 5], [-1, 5], [i64::MAX, 5]], |_, size| {
        Scenes { size, ..Scenes::bundled(data(""))? }.scene(0)
    });
    t.setting("Scenes::scene", "fill", "fill", &[0.0, -1.0, 2.0, f64::NAN], |_, fill| {
        Scenes { fill, ..Scenes::bundled(data(""))? }.scene(0)
    });
    t.refuses("Scenes::all", "missing files", "no such file", |w| {
        Scenes {
            cutouts: vec![w.path("x.png")],
            backgrounds: w.photos.files.clone(),
            ..Scenes::default()
        }
        .all()
    });
}
