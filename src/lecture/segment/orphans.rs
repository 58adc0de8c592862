//! Branches that broke off: a new parent in the same tree, or freedom (Boykov and Kolmogorov 2004, 3.2.3).

use super::flow::{Flow, NONE, ROOT, Tree};

impl Flow {
    /// Finds an orphan the neighbour of its tree that is nearest to a root, or sets it free.
    pub(super) fn settle(&mut self, i: usize) {
        let mut best: Option<(u32, usize)> = None;
        for way in 0..8 {
            let there = self.step(i, way);
            let fits = self.tree[there] == self.tree[i];
            if fits
                && self.room_down(there, i, way ^ 1) > 0.0
                && let Some(depth) = self.depth(there)
            {
                best = Some(best.map_or((depth, way), |best| best.min((depth, way))));
            }
        }
        match best {
            Some((depth, way)) => self.hang(i, way, [self.time, depth]),
            None => self.release(i),
        }
    }

    /// How many links above a pixel there are to a root, if there is one.
    fn depth(&mut self, i: usize) -> Option<u32> {
        let (mut above, mut end) = (0, i);
        while self.parent[end] != ROOT && self.seen[end][0] != self.time {
            end = if self.parent[end] == NONE {
                return None;
            } else {
                self.step(end, self.parent[end])
            };
            above += 1;
        }
        let top = if self.parent[end] == ROOT { 1 } else { self.seen[end][1] };
        let mut at = i;
        for k in 0..=above {
            self.seen[at] = [self.time, top + above - k];
            at = if k < above { self.step(at, self.parent[at]) } else { at };
        }
        Some(top + above)
    }

    fn release(&mut self, i: usize) {
        for way in 0..8 {
            let there = self.step(i, way);
            if self.tree[there] != self.tree[i] {
                continue;
            }
            if self.room_down(there, i, way ^ 1) > 0.0 {
                self.activate(there);
            }
            if self.parent[there] == way ^ 1 {
                self.orphan(there);
            }
        }
        self.tree[i] = Tree::Free;
    }
}
