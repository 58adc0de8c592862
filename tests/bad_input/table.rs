//! Rows, and short ways to write many of them.

use crate::outcome::Outcome;
use crate::world::World;
use convlens::Result;
use convlens::prelude::*;
use std::fmt;

/// One call with bad input.
pub struct Row {
    /// The public function, as `surface::functions` names it.
    pub call: &'static str,
    /// What is bad.
    bad: String,
    expected: Expected,
    run: Box<Call>,
}

/// Calls the function, and gives the numbers of its answer.
type Call = dyn Fn(&World) -> Result<Vec<f64>>;

/// What a row must answer.
enum Expected {
    /// An error whose sentence holds this.
    Sentence(&'static str),
    /// A result whose numbers are all finite.
    Numbers,
}

impl Row {
    /// Calls the function; counts the numbers that are not finite.
    pub fn outcome(&self, world: &World) -> Outcome {
        match (self.run)(world) {
            Err(error) => Outcome::Refused(error.to_string()),
            Ok(numbers) => match numbers.iter().filter(|v| !v.is_finite()).count() {
                0 => Outcome::Answered,
                count => Outcome::NotFinite(count),
            },
        }
    }

    /// What is wrong with an outcome, or nothing.
    pub fn wrong(&self, outcome: &Outcome) -> Option<String> {
        match (&self.expected, outcome) {
            (Expected::Numbers, Outcome::Answered) => None,
            (Expected::Sentence(part), Outcome::Refused(text)) if text.contains(part) => {
                not_a_sentence(text)
            }
            (Expected::Sentence(part), _) => Some(format!("expected `{part}`, got {outcome:?}")),
            (Expected::Numbers, _) => Some(format!("expected finite numbers, got {outcome:?}")),
        }
    }
}

/// One line of a length that a cell shows, and none of libtorch's own.
fn not_a_sentence(text: &str) -> Option<String> {
    let foreign = text.contains("libtorch") || text.contains("Exception");
    let wrong = text.contains('\n') || text.chars().count() > 600 || foreign;
    wrong.then(|| format!("not one clear sentence: {text:?}"))
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.bad)
    }
}

/// What the errors about an image have in common, whatever function found it.
const IMAGES: [(&str, &str); 8] = [
    ("NaN", "NaN or infinite"),
    ("infinity", "NaN or infinite"),
    ("no images", "no size of 0"),
    ("no rows", "no size of 0"),
    ("rank 3", "[n, c, h, w]"),
    ("a number", "[n, c, h, w]"),
    ("bytes", "floats in 0..1"),
    ("2 channels", "3 channels"),
];

/// All rows.
#[derive(Default)]
pub struct Table {
    pub rows: Vec<Row>,
}

impl Table {
    /// A call that must fail with a sentence that holds `part`.
    pub fn refuses<T>(
        &mut self,
        call: &'static str,
        bad: impl fmt::Display,
        part: &'static str,
        run: impl Fn(&World) -> Result<T> + 'static,
    ) {
        let run = move |world: &World| run(world).map(|_| vec![]);
        let expected = Expected::Sentence(part);
        self.rows.push(Row { call, bad: bad.to_string(), expected, run: Box::new(run) });
    }

    /// A call that must work and give finite numbers.
    pub fn answers(
        &mut self,
        call: &'static str,
        odd: impl fmt::Display,
        run: impl Fn(&World) -> Result<Vec<f64>> + 'static,
    ) {
        let expected = Expected::Numbers;
        self.rows.push(Row { call, bad: odd.to_string(), expected, run: Box::new(run) });
    }

    /// A function of colour images, with eight that it must refuse.
    pub fn images<T: 'static>(
        &mut self,
        call: &'static str,
        run: fn(&World, &Tensor) -> Result<T>,
    ) {
        for (bad, part) in IMAGES {
            self.refuses(call, format!("an image: {bad}"), part, move |w| run(w, &w.bad(bad, 3)));
        }
    }

    /// A function of maps with one channel, or of tensors `[n, c, h, w]` whose channels it does not count.
    pub fn maps<T: 'static>(&mut self, call: &'static str, run: fn(&World, &Tensor) -> Result<T>) {
        for (bad, part) in &IMAGES[..7] {
            self.refuses(call, format!("a map: {bad}"), part, move |w| run(w, &w.bad(bad, 1)));
        }
    }

    /// A function of rows `[n, d]`.
    pub fn matrices<T: 'static>(
        &mut self,
        call: &'static str,
        run: fn(&World, &Tensor) -> Result<T>,
    ) {
        let matrix = "a [rows, columns] tensor";
        let bad =
            [("NaN", "NaN or infinite"), ("infinity", "NaN or infinite"), ("no rows", matrix)];
        for (bad, part) in bad.into_iter().chain([("rank 3", matrix), ("integers", "floats")]) {
            self.refuses(call, format!("rows: {bad}"), part, move |w| run(w, &w.bad_rows(bad)));
        }
    }

    /// A setting with values that must be refused.
    pub fn setting<T: 'static, V: Copy + fmt::Debug + 'static>(
        &mut self,
        call: &'static str,
        name: &str,
        part: &'static str,
        values: &[V],
        run: fn(&World, V) -> Result<T>,
    ) {
        for &value in values {
            self.refuses(call, format!("{name} {value:?}"), part, move |w| run(w, value));
        }
    }
}

/// All numbers of a tensor.
pub fn numbers(x: &Tensor) -> Vec<f64> {
    Vec::try_from(x.to_kind(Kind::Double).contiguous().flatten(0, -1)).unwrap_or_default()
}
