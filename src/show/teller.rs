//! Says where the program runs how far a loop is, and whether it has to end.

use super::count::{Count, State};
use super::pace::Pace;
use super::place::{Place, place};
use super::relay::{self, Stop};
use super::terminal::Bar;
use crate::clean;
use serde_json::json;
use std::io::{self, Write, stdout};
use std::time::Instant;

/// Tells about one loop. Every call takes the time, so that tests need not wait.
pub(super) struct Teller {
    pub(super) count: Count,
    voice: Voice,
    pace: Pace,
    ended: bool,
}

impl Teller {
    pub(super) fn new(label: &str, total: Option<usize>, now: Instant) -> Self {
        let count = Count { label: clean::line(label), total, done: 0, started: now };
        let voice = Voice::new(place(), total, now);
        Teller { pace: voice.pace(now), count, voice, ended: false }
    }

    /// Called between items, when all that were handed out are done; false ends the loop.
    pub(super) fn goes_on(&mut self, now: Instant) -> bool {
        if self.voice.stopped(now) {
            self.end(State::Stopped, now);
        }
        let due = !self.ended && self.pace.due(now);
        if due && !self.count.complete() {
            // What cannot be written has no reader: the kernel is gone.
            self.ended = self.voice.tell(&self.count, State::Running, now).is_err();
        }
        !self.ended
    }

    pub(super) fn end(&mut self, state: State, now: Instant) {
        let tells = self.pace.spoken || state == State::Stopped;
        if !self.ended && tells {
            let _ = self.voice.tell(&self.count, state, now);
        }
        self.ended = true;
    }
}

enum Voice {
    Relay { id: String, stop: Stop },
    Terminal(Bar),
    Lines,
}

impl Voice {
    fn new(place: Place, total: Option<usize>, now: Instant) -> Self {
        match place {
            Place::Relay { stop } => {
                Voice::Relay { id: relay::unique_id(), stop: Stop::new(stop, now) }
            }
            Place::Terminal => Voice::Terminal(Bar::new(total)),
            Place::Evcxr | Place::Plain => Voice::Lines,
        }
    }

    fn pace(&self, now: Instant) -> Pace {
        match self {
            Voice::Relay { .. } | Voice::Terminal(_) => Pace::moving(now),
            Voice::Lines => Pace::lines(now),
        }
    }

    fn stopped(&mut self, now: Instant) -> bool {
        match self {
            Voice::Relay { stop, .. } => stop.pressed(now),
            Voice::Terminal(_) | Voice::Lines => false,
        }
    }

    fn tell(&self, count: &Count, state: State, now: Instant) -> io::Result<()> {
        let text = count.text(state, now);
        match self {
            Voice::Relay { id, .. } => {
                return relay::send(&json!({
                    "type": "progress", "id": id, "text": text,
                    "done": count.done, "total": count.total, "state": state.name(),
                }));
            }
            Voice::Terminal(bar) => bar.draw(count.done, text, state),
            Voice::Lines => drop(writeln!(stdout(), "{text}")), // works on without a reader, too
        }
        Ok(())
    }
}
