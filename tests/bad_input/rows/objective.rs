//! Scores and climbing them.

use crate::table::{Table, numbers};
use convlens::prelude::*;

fn score(w: &crate::world::World, objective: Objective) -> convlens::Result<Tensor> {
    objective.score(&w.net, &w.image)
}

pub fn rows(t: &mut Table) {
    scores(t);
    targets(t);
    climbs(t);
    methods(t);
}

fn scores(t: &mut Table) {
    t.images("Objective::score", |w, x| w.class().score(&w.net, x));
    let far = [-1, 3, i64::MAX, i64::MIN];
    t.setting("Objective::class", "class", "class: expected", &far, |w, v| {
        score(w, Objective::class(v))
    });
    t.setting("Objective::probability", "class", "class: expected", &far, |w, v| {
        score(w, Objective::probability(v))
    });
    t.setting("Objective::channel", "channel", "channel: expected", &[-1, 5, i64::MAX], |w, v| {
        score(w, Objective::channel("relu2", v))
    });
    t.setting(
        "Objective::neuron",
        "place",
        "expected",
        &[[-1, 0], [99, 0], [0, i64::MAX]],
        |w, at| score(w, Objective::neuron("relu2", 0, at)),
    );
    t.refuses("Objective::layer", "an unknown layer", "it has: input", |w| {
        score(w, Objective::layer("x"))
    });
    t.answers("Objective::layers", "an unknown layer", |w| {
        Ok(vec![Objective::layer("x").layers(&w.net).len() as f64])
    });
    let powers = [0.0, -1.0, f64::NAN, f64::INFINITY];
    t.setting("Objective::alpha_norm", "alpha", "alpha: expected", &powers, |w, v| {
        score(w, Objective::alpha_norm(v))
    });
    t.setting("Objective::total_variation_beta", "beta", "beta: expected", &powers, |w, v| {
        score(w, Objective::total_variation_beta(v))
    });
    t.setting("Objective::score", "factor", "score", &[f64::NAN, f64::INFINITY], |w, v| {
        score(w, v * w.class())
    });
    t.refuses("Objective::diversity", "an unknown layer", "it has: input", |w| {
        score(w, Objective::diversity("x"))
    });
    t.refuses("Objective::custom", "NaN", "score", |w| {
        score(
            w,
            Objective::custom("bad", &["relu1"], |taps| {
                Ok(taps.at("relu1")?.sum(Kind::Float) * f64::NAN)
            }),
        )
    });
    t.refuses("Objective::custom", "an unknown layer", "it has: input", |w| {
        score(w, Objective::custom("bad", &["x"], |taps| taps.at("x")))
    });
    t.answers("Objective::score", "20,000 terms", |w| {
        let sum = (0..20_000).fold(w.class(), |sum, _| sum + Objective::l2());
        Ok(numbers(&score(w, sum)?))
    });
    t.answers("Objective::score", "20,000 terms added from the left", |w| {
        let sum = (0..20_000).fold(w.class(), |sum, _| Objective::l2() + sum);
        Ok(numbers(&score(w, sum)?))
    });
}

fn targets(t: &mut Table) {
    let other = "target of `relu1`: expected";
    t.refuses("Objective::features", "another size", other, |w| {
        score(w, Objective::features("relu1", &w.image))
    });
    t.refuses("Objective::features", "NaN", "NaN or infinite", |w| {
        let target = w.net.tap(&w.image, "relu1")? * f64::NAN;
        score(w, Objective::features("relu1", &target))
    });
    t.refuses("Objective::weighted_features", "another size", "weight of `relu1`", |w| {
        let target = w.net.tap(&w.image, "relu1")?;
        score(w, Objective::weighted_features("relu1", &target, &w.image))
    });
    t.refuses("Objective::best_match", "another size", "guide of `relu1`", |w| {
        score(w, Objective::best_match("relu1", &w.image))
    });
    t.refuses("Objective::gram", "another size", other, |w| {
        score(w, Objective::gram("relu1", &w.image))
    });
    t.refuses("Objective::gram_within", "a mask of zeros", "mask: expected", |w| {
        let gram = gram_matrix(&w.net.tap(&w.image, "relu1")?)?;
        score(w, Objective::gram_within("relu1", &gram, &(&w.mask * 0.0)))
    });
    t.maps("gram::gram_matrix", |_, x| gram_matrix(x));
    t.maps("gram_matrix_within", |w, x| convlens::gram_matrix_within(x, &w.mask));
    t.maps("gram_matrix_within", |w, x| convlens::gram_matrix_within(&w.image, x));
}

fn climb(w: &crate::world::World, climb: Climb) -> convlens::Result<()> {
    climb.run(&w.net, &w.image, &w.class()).map(drop)
}

fn short() -> Climb {
    Climb { steps: 2, ..Climb::default() }
}

fn climbs(t: &mut Table) {
    t.images("Climb::run", |w, x| short().run(&w.net, x, &w.class()));
    t.setting("Climb::run", "steps", "steps: expected", &[usize::MAX, 1 << 40], |w, v| {
        climb(w, Climb { steps: v, ..short() })
    });
    t.setting("Climb::run", "octaves", "octaves: expected", &[0, 17, usize::MAX], |w, v| {
        climb(w, Climb { octaves: v, ..short() })
    });
    t.setting(
        "Climb::run",
        "octave_scale",
        "octave_scale: expected",
        &[0.0, -1.0, f64::NAN, 1e9],
        |w, v| climb(w, Climb { octave_scale: v, ..short() }),
    );
    t.setting("Climb::run", "jitter", "jitter: expected", &[-1, i64::MAX, i64::MIN], |w, v| {
        climb(w, Climb { jitter: v, ..short() })
    });
    t.setting("Climb::run", "decay", "decay: expected", &[-0.1, 1.1, f64::NAN], |w, v| {
        climb(w, Climb { decay: v, ..short() })
    });
    t.setting("Climb::run", "blur_sigma", "sigma", &[0.0, -1.0, f64::NAN, 1e12], |w, v| {
        climb(w, Climb { blur_every: 1, blur_sigma: v, ..short() })
    });
    t.setting(
        "Climb::run",
        "small_norm",
        "small_norm: expected",
        &[-1.0, 101.0, f64::NAN],
        |w, v| climb(w, Climb { small_norm: v, ..short() }),
    );
    t.setting(
        "Climb::run",
        "small_contribution",
        "small_contribution: expected",
        &[-1.0, 101.0, f64::NAN],
        |w, v| climb(w, Climb { small_contribution: v, ..short() }),
    );
    t.setting(
        "Climb::run",
        "clip",
        "clip: expected",
        &[[1.0, 0.0], [f64::NAN, 1.0], [0.0, f64::NAN]],
        |w, v| climb(w, Climb { clip: Some(v), ..short() }),
    );
    t.setting(
        "Climb::run",
        "schedule",
        "schedule: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, v| climb(w, Climb { schedule: vec![(0, v)], ..short() }),
    );
    t.setting(
        "Climb::run",
        "warp.shift",
        "warp.shift: expected",
        &[-1.0, f64::NAN, 1e9],
        |w, v| climb(w, Climb { warp: Warp { shift: v, ..Warp::default() }, ..short() }),
    );
    t.setting(
        "Climb::run",
        "warp.scale",
        "warp.scale: expected",
        &[-1.0, f64::NAN, 1.0],
        |w, v| climb(w, Climb { warp: Warp { scale: v, ..Warp::default() }, ..short() }),
    );
    t.setting(
        "Climb::run",
        "warp.turn",
        "warp.turn: expected",
        &[-1.0, f64::NAN, 181.0],
        |w, v| climb(w, Climb { warp: Warp { turn: v, ..Warp::default() }, ..short() }),
    );
    t.refuses("Climb::run", "Fourier of one channel", "3 colours", |w| {
        let net = Net::new("pixels");
        Climb { space: Space::Fourier, ..short() }.run(&net, &w.map, &Objective::l2())
    });
    t.refuses("Climb::run", "a score that no pixel moves", "some pixel can change", |w| {
        let still = Objective::custom("still", &["relu1"], |taps| {
            Ok(taps.at("relu1")?.flatten(1, -1).sum_dim_intlist(
                [1i64].as_slice(),
                false,
                Kind::Float,
            ) * 0.0)
        });
        short().run(&w.net, &w.image, &still)
    });
}

fn methods(t: &mut Table) {
    let bad = [0.0, -1.0, f64::NAN, f64::INFINITY];
    let part = "rate: expected";
    t.setting("Climb::run", "Normalised rate", part, &bad, |w, rate| {
        climb(w, Climb { method: Method::Normalised { rate }, ..short() })
    });
    t.setting("Climb::run", "MeanNormalised rate", part, &bad, |w, rate| {
        climb(w, Climb { method: Method::MeanNormalised { rate }, ..short() })
    });
    t.setting("Climb::run", "Adam rate", part, &bad, |w, rate| {
        climb(w, Climb { method: Method::Adam { rate }, ..short() })
    });
    t.setting("Climb::run", "Lbfgs rate", part, &bad, |w, rate| {
        climb(w, Climb { method: Method::Lbfgs { rate, history: 3 }, ..short() })
    });
    t.setting(
        "Climb::run",
        "momentum",
        "momentum: expected",
        &[-0.1, 1.0, f64::NAN],
        |w, momentum| {
            climb(w, Climb { method: Method::Momentum { rate: 0.1, momentum }, ..short() })
        },
    );
    t.setting("Climb::run", "history", "history: expected", &[0, usize::MAX], |w, history| {
        climb(w, Climb { method: Method::Lbfgs { rate: 0.1, history }, ..short() })
    });
}
