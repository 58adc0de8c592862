//! Every layer of every network, and every backward rule, against torch, torchvision and captum.
//!
//! `make_parity.py` beside this file made the expected values and says with which versions.

mod embedding;
mod formula;
mod names;
mod networks;
mod rules;
