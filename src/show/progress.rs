//! Progress of long loops.

use super::place::{Place, place};
use indicatif::{ProgressBar, ProgressStyle};
use std::time::{Duration, Instant};

const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// Passes the items of a loop on and shows how far it is.
///
/// In a terminal one moving bar; elsewhere nothing for 5 seconds, then a plain line every 5
/// seconds and one at the end.
///
/// ```
/// let sum: i32 = convlens::show::progress("adding", 0..4).sum();
/// assert_eq!(sum, 6);
/// ```
pub fn progress<I: IntoIterator>(label: &str, items: I) -> Progress<I::IntoIter> {
    let items = items.into_iter();
    let total = items.size_hint().1;
    let bar = (place() == Place::Terminal).then(|| bar(label, total));
    Progress { items, bar, lines: Lines::new(label, total, Instant::now()) }
}

/// The iterator that [`progress`] returns.
pub struct Progress<I> {
    items: I,
    bar: Option<ProgressBar>,
    lines: Lines,
}

impl<I: Iterator> Iterator for Progress<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.tell();
        let item = self.items.next();
        match item {
            Some(_) => self.lines.done += 1,
            None => self.finish(),
        }
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<I> Progress<I> {
    /// Called between items, when all that were handed out are done.
    fn tell(&mut self) {
        match &self.bar {
            Some(bar) => bar.set_position(self.lines.done as u64),
            None => print_line(self.lines.due(Instant::now())),
        }
    }

    fn finish(&mut self) {
        match &self.bar {
            Some(bar) => bar.finish(),
            None => print_line(self.lines.last(Instant::now())),
        }
    }
}

impl<I> Drop for Progress<I> {
    fn drop(&mut self) {
        match &self.bar {
            Some(bar) if !bar.is_finished() => bar.abandon(),
            Some(_) => (),
            None => print_line(self.lines.last(Instant::now())),
        }
    }
}

fn print_line(line: Option<String>) {
    if let Some(line) = line {
        println!("{line}");
    }
}

fn bar(label: &str, total: Option<usize>) -> ProgressBar {
    let bar = match total {
        Some(total) => ProgressBar::new(total as u64),
        None => ProgressBar::new_spinner(),
    };
    let style = "{msg}  {wide_bar} {pos}/{len}  {elapsed} gone, {eta} left";
    if let (Some(_), Ok(style)) = (total, ProgressStyle::with_template(style)) {
        bar.set_style(style);
    }
    bar.with_message(label.to_string())
}

/// Which plain lines are due, and when.
struct Lines {
    label: String,
    total: Option<usize>,
    done: usize,
    started: Instant,
    /// When the last line was printed, at first when the loop started.
    told: Instant,
    printed: bool,
    ended: bool,
}

impl Lines {
    fn new(label: &str, total: Option<usize>, now: Instant) -> Self {
        let label = label.to_string();
        Self { label, total, done: 0, started: now, told: now, printed: false, ended: false }
    }

    fn due(&mut self, now: Instant) -> Option<String> {
        if now - self.told < BETWEEN_LINES {
            return None;
        }
        (self.told, self.printed) = (now, true);
        let spent = (now - self.started).as_secs_f64();
        let left = match self.total {
            Some(total) if self.done > 0 => {
                let left = spent / self.done as f64 * total.saturating_sub(self.done) as f64;
                format!(", about {left:.0} s left")
            }
            _ => String::new(),
        };
        Some(format!("{}{left}", self.state(spent)))
    }

    fn last(&mut self, now: Instant) -> Option<String> {
        let silent = self.ended || !self.printed;
        self.ended = true;
        (!silent).then(|| self.state((now - self.started).as_secs_f64()))
    }

    fn state(&self, spent: f64) -> String {
        let Lines { label, done, .. } = self;
        match self.total {
            Some(total) => {
                let percent = 100 * done / total.max(1);
                format!("{label}: {done}/{total} ({percent}%), {spent:.0} s")
            }
            None => format!("{label}: {done}, {spent:.0} s"),
        }
    }
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
