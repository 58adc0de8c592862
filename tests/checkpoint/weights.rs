//! Handing tensors to a network: by name and shape, and nothing left over.

use crate::craft::{fixture, ramp};
use convlens::zoo::Weights;

fn open() -> (Weights, String) {
    let path = fixture("plain_zip.pth");
    (Weights::read(&path).unwrap(), path.display().to_string())
}

#[test]
fn a_misshapen_tensor_is_named_with_both_shapes() {
    let (mut weights, path) = open();
    let error = weights.take("conv.weight", &[2, 3, 2, 1]).unwrap_err().to_string();
    let why = "expected `conv.weight` of shape [2, 3, 2, 1], got [2, 3, 1, 2]";
    assert_eq!(error, format!("{path}: {why}; give the weights of this architecture"));
    assert!(weights.take("conv.weight", &[2, 3, 1, 2]).is_ok(), "it is still there");
}

#[test]
fn a_missing_tensor_is_named_with_its_closest() {
    let (mut weights, path) = open();
    let error = weights.take("features.conv.bias", &[2]).unwrap_err().to_string();
    let why = "expected `features.conv.bias` of shape [2], got only others such as \
               `conv.bias`, `conv.weight`, `bn.num_batches_tracked`";
    assert_eq!(error, format!("{path}: {why}; give the weights of this architecture"));
    assert!(weights.take("conv.bias", &[2]).is_ok());
    assert!(weights.take("conv.bias", &[2]).is_err(), "taken twice");
}

#[test]
fn the_first_tensor_left_over_is_named_and_counters_are_not() {
    let (mut weights, path) = open();
    let _ = weights.take("conv.weight", &[2, 3, 1, 2]).unwrap();
    let error = weights.finish().unwrap_err().to_string();
    let why = "expected no more tensors, got `conv.bias` of shape [2]";
    assert_eq!(error, format!("{path}: {why}; give the weights of this architecture"));

    let (mut weights, _) = open();
    let _ = weights.take("conv.weight", &[2, 3, 1, 2]).unwrap();
    let _ = weights.take("conv.bias", &[2]).unwrap();
    assert_eq!(weights.names(), ["bn.num_batches_tracked"]);
    weights.finish().unwrap();
}

#[test]
fn tensors_in_memory_become_contiguous_f32_when_taken() {
    let transposed = ramp(0.0, &[2, 3]).to_kind(tch::Kind::Double).tr();
    let mut weights = Weights::from_tensors(vec![("w".to_string(), transposed)]);
    let got = crate::craft::floats(&weights.take("w", &[3, 2]).unwrap());
    assert_eq!(got, [0.0, 0.75, 0.25, 1.0, 0.5, 1.25]);
    let error = weights.take("w", &[3, 2]).unwrap_err().to_string();
    assert!(error.contains("expected `w` of shape [3, 2], got no tensors;"), "{error}");
}
