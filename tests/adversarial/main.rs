//! Adversarial attacks on tiny networks.

mod nearest;
mod others;
mod tiny;
mod within;
