//! Runs a tool: its output goes to a log, its lines to a progress display.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::home::Home;

/// Runs `command`; on failure the error ends with the tool's last line and names the log.
pub fn run(home: &Home, what: &str, command: Command, each: impl FnMut(&str)) -> Result<()> {
    let log = home.join("logs").join(format!("{}.log", what.replace(' ', "-")));
    fs::create_dir_all(home.join("logs"))?;
    let last = run_logged(what, command, File::create(&log)?, each)?;
    match last {
        None => Ok(()),
        Some(line) => bail!(
            "{what} failed: {}\nThe full log is {}; once that is put right, run the same \
             command again: it goes on where it stopped.",
            line.strip_prefix("error: ").unwrap_or(&line),
            log.display()
        ),
    }
}

/// The most telling line if the tool failed.
fn run_logged(
    what: &str,
    mut command: Command,
    mut log: File,
    mut each: impl FnMut(&str),
) -> Result<Option<String>> {
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot start {what}"))?;
    drop(command); // our end of the pipe, or reading would never end
    let mut last = String::from("it said nothing");
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
        writeln!(log, "{line}")?;
        each(&line);
        if !line.trim().is_empty() && !last.to_lowercase().starts_with("error") {
            last = line;
        }
    }
    let status = child.wait()?;
    Ok((!status.success()).then_some(last))
}

/// The first line a tool prints, if it runs at all.
pub fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
}
