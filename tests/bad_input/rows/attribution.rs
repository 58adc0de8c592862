//! Saliency, occlusion, Grad-CAM, guided backprop, segmentation, and how far to trust a map.

use crate::table::{Table, numbers};
use crate::world::World;
use convlens::prelude::*;
use convlens::{attribution::Attribution, trust};

pub fn rows(t: &mut Table) {
    gradients(t);
    averages(t);
    occlusion_rows(t);
    cams(t);
    segments(t);
    masks(t);
    likeness(t);
    scores(t);
}

fn gradients(t: &mut Table) {
    t.images("saliency", |w, x| saliency(&w.net, x, &w.class()));
    t.images("signed_saliency", |w, x| signed_saliency(&w.net, x, &w.class()));
    t.images("gradient_x_input", |w, x| gradient_x_input(&w.net, x, &w.class()));
    t.images("guided_backprop", |w, x| guided_backprop(&w.net, x, &w.class()));
    t.images("deconvnet", |w, x| deconvnet(&w.net, x, &w.class()));
    t.images("magnitude", |_, x| magnitude(x));
    t.images("as_picture", |_, x| as_picture(x));
    t.setting("saliency", "class", "class: expected", &[-1, 3, i64::MAX], |w, v| {
        saliency(&w.net, &w.image, &Objective::class(v))
    });
    t.refuses("saliency", "no classes", "a classifier", |w| {
        saliency(&w.net.upto("relu2")?, &w.image, &w.class())
    });
    t.refuses("share_inside", "another size", "mask: expected", |w| share_inside(&w.map, &w.image));
    t.refuses("share_inside", "negative values", "map: expected", |w| {
        share_inside(&(&w.map - 1.0), &w.mask)
    });
    t.refuses("share_inside", "only zeros", "map: expected", |w| {
        share_inside(&(&w.map * 0.0), &w.mask)
    });
    t.maps("share_inside", |w, x| share_inside(x, &w.mask));
    t.maps("share_inside", |w, x| share_inside(&w.map, x));
    for method in Attribution::all("relu1").into_iter().chain(Attribution::baselines()) {
        let other = method.clone();
        for (bad, part) in [
            ("NaN", "NaN or infinite"),
            ("no images", "no size of 0"),
            ("2 channels", "3 channels"),
        ] {
            let method = other.clone();
            t.refuses("Attribution::map", format!("{method} of {bad}"), part, move |w| {
                method.map(&w.net, &w.bad(bad, 3), &w.class())
            });
        }
    }
    t.images("Attribution::signal", |w, x| Attribution::Gradient.signal(&w.net, x, &w.class()));
    t.refuses("Attribution::all", "an unknown layer", "it has: input", |w| {
        let maps = Attribution::all("x")
            .into_iter()
            .map(|method| method.map(&w.net, &w.image, &w.class()));
        maps.collect::<convlens::Result<Vec<_>>>()
    });
}

fn averages(t: &mut Table) {
    t.images("SmoothGrad::run", |w, x| {
        SmoothGrad { samples: 2, ..SmoothGrad::default() }.run(&w.net, x, &w.class())
    });
    let counts = [0, 1 << 40, usize::MAX];
    t.setting("SmoothGrad::run", "samples", "samples: expected", &counts, |w, samples| {
        SmoothGrad { samples, ..SmoothGrad::default() }.run(&w.net, &w.image, &w.class())
    });
    t.setting("SmoothGrad::run", "batch", "batch: expected", &counts, |w, batch| {
        SmoothGrad { batch, ..SmoothGrad::default() }.run(&w.net, &w.image, &w.class())
    });
    t.setting(
        "SmoothGrad::run",
        "noise",
        "noise: expected",
        &[-1.0, f64::NAN, f64::INFINITY, 1e300],
        |w, noise| SmoothGrad { noise, ..SmoothGrad::default() }.run(&w.net, &w.image, &w.class()),
    );
    t.answers("Smoothed::map", "no noise", |w| {
        Ok(numbers(
            &SmoothGrad { noise: 0.0, ..SmoothGrad::default() }
                .run(&w.net, &w.image, &w.class())?
                .map()?,
        ))
    });
    t.answers("Smoothed::variance", "one sample", |w| {
        Ok(numbers(
            &SmoothGrad { samples: 1, ..SmoothGrad::default() }
                .run(&w.net, &w.image, &w.class())?
                .variance()?,
        ))
    });
    t.images("IntegratedGradients::run", |w, x| {
        IntegratedGradients { steps: 2, ..IntegratedGradients::default() }.run(
            &w.net,
            x,
            &w.class(),
        )
    });
    t.setting("IntegratedGradients::run", "steps", "steps: expected", &counts, |w, steps| {
        IntegratedGradients { steps, ..IntegratedGradients::default() }.run(
            &w.net,
            &w.image,
            &w.class(),
        )
    });
    t.setting("IntegratedGradients::run", "batch", "batch: expected", &counts, |w, batch| {
        IntegratedGradients { batch, ..IntegratedGradients::default() }.run(
            &w.net,
            &w.image,
            &w.class(),
        )
    });
    t.setting(
        "IntegratedGradients::run",
        "blur",
        "sigma: expected",
        &[0.0, f64::NAN, 1e12],
        |w, sigma| {
            let baseline = Baseline::Blur { sigma };
            IntegratedGradients { baseline, ..IntegratedGradients::default() }.run(
                &w.net,
                &w.image,
                &w.class(),
            )
        },
    );
    t.refuses("Integrated::relative_gap", "the baseline itself", "rise: expected", |w| {
        let grey = w.image.full_like(0.5);
        let settings =
            IntegratedGradients { baseline: Baseline::Grey, ..IntegratedGradients::default() };
        settings.run(&w.net, &grey, &w.class())?.relative_gap()
    });
    for (call, of) in [("Integrated::gap", false), ("Integrated::rise", true)] {
        t.answers(call, "the baseline itself", move |w| {
            let grey = w.image.full_like(0.5);
            let settings =
                IntegratedGradients { baseline: Baseline::Grey, ..IntegratedGradients::default() };
            let found = settings.run(&w.net, &grey, &w.class())?;
            Ok(numbers(&if of { found.rise()? } else { found.gap()? }))
        });
    }
}

fn cover(w: &World, settings: Occlusion) -> convlens::Result<Occluded> {
    settings.run(&w.net, &w.image, &[w.class()])
}

fn small() -> Occlusion {
    Occlusion { patch: [8, 8], stride: [4, 4], ..Occlusion::default() }
}

fn occlusion_rows(t: &mut Table) {
    t.images("occlusion", |w, x| occlusion(&w.net, x, &w.class()));
    t.images("Occlusion::run", |w, x| small().run(&w.net, x, &[w.class()]));
    t.setting(
        "Occlusion::run",
        "patch",
        "patch: expected",
        &[[0, 4], [21, 4], [-1, 4], [i64::MAX, 4]],
        |w, patch| cover(w, Occlusion { patch, ..small() }),
    );
    t.setting(
        "Occlusion::run",
        "stride",
        "stride: expected",
        &[[0, 4], [9, 4], [-1, 4], [i64::MAX, 4]],
        |w, stride| cover(w, Occlusion { stride, ..small() }),
    );
    t.setting(
        "Occlusion::run",
        "batch",
        "batch: expected",
        &[0, 1 << 40, usize::MAX],
        |w, batch| cover(w, Occlusion { batch, ..small() }),
    );
    t.setting("Occlusion::run", "blur", "sigma: expected", &[0.0, f64::NAN, 1e12], |w, sigma| {
        cover(w, Occlusion { baseline: Baseline::Blur { sigma }, ..small() })
    });
    t.refuses("Occlusion::run", "no objectives", "objectives: expected", |w| {
        small().run(&w.net, &w.image, &[])
    });
    t.refuses("Occlusion::run", "an unknown layer", "it has: input", |w| {
        small().run(&w.net, &w.image, &[Objective::layer("x")])
    });
    let far = [1, usize::MAX];
    t.setting("Occluded::fall", "objective", "objective: expected", &far, |w, v| {
        cover(w, small())?.fall(v)
    });
    t.setting("Occluded::effect", "objective", "objective: expected", &far, |w, v| {
        cover(w, small())?.effect(v)
    });
    t.setting("Occluded::field", "objective", "objective: expected", &far, |w, v| {
        cover(w, small())?.field(v, 0.1)
    });
    t.setting("Occluded::field", "share", "share: expected", &[f64::NAN, -1.0, 2.0], |w, v| {
        cover(w, small())?.field(0, v)
    });
}

fn cams(t: &mut Table) {
    t.images("grad_cam", |w, x| grad_cam(&w.net, x, &w.class(), "relu2"));
    t.images("guided_grad_cam", |w, x| guided_grad_cam(&w.net, x, &w.class(), "relu2"));
    t.refuses("grad_cam", "a vector", "rows and columns", |w| {
        grad_cam(&w.net, &w.image, &w.class(), "flatten")
    });
    t.refuses("grad_cam", "an unknown layer", "it has: input", |w| {
        grad_cam(&w.net, &w.image, &w.class(), "x")
    });
    t.refuses("guided_grad_cam", "an unknown layer", "it has: input", |w| {
        guided_grad_cam(&w.net, &w.image, &w.class(), "x")
    });
    t.images("Cam::overlay", |w, x| grad_cam(&w.net, &w.image, &w.class(), "relu2")?.overlay(x));
}

fn cut(w: &World, settings: GrabCut) -> convlens::Result<Segmented> {
    settings.run(&w.image, &w.map)
}

fn segments(t: &mut Table) {
    t.images("GrabCut::run", |w, x| GrabCut::default().run(x, &w.map));
    t.maps("GrabCut::run", |w, x| GrabCut::default().run(&w.image, x));
    t.refuses("GrabCut::run", "a map of another size", "map: expected", |w| {
        GrabCut::default().run(&w.image, &w.map.narrow(2, 0, 8))
    });
    t.refuses("GrabCut::run", "a flat map", "differs from pixel to pixel", |w| {
        GrabCut::default().run(&w.image, &(&w.map * 0.0))
    });
    let part = "background and foreground: expected";
    t.setting("GrabCut::run", "foreground", part, &[-0.1, 0.1, 1.0, f64::NAN], |w, foreground| {
        cut(w, GrabCut { foreground, ..GrabCut::default() })
    });
    t.setting("GrabCut::run", "background", part, &[-0.1, 0.99, f64::NAN], |w, background| {
        cut(w, GrabCut { background, ..GrabCut::default() })
    });
    t.setting(
        "GrabCut::run",
        "gamma",
        "gamma: expected",
        &[-1.0, f64::NAN, f64::INFINITY, 1e300],
        |w, gamma| cut(w, GrabCut { gamma, ..GrabCut::default() }),
    );
    t.setting(
        "GrabCut::run",
        "components",
        "components: expected",
        &[0, 1 << 40, usize::MAX],
        |w, components| cut(w, GrabCut { components, ..GrabCut::default() }),
    );
    t.setting(
        "GrabCut::run",
        "rounds",
        "rounds: expected",
        &[0, 1 << 40, usize::MAX],
        |w, rounds| cut(w, GrabCut { rounds, ..GrabCut::default() }),
    );
    t.refuses("GrabCut::run", "values of 1e300", "expected", |w| {
        GrabCut::default().run(&(w.image.to_kind(Kind::Double) * 1e300), &w.map)
    });
    t.images("Segmented::figure", |w, x| cut(w, GrabCut::default())?.figure(x));
}

fn masks(t: &mut Table) {
    t.refuses("iou", "another size", "mask: expected", |w| iou(&w.mask, &w.image));
    t.refuses("iou", "two empty masks", "something in one of them", |w| {
        iou(&(&w.mask * 0.0), &(&w.mask * 0.0))
    });
    t.refuses("iou", "NaN", "NaN or infinite", |w| iou(&(&w.mask * f64::NAN), &w.mask));
    t.maps("strongest", |_, x| strongest(x, 0.2));
    t.setting(
        "strongest",
        "share",
        "share: expected",
        &[-0.1, 1.1, f64::NAN, f64::INFINITY],
        |w, v| strongest(&w.map, v),
    );
    t.maps("largest_part", |_, x| largest_part(x));
    t.refuses("largest_part", "three channels", "[1, 1, h, w]", |w| largest_part(&w.image));
    t.images("outlined", |w, x| outlined(x, &w.mask));
    t.maps("outlined", |w, x| outlined(&w.image, x));
    t.images("cut_out", |w, x| cut_out(x, &w.mask));
    t.maps("cut_out", |w, x| cut_out(&w.image, x));
    t.refuses("cut_out", "a mask of another size", "mask: expected", |w| {
        cut_out(&w.image, &w.mask.narrow(2, 0, 8))
    });
}

fn likeness(t: &mut Table) {
    for (bad, part) in [
        ("NaN", "NaN or infinite"),
        ("infinity", "NaN or infinite"),
        ("no images", "some values, floats"),
        ("bytes", "some values, floats"),
    ] {
        t.refuses("rank_correlation", format!("a map: {bad}"), part, move |w| {
            rank_correlation(&w.bad(bad, 1), &w.bad(bad, 1))
        });
    }
    t.refuses("rank_correlation", "a constant", "values that differ", |w| {
        rank_correlation(&w.map, &(&w.map * 0.0))
    });
    t.refuses("rank_correlation", "another size", "map: expected", |w| {
        rank_correlation(&w.map, &w.image)
    });
    t.maps("structural_similarity", |w, x| structural_similarity(x, &w.map));
    t.maps("structural_similarity", |w, x| structural_similarity(&w.map, x));
    t.refuses("structural_similarity", "8 rows", "map: expected", |w| {
        structural_similarity(&w.map.narrow(2, 0, 8), &w.map.narrow(2, 0, 8))
    });
    t.answers("structural_similarity", "two flat maps", |w| {
        Ok(vec![structural_similarity(&(&w.map * 0.0), &(&w.map * 0.0))?])
    });
    t.maps("normalised", |_, x| normalised(x));
    t.answers("normalised", "a flat map", |w| Ok(numbers(&normalised(&(&w.map * 0.0))?)));
    t.answers("normalised", "values of 1e-44", |w| Ok(numbers(&normalised(&(&w.map * 1e-44))?)));
    t.maps("points_at", |w, x| points_at(x, &w.mask, 5.0));
    t.maps("points_at", |w, x| points_at(&w.map, x, 5.0));
    t.refuses("points_at", "an empty mask", "a pixel of the thing", |w| {
        points_at(&w.map, &(&w.mask * 0.0), 5.0)
    });
    t.setting(
        "points_at",
        "tolerance",
        "tolerance: expected",
        &[-1.0, f64::NAN, f64::INFINITY],
        |w, v| points_at(&w.map, &w.mask, v),
    );
}

fn few() -> InsertionDeletion {
    InsertionDeletion { steps: 3, ..InsertionDeletion::default() }
}

fn scores(t: &mut Table) {
    t.images("InsertionDeletion::run", |w, x| few().run(&w.net, x, &w.class(), &w.map));
    t.maps("InsertionDeletion::run", |w, x| few().run(&w.net, &w.image, &w.class(), x));
    let counts = [0, 1 << 40, usize::MAX];
    t.setting("InsertionDeletion::run", "steps", "steps: expected", &counts, |w, steps| {
        InsertionDeletion { steps, ..few() }.run(&w.net, &w.image, &w.class(), &w.map)
    });
    t.setting("InsertionDeletion::run", "batch", "batch: expected", &counts, |w, batch| {
        InsertionDeletion { batch, ..few() }.run(&w.net, &w.image, &w.class(), &w.map)
    });
    for call in ["Curves::deletion", "Curves::insertion"] {
        t.refuses(call, "scores of one step", "scores: expected", move |w| {
            let curves = few().run(&w.net, &w.image, &w.class(), &w.map)?;
            let [deleted, inserted] =
                [&curves.deleted, &curves.inserted].map(|s| s.narrow(1, 0, 1));
            let curves = trust::Curves { deleted, inserted, ..curves };
            if call == "Curves::deletion" { curves.deletion() } else { curves.insertion() }
        });
    }
    t.images("Sanity::run", |w, x| {
        Sanity::default().run(&w.net, x, &w.class(), &[Attribution::Gradient])
    });
    t.refuses("Sanity::run", "no methods", "methods: expected", |w| {
        Sanity::default().run(&w.net, &w.image, &w.class(), &[])
    });
    t.refuses("Sanity::run", "an unknown part", "stop: expected", |w| {
        Sanity { stops: vec!["x".into()], ..Sanity::default() }.run(
            &w.net,
            &w.image,
            &w.class(),
            &[Attribution::Gradient],
        )
    });
    t.refuses("SanityChecked::figure", "no curves", "series: expected", |w| {
        let found = Sanity { stops: vec!["fc".into()], ..Sanity::default() };
        let mut found = found.run(&w.net, &w.image, &w.class(), &[Attribution::Gradient])?;
        found.ranks.clear();
        found.figure(Likeness::Ranks)
    });
    t.answers("recognised", "no scenes", |w| Ok(vec![recognised(&w.net, vec![])?.len() as f64]));
    t.refuses("recognised", "a scene of NaN", "NaN or infinite", |w| {
        let (image, mask) = (w.bad("NaN", 3), w.mask.shallow_clone());
        let scene =
            Scene { image, mask, category: "a".into(), file: "a".into(), background: "b".into() };
        recognised(&w.net, vec![scene])
    });
    t.refuses("Trial::run", "no scenes", "trial: expected", |w| {
        trust::Trial::default().run(&w.net, &[], &[Attribution::Gradient])
    });
}
