//! A picture that changes while a loop runs.

use super::figure::Figure;
use super::place::{Place, place};
use super::relay;
use crate::Result;
use std::time::{Duration, Instant};

/// A picture that changes in place while a loop runs.
///
/// Only this project's notebook kernel can do that. On a stock kernel the last [`Live::show`] of
/// the cell stays; outside a notebook `show` prints the figure's alt text; in both, [`Live::draw`]
/// does nothing.
///
/// ```
/// use convlens::show::{self, Live};
/// use tch::{Device, Kind, Tensor};
/// let mut live = Live::new();
/// let mut x = Tensor::zeros([1, 3, 8, 8], (Kind::Float, Device::Cpu));
/// for _ in show::progress("brighter", 0..10) {
///     x = x + 0.1;
///     live.draw(|| show::image(&x))?;
/// }
/// live.show(&show::image(&x)?);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug)]
pub struct Live {
    id: String,
    next: Instant,
}

impl Live {
    /// A place for pictures; it appears with the first one.
    pub fn new() -> Self {
        Live { id: relay::unique_id(), next: Instant::now() }
    }

    /// Draws and shows a figure if one is due: four a second, in at most a fifth of the time.
    ///
    /// # Errors
    ///
    /// Those of `figure`, which is called only when it is due.
    pub fn draw(&mut self, figure: impl FnOnce() -> Result<Figure>) -> Result<()> {
        let started = Instant::now();
        if started < self.next || !matches!(place(), Place::Relay { .. }) {
            return Ok(());
        }
        self.show(&figure()?);
        let ended = Instant::now();
        self.next = ended + pause(ended - started);
        Ok(())
    }

    /// Shows a figure now, in the place of the one before.
    pub fn show(&mut self, figure: &Figure) {
        figure.show_as(Some(&self.id));
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

/// How long to wait after a drawing that took so long.
fn pause(cost: Duration) -> Duration {
    (4 * cost).max(Duration::from_millis(250))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawing_takes_at_most_a_fifth_of_the_time() {
        let pauses = [0, 10, 62, 63, 500].map(|ms| pause(Duration::from_millis(ms)).as_millis());
        assert_eq!(pauses, [250, 250, 250, 252, 2000]);
    }
}
