//! Photos on a grid, in the order of a map.

use crate::check::within;
use crate::neighbours::rows;
use crate::show::Cells;
use crate::{Error, Result};
use pathfinding::{kuhn_munkres::kuhn_munkres_min, matrix::Matrix};
use tch::{Kind, Tensor};

/// Which photo goes into which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Each photo in the cell its point lies in, the first to come; the map's gaps stay empty.
    InPlace,
    /// In every cell the photo whose point is nearest; some come often, others never.
    Nearest,
    /// Every photo in a cell of its own, so that they move as little as possible in all.
    Assigned,
}

/// Into so many steps a squared cell is divided: costs are whole numbers.
const FINE: f64 = 1024.0;

/// Puts photos on a grid of `[rows, columns]` by their points `[n, 2]`.
///
/// The three forms of Karpathy's t-SNE pages (2014). The points' box is stretched over the grid;
/// the second coordinate grows upwards.
/// [`Form::Assigned`] minimises the sum of squared ways (Hungarian method, Kuhn 1955; the crate
/// pathfinding): time `n² rows columns`, two seconds for 900 photos.
/// Errors: no cells, more than 1000 rows or columns of them; for [`Form::Assigned`] fewer
/// cells than photos, or more than 100 million pairs of them.
///
/// ```
/// use convlens::embedding::{Form, arrange};
/// use tch::Tensor;
/// let points = Tensor::from_slice(&[0f32, 0.0, 0.1, 0.0, 1.0, 0.0]).view([3, 2]);
/// let photo = |form| arrange(&points, [1, 3], form).map(|cells| cells.photo);
/// assert_eq!(photo(Form::InPlace)?, [Some(0), None, Some(2)]);
/// assert_eq!(photo(Form::Nearest)?, [Some(1), Some(1), Some(2)]); // centres 1/6, 1/2, 5/6
/// assert_eq!(photo(Form::Assigned)?, [Some(0), Some(1), Some(2)]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn arrange(points: &Tensor, size: [usize; 2], form: Form) -> Result<Cells> {
    let cells = cell_count(size)?;
    let places = places(points, size)?;
    let photo = match form {
        Form::InPlace => in_place(&places, size),
        Form::Nearest => (0..cells).map(|cell| nearest(&places, centre(cell, size))).collect(),
        Form::Assigned if places.len() > cells => {
            let advice = "use a larger grid or fewer photos";
            return Err(Error::argument("size", format!("{} cells", places.len()), cells, advice));
        }
        Form::Assigned => {
            let advice = "use a smaller grid or fewer photos";
            within("photos times cells", places.len() * cells, 1..=MOST_COSTS, advice)?;
            assigned(&places, size)
        }
    };
    Ok(Cells { size, photo })
}

/// Points as `[row, column]` on the grid, each from 0 to its size.
/// So many distances an assignment may weigh, 0.8 GB; Hungarian's method goes through them once for each photo.
const MOST_COSTS: usize = 100_000_000;

/// How many cells a grid has; the assignment of photos to more would take hours.
fn cell_count([height, width]: [usize; 2]) -> Result<usize> {
    let advice = "a grid of 16 by 24 holds 384 photos";
    within("rows", height, 1..=1000, advice)?;
    within("columns", width, 1..=1000, advice)?;
    Ok(height * width)
}

fn places(points: &Tensor, size: [usize; 2]) -> Result<Vec<[f64; 2]>> {
    let [_, d] = rows(points, "points")?;
    if d != 2 {
        let got = format!("{:?}", points.size());
        return Err(Error::argument("grid", "points [n, 2]", got, "take `Embedded::points`"));
    }
    let p = points.f_to_kind(Kind::Double)?;
    let low = p.f_amin([0i64].as_slice(), false)?;
    let span = p.f_amax([0i64].as_slice(), false)?.f_sub(&low)?.f_clamp_min(f64::MIN_POSITIVE)?;
    let unit = Vec::<f64>::try_from(p.f_sub(&low)?.f_div(&span)?.f_reshape([-1])?)?;
    let [height, width] = size.map(|s| s as f64);
    Ok(unit.chunks(2).map(|at| [(1.0 - at[1]) * height, at[0] * width]).collect())
}

fn centre(cell: usize, [_, columns]: [usize; 2]) -> [f64; 2] {
    [(cell / columns) as f64 + 0.5, (cell % columns) as f64 + 0.5]
}

fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

fn in_place(places: &[[f64; 2]], [height, width]: [usize; 2]) -> Vec<Option<usize>> {
    let mut photo = vec![None; height * width];
    for (i, at) in places.iter().enumerate() {
        let row = (at[0] as usize).min(height - 1);
        photo[row * width + (at[1] as usize).min(width - 1)].get_or_insert(i);
    }
    photo
}

fn nearest(places: &[[f64; 2]], at: [f64; 2]) -> Option<usize> {
    let far = |&i: &usize| apart(places[i], at);
    (0..places.len()).min_by(|a, b| far(a).total_cmp(&far(b)))
}

fn assigned(places: &[[f64; 2]], size: [usize; 2]) -> Vec<Option<usize>> {
    let cells = size[0] * size[1];
    let cost = |(i, cell)| (apart(places[i], centre(cell, size)) * FINE) as i64;
    let (_, cell_of) = kuhn_munkres_min(&Matrix::from_fn(places.len(), cells, cost));
    let mut photo = vec![None; cells];
    for (i, cell) in cell_of.into_iter().enumerate() {
        photo[cell] = Some(i);
    }
    photo
}

/// How far each pair of neighbouring cells is apart in the data: the seams of a grid.
///
/// `features` `[n, d]` are the rows the map was made of. For each cell, row by row, the distance to the
/// cell on its right and to the one below; none at the border and beside empty cells. A map has to
/// tear somewhere: there the distances are large though the photos touch.
/// Errors: a photo without a row, a grid that has another number of cells.
pub fn seams(cells: &Cells, features: &Tensor) -> Result<Vec<[Option<f64>; 2]>> {
    let [n, _] = rows(features, "features")?;
    if let Some(&photo) = cells.photo.iter().flatten().find(|&&photo| photo >= n as usize) {
        let advice = "give the rows that the map was made of";
        return Err(Error::argument("features", format!("a row for photo {photo}"), n, advice));
    }
    let [height, width] = cells.size;
    if cell_count(cells.size)? != cells.photo.len() {
        let (expected, got) = (format!("{height} x {width} of them"), cells.photo.len());
        return Err(Error::argument("cells", expected, got, "take them from `arrange`"));
    }
    let far = |a: usize, b: usize| -> Result<Option<f64>> {
        let (Some(a), Some(b)) = (cells.photo[a], cells.photo[b]) else { return Ok(None) };
        let way = features.f_get(a as i64)?.f_sub(&features.f_get(b as i64)?)?;
        Ok(Some(way.f_norm()?.f_double_value(&[])?))
    };
    let both = |cell: usize| -> Result<[Option<f64>; 2]> {
        let right = if cell % width + 1 < width { far(cell, cell + 1)? } else { None };
        let below = if cell / width + 1 < height { far(cell, cell + width)? } else { None };
        Ok([right, below])
    };
    (0..height * width).map(both).collect()
}
