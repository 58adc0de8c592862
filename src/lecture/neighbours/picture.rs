//! Photos beside their neighbours.

use super::{Bank, Metric, nearest_others};
use crate::pixels::{Fit, Photos};
use crate::show::{Figure, Frame, framed};
use crate::{Error, Result};
use tch::Tensor;

/// Each query, white, and its `k` nearest others of the bank; blue frames where the category is right.
///
/// `queries` are rows of the bank. Reads the photos' files again, to show them.
/// Errors: no queries or one that is not in the bank, `k` of 0 or too large, a file that is gone.
pub fn neighbour_rows(bank: &Bank, queries: &[usize], k: usize, metric: Metric) -> Result<Figure> {
    bank.check()?;
    let count = bank.files.len();
    if queries.is_empty() || queries.iter().any(|&query| query >= count) {
        let advice = "`bank.files` lists them";
        return Err(Error::argument(
            "queries",
            format!("0..{count}"),
            format!("{queries:?}"),
            advice,
        ));
    }
    let found = nearest_others(&bank.features, k, metric)?;
    let files = bank.files.iter().map(Into::into).collect();
    let photos = Photos { files, size: 72, fit: Fit::Whole, ..Photos::default() };
    let (mut tiles, mut frames, mut names) = (vec![], vec![], vec![]);
    for &query in queries {
        tiles.push(photos.image(query)?);
        frames.push(Frame::None);
        names.push(bank.categories[query].clone());
        for &near in &found.index[query] {
            let right = bank.categories[near] == bank.categories[query];
            tiles.push(photos.image(near)?);
            frames.push(if right { Frame::Right } else { Frame::Wrong });
            names.push(bank.categories[near].clone());
        }
    }
    framed(&Tensor::f_cat(&tiles, 0)?, &frames, &names, k + 1)
}
