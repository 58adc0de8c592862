//! Weights, images and results as `make_parity.py` makes them, from the same integer arithmetic.

use crate::common::EXACT;
use serde_json::Value;
use tch::{Device, Kind, Tensor};

/// Expected numbers are kept with six digits: half a unit of the sixth is at most this fraction.
const DIGITS: f64 = 5e-6;

/// Numbers in -1..1, the same everywhere, to the last bit.
pub fn formula(shape: &[i64], seed: i64) -> Tensor {
    let count = shape.iter().product::<i64>();
    let i = Tensor::arange(count.min(1_000_003), (Kind::Int64, Device::Cpu));
    let mixed =
        (&i * 40503i64 * &i + &i * 2_654_435_761i64 + 1_013_904_223 * seed).remainder(1i64 << 32);
    let some = (mixed.to_kind(Kind::Double) / 2f64.powi(31) - 1.0).to_kind(Kind::Float);
    some.repeat([(count - 1) / 1_000_003 + 1]).narrow(0, 0, count).reshape(shape)
}

fn shape(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|v| v.as_i64().unwrap()).collect()
}

/// The names and values that `nested` in make_parity.py folded at their dots.
pub fn flat(tree: &Value) -> Vec<(String, &Value)> {
    let Value::Object(parts) = tree else { return vec![(String::new(), tree)] };
    let below = |(part, tree)| {
        let join = move |(name, value): (String, _)| (format!("{part}.{name}"), value);
        flat(tree).into_iter().map(join)
    };
    let names = parts.iter().flat_map(below);
    names.map(|(name, value)| (name.trim_end_matches('.').to_string(), value)).collect()
}

/// The tensors of a network, by name; those whose names begin with `prefix` only.
pub fn weights(expected: &Value, prefix: &str) -> Vec<(String, Tensor)> {
    let mut shapes = vec![];
    for (name, value) in flat(&expected["weights"]) {
        match value.as_i64() {
            Some(channels) => shapes.extend(
                ["weight", "bias", "running_mean", "running_var"]
                    .map(|part| (format!("{name}.{part}"), vec![channels])),
            ),
            None => shapes.push((name, shape(value))),
        }
    }
    shapes.sort();
    let gain = expected["gain"].as_f64().unwrap();
    let seeded = (0..).zip(shapes).filter(|(_, (name, _))| name.starts_with(prefix));
    seeded.map(|(seed, (name, dims))| (name.clone(), weight(&name, &dims, seed, gain))).collect()
}

fn weight(name: &str, dims: &[i64], seed: i64, gain: f64) -> Tensor {
    let value = formula(dims, seed);
    let near_one = name.ends_with("running_var") || name.ends_with("weight");
    match (dims.len(), near_one) {
        (1, true) => value / 2.0 + 1.0,
        (1, false) => value / 10.0,
        _ => value * (gain * (6.0 / dims[1..].iter().product::<i64>() as f64).sqrt()),
    }
}

pub fn image(expected: &Value) -> Tensor {
    let [n, h, w] = shape(&expected["image"])[..] else { panic!("n, h, w") };
    formula(&[n, 3, h, w], 1000) / 2.0 + 0.5
}

/// Compares the length of `x` and its projection, axis by axis, on the formula's directions: with results
/// of double precision, to the last digit that was kept.
pub fn assert_same(x: &Tensor, expected: &Value, what: &str) {
    assert_eq!(x.kind(), Kind::Double, "{what}");
    let length = x.norm().double_value(&[]);
    let mut at = x.shallow_clone();
    for (axis, side) in x.size().into_iter().enumerate().rev() {
        let direction = formula(&[side], 2000 + axis as i64).to_kind(Kind::Double);
        at = at.matmul(&(direction * 3f64.sqrt()));
    }
    for (i, found) in [length, at.double_value(&[])].into_iter().enumerate() {
        let wanted = expected[i].as_f64().unwrap();
        let room = DIGITS * wanted.abs() + EXACT * length;
        assert!((found - wanted).abs() <= room, "{what}, {i}: {found} for {wanted}");
    }
}
