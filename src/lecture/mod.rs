//! One module per concept, in lecture order.

pub mod filters;
pub mod saliency;
