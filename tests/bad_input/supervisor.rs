//! Starts workers until every row has its outcome.

use crate::outcome::Outcome;
use crate::worker::{FIRST, REPORT};
use std::env::current_exe;
use std::fs::read_to_string;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What a row may take. A tensor of a gigabyte is within it, a size that nobody checks is not.
const MEMORY_KB: u64 = 8_000_000;
const TIME: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The outcome of each of `count` rows.
pub fn run(count: usize) -> Vec<Outcome> {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let mut outcomes = vec![];
    while outcomes.len() < count {
        std::fs::write(&report, "").unwrap();
        let end = watch(&mut start(&report, outcomes.len()), &report);
        let lines = read_to_string(&report).unwrap();
        let before = outcomes.len();
        outcomes.extend(lines.lines().filter(|l| l.starts_with('{')).map(Outcome::of_line));
        if outcomes.len() < count {
            let begun = lines.lines().filter(|l| l.starts_with("row ")).count();
            assert!(begun > outcomes.len() - before, "the worker ended before a row: {end:?}");
            outcomes.push(end.map_or(Outcome::Hung, |s| Outcome::Aborted(s.to_string())));
        }
    }
    outcomes
}

/// A worker with a limit on its memory: an allocation beyond it fails, and the process aborts.
fn start(report: &Path, first: usize) -> Child {
    let limited = format!("ulimit -v {MEMORY_KB}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limited]).arg(current_exe().unwrap());
    command.args(["--exact", "worker", "--ignored", "--nocapture", "--test-threads", "1"]);
    command.env(REPORT, report).env(FIRST, first.to_string()).env("OMP_NUM_THREADS", "1");
    // Its own cache, and nothing to fetch: no row reads or changes what is on this machine.
    command.env("CONVLENS_HOME", report.with_file_name("home"));
    command.env("CONVLENS_WEIGHTS_URL", "file:///nowhere");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// How the worker ended; none if it did not get on and was killed.
fn watch(worker: &mut Child, report: &Path) -> Option<ExitStatus> {
    let (mut length, mut since) = (0, Instant::now());
    loop {
        if let Some(status) = worker.try_wait().unwrap() {
            return Some(status);
        }
        let now = std::fs::metadata(report).unwrap().len();
        if now != length {
            (length, since) = (now, Instant::now());
        }
        if since.elapsed() > TIME {
            worker.kill().unwrap();
            worker.wait().unwrap();
            return None;
        }
        sleep(BETWEEN_LOOKS);
    }
}
