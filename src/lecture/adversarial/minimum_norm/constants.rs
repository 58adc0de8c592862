//! A search for the smallest constant that works, for each image.

use crate::Result;
use tch::Tensor;

/// Between the largest constant that failed and the smallest that worked.
pub(super) struct Constants {
    pub(super) now: Vec<f64>,
    failed: Vec<f64>,
    worked: Vec<f64>,
}

impl Constants {
    pub(super) fn new(first: f64, images: usize) -> Self {
        let (failed, worked) = (vec![0.0; images], vec![f64::INFINITY; images]);
        Constants { now: vec![first; images], failed, worked }
    }

    /// Ten times as large until one has worked, then the middle.
    pub(super) fn narrow(&mut self, worked: &[bool]) {
        for (i, &worked) in worked.iter().enumerate() {
            let bound = if worked { &mut self.worked[i] } else { &mut self.failed[i] };
            *bound = self.now[i];
            self.now[i] = match self.worked[i].is_infinite() {
                true => self.now[i] * 10.0,
                false => (self.failed[i] + self.worked[i]) / 2.0,
            };
        }
    }

    /// Back to the smallest that worked.
    pub(super) fn settle(&mut self) {
        self.now = self.worked.iter().map(|worked| worked.min(1e10)).collect();
    }

    pub(super) fn tensor(&self, like: &Tensor) -> Result<Tensor> {
        Ok(Tensor::f_from_slice(&self.now)?.f_type_as(like)?)
    }
}
