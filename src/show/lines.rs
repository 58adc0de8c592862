//! Curves: how values change over something.

use super::Figure;
use super::axes::{extremes, rounded, widened};
use super::number::short;
use super::plot::Plot;
use crate::{Error, Result};

/// A chart of lines, and what is written on it.
///
/// ```
/// use convlens::show::Lines;
/// let accuracy = [("FGSM".to_string(), vec![0.9, 0.5, 0.3]), ("PGD".to_string(), vec![0.9, 0.1, 0.0])];
/// let chart = Lines { x_label: "epsilon".into(), y_label: "accuracy".into(), ..Lines::default() };
/// let figure = chart.draw(&[0.0, 0.01, 0.02], &accuracy)?;
/// assert_eq!(
///     figure.alt,
///     "lines of accuracy over epsilon 0 to 0.02: FGSM from 0.9 to 0.3, PGD from 0.9 to 0; \
///      values 0 to 0.9"
/// );
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    /// What changes from left to right.
    pub x_label: String,
    /// What the values are.
    pub y_label: String,
    /// Written at the positions in place of their numbers: one for each, or none.
    pub x_names: Vec<String>,
    /// The lower and the upper end of the upright axis. `None`: round numbers around all values.
    pub range: Option<[f64; 2]>,
    /// Whether each value has a mark. `None`: where there are at most 25 positions.
    pub marks: Option<bool>,
}

/// Lines over the positions `x`, one for each name, with a legend: [`Lines`] with its defaults.
///
/// `labels` say what changes from left to right, and what the values are. NaN leaves a gap.
/// Errors: those of [`Lines::draw`].
pub fn lines(x: &[f64], series: &[(String, Vec<f64>)], labels: [&str; 2]) -> Result<Figure> {
    let [x_label, y_label] = labels.map(String::from);
    Lines { x_label, y_label, ..Lines::default() }.draw(x, series)
}

/// The most positions of one chart.
const MOST: usize = 20_000;

impl Lines {
    /// Draws up to ten series, each with a value for each position of `x`, joined in that order.
    ///
    /// NaN leaves a gap. What lies outside `range` is cut off, and the alt text says that it is there.
    /// Errors: no positions or series, more than ten series or 20 000 positions, a series of another
    /// length, an infinite value, only NaN, another number of names than positions, a range that does not rise.
    pub fn draw(&self, x: &[f64], series: &[(String, Vec<f64>)]) -> Result<Figure> {
        self.check(x, series)?;
        let values: Vec<f64> =
            series.iter().flat_map(|(_, v)| v).copied().filter(|v| !v.is_nan()).collect();
        let reach = extremes(&values)?;
        for [low, high] in [extremes(x)?, reach] {
            if !(high - low).is_finite() {
                let (expected, got) = ("numbers of a finite range", format!("{low:e} to {high:e}"));
                return Err(Error::argument("lines", expected, got, "leave some out"));
            }
        }
        let plot = Plot {
            x: widened(extremes(x)?),
            y: self.range.unwrap_or(rounded(widened(reach))),
            marks: self.marks.unwrap_or(x.len() <= 25),
            chart: self,
        };
        Figure::new(plot.draw(x, series)?, self.alt(x, series, reach))
    }

    fn check(&self, x: &[f64], series: &[(String, Vec<f64>)]) -> Result<()> {
        let refuse = |what: &str, expected: String, got: String, advice: &str| {
            Err(Error::argument(what, expected, got, advice))
        };
        if !(1..=10).contains(&series.len()) {
            let advice = "draw several figures of the most important ones";
            return refuse("series", "1..=10 of them".into(), series.len().to_string(), advice);
        }
        let strange = x.iter().find(|v| !v.is_finite());
        if x.is_empty() || strange.is_some() {
            let got = strange.map_or("none".into(), |v| format!("{v} among {}", x.len()));
            return refuse("x", "finite positions, at least one".into(), got, "leave it out");
        }
        if x.len() > MOST {
            let got = x.len().to_string();
            return refuse("x", format!("at most {MOST} positions"), got, "take every tenth");
        }
        if let Some((name, v)) = series.iter().find(|(_, v)| v.len() != x.len()) {
            let (expected, got) =
                (format!("{} values", x.len()), format!("{} for {name}", v.len()));
            return refuse("series", expected, got, "put NaN where there is none");
        }
        if let Some((name, _)) = series.iter().find(|(_, v)| v.iter().any(|v| v.is_infinite())) {
            let got = format!("an infinity in {name}");
            return refuse("series", "finite values".into(), got, "put NaN in its place");
        }
        if !self.x_names.is_empty() && self.x_names.len() != x.len() {
            let (expected, got) = (x.len().to_string(), self.x_names.len().to_string());
            return refuse("x_names", expected, got, "give one for each position, or none");
        }
        match self.range {
            Some([low, high]) if !(low < high && (high - low).is_finite()) => {
                let got = format!("{:?}", [low, high]);
                refuse("range", "two rising numbers".into(), got, "give the lower value first")
            }
            _ => Ok(()),
        }
    }

    fn alt(&self, x: &[f64], series: &[(String, Vec<f64>)], [low, high]: [f64; 2]) -> String {
        let mut each = vec![];
        for (name, values) in series {
            let mut there = values.iter().copied().filter(|v| !v.is_nan());
            let first = there.next();
            let last = there.next_back().or(first);
            each.push(match first.zip(last) {
                Some((a, b)) => format!("{name} from {} to {}", short(a), short(b)),
                None => format!("{name} without values"),
            });
        }
        let at = |i: usize| self.x_names.get(i).cloned().unwrap_or(short(x[i]));
        let over = format!("{} {} to {}", self.x_label, at(0), at(x.len() - 1));
        let reach = format!("values {} to {}", short(low), short(high));
        format!("lines of {} over {over}: {}; {reach}", self.y_label, each.join(", "))
            + match self.range {
                Some([a, b]) if low < a || high > b => ", beyond the axis",
                _ => "",
            }
    }
}
