//! One module per concept, in lecture order.

pub mod embedding;
pub mod filters;
pub mod neighbours;
pub mod saliency;
