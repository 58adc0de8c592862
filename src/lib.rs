//! ConvLens
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod error;
pub mod net;
mod objective;

pub use error::{Error, Result};
pub use objective::Objective;

/// Everything a notebook cell needs.
pub mod prelude {
    pub use crate::net::{Conv2d, Field, Net, Op, Pool, ReluRule};
    pub use crate::{Error, Objective, Result};
    pub use tch::{Device, Kind, Tensor};
}
