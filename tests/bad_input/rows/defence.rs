//! Defences, certificates, training.

use crate::table::{Table, numbers};
use crate::world::World;
use convlens::defence;
use convlens::prelude::*;

pub fn rows(t: &mut Table) {
    transforms(t);
    attacks(t);
    smoothing(t);
    labelled(t);
    training(t);
}

fn transforms(t: &mut Table) {
    t.images("Defence::apply", |_, x| Defence::Median { size: 3 }.apply(x, 0));
    t.images("Defence::logits", |w, x| Defence::None.logits(&w.net, x, 0));
    t.setting(
        "Defence::apply",
        "JPEG quality",
        "quality: expected",
        &[0, 101, 255],
        |w, quality| Defence::Jpeg { quality }.apply(&w.image, 0),
    );
    t.setting("Defence::apply", "bits", "bits: expected", &[0, 9, u32::MAX], |w, bits| {
        Defence::BitDepth { bits }.apply(&w.image, 0)
    });
    t.setting(
        "Defence::apply",
        "median size",
        "size: expected",
        &[0, 2, -1, i64::MAX, i64::MIN],
        |w, size| Defence::Median { size }.apply(&w.image, 0),
    );
    t.setting(
        "Defence::apply",
        "share",
        "share and weight: expected",
        &[0.0, 1.1, f64::NAN],
        |w, share| Defence::TotalVariation { share, weight: 0.5 }.apply(&w.image, 0),
    );
    t.setting(
        "Defence::apply",
        "weight",
        "share and weight: expected",
        &[-1.0, f64::NAN, f64::INFINITY],
        |w, weight| Defence::TotalVariation { share: 0.3, weight }.apply(&w.image, 0),
    );
    t.setting(
        "Defence::apply",
        "extra",
        "extra: expected",
        &[-1, 1 << 40, i64::MAX],
        |w, extra| Defence::ResizePad { extra }.apply(&w.image, 0),
    );
    t.setting(
        "Defence::apply",
        "sigma",
        "sigma: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY, 1e300],
        |w, sigma| Defence::Noise { sigma }.apply(&w.image, 0),
    );
}

fn quick() -> Adaptive {
    Adaptive { attack: Pgd { steps: 2, ..Pgd::default() }, draws: 2 }
}

fn attacks(t: &mut Table) {
    t.images("Adaptive::run", |w, x| {
        quick().run(&w.net, &Defence::Noise { sigma: 0.1 }, x, &w.away())
    });
    t.setting(
        "Adaptive::run",
        "draws",
        "draws: expected",
        &[0, 1 << 40, usize::MAX],
        |w, draws| {
            Adaptive { draws, ..quick() }.run(
                &w.net,
                &Defence::Noise { sigma: 0.1 },
                &w.image,
                &w.away(),
            )
        },
    );
    t.setting(
        "cooled",
        "temperature",
        "temperature: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY, 1e-320],
        |w, v| cooled(&w.net, v),
    );
    t.refuses("cooled", "no fully connected layer", "fully connected", |w| {
        cooled(&w.net.upto("relu1")?, 2.0)
    });
    t.refuses("Defence::trial", "other images", "expected", |w| {
        Defence::None.trial(&w.net, &known(w), &w.image.narrow(0, 0, 0), &quick())
    });
    t.images("Defence::trial", |w, x| {
        Defence::None.trial(&w.net, &known(w).with_images(x), &w.image, &quick())
    });
    t.images("Defence::accuracy", |w, x| Defence::None.accuracy(&w.net, x, &known(w).labels));
    t.refuses("Defence::accuracy", "labels of floats", "labels: expected", |w| {
        Defence::None.accuracy(&w.net, &w.image, &w.matrix)
    });
}

fn certify(w: &World, settings: Smoothing) -> convlens::Result<Vec<defence::Certificate>> {
    settings.certify(&w.net, &w.image)
}

fn smoothing(t: &mut Table) {
    t.images("Smoothing::certify", |w, x| {
        Smoothing { first: 2, samples: 3, ..Smoothing::default() }.certify(&w.net, x)
    });
    t.setting(
        "Smoothing::certify",
        "sigma",
        "sigma: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY, 1e300],
        |w, sigma| certify(w, Smoothing { sigma, ..Smoothing::default() }),
    );
    t.setting(
        "Smoothing::certify",
        "alpha",
        "alpha: expected",
        &[0.0, 1.0, f64::NAN, 1e-320],
        |w, alpha| certify(w, Smoothing { alpha, ..Smoothing::default() }),
    );
    let part = "first, samples and batch: expected";
    t.setting("Smoothing::certify", "first", part, &[0, 1 << 40, usize::MAX], |w, first| {
        certify(w, Smoothing { first, ..Smoothing::default() })
    });
    t.setting("Smoothing::certify", "samples", part, &[0, 1 << 40, usize::MAX], |w, samples| {
        certify(w, Smoothing { samples, ..Smoothing::default() })
    });
    t.setting("Smoothing::certify", "batch", part, &[0, 1 << 40, usize::MAX], |w, batch| {
        certify(w, Smoothing { batch, ..Smoothing::default() })
    });
    t.refuses("Smoothing::certify", "no classes", "a classifier", |w| {
        Smoothing::default().certify(&w.net.upto("relu1")?, &w.image)
    });
    t.refuses("certified_accuracy", "no certificates", "labels: expected", |_| {
        certified_accuracy(&[], &[], 0.5)
    });
    let sure = || defence::Certificate { class: Some(0), hits: 3, lower: 0.9, radius: 0.5 };
    t.refuses("certified_accuracy", "too few labels", "labels: expected", move |_| {
        certified_accuracy(&[sure()], &[], 0.5)
    });
    for radius in [-1.0, f64::NAN] {
        t.refuses(
            "certified_accuracy",
            format!("radius {radius}"),
            "radius: expected",
            move |_| certified_accuracy(&[sure()], &[0], radius),
        );
    }
}

fn known(w: &World) -> Labelled {
    Labelled { images: w.image.shallow_clone(), labels: Tensor::from_slice(&[w.label]) }
}

fn labelled(t: &mut Table) {
    t.refuses("Labelled::digits", "another picture", "1000x2000 were expected", |w| {
        Labelled::digits(&w.photos.files[0])
    });
    t.refuses("Labelled::digits", "missing", "no such file", |w| Labelled::digits(w.path("x.png")));
    t.setting("Labelled::pick", "row", "rows: expected", &[-1, 1, i64::MAX], |w, v| {
        known(w).pick(&Tensor::from_slice(&[v]))
    });
    t.refuses("Labelled::pick", "floats", "rows: expected", |w| {
        known(w).pick(&Tensor::from_slice(&[0.0]))
    });
    t.setting("Labelled::split", "test", "test: expected", &[0, 1, -1, i64::MAX], |w, v| {
        known(w).split(v, 0)
    });
    t.setting("Labelled::first", "count", "count: expected", &[0, -1, i64::MIN], |w, v| {
        known(w).first(v)
    });
    t.images("Labelled::accuracy", |w, x| known(w).with_images(x).accuracy(&w.net));
    t.images("Labelled::accuracy_under", |w, x| {
        known(w).with_images(x).accuracy_under(&w.net, &Pgd::fgsm(0.1))
    });
    t.refuses("Labelled::accuracy_under", "labels of floats", "labels: expected", |w| {
        Labelled { labels: w.matrix.shallow_clone(), ..known(w) }
            .accuracy_under(&w.net, &Pgd::fgsm(0.1))
    });
    t.refuses("Labelled::with_images", "too many images", "labels: expected", |w| {
        known(w).with_images(&Tensor::cat(&[&w.image, &w.image], 0)).accuracy(&w.net)
    });
}

fn train(w: &World, settings: Training) -> convlens::Result<Vec<f64>> {
    let known = known(w);
    Ok(settings.run(&w.net, &known.images, &known.labels)?.losses)
}

fn training(t: &mut Table) {
    let one = || Training { epochs: 1, ..Training::default() };
    t.images("Training::run", |w, x| {
        Training { epochs: 1, ..Training::default() }.run(&w.net, x, &known(w).labels)
    });
    t.setting("Training::run", "batch", "expected", &[0, -1, i64::MIN], |w, batch| {
        train(w, Training { batch, ..Training::default() })
    });
    t.setting(
        "Training::run",
        "rate",
        "expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, rate| train(w, Training { rate, ..Training::default() }),
    );
    t.setting(
        "Training::run",
        "temperature",
        "expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, temperature| train(w, Training { temperature, ..Training::default() }),
    );
    t.setting(
        "Training::run",
        "epochs",
        "epochs: expected",
        &[1 << 40, usize::MAX],
        |w, epochs| train(w, Training { epochs, ..Training::default() }),
    );
    t.setting("Training::run", "noise", "sigma: expected", &[0.0, f64::NAN], |w, sigma| {
        train(w, Training { lesson: Lesson::Noise { sigma }, ..Training::default() })
    });
    t.setting("Lesson::fast", "epsilon", "epsilon: expected", &[-1.0, f64::NAN], |w, epsilon| {
        train(w, Training { lesson: Lesson::fast(epsilon), ..Training::default() })
    });
    t.refuses("Training::run", "a class that is not there", "targets: expected", move |w| {
        one().run(&w.net, &w.image, &Tensor::from_slice(&[3i64]))
    });
    t.refuses("Training::run", "likelihoods of NaN", "NaN or infinite", move |w| {
        one().run(&w.net, &w.image, &Tensor::from_slice(&[f32::NAN, 0.0, 0.0]).view([1, 3]))
    });
    t.refuses("Training::run", "a network without weights", "network: expected", move |w| {
        let net = Net::new("none").then("flatten", Op::Flatten)?.with_classes(vec!["a".into()]);
        one().run(&net, &w.image, &Tensor::from_slice(&[0i64]))
    });
    t.images("soft_labels", |w, x| soft_labels(&w.net, x, 1.0));
    t.setting(
        "soft_labels",
        "temperature",
        "temperature: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY, 1e-320],
        |w, v| soft_labels(&w.net, &w.image, v),
    );
    t.answers("soft_labels", "temperature 1e6", |w| {
        Ok(numbers(&soft_labels(&w.net, &w.image, 1e6)?))
    });
}
