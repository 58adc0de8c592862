//! Texture synthesis.

use crate::table::{Table, numbers};
use convlens::prelude::*;

const SIZES: [[i64; 2]; 4] = [[0, 5], [-1, 5], [i64::MAX, 5], [1 << 20, 1 << 20]];

pub fn rows(t: &mut Table) {
    copying(t);
    quilts(t);
    grams(t);
    collages(t);
}

fn small() -> EfrosLeung {
    EfrosLeung { window: 5, size: [6, 7], ..EfrosLeung::default() }
}

fn copying(t: &mut Table) {
    t.images("EfrosLeung::run", |_, x| small().run(x));
    t.images("EfrosLeung::fill", |w, x| small().fill(x, &w.mask));
    t.setting(
        "EfrosLeung::run",
        "window",
        "window: expected",
        &[0, 1, 4, -3, 99, i64::MAX],
        |w, window| EfrosLeung { window, ..small() }.run(&w.image),
    );
    t.setting("EfrosLeung::run", "size", "size: expected", &SIZES, |w, size| {
        EfrosLeung { size, ..small() }.run(&w.image)
    });
    t.setting(
        "EfrosLeung::run",
        "tolerance",
        "tolerance: expected",
        &[-1.0, f64::NAN, f64::INFINITY, 1e300],
        |w, tolerance| EfrosLeung { tolerance, ..small() }.run(&w.image),
    );
    t.refuses("EfrosLeung::run", "values of 1e30", "source: expected", |w| {
        small().run(&(&w.image * 1e30))
    });
    t.refuses("EfrosLeung::run", "values of 1e300", "source: expected", |w| {
        small().run(&(w.image.to_kind(Kind::Double) * 1e300))
    });
    t.refuses("EfrosLeung::fill", "a hole of another size", "hole: expected", |w| {
        small().fill(&w.image, &w.image)
    });
    t.refuses("EfrosLeung::fill", "a hole everywhere", "left whole", |w| {
        small().fill(&w.image, &w.mask.ones_like())
    });
    t.refuses("EfrosLeung::fill", "a hole of NaN", "NaN or infinite", |w| {
        small().fill(&w.image, &(&w.mask * f64::NAN))
    });
    t.answers("EfrosLeung::fill", "no hole", |w| {
        Ok(numbers(&small().fill(&w.image, &(&w.mask * 0.0))?.image))
    });
    t.maps("Shuffle::run", |_, x| Shuffle::default().run(x));
    t.setting(
        "Shuffle::run",
        "block",
        "block: expected",
        &[0, -1, 7, i64::MAX, i64::MIN],
        |w, block| Shuffle { block, seed: 0 }.run(&w.image),
    );
}

fn quilt() -> Quilting {
    Quilting { patch: 6, overlap: 2, size: [12, 13], ..Quilting::default() }
}

fn quilts(t: &mut Table) {
    t.images("Quilting::run", |_, x| quilt().run(x));
    t.setting("Quilting::run", "patch", "patch: expected", &[0, -1, 21, i64::MAX], |w, patch| {
        Quilting { patch, ..quilt() }.run(&w.image)
    });
    t.setting("Quilting::run", "overlap", "overlap: expected", &[-1, 6, i64::MAX], |w, overlap| {
        Quilting { overlap, ..quilt() }.run(&w.image)
    });
    t.setting("Quilting::run", "size", "size: expected", &SIZES, |w, size| {
        Quilting { size, ..quilt() }.run(&w.image)
    });
    t.setting(
        "Quilting::run",
        "tolerance",
        "tolerance: expected",
        &[-1.0, f64::NAN, f64::INFINITY, 1e300],
        |w, tolerance| Quilting { tolerance, ..quilt() }.run(&w.image),
    );
    t.refuses("Quilting::run", "values of 1e300", "source: expected", |w| {
        quilt().run(&(w.image.to_kind(Kind::Double) * 1e300))
    });
    t.refuses("boundary_cut", "rank 3", "a table", |w| boundary_cut(&w.matrix.unsqueeze(0)));
    t.refuses("boundary_cut", "no rows", "a table", |w| boundary_cut(&w.matrix.narrow(0, 0, 0)));
    t.refuses("boundary_cut", "NaN", "NaN or infinite", |w| boundary_cut(&(&w.matrix * f64::NAN)));
    t.answers("boundary_cut", "costs of 1e38", |w| {
        Ok(boundary_cut(&(&w.matrix * 1e38))?.into_iter().map(|v| v as f64).collect())
    });
}

fn gram() -> GramTexture {
    let layers = vec![("relu1".to_string(), 1.0)];
    let climb = Climb { steps: 2, ..GramTexture::default().climb };
    GramTexture { layers, size: [16, 18], scales: 1, climb, ..GramTexture::default() }
}

fn grams(t: &mut Table) {
    t.images("GramTexture::run", |w, x| gram().run(&w.net, x));
    t.images("GramTexture::objective", |w, x| gram().objective(&w.net, x));
    t.setting("GramTexture::run", "size", "size: expected", &SIZES, |w, size| {
        GramTexture { size, ..gram() }.run(&w.net, &w.image)
    });
    t.setting(
        "GramTexture::run",
        "scales",
        "scales: expected",
        &[0, 17, usize::MAX],
        |w, scales| GramTexture { scales, ..gram() }.run(&w.net, &w.image),
    );
    t.setting(
        "GramTexture::run",
        "noise",
        "noise: expected",
        &[-1.0, f64::NAN, f64::INFINITY],
        |w, noise| GramTexture { noise, ..gram() }.run(&w.net, &w.image),
    );
    t.setting(
        "GramTexture::run",
        "weight",
        "weight of `relu1`",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, v| GramTexture { layers: vec![("relu1".into(), v)], ..gram() }.run(&w.net, &w.image),
    );
    t.refuses("GramTexture::objective", "no layers", "layers: expected", |w| {
        GramTexture { layers: vec![], ..gram() }.objective(&w.net, &w.image)
    });
    t.setting(
        "GramTexture::slide",
        "blocks",
        "expected",
        &[0, 1 << 40, usize::MAX],
        |w, blocks| GramTexture::slide(blocks).run(&w.net, &w.image),
    );
    t.images("gram_distances", |w, x| gram_distances(&w.net, x, &w.image, &["relu1"]));
    t.images("gram_distances", |w, x| gram_distances(&w.net, &w.image, x, &["relu1"]));
    t.refuses("gram_distances", "a vector", "[n, c, h, w]", |w| {
        gram_distances(&w.net, &w.image, &w.image, &["fc"])
    });
}

fn collages(t: &mut Table) {
    let made = |w: &crate::world::World| quilt().run(&w.image);
    t.refuses("Collage::origins", "places of rank 2", "from: expected", move |w| {
        Collage { from: w.matrix.shallow_clone(), ..made(w)? }.origins()
    });
    t.refuses("Collage::torn", "places of rank 2", "from: expected", move |w| {
        Collage { from: w.matrix.shallow_clone(), ..made(w)? }.torn()
    });
    t.refuses("Collage::seams", "an image of another size", "from: expected", move |w| {
        Collage { image: w.image.shallow_clone(), ..made(w)? }.seams()
    });
    t.answers("Collage::torn", "one pixel", move |w| {
        let one = Quilting { size: [1, 1], ..quilt() }.run(&w.image)?;
        Ok(vec![one.torn()?])
    });
}
