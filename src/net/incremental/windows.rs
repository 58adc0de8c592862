//! Which part of a map a change can reach, by arithmetic.

use super::super::plan::Work;
use super::super::{Conv2d, Op, Pool};

/// One rectangle for each picture of a batch, all of the same size; `[row, column]`, in pixels of
/// one layer's map. It may begin or end outside the map, in its padding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Windows {
    /// Where each rectangle begins.
    pub at: Vec<[i64; 2]>,
    /// Height and width of them all.
    pub size: [i64; 2],
}

/// First and last row and column of one rectangle.
type Span = [[i64; 2]; 2];

impl Windows {
    /// The whole map, for so many pictures.
    pub fn whole(count: usize, map: [i64; 2]) -> Self {
        Windows { at: vec![[0; 2]; count], size: map }
    }

    /// The outputs that read any of these inputs, inside a map of outputs.
    pub fn through(&self, slide: &Slide, map: [i64; 2]) -> Self {
        let Slide { extent, stride, before } = slide;
        let last = |d: usize, at: i64| (at + self.size[d] - 1 + before[d]).div_euclid(stride[d]);
        let first = |d: usize, at: i64| {
            let room = at + before[d] - (extent[d] - 1);
            room.div_euclid(stride[d]) + i64::from(room.rem_euclid(stride[d]) > 0)
        };
        let reached = |at: &[i64; 2]| [0, 1].map(|d| [first(d, at[d]), last(d, at[d])]);
        Self::within(self.at.iter().map(reached).collect(), map)
    }

    /// The inputs that these outputs read.
    pub fn read_by(&self, slide: &Slide) -> Self {
        let Slide { extent, stride, before } = slide;
        let start = |at: &[i64; 2]| [0, 1].map(|d| at[d] * stride[d] - before[d]);
        Windows {
            at: self.at.iter().map(start).collect(),
            size: [0, 1].map(|d| (self.size[d] - 1) * stride[d] + extent[d]),
        }
    }

    /// Windows that hold all of several ones, inside a map.
    pub fn union(all: &[&Windows], map: [i64; 2]) -> Self {
        let first = |i: usize, d: usize| all.iter().map(|w| w.at[i][d]).min().unwrap_or(0);
        let end = |i: usize, d: usize| all.iter().map(|w| w.at[i][d] + w.size[d]).max();
        let span = |i| [0, 1].map(|d| [first(i, d), end(i, d).unwrap_or(0) - 1]);
        let count = all.first().map_or(0, |w| w.at.len());
        Self::within((0..count).map(span).collect(), map)
    }

    /// Windows of one size that hold what lies inside the map of each span.
    fn within(spans: Vec<Span>, map: [i64; 2]) -> Self {
        let inside = |d: usize, [first, last]: [i64; 2]| [first.max(0), last.min(map[d] - 1)];
        let length = |d: usize, span: &Span| {
            let [first, last] = inside(d, span[d]);
            last - first + 1
        };
        let longest = |d: usize| spans.iter().map(|s| length(d, s)).max().unwrap_or(1).max(1);
        let size = [longest(0), longest(1)];
        let start = |s: &Span| [0, 1].map(|d| inside(d, s[d])[0].clamp(0, map[d] - size[d]));
        Windows { at: spans.iter().map(start).collect(), size }
    }

    /// Which share of a map one window covers.
    pub fn share(&self, map: [i64; 2]) -> f64 {
        (self.size[0] * self.size[1]) as f64 / (map[0] * map[1]) as f64
    }
}

/// How an operation's window slides over its input; all `[height, width]`.
#[derive(Debug, PartialEq)]
pub(crate) struct Slide {
    /// Rows and columns that one output reads.
    pub extent: [i64; 2],
    /// How far it moves from one output to the next.
    pub stride: [i64; 2],
    /// Rows and columns of padding before the first input.
    pub before: [i64; 2],
}

/// What one pixel of a step's output reads.
pub(super) enum Reads {
    /// The pixels at the same place, one of each input.
    SamePlace,
    /// A window of its one input; the operation without its padding, and what that padding holds.
    Window(Slide, Op, f64),
    /// All of the map.
    Everything,
}

pub(super) fn reads(work: &Work) -> Reads {
    let op = match work {
        Work::Folded(conv) => return convolution(conv),
        Work::Own(op) | Work::InPlace(op) => op,
    };
    match op {
        Op::Conv2d(conv) => convolution(conv),
        Op::MaxPool2d(pool) => {
            Reads::Window(slide(pool), Op::MaxPool2d(bare(pool)), f64::NEG_INFINITY)
        }
        // A mean at the far edge of a `ceil` pool divides by fewer pixels than the others.
        Op::AvgPool2d(pool) if !pool.ceil => {
            Reads::Window(slide(pool), Op::AvgPool2d(bare(pool)), 0.0)
        }
        Op::AvgPool2d(_) | Op::AdaptiveAvgPool2d { .. } | Op::Flatten | Op::Linear { .. } => {
            Reads::Everything
        }
        _ => Reads::SamePlace,
    }
}

fn convolution(conv: &Conv2d) -> Reads {
    let slide = Slide { extent: conv.extent(), stride: conv.stride, before: conv.before };
    let bare = Conv2d { before: [0; 2], after: [0; 2], ..conv.share() };
    Reads::Window(slide, Op::Conv2d(bare), 0.0)
}

fn slide(pool: &Pool) -> Slide {
    Slide { extent: pool.size, stride: pool.stride, before: pool.padding }
}

fn bare(pool: &Pool) -> Pool {
    Pool { padding: [0; 2], ceil: false, ..*pool }
}
