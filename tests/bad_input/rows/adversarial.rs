//! Fooling images and adversarial examples.

use crate::table::{Table, numbers};
use crate::world::World;
use convlens::prelude::*;

const BAD: [f64; 3] = [-1.0, f64::NAN, f64::INFINITY];
const COUNTS: [usize; 3] = [0, 1 << 40, usize::MAX];

pub fn rows(t: &mut Table) {
    pgd(t);
    nearest_attacks(t);
    others(t);
    goals(t);
}

fn attack(w: &World, pgd: Pgd) -> convlens::Result<Attacked> {
    pgd.run(&w.net, &w.image, &w.away())
}

fn pgd(t: &mut Table) {
    t.images("Pgd::run", |w, x| Pgd::default().run(&w.net, x, &w.away()));
    t.refuses("Pgd::run", "pixels outside 0..1", "values in 0..1", |w| {
        Pgd::default().run(&w.net, &(&w.image * 2.0), &w.away())
    });
    for (call, of) in [
        ("Pgd::fgsm", Pgd::fgsm as fn(f64) -> Pgd),
        ("Pgd::bim", Pgd::bim),
        ("Pgd::mi_fgsm", Pgd::mi_fgsm),
        ("Pgd::linf", Pgd::linf),
        ("Pgd::l2", Pgd::l2),
    ] {
        for epsilon in BAD {
            t.refuses(call, format!("epsilon {epsilon}"), "epsilon: expected", move |w| {
                attack(w, of(epsilon))
            });
        }
        t.answers(call, "epsilon 0", move |w| Ok(attack(w, of(0.0))?.l2));
        t.answers(call, "epsilon 1000", move |w| Ok(numbers(&attack(w, of(1000.0))?.images)));
    }
    t.setting("Pgd::run", "steps", "steps: expected", &COUNTS, |w, steps| {
        attack(w, Pgd { steps, ..Pgd::default() })
    });
    t.setting("Pgd::run", "restarts", "restarts: expected", &COUNTS, |w, restarts| {
        attack(w, Pgd { restarts, ..Pgd::default() })
    });
    t.setting(
        "Pgd::run",
        "step",
        "step: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, v| attack(w, Pgd { step: Step::Absolute(v), ..Pgd::default() }),
    );
    t.setting("Pgd::run", "momentum", "momentum: expected", &BAD, |w, momentum| {
        attack(w, Pgd { momentum, ..Pgd::default() })
    });
    t.refuses("Pgd::run", "8 bits that do not fit", "room for a picture of 8 bits", |w| {
        attack(w, Pgd { round_to_8_bits: true, ..Pgd::linf(1e-6) })
    });
    t.images("Pgd::accuracies", |w, x| Pgd::default().accuracies(&w.net, x, &[w.label], &[0.1]));
    t.refuses("Pgd::accuracies", "no epsilons", "epsilons: expected", |w| {
        Pgd::default().accuracies(&w.net, &w.image, &[w.label], &[])
    });
    t.setting("Pgd::accuracies", "epsilon", "epsilon: expected", &BAD, |w, v| {
        Pgd::default().accuracies(&w.net, &w.image, &[w.label], &[v])
    });
    t.images("predicted", |w, x| predicted(&w.net, x));
}

fn nearest_attacks(t: &mut Table) {
    t.images("CarliniWagner::run", |w, x| {
        CarliniWagner { searches: 1, steps: 2, ..CarliniWagner::default() }.run(
            &w.net,
            x,
            &w.away(),
        )
    });
    let run = "Carlini and Wagner: expected";
    t.setting(
        "CarliniWagner::run",
        "rate",
        run,
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, rate| {
            CarliniWagner { rate, ..CarliniWagner::default() }.run(&w.net, &w.image, &w.away())
        },
    );
    t.setting(
        "CarliniWagner::run",
        "constant",
        run,
        &[0.0, f64::NAN, f64::INFINITY],
        |w, constant| {
            CarliniWagner { constant, ..CarliniWagner::default() }.run(&w.net, &w.image, &w.away())
        },
    );
    t.setting("CarliniWagner::run", "confidence", run, &BAD, |w, confidence| {
        CarliniWagner { confidence, ..CarliniWagner::default() }.run(&w.net, &w.image, &w.away())
    });
    t.setting("CarliniWagner::run", "searches", run, &COUNTS, |w, searches| {
        CarliniWagner { searches, ..CarliniWagner::default() }.run(&w.net, &w.image, &w.away())
    });
    t.setting("CarliniWagner::run", "steps", run, &COUNTS, |w, steps| {
        CarliniWagner { steps, ..CarliniWagner::default() }.run(&w.net, &w.image, &w.away())
    });
    t.images("DeepFool::run", |w, x| DeepFool::default().run(&w.net, x));
    t.setting("DeepFool::run", "steps", "DeepFool: expected", &COUNTS, |w, steps| {
        DeepFool { steps, ..DeepFool::default() }.run(&w.net, &w.image)
    });
    t.setting("DeepFool::run", "candidates", "DeepFool: expected", &[0, 1], |w, candidates| {
        DeepFool { candidates, ..DeepFool::default() }.run(&w.net, &w.image)
    });
    let beyond = [-1.1, f64::NAN, f64::INFINITY];
    t.setting("DeepFool::run", "overshoot", "overshoot: expected", &beyond, |w, overshoot| {
        DeepFool { overshoot, ..DeepFool::default() }.run(&w.net, &w.image)
    });
}

fn others(t: &mut Table) {
    t.images("OnePixel::run", |w, x| OnePixel::default().run(&w.net, x, &w.away()));
    let part = "one pixel: expected";
    t.setting("OnePixel::run", "pixels", part, &[0, -1, 1 << 40, i64::MAX], |w, pixels| {
        OnePixel { pixels, ..OnePixel::default() }.run(&w.net, &w.image, &w.away())
    });
    t.setting(
        "OnePixel::run",
        "candidates",
        part,
        &[0, 3, 1 << 40, usize::MAX],
        |w, candidates| {
            OnePixel { candidates, ..OnePixel::default() }.run(&w.net, &w.image, &w.away())
        },
    );
    t.setting("OnePixel::run", "generations", part, &COUNTS, |w, generations| {
        OnePixel { generations, ..OnePixel::default() }.run(&w.net, &w.image, &w.away())
    });
    t.setting("OnePixel::run", "batch", part, &[0, -1, i64::MIN], |w, batch| {
        OnePixel { batch, ..OnePixel::default() }.run(&w.net, &w.image, &w.away())
    });
    t.images("FoolingImage::run", |w, x| FoolingImage::default().run(&w.net, x, w.other()));
    t.setting(
        "FoolingImage::run",
        "rate",
        "fooling image: expected",
        &[0.0, -1.0, f64::NAN, f64::INFINITY],
        |w, rate| FoolingImage { rate, ..FoolingImage::default() }.run(&w.net, &w.image, w.other()),
    );
    t.setting("FoolingImage::run", "steps", "fooling image: expected", &COUNTS, |w, steps| {
        FoolingImage { steps, ..FoolingImage::default() }.run(&w.net, &w.image, w.other())
    });
    t.setting("FoolingImage::run", "target", "goal: expected", &[-1, 3, i64::MAX], |w, v| {
        FoolingImage::default().run(&w.net, &w.image, v)
    });
    t.images("Universal::run", |w, x| {
        Universal { epochs: 1, ..Universal::default() }.run(&w.net, x)
    });
    let part = "universal perturbation: expected";
    t.setting("Universal::run", "epochs", part, &COUNTS, |w, epochs| {
        Universal { epochs, ..Universal::default() }.run(&w.net, &w.image)
    });
    t.setting("Universal::run", "batch", part, &COUNTS, |w, batch| {
        Universal { batch, ..Universal::default() }.run(&w.net, &w.image)
    });
    t.setting("Universal::run", "step", part, &[0.0, -1.0, f64::NAN, f64::INFINITY], |w, step| {
        Universal { step, ..Universal::default() }.run(&w.net, &w.image)
    });
    t.setting("Universal::run", "epsilon", "epsilon: expected", &BAD, |w, epsilon| {
        Universal { epsilon, ..Universal::default() }.run(&w.net, &w.image)
    });
    t.images("Perturbation::on", |w, x| Perturbation { change: &w.image * 0.0 }.on(&w.net, x));
    t.refuses("Perturbation::on", "a change of NaN", "NaN or infinite", |w| {
        Perturbation { change: &w.image * f64::NAN }.on(&w.net, &w.image)
    });
    t.refuses("Perturbation::on", "another size", "image: expected", |w| {
        Perturbation { change: w.image.narrow(2, 0, 8) }.on(&w.net, &w.image)
    });
}

fn goals(t: &mut Table) {
    t.setting("Goal::away", "label", "goal: expected", &[-1, 3, i64::MAX], |w, v| {
        Pgd::default().run(&w.net, &w.image, &Goal::away(&[v]))
    });
    t.refuses("Goal::away", "no labels", "goal: expected", |w| {
        Pgd::default().run(&w.net, &w.image, &Goal::away(&[]))
    });
    t.setting("Goal::towards", "class", "goal: expected", &[-1, 3, i64::MIN], |w, v| {
        Pgd::default().run(&w.net, &w.image, &Goal::towards(v))
    });
    t.refuses("Goal::towards", "what the network says anyway", "target: expected", |w| {
        Pgd::default().run(&w.net, &w.image, &Goal::towards(w.label))
    });
    let done = |w: &World| attack(w, Pgd::fgsm(0.01));
    t.refuses("Attacked::enlarged", "a factor of NaN", "factor: expected", move |w| {
        done(w)?.enlarged(&[f64::NAN])
    });
    t.answers("Attacked::enlarged", "no factors", move |w| {
        Ok(done(w)?.enlarged(&[])?.size().map(|v| v as f64).to_vec())
    });
    t.refuses("Attacked::figure", "images of two sizes", "images: expected", move |w| {
        Attacked { images: w.image.narrow(2, 0, 8), ..done(w)? }.figure()
    });
    t.refuses("Fooling::figure", "too few images", "images: expected", |w| {
        let found = FoolingImage::default().run(&w.net, &w.image, w.other())?;
        let attacked = Attacked { images: w.image.narrow(0, 0, 0), ..found.attacked };
        Fooling { attacked, ..found }.figure()
    });
    t.answers("Attacked::success", "no images", move |w| {
        Ok(vec![Attacked { fooled: vec![], ..done(w)? }.success()])
    });
}
