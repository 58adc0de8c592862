//! Two trees that grow until they touch: the growth and the filling of the maximum flow.

use super::grid::WAYS;
use std::collections::VecDeque;

/// In place of the way to the parent: none, and the terminal itself.
pub(super) const NONE: usize = 8;
pub(super) const ROOT: usize = 9;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Tree {
    Free,
    Source,
    Sink,
}

/// A grid with a margin of one pixel that no flow enters, so that every pixel has eight neighbours.
pub(super) struct Flow {
    pub(super) offset: [isize; 8],
    /// What may still flow along each of the eight ways.
    pub(super) room: Vec<[f64; 8]>,
    /// What may still flow in from the source, or, negative, out to the sink.
    pub(super) excess: Vec<f64>,
    pub(super) tree: Vec<Tree>,
    pub(super) parent: Vec<usize>,
    /// When the distance to the root was last known to be right, and the distance.
    pub(super) seen: Vec<[u32; 2]>,
    pub(super) time: u32,
    active: VecDeque<usize>,
    queued: Vec<bool>,
    orphans: VecDeque<usize>,
}

impl Flow {
    pub(super) fn new(size: usize, wide: isize) -> Self {
        Flow {
            offset: WAYS.map(|[down, right]| down * wide + right),
            room: vec![[0.0; 8]; size],
            excess: vec![0.0; size],
            tree: vec![Tree::Free; size],
            parent: vec![NONE; size],
            seen: vec![[0, 1]; size],
            time: 0,
            active: VecDeque::new(),
            queued: vec![false; size],
            orphans: VecDeque::new(),
        }
    }

    pub(super) fn join(&mut self, i: usize, excess: f64) {
        self.excess[i] = excess;
        if excess != 0.0 {
            self.tree[i] = if excess > 0.0 { Tree::Source } else { Tree::Sink };
            self.parent[i] = ROOT;
            self.activate(i);
        }
    }

    pub(super) fn run(&mut self) {
        while let Some((from, way)) = self.touch() {
            self.time += 1;
            let there = self.step(from, way);
            let most = self.tightest(there, self.tightest(from, self.room[from][way]));
            self.send(from, way, most);
            self.fill(from, most);
            self.fill(there, most);
            while let Some(orphan) = self.orphans.pop_front() {
                self.settle(orphan);
            }
        }
    }

    /// Grows the trees until a link with room leads from the source's to the sink's.
    fn touch(&mut self) -> Option<(usize, usize)> {
        while let Some(&i) = self.active.front() {
            if self.tree[i] != Tree::Free
                && let Some(link) = (0..8).find_map(|way| self.grow(i, way))
            {
                return Some(link);
            }
            self.active.pop_front();
            self.queued[i] = false;
        }
        None
    }

    /// Takes the neighbour into the tree, or closer to its root; returns the link if it is in the other.
    fn grow(&mut self, i: usize, way: usize) -> Option<(usize, usize)> {
        let there = self.step(i, way);
        if self.room_down(i, there, way) <= 0.0 {
            return None;
        }
        if self.tree[there] == Tree::Free {
            self.tree[there] = self.tree[i];
            self.hang(there, way ^ 1, self.seen[i]);
            self.activate(there);
        } else if self.tree[there] != self.tree[i] {
            let forward = self.tree[i] == Tree::Source;
            return Some(if forward { (i, way) } else { (there, way ^ 1) });
        } else if self.seen[there][0] <= self.seen[i][0] && self.seen[there][1] > self.seen[i][1] {
            self.hang(there, way ^ 1, self.seen[i]);
        }
        None
    }

    /// The room of the link by which `i` would be the parent of `there`.
    pub(super) fn room_down(&self, i: usize, there: usize, way: usize) -> f64 {
        match self.tree[i] {
            Tree::Source => self.room[i][way],
            _ => self.room[there][way ^ 1],
        }
    }

    /// The link between a pixel and its parent, in the direction of the flow.
    fn branch(&self, i: usize) -> (usize, usize) {
        let way = self.parent[i];
        match self.tree[i] {
            Tree::Source => (self.step(i, way), way ^ 1),
            _ => (i, way),
        }
    }

    /// The least room on the way to the root, or `most`.
    fn tightest(&self, mut i: usize, mut most: f64) -> f64 {
        while self.parent[i] != ROOT {
            let (from, way) = self.branch(i);
            most = most.min(self.room[from][way]);
            i = self.step(i, self.parent[i]);
        }
        most.min(self.excess[i].abs())
    }

    /// Sends flow along the way to the root; links that are full break.
    fn fill(&mut self, mut i: usize, amount: f64) {
        while self.parent[i] != ROOT {
            let (from, way) = self.branch(i);
            let up = self.step(i, self.parent[i]);
            self.send(from, way, amount);
            if self.room[from][way] <= 0.0 {
                self.orphan(i);
            }
            i = up;
        }
        self.excess[i] -= amount * self.excess[i].signum();
        if self.excess[i] == 0.0 {
            self.orphan(i);
        }
    }

    pub(super) fn hang(&mut self, i: usize, way: usize, [time, depth]: [u32; 2]) {
        self.parent[i] = way;
        self.seen[i] = [time, depth + 1];
    }

    pub(super) fn orphan(&mut self, i: usize) {
        self.parent[i] = NONE;
        self.orphans.push_back(i);
    }

    pub(super) fn activate(&mut self, i: usize) {
        if !std::mem::replace(&mut self.queued[i], true) {
            self.active.push_back(i);
        }
    }

    fn send(&mut self, from: usize, way: usize, amount: f64) {
        let to = self.step(from, way);
        self.room[from][way] -= amount;
        self.room[to][way ^ 1] += amount;
    }

    pub(super) fn step(&self, i: usize, way: usize) -> usize {
        i.wrapping_add_signed(self.offset[way])
    }
}
