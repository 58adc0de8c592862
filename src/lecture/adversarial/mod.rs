//! Lecture: "Fooling images / adversarial examples".

mod attacked;
mod ball;
mod curve;
mod eight_bits;
mod evolution;
mod fooling_image;
mod found;
mod goal;
pub mod minimum_norm;
mod norm;
mod one_pixel;
mod pgd;
mod presets;
mod step;
mod task;
mod universal;
mod victim;

pub use attacked::Attacked;
pub use fooling_image::{Fooling, FoolingImage};
pub use goal::Goal;
pub use minimum_norm::{CarliniWagner, DeepFool};
pub use norm::Norm;
pub use one_pixel::OnePixel;
pub use pgd::Pgd;
pub use step::Step;
pub use universal::{Perturbation, Universal};
pub use victim::predicted;

pub(crate) use victim::Victim;
