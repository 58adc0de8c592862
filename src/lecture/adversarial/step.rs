//! How far an attack goes at a time.

use crate::{Error, Result};

/// How far one step goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// This share of epsilon.
    OfEpsilon(f64),
    /// This far, in units of the image's values in 0..1.
    Absolute(f64),
}

impl Step {
    pub(super) fn length(self, epsilon: f64) -> f64 {
        match self {
            Step::OfEpsilon(share) => share * epsilon,
            Step::Absolute(length) => length,
        }
    }

    pub(super) fn check(self) -> Result<()> {
        let (Step::OfEpsilon(size) | Step::Absolute(size)) = self;
        if size > 0.0 && size.is_finite() {
            return Ok(());
        }
        Err(Error::argument("step", "above 0", size, "the goal says which way is up"))
    }
}
