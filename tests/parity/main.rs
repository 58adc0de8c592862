//! Every layer of every network, and every backward rule, against torch, torchvision and captum.
//!
//! `make_parity.py` beside this file made the expected values and says with which versions.

mod adversarial;
mod attribution;
mod checkpoints;
#[path = "../common/mod.rs"]
mod common;
mod embedding;
mod fast_style;
mod formula;
mod grabcut;
mod lbfgs;
mod listed;
mod names;
mod networks;
mod occlusion;
mod rules;
mod trust;
