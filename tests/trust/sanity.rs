//! Networks that forget, and the maps of them.

use super::{net, picture, real};
use convlens::Objective;
use convlens::attribution::Attribution;
use convlens::net::Op;
use convlens::trust::{
    Likeness, Order, Sanity, normalised, rank_correlation, structural_similarity,
};
use tch::{Kind, Tensor};

#[test]
fn methods_that_do_not_look_at_the_network_never_change() {
    let mut methods = Attribution::baselines();
    methods.extend([Attribution::Gradient, Attribution::GradCam { layer: "high.relu".into() }]);
    let found = Sanity::default().run(&net(), &picture(), &Objective::class(1), &methods).unwrap();
    assert_eq!(found.stops, ["trained", "fc", "high", "low"]);
    for curves in [&found.ranks, &found.signed_ranks, &found.structure] {
        for (name, values) in &curves[..3] {
            assert!(values.iter().all(|v| (v - 1.0).abs() < 1e-9), "{name}: {values:?}");
        }
        for (name, values) in &curves[3..] {
            assert!(values[0] == 1.0 && values[1..].iter().all(|&v| v < 0.9), "{name}: {values:?}");
        }
    }
    let figure = found.figure(Likeness::Structure).unwrap();
    let start = "lines of structural similarity over drawn anew from the top down to trained to low: \
                 edges from 1 to 1, centre from 1 to 1, chance from 1 to 1, gradient from 1 to ";
    assert!(figure.alt.starts_with(start), "{figure}");
}

#[test]
fn guided_backprop_does_not_notice_that_the_upper_blocks_are_new() {
    let (net, x) = real();
    let methods = [Attribution::Gradient, Attribution::Guided];
    let sanity = Sanity { stops: vec!["block11".into(), "stem".into()], ..Sanity::default() };
    let found = sanity.run(&net, &x, &Objective::class(335), &methods).unwrap();
    let [gradient, guided] = [0, 1].map(|i| &found.ranks[i].1);
    assert!(gradient[1] < 0.6 && guided[1] > 0.95, "{gradient:?}, {guided:?}");
    assert!(guided[2] < 0.6, "the erratum: the lower blocks do distort it: {guided:?}");
}

#[test]
fn a_network_without_training_is_alive() {
    let (net, x) = real();
    let parts = net.parts();
    let new =
        net.reinitialised(&parts.iter().map(String::as_str).collect::<Vec<_>>(), &x, 3).unwrap();
    for layer in net.layers().iter().filter(|l| matches!(l.op, Op::Relu6)).step_by(5) {
        let y = new.tap(&x, &layer.name).unwrap();
        let lit = y.gt(0.0).logical_and(&y.lt(6.0)).to_kind(Kind::Float).mean(Kind::Float);
        assert!((lit.double_value(&[]) - 0.5).abs() < 0.1, "{}: {lit:?}", layer.name);
    }
}

#[test]
fn stops_draw_what_they_say() {
    let (net, x, score) = (net(), picture(), Objective::class(1));
    let methods = [Attribution::Gradient, Attribution::GradientXInput];
    let run = |order, stops: &[&str]| {
        let stops = stops.iter().map(|s| s.to_string()).collect();
        Sanity { stops, order, seed: 5 }.run(&net, &x, &score, &methods).unwrap()
    };
    let by_hand = |parts: &[&str], method: &Attribution| {
        let new = net.reinitialised(parts, &x, 5).unwrap();
        let [a, b] = [&net, &new].map(|net| method.signal(net, &x, &score).unwrap());
        let summed = |x: Tensor| x.sum_dim_intlist([1i64].as_slice(), true, Kind::Float);
        [
            rank_correlation(&summed(a.abs()), &summed(b.abs())).unwrap(),
            rank_correlation(&summed(a.copy()), &summed(b.copy())).unwrap(),
            structural_similarity(&normalised(&a).unwrap(), &normalised(&b).unwrap()).unwrap(),
        ]
    };
    for (order, new) in [(Order::Cascading, vec!["fc", "high"]), (Order::Independent, vec!["high"])]
    {
        let found = run(order, &["high"]);
        for (i, method) in methods.iter().enumerate() {
            let last = [&found.ranks, &found.signed_ranks, &found.structure].map(|c| c[i].1[1]);
            assert_eq!(last, by_hand(&new, method), "{order:?}, {method}");
        }
    }
    // Several images: the mean of each by itself.
    let both = Tensor::cat(&[&x, &x.flip([2])], 0);
    let sanity = Sanity { stops: vec!["fc".into()], ..Sanity::default() };
    let of = |x: &Tensor| sanity.run(&net, x, &score, &methods).unwrap().structure[1].1[1];
    let mean = (of(&x) + of(&x.flip([2]))) / 2.0;
    assert!((of(&both) - mean).abs() < 1e-6);
}
