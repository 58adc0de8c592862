//! How well neighbours tell the category.

use super::{Bank, Metric, nearest_others};
use crate::Result;
use std::collections::BTreeMap;

/// What neighbours say about every photo of a bank.
#[derive(Clone, Debug)]
pub struct Votes {
    /// The category each photo's neighbours elect.
    pub elected: Vec<String>,
    /// The share of photos whose own category was elected.
    pub right: f64,
    /// That share for each category, in alphabetical order.
    pub by_category: Vec<(String, f64)>,
}

/// Tells the category of each photo by its `k` nearest others, and counts how often that is right.
///
/// The category most of them have wins; of equally many, the one that comes nearest. Compare with
/// the share a blind guess gets right: the size of the largest category over the number of photos.
/// Errors: `k` of 0 or not below the number of photos.
///
/// ```
/// use convlens::neighbours::{Bank, Metric, leave_one_out};
/// use tch::Tensor;
/// let names = |all: [&str; 4]| all.map(String::from).to_vec();
/// let bank = Bank {
///     layer: "conv1".into(),
///     files: names(["1", "2", "3", "4"]),
///     categories: names(["cat", "cat", "dog", "dog"]),
///     features: Tensor::from_slice(&[0f32, 1.0, 3.0, 7.0]).view([4, 1]),
///     skipped: vec![],
/// };
/// let votes = leave_one_out(&bank, 1, Metric::L2)?;
/// assert_eq!(votes.elected, ["cat", "cat", "cat", "dog"]); // 3 is nearer to 1 than to 7
/// assert_eq!(votes.right, 0.75);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn leave_one_out(bank: &Bank, k: usize, metric: Metric) -> Result<Votes> {
    bank.check()?;
    let found = nearest_others(&bank.features, k, metric)?;
    let elected: Vec<String> =
        found.index.iter().map(|near| winner(near, &bank.categories)).collect();
    let mut counts: BTreeMap<&String, [f64; 2]> = BTreeMap::new();
    for (own, elected) in bank.categories.iter().zip(&elected) {
        let [right, all] = counts.entry(own).or_default();
        *right += f64::from(own == elected);
        *all += 1.0;
    }
    let right = counts.values().map(|[right, _]| right).sum::<f64>() / elected.len() as f64;
    let share = |(name, [right, all]): (&String, [f64; 2])| (name.clone(), right / all);
    Ok(Votes { right, by_category: counts.into_iter().map(share).collect(), elected })
}

/// Categories in the order of their nearest member; the first with the most votes.
fn winner(near: &[usize], categories: &[String]) -> String {
    let votes = |name: &String| near.iter().filter(|&&i| categories[i] == *name).count();
    let names = near.iter().map(|&i| &categories[i]);
    let most = names.clone().map(votes).max();
    names.clone().find(|name| Some(votes(name)) == most).cloned().unwrap_or_default()
}
