//! Attacks that look for the nearest picture that fools, however far that is.
//!
//! Their result is a distance for each image, [`Attacked::l2`](super::Attacked) or `linf`: the smaller,
//! the stronger the attack. There is no epsilon, and "accuracy after the attack" means nothing: it is
//! 0 wherever the search went on long enough. The share of images with a distance above epsilon is
//! what compares with an attack within epsilon.

mod carlini_wagner;
mod constants;
mod deep_fool;
mod edge;
mod gains;
mod lead;
mod nearest;

pub use carlini_wagner::CarliniWagner;
pub use deep_fool::DeepFool;
