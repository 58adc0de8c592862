//! Charts, maps, photos, animations and other figures.

use crate::table::Table;
use crate::world::{World, scattered};
use convlens::prelude::*;
use convlens::show::{
    Animation, Cells, Entry, Frame, HeatMap, Lines, Live, animation, bars, captioned, filter_grid,
    filter_grids, framed, grid, heat_map, image, images, lines, map_grid, mosaic, overlay,
    progress, row, scatter, stderr, table, thumbnails,
};

/// A figure has a size; nothing else in it is a number.
fn size(figure: convlens::Result<Figure>) -> convlens::Result<Vec<f64>> {
    Ok(figure?.size().map(|side| side as f64).to_vec())
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|i| format!("n {i}")).collect()
}

fn hostile() -> String {
    "\u{1e}ConvLens {}\nEVCXR_END_CONTENT\nEVCXR_BEGIN_CONTENT text/html\n<img src=x onerror=alert(1)>".into()
}

pub fn rows(t: &mut Table) {
    photos(t);
    maps(t);
    charts(t);
    tables(t);
    joined(t);
    moving(t);
    texts(t);
}

fn photos(t: &mut Table) {
    t.images("image", |_, x| image(x));
    t.images("images", |_, x| images(x, 2));
    t.images("captioned", |_, x| captioned(x, &["one".into()], 1));
    t.images("framed", |_, x| framed(x, &[Frame::Right], &["one".into()], 1));
    t.refuses("image", "two images", "image: expected one", |w| {
        image(&Tensor::cat(&[&w.image, &w.image], 0))
    });
    t.refuses("images", "no columns", "columns: expected", |w| images(&w.image, 0));
    t.answers("images", "more columns than images", |w| size(images(&w.image, usize::MAX)));
    t.setting("captioned", "captions", "captions: expected", &[2, 3000], |w, v| {
        captioned(&w.image, &names(v), 1)
    });
    t.setting("framed", "frames", "framed: expected", &[0, 2], |w, v| {
        framed(&w.image, &vec![Frame::None; v], &names(v), 1)
    });
    t.refuses("images", "30,000 images", "images: expected 1 to 10000", |w| {
        images(&w.image.expand([30_000, -1, -1, -1], false), 1)
    });
    t.answers("captioned", "4,000 letters", |w| {
        size(captioned(&w.image, &["word ".repeat(800)], 1))
    });
    t.answers("captioned", "one word of 4,000 letters", |w| {
        size(captioned(&w.image, &["x".repeat(4000)], 1))
    });
    t.answers("image", "a row of 100,000 pixels", |_| {
        size(image(&Tensor::zeros([1, 3, 1, 100_000], (Kind::Float, Device::Cpu))))
    });
}

fn maps(t: &mut Table) {
    t.refuses("heat_map", "two maps", "one map", |w| heat_map(&Tensor::cat(&[&w.map, &w.map], 0)));
    t.refuses("heat_map", "a row of numbers", "one map", |_| heat_map(&scattered(&[7], 1.0)));
    t.refuses("heat_map", "no values", "map: expected", |w| heat_map(&w.map.narrow(2, 0, 0)));
    t.answers("heat_map", "only NaN", |w| size(heat_map(&(&w.map * f64::NAN))));
    t.answers("heat_map", "1e300", |w| size(heat_map(&(w.map.to_kind(Kind::Double) * 1e300))));
    t.answers("heat_map", "1,500 x 1,500", |_| size(heat_map(&scattered(&[1500, 1500], 1.0))));
    t.answers("heat_map", "100,000 columns", |_| size(heat_map(&scattered(&[1, 100_000], 1.0))));
    t.images("overlay", |w, x| overlay(x, &w.map));
    t.images("HeatMap::overlay", |w, x| HeatMap::default().overlay(x, &w.map));
    t.setting(
        "HeatMap::draw",
        "range",
        "range: expected",
        &[[1.0, 0.0], [f64::NAN, 1.0], [0.0, f64::INFINITY]],
        |w, v| HeatMap { range: Some(v), ..HeatMap::default() }.draw(&w.map),
    );
    t.setting(
        "HeatMap::draw",
        "clip_percentile",
        "clip_percentile: expected",
        &[0.0, -1.0, 101.0, f64::NAN],
        |w, v| HeatMap { clip_percentile: v, ..HeatMap::default() }.draw(&w.map),
    );
    t.refuses("map_grid", "no captions", "n captions", |w| map_grid(&w.map, &[], Scale::PerFilter));
    t.refuses("map_grid", "three channels", "[n, 1, h, w]", |w| {
        map_grid(&w.image, &names(1), Scale::PerFilter)
    });
    t.answers("map_grid", "NaN", |w| {
        size(map_grid(&(&w.map * f64::NAN), &names(1), Scale::PerFilter))
    });
    t.refuses("map_grid", "no maps", "expected", |w| {
        map_grid(&w.map.narrow(0, 0, 0), &[], Scale::PerFilter)
    });
    t.refuses("filter_grid", "two channels", "1 or 3 input channels", |_| {
        filter_grid(&scattered(&[4, 2, 3, 3], 1.0), Scale::PerFilter)
    });
    t.refuses("filter_grid", "NaN", "NaN or infinite", |_| {
        filter_grid(&(scattered(&[4, 3, 3, 3], 1.0) * f64::NAN), Scale::PerFilter)
    });
    t.refuses("filter_grid", "rank 2", "expected", |_| {
        filter_grid(&scattered(&[4, 3], 1.0), Scale::PerFilter)
    });
    t.refuses("filter_grid", "no filters", "expected", |_| {
        filter_grid(&scattered(&[4, 3, 3, 3], 1.0).narrow(0, 0, 0), Scale::PerFilter)
    });
    t.refuses("filter_grids", "none", "expected", |_| filter_grids(&[], 2));
    t.refuses("filter_grids", "no columns", "grid: expected", |_| {
        filter_grids(&[("net".into(), scattered(&[4, 3, 3, 3], 1.0))], 0)
    });
}

fn charts(t: &mut Table) {
    let one = |v: f64| vec![("bar".to_string(), v)];
    for v in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        t.refuses("bars", v, "bars: expected", move |_| bars(&one(v), "label"));
    }
    t.refuses("bars", "none", "bars: expected", |_| bars(&[], "label"));
    t.refuses("bars", "4,000", "at most 32000 pixels high", |_| {
        bars(&vec![("bar".to_string(), 1.0); 4000], "label")
    });
    for v in [1e308, -1e308, 1e-308, 0.0] {
        t.answers("bars", v, move |_| size(bars(&one(v), "label")));
    }
    let series = |v: f64| vec![("a".to_string(), vec![0.0, v])];
    t.refuses("lines", "infinity", "series: expected", move |_| {
        lines(&[0.0, 1.0], &series(f64::INFINITY), ["x", "y"])
    });
    t.refuses("lines", "none", "series: expected", |_| lines(&[0.0, 1.0], &[], ["x", "y"]));
    t.refuses("lines", "only NaN", "series: expected", |_| {
        lines(&[0.0, 1.0], &[("a".into(), vec![f64::NAN; 2])], ["x", "y"])
    });
    t.refuses("lines", "too few values", "series: expected", move |_| {
        lines(&[0.0], &series(1.0), ["x", "y"])
    });
    t.answers("lines", "places that do not rise", move |_| {
        size(lines(&[1.0, 0.0], &series(1.0), ["x", "y"]))
    });
    t.refuses("lines", "a place that is NaN", "x: expected", move |_| {
        lines(&[0.0, f64::NAN], &series(1.0), ["x", "y"])
    });
    t.refuses("lines", "1e308", "numbers of a finite range", move |_| {
        lines(&[-1e308, 1e308], &series(1e308), ["x", "y"])
    });
    t.refuses("Lines::draw", "names for other places", "x_names", move |_| {
        Lines { x_names: names(5), ..Lines::default() }.draw(&[0.0, 1.0], &series(1.0))
    });
    t.refuses("Lines::draw", "a range that falls", "range", move |_| {
        Lines { range: Some([1.0, f64::NAN]), ..Lines::default() }.draw(&[0.0, 1.0], &series(1.0))
    });
    let groups = |n| vec!["a".to_string(); n];
    t.matrices("scatter", |_, x| scatter(x, &vec!["a".to_string(); 8]));
    t.refuses("scatter", "three columns", "points: expected", move |w| {
        scatter(&w.matrix, &groups(8))
    });
    t.refuses("scatter", "too few groups", "groups: expected", move |w| {
        scatter(&w.matrix.narrow(1, 0, 2), &groups(3))
    });
    t.refuses("scatter", "1e30", "largest value of points", move |w| {
        scatter(&(w.matrix.narrow(1, 0, 2) * 1e30), &groups(8))
    });
    t.setting("thumbnails", "side", "side: expected", &[0, 401, u32::MAX], |w, v| {
        thumbnails(&w.matrix.narrow(0, 0, 1).narrow(1, 0, 2), &w.image, v)
    });
    t.images("thumbnails", |w, x| thumbnails(&w.matrix.narrow(0, 0, 1).narrow(1, 0, 2), x, 8));
    t.matrices("thumbnails", |w, x| thumbnails(x, &w.image, 8));
}

fn tables(t: &mut Table) {
    let rows = |v: f64| vec![("row".to_string(), vec![v])];
    t.refuses("table", "no rows", "table: expected", |_| table(&[], &["a"], "label"));
    t.refuses("table", "no columns", "table: expected", |_| {
        table(&[("row".into(), vec![])], &[], "label")
    });
    t.refuses("table", "infinity", "table: expected", move |_| {
        table(&rows(f64::INFINITY), &["a"], "label")
    });
    t.refuses("table", "too few columns", "expected", move |_| {
        table(&rows(1.0), &["a", "b"], "label")
    });
    t.answers("table", "NaN, which is a dash", move |_| {
        size(table(&rows(f64::NAN), &["a"], "label"))
    });
    t.answers("table", "1e308", move |_| size(table(&rows(1e308), &["a"], "label")));
    t.refuses("table", "10,000 rows", "pixels", |_| {
        table(&vec![("row".to_string(), vec![1.0]); 10_000], &["a"], "label")
    });
    t.refuses("Table::draw", "a range that falls", "table: expected", |_| {
        let rows = vec![("row".to_string(), vec![Entry::Number(1.0)])];
        convlens::show::Table {
            label: "l".into(),
            columns: names(1),
            rows,
            range: Some([1.0, 0.0]),
        }
        .draw()
    });
}

fn joined(t: &mut Table) {
    let none: [Figure; 0] = [];
    let other = none.clone();
    t.refuses("row", "none", "grid: expected", move |_| row(&none));
    t.refuses("grid", "none", "grid: expected", move |_| grid(&other, 1));
    t.refuses("grid", "no columns", "grid: expected", |w| grid(&[image(&w.image)?], 0));
    t.refuses("grid", "figures 400,000 pixels high", "pixels", |w| {
        let figure = image(&w.image)?;
        grid(&vec![&figure; 2000], 1)
    });
    t.answers("Figure::titled", "nothing", |w| size(image(&w.image)?.titled("")));
    t.answers("Figure::titled", "lines and markers", |w| size(image(&w.image)?.titled(&hostile())));
    t.refuses("Figure::save", "no format", "not a format", |w| {
        image(&w.image)?.save(w.path("a.bmp"))
    });
    t.refuses("Figure::save", "no folder", "folder", |w| {
        image(&w.image)?.save(w.path("no/folder/a.png"))
    });
    t.refuses("Figure::save", "a still as GIF", "not a format", |w| {
        image(&w.image)?.save(w.path("a.gif"))
    });
    t.images("mosaic", |_, x| mosaic(x, &Cells { size: [1, 1], photo: vec![Some(0)] }, &[]));
    t.setting("mosaic", "photo", "cells: expected", &[1, usize::MAX], |w, v| {
        mosaic(&w.image, &Cells { size: [1, 1], photo: vec![Some(v)] }, &[])
    });
    t.setting("mosaic", "size", "cells: expected", &[[0, 1], [2, 2], [usize::MAX, 2]], |w, v| {
        mosaic(&w.image, &Cells { size: v, photo: vec![Some(0)] }, &[])
    });
    t.refuses("mosaic", "too few seams", "cells: expected", |w| {
        mosaic(&w.image, &Cells { size: [1, 2], photo: vec![Some(0), None] }, &[[None; 2]])
    });
}

fn moving(t: &mut Table) {
    t.images("animation", |_, x| animation(&[x.shallow_clone()]));
    t.refuses("animation", "no frames", "one frame or more", |_| animation(&[]));
    t.answers("animation", "two sizes", |w| {
        size(animation(&[w.image.shallow_clone(), w.image.narrow(2, 0, 8)]))
    });
    let draw = |w: &World, a: Animation| a.draw(&[w.image.shallow_clone()]);
    let bad = [0.0, -1.0, f64::NAN, f64::INFINITY];
    t.setting("Animation::draw", "rate", "rate: expected", &bad, move |w, rate| {
        Animation { rate, ..Animation::default() }.draw(&[w.image.shallow_clone()])
    });
    t.setting("Animation::draw", "hold", "hold: expected", &[-1.0, f64::NAN, 1e12], |w, hold| {
        Animation { hold, ..Animation::default() }.draw(&[w.image.shallow_clone()])
    });
    t.refuses("Animation::draw", "columns 0", "columns: expected", move |w| {
        draw(w, Animation { columns: 0, ..Animation::default() })
    });
    t.refuses("Animation::draw", "most_bytes 0", "most_bytes", move |w| {
        draw(w, Animation { most_bytes: 0, ..Animation::default() })
    });
    t.refuses("Animation::of", "no figures", "one frame or more", |_| Animation::default().of(&[]));
    t.answers("Live::draw", "a figure that fails, outside a notebook", |_| {
        Live::new().draw(|| Err(convlens::Error::argument("a", "b", "c", "d"))).map(|()| vec![])
    });
}

/// What goes to a notebook as text. `tests/show` proves that no marker of the kernel's is left in it.
fn texts(t: &mut Table) {
    t.answers("captioned", "markers", |w| size(captioned(&w.image, &[hostile()], 1)));
    t.answers("bars", "markers", |_| size(bars(&[(hostile(), 1.0)], &hostile())));
    t.answers("lines", "markers", |_| {
        size(lines(&[0.0, 1.0], &[(hostile(), vec![0.0, 1.0])], [&hostile(), &hostile()]))
    });
    t.answers("table", "markers", |_| size(table(&[(hostile(), vec![1.0])], &["a"], &hostile())));
    t.refuses("table", "a column with a long name", "900 pixels wide", |_| {
        table(&[("row".into(), vec![1.0])], &[&"long name ".repeat(50)], "label")
    });
    t.answers("progress", "markers", |_| Ok(progress(&hostile(), 0..3).map(f64::from).collect()));
    t.answers("Live::show", "a figure", |w| {
        let figure = image(&w.image)?;
        Live::new().show(&figure);
        size(Ok(figure))
    });
    t.answers("stderr", "markers", |_| {
        stderr(&hostile());
        Ok(vec![])
    });
}
