//! Where the patch goes, and which positions are computed together.

use super::Occlusion;
use crate::check::within;
use crate::{Error, Result};

/// The grid of all positions over an image.
#[derive(Debug, Clone)]
pub(super) struct Positions {
    pub image: [i64; 2],
    patch: [i64; 2],
    stride: [i64; 2],
    /// Rows and columns of positions.
    pub count: [i64; 2],
}

/// Row and column of a position in the grid.
pub(super) type Cell = [i64; 2];

impl Occlusion {
    pub(super) fn positions(&self, image: [i64; 2]) -> Result<Positions> {
        let (patch, stride) = (self.patch, self.stride);
        if [0, 1].iter().any(|&d| !(1..=image[d]).contains(&patch[d])) {
            let expected = format!("at least [1, 1] and at most the image's {image:?}");
            let advice = "use a smaller patch, or a larger image";
            return Err(Error::argument("patch", expected, format!("{patch:?}"), advice));
        }
        if [0, 1].iter().any(|&d| !(1..=patch[d]).contains(&stride[d])) {
            let expected = format!("at least [1, 1] and at most the patch's {patch:?}");
            let advice = "larger steps would leave pixels between the patches uncovered";
            return Err(Error::argument("stride", expected, format!("{stride:?}"), advice));
        }
        within("batch", self.batch, 1..=100_000, "32 is a good size")?;
        let steps = |d: usize| (image[d] - patch[d] + stride[d] - 1) / stride[d];
        Ok(Positions { image, patch, stride, count: [steps(0) + 1, steps(1) + 1] })
    }
}

impl Positions {
    /// The first row and column under the patch at each of some positions.
    pub fn at(&self, cells: &[Cell]) -> Vec<[i64; 2]> {
        cells.iter().map(|cell| [0, 1].map(|d| cell[d] * self.stride[d])).collect()
    }

    /// All positions, at most `most` at once, those equally far from the edges together: there the
    /// edge cuts what a patch can change, and the smaller windows are of one size.
    pub fn batches(&self, most: usize) -> Vec<Vec<Cell>> {
        let side = most.isqrt();
        let rows = self.runs(0, side);
        let longest = rows.iter().map(Vec::len).max().unwrap_or(1);
        let columns = self.runs(1, most / longest);
        let tile = |rows: &Vec<i64>, columns: &Vec<i64>| {
            rows.iter().flat_map(|&y| columns.iter().map(move |&x| [y, x])).collect()
        };
        rows.iter().flat_map(|r| columns.iter().map(move |c| tile(r, c))).collect()
    }

    /// All rows (`d` = 0) or columns (`d` = 1), those equally far from the edges next to each other,
    /// in runs of at most `most`.
    fn runs(&self, d: usize, most: usize) -> Vec<Vec<i64>> {
        let from_edge = |i: i64| {
            let start = i * self.stride[d];
            start.min(self.image[d] - self.patch[d] - start)
        };
        let mut all: Vec<i64> = (0..self.count[d]).collect();
        all.sort_by_key(|&i| from_edge(i));
        let even = all.len().div_ceil(all.len().div_ceil(most));
        all.chunks(even).map(<[i64]>::to_vec).collect()
    }
}
