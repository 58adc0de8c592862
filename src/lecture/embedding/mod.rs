//! Lecture: "The last layer: dimensionality reduction".
//!
//! A layer's 1280 numbers for each photo become two, so that they can be drawn: [`pca`] turns and
//! drops, [`Tsne`] keeps neighbours together. [`trustworthiness`], [`neighbours_kept`] and
//! [`silhouette`] measure what a picture cannot promise; [`arrange`] puts photos on a grid.

mod divergence;
mod engine;
mod grid;
mod pca;
mod quality;
mod run;
mod tsne;

pub use divergence::divergence;
pub use grid::{Form, arrange, seams};
pub use pca::{Pca, pca};
pub use quality::{neighbours_kept, silhouette, trustworthiness};
pub use run::Embedded;
pub use tsne::{Engine, Init, Tsne};
