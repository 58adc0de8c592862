//! Progress of long loops.

use super::count::State;
use super::teller::Teller;
use std::iter::FusedIterator;
use std::time::Instant;

/// Passes the items of a loop on, shows how far it is, and ends it when the reader presses Stop.
///
/// - In this project's notebook kernel: one moving bar after 0.3 seconds. Stop lets the current item
///   finish and then ends the loop, as if there were no more items, so that the code after it runs
///   and every variable is kept; later loops with `progress` in the same cell end at once.
/// - In a terminal: one moving bar; those of inner loops vanish when they are done.
/// - Elsewhere: nothing for 5 seconds, then a plain line every 5 seconds and one at the end.
///
/// All of it on standard output. Each item costs one reading of the clock (below 0.1 microseconds).
///
/// ```
/// let sum: i32 = convlens::show::progress("adding", 0..4).sum();
/// assert_eq!(sum, 6);
/// ```
pub fn progress<I: IntoIterator>(label: &str, items: I) -> Progress<I::IntoIter> {
    let items = items.into_iter();
    let (least, most) = items.size_hint();
    let total = most.filter(|&most| most == least);
    Progress { items, teller: Teller::new(label, total, Instant::now()) }
}

/// The iterator that [`progress`] returns.
///
/// Its `size_hint` is that of the items, which Stop may cut short.
pub struct Progress<I> {
    items: I,
    teller: Teller,
}

impl<I: Iterator> Iterator for Progress<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if !self.teller.goes_on(Instant::now()) {
            return None;
        }
        let item = self.items.next();
        match item {
            Some(_) => self.teller.count.done += 1,
            None => self.teller.end(State::Done, Instant::now()),
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<I: Iterator> FusedIterator for Progress<I> {}

impl<I> Drop for Progress<I> {
    fn drop(&mut self) {
        self.teller.end(State::Left, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_pass_unchanged() {
        assert_eq!(progress("nothing", Vec::<i64>::new()).count(), 0);
        assert_eq!(progress("some", vec![5, 6]).collect::<Vec<_>>(), [5, 6]);
        assert_eq!(progress("some", 0..7).size_hint(), (7, Some(7)));
        let unsure = progress("even", (0..7).filter(|i| i % 2 == 0));
        assert_eq!(unsure.teller.count.total, None, "at most 7 is not 7");
    }
}
