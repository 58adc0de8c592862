//! A tensor as a window on a run of raw numbers, and the copy of that window.

use super::fault::{Fault, Result};
use std::ops::Range;
use tch::{Kind, Tensor};

const MAX_DIMENSIONS: usize = 16;
/// No side is longer, even of a tensor without elements: sums of a few sides must not overflow.
const LONGEST: usize = 1 << 40;

/// Where a tensor's elements lie in its storage; offset and strides count elements.
#[derive(Debug, Clone)]
pub(super) struct View {
    offset: usize,
    size: Vec<usize>,
    stride: Vec<usize>,
}

impl View {
    pub fn new(offset: usize, size: Vec<usize>, stride: Vec<usize>) -> Result<Self> {
        if size.len() != stride.len() || size.len() > MAX_DIMENSIONS {
            let (s, t) = (size.len(), stride.len());
            return Err(Fault::damaged(format!("a tensor has {s} dimensions and {t} strides")));
        }
        if size.iter().any(|&side| side > LONGEST) {
            return Err(Fault::damaged(format!("a tensor of shape {size:?}")));
        }
        Ok(View { offset, size, stride })
    }

    /// A row-major tensor that starts at element 0.
    pub fn contiguous(size: &[usize]) -> Result<Self> {
        let mut stride = vec![1_usize; size.len()];
        for i in (1..size.len()).rev() {
            stride[i - 1] = stride[i].saturating_mul(size[i].max(1));
        }
        View::new(0, size.to_vec(), stride)
    }

    /// The number of elements.
    pub fn elements(&self) -> Result<usize> {
        let product = self.size.iter().try_fold(1_usize, |n, &s| n.checked_mul(s));
        product.ok_or_else(|| Fault::damaged(format!("a tensor of shape {:?}", self.size)))
    }

    /// The elements of a storage of `len` that the window spans.
    pub fn span(&self, len: usize) -> Result<Range<usize>> {
        let elements = self.elements()?;
        let last = self.size.iter().zip(&self.stride).try_fold(self.offset, |at, (&n, &step)| {
            at.checked_add(n.saturating_sub(1).checked_mul(step)?)
        });
        match last.and_then(|last| last.checked_add(1)) {
            _ if elements == 0 => Ok(0..0),
            Some(end) if end <= len && elements <= len => Ok(self.offset..end),
            _ => Err(Fault::damaged(format!(
                "a tensor of shape {:?}, strides {:?}, offset {} does not fit its {len} numbers",
                self.size, self.stride, self.offset
            ))),
        }
    }

    /// The window's elements, as contiguous f32.
    pub fn tensor(&self, bytes: &[u8], kind: Kind) -> Result<Tensor> {
        let width = kind.elt_size_in_bytes();
        let span = self.span(bytes.len() / width)?;
        let count = signed(&[span.len()])?;
        let numbers = &bytes[span.start * width..span.end * width];
        let flat = Tensor::f_from_data_size(numbers, &count, kind)?;
        let tensor = flat.f_as_strided(signed(&self.size)?, signed(&self.stride)?, 0)?;
        Ok(tensor.f_to_kind(Kind::Float)?.f_contiguous()?)
    }
}

fn signed(numbers: &[usize]) -> Result<Vec<i64>> {
    let signed = numbers.iter().map(|&n| i64::try_from(n)).collect::<std::result::Result<_, _>>();
    signed.map_err(|_| Fault::damaged(format!("a tensor of sizes {numbers:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns 0 and 2 of [[0, 1, 2], [3, 4, 5]], transposed.
    #[test]
    fn a_window_on_doubles_is_copied_as_contiguous_f32() {
        let bytes: Vec<u8> = (0..6).flat_map(|n| f64::from(n).to_le_bytes()).collect();
        let view = View::new(0, vec![2, 2], vec![2, 3]).unwrap();
        let tensor = view.tensor(&bytes, Kind::Double).unwrap();
        assert_eq!(tensor, Tensor::from_slice2(&[[0.0_f32, 3.0], [2.0, 5.0]]));
        assert!(tensor.is_contiguous() && tensor.kind() == Kind::Float);
    }
}
