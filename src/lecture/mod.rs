//! One module per concept, in lecture order.

pub mod activations;
pub mod filters;
pub mod occlusion;
pub mod patches;
pub mod saliency;
