//! Neighbours, principal components and the quality of maps, against scikit-learn.
//!
//! `make_embedding.py` beside this file made the expected values and says with which versions.

use crate::formula::formula;
use convlens::embedding::{divergence, neighbours_kept, pca, silhouette, trustworthiness};
use convlens::neighbours::{Metric, nearest};
use serde_json::Value;
use tch::{Kind, Tensor};

fn expected() -> Value {
    serde_json::from_str(include_str!("embedding.json")).unwrap()
}

fn grouped(n: i64, d: i64) -> Tensor {
    let group = Tensor::from_slice(&(0..n).map(|i| i % 4).collect::<Vec<_>>());
    let moves = formula(&[4, d], 2).to_kind(Kind::Double).index_select(0, &group);
    formula(&[n, d], 1).to_kind(Kind::Double) + moves * 2.0
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(parts) => parts.iter().flat_map(numbers).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn assert_near(ours: &[f64], expected: &Value, tolerance: f64, what: &str) {
    let expected = numbers(expected);
    assert_eq!(ours.len(), expected.len(), "{what}");
    let worst = ours.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst < tolerance, "{what} is {worst} off");
}

fn values(x: &Tensor) -> Vec<f64> {
    Vec::try_from(x.to_kind(Kind::Double).flatten(0, -1)).unwrap()
}

#[test]
fn principal_components_are_scikit_learns_with_their_signs() {
    for case in expected()["pca"].as_array().unwrap() {
        let [n, d, k] = numbers(&case["size"])[..] else { panic!("n, d, k") };
        let x = grouped(n as i64, d as i64);
        let p = pca(&x, k as usize).unwrap();
        assert_near(&values(&p.components), &case["components"], 1e-9, "components");
        assert_near(&p.variance, &case["variance"], 1e-9, "variance");
        assert_near(&p.ratio, &case["ratio"], 1e-9, "ratio");
        let projected = p.project(&x.narrow(0, 0, 3)).unwrap();
        assert_near(&values(&projected), &case["projected"], 1e-9, "projected");
    }
}

#[test]
fn neighbours_are_scikit_learns() {
    let (x, queries) = (grouped(40, 6), formula(&[3, 6], 4).to_kind(Kind::Double));
    for (metric, name) in [(Metric::L2, "l2"), (Metric::Cosine, "cosine")] {
        let found = nearest(&x, &queries, 6, metric).unwrap();
        let index: Vec<f64> = found.index.iter().flatten().map(|&i| i as f64).collect();
        assert_near(&index, &expected()[name]["index"], 0.5, name);
        assert_near(&found.distance.concat(), &expected()[name]["distance"], 1e-6, name);
    }
}

#[test]
fn the_quality_of_a_map_is_scikit_learns() {
    let (x, y) = (grouped(40, 6), formula(&[40, 2], 3).to_kind(Kind::Double) * 3.0);
    let (x, y) = (x.to_kind(Kind::Float), y.to_kind(Kind::Float));
    let groups: Vec<String> = (0..40).map(|i| (i % 4).to_string()).collect();
    let trust = trustworthiness(&x, &y, 5).unwrap();
    assert_near(&[trust], &expected()["trustworthiness"], 1e-9, "trustworthiness");
    assert_near(&[neighbours_kept(&x, &y, 5).unwrap()], &expected()["kept"], 1e-9, "kept");
    let apart = [&x, &y].map(|points| silhouette(points, &groups).unwrap());
    assert_near(&apart, &expected()["silhouette"], 1e-6, "silhouette");
}

/// `p` by a root finder of SciPy's for the bandwidths.
#[test]
fn the_divergence_is_that_of_exact_similarities() {
    let (x, y) = (grouped(40, 6), formula(&[40, 2], 3) * 3.0);
    assert_near(&[divergence(&x, &y, 5.0).unwrap()], &expected()["divergence"], 1e-4, "divergence");
}
