//! Moving bars in a terminal, one line for each loop.

use super::count::State;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

// Bars share the screen, so they have to know of each other. The crate's only statics with a value:
// a program in a terminal has one copy of the crate, unlike a notebook, where each cell has its own.
static BARS: LazyLock<MultiProgress> =
    LazyLock::new(|| MultiProgress::with_draw_target(ProgressDrawTarget::stdout()));
static OPEN: AtomicUsize = AtomicUsize::new(0);

pub(super) struct Bar {
    bar: ProgressBar,
    /// Another loop was running when this one began.
    inner: bool,
}

impl Bar {
    /// Takes the next line of the screen, which stays empty until [`Bar::draw`].
    pub(super) fn new(total: Option<usize>) -> Self {
        let inner = OPEN.fetch_add(1, Ordering::Relaxed) > 0;
        let length = total.map(|n| n as u64);
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
        let style = if total.is_some() { "{bar:24} {msg}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Bar { bar: BARS.add(bar), inner }
    }

    pub(super) fn draw(&self, done: usize, text: String, state: State) {
        self.bar.set_position(done as u64);
        match state {
            State::Running => self.bar.set_message(text),
            _ if self.inner => self.bar.finish_and_clear(),
            _ => self.bar.abandon_with_message(text),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
        // A finished bar keeps its last line; one that never drew gives its empty line back.
        if !self.bar.is_finished() {
            BARS.remove(&self.bar);
        }
    }
}
