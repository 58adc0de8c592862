//! Maps of many photos: coloured points, or the photos themselves.

use super::Figure;
use super::canvas::{Canvas, INK};
use super::images::colour;
use super::marks::{COLOURS, Shape, mark};
use super::number::short;
use super::text::{Label, NOTE};
use crate::check::within;
use crate::neighbours::rows;
use crate::pixels::{batch_size, to_rgb8};
use crate::{Error, Result};
use image::imageops;
use plotters_backend::text_anchor::{HPos, VPos};
use tch::{Kind, Tensor};

const SIDE: u32 = 360;
const MOST_POINTS: i64 = 100_000;
const MARGIN: u32 = 12;
const STEP: u32 = 18;

/// Points `[n, 2]` in the colours of their groups, with a legend.
///
/// Both axes have the same scale; their ranges are written underneath. Groups come in alphabetical
/// order: discs for the first ten, then squares, then diamonds.
/// Errors: another shape, other than one group's name for each point, more than 30 groups or 100 000 points.
pub fn scatter(points: &Tensor, groups: &[String]) -> Result<Figure> {
    let places = Places::new(points, SIDE)?;
    let mut names: Vec<&String> = groups.iter().collect();
    names.sort();
    names.dedup();
    if groups.len() != places.at.len() || names.len() > 30 {
        let got = format!("{} names of {} groups", groups.len(), names.len());
        let expected = format!("{} names of at most 30 groups", places.at.len());
        return Err(Error::argument("groups", expected, got, "give each point its group"));
    }
    let label = Label::new(NOTE, HPos::Left, VPos::Center);
    let mut widest = 0;
    for name in &names {
        widest = widest.max(label.extent(name)?[1]);
    }
    let high = SIDE.max(names.len() as u32 * STEP);
    let mut canvas = Canvas::new([high + 24, SIDE + 34 + widest])?;
    outline(&mut canvas);
    let radius = if groups.len() > 300 { 2.6 } else { 4.0 };
    for (at, group) in places.at.iter().zip(groups) {
        mark(&mut canvas, *at, radius, look(names.binary_search(&group).unwrap_or_default()));
    }
    for (i, name) in names.iter().enumerate() {
        let row = i as u32 * STEP + STEP / 2;
        mark(&mut canvas, [f64::from(row), f64::from(SIDE + 16)], 4.5, look(i));
        canvas.text(name, [row, SIDE + 28], label)?;
    }
    canvas.text(&places.ranges, [high + 12, 0], label)?;
    let [n, groups] = [groups.len(), names.len()];
    let alt = format!("{n} points of {groups} groups; {}", places.ranges);
    Figure::new(canvas.picture, alt.replace("of 1 groups", "of 1 group"))
}

/// A group's shape and colour: every further ten groups get another shape.
fn look(group: usize) -> (Shape, [u8; 3]) {
    (Shape::numbered(group / 10), COLOURS[group % 10])
}

/// Photos `[n, 3, h, w]` or `[n, 1, h, w]`, each at its point of `[n, 2]`; later ones lie on top.
///
/// `side` is their height and width in pixels of the figure, which has 640 of them each way.
/// Errors: other than one point for each photo, a side of 0 or above 400.
pub fn thumbnails(points: &Tensor, images: &Tensor, side: u32) -> Result<Figure> {
    let [n, ..] = batch_size(images, "images")?;
    if !(1..=400).contains(&side) {
        return Err(Error::argument("side", "1..=400 pixels", side, "use 40, for example"));
    }
    let places = Places::new(points, 640 - side)?;
    if places.at.len() as i64 != n {
        let got = places.at.len();
        return Err(Error::argument("points", n, got, "give one point for each photo"));
    }
    let mut canvas = Canvas::new([640, 640])?;
    let images = colour(images)?;
    for (i, at) in (0..).zip(&places.at) {
        let photo = to_rgb8(&images.f_narrow(0, i, 1)?)?;
        let photo = imageops::resize(&photo, side, side, imageops::FilterType::Triangle);
        canvas.paste(&photo, at.map(|v| v as u32));
    }
    Figure::new(canvas.picture, format!("{n} photos at their places; {}", places.ranges))
}

/// Points in pixels, `[row, column]`, and what the axes reach.
struct Places {
    at: Vec<[f64; 2]>,
    ranges: String,
}

impl Places {
    fn new(points: &Tensor, side: u32) -> Result<Self> {
        let [n, d] = rows(points, "points")?;
        within("points", n, 1..=MOST_POINTS, "show some of them")?;
        if d != 2 {
            return Err(Error::argument("points", "[n, 2]", d, "take two columns"));
        }
        let p = points.f_to_kind(Kind::Double)?;
        let reach = |v: Tensor| -> Result<[f64; 2]> {
            Ok([v.f_double_value(&[0])?, v.f_double_value(&[1])?])
        };
        let low = reach(p.f_amin([0i64].as_slice(), false)?)?;
        let high = reach(p.f_amax([0i64].as_slice(), false)?)?;
        let span = (high[0] - low[0]).max(high[1] - low[1]).max(f64::MIN_POSITIVE);
        let room = f64::from(side.saturating_sub(2 * MARGIN));
        let place = |v: f64, axis: usize| {
            let middle = (low[axis] + high[axis]) / 2.0;
            f64::from(side) / 2.0 + (v - middle) / span * room
        };
        let values = Vec::<f64>::try_from(p.f_reshape([-1])?)?;
        let up = |v: f64| f64::from(side) - place(v, 1);
        let at = values.chunks(2).map(|p| [up(p[1]), place(p[0], 0)]).collect();
        let [left, bottom] = low.map(short);
        let [right, top] = high.map(short);
        let ranges = format!("across {left} to {right}, up {bottom} to {top}, same scale");
        Ok(Self { at, ranges })
    }
}

fn outline(canvas: &mut Canvas) {
    for at in [0, SIDE - 1] {
        canvas.fill([at, 0], [1, SIDE], INK);
        canvas.fill([0, at], [SIDE, 1], INK);
    }
}
