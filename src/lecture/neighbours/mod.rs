//! Lecture: "The last layer: nearest neighbours".
//!
//! Pictures that look alike need not have pixels alike. A [`Bank`] holds what one layer says about
//! many photos; [`nearest`] finds the closest ones; [`leave_one_out`] counts how often they are of the
//! same kind (Krizhevsky et al. 2012, section 6.1, figure 4 right).

mod bank;
mod cache;
mod measure;
mod picture;
mod search;
mod store;
mod vote;

pub use bank::{Bank, Positions, feature_bank, feature_banks};
pub use cache::feature_banks_cached;
pub use picture::neighbour_rows;
pub(crate) use search::rows;
pub use search::{Metric, Neighbours, nearest, nearest_others};
pub use vote::{Votes, leave_one_out};
