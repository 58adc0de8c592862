//! A Python process that does the same work, and what to print of both.

use std::io::{BufRead, BufReader, Error, Result, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A Python script that answers each line it is asked with one number.
pub struct Peer {
    process: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Peer {
    /// `benches/<script>` on the Python named in `CONVLENS_PEER_PYTHON` and as many threads as ours;
    /// none without that variable.
    pub fn start(script: &str) -> Result<Option<Peer>> {
        let Some(python) = std::env::var_os("CONVLENS_PEER_PYTHON") else { return Ok(None) };
        let mut command = Command::new(python);
        command.arg(format!("{}/benches/{script}", env!("CARGO_MANIFEST_DIR")));
        command.arg(tch::get_num_threads().to_string());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (ask, answer) = (process.stdin.take(), process.stdout.take());
        let pipes = ask.zip(answer).ok_or_else(|| Error::other("no pipes"))?;
        Ok(Some(Peer { process, ask: pipes.0, answer: BufReader::new(pipes.1) }))
    }

    /// What it answers: mostly the seconds that the work took.
    pub fn ask(&mut self, request: &str) -> Result<f64> {
        writeln!(self.ask, "{request}")?;
        let mut line = String::new();
        self.answer.read_line(&mut line)?;
        line.trim().parse().map_err(|_| Error::other(format!("the peer said {line:?}")))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}

/// The middle one of an odd number of values.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How many times as fast as the peer, pair by pair.
pub fn speed_up(ours: &[f64], theirs: &[f64]) -> f64 {
    median(ours.iter().zip(theirs).map(|(ours, theirs)| theirs / ours).collect())
}
