//! Figures, panics and warnings of a cell: on this project's kernel, a stock one, and on none.

use super::kernel::{finish, in_notebook, messages, read, start};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::path::Path;

#[test]
fn figures_are_shown_one_by_one_and_live_ones_in_place() {
    let all = messages("figures");
    let sizes: Vec<_> = all.iter().map(|m| decoded_size(m).unwrap()).collect();
    assert_eq!(sizes[..2], [("image/png", [318, 212]), ("image/jpeg", [400, 300])]);
    assert!(all[0].get("id").is_none() && all[1].get("id").is_none());
    let live = &all[2..];
    assert!(live.iter().all(|m| m["id"] == live[0]["id"] && m["id"].is_string()), "one output");
    assert!((3..100).contains(&live.len()), "{} of 101 drawn", live.len());
}

/// The kind and the width and height of a message's picture, which its metadata repeat.
fn decoded_size(message: &Value) -> Option<(&str, [u64; 2])> {
    assert_eq!(message["type"], "display");
    let (mime, metadata) = message["metadata"].as_object()?.iter().next()?;
    let bytes = STANDARD.decode(message["data"][mime].as_str()?).unwrap();
    let picture = image::load_from_memory(&bytes).unwrap();
    let size = [picture.width().into(), picture.height().into()];
    assert_eq!(size, [metadata["width"].as_u64()?, metadata["height"].as_u64()?]);
    assert!(message["data"]["text/plain"].as_str()?.starts_with("image, "));
    Some((mime, size))
}

const MATMUL: &str = "libtorch: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)";
const ASSERT: &str = "assertion `left == right` failed: one is not two left: 1 right: 2";

#[test]
fn panics_are_one_message_each() {
    let all = messages("panics");
    assert!(all.len() == 3 && all.iter().all(|m| m["type"] == "panic"), "{all:?}");
    assert_eq!([&all[0]["text"], &all[1]["text"]], [MATMUL, ASSERT]);
    let unknown = all[2]["text"].as_str().unwrap();
    assert!(unknown.starts_with("panic without a message, at tests/show/cells.rs:"), "{unknown}");
}

#[test]
fn panics_are_one_line_of_standard_error_each_on_a_stock_kernel() {
    let cell = start("panics", &[("EVCXR_IS_RUNTIME", Path::new("1"))]);
    let [out, err] = finish(cell);
    assert!(!out.contains('\u{1e}') && err.lines().count() == 3, "{err}");
    assert!(err.starts_with(&format!("error: {MATMUL}\nerror: {ASSERT}\nerror: panic without")));
}

#[test]
fn panics_outside_a_notebook_are_left_alone() {
    let [out, err] = finish(start("panics", &[]));
    assert!(!out.contains("libtorch: ") && err.contains("Exception raised from"), "{err}");
}

#[test]
fn warnings_keep_their_place_among_the_lines_of_our_kernel() {
    let [out, err] = finish(in_notebook("warning", Path::new("/no/stop")));
    let expected = serde_json::json!({ "type": "stderr", "text": "two \"words\"" });
    assert_eq!(read(&out), [expected]);
    assert!(out.find('\u{1e}') < out.find("after") && err.is_empty(), "{out}{err}");
    let [out, err] = finish(start("warning", &[]));
    assert!(!out.contains('\u{1e}') && err == "two \"words\"\n", "{out}{err}");
}
