//! One line a step, with its time; bars and spinners in a terminal.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};

const WIDTH: usize = 22;

/// Shows how far a step is; silent where there is no terminal.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    fn new(name: &str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden() };
        }
        let bar = ProgressBar::new_spinner().with_prefix(format!("{name:WIDTH$}"));
        bar.set_style(style("{spinner} {prefix} {elapsed} {msg}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// What is going on now.
    pub fn message(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
    }

    /// How much of a download has come.
    pub fn bytes(&self, done: u64, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
            self.bar.set_style(style(
                "{spinner} {prefix} [{bar:24}] {bytes}/{total_bytes} {bytes_per_sec} {msg}",
            ));
        }
        self.bar.set_position(done);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// Does `work` unless it is `done`, and says so in one line.
pub fn step(name: &str, done: bool, work: impl FnOnce(&Progress) -> Result<()>) -> Result<()> {
    if done {
        println!("{name:WIDTH$} ready");
        return Ok(());
    }
    let began = Instant::now();
    let progress = Progress::new(name);
    let result = work(&progress);
    progress.bar.finish_and_clear();
    result.with_context(|| name.to_owned())?;
    println!("{name:WIDTH$} done in {}", duration(began.elapsed()));
    Ok(())
}

/// Says in one line how it is with a part that set-up can do without.
pub fn note(name: &str, text: &str) {
    println!("{name:WIDTH$} {text}");
}

/// `8.3 s`, `2 min 5 s`.
pub fn duration(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(8340)), "8.3 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 5 s");
    }

    #[test]
    fn a_failing_step_is_named() {
        let error = step("libtorch", false, |_| anyhow::bail!("no network")).unwrap_err();
        assert_eq!(format!("{error:#}"), "libtorch: no network");
    }
}
