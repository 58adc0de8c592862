//! The notebook runner in the real kernel: what fails in a cell fails the course.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FIRST: &str = "use convlens::prelude::*;";

fn home() -> PathBuf {
    let given = std::env::var_os("CONVLENS_HOME").map(PathBuf::from);
    given.or_else(|| Some(dirs::cache_dir()?.join("convlens"))).expect("set CONVLENS_HOME")
}

fn kernel_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kernel")
}

fn python() -> Command {
    let home = home();
    let python = home.join("venv/bin/python");
    assert!(python.is_file(), "no {}; run `cargo xtask setup` first", python.display());
    let mut command = Command::new(python);
    command.env("CONVLENS_CRATE", Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a clone"));
    for folder in ["config", "data", "runtime"] {
        let name = format!("JUPYTER_{}_DIR", folder.to_uppercase());
        command.env(name, home.join("jupyter").join(folder));
    }
    command.env("IPYTHONDIR", home.join("jupyter/ipython"));
    command.env("JUPYTER_PREFER_ENV_PATH", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// A notebook of code cells, one string each.
fn notebook(folder: &Path, name: &str, cells: &[&str]) -> PathBuf {
    let cells: Vec<_> = cells
        .iter()
        .enumerate()
        .map(|(i, source)| {
            serde_json::json!({"cell_type": "code", "id": format!("c{i}"), "metadata": {},
                               "execution_count": null, "outputs": [], "source": source})
        })
        .collect();
    let notebook =
        serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5});
    let path = folder.join(name);
    std::fs::write(&path, notebook.to_string()).expect("a notebook");
    path
}

fn run(notebook: &Path, options: &[&str]) -> Output {
    let out = notebook.parent().expect("a folder").join("out");
    std::fs::create_dir_all(&out).expect("a folder");
    let runner = kernel_folder().join("run_notebook.py");
    python().arg(runner).arg(notebook).arg(out).args(options).output().expect("a run")
}

#[track_caller]
fn assert_fails(cell: &str, why: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let output =
        run(&notebook(folder.path(), "99_bad.ipynb", &[FIRST, "let a = 1;", cell, "a"]), &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "the runner let `{cell}` pass");
    assert!(said.contains("99_bad.ipynb") && said.contains("code cell 3"), "{said}");
    assert!(said.contains(&format!("`{cell}`")) && said.contains(why), "{said}");
    assert!(folder.path().join("out/99_bad.ipynb").is_file());
    assert!(!folder.path().join("out/99_bad.html").exists());
}

#[test]
fn a_compile_error_fails_the_notebook() {
    assert_fails("let x: i64 = \"a\";", "mismatched types");
}

#[test]
fn a_panic_fails_the_notebook() {
    assert_fails("panic!(\"boom\");", "boom");
}

#[test]
fn a_failing_question_mark_fails_the_notebook() {
    assert_fails("Err::<(), _>(std::io::Error::other(\"bad\"))?;", "bad");
}

#[test]
fn a_line_on_stderr_fails_the_notebook() {
    assert_fails("eprintln!(\"a stray line\");", "a stray line");
}

#[test]
fn a_kernel_that_dies_fails_the_notebook() {
    assert_fails("std::process::exit(3);", "exit");
}

#[test]
fn a_good_notebook_keeps_its_outputs_and_becomes_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let cells = [FIRST, "for i in 0..3 { println!(\"line {i}\"); }", "40 + 2"];
    let path = notebook(folder.path(), "98_good.ipynb", &cells);
    let output = run(&path, &["--update"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let committed: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).expect("a notebook")).expect("JSON");
    assert_eq!(committed["cells"][1]["outputs"].as_array().map(Vec::len), Some(1));
    let lines = serde_json::json!(["line 0\n", "line 1\n", "line 2\n"]);
    assert_eq!(committed["cells"][1]["outputs"][0]["text"], lines);
    assert_eq!(
        committed["cells"][2]["outputs"][0]["data"]["text/plain"],
        serde_json::json!(["42"])
    );
    let page = std::fs::read_to_string(folder.path().join("out/98_good.html")).expect("a page");
    assert!(page.contains("line 2") && !page.contains("src=\"http"));
}

#[test]
fn the_kernels_python_passes_its_tests() {
    let tests = kernel_folder().join("tests");
    let output = python()
        .args(["-m", "unittest", "discover", "--start-directory"])
        .arg(tests)
        .output()
        .expect("a run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
