//! What rounding may change, and how to say so.
//!
//! How single precision rounds hangs on the processor, on the library's kernels and on how many threads share
//! a sum, so no difference that was seen on one machine is a bound. Two bounds are:
//!
//! - In double precision two ways to one number agree to [`EXACT`], everywhere.
//! - In single precision a way is as far from the double result as single precision itself: a small multiple
//!   of what the plainest way is measured to be off by, in the same test.

#![allow(dead_code)] // each program of tests uses a part

use convlens::net::{Net, Precision};
use tch::{Kind, Tensor};

/// How far two ways to the same number may be apart in double precision, as a fraction of the scale.
///
/// One rounding is 1.1e-16; this leaves room for 9000 that all point the same way: some hundred layers, each a
/// sum of thousands of products, whose roundings mostly cancel.
pub const EXACT: f64 = 1e-12;

/// One rounding in single precision, as a fraction of the number.
pub const ROUNDING: f64 = 0.5 * f32::EPSILON as f64;

/// So many times its plainest way's error in single precision another way may be off. Both errors are largest
/// values over a few dozen numbers, of sums of the same terms in other orders.
const AS_GOOD: f64 = 8.0;

/// The least error that [`AS_GOOD`] multiplies, should the plainest way be right by luck: two roundings.
const LEAST: f64 = 2.0 * ROUNDING;

/// The same network in double precision.
pub fn double(net: &Net) -> Net {
    net.precision(Precision::Double).unwrap()
}

/// The same numbers in double precision.
pub fn wide(x: &Tensor) -> Tensor {
    x.to_kind(Kind::Double)
}

/// The largest number of a tensor, whatever its sign.
pub fn largest(x: &Tensor) -> f64 {
    wide(x).abs().max().double_value(&[])
}

/// How far two tensors of one size are apart, at most.
pub fn apart(a: &Tensor, b: &Tensor) -> f64 {
    assert_eq!(a.size(), b.size());
    largest(&(wide(a) - wide(b)))
}

/// One result by two ways: the plainest, and another that should change nothing.
pub struct Ways {
    pub plain: Tensor,
    pub other: Tensor,
}

/// Asserts that the other way changes nothing: in double precision at all, in single precision only rounding.
/// `scale` is the size of the numbers that were added up on the way.
pub fn assert_same_ways(single: &Ways, double: &Ways, scale: f64, what: &str) {
    assert_eq!((double.plain.kind(), double.other.kind()), (Kind::Double, Kind::Double), "{what}");
    let off = apart(&double.plain, &double.other);
    assert!(off <= EXACT * scale, "{what}, double precision: {off:e} of {scale}");
    let own = apart(&single.plain, &double.plain).max(LEAST * scale);
    let off = apart(&single.other, &double.plain);
    assert!(off <= AS_GOOD * own, "{what}, single precision: {off:e} where it rounds by {own:e}");
}
