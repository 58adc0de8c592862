use super::*;

/// Images of one pixel and one colour.
fn pixels(values: &[f32]) -> Tensor {
    Tensor::from_slice(values).view([-1, 1, 1, 1])
}

fn climbed(climb: Climb, from: &[f32], wish: &Objective) -> Climbed {
    climb.run(&Net::new("pixels"), &pixels(from), wish).unwrap()
}

/// One number as far as it goes for the first image, and its square for the others.
fn plane_and_bowl() -> Objective {
    Objective::custom("plane and bowl", &["input"], |taps| {
        let x = taps.at("input")?.view([-1]);
        Ok(Tensor::cat(&[x.narrow(0, 0, 1), -(x.narrow(0, 1, x.size()[0] - 1) - 0.5).square()], 0))
    })
}

#[test]
fn lbfgs_jumps_to_the_bottom_of_a_bowl() {
    // -(x - 0.5)^2 from 0.9: the slope -0.8 is the first step; at 0.1 the slope is 0.8, so the
    // curvature is 1.6 / 0.8 = 2 and the second step is 0.8 / 2.
    let method = Method::Lbfgs { rate: 1.0, history: 3 };
    let climb = Climb { steps: 3, method, frames_every: 1, clip: None, ..Climb::default() };
    let down = climbed(climb, &[0.9], &-Objective::l2());
    close(&Tensor::cat(&down.frames, 0), &[0.1, 0.5, 0.5]);
}

#[test]
fn lbfgs_on_a_plane_doubles_its_steps() {
    // A slope of 1 that never changes has no curvature; the bowl beside it has, and keeps its own.
    let method = Method::Lbfgs { rate: 0.5, history: 3 };
    let climb = Climb { steps: 3, method, frames_every: 1, clip: None, ..Climb::default() };
    let up = climbed(climb, &[0.0, 0.9], &plane_and_bowl());
    close(&Tensor::cat(&up.frames, 1), &[0.5, 1.5, 3.5, 0.5, 0.5, 0.5]);
}

#[test]
fn lbfgs_rests_at_the_top() {
    // At 0.5 after two steps, where neither slope nor step is left: 200 more must not double the rest.
    let method = Method::Lbfgs { rate: 1.0, history: 3 };
    let climb = Climb { steps: 200, method, clip: None, ..Climb::default() };
    close(&climbed(climb, &[0.9], &-Objective::l2()).image, &[0.5]);
}

#[test]
fn lbfgs_takes_back_a_step_too_far() {
    // -(x - 0.5)^2 from 0.9 at rate 3: the slope -0.8 leads to -1.5, where it is worse by 3.84. With the
    // 1.92 that the slope had promised, the parabola's top is at 1.92 / 2 / (1.92 + 3.84), a sixth of the
    // way. Beside it, 0.6 by a step of -0.6 to 0: worse by 0.24 for 0.12 promised, again a sixth.
    let method = Method::Lbfgs { rate: 3.0, history: 3 };
    let climb = Climb { steps: 3, method, frames_every: 1, clip: None, ..Climb::default() };
    let down = climbed(climb, &[0.9, 0.6], &-Objective::l2());
    close(&Tensor::cat(&down.frames, 1), &[-1.5, 0.5, 0.5, 0.0, 0.5, 0.5]);
}

#[test]
fn lbfgs_goes_on_with_the_step_that_was_short_enough() {
    // Up a slope of 1 and from x = 1 down one of 9, at rate 0.75: to 0.75, then twice as far to 2.25,
    // worse by 11 for 1.5 promised. A tenth of that step leads to 0.9. What was 2 times the slope is 0.2
    // times now, doubled again for want of curvature: 0.75 x 0.4 further is 1.2.
    let tent = Objective::custom("tent", &["input"], |taps| {
        let x = taps.at("input")?.view([-1]);
        Ok(x.minimum(&(10.0 - 9.0 * &x)))
    });
    let method = Method::Lbfgs { rate: 0.75, history: 3 };
    let climb = Climb { steps: 4, method, frames_every: 1, clip: None, ..Climb::default() };
    let up = climbed(climb, &[0.0], &tent);
    close(&Tensor::cat(&up.frames, 0), &[0.75, 2.25, 0.9, 1.2]);
}

#[test]
fn lbfgs_does_not_compare_different_looks() {
    // Jitter shows now the dark pixel, now the bright one, to be darkened. That the second is brighter is
    // no reason to go back: no step ever makes a pixel brighter.
    let method = Method::Lbfgs { rate: 0.01, history: 3 };
    let climb =
        Climb { steps: 12, method, jitter: 1, frames_every: 1, clip: None, ..Climb::default() };
    let wish = -Objective::neuron("input", 0, [0, 0]);
    let down = climb.run(&Net::new("pixels"), &image(&[0.1, 0.9], 1, 2), &wish).unwrap();
    for pair in down.frames.windows(2) {
        assert!((&pair[1] - &pair[0]).max().double_value(&[]) <= 0.0);
    }
}

#[test]
fn lbfgs_first_steps_are_no_longer_than_1() {
    // 30 x has the slope 30: a step of 1 instead.
    let method = Method::Lbfgs { rate: 1.0, history: 1 };
    let climb = Climb { steps: 1, method, clip: None, ..Climb::default() };
    let up = climbed(climb, &[0.25], &(30.0 * Objective::neuron("input", 0, [0, 0])));
    close(&up.image, &[1.25]);
}

#[test]
fn lbfgs_counts_what_was_clipped_as_never_gone() {
    // As above, but stopped at 0.3, where the slope is 0.4: the curvature is 1.2 / 0.6, still 2.
    let method = Method::Lbfgs { rate: 1.0, history: 3 };
    let clip = Some([0.3, 1.0]);
    let climb = Climb { steps: 2, method, clip, frames_every: 1, ..Climb::default() };
    let down = climbed(climb, &[0.9], &-Objective::l2());
    close(&Tensor::cat(&down.frames, 0), &[0.3, 0.5]);
}

#[test]
fn steps_over_the_mean_move_pixels_by_the_rate_on_average() {
    // Slopes 2 and 6 of one image, mean 4; 1 and -1 of another.
    let slopes = Tensor::from_slice(&[2f32, 6.0, 1.0, -1.0]).view([2, 1, 1, 2]);
    let wish = Objective::custom("planes", &["input"], move |taps| {
        let sums = (taps.at("input")? * &slopes).sum_dim_intlist(
            [1i64, 2, 3].as_slice(),
            false,
            Kind::Float,
        );
        Ok(sums)
    });
    let method = Method::MeanNormalised { rate: 0.1 };
    let climb = Climb { steps: 2, method, clip: None, ..Climb::default() };
    let x = Tensor::zeros([2, 1, 1, 2], (Kind::Float, Device::Cpu));
    let up = climb.run(&Net::new("pixels"), &x, &wish).unwrap();
    close(&up.image, &[0.1, 0.3, 0.2, -0.2]);
}

#[test]
fn momentum_adds_up_slopes() {
    // A slope of 1: speeds 1, 1.5 and 1.75 at momentum 0.5, times 0.1.
    let method = Method::Momentum { rate: 0.1, momentum: 0.5 };
    let climb = Climb { steps: 3, method, frames_every: 1, clip: None, ..Climb::default() };
    let wish = Objective::neuron("input", 0, [0, 0]);
    close(&Tensor::cat(&climbed(climb.clone(), &[0.0], &wish).frames, 0), &[0.1, 0.25, 0.425]);
    let plain = Climb { method: Method::Momentum { rate: 0.1, momentum: 0.0 }, ..climb };
    close(&Tensor::cat(&climbed(plain, &[0.0], &wish).frames, 0), &[0.1, 0.2, 0.3]);
}

#[test]
fn a_schedule_multiplies_the_rate_from_its_steps_on() {
    let schedule = vec![(1, 0.5), (2, 0.1)];
    let method = Method::Normalised { rate: 0.2 };
    let climb = Climb { steps: 3, method, schedule, clip: None, ..Climb::default() };
    let up = climbed(climb, &[0.0], &Objective::neuron("input", 0, [0, 0]));
    close(&up.image, &[0.2 + 0.1 + 0.01]);
}

#[test]
fn the_best_of_each_image_is_kept() {
    // Steps of 0.3 around 0.5: from 0.4 to 0.7 and back; from 0.1 to 0.4, 0.7 and back.
    let method = Method::Normalised { rate: 0.3 };
    let climb = Climb { steps: 2, method, clip: None, ..Climb::default() };
    let down = climbed(climb.clone(), &[0.4, 0.1], &-Objective::l2());
    close(&down.image, &[0.4, 0.7]);
    close(&down.best, &[0.4, 0.4]);
    let once = climbed(Climb { steps: 1, ..climb }, &[0.1], &-Objective::l2());
    close(&once.best, &[0.4]);
}

#[test]
fn settings_that_make_no_sense() {
    let run = |climb: Climb| climb.run(&Net::new("pixels"), &pixels(&[0.4]), &Objective::l2());
    let none = Climb { method: Method::Lbfgs { rate: 1.0, history: 0 }, ..Climb::default() };
    let message = run(none).unwrap_err().to_string();
    assert!(message.contains("history") && message.contains("1 to 10000"), "{message}");
    let ever = Climb { method: Method::Momentum { rate: 1.0, momentum: 1.0 }, ..Climb::default() };
    let message = run(ever).unwrap_err().to_string();
    assert!(message.contains("momentum: expected 0 to below 1, got 1"), "{message}");
    let back = Climb { schedule: vec![(3, -1.0)], ..Climb::default() };
    let message = run(back).unwrap_err().to_string();
    assert!(message.contains("schedule") && message.contains("-1"), "{message}");
}
