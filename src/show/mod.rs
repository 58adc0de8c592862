//! Tool 5: figures that show themselves in a notebook cell, and progress of long work.
//!
//! Every figure says in its alt text what it shows and between which values.

mod animation;
mod axes;
mod bars;
mod canvas;
mod colour_bar;
mod colours;
mod combine;
mod count;
mod figure;
mod filters;
mod framed;
#[cfg(fuzzing)]
pub mod fuzzed;
mod gif;
mod heat;
mod images;
mod lines;
mod live;
mod maps;
mod marks;
mod mosaic;
mod number;
mod pace;
mod panic;
mod place;
mod plot;
mod progress;
mod relay;
mod scale;
mod scatter;
mod shown;
mod table;
mod teller;
mod terminal;
mod text;

pub use animation::{Animation, animation};
pub use bars::bars;
pub use combine::{grid, row};
pub use figure::Figure;
pub use filters::{Scale, filter_grid, filter_grids};
pub use framed::{Frame, framed};
pub use heat::{HeatMap, heat_map, overlay};
pub use images::{captioned, image, images};
pub use lines::{Lines, lines};
pub use live::Live;
pub use maps::map_grid;
pub use mosaic::{Cells, mosaic};
pub(crate) use number::short;
pub use progress::{Progress, progress};
pub use relay::stderr;
pub use scatter::{scatter, thumbnails};
pub use shown::Shown;
pub use table::{Entry, Table, table};
