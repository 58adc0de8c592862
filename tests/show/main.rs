//! Figures say the right numbers: pixels of the pictures, alt texts and sizes. Cells say them to
//! the kernel.

mod cells;
mod forged;
mod kernel;
mod large;
mod lines;
mod loops;
mod maps;
mod notebook;
mod sheets;
mod tables;

use convlens::show::Figure;
use image::{Rgb, RgbImage};
use tch::Tensor;

fn picture(figure: &Figure) -> RgbImage {
    let picture = image::load_from_memory(&figure.bytes).unwrap().to_rgb8();
    let (w, h) = picture.dimensions();
    assert_eq!(figure.size(), [i64::from(h), i64::from(w)]);
    assert!(w <= 900, "wider than a notebook: {w}");
    picture
}

/// The colour in the middle of a cell of a map with `factor` pixels for each cell.
fn cell(figure: &Figure, [row, column]: [u32; 2], factor: u32) -> [u8; 3] {
    let Rgb(colour) =
        *picture(figure).get_pixel(column * factor + factor / 2, row * factor + factor / 2);
    colour
}

fn map(values: &[f32], size: [i64; 2]) -> Tensor {
    Tensor::from_slice(values).reshape(size)
}
