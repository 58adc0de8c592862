//! Runs cells, and reads what they say to the kernel.

use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Starts one of the functions of [`super::cells`].
pub fn start(cell: &str, variables: &[(&str, &Path)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--quiet", "--nocapture", "--ignored", "--exact", &format!("cells::{cell}")])
        .env_remove("EVCXR_IS_RUNTIME")
        .env_remove("CONVLENS_STOP")
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// A cell of this project's kernel, with the file that says Stop.
pub fn in_notebook(cell: &str, stop: &Path) -> Child {
    start(cell, &[("EVCXR_IS_RUNTIME", Path::new("1")), ("CONVLENS_STOP", stop)])
}

/// What a cell wrote on standard output and standard error.
pub fn finish(cell: Child) -> [String; 2] {
    let output = cell.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(output.status.success(), "{text:?}");
    text
}

/// The messages of a cell that wrote nothing on standard error.
pub fn messages(cell: &str) -> Vec<Value> {
    let [out, err] = finish(in_notebook(cell, Path::new("/no/stop")));
    assert_eq!(err, "");
    read(&out)
}

pub fn read(out: &str) -> Vec<Value> {
    let lines = out.lines().filter_map(|line| line.strip_prefix("\u{1e}ConvLens "));
    let messages: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(messages.len(), out.matches('\u{1e}').count(), "each begins a line");
    let (messages, ends): (Vec<_>, Vec<_>) = messages.into_iter().partition(|m| m["type"] != "end");
    assert_eq!(messages.len(), ends.len(), "each is followed by one that may come too late");
    messages
}
