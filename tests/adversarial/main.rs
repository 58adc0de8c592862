//! Adversarial attacks on tiny networks.

#[path = "../common/mod.rs"]
mod common;
mod nearest;
mod others;
mod tiny;
mod within;
