//! Names that somebody may have meant.

use std::cmp::Reverse;

/// Up to `most` names that begin and end most like `name`, the best first.
pub(crate) fn closest<'a>(
    name: &str,
    names: impl Iterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_by_key(|other| Reverse(likeness(name, other)));
    names.truncate(most);
    names
}

/// How many characters two names share at their beginning and end.
fn likeness(a: &str, b: &str) -> usize {
    let ahead = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let behind = a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).count();
    ahead + behind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first() {
        let names = ["conv1", "relu1_1", "conv1_1", "conv12_1"];
        assert_eq!(closest("conv1_2", names.into_iter(), 2), ["conv1_1", "conv1"]);
        assert!(closest("x", [].into_iter(), 3).is_empty());
    }
}
