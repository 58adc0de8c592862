//! Runs a tool: its output goes to a log, its lines to a progress display.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::home::Home;

/// Runs the tool it is given, and waits on its standard input, a pipe of which only we hold the other end:
/// once that is closed, however we ended, it kills its process group, which is the tool and all it started.
const LEASH: &str = r#"
exec 3<&0 </dev/null
{ cat <&3; kill -s KILL 0; } >/dev/null 2>&1 &
"$@" 3<&-
code=$?
kill $!
exit $code
"#;

/// Words of pip, cargo, rustup, npm, curl and Python where nobody answers.
const NO_NETWORK: [&str; 16] = [
    "connection broken by",
    "failed to establish a new connection",
    "max retries exceeded",
    "name resolution",
    "resolve host",
    "connection attempts failed",
    "connect to server",
    "connect to proxy",
    "network is unreachable",
    "network failure",
    "connection refused",
    "error sending request",
    "enotfound",
    "eai_again",
    "econnrefused",
    "etimedout",
];
const DISK_FULL: [&str; 2] = ["no space left on device", "disk quota exceeded"];

/// Runs `command`; on failure the error says in one sentence why, and names the log.
pub fn run(home: &Home, what: &str, command: Command, each: impl FnMut(&str)) -> Result<()> {
    let logs = home.join("logs");
    fs::create_dir_all(&logs).with_context(|| format!("cannot create {}", logs.display()))?;
    let log = logs.join(format!("{}.log", what.replace(' ', "-")));
    match run_logged(what, command, &log, each)? {
        None => Ok(()),
        Some(line) => bail!(
            "{what} failed: {}; the log is {}; once that is put right, run the same command \
             again: it goes on where it stopped",
            reason(home, &log, &line),
            log.display()
        ),
    }
}

/// What the tool's many lines come to.
fn reason(home: &Home, log: &Path, line: &str) -> String {
    let said = fs::read(log).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if any(&DISK_FULL) {
        return format!("the disk that holds {} is full, so free some space", home.path.display());
    }
    if any(&NO_NETWORK) {
        return "cannot reach the package index or site that it downloads from (no network?)"
            .into();
    }
    line.strip_prefix("error: ").or(line.strip_prefix("ERROR: ")).unwrap_or(line).to_owned()
}

/// The most telling line if the tool failed.
fn run_logged(
    what: &str,
    command: Command,
    log: &Path,
    mut each: impl FnMut(&str),
) -> Result<Option<String>> {
    let cannot = || format!("cannot write {}", log.display());
    let mut file = File::create(log).with_context(cannot)?;
    let (reader, writer) = std::io::pipe()?;
    let mut child = on_a_leash(command, writer).with_context(|| format!("cannot start {what}"))?;
    let leash = child.stdin.take();
    let mut last = String::from("it said nothing");
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
        writeln!(file, "{line}").with_context(cannot)?;
        each(&line);
        if !line.trim().is_empty() && !last.to_lowercase().starts_with("error") {
            last = line;
        }
    }
    let status = child.wait()?;
    drop(leash);
    Ok((!status.success()).then_some(last))
}

/// Starts a tool that ends when we do; both its outputs go to `writer`.
fn on_a_leash(command: Command, writer: std::io::PipeWriter) -> std::io::Result<Child> {
    let mut shell = Command::new("sh");
    shell.args(["-c", LEASH, "sh"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell.process_group(0).stdin(Stdio::piped()).stdout(writer.try_clone()?).stderr(writer);
    shell.spawn()
}

/// The first line a tool prints, if it runs at all.
pub fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(script: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { path: folder.path().into(), clone: folder.path().into() };
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).env("WORD", "two words");
        run(&home, "a tool", shell, |_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_failure_is_one_sentence_that_names_the_log() {
        let said = failure("echo first; echo \"error: $WORD\" >&2; echo 'and more'; exit 3");
        assert!(said.starts_with("a tool failed: two words; the log is "), "{said}");
        assert!(said.contains("logs/a-tool.log; ") && !said.contains('\n'), "{said}");
        assert!(failure("exit 1").contains("it said nothing"));
    }

    #[test]
    fn what_the_tool_means_is_said_where_its_last_line_misleads() {
        let pip = "echo \"WARNING: Retrying after connection broken by 'NewConnectionError'\"; \
                   echo 'ERROR: Could not find a version that satisfies anyio'; exit 1";
        assert!(failure(pip).contains("cannot reach the package index"), "{}", failure(pip));
        let full = "echo 'OSError: [Errno 28] No space left on device'; exit 1";
        assert!(failure(full).contains("is full, so free some space"), "{}", failure(full));
    }

    #[test]
    fn a_tool_that_is_missing_or_reads_its_input_ends() {
        assert!(failure("cat; exit 5").contains("it said nothing"));
        assert!(failure("exec /no/such/tool").contains("/no/such/tool"));
    }
}
