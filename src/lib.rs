//! ConvLens
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod error;
pub mod lecture;
pub mod net;
mod objective;
pub mod optimise;
pub mod pixels;
pub mod zoo;

pub use error::{Error, Result};
pub use lecture::*;
pub use objective::Objective;
pub use optimise::{Climb, Climbed, Method};

/// Everything a notebook cell needs.
pub mod prelude {
    pub use crate::net::{Conv2d, Field, Net, Op, Pool, ReluRule};
    pub use crate::{Error, Objective, Result};
    pub use tch::{Device, Kind, Tensor};
}
