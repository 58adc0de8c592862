//! The rows, by folder of the crate.

mod adversarial;
mod attribution;
mod defence;
mod embedding;
mod figures;
mod making;
mod neighbours;
mod net;
mod objective;
mod pixels;
mod reading;
mod style;
mod texture;
mod zoo;

use crate::table::Table;
use crate::world::Rows;

/// Every row, in a fixed order: the worker counts them.
pub fn all() -> Table {
    let mut table = Table::default();
    let parts: [Rows; 14] = [
        pixels::rows,
        net::rows,
        zoo::rows,
        objective::rows,
        figures::rows,
        reading::rows,
        neighbours::rows,
        embedding::rows,
        attribution::rows,
        making::rows,
        adversarial::rows,
        defence::rows,
        texture::rows,
        style::rows,
    ];
    parts.into_iter().for_each(|rows| rows(&mut table));
    table
}
