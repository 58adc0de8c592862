//! Patches on a sheet, and the seams between them.

use super::canvas::{Canvas, Source, squared};
use super::cut::cut;
use super::search::Known;

/// What has been sewn so far.
pub(super) struct Sheet<'a> {
    pub canvas: Canvas,
    pub source: &'a Source,
    pub patch: usize,
    pub overlap: usize,
}

impl Sheet<'_> {
    /// A place of the patch with its corner `at`, in the sheet.
    fn there(&self, at: [usize; 2], [y, x]: [usize; 2]) -> usize {
        (at[0] + y) * self.canvas.size[1] + at[1] + x
    }

    /// All that lies already where a patch with its corner `at` would come.
    pub(super) fn known(&self, at: [usize; 2]) -> Vec<Known> {
        let places = (0..self.patch).flat_map(|y| (0..self.patch).map(move |x| [y, x]));
        let seen = |[y, x]: [usize; 2]| {
            let there = self.there(at, [y, x]);
            let offset = (y * self.source.size[1] + x) as isize;
            self.canvas.from[there].map(|_| Known {
                offset,
                weight: 1.0,
                colour: self.canvas.pixels[there],
            })
        };
        places.filter_map(seen).collect()
    }

    /// Lays the patch `chosen` of the source to the corner `at`.
    pub(super) fn sew(&mut self, at: [usize; 2], chosen: usize, cuts: bool) {
        let whole = || vec![0; self.patch];
        let seam = |place| self.seam(at, chosen, place);
        let left = if cuts && at[1] > 0 { seam(|along, over| [along, over]) } else { whole() };
        let top = if cuts && at[0] > 0 { seam(|along, over| [over, along]) } else { whole() };
        for (y, &left) in left.iter().enumerate() {
            for (x, &top) in top.iter().enumerate() {
                if x >= left && y >= top {
                    let there = self.there(at, [y, x]);
                    self.canvas.put(there, self.source, chosen + y * self.source.size[1] + x);
                }
            }
        }
    }

    /// The cheapest cut through the overlap along one side; `place` says which.
    fn seam(
        &self,
        at: [usize; 2],
        chosen: usize,
        place: fn(usize, usize) -> [usize; 2],
    ) -> Vec<usize> {
        let cost = |[y, x]: [usize; 2]| {
            let new = self.source.pixels[chosen + y * self.source.size[1] + x];
            squared(self.canvas.pixels[self.there(at, [y, x])], new)
        };
        let row = |along| (0..self.overlap).map(|over| cost(place(along, over))).collect();
        cut((0..self.patch).map(row).collect())
    }
}
