//! What torch 2.13 wrote, against the formula of `make.py`.

use crate::craft::*;
use convlens::zoo::Weights;

fn read(name: &str) -> Weights {
    Weights::read(fixture(name)).unwrap()
}

#[test]
fn zip_legacy_and_newer_pickles_hold_the_same() {
    for file in ["plain_zip.pth", "plain_legacy.pth", "protocol5_zip.pth", "protocol4_legacy.pth"] {
        let mut weights = read(file);
        let names = ["conv.weight", "conv.bias", "bn.num_batches_tracked"];
        assert_eq!(weights.names(), names, "{file}");
        assert_eq!(weights.shape("conv.weight"), Some(vec![2, 3, 1, 2]));
        let weight = weights.take("conv.weight", &[2, 3, 1, 2]).unwrap();
        assert_eq!(weight.double_value(&[0, 2, 0, 1]), 0.25);
        assert_eq!(floats(&weight), floats(&ramp(-1.0, &[2, 3, 1, 2])));
        assert_eq!(floats(&weights.take("conv.bias", &[2]).unwrap()), [5.0, 5.25]);
        assert_eq!(floats(&weights.take("bn.num_batches_tracked", &[]).unwrap()), [7.0]);
        weights.finish().unwrap();
    }
}

#[test]
fn every_kind_of_number_becomes_f32() {
    let whole = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 2.0];
    let truth = [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    for file in ["kinds_zip.pth", "kinds_legacy.pth"] {
        let mut weights = read(file);
        for kind in ["float16", "bfloat16", "float64"] {
            let got = weights.take(kind, &[3, 3]).unwrap();
            assert_eq!(floats(&got), floats(&ramp(0.0, &[3, 3])), "{kind}");
        }
        for kind in ["int64", "int32", "int16", "int8", "uint8"] {
            assert_eq!(floats(&weights.take(kind, &[3, 3]).unwrap()), whole, "{kind}");
        }
        assert_eq!(floats(&weights.take("bool", &[3, 3]).unwrap()), truth);
        weights.finish().unwrap();
    }
}

/// The storage is 0, 1/4, ... 19/4 as 4 rows of 5: row r, column c is (5 r + c) / 4.
#[test]
fn views_of_one_storage_are_copied_out_in_order() {
    for file in ["views_zip.pth", "views_legacy.pth"] {
        let mut weights = read(file);
        let mut take = |name, shape: &[i64]| floats(&weights.take(name, shape).unwrap());
        assert_eq!(take("all", &[4, 5]), floats(&ramp(0.0, &[4, 5])));
        assert_eq!(take("again", &[4, 5]), floats(&ramp(0.0, &[4, 5])));
        assert_eq!(take("transposed", &[5, 4])[..5], [0.0, 1.25, 2.5, 3.75, 0.25]);
        assert_eq!(take("window", &[2, 3]), [1.5, 1.75, 2.0, 2.75, 3.0, 3.25]);
        assert_eq!(take("every_second", &[4, 3])[..4], [0.0, 0.5, 1.0, 1.25]);
        assert_eq!(take("column_last", &[1]), [4.75]);
        assert_eq!(take("scalar", &[]), [3.25]);
        assert_eq!(take("empty", &[0, 5]), [0.0; 0]);
        let last = take("channels_last", &[1, 2, 2, 3]);
        assert_eq!(last, floats(&ramp(0.0, &[1, 2, 2, 3])));
    }
}

#[test]
fn a_checkpoint_of_training_gives_its_state_dict() {
    for file in ["nested_zip.pth", "nested_legacy.pth"] {
        let mut weights = read(file);
        assert_eq!(weights.names(), ["fc.weight", "fc.bias"]);
        let weight = weights.take("fc.weight", &[2, 3]).unwrap();
        assert_eq!(floats(&weight), [2.0, 2.25, 2.5, 2.75, 3.0, 3.25]);
        assert!(!weight.requires_grad());
        assert_eq!(floats(&weights.take("fc.bias", &[2]).unwrap()), [0.0, 0.25]);
    }
}

#[test]
fn safetensors_give_the_same_numbers() {
    let mut weights = read("plain.safetensors");
    let weight = weights.take("conv.weight", &[2, 3, 1, 2]).unwrap();
    assert_eq!(floats(&weight), floats(&ramp(-1.0, &[2, 3, 1, 2])));
    for name in ["half", "bfloat", "double"] {
        assert_eq!(floats(&weights.take(name, &[3]).unwrap()), [0.0, 0.25, 0.5], "{name}");
    }
    weights.finish().unwrap();
}
