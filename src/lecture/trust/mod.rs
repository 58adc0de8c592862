//! How far a map of pixels can be trusted: does it look at the network, and at what the network uses?

mod alike;
mod insertion;
mod pointing;
mod sanity;
mod scores;

pub use alike::{normalised, rank_correlation, structural_similarity};
pub use insertion::{Curves, InsertionDeletion};
pub use pointing::points_at;
pub use sanity::{Likeness, Order, Sanity, SanityChecked};
pub use scores::{Recognised, Score, Scores, Trial, recognised};
