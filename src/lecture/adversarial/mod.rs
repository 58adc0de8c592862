//! Lecture: "Fooling images / adversarial examples".

mod attacked;
mod ball;
mod eight_bits;
mod found;
mod goal;
mod norm;
mod pgd;
mod presets;
mod step;
mod task;
mod victim;

pub use attacked::Attacked;
pub use goal::Goal;
pub use norm::Norm;
pub use pgd::Pgd;
pub use step::Step;
pub use victim::predicted;

pub(crate) use victim::Victim;
