//! Loops tell how far they are, and end when the reader presses Stop.

use super::kernel::{finish, in_notebook, messages, read, start};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout};

/// The loop's messages in order, which are about one loop and only the last says that it ended.
fn of_loop<'a>(messages: &'a [Value], label: &str, end: &str) -> Vec<&'a Value> {
    let label = format!("{label}: ");
    let about = |m: &&Value| m["text"].as_str().unwrap().starts_with(&label);
    let found: Vec<&Value> = messages.iter().filter(about).collect();
    let (last, others) = found.split_last().unwrap();
    assert!(others.iter().all(|m| m["state"] == "running") && last["state"] == end, "{found:?}");
    assert!(found.iter().all(|m| m["type"] == "progress" && m["id"] == last["id"]));
    assert!(found.is_sorted_by_key(|m| m["done"].as_u64()));
    found
}

#[test]
fn loops_tell_how_far_they_are() {
    let all = messages("loops");
    assert!(!all.iter().any(|m| m["text"].as_str().unwrap().starts_with("quick")));

    let known = of_loop(&all, "known", "done");
    assert!(known[0]["text"].as_str().unwrap().ends_with(" s left"), "{}", known[0]);
    assert!(known[0]["done"].as_u64() < Some(8) && known[0]["total"] == 8, "{}", known[0]);
    assert!(known.last().unwrap()["text"].as_str().unwrap().starts_with("known: 8/8 (100%), "));

    let unknown = of_loop(&all, "unknown", "done").pop().unwrap();
    assert!(unknown["done"] == 7 && unknown["total"].is_null(), "{unknown}");
    let broken = of_loop(&all, "broken", "left").pop().unwrap();
    assert!(broken["text"].as_str().unwrap().starts_with("broken: left at 8/100, "), "{broken}");

    let outer = of_loop(&all, "outer", "done")[0]["id"].clone();
    let inner = |m: &&Value| m["text"].as_str().unwrap().starts_with("inner") && m["id"] != outer;
    let ends: Vec<&Value> = all.iter().filter(inner).filter(|m| m["done"] == 4).collect();
    assert!(ends.len() == 2 && ends[0]["id"] != ends[1]["id"], "{ends:?}");
    assert!(ends.iter().all(|m| m["state"] == "done"), "{ends:?}");
    assert!(ends.iter().all(|m| m["id"].as_str() > outer.as_str()), "outer loops sort first");
}

#[test]
fn loops_in_threads_have_a_bar_each() {
    let all = messages("threads");
    let [left, right] = ["left", "right"].map(|label| of_loop(&all, label, "done")[0]);
    assert_ne!(left["id"], right["id"]);
}

fn up_to_its_first_message(cell: &mut Child) -> (BufReader<ChildStdout>, String) {
    let (mut out, mut text) = (BufReader::new(cell.stdout.take().unwrap()), String::new());
    while !text.contains('\u{1e}') {
        assert!(out.read_line(&mut text).unwrap() > 0, "{text}");
    }
    (out, text)
}

#[test]
fn stop_ends_the_loop_and_the_code_after_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let stop = folder.path().join("stop");
    let mut cell = in_notebook("long_loop", &stop);
    let (mut out, mut text) = up_to_its_first_message(&mut cell);
    std::fs::write(&stop, "").unwrap();
    out.read_to_string(&mut text).unwrap();
    let [_, err] = finish(cell);

    let all = read(&text);
    let last = of_loop(&all, "long", "stopped").pop().unwrap();
    let taken = last["done"].as_u64().unwrap();
    assert!(
        last["text"].as_str().unwrap().starts_with(&format!("long: stopped at {taken}/1000, "))
    );
    assert_eq!(err, format!("taken {taken}\nlater 0\n"));
    assert!(taken < 1000);
    of_loop(&all, "later", "stopped");
}

#[test]
fn stop_keeps_the_climb_so_far() {
    let stop = tempfile::NamedTempFile::new().unwrap();
    let [out, err] = finish(in_notebook("climb", stop.path()));
    assert!(out.contains("scores [0.5]\n") && err.is_empty(), "{out}{err}");
    assert!(out.contains("climbing: stopped at 0/100, "));
}

#[test]
fn a_loop_ends_when_the_kernel_is_gone() {
    let mut cell = in_notebook("long_loop", Path::new("/no/stop"));
    drop(up_to_its_first_message(&mut cell));
    let err = String::from_utf8(cell.wait_with_output().unwrap().stderr).unwrap();
    let taken = err.split_whitespace().nth(1).unwrap();
    assert!(taken.parse::<u32>().unwrap() < 1000, "{err}");
}

#[test]
fn outside_a_notebook_and_on_a_stock_kernel_lines_are_plain_and_sparse() {
    let stock = ("EVCXR_IS_RUNTIME", Path::new("1"));
    let stop_alone = ("CONVLENS_STOP", Path::new("/no/stop"));
    for cell in [start("sparse", &[stock]), start("sparse", &[stop_alone])] {
        let [out, err] = finish(cell);
        let lines: Vec<&str> = out.lines().filter(|line| line.starts_with("slow")).collect();
        assert_eq!(lines.len(), 2, "one after 5 seconds, one at the end: {out}");
        assert!(
            lines[0].starts_with("slow: 1/3 (33%), ") && lines[0].ends_with(" s left"),
            "{out}"
        );
        assert!(lines[1].starts_with("slow: 3/3 (100%), "), "{out}");
        assert!(!out.contains('\u{1e}') && err.is_empty(), "{err}");
    }
}
