//! `cargo xtask test`: every test, with everything they need, and the failed ones in one last list.

mod processors;
mod report;

use std::io::{IsTerminal, Read, Write};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::home::Home;
use crate::setup;
use report::{Reader, Report};

/// Runs `cargo test --workspace` and whatever else was given, all of it whatever fails.
pub fn run(home: &Home, options: &[String]) -> Result<()> {
    if let Some(at) = options.iter().position(|option| option == "--processors") {
        return processors::run(home, &[&options[..at], &options[at + 1..]].concat());
    }
    let mut cargo = setup::ready(home, "cargo")?;
    cargo.args(["test", "--workspace"]).args(through(options)).current_dir(&home.clone);
    let (report, success) = watch(cargo, std::io::stdout())?;
    if !success {
        print!("{report}");
    }
    ensure!(success, "{}", report.verdict());
    Ok(())
}

/// The options, with the one that makes cargo go on after a failure.
fn through(options: &[String]) -> Vec<String> {
    let mut all = options.to_vec();
    if !options.iter().any(|option| option == "--no-fail-fast" || option == "--no-run") {
        all.insert(0, "--no-fail-fast".into());
    }
    all
}

/// Runs cargo, passes on what it and the tests print as it comes, and reads from it what failed.
fn watch(mut cargo: Command, screen: impl Write + Send + 'static) -> Result<(Report, bool)> {
    if std::io::stdout().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    let (mut output, writer) = std::io::pipe()?;
    cargo.stdout(writer.try_clone()?).stderr(writer);
    let mut child = cargo.spawn().context("cannot start cargo")?;
    drop(cargo); // our end of the pipe, or reading would never end
    let reader = Arc::new(Mutex::new(Reader::default()));
    let shared = Arc::clone(&reader);
    let reading = thread::spawn(move || pass_on(&mut output, screen, &shared));
    let success = child.wait()?.success();
    let until = Instant::now() + LAST_WORDS;
    while !reading.is_finished() && Instant::now() < until {
        thread::sleep(Duration::from_millis(20));
    }
    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((std::mem::take(&mut *reader).report(), success))
}

/// So long we go on reading once cargo has ended: a test may leave a process that holds the pipe open.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Copies bytes to the screen, and whole lines to the reader.
fn pass_on(
    output: &mut impl Read,
    mut screen: impl Write,
    reader: &Mutex<Reader>,
) -> std::io::Result<()> {
    let (mut bytes, mut line) = ([0; 8192], vec![]);
    loop {
        let count = output.read(&mut bytes)?;
        if count == 0 {
            return Ok(());
        }
        screen.write_all(&bytes[..count])?;
        screen.flush()?;
        for &byte in &bytes[..count] {
            if byte != b'\n' {
                line.push(byte);
                continue;
            }
            let text = String::from_utf8_lossy(&line).into_owned();
            reader.lock().unwrap_or_else(PoisonError::into_inner).line(&text);
            line.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn cargo_goes_on_after_a_failure() {
        let given = |text| through(&options(text)).join(" ");
        assert_eq!(given("--test hand -- exact"), "--no-fail-fast --test hand -- exact");
        assert_eq!(given("--no-fail-fast --lib"), "--no-fail-fast --lib");
        assert_eq!(given("--no-run"), "--no-run");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_printed_is_read_and_a_process_left_behind_is_not_waited_for() {
        let mut shell = Command::new("sh");
        let script = "echo '     Running tests/a.rs (target/debug/deps/a-0)'; sleep 60 & \
                      printf 'failures:\\n    one\\n\\n' >&2; exit 1";
        shell.args(["-c", script]);
        let began = Instant::now();
        let (report, success) = watch(shell, std::io::sink()).expect("a shell");
        assert!(!success && began.elapsed() < Duration::from_secs(30));
        assert_eq!(report.to_string(), "\nfailed:\n  a (tests/a.rs): one\n");
    }
}
