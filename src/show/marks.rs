//! Points and lines whose edges are smooth: a pixel takes as much colour as they cover of it.

use super::canvas::Canvas;
use image::Rgb;

/// Ten colours that most readers can tell apart.
pub(super) const COLOURS: [[u8; 3]; 10] = [
    [31, 95, 180],
    [240, 120, 10],
    [35, 150, 60],
    [205, 40, 45],
    [125, 75, 170],
    [120, 75, 55],
    [225, 105, 190],
    [95, 95, 95],
    [165, 165, 20],
    [20, 175, 200],
];

/// How far a mark or a line is seen through.
const OPAQUE: f64 = 0.85;

/// What a mark looks like.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Shape {
    Disc,
    Square,
    Diamond,
}

impl Shape {
    /// Discs first, then squares, then diamonds for all that follow.
    pub fn numbered(i: usize) -> Self {
        match i {
            0 => Shape::Disc,
            1 => Shape::Square,
            _ => Shape::Diamond,
        }
    }

    /// How far a point lies from the middle, in the shape's own measure.
    fn far(self, [dy, dx]: [f64; 2]) -> f64 {
        match self {
            Shape::Disc => dy.hypot(dx),
            Shape::Square => dy.abs().max(dx.abs()) + 0.6,
            Shape::Diamond => (dy.abs() + dx.abs()) * 0.8,
        }
    }
}

/// Puts a mark at `[row, column]`, in pixels.
pub(super) fn mark(
    canvas: &mut Canvas,
    [row, column]: [f64; 2],
    radius: f64,
    (shape, ink): (Shape, [u8; 3]),
) {
    let reach = radius.ceil() as i64 + 1;
    for y in row as i64 - reach..=row as i64 + reach {
        for x in column as i64 - reach..=column as i64 + reach {
            let far = shape.far([y as f64 + 0.5 - row, x as f64 + 0.5 - column]);
            blend(canvas, [y, x], ink, (radius - far + 0.5).clamp(0.0, 1.0));
        }
    }
}

/// Draws a line through points `[row, column]`, in pixels; what is not in `clip`, `[top, left, bottom,
/// right]`, is cut off.
pub(super) fn stroke(
    canvas: &mut Canvas,
    points: &[[f64; 2]],
    ink: [u8; 3],
    [top, left, bottom, right]: [u32; 4],
) {
    let (h, w) = ((bottom - top) as usize, (right - left) as usize);
    let mut cover = vec![0f64; h * w];
    for pair in points.windows(2) {
        let inside = |v: [f64; 2]| [v[0] - f64::from(top), v[1] - f64::from(left)];
        cover_with(&mut cover, [h, w], [inside(pair[0]), inside(pair[1])]);
    }
    for (i, share) in cover.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let at = [top as usize + i / w, left as usize + i % w].map(|v| v as i64);
        blend(canvas, at, ink, *share);
    }
}

/// Half of a line's width, in pixels.
const HALF: f64 = 1.1;

/// The most that the line from `a` to `b` covers of each pixel; where lines meet, none is darker.
fn cover_with(cover: &mut [f64], [h, w]: [usize; 2], [a, b]: [[f64; 2]; 2]) {
    let between = |d: usize, most: usize| {
        let (low, high) = (a[d].min(b[d]) - 2.0, a[d].max(b[d]) + 2.0);
        (low.max(0.0) as usize).min(most)..(high.max(0.0) as usize).min(most)
    };
    for y in between(0, h) {
        for x in between(1, w) {
            let far = distance([y as f64 + 0.5, x as f64 + 0.5], [a, b]);
            let share = &mut cover[y * w + x];
            *share = share.max((HALF - far + 0.5).clamp(0.0, 1.0));
        }
    }
}

/// How far a point lies from the line between two others.
fn distance([y, x]: [f64; 2], [a, b]: [[f64; 2]; 2]) -> f64 {
    let (dy, dx) = (b[0] - a[0], b[1] - a[1]);
    let length = dy * dy + dx * dx;
    let along = ((y - a[0]) * dy + (x - a[1]) * dx) / length.max(f64::MIN_POSITIVE);
    let t = along.clamp(0.0, 1.0);
    (y - a[0] - t * dy).hypot(x - a[1] - t * dx)
}

fn blend(canvas: &mut Canvas, [y, x]: [i64; 2], ink: [u8; 3], share: f64) {
    let share = share * OPAQUE;
    let (w, h) = canvas.picture.dimensions();
    if share > 0.0 && (0..i64::from(w)).contains(&x) && (0..i64::from(h)).contains(&y) {
        let pixel = canvas.picture.get_pixel_mut(x as u32, y as u32);
        let mix = |c: usize| f64::from(pixel[c]) * (1.0 - share) + f64::from(ink[c]) * share;
        *pixel = Rgb(std::array::from_fn(|c| mix(c).round() as u8));
    }
}
