//! How far a loop is, in words.

use super::number::fixed;
use std::time::Instant;

/// Whether a loop goes on, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Running,
    /// The items came to an end.
    Done,
    /// The reader pressed Stop.
    Stopped,
    /// `break`, `?` or a panic.
    Left,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Done => "done",
            State::Stopped => "stopped",
            State::Left => "left",
        }
    }
}

pub(super) struct Count {
    pub(super) label: String,
    /// How many items there will be, if the loop knows.
    pub(super) total: Option<usize>,
    pub(super) done: usize,
    pub(super) started: Instant,
}

impl Count {
    /// The next that is heard of this loop is its end.
    pub(super) fn complete(&self) -> bool {
        self.total == Some(self.done)
    }

    pub(super) fn text(&self, state: State, now: Instant) -> String {
        let spent = (now - self.started).as_secs_f64();
        let (label, so_far) = (&self.label, self.so_far());
        match state {
            State::Running => {
                let (rate, left) = (self.rate(spent), self.left(spent));
                format!("{label}: {so_far}{}, {}{rate}{left}", self.percent(), duration(spent))
            }
            State::Done => {
                let (percent, rate) = (self.percent(), self.rate(spent));
                format!("{label}: {so_far}{percent}, {}{rate}", duration(spent))
            }
            State::Stopped => {
                let spent = duration(spent);
                format!("{label}: stopped at {so_far}, {spent}; all that was computed is kept")
            }
            State::Left => format!("{label}: left at {so_far}, {}", duration(spent)),
        }
    }

    fn so_far(&self) -> String {
        match self.total {
            Some(total) => format!("{}/{total}", self.done),
            None => self.done.to_string(),
        }
    }

    fn percent(&self) -> String {
        let percent = |total: usize| format!(" ({}%)", 100 * self.done / total.max(1));
        self.total.map(percent).unwrap_or_default()
    }

    fn rate(&self, spent: f64) -> String {
        let rate = self.done as f64 / spent;
        match rate {
            _ if self.done == 0 || spent == 0.0 => String::new(),
            100.0.. => format!(", {rate:.0}/s"),
            1.0.. => format!(", {}/s", fixed(rate, 1)),
            _ => format!(", {} s each", fixed(1.0 / rate, 1)),
        }
    }

    fn left(&self, spent: f64) -> String {
        match self.total {
            Some(total) if self.done > 0 => {
                let items = total.saturating_sub(self.done) as f64;
                format!(", about {} left", duration(spent / self.done as f64 * items))
            }
            _ => String::new(),
        }
    }
}

/// `18 s`, `5 min`, `2.5 h`: with as many digits as anybody wants to know.
fn duration(seconds: f64) -> String {
    match seconds {
        ..119.5 => format!("{seconds:.0} s"),
        ..7170.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(done: usize, total: Option<usize>, state: State, seconds: u64) -> String {
        let started = Instant::now();
        let count = Count { label: "covering".into(), total, done, started };
        count.text(state, started + std::time::Duration::from_secs(seconds))
    }

    #[test]
    fn loops_of_known_length() {
        let text = |done, seconds, state| text(done, Some(40), state, seconds);
        // 10 of 40 in 6 s: 0.6 s each, 18 s for the other 30.
        let running = text(10, 6, State::Running);
        assert_eq!(running, "covering: 10/40 (25%), 6 s, 1.7/s, about 18 s left");
        assert_eq!(text(0, 6, State::Running), "covering: 0/40 (0%), 6 s");
        assert_eq!(text(40, 68, State::Done), "covering: 40/40 (100%), 68 s, 1.7 s each");
        let stopped = text(7, 3, State::Stopped);
        assert_eq!(stopped, "covering: stopped at 7/40, 3 s; all that was computed is kept");
        assert_eq!(text(7, 3, State::Left), "covering: left at 7/40, 3 s");
    }

    #[test]
    fn times_are_short() {
        let seconds = [0.4, 119.4, 119.6, 299.0, 7000.0, 9000.0];
        assert_eq!(seconds.map(duration), ["0 s", "119 s", "2 min", "5 min", "117 min", "2.5 h"]);
    }

    #[test]
    fn loops_of_unknown_length() {
        let text = |done, state| text(done, None, state, 7);
        assert_eq!(text(3, State::Running), "covering: 3, 7 s, 2.3 s each");
        assert_eq!(text(1750, State::Done), "covering: 1750, 7 s, 250/s");
        let stopped = text(3, State::Stopped);
        assert_eq!(stopped, "covering: stopped at 3, 7 s; all that was computed is kept");
    }
}
