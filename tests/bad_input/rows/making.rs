//! Gradient ascent, feature inversion, DeepDream.

use crate::table::{Table, numbers};
use crate::world::World;
use convlens::pixels::Rect;
use convlens::prelude::*;

pub fn rows(t: &mut Table) {
    ascents(t);
    inversions(t);
    dreams(t);
}

fn short() -> Ascent {
    let climb = Climb { steps: 2, ..Ascent::cs231n().climb };
    Ascent { climb, size: [20, 24], ..Ascent::cs231n() }
}

fn ascents(t: &mut Table) {
    t.images("Ascent::run_from", |w, x| short().run_from(&w.net, &w.class(), x));
    t.setting(
        "Ascent::start",
        "size",
        "expected",
        &[[0, 5], [-1, 5], [i64::MAX, 5], [1 << 20, 1 << 20]],
        |_, size| Ascent { size, ..short() }.start(),
    );
    t.setting("Ascent::start", "count", "expected", &[0, -1, i64::MAX, 1 << 40], |_, count| {
        Ascent { count, ..short() }.start()
    });
    t.setting("Ascent::start", "noise", "noise", &[-1.0, f64::NAN, f64::INFINITY], |_, noise| {
        Ascent { noise, ..short() }.start()
    });
    t.setting("Ascent::run", "l2", "l2: expected", &[f64::NAN, f64::INFINITY], |w, l2| {
        Ascent { l2, ..short() }.run(&w.net, &w.class())
    });
    t.setting(
        "Ascent::run",
        "total_variation",
        "total_variation: expected",
        &[f64::NAN, f64::INFINITY],
        |w, v| Ascent { total_variation: v, ..short() }.run(&w.net, &w.class()),
    );
    t.setting("Ascent::run", "class", "class: expected", &[-1, 3], |w, v| {
        short().run(&w.net, &Objective::class(v))
    });
}

fn invert(w: &World, change: impl Fn(Inversion) -> Inversion) -> convlens::Result<Inverted> {
    let short = Inversion::cs231n();
    let short = Inversion { climb: Climb { steps: 2, ..short.climb.clone() }, ..short };
    change(short).run(&w.net, &w.image, "relu1")
}

fn inversions(t: &mut Table) {
    t.images("Inversion::run", |w, x| Inversion::cs231n().run(&w.net, x, "relu1"));
    t.setting(
        "Inversion::run",
        "starts",
        "starts: expected",
        &[0, -1, 1 << 40, i64::MAX],
        |w, starts| invert(w, |i| Inversion { starts, ..i }),
    );
    t.setting(
        "Inversion::run",
        "noise",
        "noise: expected",
        &[-1.0, f64::NAN, f64::INFINITY],
        |w, noise| invert(w, |i| Inversion { noise, ..i }),
    );
    t.setting(
        "Inversion::run",
        "total_variation",
        "total_variation: expected",
        &[f64::NAN, f64::INFINITY, -1.0],
        |w, v| invert(w, |i| Inversion { total_variation: v, ..i }),
    );
    t.setting(
        "Inversion::run",
        "alpha_norm",
        "alpha_norm: expected",
        &[f64::NAN, f64::INFINITY, -1.0],
        |w, v| invert(w, |i| Inversion { alpha_norm: v, ..i }),
    );
    t.setting("Inversion::run", "beta", "beta: expected", &[0.0, f64::NAN], |w, beta| {
        invert(w, |i| Inversion { beta, total_variation: 1.0, ..i })
    });
    t.setting("Inversion::run", "alpha", "alpha: expected", &[0.0, f64::NAN], |w, alpha| {
        invert(w, |i| Inversion { alpha, alpha_norm: 1.0, ..i })
    });
    t.setting(
        "Inversion::run",
        "channels",
        "part: expected",
        &[[0, 0], [3, 9], [-1, 2], [2, 1], [i64::MAX, 0]],
        |w, [a, b]| invert(w, |i| Inversion { part: Part::Channels(a..b), ..i }),
    );
    t.setting(
        "Inversion::run",
        "place",
        "part: expected",
        &[[0, 0, 0, 1], [-1, 0, 1, 1], [0, i64::MAX, 1, 2], [1, 1, i64::MAX, 1]],
        |w, [top, left, height, width]| {
            invert(w, |i| Inversion { part: Part::Place(Rect { top, left, height, width }), ..i })
        },
    );
    t.refuses("Inversion::run", "two photos", "photo: expected", |w| {
        Inversion::cs231n().run(&w.net, &Tensor::cat(&[&w.image, &w.image], 0), "relu1")
    });
    t.refuses("Inversion::run", "an unknown layer", "it has: input", |w| {
        Inversion::cs231n().run(&w.net, &w.image, "x")
    });
    t.refuses("Inversion::run", "jitter", "climb: expected", |w| {
        invert(w, |i| Inversion { climb: Climb { jitter: 3, ..i.climb.clone() }, ..i })
    });
}

fn dream() -> Dream {
    let google = Dream::google();
    Dream { climb: Climb { steps: 1, octaves: 1, jitter: 1, ..google.climb.clone() }, ..google }
}

fn dreams(t: &mut Table) {
    t.images("Dream::run", |w, x| dream().run(&w.net, x, &Objective::layer("relu2")));
    t.refuses("Dream::run", "octaves too small for the network", "smallest octave", |w| {
        Dream { climb: Climb { octaves: 16, ..dream().climb }, ..dream() }.run(
            &w.net,
            &w.image,
            &Objective::layer("relu2"),
        )
    });
    t.refuses("Dream::run", "an unknown layer", "it has: input", |w| {
        dream().run(&w.net, &w.image, &Objective::layer("x"))
    });
    t.images("Dream::zoom", |w, x| {
        dream().zoom(&w.net, x, &Objective::layer("relu2"), Zoom { frames: 1, share: 0.1 })
    });
    t.setting("Dream::zoom", "share", "share: expected", &[-0.1, 0.6, f64::NAN], |w, share| {
        dream().zoom(&w.net, &w.image, &Objective::layer("relu2"), Zoom { frames: 1, share })
    });
    t.setting(
        "Dream::zoom",
        "frames",
        "frames: expected",
        &[0, 1 << 40, usize::MAX],
        |w, frames| {
            dream().zoom(&w.net, &w.image, &Objective::layer("relu2"), Zoom { frames, share: 0.1 })
        },
    );
    t.setting(
        "clouds",
        "size",
        "size: expected",
        &[[0, 5], [-1, 5], [i64::MAX, 5], [1 << 20, 1 << 20], [i64::MIN, 1]],
        |_, v| clouds(v, 0),
    );
    t.answers("clouds", "one pixel", |_| Ok(numbers(&clouds([1, 1], u64::MAX)?)));
}
