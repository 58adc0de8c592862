//! Learning, with numbers done by hand and on the digits.

use super::*;
use crate::adversarial::{Goal, Pgd, Step};
use crate::net::{Net, Op};
use tch::{Device, Kind};

const FLOAT: (Kind, Device) = (Kind::Float, Device::Cpu);

/// Class 0 or 1 from the three colours of one pixel.
fn linear() -> Net {
    let fc = Op::Linear { weight: Tensor::zeros([2, 3], FLOAT), bias: Tensor::zeros([2], FLOAT) };
    let net = Net::new("linear").then("flatten", Op::Flatten).unwrap().then("fc", fc).unwrap();
    net.with_classes(vec!["dark".into(), "bright".into()])
}

fn pixels(values: &[f32]) -> Tensor {
    Tensor::from_slice(values).view([-1, 1, 1, 1]).repeat([1, 3, 1, 1])
}

fn digits() -> Labelled {
    Labelled::digits("data/digits/digits.png").unwrap()
}

#[test]
fn a_loss_and_its_temperature_by_hand() {
    // Scores (0, 0) of two classes; targets 0.8 and 0.2: still ln 2. After a step of 0.3 each way all of
    // (weight, bias) stand at 0.3 for class 0, so that scores are +-0.3 (3 * 0.5 + 1) = +-0.75.
    let soft = Tensor::from_slice(&[0.8f32, 0.2]).view([1, 2]);
    let run = |temperature: f64| {
        let settings = Training { epochs: 2, rate: 0.3, temperature, ..Training::default() };
        settings.run(&linear(), &pixels(&[0.5]), &soft).unwrap().losses
    };
    let by_hand = |t: f64| 0.8 * (1.0 + (-1.5 / t).exp()).ln() + 0.2 * (1.0 + (1.5 / t).exp()).ln();
    for temperature in [1.0, 4.0] {
        let losses = run(temperature);
        assert!((losses[0] - 2f64.ln()).abs() < 1e-6);
        assert!((losses[1] - by_hand(temperature)).abs() < 1e-5, "{losses:?}");
    }
}

#[test]
fn the_rate_falls_to_half_for_the_second_of_two_steps() {
    // Class 0 for sure: the bias' slopes are 0.5 and then 1 / (1 + e^1.5). Adam's second step is their
    // weighted mean over the root of the weighted mean of their squares.
    let settings = Training { epochs: 2, rate: 0.3, ..Training::default() };
    let sure = Tensor::from_slice(&[0i64]);
    let net = settings.run(&linear(), &pixels(&[0.5]), &sure).unwrap().net;
    let [first, second]: [f64; 2] = [0.5, 1.0 / (1.0 + 1.5f64.exp())];
    let mean = (0.9 * first + second) / 1.9;
    let root = ((0.999 * first * first + second * second) / 1.999).sqrt();
    let bias = net.parameters().unwrap()[1].double_value(&[0]);
    assert!((bias - (0.3 + 0.15 * mean / root)).abs() < 1e-4, "{bias}");
}

#[test]
fn every_epoch_sees_every_picture_once_and_in_another_order() {
    let settings = Training { batch: 3, ..Training::default() };
    let epoch = |epoch: usize| -> Vec<i64> {
        let rows = (0..3).map(|at| settings.rows(7, epoch * 3 + at).unwrap());
        rows.flat_map(|rows| Vec::<i64>::try_from(rows).unwrap()).collect()
    };
    let [first, second] = [epoch(0), epoch(1)];
    assert_ne!(first, second);
    for mut order in [first, second] {
        order.sort();
        assert_eq!(order, [0, 1, 2, 3, 4, 5, 6]);
    }
}

#[test]
fn lessons_are_noise_and_attacks_of_the_size_asked_for() {
    let (x, y) = (
        Tensor::full([40, 3, 5, 6], 0.5, FLOAT),
        Tensor::from_slice(&[1f32, 0.0]).expand([40, 2], false),
    );
    let mut weights = linear().parameters().unwrap();
    weights[0] = Tensor::from_slice(&[1f32, 1., 1., -1., -1., -1.]).view([2, 3]).repeat([1, 30]);
    let net = linear().with_parameters(&weights);
    let seen = |lesson: Lesson, step| lesson.seen(&net, &x, &y, [0, step]).unwrap();
    let noise = seen(Lesson::Noise { sigma: 0.2 }, 1) - &x;
    assert!((noise.std(true).double_value(&[]) - 0.2).abs() < 0.01);
    assert!(!seen(Lesson::Noise { sigma: 0.2 }, 2).equal(&(&noise + &x)));
    // Class 0 is brightness: one step of 1.25 epsilon from anywhere in the ball, down. Starts above
    // +0.25 epsilon do not reach its edge.
    let change = (seen(Lesson::fast(0.1), 1) - &x) / 0.1;
    let [low, high] = [change.min(), change.max()].map(|v| v.double_value(&[]));
    assert!((low + 1.0).abs() < 1e-5 && (-0.5..-0.25 + 1e-4).contains(&high), "{low} to {high}");
    assert!(
        !seen(Lesson::fast(0.1), 2).equal(&seen(Lesson::fast(0.1), 1)),
        "another start each step"
    );
}

#[test]
fn soft_labels_are_the_softmax_over_the_temperature() {
    let scores = Tensor::from_slice(&[2f32, 0., 0., 0., 0., 0.]).view([2, 3]);
    let net = linear().with_parameters(&[scores, Tensor::zeros([2], FLOAT)]);
    let soft = soft_labels(&net, &pixels(&[1.0]), 2.0).unwrap();
    assert!((soft.double_value(&[0, 0]) - 1.0 / (1.0 + (-1f64).exp())).abs() < 1e-6);
}

#[test]
fn digits_are_five_hundred_of_each_and_split_by_the_seed() {
    let all = digits();
    assert_eq!((all.count(), all.images.size()), (5000, vec![5000, 3, 20, 20]));
    assert_eq!(all.labels.eq(7).sum(Kind::Int64).int64_value(&[]), 500);
    let (train, test) = all.split(1000, 1).unwrap();
    assert_eq!((train.count(), test.count()), (4000, 1000));
    let sum = |x: &Labelled| x.images.sum(Kind::Double).double_value(&[]);
    assert!((sum(&train) + sum(&test) - sum(&all)).abs() < 1.0, "each picture once");
    let labels = |seed| Vec::<i64>::try_from(all.split(1000, seed).unwrap().1.labels).unwrap();
    assert_eq!(labels(1), labels(1));
    assert_ne!(labels(1), labels(2));
    assert_eq!(all.first(3).unwrap().count(), 3);
}

#[test]
fn a_digit_net_is_as_the_seed_has_it_and_asks_for_grey() {
    let x = digits().first(2).unwrap().images;
    let net = crate::zoo::digit_net(1).unwrap();
    let said = |seed| crate::zoo::digit_net(seed).unwrap().logits(&x).unwrap();
    assert!(said(1).equal(&said(1)) && !said(1).equal(&said(2)));
    let count: i64 = net.parameters().unwrap().iter().map(|p| p.numel() as i64).sum();
    assert_eq!(count, 448 + 4640 + 51264 + 650);
    let (_, g) = net.score_and_gradient(&x, &crate::Objective::class(3)).unwrap();
    assert!(g.select(1, 0).equal(&g.select(1, 2)));
}

#[test]
fn the_known_order_shows_on_digits() {
    let (train, test) = digits().split(1000, 1).unwrap();
    let (train, test) = (train.first(2000).unwrap(), test.first(100).unwrap());
    let fresh = crate::zoo::digit_net(1).unwrap();
    let learn = |epochs, lesson| {
        let settings = Training { epochs, batch: 50, lesson, ..Training::default() };
        settings.run(&fresh, &train.images, &train.labels).unwrap().net
    };
    let (plain, safe) = (learn(2, Lesson::Plain), learn(3, Lesson::fast(0.1)));
    let goal = Goal::Away(Vec::try_from(&test.labels).unwrap());
    let right =
        |net: &Net, attack: &Pgd| 1.0 - attack.run(net, &test.images, &goal).unwrap().success();
    let under = test.accuracy_under(&plain, &Pgd::fgsm(0.1)).unwrap();
    assert!((under - right(&plain, &Pgd::fgsm(0.1))).abs() < 1e-9, "{under}");
    let pgd = Pgd { steps: 10, step: Step::OfEpsilon(0.2), ..Pgd::linf(0.1) };
    let again = Pgd { restarts: 3, ..pgd.clone() };
    let of = |net: &Net| {
        [
            test.accuracy(net).unwrap(),
            right(net, &Pgd::fgsm(0.1)),
            right(net, &pgd),
            right(net, &again),
        ]
    };
    let [clean, fgsm, once, thrice] = of(&plain);
    assert!(clean > 0.85 && clean > fgsm && fgsm > once && once >= thrice, "{:?}", of(&plain));
    let [clean, fgsm, once_safe, thrice_safe] = of(&safe);
    assert!(clean > 0.75 && clean > fgsm && fgsm >= once_safe && once_safe >= thrice_safe);
    assert!(thrice_safe > thrice + 0.2, "{thrice_safe}, without {thrice}");
}

#[test]
fn wrong_lessons_are_one_sentence() {
    let says = |result: Result<Trained>, words: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(words) && !error.contains('\n'), "{error}");
    };
    let (net, x) = (linear(), pixels(&[0.5, 0.6]));
    let labels = Tensor::from_slice(&[0i64, 1]);
    let base = Training::default;
    let run = |settings: Training| settings.run(&net, &x, &labels);
    says(run(Training { batch: 0, ..base() }), "numbers above 0, got 0, 0.002 and 1");
    says(run(Training { rate: -1.0, ..base() }), "numbers above 0, got 100, -1 and 1");
    says(run(Training { temperature: 0.0, ..base() }), "numbers above 0, got 100, 0.002 and 0");
    says(
        run(Training { lesson: Lesson::Noise { sigma: 0.0 }, ..base() }),
        "sigma: expected above 0",
    );
    says(run(Training { lesson: Lesson::fast(-0.1), ..base() }), "epsilon: expected 0 to 1000000");
    says(run(Training { rate: f64::MAX, epochs: 3, ..base() }), "loss: expected a finite number");
    let targets = |targets: &Tensor| base().run(&net, &x, targets);
    says(targets(&Tensor::from_slice(&[0i64, 2])), "2 classes below 2, or likelihoods");
    says(targets(&Tensor::from_slice(&[0i64])), "got Int64 of shape [1]");
    says(targets(&Tensor::from_slice(&[0f32, 1.0])), "got Float of shape [2]");
    says(base().run(&Net::new("pixels"), &x, &labels), "a classifier");
    let bare = Net::new("flat")
        .then("flatten", Op::Flatten)
        .unwrap()
        .with_classes(vec!["a".into(), "b".into()]);
    says(base().run(&bare, &x, &labels), "convolutions or fully connected layers");
    let asked = Labelled { images: x, labels: Tensor::from_slice(&[0i64]) };
    assert!(asked.accuracy(&net).unwrap_err().to_string().contains("Int64 of shape [2]"));
    assert!(digits().split(5000, 1).unwrap_err().to_string().contains("test: expected 1 to 4999"));
    let error = Labelled::digits("data/photos/coffee.jpg").unwrap_err().to_string();
    assert!(error.contains("where 1000x2000 were expected"), "{error}");
}

#[test]
fn absurd_lessons_are_refused() {
    let (net, x) = (linear(), pixels(&[0.5, 0.6]));
    let labels = Tensor::from_slice(&[0i64, 1]);
    let says = |error: crate::Error, words: &str| {
        assert!(error.to_string().contains(words), "{error}");
    };
    let long = Training { epochs: usize::MAX, ..Training::default() };
    says(long.run(&net, &x, &labels).unwrap_err(), "epochs: expected 0 to 100000");
    let run = |x: &Tensor, y: &Tensor| Training::default().run(&net, x, y).unwrap_err();
    says(run(&(&x / 0.0), &labels), "images: expected finite values");
    says(run(&x, &(Tensor::zeros([2, 2], (Kind::Float, Device::Cpu)) / 0.0)), "targets: expected");
    for temperature in [0.0, -1.0, f64::NAN, 1e-300, f64::INFINITY] {
        says(soft_labels(&net, &x, temperature).unwrap_err(), "temperature: expected 0.000001 to");
    }
    let all = Labelled { images: x, labels };
    for rows in
        [Tensor::from_slice(&[2i64]), Tensor::from_slice(&[-1i64]), Tensor::from_slice(&[0f32])]
    {
        says(all.pick(&rows).unwrap_err(), "rows: expected Int64 [k] of 0..2");
    }
}
