//! How alike maps are, by SciPy and scikit-image; edges; maps as Adebayo et al. draw them.

use crate::common::wide;
use crate::formula::{assert_same, formula};
use convlens::attribution::Attribution;
use convlens::net::Net;
use convlens::trust::{normalised, rank_correlation, structural_similarity};
use convlens::{Objective, Result};
use serde_json::Value;
use tch::{Kind, Tensor};

fn expected() -> Value {
    serde_json::from_str(include_str!("trust.json")).unwrap()
}

type Measure = fn(&Tensor, &Tensor) -> Result<f64>;

#[test]
fn ranks_and_structure() {
    let map = |seed| formula(&[1, 1, 23, 31], seed).to_kind(Kind::Double);
    let mixed = (map(31) + map(32) * 2.0) / 3.0;
    let tied = |x: &Tensor| (x * 3.0).round() / 3.0;
    let pairs = [
        ("itself", map(31), map(31)),
        ("mixed", map(31), mixed.shallow_clone()),
        ("tied", tied(&map(31)), tied(&mixed)),
    ];
    for (name, a, b) in pairs {
        let unit = [&a, &b].map(|x| x / 2.0 + 0.5);
        let measures: [(&str, Measure, [&Tensor; 2]); 2] = [
            ("ranks", rank_correlation, [&a, &b]),
            ("structure", structural_similarity, [&unit[0], &unit[1]]),
        ];
        for (measure, of, [a, b]) in measures {
            let wanted = expected()["alike"][name][measure].as_f64().unwrap();
            let found = of(a, b).unwrap();
            assert!((found - wanted).abs() < 1e-9, "{measure} of {name}: {found}, not {wanted}");
        }
    }
}

#[test]
fn edges_and_drawn_maps() {
    let x = wide(&(formula(&[1, 3, 23, 31], 1000) / 2.0 + 0.5));
    let score = Objective::channel("input", 0);
    let edges = Attribution::Edges.map(&Net::new("pixels"), &x, &score).unwrap();
    assert_same(&edges, &expected()["edges"], "edges");
    assert_same(&normalised(&(x - 0.4)).unwrap(), &expected()["normalised"], "normalised");
}
