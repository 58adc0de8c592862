//! When a loop says how far it is.

use std::time::{Duration, Instant};

/// When the next word is due.
pub(super) struct Pace {
    next: Instant,
    between: Duration,
    pub(super) spoken: bool,
}

impl Pace {
    /// For what replaces itself: short loops say nothing, others ten times a second.
    pub(super) fn moving(now: Instant) -> Self {
        let between = Duration::from_millis(100);
        Pace { next: now + Duration::from_millis(300), between, spoken: false }
    }

    /// For lines that stay: one every 5 seconds.
    pub(super) fn lines(now: Instant) -> Self {
        let between = Duration::from_secs(5);
        Pace { next: now + between, between, spoken: false }
    }

    pub(super) fn due(&mut self, now: Instant) -> bool {
        let due = now >= self.next;
        if due {
            (self.next, self.spoken) = (now + self.between, true);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At which of these tenths of a second something is due.
    fn due(pace: fn(Instant) -> Pace, tenths: &[u64]) -> Vec<u64> {
        let start = Instant::now();
        let mut pace = pace(start);
        let mut due = |t: &u64| pace.due(start + Duration::from_millis(100 * t));
        tenths.iter().copied().filter(|t| due(t)).collect()
    }

    #[test]
    fn lines_come_every_five_seconds() {
        assert_eq!(due(Pace::lines, &[0, 10, 49, 50, 51, 99, 120, 169, 170]), [50, 120, 170]);
    }

    #[test]
    fn moving_bars_start_after_three_tenths_and_move_ten_times_a_second() {
        assert_eq!(due(Pace::moving, &[0, 2, 3, 3, 4, 4, 9, 9, 10]), [3, 4, 9, 10]);
    }

    #[test]
    fn short_loops_have_not_spoken() {
        let start = Instant::now();
        let mut pace = Pace::lines(start);
        assert!(!pace.due(start + Duration::from_millis(4999)) && !pace.spoken);
        assert!(pace.due(start + Duration::from_millis(5000)) && pace.spoken);
    }
}
