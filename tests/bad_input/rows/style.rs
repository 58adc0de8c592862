//! Neural style transfer, slow and fast.

use crate::table::{Table, numbers};
use crate::world::World;
use convlens::fast_style::frames;
use convlens::prelude::*;
use convlens::style::cs231n;

pub fn rows(t: &mut Table) {
    slow(t);
    paintings(t);
    colours(t);
    assignment(t);
    fast(t);
    films(t);
    training(t);
}

fn style() -> Style {
    Style {
        content: vec![("relu2".into(), 1.0)],
        style: vec![("relu1".into(), 1.0)],
        coarse: vec![],
        climb: Climb { steps: 2, ..Style::gatys().climb },
        ..Style::gatys()
    }
}

fn paint(w: &World, style: Style) -> convlens::Result<convlens::style::Stylised> {
    style.run(&w.net, &w.image, &w.image)
}

fn slow(t: &mut Table) {
    t.images("Style::run", |w, x| style().run(&w.net, x, &w.image));
    t.images("Style::run", |w, x| style().run(&w.net, &w.image, x));
    t.images("Style::run_with", |w, x| style().run_with(&w.net, x, &[Painting::new(&w.image)]));
    t.refuses("Style::run_with", "no paintings", "paintings: expected", |w| {
        style().run_with(&w.net, &w.image, &[])
    });
    let bad = [-1.0, f64::NAN, f64::INFINITY];
    t.setting("Style::run", "content weight", "weights: expected", &bad, |w, v| {
        paint(w, Style { content: vec![("relu2".into(), v)], ..style() })
    });
    t.setting("Style::run", "style weight", "weights: expected", &bad, |w, v| {
        paint(w, Style { style: vec![("relu1".into(), v)], ..style() })
    });
    t.setting("Style::run", "total_variation", "weights: expected", &bad, |w, v| {
        paint(w, Style { total_variation: v, ..style() })
    });
    t.setting(
        "Style::run",
        "style_scale",
        "scale: expected",
        &[0.0, -1.0, 17.0, f64::NAN, f64::INFINITY],
        |w, v| paint(w, Style { style_scale: v, ..style() }),
    );
    t.setting("Style::run", "coarse", "scale: expected", &[0.0, -1.0, 17.0, f64::NAN], |w, v| {
        paint(w, Style { coarse: vec![(v, 1)], ..style() })
    });
    t.setting("Style::run", "noise", "start: expected", &bad, |w, v| {
        paint(w, Style { start: Start::Noise(v), ..style() })
    });
    t.refuses("Style::run", "memory 1", "memory: expected", |w| {
        paint(w, Style { memory: 1, ..style() })
    });
    t.refuses("Style::run", "an unknown layer", "it has: input", |w| {
        paint(w, Style { style: vec![("x".into(), 1.0)], ..style() })
    });
    t.setting(
        "Style::memory",
        "size",
        "expected",
        &[[0, 5], [-1, 5], [1, 1], [i64::MAX, 2]],
        |w, v| style().memory(&w.net, v),
    );
    t.refuses("Style::memory", "an unknown layer", "it has: input", |w| {
        Style { content: vec![("x".into(), 1.0)], ..style() }.memory(&w.net, [20, 24])
    });
}

fn paintings(t: &mut Table) {
    t.images("Painting::new", |w, x| style().run_with(&w.net, &w.image, &[Painting::new(x)]));
    t.setting(
        "Painting::weight",
        "weight",
        "paintings: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, v| style().run_with(&w.net, &w.image, &[Painting::new(&w.image).weight(v)]),
    );
    t.maps("Painting::place", |w, x| {
        style().run_with(&w.net, &w.image, &[Painting::new(&w.image).place(x)])
    });
    t.maps("Painting::part", |w, x| {
        style().run_with(&w.net, &w.image, &[Painting::new(&w.image).part(x)])
    });
    t.refuses("Painting::place", "only zeros", "place: expected", |w| {
        style().run_with(&w.net, &w.image, &[Painting::new(&w.image).place(&(&w.mask * 0.0))])
    });
    t.refuses("Painting::part", "another size", "part: expected", |w| {
        style().run_with(&w.net, &w.image, &[Painting::new(&w.image).part(&w.mask.narrow(2, 0, 8))])
    });
}

fn colours(t: &mut Table) {
    t.images("keep_colour", |w, x| keep_colour(x, &w.image));
    t.images("keep_colour", |w, x| keep_colour(&w.image, x));
    t.refuses("keep_colour", "another size", "photo: expected", |w| {
        keep_colour(&w.image, &w.image.narrow(2, 0, 8))
    });
    t.images("match_colours", |w, x| match_colours(x, &w.image, Transport::Cholesky));
    t.images("match_colours", |w, x| match_colours(&w.image, x, Transport::Pca));
    for how in [Transport::Cholesky, Transport::Pca, Transport::Symmetric] {
        t.answers("match_colours", format!("a flat painting by {how:?}"), move |w| {
            Ok(numbers(&match_colours(&w.image.full_like(0.3), &w.image, how)?))
        });
        t.answers("match_colours", format!("a flat photo by {how:?}"), move |w| {
            Ok(numbers(&match_colours(&w.image, &w.image.full_like(0.3), how)?))
        });
    }
    t.refuses("match_colours", "two paintings", "painting: expected", |w| {
        match_colours(&Tensor::cat(&[&w.image, &w.image], 0), &w.image, Transport::Pca)
    });
}

fn assignment(t: &mut Table) {
    let feats = |w: &World| vec![w.image.shallow_clone()];
    t.refuses("content_loss", "another size", "content_original: expected", |w| {
        cs231n::content_loss(1.0, &w.image, &w.map)
    });
    t.setting(
        "content_loss",
        "weight",
        "content_weight: expected",
        &[f64::NAN, f64::INFINITY],
        |w, v| cs231n::content_loss(v, &w.image, &w.image),
    );
    t.maps("cs231n::gram_matrix", |_, x| cs231n::gram_matrix(x, true));
    t.refuses("style_loss", "no layers", "style: expected", move |w| {
        cs231n::style_loss(&feats(w), &[], &[], &[])
    });
    t.setting("style_loss", "layer", "feats: expected", &[1, usize::MAX], |w, v| {
        let target = cs231n::gram_matrix(&w.image, true)?;
        cs231n::style_loss(&[w.image.shallow_clone()], &[v], &[target], &[1.0])
    });
    t.setting(
        "style_loss",
        "weight",
        "style_weights: expected",
        &[f64::NAN, f64::INFINITY],
        |w, v| {
            let target = cs231n::gram_matrix(&w.image, true)?;
            cs231n::style_loss(&[w.image.shallow_clone()], &[0], &[target], &[v])
        },
    );
    t.maps("tv_loss", |_, x| cs231n::tv_loss(x, 1.0));
    t.setting("tv_loss", "weight", "tv_weight: expected", &[f64::NAN, f64::INFINITY], |w, v| {
        cs231n::tv_loss(&w.image, v)
    });
    t.refuses("guided_gram_matrix", "rank 4", "features: expected", |w| {
        cs231n::guided_gram_matrix(&w.image, &w.mask, true)
    });
    t.refuses("guided_gram_matrix", "masks of another size", "masks: expected", |w| {
        cs231n::guided_gram_matrix(&w.image.unsqueeze(1), &w.mask.narrow(2, 0, 8), true)
    });
    t.refuses("guided_gram_matrix", "masks of NaN", "NaN or infinite", |w| {
        cs231n::guided_gram_matrix(&w.image.unsqueeze(1), &(&w.mask * f64::NAN), true)
    });
    t.refuses("guided_style_loss", "no masks", "content_masks: expected", |w| {
        let feats = w.image.unsqueeze(1);
        let target = cs231n::guided_gram_matrix(&feats, &w.mask, true)?;
        cs231n::guided_style_loss(&[feats], &[0], &[target], &[1.0], &[])
    });
}

fn fast(t: &mut Table) {
    const STYLE: &str = "starry_night";
    t.images("FastStyle::run", |w, x| w.style.run(x, STYLE));
    t.images("FastStyle::blend", |w, x| w.style.blend(x, &[(STYLE, 1.0)]));
    t.refuses("FastStyle::run", "an unknown style", "style: expected", |w| {
        w.style.run(&w.image, "no such style")
    });
    t.refuses("FastStyle::run", "too small an image", "image: expected", |w| {
        w.style.run(&w.image.narrow(2, 0, 3), STYLE)
    });
    t.setting(
        "FastStyle::blend",
        "share",
        "share: expected",
        &[f64::NAN, f64::INFINITY, 1e300],
        |w, v| w.style.blend(&w.image, &[(STYLE, v)]),
    );
    t.refuses("FastStyle::blend", "no styles", "styles: expected", |w| {
        w.style.blend(&w.image, &[])
    });
    t.refuses(
        "FastStyle::to_device",
        "a graphics card that is not there",
        "device: expected",
        |w| w.style.to_device(Device::Cuda(77)),
    );
    t.refuses("FastStyle::save", "no folder", "folder", |w| {
        w.style.save(w.path("no/folder/style.safetensors"))
    });
    t.refuses("FastStyle::load", "missing", "missing", |w| {
        FastStyle::load(w.path("missing.safetensors"))
    });
    t.refuses("FastStyle::load", "text", "text.safetensors", |w| {
        FastStyle::load(w.file("text.safetensors", b"x"))
    });
    t.refuses("FastStyle::load", "another network", "weights of a `FastStyle`", |w| {
        let path = w.path("other.safetensors");
        Tensor::write_safetensors(&[("a", w.image.shallow_clone())], &path)?;
        FastStyle::load(path)
    });
    for shape in
        ["[4611686018427387904,0]", "[0]", "[16,3,9,0]", "[0,3,9,9]", "[16,3,1000001,1000001]"]
    {
        t.refuses("FastStyle::load", format!("a weight {shape}"), "shape.safetensors", move |w| {
            FastStyle::load(w.file("shape.safetensors", &forged(shape)))
        });
    }
    t.maps("adain", |w, x| adain(x, &w.map));
    t.maps("adain", |w, x| adain(&w.map, x));
    t.refuses("adain", "other channels", "y: expected", |w| adain(&w.image, &w.map));
    t.answers("adain", "one place", |w| {
        let one = w.image.narrow(2, 0, 1).narrow(3, 0, 1);
        Ok(numbers(&adain(&one, &one)?))
    });
}

/// A file of a style whose first weight says another shape than its (missing) numbers have.
fn forged(shape: &str) -> Vec<u8> {
    let header = format!(
        r#"{{"down1.weight":{{"dtype":"F32","shape":{shape},"data_offsets":[0,0]}},"a.scale":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}}}"#
    );
    [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat()
}

fn films(t: &mut Table) {
    t.images("Film::run", |w, x| {
        Film::default().run(&w.style, &[x.shallow_clone()], "starry_night")
    });
    t.refuses("Film::run", "no frames", "frames: expected", |w| {
        Film::default().run(&w.style, &[], "starry_night")
    });
    t.setting(
        "Film::run",
        "smoothing",
        "film: expected",
        &[-0.1, 1.0, f64::NAN],
        |w, smoothing| {
            Film { smoothing, ..Film::default() }.run(
                &w.style,
                &[w.image.shallow_clone()],
                "starry_night",
            )
        },
    );
    t.setting(
        "Film::run",
        "still",
        "film: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, still| {
            Film { still, ..Film::default() }.run(
                &w.style,
                &[w.image.shallow_clone()],
                "starry_night",
            )
        },
    );
    t.images("flicker", |_, x| flicker(&[x.shallow_clone()]));
    t.refuses("flicker", "no frames", "frames: expected", |_| flicker(&[]));
    t.refuses("flicker", "two sizes", "frames: expected", |w| {
        flicker(&[w.image.shallow_clone(), w.image.narrow(2, 0, 8)])
    });
    t.refuses("frames", "missing", "missing", |w| frames(w.path("missing.gif")));
    let gif = |w: u16, h: u16| {
        let [a, b] = [w, h].map(u16::to_le_bytes);
        [
            b"GIF89a".as_slice(),
            &a,
            &b,
            b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0",
            &a,
            &b,
            b"\0\x02\x02D\x01\0;",
        ]
        .concat()
    };
    for (name, width, height) in
        [("large.gif", 65535, 65535), ("none.gif", 0, 0), ("flat.gif", 5, 0)]
    {
        t.refuses("frames", name, name, move |w| frames(w.file(name, &gif(width, height))));
    }
    t.refuses("frames", "400 frames of 3000 x 3000", "film.gif", |w| {
        frames(w.file("film.gif", &long_film()))
    });
    t.refuses("frames", "text", "text.gif", |w| frames(w.file("text.gif", b"text")));
}

/// 400 frames of 3000 x 3000 pixels in 6 kB: each frame draws one pixel.
fn long_film() -> Vec<u8> {
    let side = 3000u16.to_le_bytes();
    let head = [b"GIF89a".as_slice(), &side, &side, b"\x80\0\0\0\0\0\xff\xff\xff"].concat();
    let frame = b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0";
    [head, frame.repeat(400), b";".to_vec()].concat()
}

fn learning() -> StyleTraining {
    let style = vec!["relu1".to_string()];
    StyleTraining {
        width: 2,
        blocks: 1,
        size: 16,
        batch: 1,
        steps: 1,
        content: "relu2".into(),
        style,
        ..StyleTraining::default()
    }
}

fn learn(w: &World, settings: StyleTraining) -> convlens::Result<[f64; 3]> {
    settings.start(&w.net, &[w.image.shallow_clone()], &[("a", w.image.shallow_clone())])?.step()
}

fn training(t: &mut Table) {
    t.images("StyleTraining::start", |w, x| {
        learning().start(&w.net, &[x.shallow_clone()], &[("a", w.image.shallow_clone())])?.step()
    });
    t.images("StyleTraining::start", |w, x| {
        learning().start(&w.net, &[w.image.shallow_clone()], &[("a", x.shallow_clone())])
    });
    t.refuses("StyleTraining::start", "no photos", "photos: expected", |w| {
        learning().start(&w.net, &[], &[("a", w.image.shallow_clone())])
    });
    t.refuses("StyleTraining::start", "no styles", "styles: expected", |w| {
        learning().start(&w.net, &[w.image.shallow_clone()], &[])
    });
    t.setting(
        "StyleTraining::start",
        "width",
        "width: expected",
        &[0, -1, 1 << 40, i64::MAX],
        |w, width| learn(w, StyleTraining { width, ..learning() }),
    );
    t.setting(
        "StyleTraining::start",
        "blocks",
        "blocks: expected",
        &[1 << 40, usize::MAX],
        |w, blocks| learn(w, StyleTraining { blocks, ..learning() }),
    );
    t.setting(
        "StyleTraining::start",
        "size",
        "size: expected",
        &[0, -1, 1 << 40, i64::MAX],
        |w, size| learn(w, StyleTraining { size, ..learning() }),
    );
    t.setting(
        "StyleTraining::start",
        "batch",
        "batch: expected",
        &[0, 1 << 40, usize::MAX],
        |w, batch| learn(w, StyleTraining { batch, ..learning() }),
    );
    t.setting(
        "StyleTraining::start",
        "rate",
        "rate: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, rate| learn(w, StyleTraining { rate, ..learning() }),
    );
    t.setting("StyleTraining::start", "steps", "steps: expected", &[0, 1 << 40], |w, steps| {
        learn(w, StyleTraining { steps, ..learning() })
    });
    for (name, set) in [
        (
            "content_weight",
            (|s, v| StyleTraining { content_weight: v, ..s })
                as fn(StyleTraining, f64) -> StyleTraining,
        ),
        ("style_weight", |s, v| StyleTraining { style_weight: v, ..s }),
        ("total_variation", |s, v| StyleTraining { total_variation: v, ..s }),
    ] {
        for v in [-1.0, f64::NAN, f64::INFINITY] {
            t.refuses(
                "StyleTraining::start",
                format!("{name} {v}"),
                "weights: expected",
                move |w| learn(w, set(learning(), v)),
            );
        }
    }
    t.refuses("StyleTraining::resume", "other styles", "styles: expected", |w| {
        let (photo, network) = (w.image.shallow_clone(), w.style.to_device(Device::Cpu)?);
        learning().resume(&w.net, &[photo], &[], network)
    });
    t.refuses("Trainer::step", "a photo that is too small", "photos: expected", |w| {
        let small = w.image.narrow(2, 0, 1);
        learning().start(&w.net, &[small], &[("a", w.image.shallow_clone())])?.step()
    });
}
