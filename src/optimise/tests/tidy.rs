use super::*;

/// Grey 0.5 plus these distances, 2x3, one colour.
const DISTANCES: [f32; 6] = [0.1, -0.2, 0.3, -0.4, 0.05, 0.25];

fn tidied(climb: &Climb, g: &[f32], step: usize) -> Tensor {
    let x = image(&DISTANCES, 2, 3) + GREY;
    climb.tidied(&x, &image(g, 2, 3), step).unwrap() - GREY
}

fn only() -> Climb {
    Climb { clip: None, ..Climb::default() }
}

#[test]
fn decay_takes_a_share_of_the_distance_from_grey() {
    let climb = Climb { decay: 0.5, ..only() };
    close(&tidied(&climb, &[0.0; 6], 0), &[0.05, -0.1, 0.15, -0.2, 0.025, 0.125]);
}

#[test]
fn the_pixels_nearest_to_grey_go() {
    // Half of six: 0.05, 0.1 and -0.2 have the smallest norms.
    let climb = Climb { small_norm: 50.0, ..only() };
    close(&tidied(&climb, &[0.0; 6], 0), &[0., 0., 0.3, -0.4, 0., 0.25]);
    // 49 % of six pixels are two whole ones.
    let climb = Climb { small_norm: 49.0, ..only() };
    close(&tidied(&climb, &[0.0; 6], 0), &[0., -0.2, 0.3, -0.4, 0., 0.25]);
}

#[test]
fn the_pixels_that_give_least_go() {
    // |distance * gradient| = 0.5, 0.2, 0, 0.4, 0.15, 0.25: the least two are the third and fifth.
    let climb = Climb { small_contribution: 34.0, ..only() };
    let kept = tidied(&climb, &[5., 1., 0., 1., -3., 1.], 0);
    close(&kept, &[0.1, -0.2, 0., -0.4, 0., 0.25]);
}

#[test]
fn norms_and_contributions_are_those_of_all_three_colours() {
    // Two pixels side by side, red then green then blue: (0.3, 0, 0) and (0.2, 0.2, 0.2).
    let x = image(&[0.3, 0.2, 0., 0.2, 0., 0.2], 1, 2) + GREY;
    let half = |climb: Climb, g: &[f32]| climb.tidied(&x, &image(g, 1, 2), 0).unwrap() - GREY;
    // Norms 0.3 and 0.346.
    let norm = half(Climb { small_norm: 50.0, ..only() }, &[1.0; 6]);
    close(&norm, &[0., 0.2, 0., 0.2, 0., 0.2]);
    // Contributions 0.3 and 0.2 + 0.2 - 0.4 = 0.
    let climb = Climb { small_contribution: 50.0, ..only() };
    close(&half(climb, &[1., 1., 1., 1., 1., -2.]), &[0.3, 0., 0., 0., 0., 0.]);
}

#[test]
fn each_image_of_a_batch_loses_its_own_share() {
    let x = Tensor::cat(&[image(&[0.1, 0.4], 1, 2), image(&[0.9, 0.6], 1, 2)], 0) + GREY;
    let climb = Climb { small_norm: 50.0, ..only() };
    close(&(climb.tidied(&x, &x, 0).unwrap() - GREY), &[0., 0.4, 0.9, 0.]);
}

#[test]
fn blur_comes_every_so_many_steps() {
    let climb = Climb { blur_every: 3, blur_sigma: 0.5, ..only() };
    let distances = image(&DISTANCES, 2, 3);
    for step in 0..6 {
        let blurred = tidied(&climb, &[0.0; 6], step);
        let changed = !blurred.allclose(&distances, 1e-5, 1e-6, false);
        assert_eq!(changed, step == 2 || step == 5, "step {step}");
    }
    // A row and its copy below: the Gaussian's weights 0.7866, 0.1064 and 0.0003 at deviation 0.5.
    let dot = image(&[0., 0., 1., 0., 0., 0., 0., 1., 0., 0.], 2, 5) + GREY;
    let soft = climb.tidied(&dot, &dot, 2).unwrap() - GREY;
    let row = [0.00026, 0.10645, 0.78657, 0.10645, 0.00026];
    close(&soft, &[row, row].concat());
}

#[test]
fn pixels_stay_in_their_range() {
    let climb = Climb { clip: Some([0.3, 0.7]), ..Climb::default() };
    close(&tidied(&climb, &[0.0; 6], 0), &[0.1, -0.2, 0.2, -0.2, 0.05, 0.2]);
}
