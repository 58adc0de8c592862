//! One module per concept, in lecture order.

pub mod filters;
pub mod occlusion;
pub mod saliency;
