//! Pickles, without Python: a machine that can only make plain values.

mod bytes;
mod calls;
mod globals;
mod machine;
mod steps;
mod storages;
mod value;

pub(super) use steps::load;
pub(super) use value::{Id, Object, Value};
