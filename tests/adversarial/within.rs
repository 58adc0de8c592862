//! Attacks within epsilon, by hand and by identities.

use crate::common::{EXACT, apart};
use crate::tiny::{exact_pictures, grey, linear, names, numbers, pictures, two_classes};
use convlens::adversarial::{Goal, Norm, Pgd, Step, predicted};
use convlens::net::{Conv2d, Net, Op};
use tch::{Device, Kind, Tensor};

#[test]
fn one_step_on_a_line_is_the_sign_or_the_direction_of_its_weights() {
    let (net, w) = two_classes();
    let change = |pgd: Pgd, goal| pgd.run(&net, &grey(), &goal).unwrap().images - grey();
    let away = change(Pgd::fgsm(0.25), Goal::away(&[0]));
    assert!(away.equal(&(w.sign() * -0.25)));
    let said = predicted(&net, &grey()).unwrap()[0];
    let towards = change(Pgd::fgsm(0.25), Goal::towards(1 - said));
    assert!(towards.equal(&(w.sign() * if said == 0 { -0.25 } else { 0.25 })));
    let short = Pgd { norm: Norm::L2, ..Pgd::fgsm(0.25) };
    assert!(change(short, Goal::away(&[0])).allclose(&(&w * -0.25), 0.0, 1e-6, false));
}

#[test]
fn steps_are_as_long_as_they_say_until_the_ball_ends() {
    let (net, w) = two_classes();
    let after = |steps, step| {
        let pgd = Pgd { steps, step, ..Pgd::bim(0.25) };
        pgd.run(&net, &grey(), &Goal::away(&[0])).unwrap().linf[0]
    };
    assert!((after(2, Step::Absolute(0.1)) - 0.2).abs() < 1e-6);
    assert!((after(3, Step::OfEpsilon(0.2)) - 0.15).abs() < 1e-6);
    assert_eq!(after(3, Step::Absolute(0.1)), 0.25);
    assert_eq!(w.size(), [1, 3, 2, 3]);
}

#[test]
fn momentum_remembers_gradients_by_their_direction_and_not_their_size() {
    // Class 1 is relu(40 red + 40 green - 36) against 1: while lit, the gradient is along red and
    // green; dark, there is none, and only the memory moves the picture on.
    let weight = Tensor::from_slice(&[40f32, 40., 0.]).view([1, 3, 1, 1]);
    let conv = Conv2d::new(weight, Some(Tensor::from_slice(&[-36f32])));
    let last = Conv2d::new(Tensor::from_slice(&[1f32, 0.]).view([2, 1, 1, 1]), None);
    let net = Net::new("kinked").then("conv1", Op::Conv2d(conv)).unwrap();
    let net = net.then("relu1", Op::Relu).unwrap().then("conv2", Op::Conv2d(last)).unwrap();
    let net = net.then("flatten", Op::Flatten).unwrap().with_classes(names(2));
    let x = Tensor::from_slice(&[0.5f32, 0.5, 0.5]).view([1, 3, 1, 1]);
    let red = |pgd: Pgd| {
        let pgd = Pgd { steps: 3, step: Step::Absolute(0.0625), ..pgd };
        numbers(&pgd.run(&net, &x, &Goal::away(&[0])).unwrap().images)
    };
    assert_eq!(red(Pgd::bim(0.25)), [0.4375, 0.4375, 0.5]);
    assert_eq!(red(Pgd::mi_fgsm(0.25)), [0.3125, 0.3125, 0.5]);
    // In the Euclidean norm: along (1, 1, 0) / sqrt 2, three times.
    let long = red(Pgd { norm: Norm::L2, ..Pgd::mi_fgsm(0.25) });
    let side = 0.5 - 3.0 * 0.0625 / 2f64.sqrt();
    assert!((long[0] - side).abs() < 1e-6 && (long[1] - side).abs() < 1e-6, "{long:?}");
}

#[test]
fn pictures_stay_in_range_and_within_epsilon_to_the_last_digit() {
    let (net, x, labels) = pictures(3);
    for epsilon in [0.0, 1e-9, 1.0 / 255.0, 0.03, 0.3, 2.0] {
        for pgd in [Pgd::linf(epsilon), Pgd::l2(epsilon), Pgd::fgsm(epsilon)] {
            let pgd = Pgd { steps: pgd.steps.min(8), ..pgd };
            let found = pgd.run(&net, &x, &Goal::away(&labels)).unwrap();
            let size = if pgd.norm == Norm::L2 { &found.l2 } else { &found.linf };
            assert!(size.iter().all(|&d| d <= epsilon), "{epsilon}: {size:?}");
            let [low, high] = [found.images.min(), found.images.max()];
            assert!(low.double_value(&[]) >= 0.0 && high.double_value(&[]) <= 1.0);
            assert_eq!(found.images.equal(&x), epsilon == 0.0, "{epsilon}, {:?}", pgd.norm);
        }
    }
}

#[test]
fn a_digit_over_one_is_one() {
    let (net, w) = two_classes();
    let x = grey() * 2.0 * (1.0 + 1.2e-7);
    assert!(x.max().double_value(&[]) > 1.0);
    let found = Pgd::fgsm(0.25).run(&net, &x, &Goal::away(&[0])).unwrap();
    assert!(found.originals.equal(&(grey() * 2.0)));
    assert!(found.images.equal(&(&found.originals - w.sign().clamp_min(0.0) * 0.25)));
}

#[test]
fn the_bounds_of_a_ball_are_reached() {
    let (net, x, labels) = pictures(1);
    let goal = Goal::away(&labels);
    let wide = Pgd { random_start: false, ..Pgd::linf(0.2) }.run(&net, &x, &goal).unwrap();
    assert!(wide.linf[0] > 0.2 - 1e-7);
    let long = Pgd::l2(0.5).run(&net, &x, &goal).unwrap();
    assert!(long.l2[0] > 0.499, "{}", long.l2[0]);
}

#[test]
fn a_batch_is_its_images_and_a_seed_is_a_start() {
    let (net, x, labels) = exact_pictures(2);
    let few = Pgd { steps: 3, ..Pgd::linf(0.1) };
    for pgd in [few.clone(), Pgd { norm: Norm::L2, momentum: 0.5, ..few.clone() }] {
        let both = pgd.run(&net, &x, &Goal::away(&labels)).unwrap().images;
        for i in 0..2 {
            let goal = Goal::away(&labels[i..=i]);
            let one = pgd.run(&net, &x.narrow(0, i as i64, 1), &goal).unwrap().images;
            assert!(apart(&one, &both.narrow(0, i as i64, 1)) < EXACT);
        }
        assert!(both.equal(&pgd.run(&net, &x, &Goal::away(&labels)).unwrap().images));
        let other = Pgd { seed: 1, ..pgd.clone() };
        assert!(!both.equal(&other.run(&net, &x, &Goal::away(&labels)).unwrap().images));
    }
}

#[test]
fn random_starts_fill_the_ball() {
    // On a network without slope the picture stays where it starts.
    let net = linear(&Tensor::zeros([2, 18], (Kind::Float, Device::Cpu)));
    let starts = |pgd: Pgd| {
        let one = |seed| Pgd { seed, ..pgd.clone() }.run(&net, &grey(), &Goal::away(&[0])).unwrap();
        (0..200).map(one).collect::<Vec<_>>()
    };
    let cube = starts(Pgd { steps: 1, ..Pgd::linf(0.1) });
    let changes = Tensor::cat(&cube.iter().map(|a| &a.images - 0.5).collect::<Vec<_>>(), 0);
    let deviation = changes.std(true).double_value(&[]);
    assert!((deviation - 0.1 / 3f64.sqrt()).abs() < 0.002, "{deviation}");
    assert!(changes.mean(Kind::Float).double_value(&[]).abs() < 0.004);
    // In 18 dimensions the share of a ball within radius r is r^18: the mean radius is 18/19.
    let ball = starts(Pgd { steps: 1, ..Pgd::l2(0.1) });
    let mean = ball.iter().map(|a| a.l2[0]).sum::<f64>() / 200.0;
    assert!((mean / 0.1 - 18.0 / 19.0).abs() < 0.01, "{mean}");
}

#[test]
fn restarts_are_never_worse() {
    let (net, x, labels) = pictures(6);
    let goal = Goal::away(&labels);
    let run = |restarts, epsilon| {
        let pgd = Pgd { restarts, steps: 1, step: Step::OfEpsilon(0.05), ..Pgd::linf(epsilon) };
        pgd.run(&net, &x, &goal).unwrap()
    };
    let mut gained = 0;
    for epsilon in [0.05, 0.1, 0.15, 0.2, 0.3, 0.5] {
        let [one, many] = [run(1, epsilon), run(8, epsilon)];
        assert!(one.fooled.iter().zip(&many.fooled).all(|(one, many)| many >= one));
        gained += many.fooled.iter().filter(|f| **f).count();
        gained -= one.fooled.iter().filter(|f| **f).count();
        for (i, fooled) in one.fooled.iter().enumerate() {
            // What was fooled at once is left alone.
            let same = one.images.get(i as i64).equal(&many.images.get(i as i64));
            assert!(!fooled || same, "image {i}");
        }
    }
    assert!(gained > 0, "some restart must help, or the test says nothing");
}

#[test]
fn what_is_said_is_what_the_network_says_of_the_picture() {
    let (net, x, labels) = pictures(4);
    let found = Pgd::fgsm(0.2).run(&net, &x, &Goal::away(&labels)).unwrap();
    let after = predicted(&net, &found.images).unwrap();
    assert_eq!(found.after.iter().map(|p| p.class).collect::<Vec<_>>(), after);
    assert_eq!(found.before.iter().map(|p| p.class).collect::<Vec<_>>(), labels);
    let fooled: Vec<bool> = after.iter().zip(&labels).map(|(a, l)| a != l).collect();
    assert_eq!(found.fooled, fooled);
    let share = fooled.iter().filter(|f| **f).count() as f64 / 4.0;
    assert_eq!(found.success(), share);
    let sure = net.logits(&found.images).unwrap().softmax(1, Kind::Double);
    assert!((found.after[2].probability - sure.double_value(&[2, after[2]])).abs() < 1e-9);
    let apart = (&found.images - &x).to_kind(Kind::Double);
    let l2 = apart.get(1).norm().double_value(&[]);
    assert!((found.l2[1] - l2).abs() < 1e-6);
}

#[test]
fn a_png_holds_a_picture_of_eight_bits() {
    let folder = tempfile::tempdir().unwrap();
    let (net, x, _) = pictures(1);
    let file = folder.path().join("picture.png");
    convlens::pixels::save(&x, &file).unwrap();
    let x = convlens::pixels::load(&file).unwrap();
    let goal = Goal::away(&predicted(&net, &x).unwrap());
    for pgd in [Pgd::linf(9.0 / 255.0), Pgd::l2(0.5)] {
        let pgd = Pgd { round_to_8_bits: true, ..pgd };
        let found = pgd.run(&net, &x, &goal).unwrap();
        assert!(found.fooled[0], "{:?}", pgd.norm);
        convlens::pixels::save(&found.images, &file).unwrap();
        let loaded = convlens::pixels::load(&file).unwrap();
        assert!(loaded.equal(&found.images), "{:?}", pgd.norm);
        assert_eq!(predicted(&net, &loaded).unwrap()[0], found.after[0].class);
        let size = if pgd.norm == Norm::L2 { found.l2[0] } else { found.linf[0] };
        assert!(size <= pgd.epsilon + 4e-7 && size > 0.97 * pgd.epsilon, "{size}");
    }
}

#[test]
fn rounding_needs_room() {
    let (net, x, labels) = pictures(1);
    let pgd = Pgd { round_to_8_bits: true, ..Pgd::linf(1e-4) };
    let error = pgd.run(&net, &x, &Goal::away(&labels)).unwrap_err().to_string();
    assert!(
        error.starts_with("epsilon: expected a ball with room for a picture of 8 bits"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_attacked_is_said_in_a_sentence() {
    let (net, x, labels) = pictures(2);
    let away = Goal::away(&labels);
    let fails = |pgd: Pgd, x: &Tensor, goal: &Goal, start: &str| {
        let error = pgd.run(&net, x, goal).unwrap_err().to_string();
        assert!(error.starts_with(start), "{error}");
    };
    fails(Pgd::linf(-0.1), &x, &away, "epsilon: expected 0 or more, got -0.1");
    fails(Pgd::linf(f64::NAN), &x, &away, "epsilon: expected 0 or more, got NaN");
    let own = Goal::Towards(vec![(labels[0] + 1) % 5, labels[1]]);
    fails(
        Pgd::bim(0.1),
        &x,
        &own,
        "target: expected another class than the network says of image 1",
    );
    fails(Pgd::bim(0.1), &(&x * 255.0), &away, "image: expected values in 0..1");
    fails(Pgd::bim(0.1), &(&x - 0.5), &away, "image: expected values in 0..1");
    fails(Pgd::bim(0.1), &(&x * f64::NAN), &away, "image: expected finite values");
    let three = Goal::away(&[0, 1, 2]);
    fails(Pgd::bim(0.1), &x, &three, "goal: expected 2 labels, one for each image, or one for all");
    fails(Pgd::bim(0.1), &x, &Goal::towards(5), "goal: expected 0..5, got 5");
    fails(Pgd::bim(0.1), &x, &Goal::away(&[]), "goal: expected 2 labels");
    fails(Pgd { steps: 0, ..Pgd::bim(0.1) }, &x, &away, "steps: expected 1 to 1000000, got 0");
    fails(Pgd { restarts: 0, ..Pgd::bim(0.1) }, &x, &away, "restarts: expected 1 to 10000");
    fails(Pgd { step: Step::Absolute(-1.0), ..Pgd::bim(0.1) }, &x, &away, "step: expected above 0");
    fails(
        Pgd { momentum: -1.0, ..Pgd::bim(0.1) },
        &x,
        &away,
        "momentum: expected 0 to 100, got -1",
    );
    let trunk = net.upto("conv2").unwrap();
    let error = Pgd::bim(0.1).run(&trunk, &x, &away).unwrap_err().to_string();
    assert!(error.starts_with("network: expected a classifier"), "{error}");
}
