//! One module per concept, in lecture order.

pub mod activations;
pub mod adversarial;
pub mod ascent;
pub mod attribution;
pub mod cam;
pub mod defence;
pub mod dream;
pub mod embedding;
pub mod fast_style;
pub mod filters;
pub mod guided;
pub mod inversion;
pub mod neighbours;
pub mod occlusion;
pub mod patches;
pub mod saliency;
pub mod segment;
pub mod style;
pub mod texture;
pub mod trust;
