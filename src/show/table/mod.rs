//! A table: a row for each thing compared, a column for each measure, cells shaded by value.

mod draw;

use super::Figure;
use crate::{Error, Result};

/// What stands in a cell of a [`Table`].
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A number, which shades its cell; NaN is written as a dash, for what was not measured.
    Number(f64),
    /// A text, on white.
    Text(String),
}

/// A table with texts, or with a scale of its own; [`table`] is enough for numbers.
///
/// ```
/// use convlens::show::{Entry, Table};
/// let row = vec![Entry::Number(25.0), Entry::Text("from a certificate".into())];
/// let table = Table {
///     label: "accuracy in %".into(),
///     columns: vec!["adaptive attack".into(), "how".into()],
///     rows: vec![("smoothing".into(), row)],
///     range: Some([0.0, 100.0]),
/// };
/// let alt = "table of accuracy in %, shaded from 0 to 100; \
///            smoothing: adaptive attack 25, how from a certificate";
/// assert_eq!(table.draw()?.alt, alt);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What the numbers are, with their unit.
    pub label: String,
    /// A name for each column.
    pub columns: Vec<String>,
    /// A name for each row, and an entry for each column.
    pub rows: Vec<(String, Vec<Entry>)>,
    /// The values of white and of full colour; by default 0 and 1 where all values are between, else
    /// the lowest and the highest.
    pub range: Option<[f64; 2]>,
}

/// A table of numbers, each cell shaded by its value.
///
/// `label` says what the numbers are. Shades run from 0 to 1 where all values are between, with three
/// decimals written; else from the lowest to the highest. NaN is a dash: not measured.
/// Errors: no rows or columns, more than 1229 rows (32 000 pixels), a row of another length, an infinite
/// value.
///
/// ```
/// let rows = [("none".to_string(), vec![0.97, 0.02]), ("JPEG".to_string(), vec![0.96, f64::NAN])];
/// let figure = convlens::show::table(&rows, &["clean", "PGD"], "accuracy")?;
/// let alt = "table of accuracy, shaded from 0 to 1; \
///            none: clean 0.970, PGD 0.020; JPEG: clean 0.960, PGD –";
/// assert_eq!(figure.alt, alt);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn table(rows: &[(String, Vec<f64>)], columns: &[&str], label: &str) -> Result<Figure> {
    let entries = |values: &[f64]| values.iter().map(|&v| Entry::Number(v)).collect();
    let rows = rows.iter().map(|(name, values)| (name.clone(), entries(values))).collect();
    let columns = columns.iter().map(|c| c.to_string()).collect();
    Table { label: label.into(), columns, rows, range: None }.draw()
}

impl Table {
    /// The values of white and of full colour, once the table is sound.
    fn scale(&self) -> Result<[f64; 2]> {
        let width = self.columns.len();
        if self.rows.is_empty() || width == 0 {
            let got = format!("{} rows, {width} columns", self.rows.len());
            return Err(Error::argument("table", "at least one of each", got, "name some"));
        }
        if let Some((name, row)) = self.rows.iter().find(|(_, row)| row.len() != width) {
            let (what, expected) = (format!("row `{name}`"), format!("{width} entries"));
            return Err(Error::argument(what, expected, row.len(), "give one for each column"));
        }
        let numbers = self.rows.iter().flat_map(|(_, row)| row.iter().filter_map(number));
        let (low, high) = numbers.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        let range = self.range.unwrap_or(match (low, high) {
            (low, high) if low >= 0.0 && high <= 1.0 || low > high => [0.0, 1.0],
            (low, high) if low == high => [low.min(0.0), high.max(0.0)],
            (low, high) => [low, high],
        });
        if range[0] < range[1] && range[1] - range[0] < f64::INFINITY {
            return Ok(range);
        }
        let got = format!("{range:?}");
        Err(Error::argument("table", "finite values, a rising range", got, "leave others out"))
    }
}

/// The value that shades a cell.
fn number(entry: &Entry) -> Option<f64> {
    match entry {
        Entry::Number(v) if !v.is_nan() => Some(*v),
        _ => None,
    }
}
